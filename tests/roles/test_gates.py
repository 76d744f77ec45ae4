"""Which approval an action needs."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.roles import ActionInfo, ApprovalTier, Autonomy, Mandate, Outcome, compile_roles
from tests.roles.conftest import ACTIONS, Documents, MandateWith, RequestWith


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0.01", (ApprovalTier.INSTANT, "instant", None)),
        ("20", (ApprovalTier.INSTANT, "instant", None)),
        ("20.01", (ApprovalTier.FAST_TRACK, "fast", "approvers")),
        ("50", (ApprovalTier.FAST_TRACK, "fast", "approvers")),
        ("50.01", (ApprovalTier.FULL_REVIEW, "full", "leads")),
        ("200", (ApprovalTier.FULL_REVIEW, "full", "leads")),
    ],
)
def test_the_first_gate_that_applies_decides(
    mandate: Mandate, request_with: RequestWith, amount: str, expected: tuple[ApprovalTier, str, str | None]
) -> None:
    """Up to 20 at once, above 20 fast track, above 50 full review: the amounts are the company profile's."""
    assessment = mandate.assess(request_with(amount))
    assert (assessment.tier, assessment.gate, assessment.approver_role) == expected
    at_once = assessment.tier is ApprovalTier.INSTANT
    assert assessment.outcome is (Outcome.ALLOWED if at_once else Outcome.APPROVAL_NEEDED)


def test_only_the_fast_track_has_a_window(mandate: Mandate, request_with: RequestWith) -> None:
    """The clock approves after half an hour unless the profile says otherwise, and never a full review."""
    assert mandate.assess(request_with("35")).window == timedelta(minutes=30)
    assert mandate.assess(request_with("80")).window is None


def test_the_window_may_count_business_time(mandate_with: MandateWith, request_with: RequestWith) -> None:
    """A fast track that begins after hours ends half an hour into the next working day, which is no holiday."""
    mandate = mandate_with(
        {"people:": "approval: {fast_track: {window: PT30M, business_time: true}}\npeople:"}, "company.yaml"
    )
    evening = request_with("35").now.replace(hour=18)  # Monday, 19:00 in Berlin; Tuesday is a holiday
    assert mandate.fast_track_ends(evening).isoformat() == "2026-01-07T08:30:00+00:00"


def test_a_full_review_has_four_eyes(mandate: Mandate, request_with: RequestWith) -> None:
    """A requester approves nothing of their own, neither in a full review nor on the fast track."""
    assert mandate.assess(request_with("80")).four_eyes
    assert mandate.assess(request_with("35")).four_eyes
    assert not mandate.assess(request_with("10")).four_eyes


def test_a_work_role_says_who_reviews_and_how_many(documents: Documents, request_with: RequestWith) -> None:
    """The people, their number and four eyes that a WorkRole demands hold for the action also where another gate
    than the demanded one applies first.
    """
    floor = b"{action: billing.refund, when: variables.odd = true, tier: full_review}"
    assert floor in documents["refunds.yaml"]
    demanded = floor.replace(b"full_review}", b"full_review, approver: leads, approvals: 2}")
    changed = {**documents, "refunds.yaml": documents["refunds.yaml"].replace(floor, demanded)}
    changed["job.yaml"] = changed["job.yaml"].replace(
        b"tier: full_review, approver: leads", b"tier: full_review, approver: leads, approvals: 2"
    )
    compiled = compile_roles(changed, ACTIONS)
    assert compiled.diagnostics == ()
    assessment = compiled.mandates["support-refunds"].assess(request_with("10", {"odd": True}))
    assert (assessment.approver_role, assessment.approvals_needed, assessment.four_eyes) == ("leads", 2, True)


def test_what_is_not_read_back_is_granted_under_full_review(documents: Documents) -> None:
    """A connector, which nothing can verify, is an action like any other once a person looks at each use."""
    connector = "io.camunda:http-json:1"
    actions = {**ACTIONS, connector: ActionInfo(connector, "http", "write", reversible=False, verified=False)}
    changed = {
        **documents,
        "integrations.yaml": documents["integrations.yaml"].replace(
            b"actions:\n",
            b"  http: {name: Web, owner: platform@acme.example, on_call: leads}\nactions:\n"
            b'  - {action: "io.camunda:http-json:1", system: http, mode: final, verification: none}\n',
        ),
        "refunds.yaml": documents["refunds.yaml"].replace(
            b"actions:\n",
            b'actions:\n  - action: "io.camunda:http-json:1"\n    grant: act\n'
            b"    limits: [{name: calls, window: P1D, count: 5}]\n",
        ),
        "job.yaml": documents["job.yaml"].replace(
            b"actions:\n",
            b'actions:\n  - {action: "io.camunda:http-json:1", grant: act, '
            b"gates: [{id: each, tier: full_review, approver: leads}]}\n",
        ),
    }
    compiled = compile_roles(changed, actions)
    assert compiled.diagnostics == ()
    changed["job.yaml"] = changed["job.yaml"].replace(b"id: each, tier: full_review", b"id: each, tier: fast_track")
    (found,) = compile_roles(changed, actions).diagnostics
    assert found.code == "roles.fire-and-forget"


