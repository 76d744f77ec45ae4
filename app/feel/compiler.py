"""The last stage: an emission to a Python function, with the guards at its entry.

This is the one place where code is generated. It reaches only the names of `runtime.GLOBALS` and its own constants, and
has no builtins of Python.
"""

import ast
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import cast

from app.feel import pyast as py
from app.feel.emitter import CLASS_NAMES, Emission, Proven
from app.feel.frame import Frame
from app.feel.runtime import GLOBALS

Run = Callable[[Mapping[str, object], Frame, object], object]
"""Compiled code: variables, frame, and the input of unary tests (None for an expression)."""

_PARAMETERS = py.arguments(["v", "frame", "i0"])
_LOST = py.Tuple([py.load("ArithmeticError"), py.load("KeyError")], py.LOAD)
_OTHERWISE = py.Return(py.call("otherwise", py.load("v"), py.load("frame"), py.load("i0")))
_COUNTING = py.Assign(
    [py.Name("frame", py.STORE)], py.Call(py.Attribute(py.load("frame"), "counting", py.LOAD), [], [])
)


def build(body: ast.expr, emission: Emission, proven: Mapping[str, Proven], otherwise: Run | None) -> Run:
    """The function that evaluates `body`.

    `proven` names variables (and the input ``?``) whose classes are checked on entry. Where a check fails, a variable
    is missing, or arithmetic leaves FEEL's numbers, `otherwise` runs instead; without it, `body` must be a careful
    emission.
    """
    statements: list[ast.stmt] = [_COUNTING] if emission.counts else []
    load = _subscript if otherwise is not None else _get
    entry: list[ast.stmt] = [
        py.Assign([py.Name(variable, py.STORE)], load(name)) for name, variable in emission.variables.items()
    ]
    unproven = [(name, variable) for name, variable in emission.variables.items() if name not in proven]
    checked = [(emission.variables[name], kind) for name, kind in proven.items() if name in emission.variables]
    if "?" in proven and "i0" in emission.used:
        checked.append(("i0", proven["?"]))
    if checked:
        tests = [_is_not(variable, kind) for variable, kind in checked]
        entry.append(py.If(tests[0] if len(tests) == 1 else py.BoolOp(py.OR, tests), [_OTHERWISE], []))
    entry.extend(_admission(name, variable, careful=otherwise is None) for name, variable in unproven)
    entry.append(py.Return(body))
    if otherwise is None:
        statements.extend(entry)
    else:
        statements.append(py.Try(entry, [py.Handler(_LOST, None, [_OTHERWISE])], [], []))
    definition = py.Def("run", _PARAMETERS, statements, [], None)
    code = compile(ast.Module([definition], []), "<feel>", "exec")
    function = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    scope = {**GLOBALS, **emission.constants, "otherwise": otherwise}
    return cast("Run", FunctionType(function, scope, "run"))


def _subscript(name: str) -> ast.expr:
    return py.Subscript(py.load("v"), py.Constant(name), py.LOAD)


def _get(name: str) -> ast.expr:
    return py.Call(py.Attribute(py.load("v"), "get", py.LOAD), [py.Constant(name)], [])


def _is_not(variable: str, kind: Proven) -> ast.expr:
    return py.Compare(py.class_of(py.load(variable)), [py.IS_NOT], [py.load(CLASS_NAMES[kind])])


def _admission(name: str, variable: str, *, careful: bool) -> ast.stmt:
    """Make a FEEL value of a variable that is not certainly one; the careful form also notes a missing one."""
    strange: ast.expr = py.Compare(py.class_of(py.load(variable)), [py.NOT_IN], [py.load("KNOWN")])
    if careful:
        strange = py.BoolOp(py.OR, [py.is_(py.load(variable), py.NONE), strange])
    place = py.load(f"s_{variable}")  # where the variable is named first
    admitted = py.call("admit", py.load("frame"), place, py.load("v"), py.Constant(name), py.load(variable))
    return py.If(strange, [py.Assign([py.Name(variable, py.STORE)], admitted)], [])
