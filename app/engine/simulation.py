"""Whole processes in virtual time: instances, messages, signals, timers and called processes, without any database.

For the conformance suite and for tests of diagrams. Jobs and user tasks are done by the functions that are passed in;
every instance is stored and loaded again between two commands, as in production.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from app import feel
from app.bpmn.model import Definitions
from app.engine import commands, events
from app.engine.instance import Instance
from app.engine.ports import Evaluation, Moment, Variables
from app.engine.program import Program, compile_process
from app.engine.starting import Occurrence, Others, StartTrigger, TriggerKind, complete, counts
from app.engine.workflow import Status
from app.errors import NotFound

MAXIMUM_COMMANDS = 100_000

JobHandler = Callable[[events.JobRequested], commands.Command | None]


def complete_with_nothing(job: events.JobRequested) -> commands.Command | None:
    return commands.CompleteJob(job.job_id)


class NoDecisions:
    """There is no decision to evaluate, and no form is missing: nobody looks at one."""

    def evaluate_decision(
        self,
        decision_id: str,
        binding: str,  # noqa: ARG002
        version_tag: str | None,  # noqa: ARG002
        variables: Variables,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
    ) -> Evaluation:
        raise NotFound(f"No decision {decision_id} is deployed.")

    def has_form(self, form_id: str, binding: str, version_tag: str | None) -> bool:  # noqa: ARG002
        return True


@dataclass(slots=True)
class Running:
    """One instance, between commands as JSON text only."""

    program: Program
    stored: str
    status: Status
    caller: tuple[str, str] | None = None  # the calling instance and its element instance
    history: list[events.Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subscription:
    """`key` None: to a signal."""

    instance_id: str
    element_id: str
    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Occurred(Occurrence):
    """A trigger of a start event that needs more, with what it brought."""

    variables: Variables = field(default_factory=dict)


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
        self._subscriptions: dict[str, Subscription] = {}
        self._messages: list[events.MessagePublished] = []  # not received yet
        self._occurred: dict[str, list[Occurred]] = {}  # by the start event that needs more

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

    def evaluate_conditions(self, variables: Variables) -> list[str]:
        """Start an instance by every start condition that these variables make true. Returns the ids."""
        before = len(self.instances)
        for process_id, trigger in self._triggers(TriggerKind.CONDITION):
            if trigger.holds(variables, self.now):
                self._trigger(process_id, trigger, variables)
        self._run()
        return list(self.instances)[before:]

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
        correlation_key: str | None = None,
    ) -> str:
        program = self.program(process_id)
        moment = self._moment()
        instance = Instance.create(program, moment.new_id(), self._services, moment)
        self.instances[instance.id] = Running(program, feel.json_dumps(instance.state()), instance.status, caller)
        self._todo.append((instance.id, commands.StartInstance(variables, element_id, correlation_key)))
        return instance.id

    def _run(self) -> None:
        for _ in range(MAXIMUM_COMMANDS):
            if not self._todo and not self._correlate_one():
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
                self._subscriptions[identifier] = Subscription(instance_id, event.element_id, name, key)
            case events.SubscriptionClosed(subscription_id=identifier):
                self._subscriptions.pop(identifier, None)
            case events.MessagePublished():
                self._messages.append(event)
            case events.JobCancelled(job_id=job_id):
                self._withdraw("job_id", job_id)
            case events.SignalThrown(name=name, variables=variables):
                self._broadcast(instance_id, name, variables)
            case events.CalledInstanceRequested():
                caller = (instance_id, event.element_instance_id)
                self._create(event.process_id, event.variables, caller=caller)
            case events.CalledInstanceCancelled(element_instance_id=called_by):
                self._withdraw("element_instance_id", called_by)
                self._todo.extend(
                    (called_id, commands.CancelInstance("The call was cancelled."))
                    for called_id, called in self.instances.items()
                    if called.caller == (instance_id, called_by)
                )
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

    def _withdraw(self, field: str, identifier: str) -> None:
        """Drop the answers to what is over before they were given."""
        self._todo = deque(item for item in self._todo if getattr(item[1], field, None) != identifier)

    def _correlate_one(self) -> bool:
        """With nothing else to do, give the oldest message that somebody waits for to its receiver.

        Only then are the open subscriptions those that will be open when the message arrives.
        """
        for message in self._messages:
            if self._correlate(message):
                self._messages.remove(message)
                return True
        return False

    def _correlate(self, message: events.MessagePublished) -> bool:
        """Give a message to one waiting subscription, else to a start event. True: somebody took it."""
        for identifier, waiting in self._subscriptions.items():
            if waiting.name == message.name and waiting.key is not None and waiting.key == message.correlation_key:
                self._todo.append((waiting.instance_id, commands.DeliverMessage(identifier, message.variables)))
                return True
        started = False
        for process_id, trigger in self._triggers(TriggerKind.MESSAGE, message.name):
            self._trigger(process_id, trigger, message.variables, message.correlation_key)
            started = True
        return started

    def _broadcast(self, thrower_id: str, name: str, variables: Mapping[str, object]) -> None:
        waiting = [each for each in self._subscriptions.values() if each.name == name and each.key is None]
        for instance_id in sorted({each.instance_id for each in waiting} - {thrower_id}):
            self._todo.append((instance_id, commands.DeliverSignal(name, variables)))
        awaited = {(self.instances[each.instance_id].program.process_id, each.element_id) for each in waiting}
        for process_id, trigger in self._triggers(TriggerKind.SIGNAL, name):
            if trigger.others is not Others.AFTER or (process_id, trigger.element_id) not in awaited:
                self._trigger(process_id, trigger, variables)

    def _triggers(self, kind: TriggerKind, name: str | None = None) -> Iterator[tuple[str, StartTrigger]]:
        """The triggers of the executable processes, each with its process."""
        for process in self._definitions.processes:
            for trigger in self.program(process.id).start_triggers if process.is_executable else ():
                if trigger.kind is kind and name in (None, trigger.name):
                    yield process.id, trigger

    def _trigger(self, process_id: str, trigger: StartTrigger, variables: Variables, key: str | None = None) -> None:
        """A trigger has occurred: start an instance, or note it if its start event needs more."""
        if trigger.others is Others.BEFORE:
            event = f"{process_id}/{trigger.element_id}"
            remembered = self._occurred.setdefault(event, [])
            new = Occurred(self._moment().new_id(), trigger.kind, trigger.means, key, variables)
            if counts(new, remembered):
                remembered.append(new)
            triggers = self.program(process_id).start_triggers
            needed = [(each.kind, each.means) for each in triggers if each.element_id == trigger.element_id]
            together = complete(needed, remembered)
            if not together:
                return
            self._occurred[event] = [each for each in remembered if each not in together]
            variables = {name: value for each in together for name, value in each.variables.items()}
        self._create(process_id, variables, trigger.element_id, correlation_key=key)
