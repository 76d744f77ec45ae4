"""Moving a running instance to another version of its process: the same tokens at the elements of the other program.

A token keeps its job, user task and waits. It may move to an element of the same kind whose scope is the one that its
own scope moves to; what it waits for has to be the same kind of event at the same place there. What it remembers goes
with it (`app.engine.remembered`). What cannot move is reported, all at once; nothing is changed then. Nothing new is
opened: an event that only the other version has is warned of.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from app.engine import remembered
from app.engine.elements.ad_hoc_sub_process import AdHocSubProcessSpec
from app.engine.elements.call_activity import CallActivitySpec
from app.engine.elements.catching_event import CatchingEventSpec
from app.engine.elements.event_based_gateway import EventBasedGatewaySpec
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.job_task import JobTaskSpec
from app.engine.elements.receive_task import ReceiveTaskSpec
from app.engine.elements.throwing_event import ThrowingEventSpec
from app.engine.event_definitions.definition import Catch
from app.engine.program import Program
from app.engine.token import Phase
from app.errors import Diagnostic, Severity

MAP = "Map the element to another one, or move its token first."


@dataclass(frozen=True, slots=True)
class Migration:
    """`state` is for `Instance.load` with the target program; None if there are errors. Warnings do not prevent it."""

    state: dict[str, object] | None
    problems: tuple[Diagnostic, ...]


def migrate(
    stored: Mapping[str, object], source: Program, target: Program, mapping: Mapping[str, str] | None = None
) -> Migration:
    """The state for `target`. `mapping` takes the ids of elements and flows; what it leaves out keeps its id."""
    tokens = stored["tokens"]
    move = Move(source, target, mapping or {})
    moved = [move.token(token) for token in tokens] if isinstance(tokens, list) else []
    move.check_joins(moved)
    if any(problem.severity is Severity.ERROR for problem in move.problems):
        return Migration(None, tuple(move.problems))
    return Migration({**stored, "tokens": moved}, tuple(move.problems))


class Move:
    """One migration on its way."""

    def __init__(self, source: Program, target: Program, mapping: Mapping[str, str]) -> None:
        self.problems: list[Diagnostic] = []
        self._mapping = mapping
        self._before = source.spec.task_specs
        self._after = target.spec.task_specs
        self._roots = source.spec.start, target.spec.start
        self._at: dict[str, FlowNodeSpec | None] = {}  # token id → where it is in the target; None: it cannot move
        self._check_mapping(source)

    def token(self, stored: Mapping[str, object]) -> dict[str, object]:
        """A token of the state, moved. Its container comes before it."""
        moved = dict(stored)
        before, after = self._place(stored)
        self._at[str(stored["id"])] = after
        moved["at"] = (after or before).name
        waits = stored.get("waits")
        if isinstance(waits, list):
            moved["waits"] = [self._wait(wait, before, after) for wait in waits]
        if after is None:
            return moved
        arrivals = stored.get("arrivals")
        if isinstance(arrivals, dict):
            arrived = {self.name(flow_id): number for flow_id, number in arrivals.items()}
            moved["arrivals"] = arrived
            self._check_arrivals(after, arrived)
        data = stored.get("data")
        data = data if isinstance(data, dict) else {}
        if data:
            moved["data"] = remembered.moved(self, after, data)
            self._check_work(before, after, stored, data)
        self._warn_of_new_events(before, after, stored, data)
        return moved

    def check_joins(self, moved: list[dict[str, object]]) -> None:
        """At one gateway arrivals are counted by one token."""
        places = Counter((token["in"], token["at"]) for token in moved if token.get("arrivals"))
        for (_, name), number in places.items():
            if number > 1:
                spec = self._after[str(name)]
                self.refuse(spec, f"Expected one join to move to {spec.bpmn_id}, but {number} do.", "Map one of them.")

    # what `remembered` asks, too

    def name(self, name: str) -> str:
        """The name of a task spec in the other version; instances of repeated activities go with their activity."""
        element_id, separator, rest = name.partition("#")
        return self._mapping.get(element_id, element_id) + separator + rest

    def before(self, name: str) -> FlowNodeSpec:
        return self._before.get(name, self._roots[0])

    def after(self, name: str) -> FlowNodeSpec | None:
        """What the element of this name moves to."""
        return self._after.get(self.name(name))

    def scope(self, token_id: str) -> FlowNodeSpec | None:
        """Where the token around moves to."""
        return self._at.get(token_id)

    def undoes(self, spec: FlowNodeSpec) -> bool:
        """Whether the element of the other version is a compensation handler."""
        return any(getattr(each, "compensation_handler", None) is spec for each in self._after.values())

    def refuse(self, spec: FlowNodeSpec, message: str, remedy: str = MAP) -> None:
        self._report(spec, message, remedy, Severity.ERROR)

    # the checks

    def _check_mapping(self, source: Program) -> None:
        flows = {flow.id for spec in self._before.values() for flow in spec.flows}
        for each in self._mapping:
            if each not in self._before and each not in flows:
                message = f'Expected the mapping to name elements of the present version, but found "{each}".'
                self.refuse(source.spec.start, message, "Correct the id.")

    def _place(self, stored: Mapping[str, object]) -> tuple[FlowNodeSpec, FlowNodeSpec | None]:
        """Where the token is, and where it will be; None if it cannot move, which is reported."""
        if stored["in"] is None:
            return self._roots
        before = self._before[str(stored["at"])]
        after = self.after(before.name)
        misfits = list(self._misfits(before, after, str(stored["in"])))
        for message in misfits:
            self.refuse(before, message)
        return before, None if misfits else after

    def _misfits(self, before: FlowNodeSpec, after: FlowNodeSpec | None, container_id: str) -> Iterator[str]:
        around = self._at[container_id]
        if after is None:
            yield f'Expected an element "{self.name(before.name)}" in the other version, but found none.'
        elif type(after) is not type(before):
            yield f"Expected another {before.element_type}, but {after.bpmn_id} is a {after.element_type}."
        elif around is not None and not remembered.is_in(after, around):
            yield f"Expected {after.bpmn_id} in the scope that the token's scope moves to, but it is elsewhere."

    def _wait(self, wait: list[object], before: FlowNodeSpec, after: FlowNodeSpec | None) -> list[object]:
        _, kind, event_id, definition = wait[:4]
        name = self.name(str(event_id))
        event, source = self._after.get(name), self.before(str(event_id))
        whole = before.bpmn_id if before is not source else "the element"
        remedy = f"Map {source.bpmn_id} to an event of the same kind there, or move the token of {whole} first."
        moved = [*wait[:2], name, *wait[3:]]
        if event is None:
            message = f'Expected the event "{name}" that is waited for in the other version, but found none.'
            self.refuse(source, message, remedy)
        elif after is not None and event not in events_of(after) and event.bpmn_id != after.bpmn_id:
            message = f"Expected {event.bpmn_id} to be an event of {after.bpmn_id}, but it is not."
            self.refuse(source, message, remedy)
        elif after is not None:
            part = int(str(definition))
            there = caught_by(event)
            if part >= len(there) or there[part].waits_for != kind:
                found = ", ".join(f"a {catch.waits_for}" for catch in there) or "nothing"
                message = f"Expected {event.bpmn_id} to wait for a {kind}, but in the other version it is {found}."
                self.refuse(source, message, remedy)
            elif (here := caught_by(source))[part:] and described(here[part]) != described(there[part]):
                message = (
                    f"{event.bpmn_id} waits for something else in the other version; this instance waits as before."
                )
                self._report(event, message, "Nothing, or move the token to wait anew.", Severity.WARNING)
        return moved

    def _warn_of_new_events(
        self, before: FlowNodeSpec, after: FlowNodeSpec, stored: Mapping[str, object], data: Mapping[str, object]
    ) -> None:
        """Events of the other version that nobody waits for in this instance, because its waits are open already."""
        phase = Phase(int(str(stored["phase"])))
        if phase <= Phase.OPENING or phase > Phase.COMPLETING or "undoes" in data:
            return
        known = {self.name(event.name) for event in events_of(before)}
        for event in events_of(after):
            is_over = "interrupted" in data and event in after.event_starts
            if caught_by(event) and event.name not in known and not is_over:
                message = f"The event {event.bpmn_id} is new; this instance does not wait for it."
                self._report(event, message, "Nothing, or move the token to open it.", Severity.WARNING)

    def _check_arrivals(self, spec: FlowNodeSpec, arrivals: Mapping[str, object]) -> None:
        incoming = getattr(spec, "incoming", None)
        known: tuple[str, ...] = incoming if isinstance(incoming, tuple) else tuple(arrivals)
        for flow_id in arrivals:
            if flow_id not in known:
                message = f'Expected the incoming flow "{flow_id}", by which a token came, but found none.'
                self.refuse(spec, message, "Map the flow to one that leads to the gateway, or move the token first.")

    def _check_work(
        self, before: FlowNodeSpec, after: FlowNodeSpec, stored: Mapping[str, object], data: Mapping[str, object]
    ) -> None:
        """What is under way at the element has to be something that the other element does, too."""
        phase = Phase(int(str(stored["phase"])))
        if phase is Phase.EXECUTING and work_of(before) != work_of(after):
            self.refuse(before, f"Expected {after.bpmn_id} to do its work in the same way, but it does not.")
        listeners = {Phase.START_LISTENERS: after.start_listeners, Phase.END_LISTENERS: after.end_listeners}
        if "job" in data and phase in listeners and int(str(data.get("listener", 0))) >= len(listeners[phase]):
            message = f"Expected {after.bpmn_id} to have the listener that is being called, but it has not."
            self.refuse(before, message, "Let the listener's job end first.")

    def _report(self, spec: FlowNodeSpec, message: str, remedy: str, severity: Severity) -> None:
        self.problems.append(
            Diagnostic(
                code="engine.migration",
                message=message,
                remedy=remedy,
                severity=severity,
                element_id=spec.bpmn_id,
                element_name=spec.bpmn_name,
            )
        )


def events_of(spec: FlowNodeSpec) -> list[FlowNodeSpec]:
    """The events that a token at the element waits for."""
    if isinstance(spec, EventBasedGatewaySpec):
        return [flow.target for flow in spec.flows]
    return [*spec.boundaries, *spec.event_starts]


def caught_by(event: FlowNodeSpec) -> tuple[Catch, ...]:
    """What is waited for on behalf of the event."""
    if isinstance(event, CatchingEventSpec):
        return event.catches
    task = getattr(event, "instance", event)
    return (task.message,) if isinstance(task, ReceiveTaskSpec) and task.message else ()


def described(catch: Catch) -> list[str]:
    """What is waited for, as the diagram says it."""
    values: list[object] = [getattr(catch, each.name) for each in fields(catch)] if is_dataclass(catch) else []
    return [str(sorted(value)) if isinstance(value, frozenset) else str(value) for value in values]


def work_of(spec: FlowNodeSpec) -> object:
    """The kind of work that a token at the element waits for."""
    match spec:
        case JobTaskSpec() | AdHocSubProcessSpec():
            return spec.job is not None
        case ThrowingEventSpec():
            return [type(throw) for throw in spec.throws]
        case CallActivitySpec():
            return spec.called is not None
    return None
