"""The function `sort` (DMN 1.5, 10.3.4.7): it calls back, and must stop however the callback answers."""

from functools import cmp_to_key

from app.feel.builtins.registry import Registry
from app.feel.calls import call
from app.feel.frame import Failure, Frame, ReasonKind
from app.feel.values import Function, compare

FUNCTIONS = Registry()
function = FUNCTIONS.function


@function("sort(list: list, precedes?: function)", frame=True)
def sort(frame: Frame, items: list[object], precedes: Function | None) -> list[object]:
    """The items so that each precedes the next; without a function, in their natural order. The sort is stable."""
    if precedes is None:
        if any(compare(items[0], item) is None for item in items):
            raise Failure("Expected items that compare, but found others.", ReasonKind.NOT_COMPARABLE)
        return sorted(items, key=cmp_to_key(lambda a, b: compare(a, b) or 0))
    if len(precedes.parameters) != 2:
        raise Failure("Expected a function of two parameters.", ReasonKind.WRONG_ARGUMENTS)

    def order(left: object, right: object) -> int:
        if call(frame, precedes, (left, right)) is True:
            return -1
        return 1 if call(frame, precedes, (right, left)) is True else 0

    return sorted(items, key=cmp_to_key(order))
