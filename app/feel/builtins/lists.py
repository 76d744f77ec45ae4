"""List functions (DMN 1.5, 10.3.4.4). Positions count from 1, or from the end with -1."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from app.feel.builtins.identities import Identities
from app.feel.builtins.registry import Registry
from app.feel.calls import call
from app.feel.frame import Failure, Frame, ReasonKind
from app.feel.temporal import DaysAndTime, YearsAndMonths
from app.feel.text import shown
from app.feel.values import ARITHMETIC, Function, compare, equal, whole
from app.feel.work import Walk

FUNCTIONS = Registry()
function = FUNCTIONS.function


def _numbers(items: list[object]) -> list[Decimal]:
    for item in items:
        if not isinstance(item, Decimal):
            raise Failure(f"Expected numbers only, but found {shown(item)}.", ReasonKind.WRONG_TYPE)
    return cast("list[Decimal]", items)


def _one_list(arguments: tuple[object, ...]) -> list[object]:
    """The items that a function may be given as a list or as its arguments; raises Failure where there are none."""
    if not arguments:
        raise Failure("Expected a list or items, but found no arguments.", ReasonKind.WRONG_ARGUMENTS)
    if len(arguments) == 1:
        if arguments[0] is None:
            raise Failure("Expected a list, but found null.", ReasonKind.NULL_OPERAND)
        return arguments[0] if isinstance(arguments[0], list) else [arguments[0]]
    return list(arguments)


@function("list contains(list: list, element: any)", frame=True)
def list_contains(frame: Frame, items: list[object], element: object) -> bool:
    walk = Walk(frame)
    return any(equal(item, element, walk) is True for item in items)


@function("count(list: list)", constant=True)
def count(items: list[object]) -> Decimal:
    return Decimal(len(items))


def _extreme(arguments: tuple[object, ...], direction: int) -> object:
    items = _one_list(arguments)
    best: object = None
    for index, item in enumerate(items):
        order = 0 if index == 0 else compare(item, best)
        if item is None or order is None or (index == 0 and compare(item, item) is None):
            raise Failure("Expected items that compare, but found others.", ReasonKind.NOT_COMPARABLE)
        if index == 0 or order == direction:
            best = item
    return best


@function("min(*list: any)")
def minimum(*arguments: object) -> object:
    return _extreme(arguments, -1)


@function("max(*list: any)")
def maximum(*arguments: object) -> object:
    return _extreme(arguments, 1)


@function("sum(*list: any)")
def sum_(*arguments: object) -> object:
    items = _one_list(arguments)
    if not items:
        return None
    if isinstance(items[0], DaysAndTime) and all(isinstance(item, DaysAndTime) for item in items):
        return DaysAndTime(sum(item.nanos for item in cast("list[DaysAndTime]", items)))
    if isinstance(items[0], YearsAndMonths) and all(isinstance(item, YearsAndMonths) for item in items):
        return YearsAndMonths(sum(item.months for item in cast("list[YearsAndMonths]", items)))
    return _total(_numbers(items), ARITHMETIC.add, Decimal(0))


def _total(numbers: list[Decimal], operation: Callable[[Decimal, Decimal], Decimal], start: Decimal) -> Decimal:
    total = start
    for number in numbers:
        total = operation(total, number)
    return total


@function("product(*list: any)")
def product(*arguments: object) -> Decimal | None:
    items = _one_list(arguments)
    return _total(_numbers(items), ARITHMETIC.multiply, Decimal(1)) if items else None


@function("mean(*list: any)")
def mean(*arguments: object) -> Decimal | None:
    numbers = _numbers(_one_list(arguments))
    return _mean(numbers) if numbers else None


def _mean(numbers: list[Decimal]) -> Decimal:
    return ARITHMETIC.divide(_total(numbers, ARITHMETIC.add, Decimal(0)), Decimal(len(numbers)))


@function("median(*list: any)")
def median(*arguments: object) -> Decimal | None:
    numbers = sorted(_numbers(_one_list(arguments)))
    if not numbers:
        return None
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else _mean(numbers[middle - 1 : middle + 1])


@function("stddev(*list: any)")
def stddev(*arguments: object) -> Decimal:
    """The standard deviation of a sample: of at least two numbers, divided by their count less one."""
    numbers = _numbers(_one_list(arguments))
    if len(numbers) < 2:
        raise Failure("Expected at least two numbers, but found fewer.", ReasonKind.OUT_OF_RANGE)
    centre = _mean(numbers)
    differences = [ARITHMETIC.subtract(number, centre) for number in numbers]
    squares = _total([ARITHMETIC.multiply(d, d) for d in differences], ARITHMETIC.add, Decimal(0))
    return ARITHMETIC.sqrt(ARITHMETIC.divide(squares, Decimal(len(numbers) - 1)))


@function("mode(*list: any)")
def mode(*arguments: object) -> list[Decimal]:
    counts: dict[Decimal, int] = {}
    for number in _numbers(_one_list(arguments)):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


def _all_boolean(items: list[object]) -> None:
    for item in items:
        if item is not None and not isinstance(item, bool):
            raise Failure(f"Expected booleans only, but found {shown(item)}.", ReasonKind.WRONG_TYPE)


@function("all(*list: any)")
def all_(*arguments: object) -> bool | None:
    """False if an item is, true if all are, otherwise null."""
    items = _one_list(arguments)
    if any(item is False for item in items):
        return False
    _all_boolean(items)
    return None if None in items else True


@function("any(*list: any)")
def any_(*arguments: object) -> bool | None:
    """True if an item is, false if all are false, otherwise null."""
    items = _one_list(arguments)
    if any(item is True for item in items):
        return True
    _all_boolean(items)
    return None if None in items else False


def _position(items: list[object], position: Decimal, *, room: int = 0) -> int:
    """The index in Python's sense of a position; `room` more positions than items may be named."""
    number = whole(position)
    if 1 <= number <= len(items) + room:
        return number - 1
    if 1 <= -number <= len(items):
        return len(items) + number
    raise Failure(f"Expected a position within {len(items)} items, but found {position}.", ReasonKind.OUT_OF_RANGE)


