"""What proves afterwards what happened: the audit log with its hash chain, and the evidence of a case.

Not here: changing anything. These pages read and download.
"""

from app.web.audit.log import audit
from app.web.audit.packs import evidence

__all__ = ["audit", "evidence"]
