"""Ad-hoc subprocesses: activities without a prescribed order (BPMN 2.0.2, 13.3.4; Camunda 8).

All activities that nothing leads to are started, or those that an expression names; at once, or one after the other.
With a job type a job decides: one is asked for at the beginning and whenever what it started is done. The completion
condition is looked at then, too.

What is started is an inner instance: a scope of its own, with the element and everything that flows from it. The output
element is evaluated in it when it ends.
"""

from typing import TYPE_CHECKING, TypedDict, cast

from SpiffWorkflow import TaskState

from app.bpmn import model
from app.engine import formulas
from app.engine.commands import AdHocSubProcessResult, JobResult
from app.engine.element import Flow
from app.engine.elements.activity import ActivitySpec
from app.engine.elements.flow_node import FlowNodeSpec
from app.engine.elements.scope import BEGUN, ScopeContents, is_free
from app.engine.event_definitions.compensation import REOPENED
from app.engine.events import JobKind
from app.engine.job_spec import JobSpec
from app.engine.jobs import cancel_job, request_job
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec

ELEMENTS = "adHocSubProcessElements"  # Camunda 8's name of the variable from which a job knows what it may start


class Waiting(TypedDict):
    """An element that is to be started. JSON, because it is part of the state."""

    element: str
    variables: dict[str, object]


