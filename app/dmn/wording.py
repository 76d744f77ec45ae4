"""How values and names are shown in sentences."""

from collections.abc import Iterable
from difflib import get_close_matches

from app import feel

_LONGEST = 60  # characters


def in_short(value: object) -> str:
    """A value as FEEL writes it, shortened where it is long."""
    text = feel.literal(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant by `name`: the same but for case and spaces, or one a few letters off."""
    names = list(known)[:_MOST_NAMES]
    plain = {_plain(one): one for one in names}
    if _plain(name) in plain:
        return plain[_plain(name)]
    found = get_close_matches(_plain(name), plain, n=1, cutoff=_ALIKE)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return "".join(name.casefold().replace("_", " ").split())


_ALIKE = 0.8
_MOST_NAMES = 200
