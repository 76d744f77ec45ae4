"""The models of this repository: sound, drawn, and deciding as they say they do."""

import json
import re
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml

from app import bpmn, dmn, engine
from tests.frontend.bundles import MODELS

DIAGRAMS = sorted((MODELS / "bpmn").glob("*.bpmn"))
DECISIONS = dmn.Decisions.load(*sorted((MODELS / "dmn").glob("*.dmn")))
ORDINARY = {
    "amount": Decimal(35),
    "charge_amount": Decimal(100),
    "charge_refunded": Decimal(0),
    "charge_age_days": Decimal(10),
    "customer_tier": "basic",
    "refunds_last_year": Decimal(0),
    "reason": "damaged",
}
OVERDUE = {
    "process": "support-refund",
    "risk tier": Decimal(2),
    "exception class": None,
    "amount": Decimal(35),
    "age minutes": Decimal(300),
    "business hours": True,
    "level": Decimal(1),
}


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_process_has_no_problem(path: Path) -> None:
    """Neither a mistake nor a warning, by BPMN's rules and by what the engine can execute."""
    definitions = bpmn.read(path.name, path.read_bytes())
    assert bpmn.check(definitions) == []
    for process in definitions.processes:
        assert engine.compile(definitions, process.id)


@pytest.mark.parametrize("path", sorted((MODELS / "dmn").glob("*.dmn")), ids=lambda path: path.stem)
def test_a_decision_model_has_no_problem(path: Path) -> None:
    """Types, names, gaps and overlaps."""
    assert dmn.check(path.name, path.read_bytes()) == []


@pytest.mark.parametrize(
    ("changed", "outcome", "rules"),
    [
        ({}, "approve", (5,)),
        ({"customer_tier": "pro"}, "approve", (4,)),
        ({"amount": Decimal(101)}, "reject", (1,)),
        ({"charge_refunded": Decimal(100)}, "reject", (1,)),
        ({"charge_age_days": Decimal(181)}, "reject", (1, 2)),
        ({"refunds_last_year": Decimal(5)}, "review", (2, 3)),
        ({"charge_age_days": Decimal(91)}, "review", (2,)),
        ({"reason": ""}, "review", (2,)),
    ],
)
def test_refund_eligibility(changed: dict[str, object], outcome: str, rules: tuple[int, ...]) -> None:
    """The strictest rule that matches wins; what is unclear goes to a person."""
    evaluation = DECISIONS.evaluate("refund-eligibility", ORDINARY | changed, explain=True)
    assert isinstance(evaluation.value, dict)
    assert evaluation.value["outcome"] == outcome
    matched = {decision.id: tuple(hit.index for hit in decision.rules) for decision in evaluation.decisions}
    assert matched["refund-eligibility"] == rules


def test_every_obstacle_is_told_at_once() -> None:
    """The customer hears all reasons, not one after the other."""
    changed = {"amount": Decimal(101), "charge_age_days": Decimal(200)}
    found = DECISIONS.evaluate("refund-eligibility", ORDINARY | changed).value
    assert found == {
        "outcome": "reject",
        "reason": "More is asked for than is left of the charge; The charge is older than 180 days",
        "confidence": Decimal(1),
    }


@pytest.mark.parametrize(
    ("message", "check"),
    [
        ("Please refund the jacket, the zip is broken.", False),
        ("My LAWYER will write to you.", True),
        ("I will sue.", True),
        ("There is an issue with the pursued delivery.", False),
        ("This is a complaint!", True),
        ("", False),
    ],
)
def test_reply_review(message: str, check: bool) -> None:
    """Whole words count, in capitals or not; parts of other words do not."""
    found = DECISIONS.evaluate("reply-review", {"message": message}).value
    assert isinstance(found, dict)
    assert found["check"] is check


@pytest.mark.parametrize(
    ("changed", "role", "channel"),
    [
        ({}, "support-leads", "inbox"),
        ({"level": Decimal(2)}, "finance-leads", "mail"),
        ({"level": Decimal(3)}, "operators", "page"),
        ({"amount": Decimal(80)}, "finance-leads", "inbox"),
        ({"exception class": "infrastructure"}, "operators", "page"),
        ({"exception class": "policy"}, "finance-leads", "inbox"),
        ({"exception class": "data"}, "support-leads", "inbox"),
        ({"business hours": False}, "support-leads", "mail"),
        ({"process": "something else", "amount": None, "risk tier": None}, "support-leads", "inbox"),
    ],
)
def test_escalation_routing(changed: dict[str, object], role: str, channel: str) -> None:
    """Somebody is always named, whatever is unknown."""
    found = DECISIONS.evaluate("escalation-routing", OVERDUE | changed).value
    assert isinstance(found, dict)
    assert (found["role"], found["channel"]) == (role, channel)
    assert found["due minutes"] > 0


def test_a_process_names_forms_that_exist() -> None:
    """And every form that exists is used and has the name of its file."""
    forms = {path.stem: json.loads(path.read_text()) for path in (MODELS / "forms").glob("*.form")}
    assert all(form["id"] == name for name, form in forms.items())
    named = {name for path in DIAGRAMS for name in re.findall(r'formId="([^"]+)"', path.read_text())}
    assert named == set(forms)


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"amount": 0}, False),
        ({"amount": "35"}, False),
        ({"outcome": "approve"}, False),
        ({"charge_id": ""}, False),
    ],
)
def test_the_hook_lets_in_what_it_declares(changed: dict[str, object], fits: bool) -> None:
    """Fields become variables, so an undeclared one could decide the case: it is refused."""
    hook = yaml.safe_load((MODELS / "hooks" / "refund-requested.yaml").read_text())
    body = {
        "ticket_id": "T-1",
        "customer_id": "C-1",
        "charge_id": "CH-1",
        "amount": 35,
        "reason": "damaged",
        "message": "It arrived broken.",
        "requested_by": "ben",
    }
    assert jsonschema.Draft202012Validator(hook["schema"]).is_valid(body | changed) is fits
