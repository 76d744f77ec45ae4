"""Business rule tasks."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app.engine.naming import NamedKind
from app.errors import NotFound
from tests.engine.driving import Drive, chain, extended

TASK = extended("businessRuleTask", "D", '<zeebe:calledDecision decisionId="limit" resultVariable="allowed"/>')


class Answer:
    """An evaluation, as `app.dmn` gives it."""

    def __init__(self, value: object) -> None:
        self.value = value

    def to_json(self) -> Mapping[str, object]:
        return {"value": self.value, "decisions": []}


class Limits:
    """The decision "limit" answers whether the amount is below 50."""

    def evaluate_decision(
        self, decision_id: str, binding: str, version_tag: str | None, variables: Mapping[str, object], now: datetime
    ) -> Answer:
        assert now.tzinfo is not None
        assert (decision_id, binding, version_tag) == ("limit", "latest", None)
        amount = variables["amount"]
        assert isinstance(amount, Decimal)
        return Answer(amount < 50)


class Nothing:
    """No decision is deployed."""

    def evaluate_decision(
        self, decision_id: str, binding: str, version_tag: str | None, variables: Mapping[str, object], now: datetime
    ) -> Answer:
        raise NotFound(f"Deploy {decision_id} ({binding}, {version_tag}, {len(variables)}, {now:%Y}).")


def test_the_answer_is_kept_as_evidence_and_becomes_the_result_variable() -> None:
    """`DecisionEvaluated` comes before the variable."""
    drive = Drive(chain(TASK), services=Limits())
    assert drive.start(amount=20)[4:8] == [
        "activated businessRuleTask D",
        "decision limit for D",
        "set process allowed=true",
        "completed D",
    ]
    assert drive.program.names(NamedKind.DECISION) == frozenset({"limit"})


def test_a_missing_decision_is_an_incident() -> None:
    """It names the decision; nothing is lost."""
    drive = Drive(chain(TASK), services=Nothing())
    assert drive.start(amount=20)[-1] == (
        'incident decision at D: Expected a deployed decision "limit", but there is none. '
        "Deploy limit (latest, None, 1, 2026)."
    )
    assert drive.resolve()[-1].startswith("incident decision at D")
