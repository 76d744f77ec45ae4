"""The mandate of a process that nobody names, and which role a process has."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.roles import ActionRequest, ApprovalTier, Outcome, Ungoverned, assigned_role, compile_roles, default_mandate
from tests.roles.conftest import ACTIONS, Documents, MandateWith

WRITE = ActionRequest(
    "bank.pay", {}, {}, datetime(2026, 1, 5, tzinfo=UTC), process_id="p", system="bank", effect="write"
)


def test_what_nobody_governs_is_reviewed() -> None:
    """Without a company profile, and unless it says otherwise: whatever writes waits for a full review by operators
    under four eyes; what reads does not.
    """
    mandate = default_mandate(None)
    found = mandate.assess(WRITE)
    assert (found.outcome, found.tier, found.approver_role, found.four_eyes) == (
        Outcome.APPROVAL_NEEDED,
        ApprovalTier.FULL_REVIEW,
        "operators",
        True,
    )
    assert mandate.assess(replace(WRITE, effect="draft")).outcome is Outcome.APPROVAL_NEEDED
    assert mandate.assess(replace(WRITE, effect="read")).outcome is Outcome.ALLOWED
    assert mandate.assess(replace(WRITE, approved=ApprovalTier.FULL_REVIEW)).outcome is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("word", "outcome"),
    [("review", Outcome.APPROVAL_NEEDED), ("refuse", Outcome.REFUSED), ("allow", Outcome.ALLOWED)],
)
def test_the_company_says_what_ungoverned_processes_may(documents: Documents, word: str, outcome: Outcome) -> None:
    """`ungoverned` of the company profile: review, refuse or allow. Kill switches hold under each of them."""
    documents["company.yaml"] += f"ungoverned: {word}\n".encode()
    compiled = compile_roles(documents, ACTIONS)
    assert compiled.company is not None
    mandate = default_mandate(compiled.company)
    assert mandate.ungoverned is Ungoverned(word)
    assert mandate.assess(WRITE).outcome is outcome
    stopped = mandate.assess(replace(WRITE, effect="read", switches=frozenset({"system:bank"})))
    assert stopped.outcome is Outcome.HELD


def test_no_role_may_take_the_place_of_the_default(documents: Documents) -> None:
    """The id of the default mandate is reserved."""
    documents["job.yaml"] = documents["job.yaml"].replace(b"id: support-refunds", b"id: ungoverned")
    assert [each.code for each in compile_roles(documents, ACTIONS).diagnostics] == ["roles.reserved"]


@pytest.mark.parametrize(
    ("labelled", "processes", "role"),
    [
        (None, {}, None),
        ("a", {}, "a"),
        (None, {"a": ["pay"]}, "a"),
        (None, {"a": ["pay-*"]}, None),
        (None, {"a": ["p*"]}, "a"),
        (None, {"a": ["p*"], "b": ["pay"]}, "b"),
        ("b", {"a": ["p*"], "b": ["pay"]}, "b"),
    ],
)
def test_documents_and_diagrams_name_the_role(
    labelled: str | None, processes: dict[str, list[str]], role: str | None
) -> None:
    """By id or pattern, an id before a pattern; or by the diagram alone."""
    found = assigned_role("pay", labelled, processes)
    assert (found.job_role, found.problem) == (role, "")


def test_contradictions_are_problems() -> None:
    """Two roles of one process, and a diagram that says another than the document."""
    assert "Expected one role" in assigned_role("pay", None, {"a": ["p*"], "b": ["*y"]}).problem
    assert "the diagram says b" in assigned_role("pay", "b", {"a": ["pay"]}).problem


def test_a_mandate_knows_its_processes(mandate_with: MandateWith) -> None:
    """What the document says comes along with the mandate."""
    mandate = mandate_with({"work_roles: [refunds]": "work_roles: [refunds]\nprocesses: [refund, refund-*]"})
    assert mandate.processes == ("refund", "refund-*")
