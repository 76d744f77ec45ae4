"""User tasks."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.engine import commands, events
from app.engine.naming import NamedKind
from app.errors import Conflict
from tests.engine.driving import Drive, chain, extended, flow

FULL = extended(
    "userTask",
    "U",
    '<zeebe:userTask/><zeebe:assignmentDefinition assignee="=who" candidateGroups="finance, legal" '
    'candidateUsers="=[&quot;a&quot;,&quot;b&quot;]"/>'
    '<zeebe:taskSchedule dueDate="=due" followUpDate="2026-01-06T09:00:00Z"/>'
    '<zeebe:priorityDefinition priority="=70"/><zeebe:formDefinition formId="approve"/>',
    name="Approve it",
)


def test_a_user_task_says_whose_it_is_and_until_when() -> None:
    """Assignment, dates, priority and form are evaluated once, when the task is created."""
    drive = Drive(chain(FULL))
    drive.start(who="anna", due="2026-01-05T12:00:00+01:00")
    (created,) = [event for event in drive.history if isinstance(event, events.UserTaskCreated)]
    assert created.name == "Approve it"
    assert created.assignee == "anna"
    assert created.candidate_users == ("a", "b")
    assert created.candidate_groups == ("finance", "legal")
    assert created.due_date == datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
    assert created.follow_up_date == datetime(2026, 1, 6, 9, 0, tzinfo=UTC)
    assert created.priority == 70
    assert created.form_id == "approve"
    assert created.variables == {"who": "anna", "due": "2026-01-05T12:00:00+01:00"}
    assert drive.program.names(NamedKind.FORM) == frozenset({"approve"})


def test_completing_brings_variables_and_goes_on() -> None:
    """Once; a second completion is refused."""
    drive = Drive(chain('<userTask id="U"/>'))
    drive.start()
    assert drive.complete_user_task("U", approved=True)[:4] == [
        "user task completed",
        "set process approved=true",
        "completed U",
        "flow U-end",
    ]
    with pytest.raises(Conflict):
        drive.complete_user_task("U")


def test_a_boundary_timer_cancels_the_user_task() -> None:
    """The inbox is told."""
    timer = (
        '<timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H</timeDuration></timerEventDefinition>'
    )
    body = (
        chain('<userTask id="U"/>')
        + f'<boundaryEvent id="edge" attachedToRef="U">{timer}</boundaryEvent><endEvent id="late"/>'
        + flow("edge", "late")
    )
    drive = Drive(body)
    drive.start()
    assert drive.fire("edge")[:2] == ["user task cancelled", "cancelled U"]


def test_a_priority_out_of_range_is_an_incident() -> None:
    """0 to 100; the retry takes the corrected variable."""
    task = extended("userTask", "U", '<zeebe:priorityDefinition priority="=p"/>')
    drive = Drive(chain(task))
    assert drive.start(p=500)[-1].startswith("incident expression at U: Expected a priority from 0 to 100")
    drive.send(commands.SetVariables({"p": Decimal(5)}))
    assert drive.resolve()[1] == "user task U"
