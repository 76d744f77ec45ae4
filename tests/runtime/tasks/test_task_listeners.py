"""Task listeners in the runtime: jobs that hold up what people do with a user task, deny it, or correct the task."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pydantic import BaseModel
from sqlalchemy import event

from app.errors import Conflict, Forbidden, Invalid
from app.handlers import ActionContext, BpmnError, Corrections, Effect, TaskListenerResult, action
from app.handlers.registry import AnyHandler
from app.runtime import SYSTEM, Actor, InboxList
from app.runtime.views import InboxItem, IncidentState, JobState, TaskState
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, user_task

TRANSITIONS = ("creating", "assigning", "updating", "completing", "canceling")
RESERVED = "io.camunda.zeebe:"


class Told(BaseModel):
    """What a listener reads of the variables."""

    ok: bool | None = None


class Noted(TaskListenerResult):
    """An answer with a variable of its own."""

    noted: str = "yes"


@dataclass
class Checks:
    """Listeners `desk.<transition>` that answer what the test has put here; by default: it may go on."""

    answers: dict[str, list[TaskListenerResult | Exception]] = field(default_factory=lambda: defaultdict(list))
    told: list[tuple[str, bool | None, dict[str, str]]] = field(default_factory=list)

    def handler(self, transition: str) -> AnyHandler:
        @action(f"desk.{transition}", system="desk", effect=Effect.READ)
        def check(request: Told, context: ActionContext) -> Noted:
            """Check a transition."""
            headers = {name.removeprefix(RESERVED): value for name, value in context.headers.items()}
            self.told.append((transition, request.ok, headers))
            waiting = self.answers[transition]
            answer = waiting.pop(0) if waiting else Noted()
            if isinstance(answer, Exception):
                raise answer
            return Noted.model_validate({name: getattr(answer, name) for name in answer.model_fields_set})

        return check


@pytest.fixture
def checks(platform: Platform) -> Checks:
    checks = Checks()
    for transition in TRANSITIONS:
        platform.registry.register(checks.handler(transition))
    return checks


def listening(*transitions: str, more: str = "") -> bytes:
    """A process of one user task with a listener for each of these transitions."""
    listeners = "".join(f'<zeebe:taskListener eventType="{each}" type="desk.{each}" />' for each in transitions)
    inside = f"{more}<zeebe:taskListeners>{listeners}</zeebe:taskListeners>" if transitions else more
    return diagram("desk", START, user_task(more=inside), END)


def started(platform: Platform, *transitions: str, more: str = "") -> tuple[str, InboxItem]:
    """An instance at its user task, and the task."""
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": listening(*transitions, more=more)})
    case = platform.start("desk")
    platform.run()
    (task,) = platform.case(case).tasks
    return case, task


def item(platform: Platform, task: InboxItem) -> InboxItem:
    return platform.runtime.inbox.get(SYSTEM, task.id).item


def audit(platform: Platform, case: str, action: str) -> list[tuple[str, dict[str, object]]]:
    """Who did this in the instance's audit log, with its details."""
    records = platform.runtime.audit.list(SYSTEM, stream=case, limit=200).items
    return [(each.actor, dict(each.detail)) for each in records if each.action == action]


def test_a_completion_is_held_up_until_its_listener_has_ended(platform: Platform, checks: Checks) -> None:
    """The task says so, and by whom; the listener sees the answer; whoever asked has completed it, not the worker."""
    case, task = started(platform, "completing")
    anna = platform.actor("anna")
    assert platform.runtime.inbox.complete(anna, task.id, {"ok": True}) is False
    held = item(platform, task)
    assert (held.state, held.held_up, held.asked_by, held.assignee) == (TaskState.OPEN, "completing", "anna", "anna")
    assert platform.case(case).view.status == "running"
    platform.run()
    ((_, ok, headers),) = checks.told
    assert (ok, headers["action"], headers["userTaskKey"], headers["assignee"]) == (True, "complete", task.id, "anna")
    detail = platform.case(case)
    assert (detail.view.status, detail.variables) == ("completed", {"ok": True, "noted": "yes"})
    done = item(platform, task)
    assert (done.state, done.held_up, done.asked_by) == (TaskState.COMPLETED, None, None)
    assert platform.task("anna", task.id).item.id == task.id, "whoever ended a task still sees it"
    assert audit(platform, case, "task.asked")[-1] == (
        "anna",
        {"element": "decide", "variables": ["ok"], "action": "complete"},
    )
    assert [detail["asked_by"] for _, detail in audit(platform, case, "task.completed")] == ["anna"]


