"""What people did with a case, as lines of its timeline: claims, comments, approvals, escalations, repairs.

The engine's history tells what the process did. These lines are read from the audit log, which has each of them
already; whoever may see the case sees who did what, and no more of the log than that.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import feel
from app.runtime.transaction import mapping
from app.runtime.views import HistoryEntry
from app.store.tables import AuditRecordRow

MOST_SHOWN = 200
Detail = Mapping[str, object]
LINES: Mapping[
    str, tuple[str, Callable[[Detail], str]]
] = {  # the kind of line and what it says, by the record's action
    "approval.granted": ("approval", lambda detail: f"Approved {detail.get('action', 'the action')}"),
    "approval.rejected": ("approval", lambda detail: f"Rejected {detail.get('action', 'the action')}"),
    "task.claimed": ("task", lambda _: "Took the task"),
    "task.released": ("task", lambda _: "Gave the task back"),
    "task.assigned": ("task", lambda detail: f"Gave the task to {detail.get('after') or 'nobody'}"),
    "task.changed": ("task", lambda detail: f"Changed {_names(detail.get('after'))} of the task"),
    "task.completed": ("task", lambda _: "Completed the task"),
    "task.denied": ("task", lambda _: "Refused a change of the task"),
    "task.commented": ("comment", lambda _: "Wrote a comment"),
    "task.escalated": ("escalation", lambda detail: "Escalated to {role}, level {level}: {why}".format(**detail)),
    "incident.retried": ("incident", lambda detail: f"Had {detail.get('element')} tried again"),
    "instance.variables-set": ("correction", lambda detail: f"Corrected {_names(detail.get('new'))}"),
    "instance.modified": ("correction", lambda _: "Moved tokens"),
    "instance.migrated": ("correction", lambda _: "Migrated the case to another version"),
    "action.undo-requested": ("action", lambda _: "Asked for an action to be taken back"),
}


def deeds(session: Session, instance_id: str) -> tuple[HistoryEntry, ...]:
    """The last things that people did with the instance, in the order in which they did them."""
    query = (
        select(AuditRecordRow)
        .where(AuditRecordRow.stream == instance_id, AuditRecordRow.action.in_(LINES))
        .order_by(AuditRecordRow.position.desc())
        .limit(MOST_SHOWN)
    )
    return tuple(_entry(row) for row in reversed(session.scalars(query).all()))


def woven(history: tuple[HistoryEntry, ...], done: tuple[HistoryEntry, ...]) -> tuple[HistoryEntry, ...]:
    """Both in the order of time; what the process did comes before what somebody did at the same moment."""
    return tuple(sorted((*history, *done), key=lambda entry: entry.at))


def _entry(row: AuditRecordRow) -> HistoryEntry:
    detail = mapping(feel.json_loads(row.detail))
    kind, say = LINES[row.action]
    return HistoryEntry(
        position=row.position,
        at=datetime.fromisoformat(row.at),
        kind=kind,
        element_id=None,
        element_name=say(detail),
        element_type=None,
        ended_at=None,
        outcome=row.action.partition(".")[2] if kind == "approval" else None,
        actor=row.actor,
        detail={"reason": detail["reason"]} if detail.get("reason") else {},
    )


def _names(changed: object) -> str:
    return ", ".join(str(name).replace("_", " ") for name in changed) if isinstance(changed, Mapping) else "something"
