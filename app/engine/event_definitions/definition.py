"""The two sides of an event definition."""

from typing import ClassVar, Protocol

from app.engine.token import Token
from app.engine.waits import Wait, WaitKind


class Catch(Protocol):
    """Something that an event can wait for by itself."""

    waits_for: ClassVar[WaitKind]

    def wait(self, token: Token, element_id: str, index: int) -> Wait:
        """What to wait for, evaluated for `token`. Raises Obstacle. Nothing is opened yet."""
        ...


class Throw(Protocol):
    """Something that an event does when a token reaches it."""

    def throw(self, token: Token) -> bool:
        """Do it. False: something outside has to happen before the token goes on. Raises Obstacle."""
        ...
