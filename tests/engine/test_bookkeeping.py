"""Property: what the events say is open is what the state holds, after any sequence of commands.

The runtime keeps jobs, tasks, timers and subscriptions in tables by the events alone; if the two books ever differed,
an instance could wait for something that nobody knows of.
"""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from app import feel
from app.engine import commands, events
from tests.engine.driving import Drive, chain, extended, flow, job
from tests.engine.elements.test_compensation import COMPENSATE, undoable

ROOTS = (
    '<message id="m" name="news"/><signal id="s" name="alarm"/><error id="e" name="e" errorCode="BAD"/>'
    '<escalation id="l" name="l" escalationCode="LATE"/>'
)
CYCLE = '<timerEventDefinition><timeCycle xsi:type="tFormalExpression">R3/PT1H</timeCycle></timerEventDefinition>'
CONDITION = (
    '<conditionalEventDefinition><condition xsi:type="tFormalExpression">=x</condition></conditionalEventDefinition>'
)
LOOP = (
    '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=2</loopCardinality>'
    '<completionCondition xsi:type="tFormalExpression">=done</completionCondition></multiInstanceLoopCharacteristics>'
)


def edge(identifier: str, activity: str, definition: str, *, interrupting: bool = True) -> str:
    flag = str(interrupting).lower()
    return (
        f'<boundaryEvent id="{identifier}" attachedToRef="{activity}" cancelActivity="{flag}">{definition}'
        "</boundaryEvent>"
        f'<userTask id="{identifier}-task"/>' + flow(identifier, f"{identifier}-task")
    )


HANDLER = (
    '<subProcess id="handler" triggeredByEvent="true"><startEvent id="on" isInterrupting="false">'
    '<signalEventDefinition signalRef="s"/></startEvent>' + job("H") + flow("on", "H") + "</subProcess>"
)
INSIDE = (
    f"{LOOP}"
    '<startEvent id="in"/><parallelGateway id="fork"/><inclusiveGateway id="join"/>'
    + job("W")
    + '<receiveTask id="R" messageRef="m"/>'
    + flow("in", "fork")
    + flow("fork", "W")
    + flow("fork", "R")
    + flow("W", "join")
    + flow("R", "join")
    + undoable("W")
    + HANDLER
)
EVERYTHING = (
    chain(
        f'<subProcess id="sub">{INSIDE}</subProcess>',
        extended("callActivity", "C", '<zeebe:calledElement processId="other"/>'),
        '<userTask id="U"/>',
        f'<intermediateThrowEvent id="undo">{COMPENSATE}</intermediateThrowEvent>',
        '<intermediateThrowEvent id="signal"><signalEventDefinition signalRef="s"/></intermediateThrowEvent>',
    )
    + edge("late", "sub", CYCLE, interrupting=False)
    + edge("bad", "sub", '<errorEventDefinition errorRef="e"/>')
    + edge("news", "sub", '<messageEventDefinition messageRef="m"/>', interrupting=False)
    + edge("true", "U", CONDITION)
    + edge("lost", "C", '<escalationEventDefinition escalationRef="l"/>', interrupting=False)
)


