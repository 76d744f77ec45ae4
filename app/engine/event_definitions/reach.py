"""Who catches what a token throws: the nearest scope outwards, the exact code before a catch for all."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from app.engine.element import CatchingElement
from app.engine.token import Token


class CodeCatch(Protocol):
    @property
    def code(self) -> str | None: ...


C = TypeVar("C", bound=CodeCatch)


def nearest(
    token: Token, code: str, catches: Callable[[Token, CatchingElement], tuple[C, ...]]
) -> tuple[Token, CatchingElement, C] | None:
    """The owner, the event and its catch for `code`, or None. What is being cancelled interrupts nobody any more."""
    if token.is_cancelling:
        return None
    for owner, around in events_around(token):
        found = [(owner, event, catch) for event in around for catch in catches(owner, event)]
        for wanted in (code, None):
            for match in found:
                if match[2].code == wanted:
                    return match
    return None


def events_around(token: Token) -> Iterator[tuple[Token, Sequence[CatchingElement]]]:
    """From the inside out: the boundary events of the token, then of each scope its event subprocesses and boundary.

    What happens in an event subprocess is not caught by the event subprocesses beside it.
    """
    inner: Token | None = None
    for owner in token.ancestors():
        if inner is not None and not inner.task_spec.is_event_sub_process:
            yield owner, owner.task_spec.event_starts
        yield owner, owner.task_spec.boundaries
        inner = owner
