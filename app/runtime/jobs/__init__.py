"""One job from claim to end: leased, begun (it is decided here whether it may run), finished or failed.

Not here: the handler itself, which a worker calls between the two, and what the mandate says (`governance`).
"""

from app.runtime.jobs.due import DUE
from app.runtime.jobs.jobs import Jobs
from app.runtime.jobs.restoring import Restoring
from app.runtime.jobs.work import Done, Work

__all__ = [
    "DUE",
    "Done",
    "Jobs",
    "Restoring",
    "Work",
]
