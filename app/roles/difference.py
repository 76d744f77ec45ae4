"""Two sets of mandates compared, in words that a manager understands: what may be done now and could not be before.

Thresholds stand in the words with their amounts, because what a gate asks changes with the company profile too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.roles.clauses import ActionGrant, Gate, Limit, Right
from app.roles.durations import in_words
from app.roles.mandate import Mandate
from app.roles.words import ApprovalTier

_THRESHOLD = re.compile(r"\bcompany\.thresholds\.(\w+\.\w+)")
_ABOVE = re.compile(r"^(?P<what>[\w.]+) (?P<sign>>=?) (?P<amount>[0-9.]+)$")
_NOBODY = "nobody"


class Direction(StrEnum):
    """What a change does to what a role may do."""

    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    job_role: str
    direction: Direction
    text: str

    def __str__(self) -> str:
        return f"{self.job_role}: {self.text} ({self.direction})"


def compare(old: Mapping[str, Mandate], new: Mapping[str, Mandate]) -> tuple[Change, ...]:
    """Every change of what anybody may do, by JobRole in order of their ids."""
    return tuple(
        Change(job_role, direction, text)
        for job_role in sorted({*old, *new})
        for direction, text in _of_role(old.get(job_role), new.get(job_role))
    )


Found = Iterator[tuple[Direction, str]]


def _of_role(old: Mandate | None, new: Mandate | None) -> Found:
    if new is None:
        yield Direction.NARROWER, "exists no longer; what runs under it keeps its mandate"
        return
    if old is None:
        yield Direction.WIDER, f"is new, with {len(new.grants)} actions and {len(new.rights)} decisions"
        for grant in new.grants.values():
            yield Direction.WIDER, f"may now do {grant.action} as {grant.grant.value}: {_gates_in_words(grant, new)}"
        return
    if old.checksum == new.checksum:
        return
    yield from _ordered("autonomy", old.autonomy.value, new.autonomy.value, wider=new.autonomy.exceeds(old.autonomy))
    yield from _ordered("risk tier", old.risk_tier, new.risk_tier, wider=new.risk_tier < old.risk_tier)
    for name in sorted({*old.grants, *new.grants}):
        yield from _of_action(name, old, new)
    for name in sorted({*old.rights, *new.rights}):
        yield from _of_right(name, old.rights.get(name), new.rights.get(name))
    yield from _of_inputs(old, new)
    yield from _of_people(old, new)
    yield from _of_evidence(old, new)
    window = (old.company.fast_track_window, new.company.fast_track_window)
    if window[0] != window[1]:
        text = f"a fast track may be objected to for {in_words(window[1])} instead of {in_words(window[0])}"
        yield _direction(wider=window[1] < window[0]), text


def _of_action(name: str, old: Mandate, new: Mandate) -> Found:
    before, after = old.grants.get(name), new.grants.get(name)
    if after is None:
        yield Direction.NARROWER, f"may no longer do {name}"
        return
    if before is None:
        yield Direction.WIDER, f"may now do {name} as {after.grant.value}: {_gates_in_words(after, new)}"
        return
    if before.grant is not after.grant:
        wider = after.grant.exceeds(before.grant)
        yield _direction(wider=wider), f"may {after.grant.value} {name} instead of {before.grant.value}"
    yield from _of_gates(name, (before, old), (after, new))
    yield from _of_limits(name, before, after)
    checked, checks = _checks(before, old), _checks(after, new)
    yield from ((Direction.WIDER, f"{name} no longer checks {text}") for text in checked if text not in checks)
    yield from ((Direction.NARROWER, f"{name} now checks {text}") for text in checks if text not in checked)
    if before.decision != after.decision:
        wider = after.decision is None
        text = f"{name} follows from the decision {after.decision or _NOBODY} instead of {before.decision or _NOBODY}"
        yield (Direction.WIDER if wider else Direction.OTHER), text


def _of_gates(name: str, old: tuple[ActionGrant, Mandate], new: tuple[ActionGrant, Mandate]) -> Found:
    before = {gate.id: gate for gate in old[0].gates}
    after = {gate.id: gate for gate in new[0].gates}
    for gate_id in dict.fromkeys([*before, *after]):
        first, second = before.get(gate_id), after.get(gate_id)
        if second is None and first is not None:
            text = f"{name} is no longer asked at the gate {gate_id} ({_in_words(first, old[1])})"
            yield _direction(wider=first.tier is not ApprovalTier.INSTANT), text
        elif first is None and second is not None:
            text = f"{name} is asked at a new gate {gate_id} ({_in_words(second, new[1])})"
            yield _direction(wider=second.tier is ApprovalTier.INSTANT), text
        elif first is not None and second is not None:
            yield from _of_gate(name, (first, old[1]), (second, new[1]))
    if [*before] != [*after] and {*before} == {*after}:
        yield Direction.OTHER, f"{name}: its gates are asked in another order: {', '.join(after)}"


def _of_gate(name: str, old: tuple[Gate, Mandate], new: tuple[Gate, Mandate]) -> Found:
    before, after = old[0], new[0]
    whens = _resolved(before.when, old[1]), _resolved(after.when, new[1])
    if whens[0] != whens[1]:
        yield _of_condition(name, after, whens)
    if before.tier is not after.tier:
        text = f"{name}: the gate {after.id} demands {after.tier.label} instead of {before.tier.label}"
        yield _direction(wider=before.tier.exceeds(after.tier)), text
    if before.approver != after.approver:
        text = f"{name}: {after.approver or _NOBODY} approves at {after.id} instead of {before.approver or _NOBODY}"
        yield Direction.OTHER, text
    if before.approvals != after.approvals:
        text = f"{name}: the gate {after.id} needs {after.approvals} approvals instead of {before.approvals}"
        yield _direction(wider=after.approvals < before.approvals), text
    if before.four_eyes != after.four_eyes and ApprovalTier.INSTANT not in (before.tier, after.tier):
        text = f"{name}: the gate {after.id} {'now has' if after.four_eyes else 'no longer has'} four eyes"
        yield _direction(wider=before.four_eyes), text


def _of_condition(name: str, gate: Gate, whens: tuple[str, str]) -> tuple[Direction, str]:
    first, second = _ABOVE.match(whens[0]), _ABOVE.match(whens[1])
    if first and second and (first["what"], first["sign"]) == (second["what"], second["sign"]):
        wider = Decimal(second["amount"]) > Decimal(first["amount"])
        amount = f"up to {second['amount']} instead of {first['amount']} ({first['what']})"
        return _direction(wider=wider), f"may now do {name} {amount} without {gate.tier.label} at {gate.id}"
    return Direction.OTHER, f"{name}: the gate {gate.id} applies if {whens[1]} instead of if {whens[0]}"


def _of_limits(name: str, before: ActionGrant, after: ActionGrant) -> Found:
    old, new = {each.name: each for each in before.limits}, {each.name: each for each in after.limits}
    for limit in sorted({*old, *new}):
        first, second = old.get(limit), new.get(limit)
        if first == second:
            continue
        if second is None and first is not None:
            yield Direction.WIDER, f"{name} is no longer limited by {limit} ({_limit_in_words(first)})"
        elif first is None and second is not None:
            yield Direction.NARROWER, f"{name} is now limited by {limit} ({_limit_in_words(second)})"
        elif first is not None and second is not None:
            text = f"{name}: {limit} allows {_limit_in_words(second)} instead of {_limit_in_words(first)}"
            yield _more(first, second), text


def _of_right(name: str, before: Right | None, after: Right | None) -> Found:
    if after is None:
        yield Direction.NARROWER, f"may no longer decide {name}"
    elif before is None:
        yield Direction.WIDER, f"may now decide {name} ({after.right.value})"
    elif before != after:
        thresholds = [(before.act, after.act), (before.suggest, after.suggest)]
        lower = any(new is None or (old is not None and new < old) for old, new in thresholds if old != new)
        text = f"{name}: {_right_in_words(after)} instead of {_right_in_words(before)}"
        yield _direction(wider=lower or after.right.exceeds(before.right)), text


def _of_inputs(old: Mandate, new: Mandate) -> Found:
    before, after = {each.name: each for each in old.inputs}, {each.name: each for each in new.inputs}
    for name in sorted({*before, *after}):
        if name not in after:
            yield Direction.WIDER, f"no longer needs {name} to be fresh"
        elif name not in before:
            yield Direction.OTHER, f"now uses {name} from {after[name].source}"
        elif before[name].max_age != after[name].max_age:
            ages = [each.max_age for each in (after[name], before[name])]
            words = [in_words(age) if age is not None else "any time" for age in ages]
            wider = ages[0] is None or (ages[1] is not None and ages[0] > ages[1])
            yield _direction(wider=wider), f"{name} may be {words[0]} old instead of {words[1]}"


def _of_people(old: Mandate, new: Mandate) -> Found:
    for field in ("holders", "responsible", "accountable", "escalation_owner", "consulted", "informed"):
        before, after = _names(getattr(old.people, field)), _names(getattr(new.people, field))
        if before != after:
            yield Direction.OTHER, f"{field.replace('_', ' ')}: {after or _NOBODY} instead of {before or _NOBODY}"


def _of_evidence(old: Mandate, new: Mandate) -> Found:
    before, after = ({item.name for item in each.evidence_contract} for each in (old, new))
    for name in sorted(before - after):
        yield Direction.WIDER, f"no longer owes the evidence {name}"
    for name in sorted(after - before):
        yield Direction.NARROWER, f"now owes the evidence {name}"


def _ordered(name: str, before: object, after: object, *, wider: bool) -> Found:
    if before != after:
        yield _direction(wider=wider), f"{name} is {after} instead of {before}"


def _checks(grant: ActionGrant, mandate: Mandate) -> list[str]:
    return [f"{check.name}: {_resolved(check.test, mandate)}" for check in grant.checks]


def _gates_in_words(grant: ActionGrant, mandate: Mandate) -> str:
    return "; ".join(_in_words(gate, mandate) for gate in grant.gates) or "at once"


def _in_words(gate: Gate, mandate: Mandate) -> str:
    by = f" by {gate.approver}" if gate.approver else ""
    return f"{gate.tier.label}{by}" + (f" if {_resolved(gate.when, mandate)}" if gate.when else "")


def _limit_in_words(limit: Limit) -> str:
    parts = (f"{limit.count} times" if limit.count is not None else "", f"{limit.value}" if limit.value else "")
    whose = " per subject" if limit.per_subject else ""
    return f"{' and '.join(filter(None, parts))} within {in_words(limit.window)}{whose}, then {limit.on_exceed.value}"


def _right_in_words(right: Right) -> str:
    return right.right.value if right.act is None else f"{right.right.value} from {right.act}, suggest {right.suggest}"


def _more(before: Limit, after: Limit) -> Direction:
    pairs: list[tuple[Decimal | int | None, Decimal | int | None]] = [
        (before.count, after.count),
        (before.value, after.value),
    ]
    changed = [(old, new) for old, new in pairs if old != new]
    if not changed or before.window != after.window:
        return Direction.OTHER
    return _direction(wider=any(new is None or (old is not None and new > old) for old, new in changed))


def _resolved(text: str | None, mandate: Mandate) -> str:
    """The expression with the amounts of the company profile in place of their names."""

    def amount(found: re.Match[str]) -> str:
        value = mandate.company.thresholds.get(found[1])
        return found[0] if value is None else str(value)

    return "otherwise" if text is None else _THRESHOLD.sub(amount, text)


def _names(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _direction(*, wider: bool) -> Direction:
    return Direction.WIDER if wider else Direction.NARROWER
