"""The fifth stage, first half: FEEL nodes to Python expression trees.

Every FEEL expression becomes one Python expression. Operations on two numbers or two strings are inlined behind a
guard; everything else calls a function of the runtime, which also notes why it had to answer null. The guard falls away
where an operand's class is proven, by a literal or by a declared type that was checked on entry.

The inlined arithmetic raises where a number leaves FEEL's range or a divisor is zero; the caller then runs the
`careful` emission of the same expression, in which every operation goes through the runtime.
"""

import ast
from collections.abc import Callable, Mapping
from decimal import Decimal
from sys import intern
from typing import Any, ClassVar

from app.feel import nodes
from app.feel import pyast as py
from app.feel.emission import Emission, Locals
from app.feel.names import Scope
from app.feel.proven import (
    A_BOOLEAN,
    A_NUMBER,
    A_STRING,
    A_TERNARY,
    CLASS_NAMES,
    UNPROVEN,
    Proven,
    kind_of_literal,
)
from app.feel.tokens import Source, Span
from app.feel.values import Builtin, Range, compare

_SLOW_COMPARISONS = {
    "=": "equals",
    "!=": "differs",
    "<": "less",
    "<=": "less_or_equal",
    ">": "greater",
    ">=": "greater_or_equal",
}
_ARITHMETIC = {"+": "ADD", "-": "SUBTRACT", "*": "MULTIPLY", "/": "DIVIDE", "**": "POWER"}
_JOINTS = {"and": py.AND, "or": py.OR}
_LONG_CHAIN = 30
"""A chain of operators that is longer is unrolled into steps, so that Python's compiler need not recurse into it."""
_LARGE = 100
"""Trees of more tokens are not remembered: they are rare, and not worth their memory."""

_TOKENS_A_STEP = 10
"""A step of the budget pays for the evaluation of so many tokens."""
_POWER_TOKENS = 200
"""A power with a fraction in its exponent takes the time of so many tokens."""

INPUT = "?"
"""The name of a unary test's input (10.3.2.8)."""

Emitted = tuple[ast.expr, Proven]