def test_a_denied_completion_puts_the_task_back_with_the_reason(platform: Platform, checks: Checks) -> None:
    """It is as it was before, the reason stands in the task, the history and the audit log; the next attempt is new."""
    case, task = started(platform, "completing")
    checks.answers["completing"] = [TaskListenerResult(denied=True, reason="A second signature is missing.")]
    platform.complete("anna", task.id, {"ok": False})
    back = item(platform, task)
    assert (back.state, back.held_up, back.denied) == (TaskState.OPEN, None, "completing")
    assert back.denied_because == "A second signature is missing."
    assert platform.task("anna", task.id).may_complete
    ((_, denied),) = audit(platform, case, "task.denied")
    assert (denied["reason"], denied["asked_by"]) == ("A second signature is missing.", "anna")
    history = platform.runtime.instances.history(SYSTEM, case).items
    assert [each.detail["reason"] for each in history if each.kind == "task"] == [back.denied_because]
    assert "ok" not in platform.case(case).variables
    assert platform.runtime.inbox.complete(platform.actor("anna"), task.id, {"ok": True}) is False
    assert item(platform, task).denied is None
    platform.run()
    assert platform.case(case).variables["ok"] is True


def test_while_a_task_is_held_up_nothing_else_can_be_asked(platform: Platform, checks: Checks, admin: Actor) -> None:
    """Every other wish is refused and says what is under way; the page offers nothing. Comments are welcome."""
    _, task = started(platform, "completing")
    inbox, anna = platform.runtime.inbox, platform.actor("anna")
    inbox.complete(anna, task.id, {})
    for wish in (
        lambda: inbox.complete(anna, task.id, {}),
        lambda: inbox.release(anna, task.id),
        lambda: inbox.assign(admin, task.id, "ben"),
        lambda: inbox.claim(admin, task.id),
        lambda: inbox.update(admin, task.id, {"priority": 1}),
    ):
        with pytest.raises(Conflict, match=r"at rest, but anna has asked for it and it is completing"):
            wish()
    seen = platform.task("anna", task.id)
    assert [seen.may_claim, seen.may_release, seen.may_complete] == [False] * 3
    inbox.comment(anna, task.id, "Please hurry.")
    assert not checks.told


def test_who_gets_a_task_is_checked(platform: Platform, checks: Checks) -> None:
    """Claiming, assigning and giving back, each in Camunda 8's word; the task is still nobody's until it is checked."""
    case, task = started(platform, "assigning")
    inbox, anna = platform.runtime.inbox, platform.actor("anna")
    assert inbox.claim(anna, task.id) is False
    assert (item(platform, task).held_up, item(platform, task).assignee) == ("assigning", None)
    platform.run()
    assert item(platform, task).assignee == "anna"
    inbox.assign(anna, task.id, "ben")
    platform.run()
    inbox.release(platform.actor("ben"), task.id)
    platform.run()
    assert [headers["action"] for *_, headers in checks.told] == ["claim", "assign", "unassign"]
    changed = [(detail["before"], detail["after"]) for _, detail in audit(platform, case, "task.changed")]
    assert sorted(changed, key=str) == sorted(
        [
            ({"assignee": None}, {"assignee": "anna"}),
            ({"assignee": "anna"}, {"assignee": "ben"}),
            ({"assignee": "ben"}, {"assignee": None}),
        ],
        key=str,
    )


def test_a_claim_that_is_denied_leaves_the_task_with_nobody(platform: Platform, checks: Checks) -> None:
    """And a task whose claims are checked is not claimed by completing it."""
    _, task = started(platform, "assigning")
    checks.answers["assigning"] = [TaskListenerResult(denied=True, reason="on leave")]
    inbox, anna = platform.runtime.inbox, platform.actor("anna")
    inbox.claim(anna, task.id)
    platform.run()
    back = item(platform, task)
    assert (back.assignee, back.denied, back.denied_because) == (None, "assigning", "on leave")
    assert not platform.task("anna", task.id).may_complete
    with pytest.raises(Conflict, match="Claim it first"):
        inbox.complete(anna, task.id, {})


def test_the_diagrams_assignee_is_checked_too(platform: Platform, checks: Checks) -> None:
    """The task is created with nobody; a correction gives it to somebody else."""
    checks.answers["assigning"] = [TaskListenerResult(corrections=Corrections(assignee="ben"))]
    platform.runtime.deployments.deploy(
        SYSTEM,
        {"desk.bpmn": listening("assigning").replace(b"candidateGroups=", b'assignee="anna" candidateGroups=')},
    )
    case = platform.start("desk")
    (task,) = platform.case(case).tasks
    assert (task.assignee, task.held_up) == (None, "assigning")
    platform.run()
    assert item(platform, task).assignee == "ben"


