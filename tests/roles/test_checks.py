"""Allow-list, kill switches, checks, freshness and limits."""

from decimal import Decimal

import pytest

from app.roles import ApprovalTier, Breach, Mandate, Measure, Outcome, Usage
from tests.roles.conftest import KEYS, MandateWith, RequestWith


def failed(mandate: Mandate, request: object) -> list[str]:
    return [check.name for check in mandate.assess(request).checks if not check.passed]


def test_what_is_not_granted_is_refused(mandate: Mandate, request_with: RequestWith) -> None:
    """The allow-list comes first: an action that the role does not name is a policy matter, whatever its inputs."""
    assessment = mandate.assess(request_with(action="helpdesk.draft"))
    assert (assessment.outcome, assessment.breach) == (Outcome.REFUSED, Breach.POLICY)
    assert assessment.reasons == ("support-refunds is not granted helpdesk.draft",)


@pytest.mark.parametrize(
    "switch",
    ["everything:*", "role:support-refunds", "process:support-refund", "action:billing.refund", "system:billing"],
)
def test_a_kill_switch_holds_the_work(mandate: Mandate, request_with: RequestWith, switch: str) -> None:
    """Each of the five scopes stops the action, and the work is held, not refused."""
    assessment = mandate.assess(request_with(switches=frozenset({switch, "system:mail"})))
    assert assessment.outcome is Outcome.HELD
    assert switch in assessment.reasons[0]


def test_other_switches_stop_nothing(mandate: Mandate, request_with: RequestWith) -> None:
    """A switch stops what it names."""
    others = frozenset({"system:mail", "role:others", "process:others", "action:billing.look"})
    assert mandate.assess(request_with(switches=others)).outcome is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("amount", "variables", "expected"),
    [
        ("501", {}, (["ceiling"], Breach.POLICY)),
        ("10", {"outcome": "reject"}, (["decided"], Breach.POLICY)),
        ("10", {"charge": {"left": Decimal(5), "read_at": "2026-01-05T08:55:00Z"}}, (["left"], Breach.DATA)),
        ("10", {"charge": {"left": Decimal(50), "read_at": "2026-01-05T08:00:00Z"}}, (["charge-fresh"], Breach.DATA)),
        ("10", {"charge": {"left": Decimal(50)}}, (["charge-fresh"], Breach.DATA)),
        ("10", {"charge": {"left": Decimal(50), "read_at": "yesterday"}}, (["charge-fresh"], Breach.DATA)),
        ("10", {"charge": None}, (["charge-fresh", "left"], Breach.DATA)),
        ("600", {"charge": None}, (["charge-fresh", "ceiling", "left"], Breach.POLICY)),
    ],
)
def test_every_failed_check_is_named(
    mandate: Mandate,
    request_with: RequestWith,
    amount: str,
    variables: dict[str, object],
    expected: tuple[list[str], Breach],
) -> None:
    """A refusal lists all checks that failed; one policy breach among them makes it a policy exception."""
    request = request_with(amount, variables)
    assessment = mandate.assess(request)
    assert (failed(mandate, request), assessment.breach) == expected
    assert (assessment.outcome, len(assessment.reasons)) == (Outcome.REFUSED, len(expected[0]))


def test_a_failed_check_says_why_and_who_demands_it(mandate: Mandate, request_with: RequestWith) -> None:
    """The reason is the check's explanation with the document it comes from, and FEEL's own reason for a null."""
    assert mandate.assess(request_with(variables={"outcome": "reject"})).reasons == ("nobody decided (refunds)",)
    (_, left) = mandate.assess(request_with(variables={"charge": None})).reasons
    assert left.startswith("request.amount <= variables.charge.left (refunds): ")


def test_what_is_being_read_is_not_stale(mandate: Mandate, request_with: RequestWith) -> None:
    """Freshness is demanded of what an action relies on, not of the action that reads it."""
    assert mandate.assess(request_with(action="billing.look", variables={"charge": None})).outcome is Outcome.ALLOWED


@pytest.mark.parametrize(
    ("limit", "usage", "expected"),
    [
        ("a-day", Usage(2, Decimal(190)), (Outcome.ALLOWED, "instant")),
        ("a-day", Usage(3, Decimal(0)), (Outcome.HELD, None)),
        ("a-day", Usage(1, Decimal("190.01")), (Outcome.HELD, None)),
        ("per-customer", Usage(1, Decimal(5000)), (Outcome.ALLOWED, "instant")),
        ("per-customer", Usage(2, Decimal(0)), (Outcome.APPROVAL_NEEDED, "full")),
        ("ever", Usage(99, Decimal(990)), (Outcome.ALLOWED, "instant")),
        ("ever", Usage(99, Decimal(991)), (Outcome.REFUSED, None)),
    ],
)
def test_limits_count_this_action_too(
    mandate: Mandate, request_with: RequestWith, limit: str, usage: Usage, expected: tuple[Outcome, str | None]
) -> None:
    """A limit is met by what was used together with this action; it refuses, holds, or demands a review."""
    assessment = mandate.assess(request_with("10", usage={KEYS[limit]: usage}))
    assert (assessment.outcome, assessment.gate) == expected


