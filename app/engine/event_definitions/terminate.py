"""Terminate: every other token of the scope is cancelled; the scope then ends normally."""

from dataclasses import dataclass

from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class TerminateThrow:
    def throw(self, token: Token) -> bool:
        token.workflow.cancel_inside(token.container, spare=token)
        return True
