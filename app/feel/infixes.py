"""What may follow an operand: the operators of FEEL, ``between``, ``in``, ``instance of`` and the postfixes.

How they are climbed is in `climbing`, what an expression begins with in `parser`.
"""

from app.feel.climbing import (
    AND,
    COMPARISON,
    INSTANCE,
    LOOSEST,
    OR,
    POSTFIX,
    POWER,
    PRODUCT,
    RESERVED,
    SUM,
    Climber,
    Infix,
)
from app.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    ComparisonRange,
    Filter,
    InstanceOf,
    Invocation,
    Logic,
    Membership,
    Node,
    Path,
    RangeLiteral,
)
from app.feel.shapes import Environment, element_of, has_member, shape_of
from app.feel.tokens import END, is_word

COMPARISON_OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CANNOT_BEGIN_AN_OPERAND = frozenset(
    {END, ")", "]", ",", "}", "..", ".", "*", "/", "**", *COMPARISON_OPERATORS, "then", "else", "and", "or",
     "return", "satisfies", "in", "between", "instance"}
)  # fmt: skip
_ENDS_A_NAME = frozenset({END, ":", ",", "(", ")", "[", "]", "{", "}"})


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
    following = parser.tokens[parser.position]
    if following == "(":
        tests = _parenthesised_tests(parser, power)
    elif following in COMPARISON_OPERATORS:
        tests = [comparison_range(parser)]
    else:
        tests = [parser.expression(power)]
    return Membership(value.first, parser.position, value, tests)


def _parenthesised_tests(parser: Climber, power: int) -> list[Node]:
    """What begins with a parenthesis after ``in``: ``(test, test)``, a range, or an expression that goes on behind it.

    Nothing is read twice, for that would double the time with each such parenthesis inside another.
    """
    first = parser.position
    parser.position += 1
    tests = listed_tests(parser)
    if len(tests) == 1 and parser.tokens[parser.position] == "..":
        return [parser.expression(power, rest_of_range(parser, first, tests[0], start_included=False))]
    parser.expect(")", "after the tests")
    if len(tests) > 1:
        return tests
    return [parser.expression(power, tests[0])]


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


def rest_of_range(parser: Climber, first: int, start: Node, *, start_included: bool) -> Node:
    """The range whose `start` has been read, with the bracket at `first`; the two dots come next."""
    parser.position += 1
    end = parser.expression(LOOSEST)
    closing = parser.tokens[parser.position]
    if closing not in ("]", ")", "["):
        raise parser.unexpected("the bracket that ends a range")
    parser.position += 1
    return RangeLiteral(first, parser.position, start, end, start_included, closing == "]")


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


def listed_tests(parser: Climber) -> list[Node]:
    """One positive unary test or more (grammar rules 13 and 14), with commas between."""
    tests = [_positive_test(parser)]
    while parser.tokens[parser.position] == ",":
        parser.position += 1
        tests.append(_positive_test(parser))
    return tests


def _positive_test(parser: Climber) -> Node:
    if parser.tokens[parser.position] in COMPARISON_OPERATORS:
        return comparison_range(parser)
    return parser.expression(LOOSEST)


def comparison_range(parser: Climber) -> Node:
    """``< 10``, which is no expression by itself: a test, or in parentheses a range."""
    first = parser.position
    operator = parser.tokens[first]
    parser.position += 1
    endpoint = parser.expression(COMPARISON)
    return ComparisonRange(first, parser.position, operator, endpoint)


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


INFIXES: dict[str, tuple[int, Infix]] = {
    "or": (OR, _logic),
    "and": (AND, _logic),
    **dict.fromkeys(COMPARISON_OPERATORS, (COMPARISON, _comparison)),
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
