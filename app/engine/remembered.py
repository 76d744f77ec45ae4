"""What the elements of an instance remember of other elements by name, and how that moves to another version.

The `internal_data` of every element may hold names. One that moves nowhere is refused: what it stands for has no place.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from app.engine.elements.ad_hoc_sub_process import AdHocSubProcessSpec, Waiting
from app.engine.elements.catching_event import CatchingEventSpec
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.parallel_multiple import MEMORY
from app.engine.elements.scope import ScopeContents
from app.engine.elements.throwing_event import ThrowingEventSpec
from app.engine.event_definitions.compensation import REOPENED, Record
from app.engine.workflow import Entry


class Move(Protocol):
    """The migration that asks."""

    def name(self, name: str) -> str: ...

    def before(self, name: str) -> FlowNodeSpec: ...

    def after(self, name: str) -> FlowNodeSpec | None: ...

    def scope(self, token_id: str) -> FlowNodeSpec | None: ...

    def undoes(self, spec: FlowNodeSpec) -> bool: ...

    def refuse(self, spec: FlowNodeSpec, message: str, remedy: str = ...) -> None: ...


def is_in(spec: FlowNodeSpec, around: FlowNodeSpec) -> bool:
    """Whether tokens of the element may be in tokens of that scope: what undoes ad-hoc work is in no inner instance."""
    inner = around.inner if isinstance(around, AdHocSubProcessSpec) else None
    return spec.scope is around or (inner is not None and spec.scope is inner)


def moved(move: Move, after: FlowNodeSpec, data: Mapping[str, object]) -> dict[str, object]:
    """`internal_data` of a token that moves to the element `after`."""
    found: dict[str, object] = {}
    for key, value in data.items():
        memory = next((each for each in MEMORY if key.startswith(each)), "")
        if memory:
            found[memory + move.name(key.removeprefix(memory))] = value
            _check_parts(move, key.removeprefix(memory))
        elif key in MOVES:
            found[key] = MOVES[key](move, after, value, data)
        else:
            found[key] = value
    return found


def _check_parts(move: Move, name: str) -> None:
    """What has come so far of an event that needs several is remembered by position."""
    before, after = move.before(name), move.after(name)
    if not isinstance(after, CatchingEventSpec) or after.parts != getattr(before, "parts", 0):
        message = f'Expected an event "{move.name(name)}" that needs as many things, because some have come.'
        move.refuse(before, message, "Map it to one that does, or move the token first.")


def _kept_records(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:  # noqa: ARG001
    return [_record(move, record, after) for record in cast("list[Record]", value)]


def _queue(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:
    """Of one who drives: undone where it says, or in its own scope that was opened again."""
    scope = move.scope(str(data["scope"])) if "scope" in data else after if REOPENED in data else after.scope
    return [
        _record(move, record, move.scope(record["scope"]) if "scope" in record else scope)
        for record in cast("list[Record]", value)
    ]


def _record(move: Move, record: Record, scope: FlowNodeSpec | None) -> Record:
    """How something is undone: by a handler, or in a subprocess that is opened again, where it was done."""
    handler = record["handler"]
    name = handler or record.get("spec", record["element"])
    before, after = move.before(name), move.after(name)
    what = "handler" if handler else "subprocess"
    remedy = f"Map the {what} to the one that undoes this in the other version, or keep it there."
    if after is None:
        found = f'the {what} "{move.name(name)}"'
        move.refuse(before, f"Expected {found}, by which completed work is undone, in the other version.", remedy)
    elif handler and not move.undoes(after):
        move.refuse(
            before, f"Expected {after.bpmn_id} to undo an activity in the other version, but it does not.", remedy
        )
    elif not handler and type(after) is not type(before):
        message = f"Expected another {before.element_type}, but {after.bpmn_id} is a {after.element_type}."
        move.refuse(before, message, remedy)
    elif scope is not None and not is_in(after, scope):
        move.refuse(
            before, f"Expected {after.bpmn_id} in the scope where the work was done, but it is elsewhere.", remedy
        )
    renamed = Record({**record, "element": move.name(record["element"])})
    renamed["records"] = [_record(move, each, after) for each in record["records"]]
    if handler:
        renamed["handler"] = move.name(handler)
    if "spec" in record:
        renamed["spec"] = move.name(record["spec"])
    return renamed


def _waiting(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:  # noqa: ARG001
    """What an ad-hoc subprocess is to start."""
    free = after.free_ids if isinstance(after, AdHocSubProcessSpec) else ()
    found: list[Waiting] = []
    for each in cast("list[Waiting | str]", value):
        element = each if isinstance(each, str) else each["element"]
        found.append(Waiting(element=move.name(element), variables={} if isinstance(each, str) else each["variables"]))
        if move.name(element) not in free:
            message = f'Expected "{move.name(element)}", which is to be started, in {after.bpmn_id}, but it is not.'
            move.refuse(move.before(element), message, "Map it to an element that nothing leads to there.")
    return found


def _begins(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:  # noqa: ARG001
    """Where an inner instance of an ad-hoc subprocess, or the process, is about to begin."""
    name = move.name(str(value))
    if not isinstance(after, ScopeContents) or name not in after.nodes:
        message = f'Expected "{name}", where a token is about to begin, in {after.bpmn_id}, but it is not.'
        move.refuse(move.before(str(value)), message, "Map it to a node of the same scope.")
    return name


def _after(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:  # noqa: ARG001
    """The events that go on when cancelled tokens are gone."""
    for entry in cast("list[Entry]", value):
        before, event = move.before(entry["event"]), move.after(entry["event"])
        places = [event, event.scope] if event is not None else []  # a start is in its event subprocess
        is_there = any(each is not None and is_in(each, after) for each in places)
        if event is None or type(event) is not type(before) or not (is_there or isinstance(event, ThrowingEventSpec)):
            message = f'Expected the event "{move.name(entry["event"])}", which is about to go on, at the same place.'
            move.refuse(before, message, "Map it, or let the listeners of what was cancelled end first.")
    return [{**entry, "event": move.name(entry["event"])} for entry in cast("list[Entry]", value)]


def _chosen(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:  # noqa: ARG001
    """The event that decided at a gateway."""
    name = move.name(str(value))
    if all(flow.target.name != name for flow in after.flows):
        message = f'Expected "{name}", which has happened, behind {after.bpmn_id}, but it is not.'
        move.refuse(move.before(str(value)), message, "Map it to an event behind the gateway.")
    return name


def _activated(move: Move, after: FlowNodeSpec, value: object, data: Mapping[str, object]) -> object:  # noqa: ARG001
    """What a complex gateway has been activated by, by flow."""
    return {move.name(flow_id): number for flow_id, number in cast("dict[str, object]", value).items()}


MOVES: dict[str, Callable[[Move, FlowNodeSpec, object, Mapping[str, object]], object]] = {
    "compensations": _kept_records,
    "queue": _queue,
    "waiting": _waiting,
    "begins": _begins,
    "start": _begins,
    "after": _after,
    "chosen": _chosen,
    "activated": _activated,
}
