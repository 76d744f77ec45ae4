"""What a room says about what falls due in it: how it is found, and how it is done. Nothing is done here.

A room lists it as ``DUE`` in its file ``due``; the clock asks all rooms in turn (`Ticking`) and knows none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select

from app.runtime.transaction import Actor, Core
from app.runtime.views import DueKind

CLOCK = Actor("clock", "clock", is_system=True)


@dataclass(frozen=True, slots=True)
class Place:
    """The instance that something is about, and the element, if known."""

    instance_id: str
    element_id: str = ""


def nowhere(_: Core, _subject: str) -> Place | None:
    """For what is about no instance, or about several."""
    return None


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of doing several things in one transaction."""

    done: int
    left: Sequence[str] = ()  # to be done alone; not what was due no more, or what somebody else holds


@dataclass(frozen=True, slots=True)
class DueThings:
    """Things that are found without a lock and done one by one, each in a transaction of its own that checks again.

    One that fails keeps nobody else from being done, and is tried again after a pause (`setbacks`).
    """

    name: str  # of what was done, in the counts of a tick
    kind: DueKind
    find: Callable[[Core, int], Sequence[str]]  # the ids of at most so many
    do: Callable[[Core, str], int]  # how many were done: 0 if it was not due any more
    place: Callable[[Core, str], Place | None] = nowhere  # where an operator is told if it fails again and again
    together: Callable[[Core, Sequence[str]], Batch] | None = None  # does several in one transaction, or raises


@dataclass(frozen=True, slots=True)
class Sweep:
    """Things that are done many at once, in one transaction that skips what others hold."""

    name: str
    do: Callable[[Core, int], int]  # at most so many; how many were done
    is_work: bool = True  # False: hints that are repeated, and what is cleared away; a tick of nothing else is idle


Due = DueThings | Sweep


def ids_of(core: Core, query: Select[str]) -> Sequence[str]:
    """What the query finds, read without a lock."""
    with core.store.read() as session:
        return session.scalars(query).all()
