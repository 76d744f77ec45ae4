"""Driving one instance in tests: a process written as XML, commands in, events out as one line of text each.

The instance is stored and loaded again before every command, so that every test of an element also tests its state.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count, pairwise
from typing import TypeVar

from app import bpmn, engine, feel
from app.engine import commands, events
from app.engine.simulation import NoDecisions

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)


def definitions(body: str, roots: str = "") -> bpmn.Definitions:
    """The diagram of one executable process "P" with this content; `roots` are messages, signals, errors …"""
    text = (
        f'<definitions {NAMESPACES} id="D" targetNamespace="http://example.org">{roots}'
        f'<process id="P" isExecutable="true">{body}</process></definitions>'
    )
    return bpmn.read("test.bpmn", text.encode())


def chain(*elements: str) -> str:
    """Elements one after the other: a start event, these, an end event. An element is XML with its id first."""
    ids = ["start", *(element.split('id="')[1].split('"')[0] for element in elements), "end"]
    flows = "".join(flow(source, target) for source, target in pairwise(ids))
    return f'<startEvent id="start"/>{"".join(elements)}<endEvent id="end"/>{flows}'


def flow(source: str, target: str, condition: str | None = None) -> str:
    """A sequence flow named after its ends; `condition` is FEEL."""
    inside = (
        f'<conditionExpression xsi:type="tFormalExpression">={condition}</conditionExpression>' if condition else ""
    )
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def extended(tag: str, identifier: str, extensions: str, inside: str = "", **attributes: str) -> str:
    """An element with extension elements."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<{tag} id="{identifier}"{written}><extensionElements>{extensions}</extensionElements>{inside}</{tag}>'


def job(identifier: str, job_type: str = "work", mappings: str = "", inside: str = "") -> str:
    """A service task."""
    io = f"<zeebe:ioMapping>{mappings}</zeebe:ioMapping>" if mappings else ""
    return extended("serviceTask", identifier, f'<zeebe:taskDefinition type="{job_type}"/>{io}', inside)


def script(identifier: str, expression: str, result: str) -> str:
    """A script task."""
    return extended("scriptTask", identifier, f'<zeebe:script expression="={expression}" resultVariable="{result}"/>')


def mapping(direction: str, source: str, target: str) -> str:
    return f'<zeebe:{direction} source="={source}" target="{target}"/>'


E = TypeVar("E", events.JobRequested, events.UserTaskCreated, events.TimerScheduled, events.SubscriptionOpened)


class Drive:
    """One instance of the process "P"."""

    def __init__(self, body: str, roots: str = "", services: engine.Services | None = None) -> None:
        self.program = engine.compile(definitions(body, roots), "P")
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        self.may_send = True
        self.history: list[events.Event] = []
        self._ids = count(1)
        self._services = services or NoDecisions()
        instance = engine.Instance.create(self.program, "I", self._services, self._moment())
        self.stored = feel.json_dumps(instance.state())

    def start(self, element_id: str | None = None, /, **variables: object) -> list[str]:
        return self.send(commands.StartInstance(numbers(variables), element_id))

    def send(self, command: commands.Command) -> list[str]:
        """Load, handle, store. The events as text."""
        instance = self.instance()
        happened = instance.handle(command, self._moment())
        self.stored = feel.json_dumps(instance.state())
        self.history.extend(happened)
        return told(happened)

    def instance(self) -> engine.Instance:
        stored = feel.json_loads(self.stored)
        assert isinstance(stored, dict)
        return engine.Instance.load(self.program, stored, self._services)

    @property
    def status(self) -> str:
        return self.instance().status.value

    @property
    def variables(self) -> dict[str, object]:
        return {name: plain(value) for name, value in self.instance().variables().items()}

    @property
    def live(self) -> list[str]:
        return [element.element_id for element in self.instance().live()]

    def complete(self, element_id: str, **variables: object) -> list[str]:
        """Complete the latest job of this element."""
        return self.send(commands.CompleteJob(self.job(element_id), numbers(variables)))

    def job(self, element_id: str) -> str:
        return self._latest(events.JobRequested, element_id).job_id

    def complete_user_task(self, element_id: str, **variables: object) -> list[str]:
        return self.send(commands.CompleteUserTask(self.user_task(element_id), numbers(variables)))

    def assign(self, element_id: str, assignee: str | None, action: str = "claim") -> list[str]:
        return self.send(commands.AssignUserTask(self.user_task(element_id), assignee, action))

    def update(self, element_id: str, **changes: object) -> list[str]:
        return self.send(commands.UpdateUserTask(self.user_task(element_id), numbers(changes)))

    def user_task(self, element_id: str) -> str:
        return self._latest(events.UserTaskCreated, element_id).user_task_id

    def answer(
        self, element_id: str, *, denied: str | None = None, corrections: dict[str, object] | None = None
    ) -> list[str]:
        """Complete the latest job of this element as a task listener does."""
        result = commands.TaskListenerResult(denied is not None, denied or "", numbers(corrections or {}))
        return self.send(commands.CompleteJob(self.job(element_id), {}, result))

    def headers(self, element_id: str) -> dict[str, str]:
        """Those of the latest job of this element, without Camunda's prefix."""
        headers = self._latest(events.JobRequested, element_id).headers
        return {name.removeprefix("io.camunda.zeebe:"): value for name, value in headers.items()}

    def fire(self, element_id: str, after: timedelta | None = None) -> list[str]:
        """Fire the latest timer of this element at its due time, or later."""
        timer = self._latest(events.TimerScheduled, element_id)
        self.now = max(self.now, timer.due + (after or timedelta()))
        return self.send(commands.FireTimer(timer.timer_id))

    def deliver(self, element_id: str, **variables: object) -> list[str]:
        """Deliver a message to the latest subscription of this element."""
        subscription = self._latest(events.SubscriptionOpened, element_id)
        return self.send(commands.DeliverMessage(subscription.subscription_id, numbers(variables)))

    def resolve(self) -> list[str]:
        """Resolve the latest incident."""
        raised = [event for event in self.history if isinstance(event, events.IncidentRaised)]
        return self.send(commands.ResolveIncident(raised[-1].incident_id))

    def _latest(self, kind: type[E], element_id: str) -> E:
        return [event for event in self.history if isinstance(event, kind) and event.element_id == element_id][-1]

    def _moment(self) -> engine.Moment:
        return engine.Moment(self.now, lambda: f"{next(self._ids)}", self.may_send)


