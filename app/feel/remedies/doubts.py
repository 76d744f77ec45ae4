"""Pieces of a tree that are FEEL, and another thing than they look like: each function knows one shape."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.feel import nodes
from app.feel.names import Scope
from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.spots import Use
from app.feel.remedies.temporal_texts import spelled
from app.feel.temporal import read_date, read_date_and_time, read_duration, read_time
from app.feel.tokens import Source

_ISO = re.compile(r"(\d{4})\s*-\s*(\d{1,2})\s*-\s*(\d{1,2})")
_SLASHES = re.compile(r"(\d{1,4})\s*/\s*(\d{1,2})\s*/\s*(\d{1,4})")
_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,])")
_GROUPED_WITH_POINTS = re.compile(r"(?<![\w.,])\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\w,])")
_COMMENT = re.compile(r"([\w.]+|\([^()]*\))\s*//\s*([\w.]+)\s*")
_ORDERS = frozenset({"<", "<=", ">", ">="})
_CONVERSIONS = frozenset({"date", "time", "date and time", "duration", "number"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """The characters `start` to `end` of a text, what is odd about them, and what to put there instead."""

    mistake: Mistake
    message: str
    remedy: str
    start: int
    end: int
    corrected: str | None = None
    name: str | None = None
    is_call: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree's text and surroundings: `unknown` are its names that nobody declares, `known` those it may use."""

    source: Source
    scope: Scope
    unknown: frozenset[str]
    use: Use
    known: tuple[str, ...]

    def span(self, node: nodes.Node) -> tuple[int, int]:
        return self.source.offsets(node.first)[0], self.source.offsets(max(node.first, node.last - 1))[1]

    def written(self, node: nodes.Node) -> str:
        start, end = self.span(node)
        return self.source.text[start:end]

    def doubt(  # noqa: PLR0917 - a doubt, with the node in place of its characters
        self,
        node: nodes.Node,
        mistake: Mistake,
        message: str,
        remedy: str,
        corrected: str | None = None,
        name: str | None = None,
    ) -> Doubt:
        start, end = self.span(node)
        return Doubt(mistake, message, remedy, start, end, corrected, name)

    def simple(self, node: nodes.Node, mistake: Mistake, expected: str, instead: str) -> Doubt:
        """The doubt about `node` where it is certain what to write `instead`."""
        found = self.written(node)
        message = f"{expected}, but found `{found[:60]}`."
        return self.doubt(node, mistake, message, mistake.sentence(f"`{found[:60]}`", f"`{instead}`"), instead)


def of_text(reading: Reading) -> Iterator[Doubt]:
    """A comment that was meant as a division."""
    match = _COMMENT.fullmatch(reading.source.text.strip())
    if match is not None:
        text = reading.source.text
        instead = f"floor({match[1]} / {match[2]})"
        message = f"Expected a division, but found the comment `//{match[2]}`."
        remedy = Mistake.COMMENT.sentence("", f"`{instead}`")
        yield Doubt(Mistake.COMMENT, message, remedy, 0, len(text), instead)


def of_tests(tests: nodes.Tests, reading: Reading) -> Iterator[Doubt]:
    """``1,000`` is two tests, ``[1,10]`` two values, ``> 5, < 10`` everything."""
    text = reading.source.text
    for pattern, mistake in ((_GROUPED_WITH_POINTS, Mistake.GROUPED_TESTS), (_GROUPED, Mistake.GROUPED_TESTS)):
        for match in pattern.finditer(text):
            if '"' in text or (found := match[0]).endswith(","):
                continue
            plain = found.replace(",", "")
            if pattern is _GROUPED_WITH_POINTS:
                plain = found.replace(".", "").replace(",", ".")
            message = f"Expected a number, but found two tests in `{found}`."
            remedy = mistake.sentence(f"`{found}`", f"`{plain}`")
            yield Doubt(mistake, message, remedy, match.start(), match.end(), plain)
    for test in tests.tests:
        if isinstance(test, nodes.ListLiteral) and len(test.items) == 2 and all(map(_is_number, test.items)):
            low, high = map(reading.written, test.items)
            yield reading.simple(test, Mistake.LIST_RANGE, "Expected a range", f"[{low}..{high}]")
        if (
            isinstance(test, nodes.Arithmetic)
            and test.operator == "-"
            and _is_number(test.left)
            and _is_number(test.right)
        ):
            low, high = reading.written(test.left), reading.written(test.right)
            yield reading.simple(test, Mistake.MINUS_RANGE, "Expected a test", f"[{low}..{high}]")


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Literal) and isinstance(node.value, str)


def of_arithmetic(node: nodes.Arithmetic, reading: Reading) -> Doubt | None:
    """``2024-01-05``, ``01/05/2024``, ``"a" + 1``."""
    written = reading.written(node)
    if match := _ISO.fullmatch(written):
        call = spelled("date", f"{match[1]}/{match[2]}/{match[3]}")
        return None if call is None else reading.simple(node, Mistake.DATE_ARITHMETIC, "Expected a date", call)
    if (match := _SLASHES.fullmatch(written)) and "4" in {str(len(match[1])), str(len(match[3]))}:
        call = spelled("date", "/".join(match.groups()))
        if call is not None:
            return reading.simple(node, Mistake.DIVIDED_DATE, "Expected a date", call)
        remedy = Mistake.DIVIDED_DATE.sentence(f"`{written}`", '`date("2024-01-31")`')
        return reading.doubt(node, Mistake.DIVIDED_DATE, f"Expected a date, but found `{written}`.", remedy)
    if node.operator == "+" and (_is_text(node.left) and _is_number(node.right)):
        joined = f"{reading.written(node.left)} + string({reading.written(node.right)})"
        return reading.simple(node, Mistake.TEXT_AND_NUMBER, "Expected two texts", joined)
    return None


