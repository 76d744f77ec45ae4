"""The life of a token at any flow node. The families override what they do: `open`, `execute`, `conclude`.

A visit has phases: activated (input mappings), start listeners, opened (boundary events), executing, completing (output
mappings), end listeners, leaving; or, from any of them, cancelling. Whatever may fail does so inside a phase, before
anything of that phase has happened, so that the phase can be run again after its incident is resolved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from app.bpmn import model
from app.engine import events, formulas
from app.engine.commands import JobResult
from app.engine.formulas import Formula
from app.engine.jobs import JobSpec, cancel_job, listener_of, listeners_done, next_listener, visible_to_job
from app.engine.mappings import mapped
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import FOLLOWING, Phase, Token
from app.engine.waits import Wait

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.catching_event import CatchingEventSpec
    from app.engine.elements.process import ProcessSpec
    from app.engine.workflow import Change, ProcessWorkflow


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow as the engine takes it."""

    id: str
    target: "FlowNodeSpec"
    condition: Formula | None = None
    is_default: bool = False


class FlowNodeSpec(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The root of our task specs. `element_type` is the BPMN name; `node` what the diagram says."""

    element_type: ClassVar[str] = ""
    is_event_sub_process: ClassVar[bool] = False
    is_inner_instance: ClassVar[bool] = False  # of an ad-hoc subprocess: what is done in it, is done in that
    listener_moments: ClassVar[tuple[str, ...]] = ("start", "end")
    waits_for_events: ClassVar[bool] = False  # what happens brings variables for its output mappings

    def __init__(
        self, process: "ProcessSpec", node: model.FlowNode, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, name or node.id, description=self.element_type)
        self.bpmn_id: str = node.id
        self.bpmn_name: str | None = node.name or None
        self.scope: FlowNodeSpec | None = None  # the process or subprocess that it belongs to; linked by the compiler
        self.flows: tuple[Flow, ...] = ()
        self.boundaries: tuple[CatchingEventSpec, ...] = ()
        self.event_starts: tuple[CatchingEventSpec, ...] = ()  # of the event subprocesses inside
        self.companions: tuple[FlowNodeSpec, ...] = ()  # what else has to happen if the process starts by this event
        self.input_mappings = builder.mappings(node, node.inputs)
        self.output_mappings = builder.mappings(node, node.outputs)
        builder.refuse_listeners(node, self.listener_moments)
        self.start_listeners = builder.execution_listeners(node, node.execution_listeners, "start")
        self.end_listeners = builder.execution_listeners(node, node.execution_listeners, "end")

    # what a family overrides

    def listens(self, token: Token) -> bool:  # noqa: ARG002 - the families look at it
        """Whether the element waits from the moment the token arrives, so that it misses nothing that happens next."""
        return False

    def open(self, token: Token) -> None:
        """Open waits. Evaluate everything before anything is opened."""

    def execute(self, token: Token) -> bool:  # noqa: ARG002 - the families look at it
        """Do the element's work. True: done; False: something outside has to happen first."""
        return True

    def conclude(self, token: Token) -> None:
        """The work is done and the outputs are mapped: what the family does before the token leaves."""

    def child_left(self, container: Token, child: Token) -> None:
        """A token inside this element instance is done. Only scopes have any."""

    def child_cancelled(self, container: Token) -> None:
        """A token inside, cancelled earlier, is gone, now that its listeners have been called."""

    def go_on(self, container: Token, result: dict[str, object]) -> None:
        """What this event cancelled is gone: do what it was cancelled for."""
        raise NotImplementedError

    def waits(self, token: Token) -> list[Wait]:  # noqa: ARG002 - the families look at it
        """What the element waits for, evaluated but not opened. Raises Obstacle."""
        return []

    def handler_of(self, wait: Wait) -> "FlowNodeSpec":
        """Who takes what this element's tokens wait for: the event that is meant."""
        spec: FlowNodeSpec = self._wf_spec.task_specs[wait.element_id]
        return spec

    def start_with(self, container: Token, result: dict[str, object]) -> None:
        """A token appears here without a flow, because what the element waits for has happened already."""
        container.propagate(result)
        self.receive(container)

    def happened(self, token: Token, wait: Wait, variables: dict[str, object]) -> None:
        """What `token` waited for on behalf of this event has come."""
        raise NotImplementedError

    def look(self, token: Token, wait: Wait, changes: "list[Change] | None") -> None:
        """Look at a condition again, because of these changes; None: because the wait has just been opened."""

    def current_job(self, token: Token) -> JobSpec:
        """The job that the token waits for."""
        if token.phase is Phase.START_LISTENERS:
            return listener_of(token, self.start_listeners)
        if token.phase is Phase.CANCELLING:
            return listener_of(token, self.farewells(token))
        return listener_of(token, self.end_listeners)

    def job_headers(self, token: Token, job: JobSpec) -> Mapping[str, str]:  # noqa: ARG002 - the families look at it
        return job.headers

    def job_variables(self, token: Token, job: JobSpec) -> dict[str, object]:  # noqa: ARG002 - the families look at it
        return visible_to_job(token)

    def take_result(self, token: Token, result: JobResult | None) -> str | None:  # noqa: ARG002 - the families look at it
        """Take what the job says beside its variables. A text says why it does not fit, and nothing has happened."""
        if result is None:
            return None
        return f"Expected variables from the job, but found a {result.told}. Let the task handler return a plain model."

    def job_completed(self, token: Token, variables: dict[str, object]) -> None:
        """The job that the token waited for has ended well."""
        if token.phase in (Phase.START_LISTENERS, Phase.END_LISTENERS, Phase.CANCELLING):
            next_listener(token)
            token.propagate(variables)
            token.workflow.resume(token)
        else:
            token.result = variables
            token.workflow.resume(token, Phase.COMPLETING)

    def let_go(self, token: Token) -> None:
        """The token is cancelled: tell whoever works for it."""

    def farewells(self, token: Token) -> tuple[JobSpec, ...]:  # noqa: ARG002 - the families look at it
        """The listeners that are called when the token is cancelled, before it is gone."""
        return ()

    def abandon(self, token: Token) -> None:
        """The token is cancelled, and stays until its listeners and those inside it have been called."""
        token.workflow.close_waits(token)
        cancel_job(token)
        token.workflow.drop_incidents(token)
        token.internal_data.pop("after", None)

    # SpiffWorkflow's hooks

    def test(self) -> None:
        """Stock demands an input flow of every task; what a diagram must have is checked at deployment."""

    def _predict_hook(self, my_task: Token) -> None:
        """Nothing is predicted: a token exists only where it is."""

    def _on_ready_hook(self, my_task: Token) -> None:
        pass

    def _update_hook(self, my_task: Token) -> bool:
        """A token arrived. True: it can run."""
        if not self.listens(my_task):
            return True
        self._run_hook(my_task)
        if my_task.has_state(TaskState.FUTURE):
            my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, my_task: Token) -> bool | None:
        """Run the phases. True: the token can leave; None: it waits (or was cancelled on the way)."""
        try:
            return self._advance(my_task) or None
        except Obstacle as obstacle:
            if my_task.is_live:
                my_task.workflow.raise_incident(my_task, obstacle)
            return None

    def _advance(self, token: Token) -> bool:
        while token.phase is not Phase.LEAVING:
            if not self._step(token) or not token.is_live or token.is_cancelling:
                return False
            token.phase = FOLLOWING[token.phase]
        flows = self.choose(token)
        self.conclude(token)
        if not token.is_live or token.is_cancelling:
            return False
        token.leaves_by = flows
        if token.waits:
            token.workflow.close_waits(token)
        return True

    def _step(self, token: Token) -> bool:
        """Do what the token's phase asks. True: the next phase can begin."""
        match token.phase:
            case Phase.ARRIVED:
                self.activate(token)
            case Phase.START_LISTENERS:
                return not self.start_listeners or listeners_done(token, self.start_listeners)
            case Phase.OPENING:
                self.open(token)
            case Phase.EXECUTING:
                return self.execute(token)
            case Phase.COMPLETING:
                self.map_outputs(token)
            case Phase.END_LISTENERS:
                return not self.end_listeners or listeners_done(token, self.end_listeners)
            case Phase.CANCELLING:
                if not token._children and listeners_done(token, self.farewells(token)):
                    token.workflow.end_cancelling(token)
                return False
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        """The token leaves: one new token for every flow that it takes."""
        workflow, container = my_task.workflow, my_task.container
        workflow.emit(events.ElementCompleted(my_task.id, self.bpmn_id))
        for flow in my_task.leaves_by:
            self.take(workflow, flow, container)

    def _on_cancel(self, my_task: Token) -> None:
        workflow = my_task.workflow
        workflow.close_waits(my_task)
        cancel_job(my_task)
        self.let_go(my_task)
        workflow.drop_incidents(my_task)
        if my_task.phase is not Phase.ARRIVED:
            workflow.emit(events.ElementCancelled(my_task.id, self.bpmn_id))

    # the steps that all share

    def receive(self, container: Token, flow_id: str | None = None) -> Token:  # noqa: ARG002 - joins count by it
        """A token arrives by a flow (or appears, without one)."""
        token = container.workflow.add(self, container)
        self._update(token)
        return token

    def take(self, workflow: "ProcessWorkflow", flow: Flow, container: Token) -> None:
        if flow.id:  # a link has no sequence flow
            workflow.emit(events.FlowTaken(flow.id))
        flow.target.receive(container, flow.id)

    def activate(self, token: Token) -> None:
        """Tell that the element instance exists, then apply the input mappings."""
        token.workflow.emit(
            events.ElementActivated(token.id, self.bpmn_id, self.element_type, self.bpmn_name, token.container.id)
        )
        if self.input_mappings and "reopened" not in token.internal_data:  # its variables are there again
            token.assign(mapped(token, self.input_mappings))

    def map_outputs(self, token: Token) -> None:
        """Camunda 8's rules: with output mappings only these leave; otherwise all that the work brought."""
        result, token.result = token.result, None
        if "reopened" in token.internal_data:
            return
        if not self.output_mappings:
            if result:
                token.propagate(result)
            return
        if result:
            token.assign(result)
        token.container.propagate(mapped(token, self.output_mappings))

    def choose(self, token: Token) -> tuple[Flow, ...]:
        """The flows that the token leaves by: all without a condition, those whose condition holds, or the default."""
        if all(flow.condition is None and not flow.is_default for flow in self.flows):
            return self.flows
        taken = tuple(
            flow
            for flow in self.flows
            if not flow.is_default and (flow.condition is None or formulas.condition(token, flow.condition))
        )
        return taken or self.default_flow()

    def default_flow(self) -> tuple[Flow, ...]:
        """The default flow. Raises Obstacle if there is none."""
        for flow in self.flows:
            if flow.is_default:
                return (flow,)
        conditions = ", ".join(f'"{flow.condition}"' for flow in self.flows)
        message = f"Expected one of the conditions {conditions} to be true, but none is, and there is no default flow."
        raise Obstacle(IncidentKind.CONDITION, message)
