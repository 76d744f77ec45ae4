"""What the expressions of one decision or function are compiled against, and how a FEEL text becomes logic."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app import feel
from app.dmn.compiling.remedies import for_name
from app.dmn.frames import DecisionFrame, Logic
from app.dmn.model import Element, Expression, FunctionDefinition, LiteralExpression, OutputClause, Text, Variable
from app.dmn.reasons import DecisionReasonKind, Place
from app.dmn.tables.cells import literal_value
from app.dmn.types import ModelTypes
from app.errors import Severity
from app.feel import types
from app.feel.types import Type

Scope = feel.Scope


@dataclass(frozen=True, slots=True)
class Compiled:
    """Logic with the type of its value, ANY where nothing is known.

    `is_refused`: the text cannot be read, so that the logic only says why it is null.
    """

    logic: Logic
    type: Type = types.ANY
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A text that cannot be compiled, or that names what nobody declares."""

    place: Place
    code: str
    message: str
    remedy: str
    line: int = 1  # in the text
    column: int = 1
    severity: Severity = Severity.ERROR


@dataclass(slots=True)
class Unit:
    """The surroundings of one decision or function. `problems` grows while its expressions are compiled."""

    model_types: ModelTypes
    compile_kind: Callable[["Unit", Expression, Scope], Compiled]
    tracing: bool = False
    checking: bool = False  # look for names that nobody declares, which takes as long as compiling
    problems: list[Problem] = field(default_factory=list)

    def type_of(self, typed: Variable | OutputClause | Expression) -> Type:
        """The declared type, ANY where there is none."""
        if typed.type_ref is None:
            return types.ANY
        return self.model_types.read(typed.type_ref, element_id=typed.id, line=typed.line)

    def result_of(self, function: FunctionDefinition) -> Type:
        """The declared type of a function's result: modelers declare that, or the type of the function."""
        declared = self.type_of(function)
        function_type = types.resolved(declared)
        return function_type.result if isinstance(function_type, types.FunctionType) else declared

    def allowed_text(self, type_ref: str | None) -> str | None:
        """The allowed values of a named type as they are written, None where it has none."""
        return None if type_ref is None else self.model_types.allowed_texts.get(type_ref)

    def parameters(self, variables: Sequence[Variable]) -> dict[str, Type]:
        return {variable.name: self.type_of(variable) for variable in variables}

    def place(self, element: Element) -> Place:
        text = element.text if isinstance(element, Text | LiteralExpression) else ""
        return Place(element.id, text, element.line, self.model_types.model.definitions.file)

    def scope(self, variables: Mapping[str, Type]) -> Scope:
        return Scope(variables, self.model_types.by_name)

    def expression(self, expression: Expression | None, scope: Scope) -> Compiled:
        """The logic of a boxed expression, its value coerced to its declared type; without an expression, null."""
        if expression is None:
            place = Place("", "", 0, self.model_types.model.definitions.file)
            return self.null(place, DecisionReasonKind.NO_LOGIC, "Expected an expression, but found none.")
        compiled = self.compile_kind(self, expression, scope)
        declared = self.type_of(expression)
        if isinstance(expression, FunctionDefinition) and not isinstance(types.resolved(declared), types.FunctionType):
            return compiled  # what is declared is the type of its result
        return self.coerced(compiled, declared, expression)

    def literal(self, expression: LiteralExpression, scope: Scope, *, is_output: bool = False) -> Compiled:
        """The logic of a literal expression (7.3.8); a text that is not FEEL yields null with a reason.

        `is_output`: it is that of a rule, where texts without quotes are a frequent mistake.
        """
        place = self.place(expression)
        if expression.language is not None:
            message = f"Expected FEEL, but found an expression in {expression.language}."
            return self._refused(place, "dmn.expression-language", message, DecisionReasonKind.NOT_SUPPORTED)
        try:
            compiled = feel.compile(expression.text, scope)
        except feel.FeelSyntaxError as error:
            return self._unreadable(place, error)
        if self.checking:
            is_name = expression.text.strip() in compiled.unknown
            advice = feel.advice(compiled)
            self._report_unknown(place, compiled.unknown, scope, advice, may_be_text=is_output and is_name)
            if not is_output:
                self._report_doubts(place, advice)
        name = expression.text.strip()
        if name in scope.variables:
            return Compiled(_variable(name), compiled.type)
        type_ = _LITERAL_TYPES.get(type(literal_value(name)[1]), compiled.type)
        run = compiled.run

        def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
            frame.place = place
            return run(frame, variables)

        return Compiled(logic, type_)

    def tests(self, text: Text, scope: Scope) -> feel.UnaryTests | Compiled:
        """The unary tests of a cell; a null with a reason where they cannot be read, which is reported."""
        if text.language is not None:
            message = f"Expected FEEL, but found tests in {text.language}."
            refuse = DecisionReasonKind.NOT_SUPPORTED
            return self._refused(self.place(text), "dmn.expression-language", message, refuse)
        try:
            compiled = feel.compile_unary_tests(text.text, scope)
        except feel.FeelSyntaxError as error:
            return self._unreadable(self.place(text), error)
        if self.checking:
            advice = feel.advice(compiled)
            self._report_unknown(self.place(text), compiled.unknown, scope, advice, may_be_text=True)
        return compiled

    def coerced(self, compiled: Compiled, type_: Type, declared_by: Element | None = None) -> Compiled:
        """`compiled`, whose value becomes null with a reason where it does not fit the declared type (10.3.2.9.4)."""
        if self.checking and declared_by is not None and never_fits(compiled.type, type_):
            message = f"Expected a value of the type {type_}, but found an expression of the type {compiled.type}."
            self.report(declared_by, "dmn.expression-type", message, "Correct the expression, or the declared type.")
        if type_ is types.ANY or (compiled.type is type_ and isinstance(type_, types.Simple)):
            return compiled
        inner = compiled.logic
        coerce = types.coerce

        def logic(frame: DecisionFrame, variables: dict[str, object]) -> object:
            return coerce(inner(frame, variables), type_, frame, frame)

        return Compiled(logic, type_, compiled.is_refused)

    def _unreadable(self, place: Place, error: feel.FeelSyntaxError) -> Compiled:
        for diagnostic in error.diagnostics:
            self.problems.append(
                Problem(
                    place,
                    diagnostic.code,
                    diagnostic.message,
                    diagnostic.remedy,
                    diagnostic.line or 1,
                    diagnostic.column or 1,
                )
            )
        return replace(self.null(place, DecisionReasonKind.SYNTAX, str(error)), is_refused=True)

    def report(
        self,
        element: Element,
        code: str,
        message: str,
        remedy: str,
        *,
        at: tuple[int, int] = (1, 1),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Keep a mistake of the model that does not keep it from running; `at` are line and column in its text."""
        self.problems.append(Problem(self.place(element), code, message, remedy, *at, severity))

    def report_function_name(self, element: Element, name: str) -> None:
        """An input that nobody declares is called like a function, which is meant everywhere else."""
        self.problems.append(
            Problem(
                self.place(element),
                "dmn.function-name",
                f'Expected an input that is declared, but found only the function of FEEL called "{name}".',
                "Add an input data of this name, or rename the input.",
                severity=Severity.WARNING,
            )
        )

    def _refused(self, place: Place, code: str, message: str, kind: DecisionReasonKind) -> Compiled:
        self.problems.append(Problem(place, code, message, _IN_FEEL))
        return replace(self.null(place, kind, message), is_refused=True)

    def null(self, place: Place, kind: DecisionReasonKind, message: str) -> Compiled:
        """Logic that yields null for the reason given."""

        def logic(frame: DecisionFrame, _: dict[str, object]) -> object:
            frame.note_decision(kind, message, place)
            return None

        return Compiled(logic)

    def _report_doubts(self, place: Place, advice: tuple[feel.Advice, ...]) -> None:
        """What can be read and is hardly meant; cells and outputs are compared with their columns instead."""
        for one in advice:
            if one.name is None:
                code, warning = "dmn.doubtful-expression", Severity.WARNING
                self.problems.append(Problem(place, code, one.message, one.remedy, one.line, one.column, warning))

    def _report_unknown(
        self,
        place: Place,
        names: frozenset[str],
        scope: Scope,
        advice: tuple[feel.Advice, ...],
        *,
        may_be_text: bool,
    ) -> None:
        functions = {one.name: one.remedy for one in advice if one.is_call}
        for name in sorted(names):
            self.problems.append(
                Problem(
                    place,
                    "dmn.unknown-name",
                    f'Expected names that are in scope, but found "{name}".',
                    functions.get(name) or for_name(name, scope.variables, may_be_text=may_be_text),
                    severity=Severity.WARNING,
                )
            )


_IN_FEEL = (
    "Write it in FEEL and remove the attribute expressionLanguage: == is =, && is and, || is or, and in a cell the "
    "input itself is left out (> 5) or called ?."
)


def never_fits(found: Type, declared: Type) -> bool:
    """Whether values of the type `found` are certainly none of the type `declared`, and not converted to it either."""
    found, declared = types.unconstrained(types.resolved(found)), types.unconstrained(types.resolved(declared))
    if not (isinstance(found, types.Simple) and isinstance(declared, types.Simple)):
        return False
    if types.ANY in (found, declared) or found is types.NULL:
        return False
    return found is not declared and (found, declared) != (types.DATE, types.DATE_AND_TIME)


def _variable(name: str) -> Logic:
    """The value of a variable: what an expression that is only its name comes to."""

    def logic(_: DecisionFrame, variables: dict[str, object]) -> object:
        return variables.get(name)

    return logic


_LITERAL_TYPES: Mapping[type, Type] = {Decimal: types.NUMBER, str: types.STRING, bool: types.BOOLEAN}


def inner(scope: Scope, added: Mapping[str, Type]) -> Scope:
    """`scope` with further variables, which hide those of the same name."""
    return Scope({**scope.variables, **added}, scope.types, scope.extensions, scope.closed)


def shared_type(items: Sequence[Compiled]) -> Type:
    """The type of all items where they have one in common."""
    first = items[0].type if items else types.ANY
    return first if all(item.type == first for item in items) else types.ANY
