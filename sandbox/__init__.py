"""The demonstration company: CRM, billing, help desk and outgoing mail, in one small program with its own database.

It stands for other people's software: it knows nothing of Bailiwick, and is reached over HTTP only. It can be told to
misbehave (`/faults`), and it remembers every effect (`/effects`), so that tests can count them.
"""

from sandbox.company import create_company
from sandbox.faults import FaultKind
from sandbox.serving import running_company

__all__ = ["FaultKind", "create_company", "running_company"]
