"""What a decision table leaves of one evaluation, to be explained afterwards. Nothing here compiles or evaluates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from app.dmn.model import DecisionTable
from app.dmn.reasons import LocatedReason


@dataclass(frozen=True, slots=True)
class CellMiss:
    """A rule that did not match, and its first cell that failed; both count from 0. `reasons` say why it is null."""

    rule: int
    column: int
    value: object
    reasons: tuple[LocatedReason, ...] = ()


@dataclass(frozen=True, slots=True)
class TableHit:
    """One evaluation of a table: the input values, the rules that matched (from 0), and on request why others did not.

    `misses` evaluates anew, with the variables and the moment of the evaluation.
    """

    table: DecisionTable
    values: tuple[object, ...]
    matched: tuple[int, ...]
    misses: Callable[[], Iterator[CellMiss]] = field(repr=False)
