"""Values to numbers so that equal values get the same one: what makes `distinct values` linear instead of quadratic."""

from decimal import Decimal

from app.feel.temporal import DateAndTime, Time
from app.feel.temporal.calendar import NANOS_PER_SECOND
from app.feel.work import Budget

_ITEMS_A_STEP = 4


class Identities:
    """Numbers for the values of one call, which `budget` pays for. Two values get the same number exactly if FEEL's
    ``=`` says true."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._numbers: dict[object, int] = {}
        self._structures: dict[int, int] = {}

    def of(self, value: object) -> int:
        if not isinstance(value, list | dict):
            return self._number(_scalar_key(value))
        known = self._structures.get(id(value))
        if known is None:
            self._budget.spend(1 + len(value) // _ITEMS_A_STEP)
            known = self._structures[id(value)] = self._number(self._structure_key(value))
        return known

    def _number(self, key: object) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def _structure_key(self, value: list[object] | dict[str, object]) -> object:
        if isinstance(value, list):
            return (list, *map(self.of, value))
        return (dict, frozenset((name, self.of(item)) for name, item in value.items()))


def _scalar_key(value: object) -> object:
    if isinstance(value, Time):
        return Time, value.zoned, value.instant_nanos // NANOS_PER_SECOND
    if isinstance(value, DateAndTime):
        return DateAndTime, value.zoned, value.instant_nanos // NANOS_PER_SECOND
    return (Decimal if isinstance(value, Decimal) else type(value)), value
