"""The lists of the inbox as queries that read what they show and little more, however many tasks there are.

What is offered to a person is asked name by name (theirs, their groups', anybody's), each in the order of the inbox by
an index, and no further than a page; then the names are merged. Counts stop at `MOST_COUNTED`. See docs/adr/0080.
"""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, defer

from app.errors import Invalid
from app.runtime.people import require, task_names
from app.runtime.tasks import search as searching
from app.runtime.views import Actor, InboxItem, Permission, TaskState
from app.store.tables import TaskCandidateRow, TaskRow

MOST_COUNTED = 100  # a list of more is "99+"


class InboxList(StrEnum):
    MINE = "mine"  # assigned to me
    AVAILABLE = "available"  # offered to me or to one of my groups, and nobody has it
    ALL = "all"  # every open task (right: tasks.see_all)


def of_page(actor: Actor, view: InboxList, after: str | None, limit: int, search: str) -> Select[TaskRow]:
    """Open tasks behind the cursor `after`: highest priority first, then the earliest created; `limit` at most."""
    require(actor, Permission.TASKS_SEE_ALL if view is InboxList.ALL else Permission.TASKS_WORK)
    rows = select(TaskRow).options(defer(TaskRow.variables)).order_by(TaskRow.priority.desc(), TaskRow.id).limit(limit)
    match view:
        case InboxList.AVAILABLE:
            return rows.where(TaskRow.id.in_(_offered(actor, after, limit, searching.conditions(search))))
        case InboxList.MINE:
            rows = rows.where(TaskRow.assignee == actor.name)
        case InboxList.ALL:
            pass
    rows = rows.where(TaskRow.state == TaskState.OPEN, *searching.conditions(search))
    return rows.where(*_behind(after, TaskRow.priority, TaskRow.id))


def count(actor: Actor, view: InboxList) -> Select[int]:
    """How many tasks a list holds, but no more than `MOST_COUNTED`."""
    if view is InboxList.AVAILABLE:
        found = _offered(actor, None, MOST_COUNTED, ())
    else:
        found = select(TaskRow.id).where(TaskRow.state == TaskState.OPEN).limit(MOST_COUNTED)
        if view is InboxList.MINE:
            found = found.where(TaskRow.assignee == actor.name)
    return select(func.count()).select_from(found.subquery())


def cursor_behind(item: InboxItem) -> str:
    """The cursor of what comes behind this task in a list."""
    return f"{item.priority}:{item.id}"


def _offered(actor: Actor, after: str | None, limit: int, conditions: Sequence[ColumnElement[bool]]) -> Select[str]:
    """The ids of tasks that nobody has and that are offered under one of the actor's names."""
    offer = TaskCandidateRow
    parts = []
    for name in task_names(actor):
        part = select(offer.task_id, offer.priority).where(offer.name == name)
        if conditions:
            part = part.join(TaskRow, TaskRow.id == offer.task_id).where(*conditions)
        part = part.where(*_behind(after, offer.priority, offer.task_id))
        part = part.order_by(offer.priority.desc(), offer.task_id).limit(limit)
        parts.append(select(part.subquery()))
    merged = union_all(*parts).subquery()
    once = select(merged.c.task_id, merged.c.priority).distinct().subquery()
    return select(once.c.task_id).order_by(once.c.priority.desc(), once.c.task_id).limit(limit)


def _behind(
    after: str | None, priority: InstrumentedAttribute[int], task_id: InstrumentedAttribute[str]
) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    number, _, last_id = after.partition(":")
    try:
        last = int(number)
    except ValueError:
        raise Invalid({"after": f'Expected a cursor that a list has given, but found "{after}".'}) from None
    return [priority <= last, or_(priority < last, and_(priority == last, task_id > last_id))]
