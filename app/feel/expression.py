"""Expressions and unary tests as a caller holds them: parsed at once, compiled when they are first evaluated.

They are immutable for their callers and may be shared between threads: compiling twice at the same moment is harmless.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import getcontext
from functools import partial
from types import MappingProxyType
from typing import Protocol, cast

from app.feel import nodes
from app.feel.builtins import FUNCTIONS, STANDARD_FUNCTIONS
from app.feel.compiler import Run, build, build_careful, forget
from app.feel.emitter import INPUT
from app.feel.frame import QUIET, Frame, LimitExceeded, Reason, ReasonKind, opened
from app.feel.from_python import from_python
from app.feel.names import Scope
from app.feel.proven import UNPROVEN, Proven, proven_by
from app.feel.reading import read_expression, read_tests
from app.feel.remedies import Advice, Reading, Use, advise
from app.feel.room import with_room
from app.feel.shapes import shape_of
from app.feel.speculation import Expectations
from app.feel.structures import Emitter
from app.feel.tokens import Source, Span
from app.feel.types import ANY, Type
from app.feel.values import ENTERED

NO_VARIABLES: Mapping[str, object] = MappingProxyType({})

_TOKENS_A_STEP = 50
"""What a long expression takes from the budget of the evaluation that it is a part of."""

_ENORMOUS = 5_000
"""An expression of more tokens gets careful code only: it would take seconds to make others."""


class _Later:
    """Code that is compiled when it first runs, since most expressions never need it. It begins the evaluation anew."""

    __slots__ = ("_code", "_make")

    def __init__(self, make: Callable[[], Run]) -> None:
        self._make = make
        self._code: Run | None = None

    def run(
        self,
        v: Mapping[str, object],
        frame: Frame = QUIET,
        i0: object = None,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object:
        if self._code is None:
            self._code = with_room(self._make)
        frame.rewind()
        return self._code(v, frame, i0, reasons, now)


class _Compiled:
    """What expressions and unary tests share: the stages from the tree to code, each taken when it is needed.

    There are up to three codes. The one that `_run` begins with trusts declared and expected types after one check on
    entry; where the check fails, generic code runs, which guards each operation; where arithmetic leaves FEEL's
    numbers, careful code.
    """

    __slots__ = ("_asked", "_free", "_node", "_run", "_source", "_steps", "scope")

    def __init__(self, node: nodes.Node, source: Source, scope: Scope) -> None:
        self.scope = scope
        self._node = node
        self._source = source
        self._steps = len(source.tokens) // _TOKENS_A_STEP
        self._free: frozenset[str] | None = None
        self._asked: frozenset[str] = frozenset()
        self._run: Run = self._first_run

    @property
    def text(self) -> str:
        """The source text."""
        return self._source.text

    @property
    def node(self) -> nodes.Node:
        """The syntax tree."""
        return self._node

    @property
    def names(self) -> frozenset[str]:
        """The names that must come from outside: variables, and functions that are not built in."""
        if self._free is None:
            emitter = self._emitter()
            with_room(lambda: self._body(emitter))
            self._free = frozenset(emitter.emission.free - {INPUT})
        return self._free

    @property
    def unknown(self) -> frozenset[str]:
        """Those of `names` that the scope does not declare."""
        return frozenset(name for name in self.names if name not in self.scope.variables)

    def _emitter(
        self, *, careful: bool = False, proven: Mapping[str, Proven] | None = None, operators: bool = False
    ) -> Emitter:
        builtins = FUNCTIONS if self.scope.extensions else STANDARD_FUNCTIONS
        return Emitter(self._source, self.scope, builtins, careful=careful, proven=proven, operators=operators)

    def _emit(self, emitter: Emitter) -> ast.expr:
        raise NotImplementedError

    def _body(self, emitter: Emitter) -> ast.expr:
        body = self._emit(emitter)
        if emitter.emission.large:
            forget()  # so many trees, all of them alive as long as one is
        return body

    def prepare(self) -> bool:
        """Make the code now that else the first evaluation makes; answers whether it needs a budget."""
        return with_room(self._make_run)

    def _make_run(self) -> bool:
        if len(self._source.tokens) > _ENORMOUS:
            self._run = self._make_careful()
            return True
        declared = self.scope.variables
        proven = {name: kind for name, kind in Expectations.of(self._node).items() if declared.get(name, ANY) is ANY}
        for name, type_ in declared.items():
            kind = proven_by(type_)
            if kind is not UNPROVEN:
                proven[name] = kind
        emitter = self._emitter(proven=proven, operators=getcontext() is ENTERED)
        body = self._body(emitter)
        if emitter.emission.operates and emitter.emission.invokes:
            # a function of the host may leave another decimal context behind
            emitter = self._emitter(proven=proven)
            body = self._body(emitter)
        emission = emitter.emission
        self._asked = frozenset(emission.asked)
        if emission.calls:
            # fast code begins again from the start when arithmetic fails: calls would happen twice, and calls inside
            # of calls two to the power of their depth
            self._run = self._make_careful()
            return emission.counts
        careful = _Later(self._make_careful)
        guarded = emission.operates or any(name in emission.variables or name == INPUT for name in proven)
        otherwise = _Later(partial(self._make_generic, careful)) if guarded else careful
        self._run = build(body, emission, proven, otherwise.run, self._admitted)
        return emission.counts

    def _make_generic(self, otherwise: _Later) -> Run:
        emitter = self._emitter()
        return build(self._body(emitter), emitter.emission, {}, otherwise.run, self._admitted)

    def _make_careful(self) -> Run:
        emitter = self._emitter(careful=True)
        return build_careful(self._body(emitter), emitter.emission)

    def _first_run(
        self,
        v: Mapping[str, object],
        frame: Frame = QUIET,
        i0: object = None,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object:
        self.prepare()
        return self._run(v, frame, i0, reasons, now)

    def _admitted(
        self,
        v: Mapping[str, object],
        frame: Frame = QUIET,
        i0: object = None,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object:
        """Once more, with ordinary Python values made FEEL values. The frame has been opened already."""
        del reasons, now
        return self._run({name: from_python(v[name]) for name in self._asked if name in v}, frame.trusting(), i0)

    def within(self, frame: Frame, variables: Mapping[str, object], i0: object = None) -> object:
        """The value inside an evaluation that goes on in `frame`; null with a reason where it goes beyond its budget.
        `variables` hold FEEL values if the frame trusts them; `i0` is the input of unary tests."""
        try:
            if self._steps:
                frame.charge(self._steps)
            return self._run(variables, frame, i0)
        except (LimitExceeded, RecursionError) as problem:
            self._stopped(frame, problem)
            return None

    def _stopped(self, frame: Frame, problem: Exception) -> None:
        """The null of an evaluation that went beyond its budget: the reason is the whole expression."""
        message = (
            str(problem) if isinstance(problem, LimitExceeded) else "Expected an evaluation that nests less deeply."
        )
        frame.note(ReasonKind.LIMIT, message, Span(self._source, self._node.first, self._node.last))


class Evaluate(Protocol):
    """How an expression is evaluated by itself."""

    def __call__(
        self,
        variables: Mapping[str, object] = NO_VARIABLES,
        /,
        *,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object: ...


class Expression(_Compiled):
    """One FEEL expression. Made by `compile`.

    ``expression.evaluate(variables, reasons=None, now=None)`` gives its value; null (None) where it has none, and then
    `reasons` gains the reason. `variables` maps names to FEEL's or to ordinary Python values. `now` is what now() and
    today() answer; without it they ask the system. It never raises for data; a variable that FEEL cannot hold raises
    TypeError. `evaluate` is an attribute, the compiled code itself where that needs no budget: a call less.
    """

    __slots__ = ("_ready", "evaluate")

    evaluate: Evaluate

    def __init__(self, node: nodes.Node, source: Source, scope: Scope) -> None:
        super().__init__(node, source, scope)
        self.evaluate = self._first_evaluation
        self._ready = False

    def _first_evaluation(
        self,
        variables: Mapping[str, object] = NO_VARIABLES,
        /,
        *,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object:
        if not self._ready:  # a caller may have kept this method from before
            counts = self.prepare()
            self.evaluate = self._bounded_evaluation if counts else cast("Evaluate", self._run)
            self._ready = True
        return self.evaluate(variables, reasons=reasons, now=now)

    def _bounded_evaluation(
        self,
        variables: Mapping[str, object] = NO_VARIABLES,
        /,
        *,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object:
        frame = opened(QUIET, reasons, now)
        frame.unstoppable = False
        return self.run(frame, variables)

    run = _Compiled.within
    """Like `evaluate`, inside an evaluation that goes on in a frame: ``run(frame, variables)``."""

    @property
    def type(self) -> Type:
        """The type of the value, as far as it is known without a value."""
        return shape_of(self._node, None, self.scope)

    def _emit(self, emitter: Emitter) -> ast.expr:
        return emitter.plain(self._node)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


class UnaryTests(_Compiled):
    """One cell of a decision table: tests that an input passes or not. Made by `compile_unary_tests`."""

    __slots__ = ()

    def test(
        self,
        value: object,
        variables: Mapping[str, object] = NO_VARIABLES,
        *,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> bool | None:
        """Whether `value` passes; null (None) where that cannot be said, and then `reasons` gains the reason."""
        return self.run(Frame(reasons, now, trusted=False), from_python(value), variables)

    def run(self, frame: Frame, value: object, variables: Mapping[str, object]) -> bool | None:
        """Like `test`, inside an evaluation that goes on in `frame`."""
        verdict = self.within(frame, variables, value)
        return verdict if isinstance(verdict, bool) else None

    def _emit(self, emitter: Emitter) -> ast.expr:
        return emitter.tests(self._node)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"UnaryTests({self.text!r})"


def _scope(names: Iterable[str] | Scope, types: Mapping[str, Type] | None, *, extensions: bool) -> Scope:
    if isinstance(names, Scope):
        return names
    if names == () and not types:
        return _OPEN if extensions else _OPEN_STANDARD
    return Scope.open(names, types, extensions=extensions)


_OPEN = Scope(closed=False)
_OPEN_STANDARD = Scope(closed=False, extensions=False)


def compile(  # noqa: A001 - the name that a reader expects: feel.compile
    text: str, names: Iterable[str] | Scope = (), *, types: Mapping[str, Type] | None = None, extensions: bool = True
) -> Expression:
    """Read an expression.

    `names` are the variables that it may name, needed where a name has spaces or operators inside; other names of one
    word are variables too. `types` declares the types of some of them. A `Scope` says both, and what ``instance of``
    may
    name. `extensions`: whether Camunda's functions are known. Raises FeelSyntaxError with line and column. (DMN 1.5,
    10.3)
    """
    scope = _scope(names, types, extensions=extensions)
    node, parser = read_expression(text, scope, lambda mended: _polished(compile(mended, scope)))
    return Expression(node, parser.source, scope)


def compile_unary_tests(
    text: str, names: Iterable[str] | Scope = (), *, types: Mapping[str, Type] | None = None, extensions: bool = True
) -> UnaryTests:
    """Read the unary tests of a cell, such as ``< 10, [20..30]``, ``not("a")`` or ``-``; ``?`` is the input.

    Arguments and errors as for `compile`; the type of the input is declared under the name ``?``. (DMN 1.5, 10.3.2.8)
    """
    scope = _scope(names, types, extensions=extensions)
    node, parser = read_tests(text, scope, lambda mended: _polished(compile_unary_tests(mended, scope)))
    return UnaryTests(node, parser.source, scope)


def advice(
    compiled: Expression | UnaryTests, *, use: Use | None = None, known: Iterable[str] = ()
) -> tuple[Advice, ...]:
    """What was read and is hardly what was meant, each with its place and what to write instead: names that the scope
    does not declare, where something is known about them, methods, functions of other languages, dates that are
    subtractions.

    `use` says where the text stands; unary tests are an input cell. `known` are names that it may use besides those of
    its scope. It takes as long as compiling; nothing of it is paid for unless it is asked for.
    """
    if use is None:
        use = Use.INPUT_CELL if isinstance(compiled, UnaryTests) else Use.EXPRESSION
    known = tuple(known)
    unknown = compiled.unknown.difference(known)
    reading = Reading(compiled._source, compiled.scope, unknown, use, (*compiled.scope.variables, *known))
    return with_room(lambda: advise(compiled.node, reading))


def _polished(compiled: Expression | UnaryTests) -> str:
    """The text with all that is certain mended."""
    found = advice(compiled)
    return found[0].corrected or compiled.text if found else compiled.text
