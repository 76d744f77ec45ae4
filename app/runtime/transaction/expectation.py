"""A command may be given only for the state that its giver has seen: it is looked at again under the thing's lock.

Whoever takes commands from outside says what is expected (`only_if`); what changes a thing asks once it has the lock.
Here is no HTTP; how a state is recognised, its giver knows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from app.errors import Changed

Recognise = Callable[[object], bool]  # of the view that its giver has seen

_PRESENT: ContextVar[Recognise | None] = ContextVar("expectation", default=None)


@contextmanager
def only_if(is_as_seen: Recognise) -> Iterator[None]:
    token = _PRESENT.set(is_as_seen)
    try:
        yield
    finally:
        _PRESENT.reset(token)


def refuse_if_changed(look: Callable[[], object]) -> None:
    """`look` gives the present view of what is locked. Raises `Changed` if its giver has seen another one."""
    is_as_seen = _PRESENT.get()
    if is_as_seen is not None and not is_as_seen(look()):
        raise Changed("Expected the state that was looked at, but it has changed since. Nothing was done.")
