"""Which words occur in the expressions of a decision: what could be the name of something that nobody declares."""

import re
from collections.abc import Iterator

from app.dmn.model import Expression, LiteralExpression, parts, tables

_WORD = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def words_of(expression: Expression | None) -> frozenset[str]:
    """Every word outside of quotes in any FEEL text of `expression`."""
    return frozenset(word for text in set(_texts(expression)) for word in _WORD.findall(_QUOTED.sub("", text)))


def _texts(expression: Expression | None) -> Iterator[str]:
    waiting = [expression]
    while waiting:
        current = waiting.pop()
        if isinstance(current, LiteralExpression):
            yield current.text
        elif current is not None:
            waiting.extend(parts(current))
    for table in tables(expression):
        yield from (clause.expression.text for clause in table.inputs)
        yield from (clause.default.text for clause in table.outputs if clause.default is not None)
        for rule in table.rules:
            yield from (entry.text for entry in rule.inputs)
            yield from (entry.text for entry in rule.outputs)
