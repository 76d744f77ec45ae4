"""The place where a text stops being FEEL, with what stands around it, and a change that would go on from there.

Here live the walks over tokens that those who recognise mistakes share. Nothing is parsed here.
"""

from dataclasses import dataclass
from enum import Enum

from app.feel.function_names import FUNCTION_NAMES
from app.feel.names import Scope
from app.feel.remedies.catalogue import Mistake
from app.feel.tokens import END, Source, is_word


class Use(Enum):
    """What a text is: the same mistake has another remedy in another place."""

    EXPRESSION = "expression"
    INPUT_CELL = "input cell"
    OUTPUT_CELL = "output cell"


KEYWORDS = frozenset(
    {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not", "between",
     "instance", "of", "function", "external", "true", "false", "null"}
)  # fmt: skip
OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = {closing: opening for opening, closing in OPENING.items()}
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WORDS_BETWEEN = frozenset({"and", "or", "then", "else", "return", "satisfies", "in", "between", "instance", "of"})


@dataclass(frozen=True, slots=True)
class Fix:
    """A mistake, and the change of the text's characters `start` to `end` that mends it.

    `replacement` is None where it is not certain what was meant. `instead` is what the sentence shows, where that is
    not the replacement. `expected` and `found` replace the parser's view of the place, if they are given.
    """

    mistake: Mistake
    start: int
    end: int
    replacement: str | None = None
    instead: str | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """`at` is the index of the sign that the parser did not expect, `expected` what it did."""

    source: Source
    at: int
    use: Use
    scope: Scope
    expected: str

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def is_cell(self) -> bool:
        return self.use is Use.INPUT_CELL

    def token(self, distance: int = 0) -> str:
        """The sign so many after the unexpected one; END before the first and after the last."""
        return self.token_at(self.at + distance)

    def token_at(self, index: int) -> str:
        tokens = self.source.tokens
        return tokens[index] if 0 <= index < len(tokens) else END

    def start(self, index: int) -> int:
        return self.source.offsets(index)[0]

    def end(self, index: int) -> int:
        return self.source.offsets(index)[1]

    def touches(self, index: int) -> bool:
        """Whether no blank stands before the sign `index`."""
        return 0 < index < len(self.source.tokens) and self.end(index - 1) == self.start(index)

    def between(self, first: int, last: int) -> str:
        """The text of the tokens `first` up to but without `last`."""
        return self.text[self.start(first) : self.end(last - 1)] if first < last else ""

    def replacing(
        self, mistake: Mistake, first: int, last: int, replacement: str | None, instead: str | None = None
    ) -> Fix:
        """The fix that writes `replacement` in place of the tokens `first` up to but without `last`."""
        end = self.end(last - 1) if last > first else self.start(first)
        return Fix(mistake, self.start(first), end, replacement, instead)

    # --- walks ---

    def closing(self, index: int) -> int | None:
        """Where the bracket that opens at `index` closes."""
        depth = 0
        for position in range(index, len(self.source.tokens)):
            sign = self.source.tokens[position]
            depth += (sign in OPENING) - (sign in CLOSING)
            if depth == 0:
                return position
        return None

    def opening(self, index: int) -> int | None:
        """Where the bracket that closes at `index` opens."""
        depth = 0
        for position in range(index, -1, -1):
            sign = self.source.tokens[position]
            depth += (sign in CLOSING) - (sign in OPENING)
            if depth == 0:
                return position
        return None

    def enclosing(self, index: int) -> int | None:
        """The innermost bracket that is open before the sign `index`."""
        depth = 0
        for position in range(index - 1, -1, -1):
            sign = self.source.tokens[position]
            if sign in CLOSING:
                depth += 1
            elif sign in OPENING:
                if depth == 0:
                    return position
                depth -= 1
        return None

    def operand_end(self, index: int) -> int:
        """The index after the operand that begins at `index`; `index` itself where none does."""
        position = index
        if self.token_at(position) == "-":
            position += 1
        begun = position
        sign = self.token_at(position)
        if sign == "@":
            position += 2
        elif is_operand(sign):
            position += 1
            while is_name(self.token_at(position)) and is_name(self.token_at(position - 1)):
                position += 1
        elif sign not in OPENING:
            return index
        while True:
            sign = self.token_at(position)
            if (sign in OPENING and sign != "{") or (sign == "{" and position == begun):
                closing = self.closing(position)
                if closing is None:
                    return index
                position = closing + 1
            elif sign == "." and is_word(self.token_at(position + 1)):
                position += 2
            else:
                return position

    def operand_begin(self, index: int) -> int:
        """The index of the first sign of the operand that ends before `index`; `index` itself where none does."""
        position = index
        while position > 0:
            sign = self.token_at(position - 1)
            if sign in CLOSING:
                opening = self.opening(position - 1)
                if opening is None:
                    return index
                position = opening
                if not (is_name(self.token_at(position - 1)) or self.token_at(position - 1) in CLOSING):
                    return position
                continue
            if not is_operand(sign):
                return index
            position -= 1
            words = is_name(sign)
            while words and is_name(self.token_at(position - 1)):
                position -= 1
            if self.token_at(position - 1) == ".":
                position -= 1
                continue
            return position - 1 if self.token_at(position - 1) == "@" else position
        return position

    def clause_end(self, index: int, stops: frozenset[str]) -> int:
        """The index of the first of `stops`, comma, closing bracket or END from `index` on, outside of brackets."""
        position = index
        while True:
            sign = self.token_at(position)
            if sign == END or sign in CLOSING or sign in stops or sign in {",", ";"}:
                return position
            if sign in OPENING:
                closing = self.closing(position)
                if closing is None:
                    return len(self.source.tokens) - 1
                position = closing
            position += 1

    def clause_begin(self, index: int, stops: frozenset[str]) -> int:
        """The index after the last of `stops`, comma or opening bracket before `index`, outside of brackets."""
        position = index
        while position > 0:
            sign = self.token_at(position - 1)
            if sign in OPENING or sign in stops or sign in {",", ";"}:
                return position
            if sign in CLOSING:
                opening = self.opening(position - 1)
                if opening is None:
                    return 0
                position = opening
            else:
                position -= 1
        return position


def is_operand(sign: str) -> bool:
    """Whether a sign is a value or a name by itself."""
    return (
        sign[:1].isdigit()
        or sign[:1] in ('"', "`", "?")
        or (sign[:1] == "." and sign[1:2].isdigit())
        or (is_word(sign) and sign not in _WORDS_BETWEEN)
    )


def is_name(sign: str) -> bool:
    """Whether a sign is a word that names something."""
    return is_word(sign) and sign not in KEYWORDS


def is_function(name: str, scope: Scope) -> bool:
    return name in FUNCTION_NAMES or name in scope.variables


__all__ = [
    "CLOSING",
    "COMPARISONS",
    "KEYWORDS",
    "OPENING",
    "Fix",
    "Spot",
    "Use",
    "is_function",
    "is_name",
    "is_operand",
]
