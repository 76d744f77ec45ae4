"""Who somebody is and what they may do: accounts, sessions, and the one place where rights are checked.

Not here: what a role document allows (`governance`), and how pages sign in (`web`).
"""

from app.runtime.people.people import People, account_named, accounts
from app.runtime.people.rights import (
    OPERATORS_GROUP,
    may_see_instance,
    may_see_task,
    may_work_on,
    offered_names,
    permissions_of,
    require,
    require_change,
    task_names,
    why_not_decide,
)
from app.runtime.people.sessions import SessionKind, Sessions

__all__ = [
    "OPERATORS_GROUP",
    "People",
    "SessionKind",
    "Sessions",
    "account_named",
    "accounts",
    "may_see_instance",
    "may_see_task",
    "may_work_on",
    "offered_names",
    "permissions_of",
    "require",
    "require_change",
    "task_names",
    "why_not_decide",
]