@function("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[object], start_position: Decimal, length: Decimal | None) -> list[object]:
    start = _position(items, start_position)
    if length is None:
        return items[start:]
    count_wanted = whole(length)
    if count_wanted < 1 or start + count_wanted > len(items):
        raise Failure(f"Expected a length within the list, but found {length}.", ReasonKind.OUT_OF_RANGE)
    return items[start : start + count_wanted]


@function("append(list: list, *item: any)")
def append(items: list[object], *more: object) -> list[object]:
    return [*items, *more]


@function("concatenate(*list: list)", frame=True)
def concatenate(frame: Frame, *lists: list[object]) -> list[object]:
    if not lists:
        raise Failure("Expected lists, but found no arguments.", ReasonKind.WRONG_ARGUMENTS)
    frame.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


@function("insert before(list: list, position: number, newItem: any)")
def insert_before(items: list[object], position: Decimal, new_item: object) -> list[object]:
    index = _position(items, position)
    return [*items[:index], new_item, *items[index:]]


@function("remove(list: list, position: number)")
def remove(items: list[object], position: Decimal) -> list[object]:
    index = _position(items, position)
    return [*items[:index], *items[index + 1 :]]


@function("list replace(list: list, position: number, newItem: any)")
def list_replace(items: list[object], position: Decimal, new_item: object) -> list[object]:
    index = _position(items, position)
    return [*items[:index], new_item, *items[index + 1 :]]


@function("list replace(list: list, match: function, newItem: any)", frame=True)
def list_replace_matching(frame: Frame, items: list[object], match: Function, new_item: object) -> list[object]:
    """Each item for which `match(item, newItem)` is true becomes the new one."""
    replaced: list[object] = []
    for item in items:
        verdict = call(frame, match, (item, new_item))
        if not isinstance(verdict, bool):
            raise Failure("Expected a function of two parameters that answers a boolean.", ReasonKind.WRONG_ARGUMENTS)
        replaced.append(new_item if verdict else item)
    return replaced


@function("reverse(list: list)")
def reverse(items: list[object]) -> list[object]:
    return items[::-1]


@function("index of(list: list, match: any)", frame=True)
def index_of(frame: Frame, items: list[object], match: object) -> list[Decimal]:
    walk = Walk(frame)
    return [Decimal(position) for position, item in enumerate(items, 1) if equal(item, match, walk) is True]


def distinct(frame: Frame, items: list[object]) -> list[object]:
    """The items without later ones that equal an earlier one."""
    identities = Identities(frame)
    first: dict[int, object] = {}
    for item in items:
        first.setdefault(identities.of(item), item)
    return list(first.values())


@function("distinct values(list: list)", frame=True)
def distinct_values(frame: Frame, items: list[object]) -> list[object]:
    return distinct(frame, items)


@function("union(*list: list)", frame=True)
def union(frame: Frame, *lists: list[object]) -> list[object]:
    return distinct(frame, concatenate(frame, *lists))


@function("flatten(list: list)", frame=True)
def flatten(frame: Frame, items: list[object]) -> list[object]:
    flat: list[object] = []
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, list):
                frame.spend(len(item))
                waiting.append(iter(item))
                break
            flat.append(item)
        else:
            waiting.pop()
    return flat
