"""The third stage: tokens to nodes, by precedence climbing (DMN 1.5, 10.3.1.2).

Here is the machinery; `infixes` adds the operators, `parser` what an expression may begin with. From loose to tight:
``or``, ``and``, comparisons with ``between`` and ``in``, ``+ -``, ``* /``, ``**``, unary minus, ``instance of``, and
the postfixes (path, filter, invocation). All binary operators associate to the left, ``**`` too.
"""

from collections.abc import Callable
from typing import ClassVar

from app.errors import Diagnostic, ModelError
from app.feel.function_names import AMBIGUOUS_FUNCTIONS
from app.feel.names import MAX_PIECES, NameTree, Scope
from app.feel.nodes import Arithmetic, Name, Node
from app.feel.shapes import Environment, has_member, shape_of
from app.feel.tokens import END, MAX_TEXT, MAX_TOKENS, Source, is_word, pieces
from app.feel.type_notation import TypeNotationError, read_type_at
from app.feel.types import Type

MAX_NESTING = 120
"""How deeply expressions may nest; deeper ones are refused with a diagnostic."""

LOOSEST, OR, AND, COMPARISON, SUM, PRODUCT, POWER, MINUS, INSTANCE, POSTFIX = range(10)

RESERVED = frozenset({"then", "else", "return", "satisfies", "in", "and", "or", "between", "instance"})
"""Words that never are a name by themselves."""


class FeelSyntaxError(ModelError):
    """The text is not an expression of FEEL; `diagnostics` says where (line and column from 1) and why."""


