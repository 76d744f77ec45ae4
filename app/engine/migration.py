"""Moving a running instance to another version of its process: the same tokens at the elements of the other program.

A token keeps its job, user task and waits. It may move to an element of the same kind whose scope is the one that its
own scope moves to. What cannot move is reported, all at once; nothing is changed then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.parallel_multiple import MEMORY
from app.engine.program import Program
from app.errors import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Migration:
    """`state` is for `Instance.load` with the target program; None if there are errors. Warnings do not prevent it."""

    state: dict[str, object] | None
    problems: tuple[Diagnostic, ...]


def migrate(
    stored: Mapping[str, object], source: Program, target: Program, mapping: Mapping[str, str] | None = None
) -> Migration:
    """The state for `target`. `mapping` takes element ids to element ids; what it leaves out keeps its id."""
    tokens = stored["tokens"]
    move = Move(source, target, mapping or {})
    moved = [move.token(token) for token in tokens] if isinstance(tokens, list) else []
    if any(problem.severity is Severity.ERROR for problem in move.problems):
        return Migration(None, tuple(move.problems))
    return Migration({**stored, "tokens": moved}, tuple(move.problems))


class Move:
    """One migration on its way."""

    def __init__(self, source: Program, target: Program, mapping: Mapping[str, str]) -> None:
        self.problems: list[Diagnostic] = []
        self._source = source
        self._target = target
        self._mapping = mapping
        self._at: dict[str, FlowNodeSpec] = {}  # token id → where it is in the target

    def token(self, stored: Mapping[str, object]) -> dict[str, object]:
        """A token of the state, moved. Its container comes before it."""
        moved = dict(stored)
        if stored["in"] is None:
            self._at[str(stored["id"])] = self._target.spec.start
            moved["at"] = self._target.spec.start.name
        else:
            before = self._source.spec.task_specs[str(stored["at"])]
            after = self._target.spec.task_specs.get(self._name(str(stored["at"])))
            self._at[str(stored["id"])] = after if after is not None else before
            for message in self._misfits(before, after, str(stored["in"])):
                self._refuse(before, message)
            moved["at"] = self._at[str(stored["id"])].name
        data = stored.get("data")
        if isinstance(data, dict):
            moved["data"] = {self._remembered(key): value for key, value in data.items()}
        waits = stored.get("waits")
        if isinstance(waits, list):
            moved["waits"] = [self._wait(wait) for wait in waits]
            self._warn_of_new_events(self._at[str(stored["id"])], moved["waits"])
        self._check_arrivals(self._at[str(stored["id"])], stored.get("arrivals"))
        return moved

    def _misfits(self, before: FlowNodeSpec, after: FlowNodeSpec | None, container_id: str) -> Iterator[str]:
        if after is None:
            yield f'Expected an element "{self._name(before.name)}" in the other version, but found none.'
        elif type(after) is not type(before):
            yield f"Expected another {before.element_type}, but {after.bpmn_id} is a {after.element_type}."
        elif after.scope is not self._at[container_id]:
            yield f"Expected {after.bpmn_id} in the scope that the token's scope moves to, but it is elsewhere."

    def _wait(self, wait: list[object]) -> list[object]:
        event_id = str(wait[2])
        name = self._name(event_id)
        if name not in self._target.spec.task_specs:
            spec = self._source.spec.task_specs[event_id]
            self._refuse(spec, f'Expected the event "{name}" that is waited for in the other version, but found none.')
        return [*wait[:2], name, *wait[3:]]

    def _warn_of_new_events(self, spec: FlowNodeSpec, waits: object) -> None:
        """Events of the other version that nobody waits for in this instance."""
        known = {str(wait[2]) for wait in waits} if isinstance(waits, list) else set()
        for event in (*spec.boundaries, *spec.event_starts):
            if event.catches and event.name not in known:
                message = f"The event {event.bpmn_id} is new; this instance does not wait for it."
                self._report(event, message, "Nothing, or move the token to open it.", Severity.WARNING)

    def _check_arrivals(self, spec: FlowNodeSpec, arrivals: object) -> None:
        incoming = getattr(spec, "incoming", None)
        if isinstance(arrivals, dict) and isinstance(incoming, tuple):
            for flow_id in arrivals:
                if flow_id not in incoming:
                    self._refuse(
                        spec, f'Expected the incoming flow "{flow_id}", by which a token came, but found none.'
                    )

    def _name(self, name: str) -> str:
        """The name of a task spec in the other version; instances of repeated activities go with their activity."""
        element_id, separator, rest = name.partition("#")
        return self._mapping.get(element_id, element_id) + separator + rest

    def _remembered(self, key: str) -> str:
        """A key of what a token remembers; what it remembers of a parallel multiple event goes with the event."""
        memory = next((each for each in MEMORY if key.startswith(each)), "")
        return memory + self._name(key.removeprefix(memory)) if memory else key

    def _refuse(self, spec: FlowNodeSpec, message: str) -> None:
        self._report(spec, message, "Map the element to another one, or move its token first.", Severity.ERROR)

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
