"""The third stage: tokens to nodes, by precedence climbing (DMN 1.5, 10.3.1.2).

Here are the operators and the machinery; `parser` adds what an expression may begin with. From loose to tight:
``or``, ``and``, comparisons with ``between`` and ``in``, ``+ -``, ``* /``, ``**``, unary minus, ``instance of``, and
the postfixes (path, filter, invocation). All binary operators associate to the left, ``**`` too.
"""

from collections.abc import Callable
from typing import ClassVar

from app.errors import Diagnostic, ModelError
from app.feel.function_names import AMBIGUOUS_FUNCTIONS
from app.feel.names import NameTree, Scope
from app.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Filter,
    InstanceOf,
    Invocation,
    Logic,
    Membership,
    Name,
    Node,
    Path,
)
from app.feel.shapes import Environment, element_of, has_member, shape_of
from app.feel.tokens import END, MAX_TEXT, Source, is_word, pieces
from app.feel.type_notation import TypeNotationError, read_type_at
from app.feel.types import Type

MAX_NESTING = 120
"""How deeply expressions may nest; deeper ones are refused with a diagnostic."""

LOOSEST, OR, AND, COMPARISON, SUM, PRODUCT, POWER, MINUS, INSTANCE, POSTFIX = range(10)

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CANNOT_BEGIN_AN_OPERAND = frozenset(
    {END, ")", "]", ",", "}", "..", ".", "*", "/", "**", "=", "!=", "<=", ">=", "then", "else", "and", "or", "return",
     "satisfies", "in", "between", "instance"}
)  # fmt: skip
_ENDS_A_NAME = frozenset({END, ":", ",", "(", ")", "[", "]", "{", "}"})

RESERVED = frozenset({"then", "else", "return", "satisfies", "in", "and", "or", "between", "instance"})
"""Words that never are a name by themselves."""


class FeelSyntaxError(ModelError):
    """The text is not an expression of FEEL; `diagnostics` says where (line and column from 1) and why."""


class Climber:
    """Reads one text. `position` is the index of the token to be read next.

    A subclass says what an expression may begin with: `prefixes` by the token, `literals` by its first character.
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

    def __init__(self, text: str, scope: Scope) -> None:
        if len(text) > MAX_TEXT:
            raise FeelSyntaxError(
                [Diagnostic("feel.too-long", f"Expected at most {MAX_TEXT:,} characters, but found {len(text):,}.")]
            )
        self.source = Source(text)
        self.tokens = self.source.tokens
        self.position = 0
        self.nesting = 0
        self.scope = scope
        self.known: NameTree = scope.known
        self._owns_known = False
        self._added: list[tuple[tuple[str, ...], str | None]] = []
        self.members = scope.members
        self.environment: Environment | None = None

    # --- the climb ---

    def expression(self, looser_than: int) -> Node:
        """An expression whose operators all bind tighter than `looser_than`."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise self.error("feel.too-deep", f"Expected at most {MAX_NESTING} nested expressions, but found more.")
        tokens = self.tokens
        token = tokens[self.position]
        node = (
            self.longest_name()
            if token in self.known.branches or token in self.members.branches
            else self.operand(token)
        )
        infix = INFIXES.get(tokens[self.position])
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
            infix = INFIXES.get(tokens[self.position])
        self.nesting -= 1
        return node

    def operand(self, token: str) -> Node:
        """What begins with `token`, the next one: a name of one word, or whatever the tables know."""
        begin = self.prefixes.get(token)
        if begin is not None:
            return begin(self)
        first = self.position
        if token.isidentifier():
            self.position = first + 1
            return Name(first, first + 1, token)
        begin = self.literals.get(token[:1])
        if begin is not None:
            return begin(self)
        if not is_word(token):
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
            if environment.item is not None and has_member(environment.item(), name):
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
            if len(tokens) > 1:
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


# --- operators ---


def _arithmetic(parser: Climber, left: Node, power: int) -> Node:
    operator = parser.tokens[parser.position]
    parser.position += 1
    right = parser.expression(power)
    return Arithmetic(left.first, parser.position, operator, left, right)


def _comparison(parser: Climber, left: Node, power: int) -> Node:
    operator = parser.tokens[parser.position]
    parser.position += 1
    right = parser.expression(power)
    return Comparison(left.first, parser.position, operator, left, right)


def _logic(parser: Climber, left: Node, power: int) -> Node:
    operator = parser.tokens[parser.position]
    parts = [left]
    while parser.tokens[parser.position] == operator:
        parser.position += 1
        parts.append(parser.expression(power))
    return Logic(left.first, parser.position, operator, parts)


def _between(parser: Climber, value: Node, power: int) -> Node:
    parser.position += 1
    low = parser.expression(power)
    parser.expect("and", "between the bounds")
    high = parser.expression(power)
    return Between(value.first, parser.position, value, low, high)


