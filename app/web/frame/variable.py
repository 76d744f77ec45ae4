"""Variables that people type into a form: one by its name, or those of a case that are to be corrected."""

from collections.abc import Mapping

from app import feel
from app.errors import Invalid

PREFIX = "variable"


def changes(form: Mapping[str, str]) -> dict[str, object]:
    """The variable that the form names and its new value, which is JSON; text without quotes is text.

    Raises `Invalid`.
    """
    name, text = form.get("name", "").strip(), form.get("value", "").strip()
    if not name:
        raise Invalid({"name": "please name the variable"})
    if not text:
        raise Invalid({"value": 'please write a value; an empty text is ""'})
    return {name: _read(text, "value")}


def corrections(form: Mapping[str, str], known: Mapping[str, object]) -> dict[str, object]:
    """What the fields ``variable:NAME`` change of the variables `known`. What was text stays text.

    Raises `Invalid`.
    """
    changed: dict[str, object] = {}
    for field, typed in form.items():
        kind, _, name = field.partition(":")
        if kind != PREFIX or name not in known:
            continue
        text = typed.replace("\r\n", "\n").strip()
        if text == shown(known[name]):
            continue
        changed[name] = text if isinstance(known[name], str) else _read(text or "null", name)
    return changed


def shown(value: object) -> str:
    """A variable as the text of its field: text as it is, everything else as JSON."""
    return value.strip() if isinstance(value, str) else feel.json_dumps(value)


def _read(text: str, where: str) -> object:
    """A value that was typed: JSON; text without quotes is text."""
    try:
        return feel.json_loads(text)
    except ValueError as problem:
        if text[0] in '{["':
            raise Invalid({where: f"expected JSON, but {problem}"}) from None
        return text
