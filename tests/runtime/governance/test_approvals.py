"""Gates: three tiers, the clock, four eyes, n of m, rejection, escalation, limits; and the evidence of all of it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from app import feel
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.runtime import SYSTEM, Actor, PlatformRole
from app.runtime.views import JobState, TaskKind
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task
from tests.runtime.interleaving import overlap
from tests.runtime.ledger import Ledger

ROLES = Path(__file__).parents[1] / "roles"
CATCHES = (
    '<bpmn:boundaryEvent id="rejected" attachedToRef="act"><bpmn:outgoing>to-other</bpmn:outgoing>'
    '<bpmn:errorEventDefinition id="rejected-definition" errorRef="error-rejected" /></bpmn:boundaryEvent>'
    '<bpmn:endEvent id="other"><bpmn:incoming>to-other</bpmn:incoming></bpmn:endEvent>'
    '<bpmn:sequenceFlow id="to-other" sourceRef="rejected" targetRef="other" />'
)
BOOK = diagram(
    "book",
    START,
    service_task("ledger.book"),
    END,
    CATCHES,
    roots='<bpmn:error id="error-rejected" errorCode="ACTION_REJECTED" />',
    bailiwick_role="bookings",
    bailiwick_requester="=requested_by",
)


@pytest.fixture(autouse=True)
def deployed(platform: Platform) -> None:
    roles = {f"roles/{file.name}": file.read_bytes() for file in ROLES.iterdir()}
    platform.runtime.deployments.deploy(SYSTEM, {"book.bpmn": BOOK, **roles})


def book(platform: Platform, amount: int, requested_by: str = "olaf") -> str:
    case = platform.start("book", {"amount": Decimal(amount), "requested_by": requested_by, "iban": "DE02"})
    platform.run()
    return case


def person(platform: Platform, name: str, *groups: str) -> Actor:
    people = platform.runtime.people
    return people.actor(people.create(SYSTEM, name, None, roles=[PlatformRole.APPROVER], groups=groups))


def test_a_small_amount_is_booked_at_once(platform: Platform, ledger: Ledger) -> None:
    """Nobody is asked; the checks are evidence all the same."""
    case = book(platform, 20)
    assert platform.case(case).view.status == "completed"
    assert platform.case(case).view.job_role == "bookings"
    assert len(ledger.entries) == 1


def test_a_fast_track_is_granted_by_the_clock(platform: Platform, ledger: Ledger) -> None:
    """Half an hour without objection, and recorded as such."""
    case = book(platform, 35)
    (item,) = platform.inbox("anna")
    assert (item.kind, item.tier, item.summary) == (TaskKind.APPROVAL, "fast track", "ledger.book 35 EUR")
    platform.advance(minutes=29)
    assert ledger.entries == {}
    platform.advance(minutes=1)
    assert platform.case(case).view.status == "completed"
    pack = platform.runtime.evidence.pack(SYSTEM, case)
    assert [each["decided_by"] for each in pack["approvals"]] == ["clock"]
    (granted,) = platform.runtime.audit.list(SYSTEM, stream=case, action="approval.granted").items
    assert granted.detail["reason"] == "granted by the clock: no objection within 30 minutes"


def test_an_objection_stops_the_fast_track(platform: Platform, ledger: Ledger) -> None:
    """The rejection reaches the process as the BPMN error ACTION_REJECTED."""
    case = book(platform, 35)
    (item,) = platform.inbox("anna")
    with pytest.raises(Invalid):
        platform.reject("anna", item.id, "  ")
    platform.reject("anna", item.id, "twice the same")
    platform.advance(hours=1)
    detail = platform.case(case)
    assert (detail.completed.get("other"), detail.view.status, ledger.entries) == (1, "completed", {})
    assert detail.incidents == ()
    with pytest.raises(Conflict):
        platform.approve("anna", item.id)


def test_four_eyes_keep_the_requester_and_their_substitute_out(platform: Platform) -> None:
    """They see the task and why they may not decide it."""
    book(platform, 35, requested_by="anna")
    for name, why in (("anna", "somebody else than the requester"), ("ben", "ben substitutes for one who is involved")):
        (item,) = platform.inbox(name)
        task = platform.task(name, item.id)
        assert not task.may_decide
        assert why in (task.why_not or "")
        with pytest.raises(Forbidden, match=why):
            platform.approve(name, item.id)


def test_a_full_review_waits_for_its_role(platform: Platform, admin: Actor, ledger: Ledger) -> None:
    """No clock grants it; nobody outside the role decides it, not even an administrator; its role does."""
    case = book(platform, 80)
    platform.advance(hours=3)
    assert ledger.entries == {}
    (item,) = platform.inbox("femi")
    assert platform.inbox("anna") == ()
    with pytest.raises(NotFound):
        platform.approve("anna", item.id)
    with pytest.raises(Forbidden):
        platform.runtime.inbox.approve(admin, item.id)
    task = platform.task("femi", item.id)
    assert (task.amount, task.may_decide) == (Decimal(80), True)
    assert task.gate is not None
    assert {check.name for check in task.gate.checks} >= {"allow-list", "kill-switches", "booking-ceiling"}
    platform.approve("femi", item.id, "agreed")
    assert platform.case(case).view.status == "completed"


def test_two_of_the_role_must_agree(platform: Platform, ledger: Ledger) -> None:
    """One person is one voice."""
    case = book(platform, 600)
    gita = person(platform, "gita", "leads")
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id)
    assert ledger.entries == {}
    with pytest.raises(Conflict):
        platform.approve("femi", item.id)
    platform.runtime.inbox.approve(gita, item.id)
    platform.run()
    assert platform.case(case).view.status == "completed"


def test_a_ceiling_is_a_policy_exception(platform: Platform, ledger: Ledger) -> None:
    """Nobody can approve it away; the owner of the escalation is told; it is never tried again."""
    case = book(platform, 2000)
    platform.advance(hours=1)
    (task,) = platform.case(case).tasks
    (incident,) = platform.case(case).incidents
    assert (task.kind, task.candidate_groups) == (TaskKind.EXCEPTION, ("leads",))
    assert (incident.exception_class, ledger.attempts) == ("policy", 0)


def test_a_spent_limit_holds_until_its_window_has_passed(platform: Platform, ledger: Ledger) -> None:
    """Four a day: the fifth waits, and goes on by itself on the next day."""
    cases = [book(platform, 10) for _ in range(5)]
    assert [job.state for job in platform.case(cases[4]).jobs] == [JobState.HELD]
    assert len(ledger.entries) == 4
    platform.advance(hours=23)
    assert len(ledger.entries) == 4
    platform.advance(hours=2)
    assert len(ledger.entries) == 5


def test_two_that_begin_at_once_share_the_limit(platform: Platform) -> None:
    """One is left of four a day, and two workers ask for it at the same moment: one of them gets it."""
    for _ in range(3):
        book(platform, 10)
    jobs = [platform.case(platform.start("book", {"amount": Decimal(10), "iban": "DE02"})).jobs[0].id for _ in range(2)]
    begin = platform.runtime.jobs.begin
    first, second = overlap(
        platform.runtime.core.store, lambda: begin(jobs[0], "one"), lambda: begin(jobs[1], "another")
    )
    assert first is not None
    assert second is None
    assert platform.runtime.jobs.get(SYSTEM, jobs[1]).state is JobState.HELD


def test_an_overdue_review_escalates_level_by_level(platform: Platform) -> None:
    """Offered to more people each time, due anew; without a routing decision, to the owner of escalations."""
    case = book(platform, 80)
    levels = []
    for _ in range(6):
        platform.advance(hours=4)
        levels.append(platform.case(case).tasks[0].level)
    assert levels == [1, 2, 3, 4, 4, 4]
    assert len(platform.runtime.audit.list(SYSTEM, stream=case, action="task.escalated").items) == 4


def test_undoing_passes_the_gates_of_doing(platform: Platform, ledger: Ledger, admin: Actor) -> None:
    """What needed a full review is not taken back without one."""
    case = book(platform, 80)
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id)
    (job,) = platform.case(case).jobs
    platform.runtime.undo(admin, job.id, "a mistake")
    platform.run()
    assert len(ledger.entries) == 1
    (undoing,) = platform.inbox("femi")
    assert undoing.name == "Approve undoing ledger.book"
    platform.approve("femi", undoing.id)
    assert ledger.entries == {}


def test_the_evidence_pack_holds_every_stage(platform: Platform) -> None:
    """What happened, what was checked, who approved what they saw, what was done, that it was read back; redacted."""
    case = book(platform, 80)
    (item,) = platform.inbox("femi")
    platform.approve("femi", item.id, "agreed")
    pack = json.loads(feel.json_dumps(platform.runtime.evidence.pack(SYSTEM, case)))
    stages = pack["stages"]
    assert [len(stages[stage]) > 0 for stage in ("trigger", "act", "verify")] == [True] * 3
    assert stages["trigger"][0]["detail"]["inputs"]["iban"] == "[redacted]"
    (approval,) = pack["approvals"]
    assert (approval["decided_by"], approval["votes"][0]["reason"]) == ("femi", "agreed")
    assert approval["seen"]["request"]["amount"] == 80
    assert stages["verify"][0]["detail"]["verification"]["confirmed"] is True
    assert "DE02" not in json.dumps(pack)
    (line,) = platform.runtime.evidence.lines(SYSTEM, case)
    written = json.loads(line)
    assert written["process_id"] == "book_v1"
    assert written["tools_invoked"] == ["ledger.book"]
    assert written["human_escalation"] is True
    assert "booking-ceiling" in written["policy_checks"]
    assert platform.runtime.audit.verify().ok


def test_evidence_that_is_missing_at_the_end_is_escalated(platform: Platform) -> None:
    """The contract wants a booking; a rejected one is none, and the owner of escalations is told."""
    case = book(platform, 35)
    (item,) = platform.inbox("anna")
    platform.reject("anna", item.id, "no")
    (task,) = platform.case(case).tasks
    assert (task.kind, task.name, task.candidate_groups) == (TaskKind.EXCEPTION, "Evidence is missing", ("leads",))
    assert "booked" in task.summary
