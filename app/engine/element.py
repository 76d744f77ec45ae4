"""What an element of a diagram is to the tokens that visit it: what can be asked of every one, and the flows between.

Nothing is done here. The life of a token is in `app.engine.elements.flow_node`, what the families do in it beside that.
Token, element and the running process know each other and nobody else: docs/adr/0004.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from app.engine.commands import JobResult
from app.engine.event_definitions.codes import ErrorCatch, EscalationCatch
from app.engine.formulas import Formula
from app.engine.job_spec import JobSpec
from app.engine.waits import Change, Wait

if TYPE_CHECKING:
    from app.engine.token import Token


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow as the engine takes it."""

    id: str
    target: "Element"
    condition: Formula | None = None
    is_default: bool = False


class Specification(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """All elements of one process at every depth, by name. Instances share it and never change it."""

    task_specs: "dict[str, Element]"
    start: "Element"  # the process itself


class Element(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """`element_type` is the BPMN name. Methods without a text of their own are told in the families that have them."""

    element_type: ClassVar[str] = ""
    is_event_sub_process: ClassVar[bool] = False
    is_inner_instance: ClassVar[bool] = False  # of an ad-hoc subprocess: what is done in it, is done in that
    is_instance: bool = False  # of a repeated activity, whose body has the boundary events and the flows

    shown_as: str | None = None  # the variable that shows what an element instance collects
    bpmn_id: str
    bpmn_name: str | None
    scope: "Element | None"  # the process or subprocess that it belongs to
    flows: tuple[Flow, ...]
    boundaries: "tuple[CatchingElement, ...]"
    event_starts: "tuple[CatchingElement, ...]"  # of the event subprocesses inside

    def receive(self, container: "Token", flow_id: str | None = None) -> "Token":
        """A token arrives by a flow (or appears, without one)."""
        raise NotImplementedError

    def start_with(self, container: "Token", result: dict[str, object]) -> None:
        """A token appears here without a flow, because what the element waits for has happened already."""
        raise NotImplementedError

    def left(self, token: "Token") -> None:
        """A token has left the element, and the tree."""
        raise NotImplementedError

    # what happens inside a scope

    def child_left(self, container: "Token", child: "Token") -> None:
        """A token inside this element instance is done. Only scopes have any."""

    def child_cancelled(self, container: "Token") -> None:
        """A token inside, cancelled earlier, is gone, now that its listeners have been called."""

    # what was waited for

    def waits(self, token: "Token") -> list[Wait]:  # noqa: ARG002 - the families look at it
        """What the element waits for, evaluated but not opened. Raises Obstacle."""
        return []

    def handler_of(self, wait: Wait) -> "Element":
        """Who takes what this element's tokens wait for: the event that is meant."""
        spec: Element = self._wf_spec.task_specs[wait.element_id]
        return spec

    def happened(self, token: "Token", wait: Wait, variables: dict[str, object]) -> None:
        """What `token` waited for on behalf of this event has come."""
        raise NotImplementedError

    def look(self, token: "Token", wait: Wait, changes: list[Change] | None) -> None:
        """Look at a condition again, because of these changes; None: because the wait has just been opened."""

    def go_on(self, container: "Token", result: dict[str, object]) -> None:
        """What this event cancelled is gone: do what it was cancelled for."""
        raise NotImplementedError

    # jobs

    def current_job(self, token: "Token") -> JobSpec:
        """The job that the token waits for."""
        raise NotImplementedError

    def job_headers(self, token: "Token", job: JobSpec) -> Mapping[str, str]:  # noqa: ARG002 - the families look at it
        return job.headers

    def job_variables(self, token: "Token", job: JobSpec) -> dict[str, object]:
        """What the job is shown."""
        raise NotImplementedError

    def take_result(self, token: "Token", result: JobResult | None) -> str | None:  # noqa: ARG002 - as above
        """Take what the job says beside its variables. A text says why it does not fit, and nothing has happened."""
        if result is None:
            return None
        return f"Expected variables from the job, but found a {result.told}. Let the task handler return a plain model."

    def job_completed(self, token: "Token", variables: dict[str, object]) -> None:
        """The job that the token waited for has ended well."""
        raise NotImplementedError

    # the end by force

    def let_go(self, token: "Token") -> None:
        """The token is cancelled: tell whoever works for it."""

    def farewells(self, token: "Token") -> tuple[JobSpec, ...]:  # noqa: ARG002 - the families look at it
        """The listeners that are called when the token is cancelled, before it is gone."""
        return ()

    def abandon(self, token: "Token") -> None:
        """The token is cancelled, and stays until its listeners and those inside it have been called."""
        raise NotImplementedError


class CatchingElement(Element):
    """An event that something happens to: told here is what those who throw look for."""

    catches_compensation: bool
    escalation_catches: tuple[EscalationCatch, ...]

    def trigger(self, owner: "Token", result: dict[str, object]) -> None:
        """The event has happened to the element instance `owner`, bringing these variables."""
        raise NotImplementedError

    def caught(self, owner: "Token", catch: ErrorCatch | EscalationCatch, variables: dict[str, object]) -> None:
        """An error or escalation that this event catches was thrown inside the element instance `owner`."""
        raise NotImplementedError

    def errors_caught_for(self, owner: "Token") -> tuple[ErrorCatch, ...]:
        """What catches errors at present."""
        raise NotImplementedError

    def cancels(self, transaction: "Token") -> bool:
        """Whether the event follows the cancellation of this transaction."""
        raise NotImplementedError
