"""The life of a token at any flow node. The families override what they do: `open`, `execute`, `conclude`.

A visit has phases: activated (input mappings), start listeners, opened (boundary events), executing, completing (output
mappings), end listeners, leaving; or, from any of them, cancelling. Whatever may fail does so inside a phase, before
anything of that phase has happened, so that the phase can be run again after its incident is resolved.
"""

from typing import TYPE_CHECKING, ClassVar

from SpiffWorkflow import TaskState

from app.bpmn import model
from app.engine import events, formulas
from app.engine.element import Element, Flow, Specification
from app.engine.event_definitions.compensation import REOPENED, handler_left
from app.engine.job_spec import JobSpec
from app.engine.jobs import cancel_job, listener_of, listeners_done, next_listener, visible_to_job
from app.engine.mappings import mapped
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import FOLLOWING, Phase, Token
from app.engine.workflow import ProcessWorkflow

if TYPE_CHECKING:
    from app.engine.builder import Builder


class FlowNodeSpec(Element):
    """The root of our task specs. `node` is what the diagram says."""

    listener_moments: ClassVar[tuple[str, ...]] = ("start", "end")
    waits_for_events: ClassVar[bool] = False  # what happens brings variables for its output mappings

    def __init__(
        self, process: Specification, node: model.FlowNode, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, name or node.id, description=self.element_type)
        self.bpmn_id: str = node.id
        self.bpmn_name: str | None = node.name or None
        self.scope = None  # this and what follows is linked by the compiler
        self.flows = ()
        self.boundaries = ()
        self.event_starts = ()
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

    def start_with(self, container: Token, result: dict[str, object]) -> None:
        container.propagate(result)
        self.receive(container)

    def current_job(self, token: Token) -> JobSpec:
        if token.phase is Phase.START_LISTENERS:
            return listener_of(token, self.start_listeners)
        if token.phase is Phase.CANCELLING:
            return listener_of(token, self.farewells(token))
        return listener_of(token, self.end_listeners)

    def job_variables(self, token: Token, job: JobSpec) -> dict[str, object]:  # noqa: ARG002 - the families look at it
        return visible_to_job(token)

    def job_completed(self, token: Token, variables: dict[str, object]) -> None:
        if token.phase in (Phase.START_LISTENERS, Phase.END_LISTENERS, Phase.CANCELLING):
            next_listener(token)
            token.propagate(variables)
            token.workflow.resume(token)
        else:
            token.result = variables
            token.workflow.resume(token, Phase.COMPLETING)

    def abandon(self, token: Token) -> None:
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
                my_task.workflow.drop_incidents(my_task, of_jobs=False)  # the same phase had failed before
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
        return True

    def _step(self, token: Token) -> bool:
        """Do what the token's phase asks. True: the next phase can begin."""
        match token.phase:
            case Phase.ARRIVED:
                self.activate(token)
            case Phase.START_LISTENERS:
                return self._is_told(token, self.start_listeners)
            case Phase.OPENING:
                self.open(token)
            case Phase.EXECUTING:
                return self.execute(token)
            case Phase.COMPLETING:
                if token._children:
                    return False  # something has begun inside since; when it is done, this phase begins again
                self.map_outputs(token)
                token.workflow.close_waits(token)
            case Phase.END_LISTENERS:
                return self._is_told(token, self.end_listeners)
            case Phase.CANCELLING:
                if not token._children and listeners_done(token, self.farewells(token)):
                    token.workflow.end_cancelling(token)
                return False
        return True

    def _is_told(self, token: Token, listeners: tuple[JobSpec, ...]) -> bool:
        """Whether all listeners have been called. What is opened again to be undone begins and ends nothing."""
        return not listeners or REOPENED in token.internal_data or listeners_done(token, listeners)

    def _on_complete_hook(self, my_task: Token) -> None:
        """The token leaves: one new token for every flow that it takes."""
        workflow, container = my_task.workflow, my_task.container
        workflow.drop_incidents(my_task)
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

    def left(self, token: Token) -> None:
        container = token.parent
        if not handler_left(token) and container is not None and container.is_live:
            container.task_spec.child_left(container, token)

    def receive(self, container: Token, flow_id: str | None = None) -> Token:  # noqa: ARG002 - joins count by it
        token = container.workflow.add(self, container)
        self._update(token)
        return token

    def take(self, workflow: ProcessWorkflow, flow: Flow, container: Token) -> None:
        if flow.id:  # a link has no sequence flow
            workflow.emit(events.FlowTaken(flow.id))
        flow.target.receive(container, flow.id)

    def activate(self, token: Token) -> None:
        """Tell that the element instance exists, then apply the input mappings."""
        token.workflow.emit(
            events.ElementActivated(token.id, self.bpmn_id, self.element_type, self.bpmn_name, token.container.id)
        )
        if self.input_mappings and REOPENED not in token.internal_data:  # its variables are there again
            token.assign(mapped(token, self.input_mappings))

    def map_outputs(self, token: Token) -> None:
        """Camunda 8's rules: with output mappings only these leave; otherwise all that the work brought."""
        result, token.result = token.result, None
        if REOPENED in token.internal_data:
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
