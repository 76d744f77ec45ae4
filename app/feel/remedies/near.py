"""Names that are near to a wrong one: the same but for case, blanks and underscores, or a few letters away."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_MAX_NAMES = 2_000
_MAX_LENGTH = 100
_LIKENESS = 0.75
"""How much of two names must agree: one wrong letter in four, two in eight."""


def near(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Up to `most` of `known` that may have been meant by `name`, the likeliest first."""
    if len(name) > _MAX_LENGTH:
        return []
    by_form: dict[str, list[str]] = {}
    for candidate in islice(known, _MAX_NAMES):
        if candidate != name and len(candidate) <= _MAX_LENGTH:
            by_form.setdefault(_form(candidate), []).append(candidate)
    form = _form(name)
    if form in by_form:
        return sorted(by_form[form])[:most]
    forms = get_close_matches(form, by_form, most, _LIKENESS) if len(form) > 2 else []
    return [candidate for found in forms for candidate in sorted(by_form[found])][:most]


def is_same_but_for_form(name: str, other: str) -> bool:
    """Whether two names differ in case, blanks, underscores, hyphens and points only."""
    return name != other and _form(name) == _form(other)


def _form(name: str) -> str:
    """A name without what people do not remember: case, blanks, underscores, hyphens, points."""
    return "".join(character for character in name.casefold() if character.isalnum()) or name


def listed(names: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


__all__ = ["is_same_but_for_form", "listed", "near"]
