"""What can be read and does hardly mean what it says: unknown names, methods, dates that are subtractions.

Here lives the walk over a tree and the order of its findings. Advice is no error: who asks for it knows the place, and
decides what it is worth.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from app.feel import nodes
from app.feel.function_names import FUNCTION_NAMES
from app.feel.remedies import doubts
from app.feel.remedies.catalogue import Mistake
from app.feel.remedies.doubts import Doubt, Reading
from app.feel.remedies.elsewhere import ANYTHING
from app.feel.remedies.names import Instead, instead_of_function, instead_of_method, instead_of_name
from app.feel.remedies.spots import Use
from app.feel.shapes import has_member
from app.feel.tokens import Source

_CALLED_WITHOUT_ARGUMENTS = frozenset({"now", "today"})


@dataclass(frozen=True, slots=True)
class Advice:
    """`start` and `end` count code points of the text from 0, `line` and `column` from 1.

    `name` is set where it is about a name that nobody declares, and `is_call` where that is called. `corrected` is the
    whole text as it should be, all that is certain being mended; None where nothing is.
    """

    mistake: Mistake
    message: str
    remedy: str
    start: int
    end: int
    line: int
    column: int
    name: str | None = None
    corrected: str | None = None
    is_call: bool = False


def advise(node: nodes.Node, reading: Reading) -> tuple[Advice, ...]:
    """The advice on the tree `node`, in the order of the text."""
    source = reading.source
    found = _outermost({(one.start, one.end): one for one in _found(node, reading)}.values())
    corrected = _corrected(source.text, found)
    advice = [_located(doubt, source, corrected) for doubt in found]
    if corrected is not None and len(corrected) <= _SHOWN and f"`{corrected.strip()}`" not in advice[0].remedy:
        advice[0] = replace(advice[0], remedy=f"{advice[0].remedy} In full: `{corrected.strip()}`.")
    return tuple(advice)


_SHOWN = 160


def _outermost(found: Iterable[Doubt]) -> list[Doubt]:
    """The doubts in the order of the text, without those inside another one that mends them too."""
    kept: list[Doubt] = []
    for doubt in sorted(found, key=lambda one: (one.start, -one.end)):
        around = kept[-1] if kept else None
        if around is None or doubt.start >= around.end or around.corrected is None:
            kept.append(doubt)
    return kept


def _corrected(text: str, found: list[Doubt]) -> str | None:
    """The whole text with all that is certain mended; None where nothing is."""
    corrected, before = text, len(text) + 1
    for doubt in reversed(found):
        if doubt.corrected is not None and doubt.end <= before:
            alone = not text[: doubt.start].strip() and not text[doubt.end :].strip()
            instead = doubt.corrected if alone or not _OPERATES.search(doubt.corrected) else f"({doubt.corrected})"
            corrected, before = corrected[: doubt.start] + instead + corrected[doubt.end :], doubt.start
    return corrected if before <= len(text) else None


_OPERATES = re.compile(r"^(?:if|for|some|every) |^[^(\"]* (?:=|!=|<|>|and|or|in|\*\*|instance of) ")


def _located(doubt: Doubt, source: Source, corrected: str | None) -> Advice:
    line, column = source.text.count("\n", 0, doubt.start) + 1, doubt.start - source.text.rfind("\n", 0, doubt.start)
    return Advice(
        doubt.mistake,
        doubt.message,
        doubt.remedy,
        doubt.start,
        doubt.end,
        line,
        column,
        doubt.name,
        corrected,
        doubt.is_call,
    )


def _found(node: nodes.Node, reading: Reading) -> Iterator[Doubt]:
    yield from doubts.of_text(reading)
    if isinstance(node, nodes.Tests):
        yield from doubts.of_tests(node, reading)
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, nodes.Invocation):
            doubt = _invocation(item, reading)
            if doubt is not None:
                yield doubt
            waiting.extend([item.positional, list((item.named or {}).values())])
            if doubt is None and not isinstance(item.callee, nodes.Name):
                waiting.append(item.callee)
        elif isinstance(item, nodes.Node):
            finder = _FINDERS.get(item.__class__)
            if finder is not None and (doubt := finder(item, reading)) is not None:
                yield doubt
            waiting.extend(getattr(item, field.name) for field in fields(item))
        elif isinstance(item, list | tuple):
            waiting.extend(item)


def _name(node: nodes.Name, reading: Reading) -> Doubt | None:
    name = node.name
    if name in reading.unknown:
        instead = instead_of_name(name, reading.known, reading.use)
        message = f"Expected a name that is known here, but found `{name}`."
        if instead is None:
            return None
        return reading.doubt(node, instead.mistake, message, instead.remedy, instead.corrected, name)
    if name in reading.scope.variables or name not in FUNCTION_NAMES:
        return None
    if reading.use is Use.INPUT_CELL and name in ANYTHING:
        return reading.simple(node, Mistake.ANYTHING, "Expected a test", "-")
    if name in _CALLED_WITHOUT_ARGUMENTS and reading.source.tokens[node.last] != ")":
        return reading.simple(node, Mistake.PARENTHESES, "Expected a value", f"{name}()")
    return None


def _invocation(node: nodes.Invocation, reading: Reading) -> Doubt | None:
    callee = node.callee
    if isinstance(callee, nodes.Name) and callee.name in reading.unknown and node.named is None:
        arguments = [reading.written(argument) for argument in node.positional]
        if callee.name in ("IN", "In"):
            return reading.simple(node, Mistake.TEST_WORD, "Expected tests", ", ".join(arguments))
        instead = instead_of_function(callee.name, reading.scope, arguments)
        message = f"Expected a function of FEEL, but found `{callee.name}`."
        return None if instead is None else _replacing(node, reading, message, instead, callee.name)
    if isinstance(callee, nodes.Path) and node.named is None and not _knows_member(callee, reading):
        arguments = [reading.written(callee.value), *map(reading.written, node.positional)]
        instead = instead_of_method(callee.member, reading.scope, arguments)
        message = f"Expected a function of FEEL, but found the method `.{callee.member}()`."
        return None if instead is None else _replacing(node, reading, message, instead, None)
    if isinstance(callee, nodes.Name) and len(node.positional) == 1:
        return doubts.of_conversion(node, callee.name, node.positional[0], reading)
    return None


def _knows_member(path: nodes.Path, reading: Reading) -> bool:
    """Whether the value is known to have the member, as an imported model has its functions."""
    value = path.value
    return isinstance(value, nodes.Name) and has_member(reading.scope.variables.get(value.name), path.member)


def _replacing(node: nodes.Node, reading: Reading, message: str, instead: Instead, name: str | None) -> Doubt:
    corrected = instead.corrected
    if corrected is not None and "…" in corrected:
        corrected = None
    return replace(reading.doubt(node, instead.mistake, message, instead.remedy, corrected, name), is_call=True)


_FINDERS: Mapping[type[nodes.Node], Callable[[Any, Reading], Doubt | None]] = {
    nodes.Name: _name,
    nodes.Arithmetic: doubts.of_arithmetic,
    nodes.Logic: doubts.of_logic,
    nodes.Comparison: doubts.of_comparison,
    nodes.Filter: doubts.of_filter,
    nodes.RangeLiteral: doubts.of_range,
    nodes.For: doubts.of_iterations,
    nodes.Quantified: doubts.of_iterations,
}

__all__ = ["Advice", "advise"]
