"""The exceptions cross process boundaries."""

import pickle

import pytest

from app.errors import BailiwickError
from app.handlers import (
    BpmnError,
    DataProblem,
    Escalation,
    ExceptionClass,
    InfrastructureProblem,
    PolicyProblem,
    TransientProblem,
)

EXCEPTIONS = [
    TransientProblem("503 from billing", retry_after_seconds=2.5, retries=2),
    DataProblem("no such charge", {"$.charge_id": "unknown"}),
    InfrastructureProblem("billing", "connection refused"),
    PolicyProblem("limit reached"),
    BpmnError("NO_CHARGE", "gone", {"charge_id": "ch_1"}),
    Escalation("LATE", {"hours": "3"}),
]


@pytest.mark.parametrize("exception", EXCEPTIONS, ids=lambda each: type(each).__name__)
def test_exceptions_pickle(exception: BailiwickError) -> None:
    """Type, text and every attribute survive pickling."""
    copy = pickle.loads(pickle.dumps(exception))  # noqa: S301 - our own bytes
    assert (type(copy), str(copy), vars(copy)) == (type(exception), str(exception), vars(exception))


def test_each_problem_has_its_class() -> None:
    """The four classes of governance.md, one exception type each."""
    classes = [kind.exception_class for kind in (TransientProblem, DataProblem, InfrastructureProblem, PolicyProblem)]
    assert classes == list(ExceptionClass)