class AdHocSubProcessSpec(ActivitySpec):
    """Its tokens inside are inner instances and event subprocesses. `internal_data` holds what waits to be started,
    whether the completion condition has to be looked at ("looks"), whether the end was declared ("over"), and whether
    the job has been asked ("asked").
    """

    element_type = "adHocSubProcess"

    def __init__(
        self, process: "ProcessSpec", node: model.AdHocSubProcess, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        self.is_sequential = node.is_sequential
        self.completion_condition = builder.optional(node, node.completion_condition, "completion condition")
        self.cancels_remaining = node.cancel_remaining_instances
        self.active_elements = builder.optional(node, node.active_elements, "active elements")
        self.shown_as = node.output_collection or None
        self.output_element = builder.optional(node, node.output_element, "output element")
        free = [inner for inner in node.scope.nodes if not inner.incoming and is_free(inner)]
        self.free_ids = tuple(inner.id for inner in free)
        self.job: JobSpec | None = None
        if node.task_definition is not None:
            priority = node.job_priority
            self.job = builder.job(node, node.task_definition, node.headers, JobKind.AD_HOC_SUB_PROCESS, priority)
        self.elements = [described(inner) for inner in free] if self.job else []
        self.inner = InnerInstanceSpec(process, node, builder, name=f"{self.name}#inner")
        self.inner.scope = self

    def execute(self, token: Token) -> bool:
        data = token.internal_data
        if REOPENED in data:
            return self.undo_contents(token)
        if "waiting" not in data:
            self._begin(token)
        elif "looks" in data and "over" not in data:
            if self._is_complete(token):
                self._end(token, cancels=self.cancels_remaining)
            del data["looks"]
        if "over" in data or "interrupted" in data:
            cancel_job(token)
            return not token._children
        self._start_more(token)
        if self.job is None:
            return not token._children
        if "asked" not in data and not waiting(token):
            self._ask(token, self.job)
        return False

    def child_left(self, container: Token, child: Token) -> None:
        container.internal_data["looks"] = True
        if not child.task_spec.is_event_sub_process:  # the first release kept the elements without inner instances
            container.internal_data.pop("asked", None)
            is_completed = not child.has_state(TaskState.CANCELLED)
            if is_completed and self.output_element is not None and container.outputs is not None:
                output = formulas.json_value(child, self.output_element)
                container.outputs.append(output)
                container.keep_outputs(container.outputs)
        container.workflow.resume(container, Phase.EXECUTING)

    def child_cancelled(self, container: Token) -> None:
        container.workflow.resume(container, Phase.EXECUTING)

    def conclude(self, token: Token) -> None:
        if self.shown_as and token.outputs is not None and REOPENED not in token.internal_data:
            token.container.propagate({self.shown_as: token.outputs})
        super().conclude(token)

    def current_job(self, token: Token) -> JobSpec:
        if token.phase is Phase.EXECUTING and self.job is not None:
            return self.job
        return super().current_job(token)

    def take_result(self, token: Token, result: JobResult | None) -> str | None:
        if token.phase is not Phase.EXECUTING:
            return super().take_result(token, result)
        if result is None:
            result = AdHocSubProcessResult()
        if not isinstance(result, AdHocSubProcessResult):
            return super().take_result(token, result)
        misfit = self._misfit(token, result)
        if misfit is not None:
            return misfit
        if result.is_fulfilled:
            self._end(token, cancels=result.cancels_remaining)
        else:
            added = [Waiting(element=each.element_id, variables=dict(each.variables)) for each in result.activate]
            token.internal_data["waiting"] = [*waiting(token), *added]
        return None

    def _misfit(self, token: Token, result: AdHocSubProcessResult) -> str | None:
        """Why the answer makes no sense."""
        unknown = [each.element_id for each in result.activate if each.element_id not in self.free_ids]
        if unknown:
            found = ", ".join(f'"{each}"' for each in unknown)
            return f"Expected elements of {', '.join(self.free_ids)} to be activated, but found {found}."
        if result.is_fulfilled and result.activate:
            return "Expected elements to activate or the end of the subprocess, but found both."
        if result.cancels_remaining and not result.is_fulfilled:
            return "Expected remaining instances to be cancelled at the end of the subprocess, but it is not fulfilled."
        if not (result.is_fulfilled or result.activate or running(token)):
            return "Expected elements to activate, or the end of the subprocess, because nothing runs in it."
        return None

    def job_completed(self, token: Token, variables: dict[str, object]) -> None:
        if token.phase is not Phase.EXECUTING:
            super().job_completed(token, variables)
            return
        token.propagate(variables)
        token.workflow.resume(token)

    def _begin(self, token: Token) -> None:
        """Note what is to be started: nothing where an event subprocess or an operator was first. Raises Obstacle."""
        data = token.internal_data
        is_opened = BEGUN in data
        elements = () if is_opened or "interrupted" in data else self._active(token)
        data["waiting"] = [Waiting(element=each, variables={}) for each in elements]
        if is_opened:
            data["asked"] = True  # the job decides when that is done for which the operator has opened the subprocess
        self._give_variables(token)

    def _give_variables(self, token: Token) -> None:
        token.variables = {**(token.variables or {}), **({ELEMENTS: self.elements} if self.job is not None else {})}
        if self.shown_as:
            token.keep_outputs([])

    def _ask(self, token: Token, job: JobSpec) -> None:
        """Ask the job what to do next, once for each state of affairs; a question about an earlier one is withdrawn."""
        cancel_job(token)
        request_job(token, job)
        token.internal_data["asked"] = True

    def _end(self, token: Token, *, cancels: bool) -> None:
        """Nothing more is started, and what runs may end by itself unless it is cancelled."""
        token.internal_data["over"] = True
        token.internal_data["waiting"] = []
        if cancels:
            token.workflow.cancel_inside(token)

    def _start_more(self, token: Token) -> None:
        """Start what waits: everything, or when sequential only if nothing runs."""
        left = waiting(token)
        while left and not (self.is_sequential and running(token)):
            first, *left = left
            token.internal_data["waiting"] = left
            self.inner.begin_with(token, first["element"], {**self._own(), **first["variables"]})

    def _own(self) -> dict[str, object]:
        """A variable that is an inner instance's output is its own, so that simultaneous ones do not mix."""
        names = self.output_element.names if self.output_element is not None and self.shown_as else frozenset()
        return dict.fromkeys(names) if len(names) == 1 else {}

    def _active(self, token: Token) -> tuple[str, ...]:
        """The ids of the elements to start at the beginning. Raises Obstacle."""
        if self.active_elements is None:
            return () if self.job else self.free_ids
        value, reasons = formulas.with_reasons(token, self.active_elements)
        if not isinstance(value, list) or not all(item in self.free_ids for item in value):
            expected = f"a list of element ids of {', '.join(self.free_ids)}"
            message = formulas.misfit(expected, self.active_elements, value, reasons)
            raise Obstacle(IncidentKind.EXPRESSION, message)
        return tuple(str(item) for item in value)

    def _is_complete(self, token: Token) -> bool:
        return self.completion_condition is not None and formulas.condition(token, self.completion_condition)


class InnerInstanceSpec(ScopeContents, FlowNodeSpec):
    """The scope of one element that was started, and of what flows from it."""

    element_type = "adHocSubProcessInnerInstance"
    is_inner_instance = True

    def __init__(self, process: "ProcessSpec", node: model.AdHocSubProcess, builder: "Builder", *, name: str) -> None:
        ScopeContents.__init__(self)
        bare = model.FlowNode(id=node.id, name=node.name, line=node.line, index=node.index)
        FlowNodeSpec.__init__(self, process, bare, builder, name=name)

    def begin_with(self, container: Token, element_id: str, variables: dict[str, object]) -> None:
        """One more inner instance, which starts with this element."""
        token = container.workflow.add(self, container)
        token.variables = {}
        token.internal_data["begins"] = element_id
        token.assign(variables)
        self._update(token)

    def execute(self, token: Token) -> bool:
        begins = token.internal_data.pop("begins", None)
        if begins is not None:
            self.nodes[str(begins)].receive(token)
        return not token._children

    def choose(self, token: Token) -> tuple[Flow, ...]:  # noqa: ARG002
        return ()


def waiting(token: Token) -> list[Waiting]:
    """What is to be started. The first release stored element ids only."""
    stored = cast("list[Waiting | str]", token.internal_data.get("waiting", []))
    return [Waiting(element=each, variables={}) if isinstance(each, str) else each for each in stored]


def running(token: Token) -> bool:
    """Whether an element that was started is not done yet. An event subprocess is none."""
    return any(not each.task_spec.is_event_sub_process for each in token.tokens)


def described(node: model.FlowNode) -> dict[str, object]:
    """What a job is told of an element that it may start."""
    told: dict[str, object] = {"elementId": node.id, "elementName": node.name or node.id}
    if node.documentation:
        told["documentation"] = node.documentation
    if node.properties:
        told["properties"] = dict(node.properties)
    return told