def test_the_runtime_knows_what_to_count(mandate: Mandate, request_with: RequestWith) -> None:
    """Windows of WorkRole and JobRole together; value and subject of an action come from the mandate."""
    assert [(limit.name, limit.per_subject) for limit in mandate.limits] == [
        ("a-day", False),
        ("per-customer", True),
        ("ever", False),
    ]
    assert mandate.measure(request_with("12.50")) == Measure(Decimal("12.50"), "C-1")
    assert mandate.measure(request_with(action="billing.look")) == Measure()


def test_what_changed_while_an_approval_waited_is_noticed(mandate: Mandate, request_with: RequestWith) -> None:
    """Checks *during* are asked once the gate is open: a case that was withdrawn meanwhile is not paid."""
    withdrawn = {"withdrawn": True}
    assert mandate.assess(request_with("80", withdrawn)).outcome is Outcome.APPROVAL_NEEDED
    approved = mandate.assess(request_with("80", withdrawn, approved=ApprovalTier.FULL_REVIEW))
    assert (approved.outcome, failed(mandate, request_with("10", withdrawn))) == (Outcome.REFUSED, ["still-wanted"])


def test_checks_after_see_the_result(mandate: Mandate, request_with: RequestWith) -> None:
    """*After* compares what came back with what was asked for."""
    (after,) = mandate.check_after(request_with("10"), {"amount": Decimal(20)})
    (agreed,) = mandate.check_after(request_with("10"), {"amount": Decimal("10.00")})
    assert (after.name, after.passed, agreed.passed) == ("as-asked", False, True)


def test_an_undo_is_held_by_switches_but_not_by_old_data(mandate: Mandate, request_with: RequestWith) -> None:
    """A reversal passes gates and switches like any action; limits, and data that have aged since, do not stop it."""
    old = {"charge": {"left": Decimal(0), "read_at": "2026-01-01T00:00:00Z"}}
    spent = {KEYS["ever"]: Usage(1, Decimal(1000))}
    assert mandate.assess(request_with("10", old, undo=True, usage=spent)).outcome is Outcome.ALLOWED
    assert mandate.assess(request_with("80", old, undo=True)).outcome is Outcome.APPROVAL_NEEDED
    assert (
        mandate.assess(request_with("10", old, undo=True, switches=frozenset({"everything:*"}))).outcome is Outcome.HELD
    )


def test_inputs_are_shown_with_source_and_age(mandate: Mandate, request_with: RequestWith) -> None:
    """Evidence says what was known, from where, and how old it was."""
    (charge,) = mandate.inputs_seen(request_with())
    assert (charge.name, charge.source, str(charge.age)) == ("charge", "billing", "0:05:00")


def test_an_assessment_is_pure(mandate: Mandate, request_with: RequestWith) -> None:
    """The same request has the same answer."""
    assert mandate.assess(request_with("35")) == mandate.assess(request_with("35"))


def test_limits_of_one_name_are_counted_apart(mandate_with: MandateWith, request_with: RequestWith) -> None:
    """A JobRole's limit of the same name holds beside the WorkRole's, which adds up all JobRoles that use it."""
    mandate = mandate_with(
        {"- {name: ever,": "- {name: a-day, window: P1D, count: 1, value: 50}\n      - {name: ever,"}
    )
    keys = [limit.key for limit in mandate.limits if limit.name == "a-day"]
    assert keys == [KEYS["a-day"], "job-role:support-refunds/a-day"]
    assert mandate.assess(request_with(usage={keys[1]: Usage(1, Decimal(0))})).outcome is Outcome.REFUSED
    assert mandate.assess(request_with(usage={keys[0]: Usage(3, Decimal(0))})).outcome is Outcome.HELD


@pytest.mark.parametrize("amount", [Decimal(-1), "10", None])
def test_a_value_that_is_no_amount_makes_no_room(mandate: Mandate, request_with: RequestWith, amount: object) -> None:
    """What limits add up is a number of zero or more, or the action stops: below zero it would free a window."""
    assessment = mandate.assess(request_with(inputs={"amount": amount}))
    assert assessment.outcome is Outcome.REFUSED
    assert "value-known" in [check.name for check in assessment.checks if not check.passed]


def test_a_handler_that_changed_its_mind_is_stopped(mandate: Mandate, request_with: RequestWith) -> None:
    """The role was compiled for a handler that writes to billing: another effect or system is another action."""
    assert mandate.assess(request_with(system="billing", effect="write")).outcome is Outcome.ALLOWED
    for system, effect in (("billing", "read"), ("innocent", "write")):
        assert failed(mandate, request_with(system=system, effect=effect)) == ["effect-agreed"]
