"""What an action may rely on: decisions that were made in this instance, and data that their sources brought.

A variable proves neither: whoever starts or completes something may write any. What was decided and brought is passed
in by the runtime from its own records.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from app import feel
from app.roles.assessment import ActionRequest, CheckResult, DecisionOutcome, InputFact
from app.roles.clauses import ActionGrant, Clauses, Input
from app.roles.durations import in_words
from app.roles.predicate import value_of
from app.roles.rights import may_follow
from app.roles.words import TYPED, Breach, Phase

Scope = Mapping[str, object]

MOST_LOOKED_AT = 10_000  # values of one result, in search of an input


def decision_in_scope(grant: ActionGrant, request: ActionRequest) -> object:
    """What FEEL sees as `decision`: the answer that the action follows from, with `confidence` and `by`."""
    decided = None if grant.decision is None else request.decided.get(grant.decision)
    if decided is None:
        return None
    value = decided.value if isinstance(decided.value, dict) else {"outcome": decided.value}
    return {**value, "confidence": decided.confidence, "by": decided.by}


def decision_made(clauses: Clauses, grant: ActionGrant, request: ActionRequest) -> CheckResult | None:
    """An action that names a decision runs only after it, under a right to make it; an undo needs none."""
    if grant.decision is None or request.undo:
        return None
    decided = request.decided.get(grant.decision)
    right = may_follow(clauses, grant.decision, decided)
    passed = decided is not None and right.outcome is not DecisionOutcome.NOT_GRANTED
    detail = right.detail if decided is not None else f"{grant.decision} has not been decided in this instance"
    return CheckResult("decision-made", Phase.BEFORE, passed=passed, detail=detail)


def inputs_fresh(clauses: Clauses, request: ActionRequest, scope: Scope) -> Iterator[CheckResult]:
    """Every input of the role is as its source brought it, and not older than it may be."""
    for each in clauses.inputs:
        fact = input_fact(each, request, scope)
        if fact.value is None and each.max_age is None:
            continue
        if fact.value is not None and not fact.bound and each.source != TYPED:
            detail = f"{each.name} is not what {each.source} brought into this instance"
            yield CheckResult(f"{each.name}-source", Phase.BEFORE, passed=False, detail=detail, breach=Breach.DATA)
        elif each.max_age is not None:
            yield _fresh(each.name, each.max_age, fact)


def input_fact(each: Input, request: ActionRequest, scope: Scope) -> InputFact:
    """The input as the request shows it. Its age counts from when its source says, or from when it was brought if that
    is earlier.
    """
    value, _ = value_of(each.value, scope, request.now)
    moments = []
    if each.read_at is not None:
        read_at, _ = value_of(each.read_at, scope, request.now)
        moments.append(_moment(feel.to_json(read_at)))
    brought = request.brought.get(each.source, ())
    times = [one.at for one in brought if value is not None and _holds(one.result, value)]
    if times:
        moments.append(max(times))
    known = [moment for moment in moments if moment is not None]
    complete = bool(known) and (each.read_at is None or moments[0] is not None)
    age = request.now - min(known) if complete else None
    return InputFact(each.name, each.source, feel.to_json(value), age, bound=bool(times))


def _fresh(name: str, max_age: timedelta, fact: InputFact) -> CheckResult:
    check = f"{name}-fresh"
    if fact.value is None or fact.age is None:
        return CheckResult(check, Phase.BEFORE, passed=False, detail=f"{name} has not been read", breach=Breach.DATA)
    detail = f"{name} was read {in_words(fact.age)} ago; at most {in_words(max_age)} is allowed"
    return CheckResult(check, Phase.BEFORE, passed=fact.age <= max_age, detail=detail, breach=Breach.DATA)


def _holds(result: object, value: object) -> bool:
    """Whether the value is the result, stands somewhere in it, or is a part of it: some of its fields, unchanged."""
    waiting = [result]
    for _ in range(MOST_LOOKED_AT):
        if not waiting:
            return False
        found = waiting.pop()
        if found == value or _is_part(value, found):
            return True
        if isinstance(found, dict):
            waiting.extend(found.values())
        elif isinstance(found, list):
            waiting.extend(found)
    return False


def _is_part(value: object, found: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(found, dict)
        and bool(value)
        and all(name in found and found[name] == part for name, part in value.items())
    )


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
