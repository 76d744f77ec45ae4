"""Evidence is in the chain: what was changed, taken away or put in afterwards is named."""

import pytest
from sqlalchemy import func, select, text

from app.runtime import SYSTEM
from app.runtime.history.anchors import BrokenLog
from app.store.tables import EvidenceRow
from app.testing import Platform
from tests.runtime.diagrams import END, START, diagram, service_task, user_task
from tests.store.tampering import drop_triggers

DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="limits" name="l" namespace="urn:l">
<decision id="limit" name="limit"><variable name="limit"/><literalExpression><text>{amount: 12.50, at: now()}</text>
</literalExpression></decision></definitions>"""
ASK = (
    '<bpmn:businessRuleTask id="ask"><bpmn:extensionElements><zeebe:calledDecision decisionId="limit" '
    'resultVariable="found" /></bpmn:extensionElements>{flows}</bpmn:businessRuleTask>'
)
CHANGES = {
    "evidence": ("UPDATE evidence SET detail = replace(detail, '}', ' }')", "was changed"),
    "its stage": ("UPDATE evidence SET stage = 'act' WHERE stage <> 'act'", "was changed"),
    "its moment": ("UPDATE evidence SET at = '2020-01-01 00:00:00.000000'", "was changed"),
    "an evaluation": ("UPDATE evaluation SET decision_id = 'another'", "was changed"),
    "evidence taken away": ("DELETE FROM evidence", "was taken away"),
    "evidence put in": (
        """INSERT INTO evidence (id, instance_id, stage, at, what, element_id, job_id, detail)
        SELECT 'forged', instance_id, stage, at, what, element_id, job_id, detail FROM evidence LIMIT 1""",
        "put in afterwards",
    ),
}


@pytest.fixture
def case(platform: Platform) -> str:
    """An instance that has decided and booked, and waits."""
    booked = diagram("booked", START, ASK, service_task("ledger.book"), user_task(), END)
    platform.runtime.deployments.deploy(SYSTEM, {"booked.bpmn": booked, "limits.dmn": DECISION})
    case = platform.start("booked", {"amount": 3})
    platform.run()
    assert platform.inbox("anna")
    return case


def test_what_nobody_touched_fits(platform: Platform, case: str) -> None:
    """Read back from either database, every row has the digest that was taken before it was written."""
    with platform.runtime.core.store.read() as session:
        assert session.scalar(select(func.count()).select_from(EvidenceRow).where(EvidenceRow.instance_id == case))
    assert platform.runtime.audit.verify().ok
    platform.runtime.anchors.make(SYSTEM)
    (task,) = platform.inbox("anna")
    platform.complete("anna", task.id)
    platform.run()
    assert platform.runtime.audit.verify(unsealed_only=True).ok
    assert platform.runtime.audit.verify().ok


@pytest.mark.parametrize("change", CHANGES)
def test_changed_evidence_is_named(platform: Platform, case: str, change: str) -> None:
    """By the row and by the case that it is about."""
    statement, said = CHANGES[change]
    with platform.runtime.core.store.write() as session:
        drop_triggers(session.connection())
        assert session.execute(text(statement)).rowcount  # type: ignore[attr-defined]
    verdict = platform.runtime.audit.verify()
    assert not verdict.ok
    assert said in (verdict.why or "")
    assert case in (verdict.why or "")


def test_changed_evidence_is_not_sealed(platform: Platform, case: str) -> None:
    """The clock finds it before it anchors what is new."""
    with platform.runtime.core.store.write() as session:
        session.execute(text("UPDATE evidence SET what = 'another thing'"))
    with pytest.raises(BrokenLog, match=f"stream {case}: evidence .* was changed"):
        platform.runtime.anchors.make(SYSTEM)


def test_digests_are_no_news_for_people(platform: Platform, case: str) -> None:
    """The log's pages show what was recorded, not what seals it."""
    page = platform.runtime.audit.list(SYSTEM, stream=case)
    assert page.items
    assert all("sealed" not in record.detail for record in page.items)
