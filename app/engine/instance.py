"""One process instance, sans-IO: a command in, the events out. Whoever holds it decides when and where to store it.

A command that does not fit the present state raises `Conflict` before anything has changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.engine import commands, events, modification, state, task_attributes
from app.engine.elements.call_activity import CallActivitySpec
from app.engine.elements.user_task import UserTaskSpec
from app.engine.event_definitions.compensation import leave_when_gone
from app.engine.event_definitions.error import throw_error
from app.engine.event_definitions.escalation import throw_escalation
from app.engine.event_definitions.message import CORRELATION_KEY
from app.engine.jobs import forget_job, request_job
from app.engine.mappings import map_again, set_by_hand
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.ports import Moment, Services
from app.engine.program import Program
from app.engine.task_attributes import TaskEvent
from app.engine.token import Token
from app.engine.workflow import Incident, ProcessWorkflow, Status
from app.errors import Conflict


@dataclass(frozen=True, slots=True)
class LiveElement:
    element_instance_id: str
    element_id: str
    element_type: str
    scope_id: str
    incident_ids: tuple[str, ...] = ()


class Instance:
    def __init__(self, program: Program, workflow: ProcessWorkflow) -> None:
        self.program = program
        self._workflow = workflow

    @classmethod
    def create(cls, program: Program, instance_id: str, services: Services, moment: Moment) -> "Instance":
        """A new instance that has not started; `StartInstance` is its first command."""
        workflow = ProcessWorkflow(program.spec, services, instance_id)
        workflow.moment = moment
        return cls(program, workflow)

    @classmethod
    def load(cls, program: Program, stored: Mapping[str, object], services: Services) -> "Instance":
        """The instance whose `state()` was stored."""
        return cls(program, state.load(program.spec, stored, services))

    @property
    def id(self) -> str:
        return self._workflow.root.id

    @property
    def status(self) -> Status:
        return self._workflow.status

    def state(self) -> dict[str, object]:
        """Everything needed to go on later, as JSON values with numbers as Decimal (see `feel.json_dumps`)."""
        return state.dump(self._workflow)

    def variables(self, scope_id: str | None = None) -> dict[str, object]:
        """The variables visible in a scope; None: the instance's own. Raises Conflict if the scope is gone."""
        if scope_id is None or scope_id == self.id:
            return dict(self._workflow.root.variables or {})
        return self._token(scope_id, "element instance").visible()

    @property
    def is_cancelling(self) -> bool:
        """Whether it only waits for its listeners before it is cancelled."""
        return self._workflow.root.is_cancelling

    def awaits_called(self, element_instance_id: str) -> bool:
        """Whether this element instance has called a process and goes on with it."""
        token = self._workflow.tasks.get(element_instance_id)
        return token is not None and "called" in token.internal_data

    def live(self) -> tuple[LiveElement, ...]:
        """Where the tokens are, outer before inner."""
        stopped: dict[str, list[str]] = {}
        for incident in self._workflow.incidents.values():
            stopped.setdefault(incident.token_id, []).append(incident.id)
        return tuple(
            LiveElement(
                token.id,
                token.task_spec.bpmn_id,
                token.task_spec.element_type,
                token.container.id,
                tuple(stopped.get(token.id, ())),
            )
            for token in self._workflow.root.descendants()
        )

    def handle(self, command: commands.Command, moment: Moment) -> tuple[events.Event, ...]:
        """Carry out a command and run until every token waits. Raises Conflict."""
        self._workflow.moment = moment
        if isinstance(command, commands.StartInstance) != (self.status is Status.CREATED):
            raise Conflict(f"Expected the command to fit an instance that is {self.status}, but found {command}.")
        if self.status not in (Status.CREATED, Status.RUNNING):
            raise Conflict(f"Expected an instance that is running, but it is {self.status}.")
        HANDLERS[type(command)](self, command)
        self._workflow.do_engine_steps()
        return self._workflow.take_events()

    # one method for each command

    def _start(self, command: commands.StartInstance) -> None:
        workflow, root = self._workflow, self._workflow.root
        start_id = command.element_id
        spec = self.program.spec.start
        if start_id is not None and start_id not in spec.nodes:
            raise Conflict(f'Expected a node of {self.program.process_id}, but found "{start_id}".')
        if start_id is None and not spec.starts:
            raise Conflict(f"Expected {self.program.process_id} to have a none start event, but it has none.")
        workflow.status = Status.RUNNING
        workflow.emit(events.InstanceStarted(self.program.process_id, dict(command.variables)))
        start = spec.nodes[start_id] if start_id is not None else None
        if start is not None and start.output_mappings and start.waits_for_events:
            root.result = dict(command.variables)  # for the start event to map
        else:
            root.variables = dict(command.variables)
        if start_id is not None:
            root.internal_data["start"] = start_id
        if start is not None and start.companions and command.correlation_key is not None:
            root.internal_data[CORRELATION_KEY] = command.correlation_key
        workflow.resume(root)

    def _complete_job(self, command: commands.CompleteJob) -> None:
        token = self._job(command.job_id)
        misfit = token.task_spec.take_result(token, command.result)
        if misfit is not None:
            self._workflow.raise_incident(token, Obstacle(IncidentKind.JOB, misfit), command.job_id)
            return
        forget_job(token)
        self._drop_incidents(token)
        token.task_spec.job_completed(token, dict(command.variables))

    def _throw_error(self, command: commands.ThrowError) -> None:
        """Without a catch the job stays, with an incident; resolving it requests the job again."""
        token = self._job(command.job_id)
        if not throw_error(token, command.code, command.message, command.variables):
            detail = f" {command.message}" if command.message else ""
            message = f'Expected an event that catches the error "{command.code}", but found none.{detail}'
            self._workflow.emit(events.ErrorThrown(token.task_spec.bpmn_id, command.code, command.message, None))
            self._workflow.raise_incident(token, Obstacle(IncidentKind.ERROR, message), command.job_id)

    def _throw_escalation(self, command: commands.ThrowEscalation) -> None:
        throw_escalation(self._job(command.job_id), command.code, command.variables)

    def _raise_incident(self, command: commands.RaiseIncident) -> None:
        token = self._job(command.job_id)
        incident = Incident(self._workflow.new_id(), token.id, command.kind, command.message, command.job_id)
        self._workflow.record_incident(incident, token)

    def _resolve_incident(self, command: commands.ResolveIncident) -> None:
        incident = self._workflow.incidents.get(command.incident_id)
        if incident is None:
            raise Conflict(f"Expected an open incident, but {command.incident_id} is not.")
        token = self._token(incident.token_id, "element instance")
        del self._workflow.incidents[incident.id]
        self._workflow.emit(events.IncidentResolved(incident.id))
        if incident.job_id is None:
            self._workflow.resume(token)
            return
        try:
            map_again(token, token.task_spec.input_mappings)
            request_job(token, token.task_spec.current_job(token), incident.job_id)
        except Obstacle as obstacle:
            self._workflow.raise_incident(token, obstacle, incident.job_id)

    def _complete_user_task(self, command: commands.CompleteUserTask) -> None:
        spec, token = self._user_task(command.user_task_id)
        spec.transit(token, TaskEvent.COMPLETING, "complete", variables=dict(command.variables))

    def _assign_user_task(self, command: commands.AssignUserTask) -> None:
        spec, token = self._user_task(command.user_task_id)
        spec.transit(token, TaskEvent.ASSIGNING, command.action, {"assignee": command.assignee or None})

    def _update_user_task(self, command: commands.UpdateUserTask) -> None:
        spec, token = self._user_task(command.user_task_id)
        try:
            changes = task_attributes.checked(command.changes)
        except ValueError as problem:
            raise Conflict(str(problem)) from None
        spec.transit(token, TaskEvent.UPDATING, command.action, changes)

    def _fire_timer(self, command: commands.FireTimer) -> None:
        self._happen(command.timer_id, "timer", {})

    def _deliver_message(self, command: commands.DeliverMessage) -> None:
        self._happen(command.subscription_id, "message subscription", command.variables)

    def _deliver_signal(self, command: commands.DeliverSignal) -> None:
        self._workflow.deliver_signal(command.name, command.variables)

    def _complete_called(self, command: commands.CompleteCalledInstance) -> None:
        token = self._called(command.element_instance_id)
        spec = token.task_spec
        assert isinstance(spec, CallActivitySpec)  # noqa: S101 - only such a token has "called"
        spec.called_instance_completed(token, dict(command.variables))

    def _fail_called(self, command: commands.FailCalledInstance) -> None:
        """An error that the called instance did not catch is thrown by the call activity.

        Without a catch it is an incident of the call activity; resolving it calls again.
        """
        token = self._called(command.element_instance_id)
        del token.internal_data["called"]
        if not throw_error(token, command.code, command.message, {}):
            detail = f" {command.message}" if command.message else ""
            message = f'Expected an event that catches the error "{command.code}" of the called process.{detail}'
            self._workflow.emit(events.ErrorThrown(token.task_spec.bpmn_id, command.code, command.message, None))
            self._workflow.raise_incident(token, Obstacle(IncidentKind.CALLED_ELEMENT, message))

    def _refuse_call(self, command: commands.RefuseCall) -> None:
        token = self._called(command.element_instance_id)
        del token.internal_data["called"]
        self._workflow.raise_incident(token, Obstacle(IncidentKind.CALLED_ELEMENT, command.message))

    def _escalate_called(self, command: commands.EscalateCalledInstance) -> None:
        throw_escalation(self._called(command.element_instance_id), command.code, command.variables)

    def _set_variables(self, command: commands.SetVariables) -> None:
        token = self._token(command.scope_id or self.id, "scope")
        spec = token.task_spec
        for name in command.variables:
            if token.shows(name):
                raise Conflict(
                    f'Expected variables that can be set, but "{name}" shows what {spec.bpmn_id} has collected. '
                    "Set the variables of its instances before they complete."
                )
        if isinstance(spec, UserTaskSpec) and spec.is_held_up_by(token, TaskEvent.UPDATING):
            spec.transit(token, TaskEvent.UPDATING, "update", variables=dict(command.variables))
        else:
            token.assign(dict(command.variables))
            if spec.input_mappings:
                set_by_hand(token, command.variables)

    def _activate_element(self, command: commands.ActivateElement) -> None:
        self._refuse_if_cancelling()
        spec = self._workflow.spec.task_specs.get(command.element_id)
        if spec is None or spec.scope is None or spec.name != spec.bpmn_id:
            raise Conflict(f'Expected an element of {self.program.process_id}, but "{command.element_id}" is none.')
        container = modification.open_scope(self._workflow, spec.scope, command.scope_id)
        container.assign(dict(command.variables))
        modification.place(spec, container)

    def _cancel_element(self, command: commands.CancelElement) -> None:
        token = self._token(command.element_instance_id, "element instance")
        if token is self._workflow.root:
            raise Conflict("Expected an element instance, but found the instance itself. Cancel the instance.")
        if token.is_cancelling:
            raise Conflict(f"Expected an element instance that goes on, but {token.id} is being cancelled.")
        token.cancel()
        leave_when_gone(token)

    def _cancel(self, command: commands.CancelInstance) -> None:
        self._refuse_if_cancelling()
        self._workflow.cancel(reason=command.reason)

    def _refuse_if_cancelling(self) -> None:
        if self.is_cancelling:
            raise Conflict(
                "Expected an instance that goes on, but it is being cancelled. Wait until its listeners have ended."
            )

    # finding what a command means

    def _token(self, token_id: str, what: str) -> Token:
        token = self._workflow.tasks.get(token_id)
        if token is None:
            raise Conflict(f"Expected an open {what}, but {token_id} is not.")
        return token

    def _job(self, job_id: str) -> Token:
        token_id = self._workflow.jobs.get(job_id)
        if token_id is None:
            raise Conflict(f"Expected an open job, but {job_id} is not.")
        return self._token(token_id, "job")

    def _user_task(self, user_task_id: str) -> tuple[UserTaskSpec, Token]:
        token_id = self._workflow.user_tasks.get(user_task_id)
        if token_id is None:
            raise Conflict(f"Expected an open user task, but {user_task_id} is not.")
        token = self._token(token_id, "user task")
        spec = token.task_spec
        assert isinstance(spec, UserTaskSpec)  # noqa: S101 - only such a token has a user task
        return spec, token

    def _called(self, token_id: str) -> Token:
        token = self._token(token_id, "call activity")
        if "called" not in token.internal_data:
            raise Conflict(f"Expected an element instance that called a process, but {token_id} did not.")
        return token

    def _happen(self, wait_id: str, what: str, variables: Mapping[str, object]) -> None:
        if wait_id not in self._workflow.waits:
            raise Conflict(f"Expected an open {what}, but {wait_id} is not.")
        self._workflow.happen(wait_id, variables)

    def _drop_incidents(self, token: Token) -> None:
        self._workflow.drop_incidents(token)


HANDLERS: dict[type, Callable[..., None]] = {
    commands.StartInstance: Instance._start,
    commands.CompleteJob: Instance._complete_job,
    commands.ThrowError: Instance._throw_error,
    commands.ThrowEscalation: Instance._throw_escalation,
    commands.RaiseIncident: Instance._raise_incident,
    commands.ResolveIncident: Instance._resolve_incident,
    commands.CompleteUserTask: Instance._complete_user_task,
    commands.AssignUserTask: Instance._assign_user_task,
    commands.UpdateUserTask: Instance._update_user_task,
    commands.FireTimer: Instance._fire_timer,
    commands.DeliverMessage: Instance._deliver_message,
    commands.DeliverSignal: Instance._deliver_signal,
    commands.CompleteCalledInstance: Instance._complete_called,
    commands.FailCalledInstance: Instance._fail_called,
    commands.RefuseCall: Instance._refuse_call,
    commands.EscalateCalledInstance: Instance._escalate_called,
    commands.SetVariables: Instance._set_variables,
    commands.ActivateElement: Instance._activate_element,
    commands.CancelElement: Instance._cancel_element,
    commands.CancelInstance: Instance._cancel,
}
