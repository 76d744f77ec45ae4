"""User tasks: work for a person, shown in the inbox, with task listeners as jobs."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from app.bpmn import model
from app.bpmn.extensions import Form
from app.engine import events, formulas
from app.engine.elements.activity import ActivitySpec
from app.engine.events import JobKind
from app.engine.formulas import Formula
from app.engine.jobs import JobSpec, listener_of, listeners_done, next_listener, visible_to_job
from app.engine.obstacle import IncidentKind, Obstacle
from app.engine.timers import parse_date
from app.engine.token import Phase, Token

if TYPE_CHECKING:
    from app.engine.builder import Builder
    from app.engine.elements.process import ProcessSpec

DEFAULT_PRIORITY = 50


class UserTaskSpec(ActivitySpec):
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
        self.form_id = form_id(node.form)
        if self.form_id and node.form and node.form.id:
            builder.form_ids.add(self.form_id)
        for listener in node.listeners:
            if listener.event_type not in ("creating", "completing"):
                builder.refuse(
                    node,
                    "listener",
                    f'Expected a task listener for creating or completing, but found "{listener.event_type}".',
                    "Choose another moment, or remove the listener.",
                )
        self.creating = task_listeners(node, builder, "creating")
        self.completing = task_listeners(node, builder, "completing")

    def execute(self, token: Token) -> bool:
        if "user_task" in token.internal_data:
            return self._complete(token)
        if not listeners_done(token, self.creating):
            return False
        created = self._created(token)
        token.internal_data["user_task"] = created.user_task_id
        token.workflow.user_tasks[created.user_task_id] = token.id
        token.workflow.emit(created)
        return False

    def current_job(self, token: Token) -> JobSpec:
        if token.phase is not Phase.EXECUTING:
            return super().current_job(token)
        return listener_of(token, self.completing if "user_task" in token.internal_data else self.creating)

    def job_completed(self, token: Token, variables: dict[str, object]) -> None:
        if token.phase is not Phase.EXECUTING:
            super().job_completed(token, variables)
            return
        next_listener(token)
        token.propagate(variables)
        token.workflow.resume(token)

    def _complete(self, token: Token) -> bool:
        """The person is done (the command has set `result`); the completing listeners come before the end."""
        if token.result is None or not listeners_done(token, self.completing):
            return False
        user_task_id = str(token.internal_data.pop("user_task"))
        token.workflow.user_tasks.pop(user_task_id)
        token.workflow.emit(events.UserTaskCompleted(user_task_id))
        return True

    def _created(self, token: Token) -> events.UserTaskCreated:
        return events.UserTaskCreated(
            user_task_id=token.workflow.new_id(),
            element_instance_id=token.id,
            element_id=self.bpmn_id,
            name=self.bpmn_name or self.bpmn_id,
            assignee=formulas.optional_text(token, self.assignee, "assignee") or None,
            candidate_users=names(token, self.candidate_users, "candidate users"),
            candidate_groups=names(token, self.candidate_groups, "candidate groups"),
            due_date=date(token, self.due_date, "due date"),
            follow_up_date=date(token, self.follow_up_date, "follow-up date"),
            priority=priority(token, self.priority),
            form_id=self.form_id,
            variables=visible_to_job(token),
        )


def form_id(form: Form | None) -> str | None:
    return None if form is None else form.id or form.key or form.external_reference


def task_listeners(node: model.UserTask, builder: "Builder", event_type: str) -> tuple[JobSpec, ...]:
    return tuple(
        builder.job(node, listener, dict(listener.headers), JobKind.TASK_LISTENER)
        for listener in node.listeners
        if listener.event_type == event_type
    )


def names(token: Token, formula: Formula | None, what: str) -> tuple[str, ...]:
    """A FEEL list of texts, or texts separated by commas. Raises Obstacle."""
    if formula is None:
        return ()
    value, reasons = token.workflow.script_engine.evaluate_with_reasons(token, formula)
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
    value, reasons = token.workflow.script_engine.evaluate_with_reasons(token, formula)
    if value is None:
        return DEFAULT_PRIORITY
    number = int(value) if isinstance(value, str) and value.strip().isdecimal() else value
    if isinstance(number, int | Decimal) and not isinstance(number, bool) and 0 <= number <= 100:
        return int(number)
    raise Obstacle(IncidentKind.EXPRESSION, formulas.misfit("a priority from 0 to 100", formula, value, reasons))
