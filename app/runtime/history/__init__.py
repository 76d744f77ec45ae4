"""What has happened: timelines and their event logs, the audit log, figures.

History is written by whoever makes it (`instances`, `transaction`). Here it is read; only a purge removes timelines.
"""

from app.runtime.history.anchors import Anchors
from app.runtime.history.audit import Audit
from app.runtime.history.deeds import woven
from app.runtime.history.due import DUE
from app.runtime.history.figures import Figures
from app.runtime.history.history import History

__all__ = [
    "DUE",
    "Anchors",
    "Audit",
    "Figures",
    "History",
    "woven",
]
