"""Input and output mappings: expressions whose values become variables, or members of a context variable."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine import formulas
from app.engine.formulas import Formula
from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """An input or output mapping: the value of `source` goes to the path `target`."""

    source: Formula
    target: tuple[str, ...]


def mapped(token: Token, mappings: tuple[VariableMapping, ...]) -> dict[str, object]:
    """The values of the mappings by variable. A later mapping sees what an earlier one has set."""
    values: dict[str, object] = {}
    for mapping in mappings:
        name, *path = mapping.target
        value = formulas.json_value(token, mapping.source, values)
        if path:
            known = values.get(name, token.lookup((name,)).get(name))
            value = nested(known, path, value)
        values[name] = value
    return values


def nested(known: object, path: list[str], value: object) -> dict[str, object]:
    """A copy of the context `known` in which `path` leads to `value`."""
    head, *rest = path
    copy: dict[str, object] = dict(known) if isinstance(known, Mapping) else {}
    copy[head] = nested(copy.get(head), rest, value) if rest else value
    return copy
