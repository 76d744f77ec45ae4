"""The refund story, everything real but the time: models, mandate, handlers, worker, the company over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from app.handlers import HandlerRegistry
from app.ids import new_id
from app.runtime import SYSTEM
from app.runtime.views import InboxItem, InstanceDetail, JobState, SwitchScope
from app.testing import Platform
from sandbox import running_company

MODELS = Path(__file__).parents[2] / "models"
SYSTEMS = ("crm", "billing", "helpdesk", "mail")
PEOPLE = {
    "anna": ["refund-approvers"],
    "ben": ["support-agents"],
    "femi": ["finance-leads", "support-leads"],
    "gita": ["finance-leads"],
}


@dataclass
class Story:
    platform: Platform
    company: httpx.Client

    def request(self, amount: str, number: str = "1001", **fields: object) -> str:
        """Ask for a refund, and run until nothing is left to do. Returns the instance's id."""
        ticket_id = f"T-{new_id()[-8:]}"
        variables: dict[str, object] = {
            "ticket_id": ticket_id,
            "customer_id": f"C-{number}",
            "charge_id": f"CH-{number}",
            "amount": Decimal(amount),
            "reason": "damaged",
            "message": "It arrived broken.",
            "requested_by": "ben",
            **fields,
        }
        known = {case.view.id for case in self.platform.cases()}
        self.platform.publish("refund-requested", ticket_id, variables, by=str(variables["requested_by"]))
        self.platform.run()
        (case,) = {case.view.id for case in self.platform.cases()} - known
        return case

    def case(self, case: str) -> InstanceDetail:
        return self.platform.case(case)

    def gate(self, person: str) -> InboxItem:
        """The only task in this person's inbox."""
        (item,) = self.platform.inbox(person)
        return item

    def misbehave(self, system: str, kind: str, **how: object) -> None:
        self.company.post("/faults", json={"system": system, "kind": kind, **how}).raise_for_status()

    def behave(self) -> None:
        self.company.delete("/faults").raise_for_status()

    def effects(self, system: str = "billing") -> list[str]:
        found = self.company.get("/effects", params={"system": system}).json()["effects"]
        return [effect["operation"] for effect in found]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    registry = HandlerRegistry()
    registry.load_modules(["tasks"])
    with (
        running_company(tmp_path / "company.sqlite") as address,
        httpx.Client(base_url=address, trust_env=False) as company,
        Platform(
            [MODELS],
            registry.values(),
            people=PEOPLE,
            config={f"{system}.base_url": f"{address}/{system}" for system in SYSTEMS},
        ) as platform,
    ):
        yield Story(platform, company)


def test_20_goes_through_at_once(story: Story) -> None:
    """Instant: refunded, read back and answered without anybody."""
    case = story.case(story.request("20"))
    assert case.view.status == "completed"
    assert story.effects() == ["book-refund"]
    assert story.effects("mail") == ["send-message"]


def test_35_is_granted_by_the_clock(story: Story) -> None:
    """Fast track: after half an hour without an objection the clock approves, and not a second before."""
    case = story.request("35")
    story.platform.advance(minutes=29, seconds=59)
    assert (story.case(case).view.status, story.effects()) == ("running", [])
    story.platform.advance(seconds=1)
    assert (story.case(case).view.status, story.effects()) == ("completed", ["book-refund"])


def test_80_waits_for_somebody_who_did_not_ask(story: Story) -> None:
    """Full review: the clock never grants it, the requester may not, and another finance lead does."""
    case = story.request("80", requested_by="femi")
    story.platform.advance(hours=3)
    gate = story.gate("gita")
    with pytest.raises(Exception, match="four eyes"):
        story.platform.approve("femi", gate.id, "my own")
    assert story.effects() == []
    story.platform.approve("gita", gate.id, "receipt seen")
    assert (story.case(case).view.status, story.effects()) == ("completed", ["book-refund"])


