"""Input and output mappings: expressions whose values become variables, or members of a context variable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.engine import formulas
from app.engine.formulas import Formula
from app.engine.token import Token

BY_HAND = "by hand"  # in `internal_data`: the variables that somebody has set in the element's own scope


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


def map_again(token: Token, mappings: tuple[VariableMapping, ...]) -> None:
    """Apply input mappings once more, because somebody may have corrected what they read.

    What was set by hand in the element's own scope stays. Raises Obstacle, and then nothing has changed.
    """
    if not mappings or token.variables is None or "reopened" in token.internal_data:
        return
    before = token.variables
    targets = {mapping.target[0] for mapping in mappings} - set(_by_hand(token))
    token.variables = {name: value for name, value in before.items() if name not in targets}  # they hide the sources
    try:
        values = mapped(token, mappings)
    finally:
        token.variables = before
    changed = {name: value for name, value in values.items() if name in targets and before.get(name) != value}
    if changed:
        token.assign(changed)


def set_by_hand(token: Token, names: Iterable[str]) -> None:
    """Remember what input mappings must not overwrite any more."""
    token.internal_data[BY_HAND] = sorted({*_by_hand(token), *names})


def _by_hand(token: Token) -> list[str]:
    names = token.internal_data.get(BY_HAND)
    return [str(name) for name in names] if isinstance(names, list) else []


def nested(known: object, path: list[str], value: object) -> dict[str, object]:
    """A copy of the context `known` in which `path` leads to `value`."""
    head, *rest = path
    copy: dict[str, object] = dict(known) if isinstance(known, Mapping) else {}
    copy[head] = nested(copy.get(head), rest, value) if rest else value
    return copy
