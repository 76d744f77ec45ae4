"""The inbox and what people do in it: lists, one task with its context, claims, completions, votes, overdue tasks.

Not here: who may decide a gate (`governance`), and tasks as rows, which an advance writes (`instances.task_rows`).
"""

from app.runtime.tasks.drafts import TaskDrafts
from app.runtime.tasks.due import DUE
from app.runtime.tasks.inbox import Inbox
from app.runtime.tasks.lists import MOST_COUNTED, InboxList, cursor_behind

__all__ = [
    "DUE",
    "MOST_COUNTED",
    "Inbox",
    "InboxList",
    "TaskDrafts",
    "cursor_behind",
]
