"""What Camunda 8 (zeebe) adds to BPMN, as values. Camunda 7's words are translated into the same records by the reader.

Here live records without behaviour; reading them is the work of `app.bpmn.dialects`.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Expression:
    """A text of the diagram: FEEL (the leading "=" is already removed) or a literal."""

    text: str
    is_feel: bool = True

    def __str__(self) -> str:
        return f"={self.text}" if self.is_feel else self.text


class Binding(StrEnum):
    """Which version of a called model is meant."""

    LATEST = "latest"
    DEPLOYMENT = "deployment"
    VERSION_TAG = "versionTag"


@dataclass(frozen=True, slots=True)
class TaskDefinition:
    """The element is a job of this type for a task handler."""

    type: Expression
    retries: Expression = Expression("3", is_feel=False)


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """`source` is evaluated and its value assigned to `target`, a variable name or a path such as ``customer.name``."""

    source: Expression
    target: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    assignee: Expression | None = None
    candidate_users: Expression | None = None
    candidate_groups: Expression | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """Dates of a user task: ISO 8601 literals or FEEL."""

    due_date: Expression | None = None
    follow_up_date: Expression | None = None


UNASSIGNED = Assignment()
UNSCHEDULED = Schedule()


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form that is written into the diagram itself (Camunda 7's ``formData``)."""

    id: str
    label: str = ""
    type: str = "string"
    default_value: str | None = None
    is_required: bool = False
    options: tuple[tuple[str, str], ...] = ()  # (id, label) of an enumeration


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a user task or start event: exactly one of `id`, `key`, `external_reference`, `body`, `fields`."""

    id: str | None = None
    key: str | None = None
    external_reference: str | None = None
    body: str | None = None  # form-js JSON kept in the process (zeebe:userTaskForm)
    fields: tuple[FormField, ...] = ()
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True)
class CalledDecision:
    decision_id: Expression
    result_variable: str
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True)
class CalledElement:
    """The process (or global task) that a call activity starts."""

    process_id: Expression
    propagate_all_child_variables: bool = True
    propagate_all_parent_variables: bool = True
    business_id: Expression | None = None
    binding: Binding = Binding.LATEST
    version_tag: str | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """The body of a script task. `language`: "feel" for ``zeebe:script``, else the ``scriptFormat`` (may be empty)."""

    expression: Expression
    result_variable: str | None = None
    language: str = "feel"


@dataclass(frozen=True, slots=True)
class PublishMessage:
    """How a throwing message event or send task publishes its message. `time_to_live` is an ISO 8601 duration."""

    correlation_key: Expression | None = None
    message_id: Expression | None = None
    time_to_live: Expression | None = None


@dataclass(frozen=True, slots=True)
class ConditionalFilter:
    """Which changes make a conditional event look again; empty means all. Events: "create", "update"."""

    variable_names: tuple[str, ...] = ()
    variable_events: tuple[str, ...] = ()


EVERY_CHANGE = ConditionalFilter()


@dataclass(frozen=True, slots=True)
class ExecutionListener:
    """A job around an element's life. `event_type`: "start", "end", "beforeAll" or "cancel"."""

    event_type: str
    type: Expression
    retries: Expression = Expression("3", is_feel=False)
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TaskListener:
    """A job around a user task's life. `event_type`: creating, assigning, updating, completing or canceling."""

    event_type: str
    type: Expression
    retries: Expression = Expression("3", is_feel=False)
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LinkedResource:
    resource_id: str
    resource_type: str
    link_name: str
    binding: Binding = Binding.LATEST
    version_tag: str | None = None