def test_a_rejection_is_an_error_in_the_process(story: Story) -> None:
    """ACTION_REJECTED reaches the boundary event: no refund, a polite refusal."""
    case = story.request("80")
    story.platform.reject("femi", story.gate("femi").id, "no damage on the photographs")
    assert "draft-refusal" in story.case(case).completed
    assert (story.effects(), story.effects("mail")) == ([], ["send-message"])


def test_a_lost_answer_ends_in_one_refund(story: Story) -> None:
    """Billing did it and the answer never came: the next attempt finds it."""
    story.misbehave("billing", "lost-answer", count=1)
    case = story.request("20")
    story.platform.advance(minutes=5)
    assert (story.case(case).view.status, story.effects()) == ("completed", ["book-refund"])


def test_a_wrong_answer_does_not_enter_the_case(story: Story) -> None:
    """Billing answers 40 for 20: the books say 20, and so does the case."""
    story.misbehave("billing", "wrong-answer", touches="writes", count=1)
    case = story.case(story.request("20"))
    assert case.variables["refund"]["amount"] == Decimal(20)


def test_billing_down_holds_the_refund_and_resumes_by_itself(story: Story) -> None:
    """The circuit opens, the job waits, nothing is lost; when billing is back the case completes without anybody."""
    story.misbehave("billing", "unavailable")
    case = story.request("20")
    story.platform.advance(minutes=10)
    (circuit,) = story.platform.runtime.circuits.list()
    assert (circuit.system, circuit.state) == ("billing", "open")
    assert story.case(case).incidents == ()
    story.behave()
    story.platform.advance(minutes=10)
    assert (story.case(case).view.status, story.effects()) == ("completed", ["book-refund"])


def test_systems_that_disagree_stop_the_case(story: Story) -> None:
    """The CRM and billing keep C-1003 in different tiers: a data exception that names both."""
    case = story.case(story.request("20", "1003"))
    (incident,) = case.incidents
    assert incident.exception_class == "data"
    assert "pro" in incident.message
    assert "basic" in incident.message
    assert story.effects() == []


def test_a_kill_switch_holds_the_work_and_loses_none(story: Story) -> None:
    """Thrown for billing.refund, the job is held; taken back, the case goes on."""
    runtime = story.platform.runtime
    switch = runtime.switches.set(SYSTEM, SwitchScope.ACTION, "billing.refund", "something is wrong")
    case = story.request("20")
    (job,) = (job for job in story.case(case).jobs if job.type == "billing.refund")
    assert job.state is JobState.HELD
    runtime.switches.clear(SYSTEM, switch)
    story.platform.advance(minutes=5)
    assert (story.case(case).view.status, story.effects()) == ("completed", ["book-refund"])


def test_a_refund_is_taken_back_from_the_log(story: Story) -> None:
    """Undo is an action like any other: it runs, billing cancels, and reading back shows that it is gone."""
    case = story.request("20")
    (job,) = (job for job in story.case(case).jobs if job.type == "billing.refund")
    story.platform.runtime.undo(SYSTEM, job.id, "the customer changed their mind")
    story.platform.run()
    assert story.effects() == ["book-refund", "cancel-refund"]


def test_a_complaint_is_read_by_a_person_first(story: Story) -> None:
    """A legal word sends the draft to the support leads; it goes out when one of them has checked it."""
    case = story.request("15", "1002", message="My lawyer will be in touch.")
    assert story.effects("mail") == []
    task = story.gate("femi")
    story.platform.runtime.inbox.claim(story.platform.actor("femi"), task.id)
    story.platform.complete("femi", task.id, {"subject": "Your refund", "body": "We are sorry."})
    assert story.case(case).view.status == "completed"
    assert (
        story.company.get("/mail/messages", params={"ticket_id": story.case(case).view.business_key}).json()[
            "messages"
        ][0]["body"]
        == "We are sorry."
    )
