"""Members, indexes and filters (DMN 1.5, 10.3.2.5 and 10.3.2.6), and iteration over lists and ranges (10.3.2.14)."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial

from app.feel.frame import MAX_STEPS, Frame, LimitExceeded, ReasonKind
from app.feel.remedies import reasons
from app.feel.temporal import Date
from app.feel.temporal.properties import property_of
from app.feel.text import shown
from app.feel.tokens import Span
from app.feel.values import Range, type_name, whole


def member(frame: Frame, span: Span, value: object, name: str) -> object:
    """``value.name``: a context's entry, a temporal value's or a range's property; on a list, of every element."""
    if type(value) is dict:
        if name in value:
            return value[name]
        if frame.reasons is None:
            return None
        gist = f"Expected the member {name}, but found another."
        frame.note(ReasonKind.NO_SUCH_MEMBER, gist, span, partial(_no_such_member, value, name))
        return None
    if type(value) is list:
        frame.charge(len(value))
        return [member(frame, span, item, name) for item in value]
    if type(value) is Range and name in _RANGE_PROPERTIES:
        return _RANGE_PROPERTIES[name](value)
    found, result = property_of(value, name)
    if not found and frame.reasons is not None:
        kind = ReasonKind.NULL_OPERAND if value is None else ReasonKind.NO_SUCH_MEMBER
        gist = f"Expected a value with the member {name}, but found {type_name(value)}."
        frame.note(kind, gist, span, partial(_without_members, value, name))
    return result


def _no_such_member(value: dict[str, object], name: str) -> str:
    return _joined(f"Expected the member {name}, but found {_some(value)}.", reasons.of_member(name, value))


def _without_members(value: object, name: str) -> str:
    found = f"Expected a value with the member {name}, but found {shown(value)}."
    return _joined(found, "" if value is None else reasons.of_property(name))


def _joined(message: str, remedy: str) -> str:
    return f"{message} {remedy}" if remedy else message


_RANGE_PROPERTIES: dict[str, Callable[[Range], object]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}


def _some(context: dict[str, object]) -> str:
    names = list(context)[:6]
    return f"only {', '.join(names)}{' and more' if len(context) > len(names) else ''}" if names else "an empty context"


def at_index(frame: Frame, span: Span, value: object, index: Decimal) -> object:
    """``value[index]``: from 1, or from the end with -1; a scalar is a list of one."""
    items = value if type(value) is list else [] if value is None else [value]
    position = whole(index)
    if position == index and 0 < abs(position) <= len(items):
        return items[position - 1 if position > 0 else position]
    if frame.reasons is None:
        return None
    message = f"Expected an index from 1 to {len(items)}, but found {index}."
    frame.note(ReasonKind.OUT_OF_RANGE, message if index else f"{message} {reasons.of_zero()}", span)
    return None


def filtered(
    frame: Frame, span: Span, value: object, condition: Callable[[object], object], steps: int, *, constant: bool
) -> object:
    """``value[condition]``: the items for which the condition is true, or the item that a number points at.

    `constant` says that the condition does not look at the item, so that it may be a number. `steps` is what it costs
    to evaluate it once.
    """
    items = value if type(value) is list else [] if value is None else [value]
    if constant or not items:
        return _chosen(frame, span, items, condition(None))
    frame.spend(len(items) * steps)
    kept: list[object] = []
    for item in items:
        answer = condition(item)
        if answer is True:
            kept.append(item)
        elif type(answer) is Decimal:
            return at_index(frame, span, items, answer)
    return kept


def _chosen(frame: Frame, span: Span, items: list[object], answer: object) -> object:
    """What a condition chooses that is the same for every item."""
    if type(answer) is Decimal:
        return at_index(frame, span, items, answer)
    if answer is None or type(answer) is bool:
        return items if answer else []
    if not items:
        return []
    message = f"Expected a number or a boolean, but found {type_name(answer)}."
    frame.note(
        ReasonKind.WRONG_TYPE, message, span, lambda: f"Expected a number or a boolean, but found {shown(answer)}."
    )
    return None


