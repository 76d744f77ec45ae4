"""FEEL, the expression language of DMN 1.5 (chapter 10), complete, plus Camunda's extension functions kept apart.

Here live the language, its values, its types and its built-in functions. Nothing here knows decision tables, diagrams,
databases or the clock. The stages, one file each, in pipeline order:

    tokens → names → climbing, infixes, literals, parser → nodes → speculation → emitter, structures → compiler
    and, at run time: runtime, operators, access, calls, builtins on values, frame, types, temporal

**Values.** null ``None`` · number ``decimal.Decimal`` · string ``str`` · boolean ``bool`` · list ``list`` · context
``dict`` · ``Date`` ``Time`` ``DateAndTime`` ``DaysAndTime`` ``YearsAndMonths`` ``Range`` ``Function``. Values are never
changed in place. ``evaluate`` also admits int, float (through its repr), tuple, datetime.date/time/datetime/timedelta.
Other classes, NaN, infinity and lists inside themselves raise TypeError. Expressions, tests, scopes and values may be
shared between threads; a `Frame` belongs to one evaluation.

**For everybody**

    evaluate(text, variables={}, *, now=None) -> value                 names are the keys of `variables`, longest match
    unary_test(text, value, variables={}, *, now=None) -> bool | None
    compile(text, names=() | Scope, *, types=None, extensions=True) -> Expression              raises FeelSyntaxError
    compile_unary_tests(text, names=() | Scope, *, types=None, extensions=True) -> UnaryTests  raises FeelSyntaxError
    advice(expression | tests, *, use=None, known=()) -> tuple[Advice, …]    what was read and is hardly meant
    Expression: .text .names (free names) .unknown (free names that the scope does not declare) .type (inferred)
    Expression.evaluate(variables={}, *, reasons: list[Reason] | None = None, now=None) -> value
    UnaryTests.test(value, variables={}, *, reasons=None, now=None) -> bool | None
    with arithmetic(): ...      what is evaluated inside is faster, never different; for a thread that evaluates much
    to_json(value) / from_python(value) / json_loads(text) / json_dumps(value)

**For app.dmn**, which brings values that are FEEL values already:

    Scope(variables: Mapping[str, Type], types: Mapping[str, Type] = {}, extensions=True, closed=True)
        `variables` are the names in scope with their declared types (types.ANY where none is declared); members of a
        ContextType are known after a dot, in a filter and in an iteration, so `Person.First Name` parses.
        `types` are the item definitions that `instance of` may name ("tPerson", "prefix.tPerson").
    Frame(reasons=None, now=None, trusted=True)      one evaluation: reasons, now, budget of steps, depth of calls
    Expression.run(frame, variables) -> value        `variables` must hold FEEL values of the declared types (or null)
    UnaryTests.run(frame, value, variables) -> bool | None
    Function(name, parameters=(Parameter(name, type), …), body=callable(frame, *arguments) -> value, result=types.ANY)
        a function value; put it in `variables` under its name and expressions call it, positionally or by names.
        Arguments are coerced to the parameters' types before `body` runs, the result to `result` after it.
    call(frame, function, positional=(), named={}) -> value          null with a reason where the arguments do not fit
    types.conforms(value, type) -> bool              `instance of`
    types.coerce(value, type, frame=None) -> value   DMN's implicit conversions, otherwise null with a reason
    read_type(text, types={}) -> Type                "list<number>", "tPerson"; raises FeelSyntaxError
    includes(test, value) -> bool | None  `value in test`; equal(a, b) -> bool | None; compare(a, b) -> int | None
    advice(compiled, use=Use.OUTPUT_CELL), instead_of_name(name, known, use), instead_of_function(name, scope): what to
        write instead of a name that nobody declares, for whoever reports it at its own place
    HostFunctions: an explicit registry of Python functions; there is no other way to the host (a Java function
        definition is null with a reason).
    text_of(value) -> str    the FEEL `string()` of a value;  literal(value) -> str  an expression that yields the value
"""

from app.feel import types
from app.feel.calls import call
from app.feel.convenience import evaluate, unary_test
from app.feel.expression import Expression, UnaryTests, advice, compile, compile_unary_tests  # noqa: A004 - feel.compile
from app.feel.frame import Frame, LimitExceeded, Reason, ReasonKind
from app.feel.from_python import from_python
from app.feel.hosts import HostFunctions
from app.feel.json_values import json_dumps, json_loads, to_json
from app.feel.names import Scope
from app.feel.parser import FeelSyntaxError, read_type
from app.feel.remedies import Advice, Instead, Use, instead_of_function, instead_of_name
from app.feel.temporal import Date, DateAndTime, DaysAndTime, Time, YearsAndMonths
from app.feel.text import literal, text_of
from app.feel.values import Builtin, Function, Parameter, Range, arithmetic, compare, equal, includes, within

__all__ = [
    "Advice",
    "Builtin",
    "Date",
    "DateAndTime",
    "DaysAndTime",
    "Expression",
    "FeelSyntaxError",
    "Frame",
    "Function",
    "HostFunctions",
    "Instead",
    "LimitExceeded",
    "Parameter",
    "Range",
    "Reason",
    "ReasonKind",
    "Scope",
    "Time",
    "UnaryTests",
    "Use",
    "YearsAndMonths",
    "advice",
    "arithmetic",
    "call",
    "compare",
    "compile",
    "compile_unary_tests",
    "equal",
    "evaluate",
    "from_python",
    "includes",
    "instead_of_function",
    "instead_of_name",
    "json_dumps",
    "json_loads",
    "literal",
    "read_type",
    "text_of",
    "to_json",
    "types",
    "unary_test",
    "within",
]
