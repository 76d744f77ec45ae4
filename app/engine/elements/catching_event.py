"""What all catching events share: their waits, and looking again at a condition."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.bpmn import event_definitions as definitions
from app.bpmn import model
from app.engine.element import CatchingElement, Specification
from app.engine.elements import parallel_multiple
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.event_definitions.codes import ErrorCatch, EscalationCatch
from app.engine.event_definitions.conditional import ConditionCatch
from app.engine.event_definitions.definition import Catch
from app.engine.event_definitions.reading import read_catch
from app.engine.token import Token
from app.engine.waits import Change, Wait, WaitKind

if TYPE_CHECKING:
    from app.engine.builder import Builder


class CatchingEventSpec(FlowNodeSpec, CatchingElement):
    """`catches` are waited for; errors, escalations, compensation and cancellation are looked for when thrown."""

    waits_for_events = True
    is_interrupting: bool = True

    def __init__(self, process: Specification, node: model.CatchEvent, builder: "Builder") -> None:
        super().__init__(process, node, builder)
        self.is_parallel_multiple = node.is_parallel_multiple and len(node.definitions) > 1
        read = tuple(read_catch(builder, node, definition) for definition in node.definitions)
        self.catches: tuple[Catch, ...] = tuple(
            catch for catch in read if catch is not None and not isinstance(catch, ErrorCatch | EscalationCatch)
        )
        self.error_catches = tuple(catch for catch in read if isinstance(catch, ErrorCatch))
        self.escalation_catches = tuple(catch for catch in read if isinstance(catch, EscalationCatch))
        self.catches_compensation = has(node, definitions.CompensateEventDefinition)
        self.catches_cancel = has(node, definitions.CancelEventDefinition)
        # Of a parallel multiple event: the waits, then the errors, the escalations and the cancellation.
        self._parts = (*self.catches, *self.error_catches, *self.escalation_catches, *([None] * self.catches_cancel))
        self._read = read
        if self.is_parallel_multiple and self.parts < len(node.definitions):
            builder.refuse(
                node,
                "parallel-multiple",
                "Expected an event that needs all of several to need what can happen while it waits, "
                "but found a link or compensation among them.",
                "Draw an event of its own for it.",
            )

    @property
    def parts(self) -> int:
        """How many things have to happen."""
        return len(self._parts)

    def waits(self, token: Token) -> list[Wait]:
        """What to wait for, evaluated but not opened. Raises Obstacle."""
        return [catch.wait(token, self.name, index) for index, catch in enumerate(self.catches)]

    def happened(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        if not self.is_parallel_multiple:
            self.accept(token, wait, variables)
            return
        parallel_multiple.settle(self, token, wait)
        self._part_has_come(token, wait.definition, variables)

    def accept(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        """One of what the event waits for has come, and is enough."""
        raise NotImplementedError

    def caught(self, owner: Token, catch: ErrorCatch | EscalationCatch, variables: dict[str, object]) -> None:
        if self.is_parallel_multiple:
            self._part_has_come(owner, self._parts.index(catch), variables)
        else:
            self.trigger(owner, variables)

    def errors_caught_for(self, owner: Token) -> tuple[ErrorCatch, ...]:
        """What catches errors at present. An error leaves nothing that could wait, so it has to be the last of all."""
        if not self.is_parallel_multiple:
            return self.error_catches
        catches = self.error_catches
        return tuple(each for each in catches if parallel_multiple.is_last(self, owner, self._parts.index(each)))

    def cancels(self, transaction: Token) -> bool:
        if not self.catches_cancel or not self.is_parallel_multiple:
            return self.catches_cancel
        return parallel_multiple.is_last(self, transaction, self.parts - 1)

    def look(self, token: Token, wait: Wait, changes: list[Change] | None) -> None:
        catch = self.catches[wait.definition]
        if not isinstance(catch, ConditionCatch) or (changes is not None and not catch.concerns(token, changes)):
            return
        holds, held = catch.holds(token), wait.holds
        wait.holds = holds
        if holds and not held:
            token.task_spec.handler_of(wait).happened(token, wait, {})

    def part(self, position: int) -> int:
        """Which of the things that have to happen the definition at this position of the diagram is."""
        return self._parts.index(self._read[position])

    def _part_has_come(self, owner: Token, index: int, variables: dict[str, object]) -> None:
        brought = parallel_multiple.note(self, owner, index, variables)
        if brought is not None:
            parallel_multiple.begin_anew(self, owner, goes_on=not self.is_interrupting)
            self.trigger(owner, brought)


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
