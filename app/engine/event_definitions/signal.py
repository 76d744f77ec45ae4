"""Signals: every open subscription of the name is triggered, in this instance at once."""

from dataclasses import dataclass
from typing import ClassVar

from app.engine import events, formulas
from app.engine.event_definitions.message import refuse_endless_chain
from app.engine.formulas import Formula
from app.engine.obstacle import IncidentKind
from app.engine.token import Token
from app.engine.waits import Wait, WaitKind


@dataclass(frozen=True, slots=True)
class SignalCatch:
    waits_for: ClassVar[WaitKind] = WaitKind.SIGNAL
    name: Formula

    def wait(self, token: Token, element_id: str, index: int) -> Wait:
        name = formulas.text(token, self.name, "signal name")
        return Wait(token.workflow.new_id(), WaitKind.SIGNAL, element_id, index, name)


@dataclass(frozen=True, slots=True)
class SignalThrow:
    """`SignalThrown` is for the other instances; this one has already received it."""

    name: Formula

    def throw(self, token: Token) -> bool:
        name = formulas.text(token, self.name, "signal name")
        refuse_endless_chain(token, f'signal "{name}"', IncidentKind.ENDLESS_LOOP)
        variables = dict(token.variables or {})
        token.workflow.emit(events.SignalThrown(name, variables))
        token.workflow.deliver_signal(name, variables)
        return True