def test_what_was_approved_passes(mandate: Mandate, request_with: RequestWith) -> None:
    """An approval counts for its tier and those below, and for nothing above."""
    assert mandate.assess(request_with("35", approved=ApprovalTier.FAST_TRACK)).outcome is Outcome.ALLOWED
    assert mandate.assess(request_with("35", approved=ApprovalTier.FULL_REVIEW)).outcome is Outcome.ALLOWED
    assert mandate.assess(request_with("80", approved=ApprovalTier.FAST_TRACK)).outcome is Outcome.APPROVAL_NEEDED


def test_a_gate_that_cannot_be_told_is_a_full_review(mandate_with: MandateWith, request_with: RequestWith) -> None:
    """A condition on a variable that is not there fails closed, and says why."""
    mandate = mandate_with({"request.amount > company.thresholds.refund.instant_up_to": "variables.nowhere > 3"})
    assessment = mandate.assess(request_with("10"))
    assert (assessment.outcome, assessment.tier) == (Outcome.APPROVAL_NEEDED, ApprovalTier.FULL_REVIEW)
    assert any("cannot be told" in reason for reason in assessment.reasons)


def test_a_work_role_obtains_its_approval_whatever_the_gates_say(mandate: Mandate, request_with: RequestWith) -> None:
    """The floor of a WorkRole raises the tier; whoever opens the gate of that tier approves."""
    assessment = mandate.assess(request_with("10", {"odd": True}))
    assert (assessment.tier, assessment.gate, assessment.approver_role) == (ApprovalTier.FULL_REVIEW, "full", "leads")
    assert "refunds demands full review" in assessment.reasons[0]


@pytest.mark.parametrize(
    ("confidence", "tier"),
    [
        ("0.90", ApprovalTier.INSTANT),
        ("0.89", ApprovalTier.FULL_REVIEW),
        ("0.1", ApprovalTier.FULL_REVIEW),
        (None, ApprovalTier.FULL_REVIEW),
    ],
)
def test_a_decision_that_is_not_sure_is_looked_at(
    mandate: Mandate, request_with: RequestWith, confidence: str | None, tier: ApprovalTier
) -> None:
    """Below the confidence to act, or without any, a person confirms the action that follows from the decision."""
    sure = None if confidence is None else Decimal(confidence)
    assert mandate.assess(request_with(variables={"confidence": sure})).tier is tier


def test_autonomy_that_fell_asks_people(mandate: Mandate, request_with: RequestWith) -> None:
    """A spent error budget demotes the role: what it did alone is confirmed now. It never promotes it."""
    assert mandate.assess(request_with(autonomy=Autonomy.SUPERVISED)).tier is ApprovalTier.FULL_REVIEW
    assert mandate.assess(request_with(autonomy=Autonomy.FULL)).outcome is Outcome.ALLOWED


def test_a_supervised_role_confirms_every_write(mandate_with: MandateWith, request_with: RequestWith) -> None:
    """A supervised role acts after a person confirms, and a better record of today does not lift that."""
    supervised = mandate_with({"autonomy: full": "autonomy: supervised"})
    assert supervised.assess(request_with(autonomy=Autonomy.FULL)).tier is ApprovalTier.FULL_REVIEW
    assert supervised.assess(request_with(action="billing.look")).outcome is Outcome.ALLOWED


def test_a_draft_is_confirmed_before_it_is_done(mandate_with: MandateWith, request_with: RequestWith) -> None:
    """A write that is granted as a draft is prepared by the platform and done once a person confirmed."""
    drafts = mandate_with({"- action: billing.refund\n    grant: act": "- action: billing.refund\n    grant: draft"})
    assert drafts.assess(request_with("1")).tier is ApprovalTier.FULL_REVIEW
