"""A walk through lists and contexts, which may share their parts many times over and be long."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Found = TypeVar("Found")

_ITEMS_A_STEP = 4


class Budget(Protocol):
    """Who pays for the walk: the frame of an evaluation."""

    def spend(self, steps: int) -> None:
        """Take `steps`, or raise LimitExceeded."""


class Walk:
    """What has been found about pairs of objects, such as two lists, or a list and its type. `budget` pays a step for
    a few items; None means that nobody counts."""

    __slots__ = ("_budget", "_found")

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget
        self._found: dict[tuple[int, int], tuple[object, object, object]] = {}

    def once(self, one: list[object] | dict[str, object], other: object, find: Callable[[], Found]) -> Found:
        """What `find` answers about `one` and `other`, found once."""
        pair = id(one), id(other)
        found = self._found.get(pair)
        if found is None:
            if self._budget is not None:
                self._budget.spend(1 + len(one) // _ITEMS_A_STEP)
            # the objects are kept, for the identity of what lives no more may come back
            found = self._found[pair] = one, other, find()
        return found[2]  # type: ignore[return-value]
