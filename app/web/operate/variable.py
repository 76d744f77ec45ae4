"""The form that sets a variable of an instance."""

from collections.abc import Mapping

from app import feel
from app.errors import Invalid


def changes(form: Mapping[str, str]) -> dict[str, object]:
    """The variable that the form names and its new value, which is JSON; text without quotes is text.

    Raises `Invalid`.
    """
    name, text = form.get("name", "").strip(), form.get("value", "").strip()
    if not name:
        raise Invalid({"name": "please name the variable"})
    if not text:
        raise Invalid({"value": 'please write a value; an empty text is ""'})
    try:
        return {name: feel.json_loads(text)}
    except ValueError as problem:
        if text[0] in '{["':
            raise Invalid({"value": f"expected JSON, but {problem}"}) from None
        return {name: text}
