"""What a hit policy makes of the matching rules' outputs (DMN 1.5, 8.2.10). Pure: no FEEL, no table, no frame."""

from collections.abc import Callable, Sequence

Rank = tuple[int, ...]
"""The place of an output in the lists of output values, column by column; lower comes first."""


def by_priority(outputs: Sequence[object], rank: Callable[[object], Rank]) -> list[object]:
    """The outputs by descending priority; those of equal priority stay in rule order (PRIORITY, OUTPUT ORDER)."""
    return sorted(outputs, key=rank)


def agree(outputs: Sequence[object], equal: Callable[[object, object], bool | None]) -> bool:
    """Whether all outputs are equal (ANY)."""
    first = outputs[0]
    return all(equal(first, other) is True for other in outputs[1:])