def _membership(parser: Climber, value: Node, power: int) -> Node:
    parser.position += 1
    if parser.tokens[parser.position] == "(":
        start = parser.position
        tests = _listed_tests(parser)
        if tests is not None:
            return Membership(value.first, parser.position, value, tests)
        parser.position = start
    test = parser.expression(power)
    return Membership(value.first, parser.position, value, [test])


def _listed_tests(parser: Climber) -> list[Node] | None:
    """``(test, test)`` after ``in``; None where the parenthesis only begins an expression or a range."""
    parser.position += 1
    tests = listed(parser)
    if len(tests) == 1 and parser.tokens[parser.position] == "..":
        return None
    parser.expect(")", "after the tests")
    following = INFIXES.get(parser.tokens[parser.position])
    return tests if len(tests) > 1 or following is None or following[0] <= COMPARISON else None


def _instance_of(parser: Climber, value: Node, _power: int) -> Node:
    parser.position += 1
    parser.expect("of", 'after "instance"')
    type_ = parser.type_notation()
    return InstanceOf(value.first, parser.position, value, type_)


def _path(parser: Climber, value: Node, _power: int) -> Node:
    parser.position += 1
    name = _member_name(parser, value)
    return Path(value.first, parser.position, value, name)


def _member_name(parser: Climber, value: Node) -> str:
    """The name after a dot: the longest that the value's type knows, otherwise all adjacent words."""
    tokens, first = parser.tokens, parser.position
    token = tokens[first]
    for known in (parser.members, parser.known):
        match = known.longest(tokens, first)
        if match is not None and has_member(parser.shape(value), match[0]):
            name, parser.position = match
            return name
    if token.startswith("`") and len(token) > 2:
        parser.position = first + 1
        return token[1:-1]
    if not is_word(token):
        raise parser.unexpected("the name of a member")
    last = first + 1
    if not has_member(parser.shape(value) if parser.members.branches else None, token):
        while tokens[last] not in INFIXES and tokens[last] not in RESERVED and is_word(tokens[last]):
            last += 1
    parser.position = last
    return token if last == first + 1 else " ".join(tokens[first:last])


def _filter(parser: Climber, value: Node, _power: int) -> Node | None:
    if parser.tokens[parser.position + 1] in _CANNOT_BEGIN_AN_OPERAND:
        return None  # the end of an interval such as ]1..5[
    parser.position += 1
    environment = parser.environment
    item = Environment({}, environment, lambda: element_of(shape_of(value, environment, parser.scope)))
    outer = parser.enter(item)
    condition = parser.expression(LOOSEST)
    parser.leave(outer)
    parser.expect("]", "after the filter")
    return Filter(value.first, parser.position, value, condition)


def _invocation(parser: Climber, callee: Node, _power: int) -> Node:
    parser.position += 1
    positional: list[Node] = []
    named: dict[str, Node] | None = None
    if parser.tokens[parser.position] != ")":
        if _argument_name(parser) is None:
            positional = listed(parser)
        else:
            named = _named_arguments(parser)
    parser.expect(")", "after the arguments")
    return Invocation(callee.first, parser.position, callee, positional, named)


def listed(parser: Climber) -> list[Node]:
    """One expression or more, with commas between."""
    items = [parser.expression(LOOSEST)]
    while parser.tokens[parser.position] == ",":
        parser.position += 1
        items.append(parser.expression(LOOSEST))
    return items


def _argument_name(parser: Climber) -> int | None:
    """Where the colon of a named argument is, if this is one."""
    tokens, position = parser.tokens, parser.position
    if not is_word(tokens[position]) and not tokens[position].startswith("`"):
        return None
    while tokens[position] not in _ENDS_A_NAME:
        position += 1
    return position if tokens[position] == ":" else None


def _named_arguments(parser: Climber) -> dict[str, Node]:
    named: dict[str, Node] = {}
    while True:
        colon = _argument_name(parser)
        if colon is None:
            raise parser.unexpected("the name of an argument and a colon")
        name = parser.name_between(parser.position, colon)
        parser.position = colon + 1
        named[name] = parser.expression(LOOSEST)
        if parser.tokens[parser.position] != ",":
            return named
        parser.position += 1


Prefix = Callable[[Climber], Node]
Infix = Callable[[Climber, Node, int], Node | None]

INFIXES: dict[str, tuple[int, Infix]] = {
    "or": (OR, _logic),
    "and": (AND, _logic),
    **dict.fromkeys(_COMPARISONS, (COMPARISON, _comparison)),
    "between": (COMPARISON, _between),
    "in": (COMPARISON, _membership),
    "+": (SUM, _arithmetic),
    "-": (SUM, _arithmetic),
    "*": (PRODUCT, _arithmetic),
    "/": (PRODUCT, _arithmetic),
    "**": (POWER, _arithmetic),
    "instance": (INSTANCE, _instance_of),
    ".": (POSTFIX, _path),
    "[": (POSTFIX, _filter),
    "(": (POSTFIX, _invocation),
}
"""What may follow an operand: how tightly it binds, and how it is read."""
