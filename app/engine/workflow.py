"""The running process: SpiffWorkflow's `BpmnWorkflow` with an index of live tokens, an agenda and an outbox of events.

`tasks` holds live tokens only. Work that is READY waits in the agenda, first in, first out; tokens that become ready
together do so in document order. What the elements mean is in `app.engine.elements`.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, cast

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow

from app.engine import events
from app.engine.element import Element, Specification
from app.engine.events import Event
from app.engine.formulas import FeelScriptEngine
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.ports import Moment, Services
from app.engine.token import Phase, Token
from app.engine.waits import Change, Wait, WaitKind

STEPS_PER_COMMAND = 100_000  # an endless loop without a wait in it ends in an incident, not in a hung worker


class Status(StrEnum):
    CREATED = "created"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Incident:
    id: str
    token_id: str
    kind: str
    message: str
    job_id: str | None = None


class Entry(TypedDict):
    """An event that goes on in a scope when cancelled tokens are gone. JSON, because it is part of the state."""

    until: list[str]
    event: str
    result: dict[str, object]


def age(identifier: str) -> tuple[int, str]:
    """Ids sort by when they were given, in memory and after a load, whose order is that of the tree."""
    return len(identifier), identifier


def entries(container: Token) -> list[Entry]:
    return cast("list[Entry]", container.internal_data.get("after", []))


class ProcessWorkflow(BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """One process instance in memory."""

    spec: Specification
    tasks: dict[str, Token]
    script_engine: FeelScriptEngine
    moment: Moment

    def __init__(self, spec: Specification, services: Services, instance_id: str) -> None:
        super().__init__(spec, script_engine=FeelScriptEngine(), deserializing=True)
        self.services = services
        self.status = Status.CREATED
        self.outbox: list[Event] = []
        self.jobs: dict[str, str] = {}  # id → token id, as for the next three
        self.user_tasks: dict[str, str] = {}
        self.waits: dict[str, str] = {}
        self.joins: dict[tuple[str, str], str] = {}  # (container id, element id) → the token that collects arrivals
        self.incidents: dict[str, Incident] = {}
        self.conditions: dict[str, Wait] = {}
        self.synchronising: dict[str, None] = {}  # inclusive and complex gateways that wait for what may still arrive
        self.is_settled = False  # nothing is ready: gateways that synchronise may decide
        self._agenda: deque[Token] = deque()
        self._changes: list[Change] = []
        self.root = Token(self, spec.start, None, instance_id)
        self.root.variables = {}
        self.task_tree = self.root

    # the agenda

    def schedule(self, token: Token) -> None:
        self._agenda.append(token)

    def do_engine_steps(
        self,
        will_complete_task: Callable[[Token], None] | None = None,
        did_complete_task: Callable[[Token], None] | None = None,
    ) -> None:
        """Run every token until all wait."""
        steps = 0
        while self._agenda or self._settle():
            if not self._agenda:
                continue
            token = self._agenda.popleft()
            if not token.has_state(TaskState.READY):
                continue
            steps += 1
            if steps > STEPS_PER_COMMAND:
                self._stop_endless_loop(token)
                continue
            if will_complete_task:
                will_complete_task(token)
            token.run()
            if did_complete_task:
                did_complete_task(token)
            if self._changes:
                self._look_at_conditions()

    def _settle(self) -> bool:
        """With nothing ready: look at conditions and at gateways that synchronise. True if that made work."""
        if self._changes:
            self._look_at_conditions()
            return True
        self.is_settled = True
        for token_id in list(self.synchronising):
            token = self.tasks.get(token_id)
            if token is None:
                del self.synchronising[token_id]
            elif token.has_state(TaskState.WAITING):
                token.task_spec._update(token)
        self.is_settled = False
        return bool(self._agenda)

    def _stop_endless_loop(self, token: Token) -> None:
        token._set_state(TaskState.STARTED)
        message = f"Expected the token to come to a wait, but it took {STEPS_PER_COMMAND:,} steps. Break the loop."
        self.raise_incident(token, Obstacle(IncidentKind.ENDLESS_LOOP, message))

    def resume(self, token: Token, phase: Phase | None = None) -> None:
        """Let a waiting token go on, from `phase` if given."""
        if phase is not None:
            token.phase = phase
        if token.is_live and not token.has_state(TaskState.READY):
            token._set_state(TaskState.READY)

    # tokens

    def emit(self, event: Event) -> None:
        self.outbox.append(event)

    def take_events(self) -> tuple[Event, ...]:
        taken = tuple(self.outbox)
        self.outbox.clear()
        return taken

    def new_id(self) -> str:
        return self.moment.new_id()

    def add(self, spec: Element, container: Token) -> Token:
        """A new token at an element, inside `container`."""
        return Token(self, spec, container, self.new_id())

    def remove(self, token: Token) -> None:
        """Take a finished token out of the tree; nothing can refer to it any more."""
        self.tasks.pop(token.id, None)
        parent = token.parent
        if parent is not None:
            parent._children.pop(token.id, None)

    def _task_completed_notify(self, task: Token) -> None:
        """Stock scans the whole tree here for waiting tasks; only the container is concerned."""
        self.remove(task)
        task.task_spec.left(task)

    def is_completed(self) -> bool:
        """Whether no token is alive."""
        return not self.tasks

    def cancel_inside(self, container: Token, spare: Token | None = None) -> list[Token]:
        """Cancel every token in a scope, except `spare`. Those that stay until their listeners have been called."""
        cancelled = [token for token in container.tokens if token is not spare]
        for token in cancelled:
            token.cancel()
        return [token for token in cancelled if token.is_live]

    def when_gone(self, container: Token, staying: "list[Token]", spec: Element, result: dict[str, object]) -> None:
        """Let the event `spec` go on in `container` as soon as these cancelled tokens are gone."""
        if not staying:
            spec.go_on(container, result)
            return
        entry = {"until": [token.id for token in staying], "event": spec.name, "result": result}
        container.internal_data["after"] = [*entries(container), entry]

    def end_cancelling(self, token: Token) -> None:
        """The listeners of a cancelled token have been called: it is gone, and what waited for that goes on."""
        container = token.parent
        leaves = "leaves" in token.internal_data
        token.vanish()
        if container is None:
            self._tell_end()
        elif container.is_cancelling:
            self.resume(container)
        else:
            self._go_on_after(container, token.id)
            if leaves:
                token.task_spec.left(token)
            else:
                container.task_spec.child_cancelled(container)

    def _go_on_after(self, container: Token, token_id: str) -> None:
        waiting = [
            Entry(
                until=[each for each in entry["until"] if each != token_id],
                event=entry["event"],
                result=entry["result"],
            )
            for entry in entries(container)
        ]
        container.internal_data["after"] = [entry for entry in waiting if entry["until"]]
        if not container.internal_data["after"]:
            del container.internal_data["after"]
        for entry in waiting:
            if not entry["until"]:
                spec: Element = self.spec.task_specs[entry["event"]]
                spec.go_on(container, entry["result"])

    # variables

    def write(self, token: Token, scope: dict[str, object], variables: Mapping[str, object]) -> None:
        """Set variables in a scope and tell it."""
        previous = {name: scope[name] for name in variables if name in scope}
        if self.conditions:
            self._changes.extend(Change(token.id, name, name not in scope) for name in variables)
        scope.update(variables)
        self.emit(events.VariablesSet(token.id, dict(variables), previous))

    # waits

    def open_wait(self, token: Token, wait: Wait) -> None:
        token.waits[wait.id] = wait
        self.waits[wait.id] = token.id
        if wait.kind is WaitKind.TIMER and wait.schedule is not None:
            self.emit(events.TimerScheduled(wait.id, token.id, wait.element_id, wait.schedule.due))
        elif wait.kind is WaitKind.MESSAGE:
            kind = events.SubscriptionKind.MESSAGE
            self.emit(events.SubscriptionOpened(wait.id, token.id, wait.element_id, kind, wait.name, wait.key))
        elif wait.kind is WaitKind.SIGNAL:
            kind = events.SubscriptionKind.SIGNAL
            self.emit(events.SubscriptionOpened(wait.id, token.id, wait.element_id, kind, wait.name, None))
        else:
            self.conditions[wait.id] = wait

    def close_wait(self, token: Token, wait: Wait, *, fired: bool = False) -> None:
        """`fired`: the wait is over because it happened, which for a timer needs no cancelling."""
        del token.waits[wait.id]
        del self.waits[wait.id]
        if wait.kind is WaitKind.TIMER:
            if not fired:
                self.emit(events.TimerCancelled(wait.id))
        elif wait.kind is WaitKind.CONDITION:
            del self.conditions[wait.id]
        else:
            self.emit(events.SubscriptionClosed(wait.id))

    def close_waits(self, token: Token) -> None:
        for wait in list(token.waits.values()):
            self.close_wait(token, wait)

    def reschedule(self, token: Token, wait: Wait) -> bool:
        """After a timer fired: arm it again if it repeats, else close it. True if it repeats."""
        following = wait.schedule.next(self.moment.now) if wait.schedule else None
        if following is None:
            self.close_wait(token, wait, fired=True)
            return False
        wait.schedule = following
        self.emit(events.TimerScheduled(wait.id, token.id, wait.element_id, following.due))
        return True

    def happen(self, wait_id: str, variables: Mapping[str, object]) -> None:
        """What was waited for has come: trigger its event."""
        token = self.tasks[self.waits[wait_id]]
        wait = token.waits[wait_id]
        token.task_spec.handler_of(wait).happened(token, wait, dict(variables))

    def deliver_signal(self, name: str, variables: Mapping[str, object]) -> None:
        """Trigger every open subscription of this signal, oldest first."""
        for wait_id in sorted(self.waits, key=age):
            token = self.tasks.get(self.waits.get(wait_id, ""))
            wait = token.waits.get(wait_id) if token else None
            if wait is not None and wait.kind is WaitKind.SIGNAL and wait.name == name:
                self.happen(wait_id, variables)

    def _look_at_conditions(self) -> None:
        changes, self._changes = self._changes, []
        for wait_id in sorted(self.conditions, key=age):
            wait = self.conditions.get(wait_id)
            if wait is not None and wait_id in self.waits:
                token = self.tasks[self.waits[wait_id]]
                spec = self.spec.task_specs[wait.element_id]
                spec.look(token, wait, changes)

    # the end

    def complete_instance(self) -> None:
        self.status = Status.COMPLETED
        self.emit(events.InstanceCompleted(dict(self.root.variables or {})))

    def fail(self, code: str, message: str) -> None:
        """An error that nothing caught ends the instance."""
        self._end_by_force([Status.FAILED.value, code, message])

    def cancel(self, workflow: "ProcessWorkflow | None" = None, *, reason: str = "") -> list[Token]:  # noqa: ARG002
        """Cancel the instance with everything in it; the tokens that were alive."""
        cancelled = list(self.tasks.values())
        self._end_by_force([Status.CANCELLED.value, reason])
        return cancelled

    def _end_by_force(self, ending: list[str]) -> None:
        """Cancel the root. The end is told when nothing is left, at once unless listeners have to be called."""
        self.root.internal_data["ending"] = ending
        self.root.cancel()
        if not self.root.is_live:
            self._tell_end()

    def _tell_end(self) -> None:
        ending = cast("list[str]", self.root.internal_data["ending"])
        self.status = Status(ending[0])
        if self.status is Status.FAILED:
            self.emit(events.InstanceFailed(ending[1], ending[2]))
        else:
            self.emit(events.InstanceCancelled(ending[1]))

    # incidents

    def raise_incident(self, token: Token, obstacle: Obstacle, job_id: str | None = None) -> None:
        incident = Incident(self.new_id(), token.id, obstacle.kind, obstacle.message, job_id)
        self.record_incident(incident, token)

    def record_incident(self, incident: Incident, token: Token) -> None:
        self.incidents[incident.id] = incident
        element_id = token.task_spec.bpmn_id
        self.emit(
            events.IncidentRaised(incident.id, token.id, element_id, incident.kind, incident.message, incident.job_id)
        )

    def drop_incidents(self, token: Token, *, of_jobs: bool = True) -> None:
        """What stopped the element instance does so no longer. `of_jobs`: what stopped its job neither."""
        for incident in list(self.incidents.values()):
            if incident.token_id == token.id and (of_jobs or incident.job_id is None):
                del self.incidents[incident.id]
                self.emit(events.IncidentResolved(incident.id))
