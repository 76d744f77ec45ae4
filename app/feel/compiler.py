"""The last stage: an emission to a Python function, with the guards at its entry.

This is the one place where code is generated. It reaches only the names of `runtime.GLOBALS` and its own constants, and
has no builtins of Python.
"""

import ast
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import CodeType, FunctionType, MappingProxyType
from typing import Protocol, cast

from app.feel import pyast as py
from app.feel.emission import Emission
from app.feel.emitter import INPUT, key_of
from app.feel.frame import QUIET, Frame, Reason
from app.feel.proven import A_NUMBER, CLASS_NAMES, Proven
from app.feel.runtime import GLOBALS


class Run(Protocol):
    """Compiled code. `frame` goes on with an evaluation; otherwise `reasons` and `now` open one. `i0` is the input of
    unary tests, None for an expression. No parameter is keyword-only: Python calls such functions slower."""

    def __call__(
        self,
        v: Mapping[str, object],
        frame: Frame = QUIET,
        i0: object = None,
        reasons: list[Reason] | None = None,
        now: datetime | None = None,
    ) -> object: ...


_PARAMETER_NAMES = ("v", "frame", "i0", "reasons", "now")
_PARAMETERS = py.arguments(_PARAMETER_NAMES)
_DEFAULTS: tuple[object, ...] = (MappingProxyType({}), QUIET, None, None, None)


def _return_call(function: str) -> ast.stmt:
    return py.Return(py.call(function, *(py.load(name) for name in _PARAMETER_NAMES)))


_PASS = py.Pass()
_OTHERWISE = _return_call("otherwise")
_ADMITTED = _return_call("admitted")
_OPENED = py.If(
    py.compare((py.IS_NOT,), py.load("reasons"), py.load("now")),  # that is: unless both are None
    [py.Assign([py.Name("frame", py.STORE)], py.call("opened", py.load("frame"), py.load("reasons"), py.load("now")))],
    [],
)
_COUNTING = py.Assign([py.Name("frame", py.STORE)], py.method(py.load("frame"), "counting"))
_HANDLERS: list[ast.ExceptHandler] = [py.Handler(py.load("LOST"), None, [_PASS])]


def build(body: ast.expr, emission: Emission, proven: Mapping[str, Proven], otherwise: Run, admitted: Run) -> Run:
    """The function that evaluates `body` fast, with the guards at its entry.

    `proven` names variables (and the input ``?``) whose classes are checked on entry. Where a check fails, a variable
    is missing, arithmetic leaves FEEL's numbers, or operators would work in another decimal context than FEEL's,
    `otherwise` runs instead; where a variable is no FEEL value yet,
    `admitted`.
    """
    checks: list[ast.expr] = []
    strange: list[str] = []
    for key, name in emission.variables.items():
        kind = proven.get(key)
        if kind is None:
            strange.append(name)
        else:
            checks.append(_is(py.assign_expression(name, _variable(name)), kind))
            if kind is A_NUMBER:
                checks.append(_finite(name))
    if INPUT in proven and "i0" in emission.used:
        checks.append(_is(py.load("i0"), proven[INPUT]))
    if emission.operates:
        checks.append(py.is_(py.call("getcontext"), py.load("ENTERED")))
    make = _fast_code.__wrapped__ if emission.large else _fast_code
    code = make(body, tuple(checks), tuple(strange), opens=emission.uses_frame, counts=emission.counts)
    return _function(_copy(code), {**emission.constants, "otherwise": otherwise, "admitted": admitted})


@lru_cache(maxsize=1024)
def _fast_code(
    body: ast.expr, checks: tuple[ast.expr, ...], strange: tuple[str, ...], *, opens: bool, counts: bool
) -> CodeType:
    """The code of a fast function. Expressions that differ in their literals only have one code, as equal trees are one
    object: see `pyast`."""
    entry: list[ast.stmt] = [py.Assign([py.Name(name, py.STORE)], _variable(name)) for name in strange]
    if strange:
        entry.append(py.If(py.joined(py.OR, *map(_not_known, strange)), [_ADMITTED], []))
    evaluated = py.Return(body)
    entry.append(py.If(py.joined(py.AND, *checks), [evaluated], []) if checks else evaluated)
    statements: list[ast.stmt] = [_OPENED] if opens or strange else []
    if counts:
        statements.append(_COUNTING)
    return _compiled([*statements, py.Try(entry, _HANDLERS, [], []), _OTHERWISE])


def build_careful(body: ast.expr, emission: Emission) -> Run:
    """The function that evaluates `body`, a careful emission, whatever the variables are."""
    statements: list[ast.stmt] = [_OPENED, _COUNTING]
    for name in emission.variables.values():
        found = py.call("variable_or", py.load("frame"), py.load("v"), py.load(key_of(name)), py.load("ABSENT"))
        statements.append(py.Assign([py.Name(name, py.STORE)], found))
    statements.append(py.Return(body))
    return _function(_compiled(statements), emission.constants)


def forget() -> None:
    """Remember no tree and no code any more."""
    py.forget()
    _fast_code.cache_clear()


def _compiled(statements: list[ast.stmt]) -> CodeType:
    definition = py.Def("run", _PARAMETERS, statements, [], None)
    module = compile(ast.Module([definition], []), "<feel>", "exec")
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


def _copy(code: CodeType) -> CodeType:
    """A copy that Python adapts to one function alone: it remembers in the code where the globals are."""
    return code.replace(co_consts=tuple([_copy(c) if isinstance(c, CodeType) else c for c in code.co_consts]))


def _function(code: CodeType, constants: Mapping[str, object]) -> Run:
    return cast("Run", FunctionType(code, {**GLOBALS, **constants}, "run", _DEFAULTS))


def _variable(name: str) -> ast.expr:
    return py.subscript(py.load("v"), py.load(key_of(name)))


def _is(value: ast.expr, kind: Proven) -> ast.expr:
    return py.is_(py.class_of(value), py.load(CLASS_NAMES[kind]))


def _finite(variable: str) -> ast.expr:
    """That a Decimal is a number: a caller may bring NaN."""
    return py.method(py.load(variable), "is_finite")


def _not_known(variable: str) -> ast.expr:
    class_ = py.class_of(py.load(variable))
    unknown = py.compare((py.NOT_IN,), class_, py.attribute(py.load("frame"), "known"))
    return py.joined(py.OR, unknown, py.joined(py.AND, py.is_(class_, py.load("Decimal")), py.not_(_finite(variable))))
