"""May this action go? The mandate asked, gates and approvals, switches, circuits, evidence, undo, escalation.

Not here: how a job is claimed and ends (`jobs`), and how a person reaches a gate's task (`tasks`).
"""

from app.runtime.governance import approving, circuits, escalating, governing, held_jobs
from app.runtime.governance.attempt import Attempt, mandate_of
from app.runtime.governance.circuits import Circuits
from app.runtime.governance.due import DUE, place_of_task
from app.runtime.governance.evidence import Evidence
from app.runtime.governance.switches import Switches
from app.runtime.governance.undoing import Undoing

__all__ = [
    "DUE",
    "Attempt",
    "Circuits",
    "Evidence",
    "Switches",
    "Undoing",
    "approving",
    "circuits",
    "escalating",
    "governing",
    "held_jobs",
    "mandate_of",
    "place_of_task",
]
