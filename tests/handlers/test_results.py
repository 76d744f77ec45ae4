"""What jobs answer beside variables."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from app.handlers import (
    ActionContext,
    Activation,
    AdHocSubProcessResult,
    Answer,
    Corrections,
    TaskListenerResult,
    action,
)
from app.handlers.schema import write

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Nothing(BaseModel):
    """No variables."""


class Noted(TaskListenerResult):
    noted: str = "yes"


@action("desk.check", system="desk", effect="read")
def check(_request: Nothing, _context: ActionContext) -> Noted:
    return Noted()


@action("desk.choose", system="desk", effect="read")
def choose(_request: Nothing, _context: ActionContext) -> AdHocSubProcessResult:
    return AdHocSubProcessResult()


@action("desk.look", system="desk", effect="read")
def look(_request: Nothing, _context: ActionContext) -> Nothing:
    return Nothing()


def test_a_handler_says_which_jobs_it_answers() -> None:
    """By the type of its result, its subclasses included."""
    assert (check.result_kind, choose.result_kind, look.result_kind) == (
        TaskListenerResult,
        AdHocSubProcessResult,
        None,
    )


def test_a_plain_result_is_variables_whatever_they_are_called() -> None:
    """Only the type decides, never a name."""
    assert look.answer({"denied": True}) == Answer({"denied": True}, None)


def test_what_a_subclass_adds_is_variables() -> None:
    """Everything else is the answer."""
    written = write(Noted(denied=True, reason="no", noted="twice"))
    assert written == {"denied": True, "reason": "no", "corrections": {}, "noted": "twice"}
    assert check.answer(written) == Answer({"noted": "twice"}, TaskListenerResult(denied=True, reason="no"))


def test_corrections_keep_what_was_not_given_apart_from_what_is_taken_away() -> None:
    """Also after they were written and read again."""
    corrections = Corrections(assignee=None, due_date=NOON, candidate_users=("anna",), priority=80)
    written = write(Noted(corrections=corrections))
    assert written["corrections"] == {
        "assignee": None,
        "due_date": NOON.isoformat(),
        "candidate_users": ["anna"],
        "priority": Decimal(80),
    }
    result = check.answer(written).result
    assert isinstance(result, TaskListenerResult)
    assert result.corrections.given() == {
        "assignee": None,
        "candidate_users": ("anna",),
        "due_date": NOON,
        "priority": 80,
    }
    assert Corrections().given() == {}


def test_a_misspelt_correction_is_refused_where_it_is_written() -> None:
    """It would be lost otherwise."""
    with pytest.raises(ValidationError):
        Corrections.model_validate({"asignee": "anna"})


def test_activations_keep_their_variables() -> None:
    """Numbers with all their digits."""
    chosen = AdHocSubProcessResult(activate=[Activation(element_id="ask", variables={"amount": Decimal("0.10")})])
    assert choose.answer(write(chosen)) == Answer({}, chosen)
