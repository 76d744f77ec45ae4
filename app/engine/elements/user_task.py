"""User tasks: work for a person, shown in the inbox. Task listeners are jobs that hold its transitions up.

A transition begins (`transit`), its listeners run one after the other, and only then does it take place: as the last of
them left it, or not at all where one of them denied it.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict, cast

from app.bpmn import model
from app.bpmn.extensions import Form
from app.engine import events, formulas, task_attributes
from app.engine.commands import JobResult, TaskListenerResult
from app.engine.elements.activity import ActivitySpec
from app.engine.events import JobKind
from app.engine.formulas import Formula
from app.engine.job_spec import JobSpec
from app.engine.jobs import listener_of, listeners_done, next_listener, visible_to_job
from app.engine.naming import NamedKind
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.task_attributes import DENIABLE, Attributes, TaskEvent
from app.engine.timers import parse_date
from app.engine.token import Phase, Token
from app.errors import Conflict

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec

DEFAULT_PRIORITY = 50


class Transition(TypedDict):
    """A transition that listeners hold up. JSON, because it is part of the state."""

    event: str
    action: str
    changes: Attributes
    variables: dict[str, object] | None  # of an update: to be set in the task's own scope
    denied: str | None


class UserTaskSpec(ActivitySpec):
    """`internal_data` holds the user task's id and the transition under way; where there are listeners, also what they
    are told of the task ("task"). What becomes of one without listeners is nobody's concern here once it is created.
    """

    element_type = "userTask"

    def __init__(
        self, process: "ProcessSpec", node: model.UserTask, builder: "Builder", *, name: str | None = None
    ) -> None:
        super().__init__(process, node, builder, name=name)
        assignment, schedule = node.assignment, node.schedule
        self.assignee = builder.optional(node, assignment.assignee, "assignee")
        self.candidate_users = builder.optional(node, assignment.candidate_users, "candidate users")
        self.candidate_groups = builder.optional(node, assignment.candidate_groups, "candidate groups")
        self.due_date = builder.optional(node, schedule.due_date, "due date")
        self.follow_up_date = builder.optional(node, schedule.follow_up_date, "follow-up date")
        self.priority = builder.optional(node, node.priority, "priority")
        self.form = node.form
        self.form_id = form_id(node.form)
        if node.form is not None and node.form.id:
            builder.name(node, NamedKind.FORM, node.form.id)
        self.listeners = task_listeners(node, builder)

    def execute(self, token: Token) -> bool:
        data = token.internal_data
        if "user_task" not in data and "task" not in data:
            self._need_form(token)
            attributes = self._evaluated(token)
            if not self.listeners:
                self._create(token, attributes)
                return False
            data["task"] = attributes
            self.transit(token, TaskEvent.CREATING, "create")
        while (transition := under_way(token)) is not None:
            if transition["denied"] is None and not listeners_done(token, self._listeners(transition["event"])):
                return False
            if self._end(token, transition):
                return True
        return False

    def _need_form(self, token: Token) -> None:
        """A task whose form is not deployed is not shown without it. Forms that the diagram carries are there."""
        form = self.form
        if form is None or not form.id or form.body is not None:
            return
        if not token.workflow.services.has_form(form.id, form.binding, form.version_tag):
            wanted = f"{form.binding} {form.version_tag}" if form.version_tag else form.binding
            message = f'Expected a deployed form "{form.id}" ({wanted}), but found none. Deploy it, and retry.'
            raise Obstacle(IncidentKind.FORM, message)

    def transit(
        self,
        token: Token,
        event: TaskEvent,
        action: str,
        changes: Attributes | None = None,
        variables: dict[str, object] | None = None,
    ) -> None:
        """Begin a transition: it ends when the listeners for it have. Raises Conflict while another is under way."""
        data = token.internal_data
        if (present := under_way(token)) is not None:
            found = present["event"]
            raise Conflict(f"Expected a user task at rest, but it is {found}. Wait until the listeners have ended.")
        if event is TaskEvent.COMPLETING:
            token.result, variables = variables, None
        data["transition"] = Transition(
            event=event, action=action, changes=changes or {}, variables=variables, denied=None
        )
        if self._listeners(event) and "user_task" in data:
            token.workflow.emit(events.UserTaskHeldUp(str(data["user_task"]), event))
        token.workflow.resume(token)

    def is_held_up_by(self, token: Token, event: TaskEvent) -> bool:
        """Whether the task exists and has listeners for this."""
        return "user_task" in token.internal_data and event in self.listeners

    def farewells(self, token: Token) -> tuple[JobSpec, ...]:
        return self._listeners(TaskEvent.CANCELING) if "task" in token.internal_data else ()

    def abandon(self, token: Token) -> None:
        super().abandon(token)
        token.internal_data.pop("transition", None)
        self.transit(token, TaskEvent.CANCELING, "cancel")

    def let_go(self, token: Token) -> None:
        user_task = token.internal_data.pop("user_task", None)
        if user_task is not None:
            token.workflow.user_tasks.pop(str(user_task))
            token.workflow.emit(events.UserTaskCancelled(str(user_task)))

    # the listeners' jobs

    def current_job(self, token: Token) -> JobSpec:
        transition = under_way(token)
        if token.phase is Phase.EXECUTING and transition is not None:
            return listener_of(token, self._listeners(transition["event"]))
        return super().current_job(token)

    def job_headers(self, token: Token, job: JobSpec) -> Mapping[str, str]:
        transition = under_way(token)
        if job.kind is not JobKind.TASK_LISTENER or transition is None:
            return job.headers
        changes = transition["changes"]
        changed = [*changes, *(["variables"] if transition["variables"] is not None else [])]
        known = token.internal_data.get("task")
        attributes = {**(known if isinstance(known, dict) else {}), **changes}
        task_id = str(token.internal_data.get("user_task", ""))
        return {**job.headers, **task_attributes.headers(attributes, changed, transition["action"], task_id)}

    def job_variables(self, token: Token, job: JobSpec) -> dict[str, object]:
        """A listener sees what the person has answered, and what is about to be set, too."""
        visible = super().job_variables(token, job)
        transition = under_way(token)
        if job.kind is not JobKind.TASK_LISTENER or transition is None:
            return visible
        return {**visible, **(token.result or {}), **(transition["variables"] or {})}

    def take_result(self, token: Token, result: JobResult | None) -> str | None:
        transition = under_way(token)
        if not isinstance(result, TaskListenerResult) or transition is None:
            return super().take_result(token, result)
        event = transition["event"]
        if result.denied and event not in DENIABLE:
            return f"Expected a listener of {', '.join(DENIABLE)} to deny, but a listener of {event} did."
        if result.denied and result.corrections:
            return "Expected a listener to deny the transition or to correct the task, but it did both."
        try:
            corrections = task_attributes.checked(result.corrections)
        except ValueError as problem:
            return f"Expected corrections that fit the user task. {problem}"
        transition["changes"] = {**transition["changes"], **corrections}
        if result.denied:
            transition["denied"] = result.reason
        return None

    def job_completed(self, token: Token, variables: dict[str, object]) -> None:
        if token.phase is not Phase.EXECUTING:
            super().job_completed(token, variables)
            return
        next_listener(token)
        token.propagate(variables)
        token.workflow.resume(token)

    # the ends of transitions

    def _end(self, token: Token, transition: Transition) -> bool:
        """The transition takes place, or was denied. True: the user task is completed."""
        data, workflow, event = token.internal_data, token.workflow, transition["event"]
        user_task_id = str(data.get("user_task", ""))
        del data["transition"]
        if transition["denied"] is not None:
            data.pop("listener", None)
            token.result = None
            workflow.emit(events.UserTaskDenied(user_task_id, event, transition["denied"]))
            return False
        changes = transition["changes"]
        if isinstance(known := data.get("task"), dict):
            data["task"] = {**known, **changes}
        if event == TaskEvent.CREATING:
            self._begin_life(token)
            return False
        if event != TaskEvent.COMPLETING:
            workflow.emit(events.UserTaskChanged(user_task_id, changes))
            if transition["variables"]:
                token.assign(transition["variables"])
            return False
        if changes:
            workflow.emit(events.UserTaskChanged(user_task_id, changes))
        data.pop("task", None)
        del data["user_task"]
        workflow.user_tasks.pop(user_task_id)
        workflow.emit(events.UserTaskCompleted(user_task_id))
        return True

    def _begin_life(self, token: Token) -> None:
        """The creating listeners have ended. The assignment is a transition of its own, if listeners ask for it."""
        attributes = cast("Attributes", token.internal_data["task"])
        assignee = attributes["assignee"]
        if assignee is not None and TaskEvent.ASSIGNING in self.listeners:
            attributes = token.internal_data["task"] = {**attributes, "assignee": None}
            self._create(token, attributes)
            self.transit(token, TaskEvent.ASSIGNING, "assign", {"assignee": assignee})
        else:
            self._create(token, attributes)

    def _create(self, token: Token, attributes: Attributes) -> None:
        workflow = token.workflow
        created = events.UserTaskCreated(
            user_task_id=workflow.new_id(),
            element_instance_id=token.id,
            element_id=self.bpmn_id,
            name=self.bpmn_name or self.bpmn_id,
            assignee=cast("str | None", attributes["assignee"]),
            candidate_users=tuple(cast("list[str]", attributes["candidate_users"])),
            candidate_groups=tuple(cast("list[str]", attributes["candidate_groups"])),
            due_date=moment(attributes["due_date"]),
            follow_up_date=moment(attributes["follow_up_date"]),
            priority=int(cast("Decimal", attributes["priority"])),
            form_id=self.form_id,
            variables=visible_to_job(token),
        )
        token.internal_data["user_task"] = created.user_task_id
        workflow.user_tasks[created.user_task_id] = token.id
        workflow.emit(created)

    def _evaluated(self, token: Token) -> Attributes:
        """What the diagram says of the task, at this moment. Raises Obstacle."""
        due, follow_up = date(token, self.due_date, "due date"), date(token, self.follow_up_date, "follow-up date")
        return {
            "assignee": formulas.optional_text(token, self.assignee, "assignee") or None,
            "candidate_users": list(names(token, self.candidate_users, "candidate users")),
            "candidate_groups": list(names(token, self.candidate_groups, "candidate groups")),
            "due_date": due.isoformat() if due else None,
            "follow_up_date": follow_up.isoformat() if follow_up else None,
            "priority": Decimal(priority(token, self.priority)),
        }

    def _listeners(self, event: str) -> tuple[JobSpec, ...]:
        return self.listeners.get(TaskEvent(event), ())


def under_way(token: Token) -> Transition | None:
    """The transition that the listeners of the token's user task hold up. The first release stored only the answer."""
    data = token.internal_data
    if "transition" not in data and "user_task" in data and token.result is not None:
        event = TaskEvent.COMPLETING
        data["transition"] = Transition(event=event, action="complete", changes={}, variables=None, denied=None)
    return cast("Transition | None", data.get("transition"))


def moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def form_id(form: Form | None) -> str | None:
    return None if form is None else form.id or form.key or form.external_reference


def task_listeners(node: model.UserTask, builder: "Builder") -> dict[TaskEvent, tuple[JobSpec, ...]]:
    """The listeners for each transition, in document order. Their jobs carry the task's headers beside their own."""
    found: dict[TaskEvent, tuple[JobSpec, ...]] = {}
    for listener in node.listeners:
        if listener.event_type not in set(TaskEvent):
            builder.refuse(
                node,
                "listener",
                f'Expected a task listener for one of {", ".join(TaskEvent)}, but found "{listener.event_type}".',
                "Choose another moment, or remove the listener.",
            )
            continue
        event = TaskEvent(listener.event_type)
        job = builder.job(node, listener, {**node.headers, **dict(listener.headers)}, JobKind.TASK_LISTENER)
        found[event] = (*found.get(event, ()), job)
    return found


def names(token: Token, formula: Formula | None, what: str) -> tuple[str, ...]:
    """A FEEL list of texts, or texts separated by commas. Raises Obstacle."""
    if formula is None:
        return ()
    value, reasons = formulas.with_reasons(token, formula)
    if value is None:
        return ()
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    expected = f"a list of names for the {what}"
    raise Obstacle(IncidentKind.EXPRESSION, formulas.misfit(expected, formula, value, reasons))


def date(token: Token, formula: Formula | None, what: str) -> datetime | None:
    """An ISO 8601 text or a FEEL date. Raises Obstacle."""
    text = formulas.optional_text(token, formula, what)
    if not text:
        return None
    try:
        return parse_date(text)
    except ValueError as error:
        raise Obstacle(IncidentKind.EXPRESSION, f'{error} It is the {what} "{formula}".') from None


def priority(token: Token, formula: Formula | None) -> int:
    """A number from 0 to 100. Raises Obstacle."""
    if formula is None:
        return DEFAULT_PRIORITY
    value, reasons = formulas.with_reasons(token, formula)
    if value is None:
        return DEFAULT_PRIORITY
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
    if isinstance(number, int | Decimal) and not isinstance(number, bool) and 0 <= number <= 100:
        return int(number)
    raise Obstacle(IncidentKind.EXPRESSION, formulas.misfit("a priority from 0 to 100", formula, value, reasons))
