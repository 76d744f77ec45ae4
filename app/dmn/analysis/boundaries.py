"""Inputs worth testing: every endpoint of a column's cells, and its nearest neighbours on both sides."""

from decimal import Decimal

from app import feel
from app.dmn.analysis.spaces import Space
from app.dmn.tables.cells import Ordered

MAX_VALUES = 60
"""How many values are proposed for a column."""


def boundary_values(space: Space) -> tuple[object, ...]:
    """Values at, just below and just above each endpoint, ascending; of strings, the strings and another one."""
    if space.kind is str:
        other = next((v for s in range(2 * len(space.points), -1, -2) if (v := space.value(s)) is not None), None)
        return (*space.points[:MAX_VALUES], *(() if other is None else (other,)))
    if space.kind is bool:
        return (False, True)
    found: set[Ordered] = set()
    for point in space.points:
        found.add(point)
        found.update(_neighbours(point))
        if len(found) >= MAX_VALUES:
            break
    return tuple(sorted(found))


def _neighbours(point: Ordered) -> tuple[Ordered, ...]:
    if isinstance(point, Decimal):
        exponent = point.as_tuple().exponent
        unit = Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
        return point - unit, point + unit
    step_text = {feel.Date: "P1D", feel.DaysAndTime: "PT1S", feel.YearsAndMonths: "P1M"}[type(point)]
    step = feel.evaluate(f'@"{step_text}"')
    found = (feel.evaluate(f"x {sign} step", {"x": point, "step": step}) for sign in "-+")
    return tuple(value for value in found if value is not None)
