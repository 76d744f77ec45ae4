"""Reading a type as an expression writes it: ``list<number>``, ``context<a: string>``, ``function<number> -> string``,
``date and time``, or the name of an item definition (DMN 1.5, grammar rules 30 and 54 to 57)."""

from collections.abc import Mapping

from app.feel.tokens import END, pieces
from app.feel.types import ANY, SIMPLE_BY_NAME, ContextType, FunctionType, ListType, RangeType, Type

_SIMPLE = {pieces(name): type_ for name, type_ in SIMPLE_BY_NAME.items()}
_LONGEST_SIMPLE = max(map(len, _SIMPLE))


class TypeNotationError(ValueError):
    """`position` is the token where `expected` was not found."""

    def __init__(self, position: int, expected: str) -> None:
        self.position = position
        self.expected = expected
        super().__init__(position, expected)


def read_type_at(tokens: list[str], position: int, named: Mapping[str, Type]) -> tuple[Type, int]:
    """The type at `position` and the position after it; raises TypeNotationError."""
    word, following = tokens[position], tokens[position + 1] if tokens[position] != END else END
    if word in ("list", "range") and following == "<":
        element, position = read_type_at(tokens, position + 2, named)
        return (ListType(element) if word == "list" else RangeType(element)), _after(tokens, position, ">")
    if word == "context" and following == "<":
        return _context_type(tokens, position + 2, named)
    if word == "function":
        return _function_type(tokens, position + 1, named)
    return _named_type(tokens, position, named)


def _after(tokens: list[str], position: int, token: str) -> int:
    if tokens[position] != token:
        raise TypeNotationError(position, f'"{token}" in the type')
    return position + 1


def _context_type(tokens: list[str], position: int, named: Mapping[str, Type]) -> tuple[Type, int]:
    entries: dict[str, Type] = {}
    while tokens[position] != ">":
        if entries:
            position = _after(tokens, position, ",")
        start = position
        while tokens[position] not in (":", END):
            position += 1
        name = " ".join(tokens[start:position])
        entries[name], position = read_type_at(tokens, _after(tokens, position, ":"), named)
    return ContextType(entries), position + 1


def _function_type(tokens: list[str], position: int, named: Mapping[str, Type]) -> tuple[Type, int]:
    if tokens[position] != "<":
        return FunctionType(None, ANY), position
    parameters: list[Type] = []
    position += 1
    while tokens[position] != ">":
        if parameters:
            position = _after(tokens, position, ",")
        parameter, position = read_type_at(tokens, position, named)
        parameters.append(parameter)
    position += 1
    result: Type = ANY
    if tokens[position] == "->":
        result, position = read_type_at(tokens, position + 1, named)
    return FunctionType(tuple(parameters), result), position


def _named_type(tokens: list[str], position: int, named: Mapping[str, Type]) -> tuple[Type, int]:
    best: tuple[Type, int] | None = None
    for name, type_ in named.items():
        name_tokens = pieces(name)
        end = position + len(name_tokens)
        if (best is None or end > best[1]) and tuple(tokens[position:end]) == name_tokens:
            best = type_, end
    for length in range(_LONGEST_SIMPLE, 0, -1):
        simple = _SIMPLE.get(tuple(tokens[position : position + length]))
        if simple is not None and (best is None or position + length > best[1]):
            best = simple, position + length
    if best is None:
        if tokens[position] in ("list", "context"):
            return (ListType(ANY) if tokens[position] == "list" else ContextType({})), position + 1
        raise TypeNotationError(position, "the name of a type")
    return best