class ScalarEmitter:
    """Emits one expression once: here its operators, in `structures` all else. `proven`: what is certain on entry."""

    table: ClassVar[dict[type, Callable[[Any, Any], "Emitted"]]] = {}

    def __init__(
        self,
        source: Source,
        scope: Scope,
        builtins: Mapping[str, Builtin],
        *,
        careful: bool = False,
        proven: Mapping[str, Proven] | None = None,
        operators: bool = False,
    ) -> None:
        self.source = source
        self.scope = scope
        self.builtins = builtins
        self.careful = careful
        self.proven = proven or {}
        self.operators = operators
        self.emission = Emission(large=len(source.tokens) > _LARGE)
        self.locals: Locals | None = None

    # --- entry points ---

    def value(self, node: nodes.Node) -> Emitted:
        return self.table[node.__class__](self, node)

    def plain(self, node: nodes.Node) -> ast.expr:
        return self.value(node)[0]

    def condition(self, node: nodes.Node) -> ast.expr:
        """An expression that is truthy exactly where `node` is true."""
        if node.__class__ is nodes.Logic:
            parts = [self.condition(part) for part in node.parts]
            return py.joined(_JOINTS[node.operator], *parts)
        value, proven = self.value(node)
        if proven in (A_NUMBER, A_STRING):
            return py.last_of(value, py.FALSE)
        return value if proven in (A_BOOLEAN, A_TERNARY) else py.is_(value, py.TRUE)

    # --- constants, variables, places ---

    def constant(self, value: object) -> ast.expr:
        name = f"k{len(self.emission.constants)}"
        self.emission.constants[name] = intern(value) if value.__class__ is str else value
        return py.load(name)

    def steps(self, body: nodes.Node) -> ast.expr:
        """What it takes from the budget to evaluate `body` once."""
        tokens = self.source.tokens[body.first : body.last]
        return self.constant(1 + (len(tokens) + _POWER_TOKENS * tokens.count("**")) // _TOKENS_A_STEP)

    def frame(self) -> ast.expr:
        self.emission.uses_frame = True
        return py.load("frame")

    def span(self, node: nodes.Node) -> ast.expr:
        return self.constant(Span(self.source, node.first, node.last))

    def fresh(self, prefix: str = "t") -> str:
        self.emission.serial += 1
        return f"{prefix}{self.emission.serial}"

    def at(self, function: str, node: nodes.Node, *arguments: ast.expr) -> ast.expr:
        """A call of the runtime's `function` with the frame and the place of `node`."""
        return py.call(function, self.frame(), self.span(node), *arguments)

    def held(self, value: ast.expr) -> tuple[ast.expr, ast.expr]:
        """`value` to be written first, and what stands for it afterwards."""
        if value.__class__ is py.Name or value.__class__ is py.Constant:
            return value, value
        name = self.fresh()
        return py.assign_expression(name, value), py.load(name)

    def guarded(
        self,
        left: Emitted,
        right: Emitted,
        wanted: Proven,
        fast: Callable[[ast.expr, ast.expr], ast.expr],
        slow: Callable[[ast.expr, ast.expr], ast.expr],
    ) -> ast.expr:
        """`fast` where both operands are of the `wanted` class, otherwise `slow`."""
        (left_value, left_proven), (right_value, right_proven) = left, right
        if left_proven is wanted and right_proven is wanted:
            return fast(left_value, right_value)
        left_first, left_again = self.held(left_value)
        right_first, right_again = self.held(right_value)
        checked = [
            py.class_of(first)
            for first, again, proven in (
                (left_first, left_again, left_proven),
                (right_first, right_again, right_proven),
            )
            if proven is not wanted or first is not again
        ]
        test = py.is_(*checked, py.load(CLASS_NAMES[wanted]))
        return py.choice(test, fast(left_again, right_again), slow(left_again, right_again))

    # --- names ---

    def name(self, node: nodes.Name) -> Emitted:
        return self.resolve(node.name, node)

    def resolve(self, name: str, node: nodes.Node) -> Emitted:
        """The innermost meaning of `name`; in a filter, a member of the item comes first, if the item has one."""
        items: list[str] = []
        scope = self.locals
        found: Emitted | None = None
        while scope is not None and found is None:
            if scope.item is not None:
                if name == "item":
                    found = py.load(scope.item), UNPROVEN
                items.append(scope.item)
            if name in scope.names:
                self.emission.used.add(scope.names[name])
                found = py.load(scope.names[name]), UNPROVEN
            scope = scope.outer
        if found is None:
            found = self._variable(name, node, certain=not items)
        if not items:
            return found
        value, key = found[0], self.constant(name)
        for item in reversed(items):
            self.emission.used.add(item)
            value = py.choice(has_member(py.load(item), py.load(item), key), py.subscript(py.load(item), key), value)
        return value, UNPROVEN

    def _variable(self, name: str, node: nodes.Node, *, certain: bool) -> Emitted:
        self.emission.asked.add(name)
        declared = name in self.scope.variables
        builtin = self.builtins.get(name)
        if builtin is not None and not declared:
            value = py.call("variable_or", self.frame(), py.load("v"), self.constant(name), self.constant(builtin))
            return value, UNPROVEN
        if certain:
            self.emission.free.add(name)
        if not certain and not declared:
            return self.at("admit", node, py.load("v"), self.constant(name)), UNPROVEN
        variable = self.emission.variables.get(name)
        if variable is None:
            variable = self.emission.variables[name] = f"n{len(self.emission.variables)}"
            self.emission.constants[key_of(variable)] = intern(name)
        found = py.load(variable)
        if self.careful:  # nobody misses a variable that is never asked for
            absent = py.is_(found, py.load("ABSENT"))
            return py.choice(absent, self.at("missing", node, py.load("v"), py.load(key_of(variable))), found), UNPROVEN
        return found, self.proven.get(name, UNPROVEN)

    def inside(self, names: dict[str, str], item: str | None = None) -> "Locals | None":
        """Open a scope; gives the outer one, to be put back."""
        outer = self.locals
        self.locals = Locals(names, outer, item)
        return outer

    # --- operators ---

    def literal(self, node: nodes.Literal) -> Emitted:
        value = node.value
        if value is None or value.__class__ is bool:
            return py.constant(value), kind_of_literal(value)
        return self.constant(value), kind_of_literal(value)

    def negation(self, node: nodes.Negation) -> Emitted:
        value, proven = self.value(node.operand)
        if proven is A_NUMBER and not self.careful:
            return py.call("MINUS", value), A_NUMBER
        return self.at("negate", node, value), UNPROVEN

    def arithmetic(self, node: nodes.Arithmetic) -> Emitted:
        chain: list[nodes.Arithmetic] = []
        left: nodes.Node = node
        while left.__class__ is nodes.Arithmetic:
            chain.append(left)
            left = left.left
        emitted = self.value(left)
        if len(chain) <= _LONG_CHAIN:
            for link in reversed(chain):
                emitted = self._operation(link, emitted)
            return emitted
        total = self.fresh()
        steps: list[ast.expr] = [py.assign_expression(total, emitted[0])]
        for link in reversed(chain):
            value, _ = self._operation(link, (py.load(total), UNPROVEN))
            steps.append(py.assign_expression(total, value))
        return py.last_of(*steps), UNPROVEN

    def _operation(self, node: nodes.Arithmetic, left: Emitted) -> Emitted:
        right = self.value(node.right)
        operator = node.operator

        def slow(a: ast.expr, b: ast.expr) -> ast.expr:
            return self.at("arithmetic", node, py.constant(operator), a, b)

        if self.careful:
            return slow(left[0], right[0]), UNPROVEN
        numbers = left[1] is A_NUMBER and right[1] is A_NUMBER

        def fast(a: ast.expr, b: ast.expr) -> ast.expr:
            if self.operators and operator in py.OPERATORS:
                self.emission.operates = True
                return py.operation(a, py.OPERATORS[operator], b)
            return py.call(_ARITHMETIC[operator], a, b)

        value = self.guarded(left, right, A_NUMBER, fast, slow)
        return value, A_NUMBER if numbers else UNPROVEN

    def comparison(self, node: nodes.Comparison) -> Emitted:
        return self.compared(node, node.operator, self.value(node.left), self.value(node.right))

    def compared(self, node: nodes.Node, operator: str, left: Emitted, right: Emitted) -> Emitted:
        """``left operator right``, a boolean or null."""
        of_equality = operator in ("=", "!=")
        if of_equality and (_is_null(left[0]) or _is_null(right[0])):
            one, other = (left[0], right[0]) if _is_null(right[0]) else (right[0], left[0])
            if one.__class__ is py.Constant:
                return py.constant(_is_null(one) is (operator == "=")), A_BOOLEAN
            return py.compare((py.IS if operator == "=" else py.IS_NOT,), one, other), A_BOOLEAN
        wanted = left[1] if left[1] in CLASS_NAMES else right[1] if right[1] in CLASS_NAMES else A_NUMBER
        if wanted is A_BOOLEAN and not of_equality:
            return self.at(_SLOW_COMPARISONS[operator], node, left[0], right[0]), A_TERNARY
        value = self.guarded(
            left,
            right,
            wanted,
            lambda a, b: py.compare((py.COMPARISONS[operator],), a, b),
            lambda a, b: self.at(_SLOW_COMPARISONS[operator], node, a, b),
        )
        return value, A_BOOLEAN if left[1] is right[1] is wanted else A_TERNARY

    def logic(self, node: nodes.Logic) -> Emitted:
        parts = [self.value(part) for part in node.parts]
        operator, decided = ("both", py.FALSE) if node.operator == "and" else ("either", py.TRUE)
        if all(proven is A_BOOLEAN for _, proven in parts):
            return py.joined(_JOINTS[node.operator], *(value for value, _ in parts)), A_BOOLEAN
        verdict = self.fresh()
        steps: list[ast.expr] = [py.assign_expression(verdict, parts[0][0])]
        for value, _ in parts[1:]:
            joined = self.at(operator, node, py.load(verdict), value)
            step = py.choice(py.is_(py.load(verdict), decided), decided, joined)
            steps.append(py.assign_expression(verdict, step))
        return py.last_of(*steps), A_TERNARY

    def between(self, node: nodes.Between) -> Emitted:
        values = [self.value(part) for part in (node.value, node.low, node.high)]
        slow = self.at("between", node, *(value for value, _ in values))
        if any(value.__class__ not in (py.Name, py.Constant) for value, _ in values):
            return slow, A_TERNARY
        value, low, high = (value for value, _ in values)
        fast = py.compare((py.COMPARISONS["<="], py.COMPARISONS["<="]), low, value, high)
        unproven = [py.class_of(part) for part, proven in values if proven is not A_NUMBER]
        if not unproven:
            return fast, A_BOOLEAN
        return py.choice(py.is_(*unproven, py.load("Decimal")), fast, slow), A_TERNARY

    def membership(self, node: nodes.Membership) -> Emitted:
        value = self.value(node.value)
        if len(node.tests) == 1:
            inlined = self.in_constant_range(node, value, node.tests[0])
            if inlined is not None:
                return inlined
        tests = py.list_of(*map(self.plain, node.tests))
        return self.at("member_of", node, value[0], tests), A_TERNARY

    def in_constant_range(self, node: nodes.Node, value: Emitted, test: nodes.Node) -> Emitted | None:
        """The inlined comparison of a number with a range of literal numbers; None where `test` is no such range."""
        range_ = constant_range(test)
        if (
            range_ is None
            or not isinstance(range_.start, Decimal)
            or not isinstance(range_.end, Decimal)
            or range_.operator
        ):
            return None
        first, again = self.held(value[0])
        operators = (
            py.COMPARISONS["<=" if range_.start_included else "<"],
            py.COMPARISONS["<=" if range_.end_included else "<"],
        )
        fast = py.compare(operators, self.constant(range_.start), again, self.constant(range_.end))
        slow = self.at("within_range", node, again, self.constant(range_))
        return py.choice(py.is_(py.class_of(first), py.load("Decimal")), fast, slow), A_TERNARY

    def instance_of(self, node: nodes.InstanceOf) -> Emitted:
        value, type_ = self.plain(node.value), self.constant(node.type)
        return py.call("instance_of", self.frame(), value, type_), A_BOOLEAN

    def choice(self, node: nodes.If) -> Emitted:
        condition = self.condition(node.condition)
        then, otherwise = self.value(node.then), self.value(node.otherwise)
        return py.choice(condition, then[0], otherwise[0]), then[1] if then[1] is otherwise[1] else UNPROVEN


def key_of(variable: str) -> str:
    """What the Python variable `variable` is called among the variables of an evaluation: the name of a constant."""
    return f"k_{variable}"


def has_member(context: ast.expr, again: ast.expr, key: ast.expr) -> ast.expr:
    """Whether a value is a context with the member `key`; `again` stands for the value where it is met twice."""
    is_context = py.is_(py.class_of(context), py.load("dict"))
    return py.joined(py.AND, is_context, py.compare((py.IN,), key, again))


def _is_null(value: ast.expr) -> bool:
    return value.__class__ is py.Constant and value.value is None


def constant_range(node: nodes.Node) -> Range | None:
    """The range that literals spell, if they do and its endpoints are in order."""
    if isinstance(node, nodes.ComparisonRange) and isinstance(node.endpoint, nodes.Literal):
        endpoint = node.endpoint.value
        unordered = endpoint is None or (isinstance(endpoint, bool) and node.operator not in ("=", "!="))
        return None if unordered else Range.comparing(node.operator, endpoint)
    if not (
        isinstance(node, nodes.RangeLiteral)
        and isinstance(node.start, nodes.Literal)
        and isinstance(node.end, nodes.Literal)
    ):
        return None
    order = compare(node.start.value, node.end.value)
    if order is None or order > 0:
        return None
    return Range(node.start.value, node.end.value, start_included=node.start_included, end_included=node.end_included)