def test_a_change_is_checked_and_corrected(platform: Platform, checks: Checks, admin: Actor) -> None:
    """The corrections of the listener take effect together with the change; to whom it is offered changes, too."""
    case, task = started(platform, "updating")
    checks.answers["updating"] = [TaskListenerResult(corrections=Corrections(priority=80, candidate_groups=("leads",)))]
    due = datetime(2030, 1, 1, 9, tzinfo=UTC)
    assert platform.runtime.inbox.update(admin, task.id, {"due_date": due, "priority": 60}) is False
    assert item(platform, task).priority == 50
    platform.run()
    changed = item(platform, task)
    assert (changed.due_at, changed.priority, changed.candidate_groups) == (due, 80, ("leads",))
    assert ([each.id for each in platform.inbox("femi")], platform.inbox("anna")) == ([task.id], ())
    ((_, record),) = audit(platform, case, "task.changed")
    assert record["before"] == {"due_date": None, "priority": Decimal(50), "candidate_groups": ["clerks"]}
    assert record["asked_by"] == "carla"


def test_a_task_without_listeners_is_changed_at_once(platform: Platform, admin: Actor) -> None:
    """Old and new values are audited; a new due date counts for the escalation; null takes away."""
    case, task = started(platform)
    inbox = platform.runtime.inbox
    due = platform.clock.now() + timedelta(hours=1)
    changes: dict[str, object] = {
        "assignee": "anna",
        "candidate_users": ["ben"],
        "candidate_groups": [],
        "due_date": due,
        "follow_up_date": due,
        "priority": 70,
    }
    assert inbox.update(admin, task.id, changes) is True
    found = item(platform, task)
    assert (found.assignee, found.candidate_users, found.candidate_groups) == ("anna", ("ben",), ())
    assert (found.due_at, found.follow_up_at, found.priority) == (due, due, 70)
    ((who, record),) = audit(platform, case, "task.changed")
    assert who == "carla"
    assert record["before"] == {
        "assignee": None,
        "candidate_users": [],
        "candidate_groups": ["clerks"],
        "due_date": None,
        "follow_up_date": None,
        "priority": Decimal(50),
    }
    inbox.update(admin, task.id, {"assignee": None, "follow_up_date": None})
    assert (item(platform, task).assignee, item(platform, task).follow_up_at) == (None, None)
    assert [each.id for each in inbox.list(platform.actor("ben"), InboxList.AVAILABLE).items] == [task.id]
    platform.advance(hours=2)
    assert item(platform, task).level == 1


def test_of_ones_own_task_one_may_change_the_assignee_and_the_follow_up_date(platform: Platform) -> None:
    """By when, how urgent and for whom it is, is not for whoever has it to say; of a task of others nothing is."""
    _, task = started(platform)
    inbox, anna = platform.runtime.inbox, platform.actor("anna")
    with pytest.raises(Forbidden):
        inbox.update(anna, task.id, {"follow_up_date": None})
    inbox.claim(anna, task.id)
    later = platform.clock.now() + timedelta(days=1)
    inbox.update(anna, task.id, {"follow_up_date": later.isoformat()})
    for name, value in (("priority", 90), ("due_date", None), ("candidate_groups", []), ("candidate_users", [])):
        with pytest.raises(Forbidden):
            inbox.update(anna, task.id, {name: value})
    inbox.update(anna, task.id, {"assignee": "ben"})
    assert (item(platform, task).assignee, item(platform, task).follow_up_at) == ("ben", later)


def test_changes_that_make_no_sense_are_refused_together(platform: Platform, admin: Actor, checks: Checks) -> None:
    """Each with its name; and an assignment that listeners check comes alone."""
    _, task = started(platform, "assigning")
    inbox = platform.runtime.inbox
    with pytest.raises(Invalid) as refused:
        inbox.update(admin, task.id, {"priority": 101, "due_date": "soon", "color": "red"})
    assert set(refused.value.problems) == {"$.priority", "$.due_date", "$.color"}
    for changes, where in (
        ({}, "$"),
        ({"assignee": "nobody"}, "$.assignee"),
        ({"assignee": "ben", "priority": 1}, "$.assignee"),
    ):
        with pytest.raises(Invalid) as refused:
            inbox.update(admin, task.id, changes)
        assert set(refused.value.problems) == {where}
    assert inbox.update(admin, task.id, {"assignee": "ben"}) is False
    platform.run()
    assert item(platform, task).assignee == "ben"
    assert checks.told[-1][2]["action"] == "assign"


def test_an_answer_that_does_not_fit_is_an_incident(platform: Platform, checks: Checks, admin: Actor) -> None:
    """A creating listener cannot deny: the job waits for an operator, and retried it may answer something else."""
    checks.answers["creating"] = [TaskListenerResult(denied=True, reason="no")]
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": listening("creating")})
    case = platform.start("desk")
    platform.run()
    (incident,) = platform.case(case).incidents
    assert "Expected a listener of assigning, updating, completing to deny" in incident.message
    assert platform.case(case).jobs[0].state is JobState.FAILED
    assert not platform.case(case).tasks
    platform.runtime.incidents.retry(admin, incident.id)
    platform.run()
    assert [each.state for each in platform.case(case).incidents] == [IncidentState.RESOLVED]
    assert [each.state for each in platform.case(case).tasks] == [TaskState.OPEN]


