"""Two mandates compared in plain words."""

import pytest

from app.roles import Change, Direction, Mandate, compare, compile_roles, json_schemas
from tests.roles.conftest import ACTIONS, Documents

WIDER, NARROWER, OTHER = Direction.WIDER, Direction.NARROWER, Direction.OTHER


def mandates(documents: Documents, *changes: tuple[str, str, str]) -> dict[str, Mandate]:
    changed = dict(documents)
    for file, old, new in changes:
        assert old.encode() in changed[file], old
        changed[file] = changed[file].replace(old.encode(), new.encode())
    compiled = compile_roles(changed, ACTIONS)
    assert compiled.diagnostics == ()
    return dict(compiled.mandates)


CHANGES = [
    (
        ("company.yaml", "instant_up_to: 20", "instant_up_to: 45"),
        WIDER,
        "may now do billing.refund up to 45 instead of 20 (request.amount) without fast track at fast",
    ),
    (
        ("company.yaml", "instant_up_to: 20", "instant_up_to: 5"),
        NARROWER,
        "may now do billing.refund up to 5 instead of 20 (request.amount) without fast track at fast",
    ),
    (("job.yaml", "autonomy: full", "autonomy: supervised"), NARROWER, "autonomy is supervised instead of full"),
    (
        ("job.yaml", "{action: billing.look, grant: act}", "{action: billing.look, grant: draft}"),
        NARROWER,
        "may draft billing.look instead of act",
    ),
    (("job.yaml", "  - {action: billing.look, grant: act}\n", ""), NARROWER, "may no longer do billing.look"),
    (
        ("job.yaml", "tier: full_review, approver: leads", "tier: full_review, approver: leads, approvals: 2"),
        NARROWER,
        "billing.refund: the gate full needs 2 approvals instead of 1",
    ),
    (
        ("job.yaml", "tier: fast_track, approver: approvers", "tier: fast_track, approver: leads"),
        OTHER,
        "billing.refund: leads approves at fast instead of approvers",
    ),
    (
        (
            "job.yaml",
            "tier: fast_track, approver: approvers",
            "tier: fast_track, approver: approvers, four_eyes: false",
        ),
        WIDER,
        "billing.refund: the gate fast no longer has four eyes",
    ),
    (
        ("refunds.yaml", "count: 3, value: 200", "count: 3, value: 900"),
        WIDER,
        (
            "billing.refund: a-day allows 3 times and 900 within 1 day, then hold "
            "instead of 3 times and 200 within 1 day, then hold"
        ),
    ),
    (
        ("job.yaml", "      - {name: ever, window: P365D, value: 1000}\n", ""),
        WIDER,
        "billing.refund is no longer limited by ever (1000 within 365 days, then refuse)",
    ),
    (
        ("refunds.yaml", "      - {name: still-wanted, phase: during, test: not(variables.withdrawn = true)}\n", ""),
        WIDER,
        "billing.refund no longer checks still-wanted: not(variables.withdrawn = true)",
    ),
    (
        ("job.yaml", "act: 0.9", "act: 0.85"),
        WIDER,
        "eligibility: alone from 0.85, suggest 0.6 instead of alone from 0.9, suggest 0.6",
    ),
    (("job.yaml", "max_age: PT30M", "max_age: PT45M"), WIDER, "charge may be 45 minutes old instead of 30 minutes"),
    (("job.yaml", "responsible: ben", "responsible: anna"), OTHER, "responsible: anna instead of ben"),
    (
        ("company.yaml", "people:", "approval: {fast_track: {window: PT1M}}\npeople:"),
        WIDER,
        "a fast track may be objected to for 1 minute instead of 30 minutes",
    ),
]


@pytest.mark.parametrize(("change", "direction", "text"), CHANGES)
def test_a_change_is_said_in_words(
    documents: Documents, change: tuple[str, str, str], direction: Direction, text: str
) -> None:
    """One changed line of a document is one sentence, with its direction; the way back goes in the other."""
    before, after = mandates(documents), mandates(documents, change)
    assert Change("support-refunds", direction, text) in compare(before, after)
    back = {WIDER: NARROWER, NARROWER: WIDER, OTHER: OTHER}[direction]
    assert back in [each.direction for each in compare(after, before)]


def test_what_did_not_change_is_not_said(documents: Documents) -> None:
    """The same documents say nothing, and another explanation widens nothing."""
    assert compare(mandates(documents), mandates(documents)) == ()


def test_roles_come_and_go(documents: Documents) -> None:
    """A new role is wider by every action that it brings; one that is gone is narrower."""
    there = mandates(documents)
    first = compare({}, there)[0]
    assert (first.direction, first.text.split(",")[0]) == (WIDER, "is new")
    assert [each.direction for each in compare(there, {})] == [NARROWER]


def test_schemas_of_all_documents_are_published() -> None:
    """Editors get a JSON Schema for each kind, in which every key that the compiler reads is described."""
    schemas = json_schemas()
    assert sorted(schemas) == ["company", "integrations", "job-role", "work-role"]
    assert "work_roles" in str(schemas["job-role"]["properties"])
