"""Several answers in one transaction: what workers report at the same time costs one commit.

No two answers of one transaction belong to the same tree of instances, and trees are locked in the order of their ids,
so that two workers never wait for each other. Where one answer fails for a reason of its own, the transaction is rolled
back and each is done alone: nobody's answer is lost for another's sake.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import structlog

from app.runtime.transaction.actors import SYSTEM
from app.runtime.transaction.core import Core
from app.runtime.transaction.transaction import Transaction

log = structlog.get_logger(__name__)
Item = TypeVar("Item")
Do = Callable[[Transaction, Item], None]


def carry_out(
    core: Core, items: Sequence[Item], root_of: Callable[[Item], str], do: Do[Item]
) -> list[Exception | None]:
    """Do it for each item. Returns what was raised for each, in their order; what raised has changed nothing."""
    fates: dict[int, Exception | None] = {}
    for group in _apart([root_of(item) for item in items]):
        fates.update(_in_one(core, items, group, do))
    return [fates[position] for position in range(len(items))]


def _apart(roots: Sequence[str]) -> Iterator[list[int]]:
    """Positions in groups: each in the order of its trees, and no tree twice in a group."""
    left = sorted(range(len(roots)), key=lambda position: roots[position])
    while left:
        first = {roots[position]: position for position in reversed(left)}
        group = sorted(first.values(), key=lambda position: roots[position])
        yield group
        left = [position for position in left if position not in group]


def _in_one(core: Core, items: Sequence[Item], group: Sequence[int], do: Do[Item]) -> dict[int, Exception | None]:
    try:
        with core.transaction(SYSTEM) as transaction:
            for position in group:
                do(transaction, items[position])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the fate of that item
        if len(group) == 1:
            return {group[0]: error}
        log.info("answers are taken one by one", reason=type(error).__name__)
    else:
        return dict.fromkeys(group)
    return {position: fate for each in group for position, fate in _in_one(core, items, [each], do).items()}
