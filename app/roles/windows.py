"""The windows of a grant: what an action is worth, and whether it still fits into what was used."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from app import feel
from app.roles.assessment import ActionRequest, CheckResult, Measure, Usage
from app.roles.clauses import ActionGrant, Limit
from app.roles.predicate import value_of
from app.roles.words import Breach, Phase

Scope = Mapping[str, object]


def measured(grant: ActionGrant, scope: Scope, now: datetime) -> Measure:
    """Value and subject of the action. What is not a number of zero or more counts as 0, and is not known."""
    value: object = Decimal(0)
    subject: object = None
    if grant.value is not None:
        value, _ = value_of(grant.value, scope, now)
    if grant.subject is not None:
        subject, _ = value_of(grant.subject, scope, now)
    known = isinstance(value, Decimal) and value >= 0
    counted = value if isinstance(value, Decimal) and known else Decimal(0)
    return Measure(counted, None if subject is None else feel.text_of(subject), known)


def within_limits(grant: ActionGrant, request: ActionRequest, scope: Scope) -> list[tuple[Limit, CheckResult]]:
    """Each limit of the grant with its result, this action included."""
    if not grant.limits:
        return []
    this = measured(grant, scope, request.now)
    return [(limit, _within(limit, request.usage.get(limit.key, Usage()), this)) for limit in grant.limits]


def worth_known(grant: ActionGrant, request: ActionRequest, scope: Scope) -> CheckResult | None:
    """A value that cannot be told, or is below zero, would make room in a window: it stops the action."""
    if all(limit.value is None for limit in grant.limits) or measured(grant, scope, request.now).known:
        return None
    detail = f"{grant.value} is no amount of zero or more"
    return CheckResult("value-known", Phase.BEFORE, passed=False, detail=detail, breach=Breach.DATA)


def _within(limit: Limit, usage: Usage, this: Measure) -> CheckResult:
    count, value = usage.count + 1, usage.value + this.value
    fits = (limit.count is None or count <= limit.count) and (limit.value is None or value <= limit.value)
    allowed = " and ".join(
        text
        for text in (
            None if limit.count is None else f"{limit.count} times",
            None if limit.value is None else f"{limit.value} in all",
        )
        if text
    )
    whose = f" for {this.subject}" if limit.per_subject and this.subject else ""
    detail = f"{count} times and {value} in all{whose} within {limit.window}; allowed: {allowed}"
    return CheckResult(limit.name, Phase.BEFORE, passed=fits, detail=detail)