def test_a_listener_that_fails_is_seen_at_the_task(platform: Platform, checks: Checks, admin: Actor) -> None:
    """The task stays held up, says that its check has stopped, and goes on when the incident is resolved."""
    case, task = started(platform, "completing")
    checks.answers["completing"] = [BpmnError("NOBODY_CATCHES_THIS")]
    platform.complete("anna", task.id, {})
    seen = platform.task("anna", task.id)
    assert (seen.item.held_up, seen.check_stopped) == ("completing", True)
    (incident,) = platform.case(case).incidents
    platform.runtime.incidents.retry(admin, incident.id)
    assert not platform.task("anna", task.id).check_stopped
    platform.run()
    assert platform.case(case).view.status == "completed"


def test_a_cancelled_instance_ends_when_the_canceling_listener_has_ended(
    platform: Platform, checks: Checks, admin: Actor
) -> None:
    """Until then the task is there, held up, and the instance runs."""
    case, task = started(platform, "canceling")
    platform.runtime.instances.cancel(admin, case, "no longer needed")
    assert (item(platform, task).held_up, platform.case(case).view.status) == ("canceling", "running")
    platform.run()
    assert [headers["action"] for *_, headers in checks.told] == ["cancel"]
    gone = item(platform, task)
    assert (gone.state, gone.held_up, platform.case(case).view.status) == (TaskState.CANCELLED, None, "cancelled")


def test_an_overdue_task_is_escalated_through_its_listeners(platform: Platform, checks: Checks) -> None:
    """What is held up waits for its checks; then the routing's answer is an update like any other."""
    more = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT1H&quot;)" />'
    _, task = started(platform, "updating", "completing", more=more)
    checks.answers["completing"] = [TaskListenerResult(denied=True, reason="no")]
    platform.runtime.inbox.complete(platform.actor("anna"), task.id, {})
    platform.clock.advance(timedelta(hours=2))
    platform.runtime.tick()
    assert (item(platform, task).level, item(platform, task).held_up) == (0, "completing")
    platform.run()
    escalated = item(platform, task)
    assert (escalated.level, escalated.assignee, escalated.candidate_groups) == (1, None, ("clerks", "operators"))
    assert [(each, headers["action"]) for each, _, headers in checks.told] == [
        ("completing", "complete"),
        ("updating", "escalate"),
    ]


def test_an_escalation_that_is_denied_is_tried_at_the_next_level(platform: Platform, checks: Checks) -> None:
    """A listener can put it off, not switch it off."""
    more = '<zeebe:taskSchedule dueDate="=now() + duration(&quot;PT1H&quot;)" />'
    _, task = started(platform, "updating", more=more)
    checks.answers["updating"] = [TaskListenerResult(denied=True, reason="busy")]
    platform.advance(hours=2)
    assert (item(platform, task).level, item(platform, task).denied) == (1, "updating")
    platform.advance(hours=2)
    assert (item(platform, task).level, item(platform, task).candidate_groups) == (2, ("clerks", "operators"))


def test_an_instance_that_was_migrated_asks_the_listeners_of_its_new_version(
    platform: Platform, checks: Checks, admin: Actor
) -> None:
    """Also for a task that was created without any; and what was held up there goes on where there are none."""
    case, task = started(platform)
    platform.runtime.deployments.deploy(SYSTEM, {"desk.bpmn": listening("assigning", "completing")})
    assert platform.runtime.migrating.migrate(admin, case, 2).migrated
    inbox, anna = platform.runtime.inbox, platform.actor("anna")
    assert inbox.claim(anna, task.id) is False
    platform.run()
    assert item(platform, task).assignee == "anna"
    inbox.complete(anna, task.id, {})
    assert platform.runtime.migrating.migrate(admin, case, 1).migrated
    platform.run()
    assert [each for each, *_ in checks.told] == ["assigning", "completing"]
    assert platform.case(case).view.status == "completed"


def test_a_task_without_listeners_costs_no_statement_more(platform: Platform) -> None:
    """Claiming asks the database for the task, its instance and the rights, and nothing about the process."""
    _, task = started(platform)
    platform.runtime.inbox.claim(platform.actor("anna"), task.id)
    statements: list[str] = []
    engine = platform.runtime.core.store.engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    platform.runtime.inbox.claim(platform.actor("anna"), task.id)
    reads = [each for each in statements if each.lstrip().startswith("SELECT")]
    assert reads
    assert not [each for each in reads if "model" in each.partition("FROM")[2]]
