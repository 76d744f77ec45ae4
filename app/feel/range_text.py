"""What range() reads (DMN 1.5, 10.3.4.1, table 71): a range of literals, also one open to one side (rule 66)."""

import re
from dataclasses import replace

from app.feel import nodes
from app.feel.climbing import FeelSyntaxError
from app.feel.emitter import constant_range
from app.feel.names import Scope
from app.feel.parser import parse
from app.feel.temporal import read_date, read_date_and_time, read_duration, read_time
from app.feel.values import Range

_SCOPE = Scope(closed=False)
_OPEN_START = re.compile(r"\s*[(\]]\s*\.\.(?P<endpoint>.*)(?P<end>[)\]\[])\s*", re.DOTALL)
_OPEN_END = re.compile(r"\s*(?P<start>[(\]\[])(?P<endpoint>.*)\.\.\s*[)\[]\s*", re.DOTALL)
_READERS = {"date": read_date, "time": read_time, "date and time": read_date_and_time, "duration": read_duration}


def read_range(text: str) -> Range | None:
    """The range, or None where the text is not a range of literals that runs upwards."""
    comparison = _as_comparison(text)
    try:
        node, _ = parse(comparison or text, _SCOPE)
    except FeelSyntaxError:
        return None
    if comparison is not None and isinstance(node, nodes.ComparisonRange):
        endpoint = _literal(node.endpoint)
        return None if endpoint is None else constant_range(replace(node, endpoint=endpoint))
    if comparison is not None or not isinstance(node, nodes.RangeLiteral):
        return None
    start, end = _literal(node.start), _literal(node.end)
    if start is None or end is None:
        return None
    return constant_range(nodes.RangeLiteral(node.first, node.last, start, end, node.start_included, node.end_included))


def _as_comparison(text: str) -> str | None:
    """What a range that is open to one side is as a comparison, ``(>=2)`` for ``[2..)``; None for other texts."""
    if (open_start := _OPEN_START.fullmatch(text)) is not None:
        return f"({'<=' if open_start['end'] == ']' else '<'}{open_start['endpoint']})"
    if (open_end := _OPEN_END.fullmatch(text)) is not None:
        return f"({'>=' if open_end['start'] == '[' else '>'}{open_end['endpoint']})"
    return None


def _literal(node: nodes.Node) -> nodes.Literal | None:
    """A literal, or a temporal constructor called with a literal string, as the literal of its value."""
    if isinstance(node, nodes.Literal):
        return node
    if not (isinstance(node, nodes.Invocation) and isinstance(node.callee, nodes.Name) and len(node.positional) == 1):
        return None
    reader, argument = _READERS.get(node.callee.name), node.positional[0]
    if reader is None or not isinstance(argument, nodes.Literal) or not isinstance(argument.value, str):
        return None
    return nodes.Literal(node.first, node.last, reader(argument.value))
