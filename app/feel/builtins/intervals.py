"""Range functions (DMN 1.5, 10.3.4.9, table 78): how points and ranges lie to each other."""

from app.feel.builtins.registry import Registry
from app.feel.frame import Failure, ReasonKind
from app.feel.values import Range, compare, equal, within

FUNCTIONS = Registry()
function = FUNCTIONS.function


def _order(left: object, right: object) -> int:
    """How two endpoints compare; raises Failure where they do not, or where one is open-ended."""
    order = compare(left, right)
    if order is None:
        raise Failure("Expected points and ranges of one type, but found others.", ReasonKind.NOT_COMPARABLE)
    return order


def _ends_before(first: Range, second: Range) -> bool:
    order = _order(first.end, second.start)
    return order < 0 or (order == 0 and not (first.end_included and second.start_included))


def _starts_no_later(first: Range, second: Range) -> bool:
    """Whether no point of `second` comes before the start of `first`."""
    order = _order(first.start, second.start)
    return order < 0 or (order == 0 and (first.start_included or not second.start_included))


def _ends_no_earlier(first: Range, second: Range) -> bool:
    order = _order(first.end, second.end)
    return order > 0 or (order == 0 and (first.end_included or not second.end_included))


def _contains(range_: Range, point: object) -> bool:
    verdict = within(point, range_)
    if verdict is None:
        raise Failure("Expected a point that compares with the range, but found another.", ReasonKind.NOT_COMPARABLE)
    return verdict


@function("before(point1: point, point2: point)")
def before(point1: object, point2: object) -> bool:
    return _order(point1, point2) < 0


@function("before(point: point, range: range)")
def before_range(point: object, range_: Range) -> bool:
    order = _order(point, range_.start)
    return order < 0 or (order == 0 and not range_.start_included)


@function("before(range: range, point: point)")
def range_before(range_: Range, point: object) -> bool:
    order = _order(range_.end, point)
    return order < 0 or (order == 0 and not range_.end_included)


@function("before(range1: range, range2: range)")
def range_before_range(range1: Range, range2: Range) -> bool:
    return _ends_before(range1, range2)


@function("after(point1: point, point2: point)")
def after(point1: object, point2: object) -> bool:
    return _order(point1, point2) > 0


@function("after(point: point, range: range)")
def after_range(point: object, range_: Range) -> bool:
    return range_before(range_, point)


@function("after(range: range, point: point)")
def range_after(range_: Range, point: object) -> bool:
    return before_range(point, range_)


@function("after(range1: range, range2: range)")
def range_after_range(range1: Range, range2: Range) -> bool:
    return _ends_before(range2, range1)


@function("meets(range1: range, range2: range)")
def meets(range1: Range, range2: Range) -> bool:
    return range1.end_included and range2.start_included and _order(range1.end, range2.start) == 0


@function("met by(range1: range, range2: range)")
def met_by(range1: Range, range2: Range) -> bool:
    return meets(range2, range1)


@function("overlaps(range1: range, range2: range)")
def overlaps(range1: Range, range2: Range) -> bool:
    return not _ends_before(range1, range2) and not _ends_before(range2, range1)


@function("overlaps before(range1: range, range2: range)")
def overlaps_before(range1: Range, range2: Range) -> bool:
    """Whether the first starts before the second and ends inside it or with it."""
    starts_earlier = not _starts_no_later(range2, range1)
    return starts_earlier and not _ends_before(range1, range2) and _ends_no_earlier(range2, range1)


@function("overlaps after(range1: range, range2: range)")
def overlaps_after(range1: Range, range2: Range) -> bool:
    """Whether the first starts inside the second and ends after it or with it."""
    return overlaps_before(range2, range1)


@function("finishes(point: point, range: range)")
def finishes(point: object, range_: Range) -> bool:
    return range_.end_included and _order(point, range_.end) == 0


@function("finishes(range1: range, range2: range)")
def range_finishes(range1: Range, range2: Range) -> bool:
    same_end = range1.end_included is range2.end_included and _order(range1.end, range2.end) == 0
    return same_end and _starts_no_later(range2, range1)


@function("finished by(range: range, point: point)")
def finished_by(range_: Range, point: object) -> bool:
    return finishes(point, range_)


@function("finished by(range1: range, range2: range)")
def range_finished_by(range1: Range, range2: Range) -> bool:
    return range_finishes(range2, range1)


@function("includes(range: range, point: point)")
def includes(range_: Range, point: object) -> bool:
    return _contains(range_, point)


@function("includes(range1: range, range2: range)")
def includes_range(range1: Range, range2: Range) -> bool:
    return _starts_no_later(range1, range2) and _ends_no_earlier(range1, range2)


@function("during(point: point, range: range)")
def during(point: object, range_: Range) -> bool:
    return _contains(range_, point)


@function("during(range1: range, range2: range)")
def range_during(range1: Range, range2: Range) -> bool:
    return includes_range(range2, range1)


@function("starts(point: point, range: range)")
def starts(point: object, range_: Range) -> bool:
    return range_.start_included and _order(point, range_.start) == 0


@function("starts(range1: range, range2: range)")
def range_starts(range1: Range, range2: Range) -> bool:
    same_start = range1.start_included is range2.start_included and _order(range1.start, range2.start) == 0
    return same_start and _ends_no_earlier(range2, range1)


@function("started by(range: range, point: point)")
def started_by(range_: Range, point: object) -> bool:
    return starts(point, range_)


@function("started by(range1: range, range2: range)")
def range_started_by(range1: Range, range2: Range) -> bool:
    return range_starts(range2, range1)


@function("coincides(point1: point, point2: point)")
def coincides(point1: object, point2: object) -> bool:
    _order(point1, point2)
    return equal(point1, point2) is True


@function("coincides(range1: range, range2: range)")
def ranges_coincide(range1: Range, range2: Range) -> bool:
    _order(range1.start, range2.start)
    return equal(range1, range2) is True
