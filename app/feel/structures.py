"""The fifth stage, second half: lists, contexts, ranges, paths, filters, iterations, functions and calls to Python
trees.

The operators are in `emitter`. Iterations, filters and functions become lambdas, so that Python's own scoping gives
closures their variables.
"""

import ast
from collections.abc import Sequence
from decimal import Decimal

from app.feel import nodes
from app.feel import pyast as py
from app.feel.emission import Locals
from app.feel.emitter import INPUT, Emitted, ScalarEmitter, constant_range, has_member
from app.feel.proven import A_TERNARY, UNPROVEN
from app.feel.types import FunctionType, resolved
from app.feel.values import Parameter

_ASKING_FOR_NULL = {"is defined": 1, "get or else": 2}
"""Functions of the runtime that take the place of built-in ones, with the number of their arguments."""


class Emitter(ScalarEmitter):
    """Emits any node."""

    def invalid(self, node: nodes.Invalid) -> Emitted:
        return self.at("invalid", node, self.constant(node.message)), UNPROVEN

    def list_literal(self, node: nodes.ListLiteral) -> Emitted:
        return py.list_of(*map(self.plain, node.items)), UNPROVEN

    def range_literal(self, node: nodes.RangeLiteral) -> Emitted:
        constant = constant_range(node)
        if constant is not None:
            return self.constant(constant), UNPROVEN
        brackets = py.constant(("[" if node.start_included else "(") + ("]" if node.end_included else ")"))
        return self.at("make_range", node, self.plain(node.start), self.plain(node.end), brackets), UNPROVEN

    def comparison_range(self, node: nodes.ComparisonRange) -> Emitted:
        constant = constant_range(node)
        if constant is not None:
            return self.constant(constant), UNPROVEN
        return self.at("comparing", node, py.constant(node.operator), self.plain(node.endpoint)), UNPROVEN

    def context_literal(self, node: nodes.ContextLiteral) -> Emitted:
        names: dict[str, str] = {}
        outer = self.inside(names)
        values: list[ast.expr] = []
        for name, value in node.entries:
            emitted = self.plain(value)
            variable = self.fresh("e")
            values.append(py.assign_expression(variable, emitted))
            names[name] = variable
        self.locals = outer
        if len(names) < len(node.entries):
            return self.at("duplicate_key", node), UNPROVEN
        return py.dict_of(tuple(map(self.constant, names)), *values), UNPROVEN

    def path(self, node: nodes.Path) -> Emitted:
        value, key = self.plain(node.value), self.constant(node.member)
        if value.__class__ is py.Constant:
            return self.at("member", node, value, key), UNPROVEN
        first, again = self.held(value)
        otherwise = self.at("member", node, again, key)
        return py.choice(has_member(first, again, key), py.subscript(again, key), otherwise), UNPROVEN

    def filter(self, node: nodes.Filter) -> Emitted:
        value = self.plain(node.value)
        condition = node.condition
        if isinstance(condition, nodes.Literal) and isinstance(condition.value, Decimal):
            return self.at("at_index", node, value, self.constant(condition.value)), UNPROVEN
        item = self.fresh("i")
        outer = self.inside({}, item)
        body = self.plain(condition)
        self.locals = outer
        self.emission.counts = True
        constant = py.FALSE if item in self.emission.used else py.TRUE
        test = py.lambda_((item,), body)
        return self.at("filtered", node, value, test, self.steps(condition), constant), UNPROVEN

    # --- iterations ---

    def _domain(self, iteration: nodes.Iteration) -> ast.expr:
        start = self.plain(iteration.domain)
        if iteration.end is None:
            return self.at("domain", iteration, start)
        return self.at("steps", iteration, start, self.plain(iteration.end))

    def _domains(
        self, iterations: Sequence[nodes.Iteration], names: dict[str, str]
    ) -> tuple[list[ast.expr], list[str]]:
        """The domains as lambdas of the variables before them, and those variables; `names` gains each in its turn."""
        domains: list[ast.expr] = []
        variables: list[str] = []
        for iteration in iterations:
            domains.append(py.lambda_(tuple(variables), self._domain(iteration)))
            variables.append(self.fresh("x"))
            names[iteration.name] = variables[-1]
        return domains, variables

    def iteration(self, node: nodes.For) -> Emitted:
        self.emission.counts = True
        names: dict[str, str] = {}
        outer = self.inside(names)
        domains, variables = self._domains(node.iterations, names)
        results = self.fresh("p")
        names.setdefault("partial", results)
        body = self.plain(node.body)
        self.locals = outer
        looks_back = results in self.emission.used
        if len(domains) == 1 and not looks_back:
            domain = domains[0].body  # type: ignore[attr-defined]
            each = py.lambda_(tuple(variables), body)
            return py.call("each", self.frame(), domain, each, self.steps(node.body)), UNPROVEN
        parameters = [*variables, results] if looks_back else variables
        each = py.lambda_(tuple(parameters), body)
        flag = py.constant(looks_back)
        steps = self.steps(node.body)
        return py.call("each_of", self.frame(), py.tuple_of(*domains), each, steps, flag), UNPROVEN

    def quantified(self, node: nodes.Quantified) -> Emitted:
        self.emission.counts = True
        names: dict[str, str] = {}
        outer = self.inside(names)
        domains, variables = self._domains(node.iterations, names)
        body = py.lambda_(tuple(variables), self.plain(node.condition))
        self.locals = outer
        steps, every = self.steps(node.condition), py.constant(node.every)
        return self.at("quantified", node, py.tuple_of(*domains), body, steps, every), A_TERNARY

    # --- functions ---

    def function_definition(self, node: nodes.FunctionDefinition) -> Emitted:
        if node.external:
            return self.at("external_function", node, self._parameters(node), self.plain(node.body)), UNPROVEN
        names = {name: self.fresh("a") for name, _ in node.parameters}
        outer, careful = self.inside(names), self.careful
        self.careful = True  # a function may be called after this evaluation, where nobody would run it once more
        body = self.plain(node.body)
        self.locals, self.careful = outer, careful
        function = py.lambda_(("frame", *names.values()), body)
        return py.call("function", self._parameters(node), function, self.steps(node.body)), UNPROVEN

    def _parameters(self, node: nodes.FunctionDefinition) -> ast.expr:
        return self.constant(tuple(Parameter(name, type_) for name, type_ in node.parameters))

    def invocation(self, node: nodes.Invocation) -> Emitted:
        self.emission.counts = self.emission.invokes = True
        callee = node.callee
        if isinstance(callee, nodes.Name):
            builtin = self.builtins.get(callee.name)
            if builtin is not None and not self._is_variable(callee.name):
                if node.named is None and _ASKING_FOR_NULL.get(callee.name) == len(node.positional):
                    return self._ask_for_null(callee.name, node.positional)
                return self._call_builtin(node, self.constant(builtin)), UNPROVEN
            if builtin is not None:
                value = py.call("as_builtin_or_value", self.plain(callee), self.constant(builtin))
                return self._call(node, value), UNPROVEN
            if self.scope.closed and not self._is_variable(callee.name):
                self.emission.free.add(callee.name)
                return self.at("unknown_function", node, self.constant(callee.name)), UNPROVEN
        return self._call(node, self.plain(callee)), UNPROVEN

    def _ask_for_null(self, name: str, arguments: list[nodes.Node]) -> Emitted:
        """A call whose arguments may be null without a reason, which the function itself sees to."""
        function = name.replace(" ", "_")
        return py.call(function, self.frame(), *(py.lambda_((), self.plain(one)) for one in arguments)), UNPROVEN

    def _is_variable(self, name: str) -> bool:
        """Whether `name` may be a function that is not built in: a local, or a variable that is not declared
        otherwise."""
        scope = self.locals
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        declared = self.scope.variables.get(name)
        if declared is None or name not in self.builtins:
            return declared is not None
        kind = resolved(declared)
        return isinstance(kind, FunctionType) or str(kind) == "Any"

    def _arguments(self, node: nodes.Invocation) -> ast.expr:
        return py.tuple_of(*map(self.plain, node.positional))

    def _named(self, node: nodes.Invocation) -> ast.expr:
        named = node.named or {}
        return py.dict_of(tuple(map(self.constant, named)), *map(self.plain, named.values()))

    def _call_builtin(self, node: nodes.Invocation, builtin: ast.expr) -> ast.expr:
        if node.named is None:
            return self.at("call_builtin", node, builtin, self._arguments(node))
        return self.at("call_builtin_named", node, builtin, self._named(node))

    def _call(self, node: nodes.Invocation, function: ast.expr) -> ast.expr:
        self.emission.calls = True
        named = py.NONE if node.named is None else self._named(node)
        return py.call("call", self.frame(), function, self._arguments(node), named, self.span(node))

    # --- unary tests ---

    def tests(self, node: nodes.Tests) -> ast.expr:
        """True, False or None for the input, which is the Python variable ``i0``."""
        if not node.tests:
            return py.TRUE
        self.locals = Locals({INPUT: "i0"}, None)
        verdicts = [self._test(test) for test in node.tests]
        if len(verdicts) == 1 and not node.negated:
            return verdicts[0]
        return py.call("none_true" if node.negated else "any_true", py.tuple_of(*verdicts))

    def _test(self, node: nodes.Node) -> ast.expr:
        given: Emitted = py.load("i0"), self.proven.get(INPUT, UNPROVEN)
        if isinstance(node, nodes.ComparisonRange):
            return self.compared(node, node.operator, given, self.value(node.endpoint))[0]
        inlined = self.in_constant_range(node, given, node)
        if inlined is not None:
            return inlined[0]
        if isinstance(node, nodes.Literal):
            return self.compared(node, "=", given, self.value(node))[0]
        used = "i0" in self.emission.used
        self.emission.used.discard("i0")
        value = self.plain(node)
        names_input = "i0" in self.emission.used
        if used:
            self.emission.used.add("i0")
        return self.at("answered" if names_input else "satisfies", node, given[0], value)


Emitter.table = {
    nodes.Literal: Emitter.literal,
    nodes.Invalid: Emitter.invalid,
    nodes.Name: Emitter.name,
    nodes.Negation: Emitter.negation,
    nodes.Arithmetic: Emitter.arithmetic,
    nodes.Comparison: Emitter.comparison,
    nodes.Logic: Emitter.logic,
    nodes.Between: Emitter.between,
    nodes.Membership: Emitter.membership,
    nodes.InstanceOf: Emitter.instance_of,
    nodes.If: Emitter.choice,
    nodes.ListLiteral: Emitter.list_literal,
    nodes.RangeLiteral: Emitter.range_literal,
    nodes.ComparisonRange: Emitter.comparison_range,
    nodes.ContextLiteral: Emitter.context_literal,
    nodes.Path: Emitter.path,
    nodes.Filter: Emitter.filter,
    nodes.For: Emitter.iteration,
    nodes.Quantified: Emitter.quantified,
    nodes.FunctionDefinition: Emitter.function_definition,
    nodes.Invocation: Emitter.invocation,
}
