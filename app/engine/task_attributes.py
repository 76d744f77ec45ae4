"""What a user task says about itself, as JSON: how it may be changed, and how its listeners are told.

The names are those of the attributes here; `CAMUNDA_NAMES` are the words of Camunda 8's reserved job headers.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from app import feel
from app.engine.timers import parse_date

Attributes = dict[str, object]

CAMUNDA_NAMES: Mapping[str, str] = {
    "assignee": "assignee",
    "candidate_users": "candidateUsers",
    "candidate_groups": "candidateGroups",
    "due_date": "dueDate",
    "follow_up_date": "followUpDate",
    "priority": "priority",
}
RESERVED = "io.camunda.zeebe:"
LOWEST_PRIORITY, HIGHEST_PRIORITY = 0, 100


class TaskEvent(StrEnum):
    """The transitions of a user task's life that listeners may hold up."""

    CREATING = "creating"
    ASSIGNING = "assigning"
    UPDATING = "updating"
    COMPLETING = "completing"
    CANCELING = "canceling"


DENIABLE = (TaskEvent.ASSIGNING, TaskEvent.UPDATING, TaskEvent.COMPLETING)


def checked(changes: Mapping[str, object]) -> Attributes:
    """The changes as JSON; an empty text, or null, takes an assignee or a date away. Raises ValueError."""
    found: Attributes = {}
    for name, value in changes.items():
        match name:
            case "assignee":
                found[name] = _text(name, value) or None
            case "candidate_users" | "candidate_groups":
                found[name] = _names(name, value)
            case "due_date" | "follow_up_date":
                text = value.isoformat() if isinstance(value, datetime) else _text(name, value)
                found[name] = parse_date(text).isoformat() if text else None
            case "priority":
                found[name] = _priority(value)
            case _:
                raise ValueError(f'Expected one of {", ".join(CAMUNDA_NAMES)}, but found "{name}".')
    return found


def headers(attributes: Mapping[str, object], changed: Iterable[str], action: str, task_id: str) -> dict[str, str]:
    """The reserved headers of a listener's job: what the task would be after the transition."""
    told = {"action": action, "userTaskKey": task_id}
    for name, value in attributes.items():
        if value is not None:
            told[CAMUNDA_NAMES[name]] = value if isinstance(value, str) else feel.json_dumps(value)
    told["changedAttributes"] = feel.json_dumps([CAMUNDA_NAMES.get(name, name) for name in changed])
    return {f"{RESERVED}{name}": text for name, text in told.items()}


def _text(name: str, value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise ValueError(f"Expected a text as {name}, but found {feel.text_of(value)}.")


def _names(name: str, value: object) -> list[object]:
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):
        return list(value)
    raise ValueError(f"Expected a list of names as {name}, but found {feel.text_of(value)}.")


def _priority(value: object) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if number == int(number) and LOWEST_PRIORITY <= number <= HIGHEST_PRIORITY:
            return number
    raise ValueError(f"Expected a priority from 0 to 100, but found {feel.text_of(value)}.")
