"""JSON values: from outside, as FEEL sees them and as every database can store them; and those of columns."""

from collections.abc import Iterable, Mapping

from app import feel
from app.errors import Invalid
from app.handlers.variables import printable

LONGEST_TEXT = 1000


def json_variables(variables: Mapping[str, object]) -> dict[str, object]:
    """The variables as FEEL's JSON values. Raises `Invalid` for what JSON cannot hold, and for U+0000.

    PostgreSQL's texts have no U+0000, and any text of a case may become a key or a name.
    """
    try:
        found = {
            str(name): feel.json_loads(feel.json_dumps(feel.from_python(value))) for name, value in variables.items()
        }
    except (TypeError, ValueError) as error:
        raise Invalid({"$": f"Expected JSON values, but found: {error}"}) from None
    if problems := {f"$.{name}": WITHOUT_NUL for name, value in found.items() if has_nul(value) or "\0" in name}:
        raise Invalid(problems)
    return found


def storable_text(text: str) -> str:
    """The text as every database can store it, not too long: what cannot be stored is written as an escape."""
    return printable(text[:LONGEST_TEXT])


WITHOUT_NUL = "Expected texts without the character U+0000."


def has_nul(value: object) -> bool:
    """Whether U+0000 is in any text of a JSON value."""
    match value:
        case str():
            return "\0" in value
        case list():
            return any(map(has_nul, value))
        case dict():
            return any("\0" in name or has_nul(entry) for name, entry in value.items())
    return False


def mapping(value: object) -> dict[str, object]:
    """A JSON column that holds an object."""
    return dict(value) if isinstance(value, Mapping) else {}


def texts(value: object) -> tuple[str, ...]:
    """A JSON column that holds a list of texts."""
    return tuple(str(each) for each in value) if isinstance(value, Iterable) and not isinstance(value, str) else ()
