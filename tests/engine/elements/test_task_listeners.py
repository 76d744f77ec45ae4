"""Task listeners: jobs that hold up the transitions of a user task, deny them, or correct the task."""

import pytest

from app.engine import commands
from app.errors import Conflict
from tests.engine.driving import Drive, chain, extended, flow


def task(*events: str, more: str = "", name: str = "U") -> str:
    """A user task with a listener for each of these events, whose job type is the event's name and its place."""
    listeners = "".join(
        f'<zeebe:taskListener eventType="{event}" type="{event}-{place}"/>' for place, event in enumerate(events, 1)
    )
    return extended("userTask", name, f"<zeebe:userTask/>{more}<zeebe:taskListeners>{listeners}</zeebe:taskListeners>")


def started(*events: str, more: str = "") -> Drive:
    drive = Drive(chain(task(*events, more=more)))
    drive.start()
    return drive


def test_creating_and_completing_listeners_run_before_the_task_is_created_and_completed() -> None:
    """In document order, one at a time; a completing listener sees what the person has answered."""
    drive = Drive(chain(task("creating", "creating", "completing")))
    assert drive.start()[-1] == "task listener creating-1 for U"
    assert drive.complete("U", hint="h") == ['set process hint="h"', 'task listener creating-2 for U hint="h"']
    assert drive.complete("U") == ["user task U"]
    assert drive.complete_user_task("U", ok=True) == [
        "user task is completing",
        'task listener completing-3 for U hint="h" ok=true',
    ]
    assert drive.complete("U")[:3] == ["user task completed", "set process ok=true", "completed U"]


def test_a_task_is_assigned_when_its_listeners_have_ended() -> None:
    """They are told who it is for and what was done; claiming, assigning and releasing are all of this kind."""
    drive = started("assigning")
    assert drive.assign("U", "anna") == ["user task is assigning", "task listener assigning-1 for U"]
    told = drive.headers("U")
    assert (told["assignee"], told["action"], told["changedAttributes"]) == ("anna", "claim", '["assignee"]')
    assert told["userTaskKey"] == drive.user_task("U")
    assert drive.answer("U") == ['user task changed assignee="anna"']
    drive.assign("U", None, "unassign")
    assert "assignee" not in drive.headers("U")
    assert drive.answer("U") == ["user task changed assignee=null"]


def test_an_assignee_in_the_diagram_is_assigned_after_the_task_was_created() -> None:
    """Denied, the task stays with nobody."""
    more = '<zeebe:assignmentDefinition assignee="anna"/>'
    drive = Drive(chain(task("creating", "assigning", more=more)))
    drive.start()
    assert drive.headers("U")["assignee"] == "anna"
    assert drive.complete("U") == ["user task U", "user task is assigning", "task listener assigning-2 for U"]
    assert drive.answer("U", denied="on leave") == ["assigning denied: on leave"]
    drive.assign("U", "ben")
    assert drive.answer("U") == ['user task changed assignee="ben"']


def test_a_listener_may_deny_a_completion() -> None:
    """What was answered is forgotten; the task can be completed again, and the listeners begin anew."""
    drive = started("completing", "completing")
    drive.complete_user_task("U", ok=False)
    drive.answer("U")
    assert drive.answer("U", denied="a reason is missing") == ["completing denied: a reason is missing"]
    assert drive.complete_user_task("U", ok=True)[-1] == "task listener completing-1 for U ok=true"
    drive.answer("U")
    assert drive.answer("U")[:2] == ["user task completed", "set process ok=true"]


def test_a_denied_transition_takes_the_corrections_of_earlier_listeners_back() -> None:
    """All or nothing."""
    drive = started("updating", "updating")
    drive.update("U", priority=70)
    drive.answer("U", corrections={"priority": 80, "assignee": "anna"})
    assert drive.headers("U")["priority"] == "80"
    assert drive.answer("U", denied="no")[-1] == "updating denied: no"
    drive.update("U", due_date="2026-02-01T09:00:00+01:00")
    told = drive.headers("U")
    assert (told["priority"], told.get("assignee"), told["dueDate"]) == ("50", None, "2026-02-01T08:00:00+00:00")


