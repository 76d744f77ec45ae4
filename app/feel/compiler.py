"""The last stage: an emission to a Python function, with the guards at its entry.

This is the one place where code is generated. It reaches only the names of `runtime.GLOBALS` and its own constants, and
has no builtins of Python.
"""

import ast
from collections.abc import Mapping
from datetime import datetime
from types import CodeType, FunctionType, MappingProxyType
from typing import Protocol, cast

from app.feel import pyast as py
from app.feel.emitter import CLASS_NAMES, INPUT, Emission, Proven
from app.feel.frame import QUIET, Frame, Reason
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

_LOST = py.load("LOST")


def _return_call(function: str) -> ast.stmt:
    return py.Return(py.call(function, *(py.load(name) for name in _PARAMETER_NAMES)))


_PASS = py.Pass()
_OTHERWISE = _return_call("otherwise")
_ADMITTED = _return_call("admitted")
_OPENED = py.If(
    py.Compare(py.load("reasons"), [py.IS_NOT], [py.load("now")]),  # that is: unless both are None
    [py.Assign([py.Name("frame", py.STORE)], py.call("opened", py.load("frame"), py.load("reasons"), py.load("now")))],
    [],
)
_COUNTING = py.Assign(
    [py.Name("frame", py.STORE)], py.Call(py.Attribute(py.load("frame"), "counting", py.LOAD), [], [])
)


def build(body: ast.expr, emission: Emission, proven: Mapping[str, Proven], otherwise: Run, admitted: Run) -> Run:
    """The function that evaluates `body` fast, with the guards at its entry.

    `proven` names variables (and the input ``?``) whose classes are checked on entry. Where a check fails, a variable
    is missing, or arithmetic leaves FEEL's numbers, `otherwise` runs instead; where a variable is no FEEL value yet,
    `admitted`.
    """
    variables = emission.variables
    strange = {key: name for key, name in variables.items() if key not in proven}
    entry: list[ast.stmt] = [py.Assign([py.Name(name, py.STORE)], _subscript(key)) for key, name in strange.items()]
    if strange:
        entry.append(py.If(_any([_not_known(name) for name in strange.values()]), [_ADMITTED], []))
    checks = [
        _is(py.assign_expression(variables[key], _subscript(key)), kind)
        for key, kind in proven.items()
        if key in variables
    ]
    if INPUT in proven and "i0" in emission.used:
        checks.append(_is(py.load("i0"), proven[INPUT]))
    evaluated = py.Return(body)
    entry.append(py.If(py.all_of(checks), [evaluated], []) if checks else evaluated)
    statements: list[ast.stmt] = [_OPENED] if emission.uses_frame or strange else []
    if emission.counts:
        statements.append(_COUNTING)
    statements += [py.Try(entry, [py.Handler(_LOST, None, [_PASS])], [], []), _OTHERWISE]
    return _function(statements, {**emission.constants, "otherwise": otherwise, "admitted": admitted})


def build_careful(body: ast.expr, emission: Emission) -> Run:
    """The function that evaluates `body`, a careful emission, whatever the variables are."""
    statements: list[ast.stmt] = [_OPENED, _COUNTING]
    for key, name in emission.variables.items():
        place = py.load(f"s_{name}")  # where the variable is named first
        found = py.call("admit", py.load("frame"), place, py.load("v"), py.Constant(key))
        statements.append(py.Assign([py.Name(name, py.STORE)], found))
    statements.append(py.Return(body))
    return _function(statements, emission.constants)


def _function(statements: list[ast.stmt], constants: Mapping[str, object]) -> Run:
    definition = py.Def("run", _PARAMETERS, statements, [], None)
    code = compile(ast.Module([definition], []), "<feel>", "exec")
    body = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return cast("Run", FunctionType(body, {**GLOBALS, **constants}, "run", _DEFAULTS))


def _subscript(name: str) -> ast.expr:
    return py.Subscript(py.load("v"), py.Constant(name), py.LOAD)


def _is(value: ast.expr, kind: Proven) -> ast.expr:
    return py.is_(py.class_of(value), py.load(CLASS_NAMES[kind]))


def _not_known(variable: str) -> ast.expr:
    return py.Compare(py.class_of(py.load(variable)), [py.NOT_IN], [py.Attribute(py.load("frame"), "known", py.LOAD)])


def _any(tests: list[ast.expr]) -> ast.expr:
    return tests[0] if len(tests) == 1 else py.BoolOp(py.OR, tests)