def of_logic(node: nodes.Logic, reading: Reading) -> Doubt | None:
    """``"gold" or "silver"``, ``status = "a" or "b"``, ``not("a") and not("b")``."""
    if node.operator == "or" and all(_is_word(part, reading) for part in node.parts):
        tests = [_quoted(part, reading) for part in node.parts]
        if reading.use is Use.INPUT_CELL:
            return reading.simple(node, Mistake.TEXTS_AS_CONDITIONS, "Expected tests", ", ".join(tests))
        remedy = Mistake.TEXTS_AS_CONDITIONS.sentence("", f"`x in ({', '.join(tests)})`")
        message = f"Expected conditions, but found `{reading.written(node)[:60]}`."
        return reading.doubt(node, Mistake.TEXTS_AS_CONDITIONS, message, remedy)
    first, *rest = node.parts
    if (
        node.operator == "or"
        and isinstance(first, nodes.Comparison)
        and first.operator == "="
        and all(_is_text(part) or _is_number(part) for part in (first.right, *rest))
    ):
        values = ", ".join(map(reading.written, (first.right, *rest)))
        instead = f"{reading.written(first.left)} in ({values})"
        return reading.simple(node, Mistake.COMPARED_TO_ALTERNATIVES, "Expected conditions", instead)
    if node.operator == "and" and reading.use is Use.INPUT_CELL and all(map(_is_negated_value, node.parts)):
        values = ", ".join(reading.written(part)[len("not(") : -1] for part in node.parts)
        return reading.simple(node, Mistake.ONE_NEGATION, "Expected a test", f"not({values})")
    return None


def _is_word(node: nodes.Node, reading: Reading) -> bool:
    return _is_text(node) or (
        isinstance(node, nodes.Name) and node.name in reading.unknown and reading.use is Use.INPUT_CELL
    )


def _quoted(node: nodes.Node, reading: Reading) -> str:
    return f'"{node.name}"' if isinstance(node, nodes.Name) else reading.written(node)


def _is_negated_value(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Invocation)
        and isinstance(node.callee, nodes.Name)
        and node.callee.name == "not"
        and bool(node.positional)
        and all(_is_text(value) or _is_number(value) for value in node.positional)
    )


def of_comparison(node: nodes.Comparison, reading: Reading) -> Doubt | None:
    """``1 < x < 10``."""
    left = node.left
    if not (isinstance(left, nodes.Comparison) and left.operator in _ORDERS and node.operator in _ORDERS):
        return None
    if reading.source.tokens[left.last] != node.operator:
        return None  # it stands in parentheses
    middle = reading.written(left.right)
    instead = f"{reading.written(left)} and {middle} {node.operator} {reading.written(node.right)}"
    return reading.simple(node, Mistake.CHAINED, "Expected two sides of a comparison", instead)


def of_filter(node: nodes.Filter, reading: Reading) -> Doubt | None:
    """``list[0]``."""
    if not (_is_number(node.condition) and isinstance(node.condition, nodes.Literal) and not node.condition.value):
        return None
    return reading.simple(node, Mistake.FIRST_INDEX, "Expected a position from 1", f"{reading.written(node.value)}[1]")


def of_range(node: nodes.RangeLiteral, reading: Reading) -> Doubt | None:
    """``[1...10]``, which ends at 0.10."""
    written = reading.written(node)
    return (
        reading.simple(node, Mistake.DOTS, "Expected two dots", written.replace("...", ".."))
        if "..." in written
        else None
    )


def of_iterations(node: nodes.For | nodes.Quantified, reading: Reading) -> Doubt | None:
    """``for each x in list``, whose variable is called ``each x``."""
    first = node.iterations[0]
    if not first.name.startswith("each "):
        return None
    start = reading.source.offsets(first.first)[0]
    remedy = Mistake.SPELLING.sentence("", f"`for {first.name[5:]} in`")
    message = f"Expected the name of an iteration, but found `{first.name}`."
    return Doubt(Mistake.SPELLING, message, remedy, start, start + len("each "), "")


def of_conversion(node: nodes.Invocation, name: str, argument: nodes.Node, reading: Reading) -> Doubt | None:
    """``date("05.01.2024")``, ``date(2024-01-05)``, ``time("10:30")``, ``duration("1 day")``."""
    if name not in _CONVERSIONS or name in reading.scope.variables:
        return None
    if isinstance(argument, nodes.Literal) and isinstance(argument.value, str):
        if _readable(name, argument.value):
            return None
        call = spelled(name, argument.value)
        expected = f"Expected the text of a {name}"
        if call is not None:
            return reading.simple(node, Mistake.TEMPORAL, expected, call)
        form = Mistake.NUMBER_FORM if name == "number" else Mistake.TEMPORAL_FORM
        return reading.doubt(node, form, f"{expected}, but found `{reading.written(node)[:60]}`.", form.sentence())
    if (
        name == "date"
        and isinstance(argument, nodes.Arithmetic)
        and (match := _ISO.fullmatch(reading.written(argument)))
    ):
        call = spelled("date", f"{match[1]}/{match[2]}/{match[3]}")
        return None if call is None else reading.simple(node, Mistake.DATE_ARITHMETIC, "Expected a date", call)
    return None


def _readable(name: str, text: str) -> bool:
    """Whether the function reads the text as it is."""
    reader = {"date": read_date, "time": read_time, "date and time": read_date_and_time, "duration": read_duration}.get(
        name
    )
    return (
        reader(text) is not None if reader is not None else re.fullmatch(r"-?[\d.]+(?:[eE][+-]?\d+)?", text) is not None
    )


__all__ = ["Doubt", "Reading"]