@pytest.mark.parametrize("event", ["creating", "canceling"])
def test_what_has_to_be_cannot_be_denied(event: str) -> None:
    """It is an incident of the listener; retrying it asks for the same job again."""
    drive = started(event)
    if event == "canceling":
        drive.send(commands.CancelInstance("over"))
    (happened,) = drive.answer("U", denied="no")
    allowed = "assigning, updating, completing"
    assert happened == f"incident job at U: Expected a listener of {allowed} to deny, but a listener of {event} did."
    assert drive.resolve()[-1] == f"task listener {event}-1 for U"
    drive.answer("U")
    assert drive.status == ("running" if event == "creating" else "cancelled")


def test_listeners_correct_what_the_task_says_about_itself() -> None:
    """The next listener is told, and all corrections take effect together; an empty text takes a value away."""
    more = '<zeebe:taskSchedule dueDate="2026-01-06T09:00:00Z"/>'
    drive = started("creating", "creating", "updating", more=more)
    drive.answer("U", corrections={"candidate_groups": ["finance"], "due_date": ""})
    told = drive.headers("U")
    assert (told["candidateGroups"], told["changedAttributes"]) == ('["finance"]', '["candidateGroups","dueDate"]')
    assert "dueDate" not in told
    drive.answer("U", corrections={"assignee": "anna", "priority": 90})
    (created,) = [event for event in drive.history if type(event).__name__ == "UserTaskCreated"]
    assert (created.assignee, created.candidate_groups, created.due_date, created.priority) == (
        "anna",
        ("finance",),
        None,
        90,
    )
    drive.update("U", priority=10, candidate_users=["ben"])
    assert drive.answer("U", corrections={"priority": 20}) == ['user task changed priority=20 candidate_users=["ben"]']


@pytest.mark.parametrize(
    ("corrections", "problem"),
    [
        ({"color": "red"}, "Expected one of assignee, candidate_users"),
        ({"priority": 101}, "Expected a priority from 0 to 100, but found 101."),
        ({"due_date": "soon"}, "soon"),
        ({"candidate_users": "anna"}, "Expected a list of names as candidate_users"),
        ({"assignee": 7}, "Expected a text as assignee"),
    ],
)
def test_corrections_that_make_no_sense_are_an_incident(corrections: dict[str, object], problem: str) -> None:
    """Nothing of them is kept, and the same job is requested again."""
    drive = started("updating")
    drive.update("U", priority=70)
    (happened,) = drive.answer("U", corrections=corrections)
    assert happened.startswith("incident job at U: Expected corrections that fit the user task.")
    assert problem in happened
    drive.resolve()
    assert drive.answer("U") == ["user task changed priority=70"]


def test_denying_and_correcting_exclude_each_other() -> None:
    """As in Camunda 8."""
    drive = started("completing")
    drive.complete_user_task("U")
    (happened,) = drive.answer("U", denied="no", corrections={"priority": 1})
    assert happened.endswith("Expected a listener to deny the transition or to correct the task, but it did both.")


def test_the_result_of_a_task_listener_fits_no_other_job() -> None:
    """An execution listener of the same task can neither deny nor correct."""
    listener = (
        '<zeebe:executionListeners><zeebe:executionListener eventType="start" type="s"/></zeebe:executionListeners>'
    )
    drive = started("completing", more=listener)
    (happened,) = drive.answer("U", denied="no")
    assert "Expected variables from the job, but found a task listener's result" in happened


def test_one_transition_at_a_time() -> None:
    """What is asked meanwhile is refused, and says what is under way."""
    drive = started("assigning")
    drive.assign("U", "anna")
    for asked in (lambda: drive.assign("U", "ben"), lambda: drive.complete_user_task("U"), lambda: drive.update("U")):
        with pytest.raises(Conflict, match="at rest, but it is assigning"):
            asked()