def domain(frame: Frame, span: Span, value: object) -> Sequence[object] | None:
    """What an iteration over `value` visits: a list's items, a range's integers or days, or the scalar itself."""
    if type(value) is list:
        return value
    if type(value) is Range:
        if value.operator or value.start is None or value.end is None:
            _not_iterable(frame, span, value)
            return None
        return steps(
            frame, span, value.start, value.end, skip_start=not value.start_included, skip_end=not value.end_included
        )
    if value is None:
        _not_iterable(frame, span, value)
        return None
    return [value]


def steps(
    frame: Frame, span: Span, start: object, end: object, *, skip_start: bool = False, skip_end: bool = False
) -> Sequence[object] | None:
    """``start..end``: integers or days, upwards or downwards."""
    if (
        type(start) is Decimal
        and type(end) is Decimal
        and start == start.to_integral_value()
        and end == end.to_integral_value()
    ):
        first, last = whole(start), whole(end)
    elif type(start) is Date and type(end) is Date:
        first, last = start.day_number, end.day_number
    else:
        _not_iterable(frame, span, start if type(start) is not Decimal else end)
        return None
    down = last < first
    if abs(last - first) > MAX_STEPS:
        raise LimitExceeded(f"Expected at most {MAX_STEPS:,} iterations, but found {abs(last - first) + 1:,}.")
    numbers = range(first, last - 1, -1) if down else range(first, last + 1)
    numbers = numbers[int(skip_start) : len(numbers) - int(skip_end)]
    if type(start) is Date:
        return [Date.from_day_number(number) for number in numbers]
    return list(map(Decimal, numbers))


def _not_iterable(frame: Frame, span: Span, value: object) -> None:
    kind = ReasonKind.NULL_OPERAND if value is None else ReasonKind.WRONG_TYPE
    expected = "Expected a list, or a range of integers or dates"
    frame.note(
        kind, f"{expected}, but found {type_name(value)}.", span, lambda: f"{expected}, but found {shown(value)}."
    )


Domain = Callable[..., Sequence[object] | None]


def each(
    frame: Frame, items: Sequence[object] | None, body: Callable[[object], object], steps: int
) -> list[object] | None:
    """``for x in items return body``: the results in order; null where there is nothing to iterate over. `steps` is
    what it costs to evaluate the body once."""
    if items is None:
        return None
    frame.spend(len(items) * steps)
    return [body(item) for item in items]


def each_of(
    frame: Frame, domains: Sequence[Domain], body: Callable[..., object], steps: int, *, partial: bool
) -> list[object] | None:
    """A ``for`` with several iterations, or one that looks at ``partial``, the list of the results so far."""
    results: list[object] = []
    for values in combinations(frame, domains, steps):
        if values is None:
            return None
        results.append(body(*values, list(results)) if partial else body(*values))
        if partial:
            frame.spend(len(results) // 16)  # the copy costs too
    return results


def combinations(
    frame: Frame, domains: Sequence[Domain], steps: int, chosen: tuple[object, ...] = ()
) -> Iterable[tuple[object, ...] | None]:
    """All tuples of one value of each domain, the last varying fastest; None where a domain is not iterable."""
    if len(chosen) == len(domains):
        yield chosen
        return
    items = domains[len(chosen)](*chosen)
    if items is None:
        yield None
        return
    frame.spend(len(items) * steps)
    for item in items:
        yield from combinations(frame, domains, steps, (*chosen, item))


def _no_boolean(answer: object) -> str:
    return f"Expected a boolean, but found {shown(answer)}."


def quantified(
    frame: Frame, span: Span, domains: Sequence[Domain], condition: Callable[..., object], steps: int, *, every: bool
) -> bool | None:
    """``some … satisfies`` and ``every … satisfies`` (10.3.2.16), in three-valued logic."""
    verdict: bool | None = every
    for values in combinations(frame, domains, steps):
        answer = None if values is None else condition(*values)
        if answer is (not every):
            return not every
        if answer is not every:
            verdict = None
            if values is None:
                return None
            message = f"Expected a boolean, but found {type_name(answer)}."
            frame.note(ReasonKind.WRONG_TYPE, message, span, partial(_no_boolean, answer))
    return verdict
