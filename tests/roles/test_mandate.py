"""The mandate as a document of its own: rights, evidence, reviews, answers, JSON and checksum."""

import json
from datetime import date
from decimal import Decimal

import pytest

from app.errors import Severity
from app.roles import OVERDUE, DecisionOutcome, Facts, Mandate, compile_roles
from tests.roles.conftest import ACTIONS, NOW, Documents, MandateWith


@pytest.mark.parametrize(
    ("confidence", "outcome"),
    [
        ("0.9", DecisionOutcome.GOES_ON),
        ("0.89", DecisionOutcome.CONFIRM),
        ("0.6", DecisionOutcome.CONFIRM),
        ("0.59", DecisionOutcome.DECIDE),
        (None, DecisionOutcome.DECIDE),
    ],
)
def test_confidence_decides_who_decides(mandate: Mandate, confidence: str | None, outcome: DecisionOutcome) -> None:
    """Above *act* the process goes on, between *suggest* and *act* a person confirms, below it a person decides."""
    sure = None if confidence is None else Decimal(confidence)
    assert mandate.may_decide("eligibility", sure).outcome is outcome


def test_a_right_to_suggest_is_always_confirmed(mandate_with: MandateWith) -> None:
    """However sure: a role that only suggests has it confirmed."""
    suggests = mandate_with({"{decision: eligibility, right: alone": "{decision: eligibility, right: suggest"})
    assert suggests.may_decide("eligibility", Decimal(1)).outcome is DecisionOutcome.CONFIRM


def test_other_decisions_are_not_granted(mandate: Mandate) -> None:
    """A decision that the role does not name is not its to make."""
    assert mandate.may_decide("pricing", Decimal(1)).outcome is DecisionOutcome.NOT_GRANTED


def test_missing_evidence_is_named(mandate: Mandate) -> None:
    """The contract unites WorkRole and JobRole; an item whose condition does not hold is not due."""
    approved: dict[str, object] = {"outcome": "approve"}
    assert [item.name for item in mandate.missing_evidence(Facts(approved, NOW))] == ["looked", "refunded"]
    assert [item.name for item in mandate.missing_evidence(Facts({"outcome": "reject"}, NOW))] == ["looked"]
    complete = Facts(approved, NOW, actions=frozenset({"billing.look", "billing.refund"}))
    assert mandate.missing_evidence(complete) == ()


def test_evidence_whose_condition_cannot_be_told_is_due(mandate_with: MandateWith) -> None:
    """Evidence fails closed: what may be due is due."""
    unclear = mandate_with({'when: variables.outcome = "approve"': "when: variables.nothing > 1"})
    assert "refunded" in [item.name for item in unclear.missing_evidence(Facts({}, NOW))]


def test_a_review_becomes_due(mandate: Mandate) -> None:
    """Tier 2 is reviewed every 90 days, unless the profile says otherwise."""
    assert mandate.review_due == date(2026, 4, 1)
    assert not mandate.review_overdue(date(2026, 4, 1))
    assert mandate.review_overdue(date(2026, 4, 2))


def test_an_overdue_review_is_named_where_it_stands(documents: Documents) -> None:
    """On the day after it was due the compiler warns; a review of a day to come is a mistake."""
    assert compile_roles(documents, ACTIONS, date(2026, 4, 1)).diagnostics == ()
    (late,) = compile_roles(documents, ACTIONS, date(2026, 4, 2)).diagnostics
    assert (late.code, late.severity, late.element_id) == (OVERDUE, Severity.WARNING, "$.review.last")
    (early,) = compile_roles(documents, ACTIONS, date(2025, 12, 31)).diagnostics
    assert (early.code, early.severity) == ("roles.review-to-come", Severity.ERROR)


def test_the_answer_sheet_answers_four_questions(mandate: Mandate) -> None:
    """Where approvals are enforced, what evidence there is, what happens on exceptions, who is paged."""
    approvals, evidence, exceptions, operations = mandate.answer_sheet
    assert "accountable: femi" in approvals.answers
    assert evidence.answers == ("understand: looked (action billing.look)", "act: refunded (action billing.refund)")
    assert len(exceptions.answers) == 4
    assert "breaks: refunds wait" in operations.answers


def test_a_mandate_is_json_and_comes_back(mandate: Mandate) -> None:
    """What is stored is the whole mandate: read back it is equal, and answers the same."""
    stored = json.dumps(mandate.to_json())
    assert Mandate.from_json(json.loads(stored)) == mandate


def test_the_checksum_covers_everything(mandate: Mandate, mandate_with: MandateWith) -> None:
    """The same documents have the same checksum; one changed threshold has another."""
    assert mandate_with().checksum == mandate.checksum
    assert mandate.sealed().checksum == mandate.checksum
    assert mandate_with({"instant_up_to: 20": "instant_up_to: 21"}, "company.yaml").checksum != mandate.checksum


def test_substitutes_may_not_approve_either(mandate: Mandate) -> None:
    """Four eyes exclude the requester, the author, and whoever stands in for them."""
    assert mandate.company.conflicted("anna", None) == {"anna", "femi"}
    assert mandate.company.conflicted("ben", "somebody-else") == {"ben", "somebody-else"}
    assert mandate.company.on_call("leads") == "femi"


def test_substitutes_of_substitutes_may_not_approve_either(mandate_with: MandateWith) -> None:
    """Anna's substitute is femi, femi's is ben, and ben's is anna again: none of them decides for another."""
    circle = mandate_with(
        {
            "ben: {name: Ben}": "ben: {name: Ben, substitutes: [anna]}",
            "{name: Femi}": "{name: Femi, substitutes: [ben]}",
        },
        "company.yaml",
    )
    assert circle.company.conflicted("Anna") == {"anna", "femi", "ben"}