def test_variables_of_the_task_are_set_when_the_updating_listeners_have_ended() -> None:
    """An operator's change of the task's own variables is an update; denied, nothing is set."""
    drive = started("updating", more='<zeebe:ioMapping><zeebe:input source="=1" target="x"/></zeebe:ioMapping>')
    (scope,) = [element.element_instance_id for element in drive.instance().live()]
    assert drive.send(commands.SetVariables({"x": "new"}, scope))[-1] == 'task listener updating-1 for U x="new"'
    assert drive.headers("U")["changedAttributes"] == '["variables"]'
    assert drive.answer("U", denied="no") == ["updating denied: no"]
    drive.send(commands.SetVariables({"x": "newer"}, scope))
    assert drive.answer("U") == ["user task changed", 'set local x="newer"']


def test_a_cancelled_task_is_gone_when_its_listeners_have_ended() -> None:
    """Until then the boundary event that cancelled it holds its token back, and nothing else can happen to the task."""
    timer = (
        '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'
    )
    body = (
        chain(task("canceling", "canceling"))
        + f'<boundaryEvent id="edge" attachedToRef="U">{timer}</boundaryEvent><userTask id="late"/>'
        + flow("edge", "late")
    )
    drive = Drive(body)
    drive.start()
    assert drive.fire("edge") == ["user task is canceling", "task listener canceling-1 for U"]
    assert drive.headers("U")["action"] == "cancel"
    assert drive.live == ["U"]
    with pytest.raises(Conflict):
        drive.complete_user_task("U")
    assert drive.answer("U") == ["task listener canceling-2 for U"]
    assert drive.answer("U")[:3] == ["user task cancelled", "cancelled U", "activated boundaryEvent edge"]
    assert drive.live == ["late"]


def test_a_cancelled_instance_ends_when_the_listeners_have_ended() -> None:
    """It is told cancelled only then, however deep the task; a second cancellation and a repair are refused."""
    inside = f'<subProcess id="sub">{task("canceling")}</subProcess>'
    drive = Drive(chain(inside))
    drive.start()
    assert drive.send(commands.CancelInstance("enough"))[-1] == "task listener canceling-1 for U"
    assert drive.status == "running"
    for command in (commands.CancelInstance("again"), commands.ActivateElement("sub")):
        with pytest.raises(Conflict, match="is being cancelled"):
            drive.send(command)
    assert drive.answer("U") == [
        "user task cancelled",
        "cancelled U",
        "cancelled sub",
        "instance cancelled: enough",
    ]


def test_a_terminate_end_event_leaves_its_scope_open_until_the_listeners_have_ended() -> None:
    """What comes after the scope begins when nothing is left in it."""
    inside = (
        '<startEvent id="s"/><parallelGateway id="fork"/>'
        + task("canceling")
        + '<userTask id="V"/><endEvent id="e"><terminateEventDefinition/></endEvent>'
        + flow("s", "fork")
        + flow("fork", "U")
        + flow("fork", "V")
        + flow("V", "e")
    )
    drive = Drive(chain(f'<subProcess id="sub">{inside}</subProcess>', '<userTask id="after"/>'))
    drive.start()
    drive.complete_user_task("V")
    assert drive.live == ["sub", "U"]
    drive.answer("U")
    assert drive.live == ["after"]


def test_an_interrupting_event_subprocess_begins_when_the_listeners_have_ended() -> None:
    """Two tasks, each with its own listener: the last to end lets it begin."""
    message = '<message id="m" name="stop"/>'
    inside = (
        '<startEvent id="s"/><parallelGateway id="fork"/>'
        + task("canceling")
        + task("canceling", name="V")
        + flow("s", "fork")
        + flow("fork", "U")
        + flow("fork", "V")
        + '<subProcess id="handler" triggeredByEvent="true"><startEvent id="stop">'
        + '<messageEventDefinition messageRef="m"/></startEvent><userTask id="W"/>'
        + flow("stop", "W")
        + "</subProcess>"
    )
    drive = Drive(inside, message)
    drive.start("s")
    drive.deliver("stop", why="late")
    assert drive.live == ["U", "V"]
    drive.answer("V")
    assert drive.live == ["U"]
    drive.answer("U")
    assert drive.live == ["handler", "W"]
    assert drive.variables == {"why": "late"}


