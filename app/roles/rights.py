"""Decision rights: what may come of a decision at the confidence that it states."""

from decimal import Decimal

from app.roles.assessment import Decided, DecisionOutcome, DecisionVerdict
from app.roles.clauses import Clauses
from app.roles.words import DecisionRight


def may_decide(clauses: Clauses, decision: str, confidence: Decimal | None) -> DecisionVerdict:
    """Go on, have it confirmed, or leave it to a person.

    A right without thresholds asks for no confidence. Where thresholds are set, a missing confidence is the lowest.
    """
    right = clauses.rights.get(decision)
    if right is None:
        return DecisionVerdict(DecisionOutcome.NOT_GRANTED, f"{clauses.id} is not granted the decision {decision}")
    if right.act is None or right.suggest is None:
        outcome = DecisionOutcome.GOES_ON
        detail = f"{decision} needs no confidence"
    elif confidence is None or confidence < right.suggest:
        outcome = DecisionOutcome.DECIDE
        detail = f"confidence {_text(confidence)} is below {right.suggest}: a person decides {decision}"
    elif confidence < right.act:
        outcome = DecisionOutcome.CONFIRM
        detail = f"confidence {confidence} is below {right.act}: a person confirms {decision}"
    else:
        outcome = DecisionOutcome.GOES_ON
        detail = f"confidence {confidence} reaches {right.act}"
    if outcome is DecisionOutcome.GOES_ON and right.right is DecisionRight.SUGGEST:
        return DecisionVerdict(DecisionOutcome.CONFIRM, f"{clauses.id} only suggests {decision}: a person confirms it")
    return DecisionVerdict(outcome, detail)


def may_follow(clauses: Clauses, decision: str, decided: Decided | None) -> DecisionVerdict:
    """What may come of the newest answer of a decision: a person who was entitled to decide in its place is sure."""
    if decided is not None and decided.by is not None and decision in clauses.rights:
        return DecisionVerdict(DecisionOutcome.GOES_ON, f"{decided.by} decided {decision}")
    return may_decide(clauses, decision, decided.confidence if decided else None)


def _text(confidence: Decimal | None) -> str:
    return "none" if confidence is None else str(confidence)