def numbers(variables: Mapping[str, object]) -> dict[str, object]:
    """Python integers as the JSON codec would read them."""
    return {name: deep(value) for name, value in variables.items()}


def deep(value: object) -> object:
    if isinstance(value, list):
        return [deep(item) for item in value]
    if isinstance(value, dict):
        return numbers(value)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def plain(value: object) -> object:
    """Decimals as Python integers, for comparing."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


def told(happened: tuple[events.Event, ...]) -> list[str]:
    return [tell(event) for event in happened]


def tell(event: events.Event) -> str:  # noqa: C901, PLR0911, PLR0912 - one line for each kind of event
    """One event as one line; ids of element instances and of waits are left out."""
    match event:
        case events.InstanceStarted(process_id=process_id):
            return f"started {process_id}{values(event.variables)}"
        case events.InstanceCompleted():
            return f"instance completed{values(event.variables)}"
        case events.InstanceFailed(code=code):
            return f"instance failed: {code}"
        case events.InstanceCancelled(reason=reason):
            return f"instance cancelled: {reason}"
        case events.ElementActivated(element_id=element_id, element_type=kind):
            return f"activated {kind} {element_id}"
        case events.ElementCompleted(element_id=element_id):
            return f"completed {element_id}"
        case events.ElementCancelled(element_id=element_id):
            return f"cancelled {element_id}"
        case events.FlowTaken(flow_id=flow_id):
            return f"flow {flow_id}"
        case events.VariablesSet(scope_id=scope_id):
            return f"set {'process' if scope_id == 'I' else 'local'}{values(event.variables)}"
        case events.JobRequested(element_id=element_id, type=job_type):
            kind = "job" if event.kind is events.JobKind.TASK else event.kind.value
            return f"{kind} {job_type} for {element_id}{values(event.variables)}"
        case events.JobCancelled():
            return "job cancelled"
        case events.UserTaskCreated(element_id=element_id):
            return f"user task {element_id}"
        case events.UserTaskHeldUp(transition=transition):
            return f"user task is {transition}"
        case events.UserTaskChanged():
            return f"user task changed{values(event.changes)}"
        case events.UserTaskDenied(transition=transition, reason=reason):
            return f"{transition} denied: {reason}"
        case events.UserTaskCompleted():
            return "user task completed"
        case events.UserTaskCancelled():
            return "user task cancelled"
        case events.TimerScheduled(element_id=element_id, due=due):
            return f"timer {element_id} {due:%d %H:%M:%S}"
        case events.TimerCancelled():
            return "timer cancelled"
        case events.SubscriptionOpened(element_id=element_id, kind=kind, name=name, correlation_key=key):
            return f"waits for {kind} {name}{f' {key}' if key else ''} at {element_id}"
        case events.SubscriptionClosed():
            return "subscription closed"
        case events.MessagePublished(name=name, correlation_key=key):
            return f"published {name}{f' {key}' if key else ''}{values(event.variables)}"
        case events.SignalThrown(name=name):
            return f"signal {name}{values(event.variables)}"
        case events.ErrorThrown(element_id=element_id, code=code, caught_by=catcher):
            return f"error {code} from {element_id} caught by {catcher}"
        case events.EscalationThrown(element_id=element_id, code=code, caught_by=catcher):
            return f"escalation {code} from {element_id} caught by {catcher}"
        case events.DecisionEvaluated(element_id=element_id, decision_id=decision_id):
            return f"decision {decision_id} for {element_id}"
        case events.CalledInstanceRequested(element_id=element_id, process_id=process_id):
            return f"call {process_id} for {element_id}{values(event.variables)}"
        case events.CalledInstanceCancelled():
            return "call cancelled"
        case events.IncidentRaised(element_id=element_id, kind=kind, message=message):
            return f"incident {kind} at {element_id}: {message}"
        case events.IncidentResolved():
            return "incident resolved"


def values(variables: Mapping[str, object]) -> str:
    """``x=1 y="a"``, in the order in which they were set."""
    shown = plain(dict(variables))
    assert isinstance(shown, dict)
    return "".join(f" {name}={feel.json_dumps(deep(value))}" for name, value in shown.items())
