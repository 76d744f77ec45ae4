"""Errors: thrown by end events and jobs, caught by code in the nearest scope; a catch without a code takes every error.

An error always interrupts the activity or scope that it is caught for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine import events, formulas
from app.engine.event_definitions.reach import nearest
from app.engine.formulas import Formula
from app.engine.jobs import forget_job
from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class ErrorThrow:
    code: Formula

    def throw(self, token: Token) -> bool:
        code = formulas.text(token, self.code, "error code")
        if not throw_error(token, code, "", dict(token.variables or {})):
            token.workflow.emit(events.ErrorThrown(token.task_spec.bpmn_id, code, "", None))
            token.workflow.fail(code, f'The error "{code}" was not caught.')
        return True


def throw_error(token: Token, code: str, message: str, variables: Mapping[str, object]) -> bool:
    """Trigger the event that catches the error. False: there is none; nothing has happened."""
    found = nearest(token, code, lambda owner, event: event.errors_caught_for(owner))
    if found is None:
        return False
    owner, event, catch = found
    if "job" in token.internal_data:
        forget_job(token)  # it has ended by throwing, so it is not cancelled
    token.workflow.emit(events.ErrorThrown(token.task_spec.bpmn_id, code, message, event.bpmn_id))
    event.caught(owner, catch, {**variables, **catch.variables(code, message)})
    return True
