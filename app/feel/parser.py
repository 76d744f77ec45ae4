"""What an expression may begin with, and the two entry points: a whole expression, and whole unary tests.

The machinery is in `climbing`, the operators in `infixes`, literals in `literals`.
"""

from collections.abc import Mapping
from functools import partial

from app.feel.climbing import (
    LOOSEST,
    MAX_NESTING,
    MINUS,
    RESERVED,
    Climber,
    FeelSyntaxError,
)
from app.feel.infixes import COMPARISON_OPERATORS, INFIXES, comparison_range, listed_tests, rest_of_range
from app.feel.literals import constant, decimal, input_name, number, quoted_name, string, string_content, temporal
from app.feel.names import Scope
from app.feel.nodes import (
    ContextLiteral,
    For,
    FunctionDefinition,
    If,
    Iteration,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    Quantified,
    Tests,
)
from app.feel.shapes import Environment, Shape, constant_shape, iterated
from app.feel.tokens import END, is_word
from app.feel.types import ANY, Type
from app.feel.values import ARITHMETIC

_DOMAIN_ENDS = frozenset({"in", END, "(", ")", "[", "]", "{", "}", ",", '"'})


class Parser(Climber):
    """FEEL's parser. One instance reads one text once."""

    __slots__ = ()

    def whole_expression(self) -> Node:
        node = self.expression(LOOSEST)
        if self.tokens[self.position] != END:
            raise self.unexpected("an operator or the end of the expression")
        return node

    def whole_tests(self) -> Tests:
        """Unary tests (grammar rules 12 to 15)."""
        tokens = self.tokens
        if tokens[0] == "-" and tokens[1] == END:
            return Tests(0, 1)
        if tokens[0] == "not" and tokens[1] == "(":
            self.position = 2
            tests = listed_tests(self)
            if tokens[self.position] == ")" and tokens[self.position + 1] == END:
                return Tests(0, self.position, tests, negated=True)
            self.position = 0
        tests = listed_tests(self)
        if tokens[self.position] != END:
            raise self.unexpected("a comma or the end of the tests")
        return Tests(0, self.position, tests)


def parse(text: str, scope: Scope) -> tuple[Node, Parser]:
    """The tree of the expression `text`, and its reader for positions; raises FeelSyntaxError."""
    parser = Parser(text, scope)
    return parser.whole_expression(), parser


def parse_tests(text: str, scope: Scope) -> tuple[Tests, Parser]:
    """The tree of the unary tests `text`, and its reader for positions; raises FeelSyntaxError."""
    parser = Parser(text, scope)
    return parser.whole_tests(), parser


def read_type(text: str, types: Mapping[str, Type] | None = None) -> Type:
    """The type that `text` writes, such as ``list<number>``; `types` are further names. Raises FeelSyntaxError."""
    parser = Parser(text, Scope(types=types or {}))
    type_ = parser.type_notation()
    if parser.tokens[parser.position] != END:
        raise parser.unexpected("the end of the type")
    return type_


# --- operators that begin an expression ---


def _minus(parser: Climber) -> Node:
    """``-x``; the minus in front of a number belongs to it (10.3.1.2, numeric literal): ``-1 instance of number``."""
    first = parser.position
    parser.position += 1
    digit = parser.tokens[parser.position][:2].lstrip(".")
    if digit[:1].isdecimal():
        value = decimal(parser)
        return parser.expression(MINUS, Literal(first, parser.position, ARITHMETIC.minus(value)))
    operand = parser.expression(MINUS)
    return Negation(first, parser.position, operand)


# --- brackets ---