def test_a_transaction_is_undone_when_the_listeners_have_ended() -> None:
    """Cancelling comes before compensating."""
    inside = (
        '<startEvent id="s"/><parallelGateway id="fork"/><task id="book"/>'
        '<boundaryEvent id="undo" attachedToRef="book"><compensateEventDefinition/></boundaryEvent>'
        '<userTask id="unbook" isForCompensation="true"/><association id="a" sourceRef="undo" targetRef="unbook"/>'
        + task("canceling")
        + '<userTask id="V"/><endEvent id="e"><cancelEventDefinition/></endEvent>'
        + flow("s", "book")
        + flow("book", "fork")
        + flow("fork", "U")
        + flow("fork", "V")
        + flow("V", "e")
    )
    edge = '<boundaryEvent id="edge" attachedToRef="sub"><cancelEventDefinition/></boundaryEvent>'
    body = (
        chain(f'<transaction id="sub">{inside}</transaction>') + edge + '<endEvent id="late"/>' + flow("edge", "late")
    )
    drive = Drive(body)
    drive.start()
    drive.complete_user_task("V")
    assert "unbook" not in drive.live
    drive.answer("U")
    assert "unbook" in drive.live
    assert "instance completed" in drive.complete_user_task("unbook")[-1]


def test_a_repeated_activity_ends_when_the_listeners_of_its_cancelled_instances_have_ended() -> None:
    """The completion condition is looked at once; what is cancelled does not count as completed."""
    loop = (
        '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=3</loopCardinality>'
        '<completionCondition xsi:type="tFormalExpression">=enough</completionCondition>'
        "</multiInstanceLoopCharacteristics>"
    )
    drive = Drive(chain(task("canceling").replace("</userTask>", f"{loop}</userTask>"), '<userTask id="after"/>'))
    drive.start(enough=True)
    drive.complete_user_task("U")
    jobs = [event.job_id for event in drive.history if type(event).__name__ == "JobRequested"]
    assert (len(jobs), drive.live) == (2, ["U", "U", "U"])
    drive.send(commands.CompleteJob(jobs[0]))
    assert "after" not in drive.live
    drive.send(commands.CompleteJob(jobs[1]))
    assert drive.live == ["after"]


def test_a_cancelled_element_is_left_when_its_listeners_have_ended() -> None:
    """An operator's cancellation of one element instance: an empty scope then completes."""
    drive = started("canceling")
    (element,) = drive.instance().live()
    drive.send(commands.CancelElement(element.element_instance_id))
    assert drive.status == "running"
    with pytest.raises(Conflict):
        drive.send(commands.CancelElement(element.element_instance_id))
    drive.answer("U")
    assert drive.status == "completed"


def test_a_listener_that_fails_while_the_task_is_cancelled_is_an_incident() -> None:
    """An error that it throws interrupts nobody any more; retried, it runs again."""
    drive = started("canceling")
    drive.send(commands.CancelInstance("over"))
    happened = drive.send(commands.ThrowError(drive.job("U"), "E"))
    assert happened[-1].startswith("incident error at U")
    assert drive.resolve()[-1] == "task listener canceling-1 for U"
    drive.answer("U")
    assert drive.status == "cancelled"


def test_an_error_ends_the_instance_when_the_listeners_have_ended() -> None:
    """Nobody has caught it; the instance has failed, and not been cancelled."""
    body = (
        '<startEvent id="s"/><parallelGateway id="fork"/>'
        + task("canceling")
        + '<userTask id="V"/><endEvent id="e"><errorEventDefinition errorRef="bad"/></endEvent>'
        + flow("s", "fork")
        + flow("fork", "U")
        + flow("fork", "V")
        + flow("V", "e")
    )
    drive = Drive(body, '<error id="bad" errorCode="BAD"/>')
    drive.start()
    drive.complete_user_task("V")
    assert drive.status == "running"
    assert drive.answer("U")[-1] == "instance failed: BAD"


def test_a_task_without_listeners_can_be_told_too() -> None:
    """It takes effect at once."""
    drive = Drive(chain('<userTask id="U"/>'))
    drive.start()
    assert drive.assign("U", "anna") == ['user task changed assignee="anna"']
    assert drive.update("U", priority=3) == ["user task changed priority=3"]
