"""String functions (DMN 1.5, 10.3.4.3). Positions count code points from 1, or from the end with -1."""

from decimal import Decimal

from app.feel.builtins.patterns import pattern_of, replaced, searched, split_at
from app.feel.builtins.registry import Registry
from app.feel.frame import MAX_LENGTH, Failure, Frame, ReasonKind
from app.feel.values import whole

FUNCTIONS = Registry()
function = FUNCTIONS.function


@function("substring(string: string, start position: number, length?: number)")
def substring(string: str, start_position: Decimal, length: Decimal | None) -> str:
    start = whole(start_position)
    if start == 0 or (length is not None and whole(length) < 1):
        raise Failure("Expected a start other than 0 and a length from 1, but found others.", ReasonKind.OUT_OF_RANGE)
    first = start - 1 if start > 0 else max(len(string) + start, 0)
    if abs(start) > len(string) and string:
        raise Failure(f"Expected a start within {len(string)}, but found {start}.", ReasonKind.OUT_OF_RANGE)
    return string[first:] if length is None else string[first : first + whole(length)]


@function("string length(string: string)", constant=True)
def string_length(string: str) -> Decimal:
    return Decimal(len(string))


@function("upper case(string: string)")
def upper_case(string: str) -> str:
    return string.upper()


@function("lower case(string: string)")
def lower_case(string: str) -> str:
    return string.lower()


@function("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@function("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@function("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    return match in string


@function("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@function("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@function("matches(input: string, pattern: string, flags?: string|null)", frame=True)
def matches(frame: Frame, string: str, pattern: str, flags: str | None) -> bool:
    return searched(frame, pattern_of(pattern, flags or ""), string)


@function("replace(input: string, pattern: string, replacement: string, flags?: string|null)", frame=True)
def replace(frame: Frame, string: str, pattern: str, replacement: str, flags: str | None) -> str:
    return replaced(frame, pattern_of(pattern, flags or ""), string, replacement, literal="q" in (flags or ""))


@function("split(string: string, delimiter: string)", frame=True)
def split(frame: Frame, string: str, delimiter: str) -> list[str]:
    return split_at(frame, pattern_of(delimiter, ""), string)


@function("string join(list: list, delimiter?: string|null)")
def string_join(items: list[object], delimiter: str | None) -> str:
    """The strings of the list with the delimiter between; nulls are left out."""
    strings = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in strings):
        raise Failure("Expected a list of strings, but found others in it.", ReasonKind.WRONG_TYPE)
    length = sum(map(len, strings)) + len(delimiter or "") * len(strings)  # type: ignore[arg-type]
    if length > MAX_LENGTH:
        raise Failure(f"Expected at most {MAX_LENGTH:,} characters, but found {length:,}.", ReasonKind.LIMIT)
    return (delimiter or "").join(strings)  # type: ignore[arg-type]
