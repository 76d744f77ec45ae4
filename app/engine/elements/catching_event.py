"""What all catching events share: their waits, and looking again at a condition."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.event_definitions.conditional import ConditionCatch
from app.engine.event_definitions.definition import Catch
from app.engine.event_definitions.error import ErrorCatch
from app.engine.event_definitions.escalation import EscalationCatch
from app.engine.event_definitions.reading import read_catch
from app.engine.token import Token
from app.engine.waits import Wait, WaitKind

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec
    from app.engine.workflow import Change


class CatchingEventSpec(FlowNodeSpec):
    """`catches` are waited for; errors, escalations, compensation and cancellation are looked for when thrown."""

    waits_for_events = True

    def __init__(self, process: "ProcessSpec", node: model.CatchEvent, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        self.is_parallel_multiple = node.is_parallel_multiple and len(node.definitions) > 1
        read = [read_catch(builder, node, definition) for definition in node.definitions]
        self.catches: tuple[Catch, ...] = tuple(
            catch for catch in read if catch is not None and not isinstance(catch, ErrorCatch | EscalationCatch)
        )
        self.error_catches = tuple(catch for catch in read if isinstance(catch, ErrorCatch))
        self.escalation_catches = tuple(catch for catch in read if isinstance(catch, EscalationCatch))
        self.catches_compensation = has(node, definitions.CompensateEventDefinition)
        self.catches_cancel = has(node, definitions.CancelEventDefinition)

    def waits(self, token: Token) -> list[Wait]:
        """What to wait for, evaluated but not opened. Raises Obstacle."""
        return [catch.wait(token, self.name, index) for index, catch in enumerate(self.catches)]

    def trigger(self, owner: Token, result: dict[str, object]) -> None:
        """The event has happened to the element instance `owner`, bringing these variables."""
        raise NotImplementedError

    def happened(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        if not self.is_parallel_multiple or self._all_have_happened(token, wait):
            self.accept(token, wait, variables)

    def accept(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        """Everything that the event waits for has come, `wait` last."""
        raise NotImplementedError

    def look(self, token: Token, wait: Wait, changes: "list[Change] | None") -> None:
        catch = self.catches[wait.definition]
        if not isinstance(catch, ConditionCatch) or (changes is not None and not catch.concerns(token, changes)):
            return
        holds, held = catch.holds(token), wait.holds
        wait.holds = holds
        if holds and not held:
            token.task_spec.handler_of(wait).happened(token, wait, {})

    def _all_have_happened(self, token: Token, wait: Wait) -> bool:
        """Parallel multiple: note that this one has come; each counts once until all have."""
        key = f"happened {self.name}"
        seen = {int(str(index)) for index in as_list(token.internal_data.get(key))} | {wait.definition}
        if len(seen) == len(self.catches):
            token.internal_data.pop(key, None)
            return True
        token.internal_data[key] = sorted(seen)
        return False


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def has(node: model.Event, kind: type[definitions.EventDefinition]) -> bool:
    return any(isinstance(definition, kind) for definition in node.definitions)


def open_waits(token: Token, events: Iterable[FlowNodeSpec]) -> None:
    """Open the waits of these events on behalf of `token`. Raises Obstacle before any is open.

    A condition that holds already triggers at once, which may cancel the token.
    """
    workflow = token.workflow
    waits = [(event, wait) for event in events for wait in event.waits(token)]
    for _, wait in waits:
        workflow.open_wait(token, wait)
    for event, wait in waits:
        if wait.kind is WaitKind.CONDITION and wait.id in token.waits:
            event.look(token, wait, None)
