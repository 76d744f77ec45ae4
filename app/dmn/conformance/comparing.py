"""Whether what was found is what was expected: numbers within 1e-8, lists and contexts of the same size."""

from decimal import Decimal

from app import feel

TOLERANCE = Decimal("1e-8")


def same(expected: object, found: object) -> bool:
    """Whether the two values count as equal in the kit."""
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(expected - found) <= TOLERANCE
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(same(a, b) for a, b in zip(expected, found, strict=True))
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(value, found[name]) for name, value in expected.items())
    if expected is None or found is None:
        return expected is found
    return feel.equal(expected, found) is True
