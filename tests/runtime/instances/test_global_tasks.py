"""Global tasks: tasks beside the processes that call activities share, under the mandate of whoever calls."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.errors import Conflict, Forbidden
from app.runtime import SYSTEM, Actor
from app.runtime.views import InstanceDetail, InstanceFilter, TaskKind
from app.testing import Platform
from tests.runtime.diagrams import END, START, call, diagram
from tests.runtime.ledger import Ledger

ROLES = Path(__file__).parents[1] / "roles"
BOOK = (
    '<bpmn:globalBusinessRuleTask id="book-it" name="Book it"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="ledger.book" /></bpmn:extensionElements></bpmn:globalBusinessRuleTask>'
)
SIGN = (
    '<bpmn:globalUserTask id="sign" name="Sign"><bpmn:extensionElements><zeebe:userTask />'
    '<zeebe:assignmentDefinition candidateGroups="clerks" /></bpmn:extensionElements></bpmn:globalUserTask>'
)
DOUBLE = (
    '<bpmn:globalScriptTask id="double"><bpmn:extensionElements>'
    '<zeebe:script expression="=2 * amount" resultVariable="amount" /></bpmn:extensionElements></bpmn:globalScriptTask>'
)
SHARED = diagram("unused", START, END, roots=SIGN + DOUBLE).replace(b'isExecutable="true"', b'isExecutable="false"')


def called(platform: Platform, case: str) -> InstanceDetail:
    (child,) = platform.runtime.instances.list(SYSTEM, InstanceFilter(parent_id=case)).items
    return platform.case(child.id)


def test_a_global_task_of_another_file_is_called(platform: Platform) -> None:
    """Each call is an instance of its own, whose variables come back."""
    platform.runtime.deployments.deploy(SYSTEM, {"shared.bpmn": SHARED})
    files = {"order.bpmn": diagram("order", START, call("double", "twice"), call("sign", "ask"), END)}
    platform.runtime.deployments.deploy(SYSTEM, files)
    case = platform.start("order", {"amount": Decimal(4)})
    (item,) = platform.inbox("anna")
    assert (item.kind, item.name) == (TaskKind.USER_TASK, "Sign")
    platform.complete("anna", item.id, {"signed": True})
    assert platform.case(case).view.status == "completed"
    assert platform.case(case).variables == {"amount": Decimal(8), "signed": True}


def test_a_global_task_cannot_be_started_by_itself(platform: Platform, admin: Actor) -> None:
    """It has no mandate of its own; neither can one that has ended begin again."""
    platform.runtime.deployments.deploy(SYSTEM, {"shared.bpmn": SHARED})
    platform.runtime.deployments.deploy(SYSTEM, {"o.bpmn": diagram("order", START, call("double"), END)})
    with pytest.raises(Conflict, match="double is a global task"):
        platform.start("double")
    child = called(platform, platform.start("order", {"amount": Decimal(4)}))
    with pytest.raises(Conflict, match="double is a global task"):
        platform.runtime.modifying.restart(admin, child.view.id, "double")


@pytest.fixture
def bookings(platform: Platform) -> None:
    roles = {f"roles/{file.name}": file.read_bytes() for file in ROLES.iterdir()}
    process = diagram(
        "book",
        START,
        call("book-it"),
        END,
        roots=BOOK,
        bailiwick_role="bookings",
        bailiwick_requester="=requested_by",
    )
    platform.runtime.deployments.deploy(SYSTEM, {"book.bpmn": process, **roles})


@pytest.mark.usefixtures("bookings")
def test_a_global_task_acts_under_the_mandate_of_its_caller(platform: Platform, ledger: Ledger) -> None:
    """The caller's gates, its requester for four eyes, and its limits."""
    case = platform.start("book", {"amount": Decimal(35), "requested_by": "anna"})
    platform.run()
    assert called(platform, case).view.job_role == "bookings"
    assert ledger.entries == {}
    (item,) = platform.inbox("anna")
    with pytest.raises(Forbidden, match="anna is that person"):
        platform.approve("anna", item.id)
    platform.advance(minutes=30)
    assert len(ledger.entries) == 1
    assert platform.case(case).view.status == "completed"


@pytest.mark.usefixtures("bookings")
def test_what_a_global_task_has_done_is_evidence_of_its_caller(platform: Platform, admin: Actor) -> None:
    """The contract wants a booking: of the caller, and not of the task as well."""
    case = platform.start("book", {"amount": Decimal(5), "requested_by": "anna"})
    platform.run()
    assert platform.case(case).view.status == "completed"
    assert platform.runtime.audit.list(admin, action="evidence.missing").items == ()
    assert platform.inbox("femi") == ()


@pytest.mark.usefixtures("bookings")
def test_missing_evidence_is_still_noticed(platform: Platform, admin: Actor) -> None:
    """Of the caller, if neither it nor its global tasks have done what the contract wants."""
    process = diagram("idle", START, call("double"), END, roots=DOUBLE, bailiwick_role="bookings")
    platform.runtime.deployments.deploy(SYSTEM, {"idle.bpmn": process})
    case = platform.start("idle", {"amount": Decimal(5)})
    (record,) = platform.runtime.audit.list(admin, action="evidence.missing").items
    assert record.subject == case


@pytest.mark.usefixtures("bookings")
def test_an_instance_of_a_global_task_keeps_its_mandate_when_it_migrates(platform: Platform, admin: Actor) -> None:
    """No version of a global task wants a role of its own."""
    case = platform.start("book", {"amount": Decimal(80), "requested_by": "anna"})
    platform.run()
    child = called(platform, case)
    newer = diagram("unused", START, END, roots=BOOK.replace("Book it", "Book it now"))
    platform.runtime.deployments.deploy(SYSTEM, {"newer.bpmn": newer})
    report = platform.runtime.migrating.migrate(admin, child.view.id, 2)
    assert (report.migrated, report.problems) == (True, ())
    assert platform.case(child.view.id).view.job_role == "bookings"
