"""Tests that no value of a type passes: in cells, in allowed values, in the values that a column lists.

Literals are looked at by their class, everything else by the type that its tree certainly has; what names nothing is
evaluated: if it is null now, it always is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app import feel
from app.dmn.compiling.kinds import INPUT, is_constant, kind_of, names_input
from app.dmn.compiling.remedies import for_type
from app.dmn.compiling.unit import Scope, inner
from app.dmn.wording import in_short
from app.errors import Severity
from app.feel import nodes, types
from app.feel.tokens import Source
from app.feel.types import Type

_THOUSANDS = re.compile(r"\s*-?\d{1,3}(,\d{3})+(\.\d+)?\s*")


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that can never work. `node` is None where the whole text is meant."""

    code: str
    message: str
    remedy: str
    node: nodes.Node | None = None
    severity: Severity = Severity.ERROR


def thousands(text: str) -> Iterator[Misfit]:
    """A number with commas in it, as it is written in English."""
    if _THOUSANDS.fullmatch(text):
        tests = len(text.split(","))
        message = f"Expected a number, but found {tests} tests, because a comma stands between tests."
        yield Misfit("dmn.cell-comma", message, f"Write {text.strip().replace(',', '')}.", severity=Severity.WARNING)


def misfits_of(node: nodes.Node, text: str, type_: Type, scope: Scope) -> Iterator[Misfit]:
    """What can never work in unary tests on values of a type (ANY: of none that is known)."""
    if not isinstance(node, nodes.Tests):
        return
    if type_ is types.NUMBER:
        yield from thousands(text)
    for test in node.tests:
        yield from _Test(Source(text), type_, scope).misfits(test)


@dataclass(frozen=True, slots=True)
class _Test:
    source: Source
    type: Type
    scope: Scope

    def misfits(self, test: nodes.Node) -> Iterator[Misfit]:
        match test:
            case nodes.ComparisonRange(operator=operator, endpoint=endpoint):
                yield from self._operand(endpoint, may_be_null=operator in {"=", "!="})
            case nodes.RangeLiteral(start=start, end=end):
                yield from self._operand(start, may_be_null=True)
                yield from self._operand(end, may_be_null=True)
            case _ if names_input(test):
                yield from self._about_input(test)
            case _:
                yield from self._value(test)

    def _operand(self, node: nodes.Node, *, may_be_null: bool) -> Iterator[Misfit]:
        kind = kind_of(node, self.scope)
        if kind is types.NULL:
            if not may_be_null:
                message = "Expected a value to compare with, but found null, which compares with nothing."
                yield Misfit("dmn.always-null", message, "Write the test null to match null itself.", node)
            return
        null = next(self._null(node), None)
        if null is not None:
            yield null
        elif _known(kind) and _known(self.type) and kind != self.type:
            yield self._misfit(node, kind)

    def _about_input(self, test: nodes.Node) -> Iterator[Misfit]:
        """A test that names its input must be true itself."""
        kind = kind_of(test, inner(self.scope, {INPUT: self.type}))
        if kind is not types.ANY and kind is not types.BOOLEAN:
            message = f"Expected a test that is true or false, but found {self._text(test)} of the type {kind}."
            yield Misfit("dmn.cell-type", message, "Compare it with something, or leave ? out.", test)

    def _value(self, test: nodes.Node) -> Iterator[Misfit]:
        """A value that the input equals, a list or range that it is in, or a condition that is true."""
        kind = kind_of(test, self.scope)
        if kind is types.NULL:
            return
        null = next(self._null(test), None)
        if null is not None:
            yield null
            return
        if isinstance(kind, types.FunctionType):
            message = f"Expected a value, but found the function {self._text(test)}."
            yield Misfit("dmn.cell-type", message, self._call_or_quote(test), test)
        elif isinstance(kind, types.ListType | types.RangeType):
            if _known(kind.element) and _known(self.type) and kind.element != self.type:
                yield self._misfit(test, kind)
            elif isinstance(test, nodes.ListLiteral) and self.type is types.NUMBER and len(test.items) == 2:
                yield self._list(test)
        elif _known(self.type) and kind not in (types.ANY, types.BOOLEAN, self.type):
            yield self._misfit(test, kind)
        elif self.type is types.NUMBER and _is_dashed(test):
            yield self._subtraction(test)
        elif kind is types.BOOLEAN and _known(self.type) and self.type is not types.BOOLEAN and is_constant(test):
            yield self._constant(test)

    def _null(self, node: nodes.Node) -> Iterator[Misfit]:
        """Whether something that is always the same is null."""
        if isinstance(node, nodes.Literal) or not is_constant(node):
            return
        value, reasons = evaluated(self._text(node))
        if value is None and reasons:
            message = f"Expected a value, but found {self._text(node)}, which is always null: {reasons[0].message}"
            yield Misfit("dmn.always-null", message, for_type(self._text(node), self.type), node)

    def _misfit(self, node: nodes.Node, kind: Type) -> Misfit:
        text = self._text(node)
        value = evaluated(text)[0] if is_constant(node) and not isinstance(node, nodes.Literal) else None
        shown = text if value is None else f"{text}, which is {in_short(value)}"
        message = f"Expected tests of the type {self.type}, but found the type {kind}: {shown}."
        return Misfit("dmn.cell-type", message, for_type(text, self.type), node)

    def _constant(self, test: nodes.Node) -> Misfit:
        text = self._text(test)
        value, _ = evaluated(text)
        message = f"Expected a test of the input, but found {text}, which is {in_short(value)} for every input."
        return Misfit("dmn.cell-constant", message, "Say ? where the input is meant.", test, Severity.WARNING)

    def _list(self, test: nodes.ListLiteral) -> Misfit:
        text = self._text(test)
        message = f"Expected a range or numbers, but found the list {text}, which is true of its two items only."
        ends = text.strip("[]").replace(",", "..", 1).replace(" ", "")
        remedy = f"Write [{ends}] for a range, or the numbers without brackets."
        return Misfit("dmn.cell-list", message, remedy, test, Severity.WARNING)

    def _subtraction(self, test: nodes.Node) -> Misfit:
        text = self._text(test)
        value, _ = evaluated(text)
        message = f"Expected a test, but found the subtraction {text}, which is {in_short(value)}."
        low, _, high = text.partition("-")
        remedy = f"Write [{low.strip()}..{high.strip()}] for a range, or the difference itself."
        return Misfit("dmn.cell-subtraction", message, remedy, test, Severity.WARNING)

    def _call_or_quote(self, test: nodes.Node) -> str:
        text = self._text(test)
        return f'Write "{text}" in quotes, or call the function: {text}(…).'

    def _text(self, node: nodes.Node) -> str:
        return self.source.between(node.first, node.last)


def _known(type_: Type) -> bool:
    return isinstance(type_, types.Simple) and type_ not in (types.ANY, types.NULL)


def _is_dashed(node: nodes.Node) -> bool:
    """Whether it is two numbers with a minus between them and no more."""
    return (
        isinstance(node, nodes.Arithmetic)
        and node.operator == "-"
        and isinstance(node.left, nodes.Literal)
        and isinstance(node.right, nodes.Literal)
    )


_FEW_STEPS = 20_000


def evaluated(text: str) -> tuple[object, list[feel.Reason]]:
    """The value of a text that names nothing, and why it is null."""
    reasons: list[feel.Reason] = []
    frame = feel.Frame(reasons)
    frame.steps = _FEW_STEPS
    return feel.compile(text, feel.Scope()).run(frame, {}), reasons
