"""Python values as the JSON values that process variables hold: numbers are `Decimal`, moments ISO 8601 text.

What JSON or a database cannot hold is a problem with its place, and never stored as something else: an object, bytes,
a number that is not finite, half of a surrogate pair, U+0000, what nests too deeply or is too large.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from uuid import UUID

from pydantic import AnyUrl, BaseModel, TypeAdapter

from app.handlers.exceptions import DataProblem

LARGEST_EXPONENT = 6144  # of a FEEL number: a larger one could be written and not be read again
LARGEST_RESULT = 4 * 1024 * 1024  # characters of text, and eight for each other value
MOST_LEVELS = 100
LONGEST_PATH = 200
MOST_PROBLEMS = 10  # that are named
_DURATION = TypeAdapter(timedelta)


def to_variables(values: Mapping[str, object], whose: str) -> dict[str, object]:
    """The values as variables. Raises `DataProblem` that says whose they are and names each that cannot be stored."""
    with _reading(whose) as reader:
        return {reader.text(str(name), "$"): reader.read(value, f"$.{name}") for name, value in values.items()}


def to_variable(value: object, whose: str = "a task handler") -> object:
    """One value as a variable. Raises `DataProblem` like `to_variables`."""
    with _reading(whose) as reader:
        return reader.read(value, "$")


def unstorable(text: str) -> str | None:
    """Why a text cannot be stored, or None."""
    if "\0" in text:
        return "Expected a text without the character U+0000."
    try:
        text.encode()
    except UnicodeEncodeError:
        return "Expected Unicode characters, but found half of a surrogate pair."
    return None


class _Reader:
    """Collects what is wrong, so that all of it is said at once."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}
        self._room = LARGEST_RESULT

    def read(self, value: object, path: str, levels: int = MOST_LEVELS) -> object:
        if self._room < 0 or len(self.problems) >= MOST_PROBLEMS:
            return None
        match value.value if isinstance(value, Enum) else value:
            case BaseModel() as model:
                return self._entries(model.model_dump().items(), path, levels)
            case dict() as entries:
                return self._entries(entries.items(), path, levels)
            case list() | tuple() | set() | frozenset() as items:
                return self._items(items, path, levels)
            case str() as text:
                return self.text(text, path)
            case scalar:
                self._take(8)
                return self._scalar(scalar, path)

    def text(self, text: str, path: str) -> str:
        self._take(len(text))
        if problem := unstorable(text):
            self.problems[path] = problem
        return text

    def _entries(self, entries: Iterable[tuple[object, object]], path: str, levels: int) -> object:
        if self._is_too_deep(path, levels):
            return None
        return {self.text(str(name), path): self.read(item, f"{path}.{name}", levels - 1) for name, item in entries}

    def _items(self, items: Iterable[object], path: str, levels: int) -> object:
        if self._is_too_deep(path, levels):
            return None
        return [self.read(item, f"{path}[{position}]", levels - 1) for position, item in enumerate(items)]

    def _is_too_deep(self, path: str, levels: int) -> bool:
        if levels == 0:
            self.problems[path[:LONGEST_PATH]] = f"Expected at most {MOST_LEVELS} levels of lists and objects."
        return levels == 0

    def _take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            self.problems["$"] = f"Expected at most {LARGEST_RESULT:,} characters, but found more."

    def _scalar(self, value: object, path: str) -> object:
        match value:
            case None | bool():
                return value
            case int():
                return self._number(Decimal(value), path)
            case float():
                return self._number(Decimal(repr(float(value))), path)
            case Decimal():
                return self._number(value, path)
            case timedelta():
                return _DURATION.dump_python(value, mode="json")
            case _:
                return self._named(value, path)

    def _named(self, value: object, path: str) -> object:
        """What has one text that everybody writes."""
        match value:
            case datetime() | date() | time():
                return value.isoformat()
            case UUID() | AnyUrl() | PurePath():
                return self.text(str(value), path)
        self.problems[path] = f"Expected a JSON value, but found {type(value).__name__}."
        return None

    def _number(self, number: Decimal, path: str) -> Decimal:
        if not number.is_finite():
            self.problems[path] = f"Expected a finite number, but found {number}."
        elif number.adjusted() > LARGEST_EXPONENT:
            self.problems[path] = f"Expected a number up to 9.99E{LARGEST_EXPONENT}, but found a larger one."
        return number


@contextmanager
def _reading(whose: str) -> Iterator[_Reader]:
    reader = _Reader()
    yield reader
    if reader.problems:
        shown = {printable(path): problem for path, problem in reader.problems.items()}
        listed = "; ".join(f"{path}: {problem}" for path, problem in shown.items())
        raise DataProblem(f"The answer of {whose} cannot be stored: {listed}", shown)


def printable(text: str) -> str:
    """The text with what no database stores written as an escape."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\x00")
