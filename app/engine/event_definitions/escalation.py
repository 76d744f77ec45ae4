"""Escalations: like errors they are caught by code in the nearest scope, but they need not interrupt, nor be caught."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine import events, formulas
from app.engine.event_definitions.reach import nearest
from app.engine.formulas import Formula
from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class EscalationThrow:
    code: Formula

    def throw(self, token: Token) -> bool:
        throw_escalation(token, formulas.text(token, self.code, "escalation code"), dict(token.variables or {}))
        return True


def throw_escalation(token: Token, code: str, variables: Mapping[str, object]) -> bool:
    """Trigger the event that catches the escalation. False: there is none, and the token simply goes on."""
    found = nearest(token, code, lambda _, event: event.escalation_catches)
    element_id = token.task_spec.bpmn_id
    if found is None:
        token.workflow.emit(events.EscalationThrown(element_id, code, None, dict(variables)))
        return False
    owner, event, catch = found
    token.workflow.emit(events.EscalationThrown(element_id, code, event.bpmn_id, dict(variables)))
    extra = {catch.code_variable: code} if catch.code_variable else {}
    event.caught(owner, catch, {**variables, **extra})
    return True
