"""The inbox and what people do in it: lists, one task with its context, claims, completions, votes, overdue tasks.

Not here: who may decide a gate (`governance`), and tasks as rows, which an advance writes (`instances.task_rows`).
"""

from app.runtime.tasks.due import DUE
from app.runtime.tasks.inbox import Inbox, InboxList

__all__ = [
    "DUE",
    "Inbox",
    "InboxList",
]