@dataclass
class Books:
    """What is open according to the events."""

    jobs: set[str] = field(default_factory=set)
    user_tasks: set[str] = field(default_factory=set)
    timers: set[str] = field(default_factory=set)
    subscriptions: set[str] = field(default_factory=set)
    incidents: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    elements: set[str] = field(default_factory=set)

    def enter(self, event: events.Event) -> None:  # noqa: C901, PLR0912 - one case for each kind
        match event:
            case events.JobRequested(job_id=identifier):
                self.jobs.add(identifier)
            case events.JobCancelled(job_id=identifier):
                self.jobs.remove(identifier)
            case events.UserTaskCreated(user_task_id=identifier):
                self.user_tasks.add(identifier)
            case events.UserTaskCompleted(user_task_id=identifier) | events.UserTaskCancelled(user_task_id=identifier):
                self.user_tasks.remove(identifier)
            case events.TimerScheduled(timer_id=identifier):
                self.timers.add(identifier)
            case events.TimerCancelled(timer_id=identifier):
                self.timers.remove(identifier)
            case events.SubscriptionOpened(subscription_id=identifier):
                self.subscriptions.add(identifier)
            case events.SubscriptionClosed(subscription_id=identifier):
                self.subscriptions.remove(identifier)
            case events.IncidentRaised(incident_id=identifier):
                self.incidents.add(identifier)
            case events.IncidentResolved(incident_id=identifier):
                self.incidents.remove(identifier)
            case events.CalledInstanceRequested(element_instance_id=identifier):
                self.calls.add(identifier)
            case events.CalledInstanceCancelled(element_instance_id=identifier):
                self.calls.remove(identifier)
            case events.ElementActivated(element_instance_id=identifier):
                self.elements.add(identifier)
            case events.ElementCompleted(element_instance_id=identifier):
                self.elements.remove(identifier)
            case events.ElementCancelled(element_instance_id=identifier):
                self.elements.remove(identifier)

    def settle(self, command: commands.Command) -> None:
        """What the runtime itself knows to be over when it sends the command."""
        match command:
            case commands.CompleteJob(job_id=identifier):
                self.jobs.remove(identifier)
            case commands.FireTimer(timer_id=identifier):
                self.timers.remove(identifier)
            case (
                commands.CompleteCalledInstance(element_instance_id=identifier)
                | commands.FailCalledInstance(element_instance_id=identifier)
            ):
                self.calls.remove(identifier)


def in_state(drive: Drive) -> Books:
    """What is open according to the state."""
    state = feel.json_loads(drive.stored)
    assert isinstance(state, dict)
    books = Books(incidents={incident[0] for incident in state["incidents"]})
    for token in state["tokens"]:
        data = token.get("data", {})
        books.jobs |= {data["job"]} if "job" in data else set()
        books.user_tasks |= {data["user_task"]} if "user_task" in data else set()
        books.calls |= {token["id"]} if data.get("called") else set()
        if token["in"] is not None and token["phase"] > 0:
            books.elements.add(token["id"])
        for wait in token.get("waits", []):
            if wait[1] == "timer":
                books.timers.add(wait[0])
            elif wait[1] != "condition":
                books.subscriptions.add(wait[0])
    return books


def possible(books: Books) -> list[commands.Command]:
    """Every command that fits what is open."""
    found: list[commands.Command] = [
        commands.DeliverSignal("alarm"),
        commands.SetVariables({"x": True}),
        commands.SetVariables({"x": False, "done": True}),
        commands.SetVariables({"done": None}),
    ]
    for identifier in sorted(books.jobs):
        found += [
            commands.CompleteJob(identifier),
            commands.ThrowEscalation(identifier, "LATE"),
            commands.RaiseIncident(identifier, "transient", "down"),
        ]
    found += [commands.CompleteUserTask(identifier) for identifier in sorted(books.user_tasks)]
    found += [commands.FireTimer(identifier) for identifier in sorted(books.timers)]
    found += [commands.ResolveIncident(identifier) for identifier in sorted(books.incidents)]
    for identifier in sorted(books.calls):
        found += [
            commands.CompleteCalledInstance(identifier),
            commands.FailCalledInstance(identifier, "OTHER"),
            commands.EscalateCalledInstance(identifier, "LATE"),
        ]
    return found


@given(data=st.data())
def test_the_events_and_the_state_keep_the_same_books(data: st.DataObject) -> None:
    """Jobs, tasks, timers, subscriptions, incidents, calls and element instances, step by step to the end."""
    drive = Drive(EVERYTHING, ROOTS)
    drive.start(done=False, x=False)
    books = Books()
    for event in drive.history:
        books.enter(event)
    for _ in range(25):
        assert books == in_state(drive)
        if drive.status != "running":
            return
        command = data.draw(st.sampled_from(possible(books)))
        before = len(drive.history)
        books.settle(command)
        drive.send(command)
        for event in drive.history[before:]:
            books.enter(event)