def _parenthesis(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    if parser.tokens[parser.position] in COMPARISON_OPERATORS:
        node = comparison_range(parser)
    else:
        node = parser.expression(LOOSEST)
        if parser.tokens[parser.position] == "..":
            return rest_of_range(parser, first, node, start_included=False)
    parser.expect(")", "after the expression")
    return node


def _bracket(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    items: list[Node] = []
    if parser.tokens[parser.position] != "]":
        items = [parser.expression(LOOSEST)]
        if parser.tokens[parser.position] == "..":
            return rest_of_range(parser, first, items[0], start_included=True)
        while parser.tokens[parser.position] == ",":
            parser.position += 1
            items.append(parser.expression(LOOSEST))
    parser.expect("]", "at the end of the list")
    return ListLiteral(first, parser.position, items)


def _outward_bracket(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    start = parser.expression(LOOSEST)
    if parser.tokens[parser.position] != "..":
        raise parser.unexpected('".." between the endpoints of a range')
    return rest_of_range(parser, first, start, start_included=False)


def _brace(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    entries: list[tuple[str, Node]] = []
    outer = parser.here()
    while parser.tokens[parser.position] != "}":
        if entries:
            parser.expect(",", "between the entries of a context")
        name = _key(parser)
        value = parser.expression(LOOSEST)
        entries.append((name, value))
        environment = parser.environment
        parser.enter(Environment({name: partial(parser.shape_in, value, environment)}, environment))
    parser.leave(outer)
    parser.position += 1
    return ContextLiteral(first, parser.position, entries)


def _key(parser: Climber) -> str:
    if parser.tokens[parser.position].startswith('"'):
        name = string_content(parser)
    else:
        name = _defined_name(parser, frozenset({":", ",", "}", END, "{", "["}))
    parser.expect(":", "after the key of an entry")
    return name


def _defined_name(parser: Climber, ends: frozenset[str]) -> str:
    """A name that is defined here: everything up to one of `ends`."""
    first = parser.position
    if not is_word(parser.tokens[first]) and parser.tokens[first][:1] not in ("`", "?"):
        raise parser.unexpected("a name")
    while parser.tokens[parser.position] not in ends:
        parser.position += 1
    if parser.position == first:
        raise parser.unexpected("a name")
    return parser.name_between(first, parser.position)


# --- iterations ---


def _iterations(parser: Climber) -> list[Iteration]:
    iterations: list[Iteration] = []
    while True:
        if len(iterations) == MAX_NESTING:
            message = f"Expected at most {MAX_NESTING} iterations inside each other, but found more."
            raise parser.error("feel.too-deep", message)
        first = parser.position
        name = _defined_name(parser, _DOMAIN_ENDS)
        parser.expect("in", "after the name of an iteration")
        domain = parser.expression(LOOSEST)
        end = None
        if parser.tokens[parser.position] == "..":
            parser.position += 1
            end = parser.expression(LOOSEST)
        iteration = Iteration(first, parser.position, name, domain, end)
        iterations.append(iteration)
        parser.enter(Environment({name: iterated(iteration, parser.environment, parser.scope)}, parser.environment))
        if parser.tokens[parser.position] != ",":
            return iterations
        parser.position += 1


def _for(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    outer = parser.here()
    iterations = _iterations(parser)
    parser.expect("return", "after the iterations")
    body = parser.expression(LOOSEST)
    parser.leave(outer)
    return For(first, parser.position, iterations, body)


def _quantified(parser: Climber) -> Node:
    first = parser.position
    every = parser.tokens[first] == "every"
    parser.position += 1
    outer = parser.here()
    iterations = _iterations(parser)
    parser.expect("satisfies", "after the iterations")
    condition = parser.expression(LOOSEST)
    parser.leave(outer)
    return Quantified(first, parser.position, every, iterations, condition)


# --- if, function ---


def _if(parser: Climber) -> Node:
    first = parser.position
    parser.position += 1
    condition = parser.expression(LOOSEST)
    parser.expect("then", "after the condition")
    then = parser.expression(LOOSEST)
    parser.expect("else", 'after "then"')
    otherwise = parser.expression(LOOSEST)
    return If(first, parser.position, condition, then, otherwise)


def _function(parser: Climber) -> Node:
    first = parser.position
    if parser.tokens[first + 1] != "(":
        raise parser.unexpected("an expression")
    parser.position += 2
    parameters: list[tuple[str, Type]] = []
    while parser.tokens[parser.position] != ")":
        if parameters:
            parser.expect(",", "between parameters")
        name = _defined_name(parser, frozenset({":", ",", ")", END}))
        type_: Type = ANY
        if parser.tokens[parser.position] == ":":
            parser.position += 1
            type_ = parser.type_notation()
        parameters.append((name, type_))
    parser.position += 1
    external = parser.tokens[parser.position] == "external"
    if external:
        parser.position += 1
    known: dict[str, Shape] = {name: partial(constant_shape, type_) for name, type_ in parameters}
    outer = parser.enter(Environment(known, parser.environment))
    body = parser.expression(LOOSEST)
    parser.leave(outer)
    return FunctionDefinition(first, parser.position, parameters, body, external)


def _reserved(parser: Climber) -> Node:
    raise parser.unexpected("an expression")


def _joined_list(parser: Climber) -> Node:
    """Camunda's ``and(list)`` and ``or(list)``."""
    first = parser.position
    if parser.tokens[first + 1] != "(" or not parser.scope.extensions:
        return _reserved(parser)
    parser.position = first + 1
    return Name(first, first + 1, parser.tokens[first])


Parser.prefixes = {
    **dict.fromkeys(RESERVED, _reserved),
    "and": _joined_list,
    "or": _joined_list,
    "true": constant(True),  # noqa: FBT003 - the value itself
    "false": constant(False),  # noqa: FBT003 - the value itself
    "null": constant(None),
    "-": _minus,
    "(": _parenthesis,
    "[": _bracket,
    "]": _outward_bracket,
    "{": _brace,
    "@": temporal,
    "?": input_name,
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
Parser.infixes = INFIXES
Parser.literals = {
    '"': string,
    "`": quoted_name,
    ".": number,
    **dict.fromkeys("0123456789", number),
}
__all__ = ["FeelSyntaxError", "Parser", "parse", "parse_tests", "read_type"]
