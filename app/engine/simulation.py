"""Whole processes in virtual time: instances, messages, signals, timers and called processes, without any database.

For the conformance suite and for tests of diagrams. Jobs and user tasks are done by the functions that are passed in;
every instance is stored and loaded again between two commands, as in production.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from app import feel
from app.bpmn.model import Definitions
from app.engine import commands, events
from app.engine.instance import Instance
from app.engine.ports import Evaluation, Moment, Variables
from app.engine.program import Program, TriggerKind, compile_process
from app.engine.workflow import Status
from app.errors import NotFound

MAXIMUM_COMMANDS = 100_000

JobHandler = Callable[[events.JobRequested], commands.Command | None]


def complete_with_nothing(job: events.JobRequested) -> commands.Command | None:
    return commands.CompleteJob(job.job_id)


class NoDecisions:
    """There is no decision to evaluate."""

    def evaluate_decision(
        self,
        decision_id: str,
        binding: str,  # noqa: ARG002
        version_tag: str | None,  # noqa: ARG002
        variables: Variables,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Evaluation:
        raise NotFound(f"No decision {decision_id} is deployed.")


@dataclass(slots=True)
class Running:
    """One instance, between commands as JSON text only."""

    program: Program
    stored: str
    status: Status
    caller: tuple[str, str] | None = None  # the calling instance and its element instance
    history: list[events.Event] = field(default_factory=list)


class Simulation:
    """All processes of one file. `now` moves only by `advance`."""

    def __init__(
        self,
        definitions: Definitions,
        handle_job: JobHandler = complete_with_nothing,
        services: NoDecisions | None = None,
        now: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
    ) -> None:
        self.now = now
        self.instances: dict[str, Running] = {}
        self._definitions = definitions
        self._handle_job = handle_job
        self._services = services or NoDecisions()
        self._programs: dict[str, Program] = {}
        self._ids = count(1)
        self._todo: deque[tuple[str, commands.Command]] = deque()
        self._timers: dict[str, tuple[datetime, str]] = {}
        self._subscriptions: dict[str, tuple[str, str, str | None]] = {}  # id → instance, name, key (None: a signal)
        self._messages: list[events.MessagePublished] = []  # not received yet

    def start(self, process_id: str, variables: Variables | None = None, element_id: str | None = None) -> str:
        """Start an instance and run until everything waits. Returns its id; raises ModelError."""
        instance_id = self._create(process_id, variables or {}, element_id)
        self._run()
        return instance_id

    def send(self, instance_id: str, command: commands.Command) -> None:
        self._todo.append((instance_id, command))
        self._run()

    def advance(self, duration: timedelta) -> None:
        """Let time pass; timers fire in the order in which they are due, each at its own time."""
        end = self.now + duration
        while due := [(when, timer_id) for timer_id, (when, _) in self._timers.items() if when <= end]:
            when, timer_id = min(due, key=lambda item: item[0])
            self.now = max(self.now, when)
            self.send(self._timers.pop(timer_id)[1], commands.FireTimer(timer_id))
        self.now = end

    def program(self, process_id: str) -> Program:
        if process_id not in self._programs:
            self._programs[process_id] = compile_process(self._definitions, process_id)
        return self._programs[process_id]

    def _moment(self) -> Moment:
        return Moment(self.now, lambda: f"id-{next(self._ids):06}")

    def _create(
        self,
        process_id: str,
        variables: Variables,
        element_id: str | None = None,
        caller: tuple[str, str] | None = None,
    ) -> str:
        program = self.program(process_id)
        moment = self._moment()
        instance = Instance.create(program, moment.new_id(), self._services, moment)
        self.instances[instance.id] = Running(program, feel.json_dumps(instance.state()), instance.status, caller)
        self._todo.append((instance.id, commands.StartInstance(variables, element_id)))
        return instance.id

    def _run(self) -> None:
        for _ in range(MAXIMUM_COMMANDS):
            if not self._todo:
                return
            instance_id, command = self._todo.popleft()
            running = self.instances[instance_id]
            if running.status not in (Status.CREATED, Status.RUNNING):
                continue
            stored = feel.json_loads(running.stored)
            assert isinstance(stored, dict)  # noqa: S101 - `state` gave a dict
            instance = Instance.load(running.program, stored, self._services)
            happened = instance.handle(command, self._moment())
            running.stored = feel.json_dumps(instance.state())
            running.status = instance.status
            running.history.extend(happened)
            for event in happened:
                self._react(instance_id, running, event)
        raise RuntimeError(f"Expected the processes to come to rest within {MAXIMUM_COMMANDS:,} commands.")

    def _react(  # noqa: C901 - one case for each event that somebody outside answers
        self, instance_id: str, running: Running, event: events.Event
    ) -> None:
        match event:
            case events.JobRequested():
                answer = self._handle_job(event)
                if answer is not None:
                    self._todo.append((instance_id, answer))
            case events.TimerScheduled(timer_id=timer_id, due=due):
                self._timers[timer_id] = (due, instance_id)
            case events.TimerCancelled(timer_id=timer_id):
                self._timers.pop(timer_id, None)
            case events.SubscriptionOpened(subscription_id=identifier, name=name, correlation_key=key):
                self._subscriptions[identifier] = (instance_id, name, key)
                self._correlate_kept()
            case events.SubscriptionClosed(subscription_id=identifier):
                self._subscriptions.pop(identifier, None)
            case events.MessagePublished():
                if not self._correlate(event):
                    self._messages.append(event)
            case events.SignalThrown(name=name, variables=variables):
                self._broadcast(instance_id, name, variables)
            case events.CalledInstanceRequested():
                caller = (instance_id, event.element_instance_id)
                self._create(event.process_id, event.variables, caller=caller)
            case _:
                self._answer_caller(running, event)

    def _answer_caller(self, running: Running, event: events.Event) -> None:
        if running.caller is None:
            return
        instance_id, element_instance_id = running.caller
        match event:
            case events.InstanceCompleted(variables=variables):
                command: commands.Command = commands.CompleteCalledInstance(element_instance_id, variables)
            case events.InstanceFailed(code=code, message=message):
                command = commands.FailCalledInstance(element_instance_id, code, message)
            case events.EscalationThrown(code=code, caught_by=None, variables=variables):
                command = commands.EscalateCalledInstance(element_instance_id, code, variables)
            case _:
                return
        self._todo.append((instance_id, command))

    def _correlate(self, message: events.MessagePublished) -> bool:
        """Give a message to one waiting subscription, else to a start event. True: somebody took it."""
        for identifier, (instance_id, name, key) in list(self._subscriptions.items()):
            if name == message.name and key is not None and key == message.correlation_key:
                del self._subscriptions[identifier]
                self._todo.append((instance_id, commands.DeliverMessage(identifier, message.variables)))
                return True
        return self._start_by(TriggerKind.MESSAGE, message.name, message.variables)

    def _correlate_kept(self) -> None:
        self._messages = [message for message in self._messages if not self._correlate(message)]

    def _broadcast(self, thrower_id: str, name: str, variables: Mapping[str, object]) -> None:
        receivers = {
            instance_id for instance_id, signal, key in self._subscriptions.values() if signal == name and key is None
        }
        for instance_id in sorted(receivers - {thrower_id}):
            self._todo.append((instance_id, commands.DeliverSignal(name, variables)))
        self._start_by(TriggerKind.SIGNAL, name, variables)

    def _start_by(self, kind: TriggerKind, name: str, variables: Mapping[str, object]) -> bool:
        found = False
        for process in self._definitions.processes:
            if process.is_executable:
                for trigger in self.program(process.id).start_triggers:
                    if trigger.kind is kind and trigger.name == name:
                        self._create(process.id, variables, trigger.element_id)
                        found = True
        return found
