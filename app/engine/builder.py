"""What the element specs need while they are built: formulas, mappings, jobs, and where to report what cannot run."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property

from app import feel
from app.bpmn import extensions, model
from app.engine.data_names import variable_names
from app.engine.events import JobKind
from app.engine.formulas import Formula
from app.engine.job_spec import JobSpec
from app.engine.mappings import VariableMapping
from app.engine.naming import Named, NamedKind
from app.errors import Diagnostic, ModelError, Severity

LITERAL_NULL = extensions.Expression("null")


class Builder:
    """Collects every problem of one process instead of stopping at the first."""

    def __init__(self, definitions: model.Definitions, process: model.Process) -> None:
        self.definitions = definitions
        self.process = process
        self.problems: list[Diagnostic] = []
        self.job_types: set[tuple[str, JobKind]] = set()
        self.named: list[Named] = []
        self.any_moment = datetime(2026, 1, 1, tzinfo=UTC)  # literals of timers are read once to see that they can be

        self.scope = process.scope

    @cached_property
    def data_names(self) -> dict[str, str]:
        """Ids of the data objects of the process, and of the references to them, to variable names."""
        return variable_names(self.process)

    def enter(self, scope: model.Scope) -> None:
        """The specs that follow belong to this scope."""
        self.scope = scope

    def refuse(self, element: model.Element, code: str, message: str, remedy: str, line: int | None = None) -> None:
        """The element cannot be executed; say why and what to do."""
        self.problems.append(
            Diagnostic(
                code=f"engine.{code}",
                message=message,
                remedy=remedy,
                file=self.definitions.file,
                element_id=element.id or None,
                element_name=element.name or None,
                line=line if line is not None else element.line,
            )
        )

    def warn(self, element: model.Element, code: str, message: str, remedy: str) -> None:
        """The element runs, but perhaps not as its author expects."""
        self.problems.append(
            Diagnostic(
                code=f"engine.{code}",
                message=message,
                remedy=remedy,
                severity=Severity.WARNING,
                file=self.definitions.file,
                element_id=element.id or None,
                element_name=element.name or None,
                line=element.line,
            )
        )

    def name(self, element: model.Element, kind: NamedKind, name: str) -> None:
        """The element needs another model or a handler of this name when a token gets there."""
        self.named.append(Named(kind, name, element.id, element.name, element.line))

    def formula(self, element: model.Element, source: extensions.Expression, what: str) -> Formula:
        """Compile an expression; one that does not parse is reported with what it is for."""
        try:
            return Formula.compile(source)
        except ModelError as error:
            reason = "; ".join(diagnostic.message for diagnostic in error.diagnostics)
            self.refuse(
                element,
                "expression",
                f'Expected a FEEL expression for the {what}, but found "{source}": {reason}',
                "Correct the expression.",
            )
            return Formula.compile(LITERAL_NULL)

    def optional(self, element: model.Element, source: extensions.Expression | None, what: str) -> Formula | None:
        return None if source is None else self.formula(element, source, what)

    def static_text(self, element: model.Element, source: extensions.Expression | None, what: str) -> str | None:
        """A text that may not depend on variables, such as the code of a caught error. None stays None."""
        if source is None:
            return None
        formula = self.formula(element, source, what)
        if formula.names:
            names = ", ".join(sorted(formula.names))
            self.refuse(
                element,
                "static-expression",
                f'Expected a {what} without variables, but "{formula}" reads {names}.',
                "Write a literal text.",
            )
            return ""
        value = formula.constant()
        return "" if value is None else feel.text_of(value)

    def mappings(
        self, node: model.FlowNode, mappings: Iterable[extensions.VariableMapping]
    ) -> tuple[VariableMapping, ...]:
        return tuple(
            VariableMapping(
                self.formula(node, mapping.source, f'variable "{mapping.target}"'), tuple(mapping.target.split("."))
            )
            for mapping in mappings
        )

    def job(
        self,
        node: model.FlowNode | model.Process,
        definition: extensions.TaskDefinition | extensions.ExecutionListener | extensions.TaskListener,
        headers: Mapping[str, str],
        kind: JobKind = JobKind.TASK,
        priority: extensions.Expression | None = None,
    ) -> JobSpec:
        """A job for a task handler, whose type is noted among the program's facts if it is fixed."""
        job_type = self.formula(node, definition.type, "job type")
        if not job_type.names:
            name = feel.text_of(job_type.constant())
            self.job_types.add((name, kind))
            self.name(node, NamedKind.HANDLER, name)
        if priority is None:
            priority = self.process.job_priority
        return JobSpec(
            job_type,
            self.formula(node, definition.retries, "number of retries"),
            headers,
            kind,
            self.optional(node, priority, "job priority"),
        )

    def refuse_listeners(self, node: model.FlowNode, moments: tuple[str, ...]) -> None:
        """A listener that would never be called is refused by name."""
        for listener in node.execution_listeners:
            if listener.event_type not in moments:
                known = ", ".join(moments)
                self.refuse(
                    node,
                    "listener",
                    f'Expected an execution listener for one of {known}, but found "{listener.event_type}".',
                    "Choose another moment, or remove the listener.",
                )

    def execution_listeners(
        self,
        node: model.FlowNode | model.Process,
        listeners: Sequence[extensions.ExecutionListener],
        event_type: str,
    ) -> tuple[JobSpec, ...]:
        return tuple(
            self.job(node, listener, dict(listener.headers), JobKind.EXECUTION_LISTENER)
            for listener in listeners
            if listener.event_type == event_type
        )
