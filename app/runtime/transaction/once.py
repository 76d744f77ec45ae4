"""A command that is given under a key is carried out once: its receipt is part of the transaction that carries it out.

Whoever takes commands from outside says which one the present thread carries out (`carrying_out`); the first
transaction of the one who gives it writes the receipt. Here is no HTTP; what an answer is, its giver knows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Command:
    """`fingerprint` stands for what is asked; `is_done` once a transaction has been committed that says so."""

    person_id: str
    key: str
    fingerprint: str
    is_done: bool = False


_PRESENT: ContextVar[Command | None] = ContextVar("command", default=None)


def present(person_id: str) -> Command | None:
    """The command of this person that is being carried out and is not done yet."""
    command = _PRESENT.get()
    return command if command is not None and command.person_id == person_id and not command.is_done else None


@contextmanager
def carrying_out(command: Command) -> Iterator[None]:
    token = _PRESENT.set(command)
    try:
        yield
    finally:
        _PRESENT.reset(token)