class Climber:
    """Reads one text. `position` is the index of the token to be read next.

    A subclass says what an expression may begin with: `prefixes` by the token, `literals` by its first character; and
    what may follow an operand: `infixes`, with how tightly each binds.
    """

    __slots__ = (
        "_added",
        "_owns_known",
        "environment",
        "known",
        "members",
        "nesting",
        "position",
        "scope",
        "source",
        "tokens",
    )

    prefixes: ClassVar[dict[str, "Prefix"]] = {}
    literals: ClassVar[dict[str, "Prefix"]] = {}
    infixes: ClassVar[dict[str, tuple[int, "Infix"]]] = {}

    def __init__(self, text: str, scope: Scope) -> None:
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError(
                [Diagnostic("feel.too-long", f"Expected at most {MAX_TEXT:,} characters, but found {len(text):,}.")]
            )
        self.source = Source(text)
        self.tokens = self.source.tokens
        if len(self.tokens) > MAX_TOKENS:
            raise FeelSyntaxError(
                [
                    Diagnostic(
                        "feel.too-long", f"Expected at most {MAX_TOKENS:,} tokens, but found {len(self.tokens):,}."
                    )
                ]
            )
        self.position = 0
        self.nesting = 0
        self.scope = scope
        self.known: NameTree = scope.known
        self._owns_known = False
        self._added: list[tuple[tuple[str, ...], str | None]] = []
        self.members = scope.members
        self.environment: Environment | None = None

    # --- the climb ---

    def expression(self, looser_than: int, begun: Node | None = None) -> Node:
        """An expression whose operators all bind tighter than `looser_than`. Its first operand may have `begun` it,
        that is, have been read already."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.error("feel.too-deep", f"Expected at most {MAX_NESTING} nested expressions, but found more.")
        tokens = self.tokens
        first = self.position
        token = tokens[first]
        if begun is not None:
            node = begun
        elif token in self.known.branches or token in self.members.branches:
            node = self.longest_name()
        elif token in self.prefixes or not token.isidentifier():
            node = self.operand(token)
        else:  # the commonest operand by far
            self.position = first + 1
            node = Name(first, first + 1, token)
        infixes = self.infixes
        infix = infixes.get(tokens[self.position])
        links = 0
        while infix is not None and infix[0] > looser_than:
            longer = infix[1](self, node, infix[0])
            if longer is None:
                break
            if longer.__class__ is not Arithmetic:  # of which the compiler unrolls long chains
                links += 1
                if links > MAX_NESTING:
                    message = f"Expected at most {MAX_NESTING} operators in a chain, but found more."
                    raise self.error("feel.too-deep", message)
            node = longer
            infix = infixes.get(tokens[self.position])
        self.nesting -= 1
        return node

    def operand(self, token: str) -> Node:
        """What begins with `token`, the next one: a name of one word, or whatever the tables know."""
        begin = self.prefixes.get(token) or self.literals.get(token[:1])
        if begin is not None:
            return begin(self)
        first = self.position
        if not token.isidentifier() and not is_word(token):
            raise self.unexpected("an expression")
        self.position = first + 1
        return Name(first, first + 1, token)

    def longest_name(self) -> Node:
        """The longest name of several tokens that is in scope here, or else an operand."""
        first = self.position
        match = self.known.longest(self.tokens, first)
        if match is None or not self._may_be_meant(match):
            match = self.members.longest(self.tokens, first)
            if match is None or not self._is_item_member(match[0]):
                return self.operand(self.tokens[first])
        name, self.position = match
        return Name(first, self.position, name)

    def _may_be_meant(self, match: tuple[str, int]) -> bool:
        """A built-in function whose name holds an operator, such as ``date and time``, is meant only where it is
        called."""
        name, end = match
        return name not in AMBIGUOUS_FUNCTIONS or self.tokens[end] == "(" or name in self.scope.variables

    def _is_item_member(self, name: str) -> bool:
        environment = self.environment
        while environment is not None:
            if has_member(environment.item_type(), name):
                return True
            environment = environment.outer
        return False

    # --- scopes inside an expression ---

    def enter(self, environment: Environment) -> tuple[Environment | None, int]:
        """Open a scope; give what `leave` needs to close it and all that are opened inside it."""
        outer = self.here()
        self.environment = environment
        for name in environment.names:
            tokens = pieces(name)
            if 1 < len(tokens) <= MAX_PIECES:
                if not self._owns_known:
                    self.known, self._owns_known = self.known.copy(), True
                self._added.append((tokens, self.known.put(tokens, name)))
        return outer

    def here(self) -> tuple[Environment | None, int]:
        """What `leave` needs to come back to the present scope."""
        return self.environment, len(self._added)

    def leave(self, outer: tuple[Environment | None, int]) -> None:
        self.environment, added = outer
        while len(self._added) > added:
            tokens, before = self._added.pop()
            self.known.put(tokens, before)

    def shape(self, node: Node) -> Type:
        """What is known about the type of `node` here."""
        return shape_of(node, self.environment, self.scope)

    def shape_in(self, node: Node, environment: Environment | None) -> Type:
        return shape_of(node, environment, self.scope)

    # --- small things ---

    def name_between(self, first: int, last: int) -> str:
        """The tokens as the name that they spell; backticks around it fall away."""
        name = self.source.between(first, last)
        return name[1:-1] if name.startswith("`") and name.endswith("`") and len(name) > 2 else name

    def type_notation(self) -> Type:
        """Read a type."""
        try:
            type_, self.position = read_type_at(self.tokens, self.position, self.scope.types)
        except TypeNotationError as problem:
            self.position = problem.position
            raise self.unexpected(problem.expected) from None
        return type_

    def expect(self, token: str, after: str) -> None:
        """Read `token`, or say that it is missing `after` something."""
        if self.tokens[self.position] != token:
            raise self.unexpected(f'"{token}" {after}')
        self.position += 1

    def unexpected(self, expected: str) -> FeelSyntaxError:
        token = self.tokens[self.position]
        found = "the end of the expression" if token == END else f"`{token[:40]}`"
        return self.error("feel.syntax", f"Expected {expected}, but found {found}.")

    def error(self, code: str, message: str) -> FeelSyntaxError:
        line, column = self.source.line_and_column(self.position)
        return FeelSyntaxError([Diagnostic(code, message, line=line, column=column)])


Prefix = Callable[[Climber], Node]
"""Reads what begins with the next token."""

Infix = Callable[[Climber, Node, int], Node | None]
"""Reads what follows an operand that has been read; None where it does not belong to it after all."""
