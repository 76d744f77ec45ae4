"""`app.errors`: a diagnostic reads as one line, and exceptions survive the way between processes."""

import pickle

import pytest

from app.errors import BailiwickError, Diagnostic, Invalid, ModelError, NotFound

COMPLETE = Diagnostic(
    code="bpmn.gateway",
    message="Expected two outgoing flows, but found one.",
    remedy="Draw another flow.",
    file="refund.bpmn",
    element_id="g1",
    element_name="Sure?",
    line=12,
    column=3,
    rule="EXT107",
)


def test_a_diagnostic_is_one_line_with_place_message_remedy_and_rule() -> None:
    """Everything that an author needs, in the order in which editors read it."""
    assert str(COMPLETE) == (
        'refund.bpmn:12:3: error: bpmn.gateway: <g1> "Sure?" '
        "Expected two outgoing flows, but found one. Draw another flow. [EXT107]"
    )


def test_a_diagnostic_without_a_place_says_only_what_it_knows() -> None:
    """No empty brackets, no colons without numbers."""
    assert str(Diagnostic(code="x", message="Expected y.")) == "error: x: Expected y."


@pytest.mark.parametrize(
    "error", [ModelError([COMPLETE]), Invalid({"$.amount": "a number"}), NotFound("no such thing")], ids=repr
)
def test_exceptions_pickle(error: BailiwickError) -> None:
    """A worker's exception reads the same in another process."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert str(copy) == str(error)


def test_a_model_error_names_every_mistake() -> None:
    """One line a diagnostic, all at once."""
    assert str(ModelError([COMPLETE, COMPLETE])).count("\n") == 1
