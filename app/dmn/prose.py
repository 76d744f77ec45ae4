"""An explained evaluation in sentences: what each decision saw and answered, which rules matched, why others did not.

A pure function of the evaluation, so that terminals, pages and evidence say the same words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from app import feel
from app.dmn.evaluation import DecisionTrace, Evaluation, RuleMiss, TableTrace
from app.dmn.tables.cells import Interval, Literal, read_cell
from app.dmn.wording import in_short
from app.feel import ReasonKind

MAX_RULES = 20
"""How many rules of a table are told about one by one; of the others, how many there are."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What is to be said about one decision: a headline, then sentences in the order of their weight."""

    decision_id: str
    headline: str
    sentences: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        return {"decision_id": self.decision_id, "headline": self.headline, "sentences": list(self.sentences)}


def tell(evaluation: Evaluation, max_rules: int = MAX_RULES) -> tuple[Passage, ...]:
    """A passage for every decision that was made, requirements first; for none where nothing was traced.

    What is null for no reason of a decision, such as an input that nobody gave, is told before all decisions.
    """
    if evaluation.trace is None:
        return ()
    told = {reason for decision in evaluation.trace.decisions for reason in decision.reasons}
    before = tuple(reason.message for reason in evaluation.reasons if reason not in told)
    passages = [_passage(decision, max_rules) for decision in evaluation.trace.decisions]
    if before:
        passages.insert(0, Passage("", "Before any decision:", before))
    return tuple(passages)


def _passage(decision: DecisionTrace, max_rules: int) -> Passage:
    sentences: list[str] = []
    if decision.inputs:
        sentences.append(f"It saw {_listed(decision.inputs)}.")
    several = len(decision.tables) > 1
    for number, table in enumerate(decision.tables, start=1):
        if several:
            sentences.append(f"Table {number} of {len(decision.tables)} was asked with {_listed(table.inputs)}.")
        sentences.extend(_about_table(table, max_rules))
    why = [f"Why something is null: {reason.message}" for reason in decision.reasons]
    return Passage(decision.id, f"{decision.name} is {shown(decision.value)}.", (*sentences, *why))


def _about_table(table: TableTrace, max_rules: int) -> Iterator[str]:
    matched = [str(rule.index) for rule in table.matched]
    if matched:
        more = f" and {len(matched) - max_rules} more" if len(matched) > max_rules else ""
        rules = "Rule" if len(matched) == 1 else "Rules"
        yield f"{rules} {', '.join(matched[:max_rules])}{more} matched (hit policy {table.hit_policy})."
    misses = list(islice(table.misses(), max_rules))
    if misses and not matched:
        yield "No rule matched."
    yield from (f"Rule {miss.index} did not match: {why_not(miss)}." for miss in misses)
    rest = table.rule_count - len(matched) - len(misses)
    if misses and rest:
        yield f"{rest:,} more rules did not match."


def why_not(miss: RuleMiss) -> str:
    """Why a rule did not match, such as ``amount 2,001 is not in [0..2,000]``; without a full stop."""
    subject = f"{miss.label} {shown(miss.value)}"
    asked = " ".join(miss.cell.split())
    if miss.value is None:
        return f"{miss.label} is null, and the rule asks for {asked}"
    if miss.reasons:
        first = miss.reasons[0]
        compares = first.kind not in {ReasonKind.NOT_COMPARABLE, ReasonKind.WRONG_TYPE}
        verb = "does not pass" if compares else "does not compare with"
        return f"{subject} {verb} {asked}. {first.message.rstrip('.')}"
    cell = read_cell(miss.cell)
    if isinstance(cell, Literal) and cell.intervals:
        return f"{subject} {_outside(cell, asked)}"
    return f"{subject} does not pass {asked}"


def _outside(cell: Literal, asked: str) -> str:
    """How a value lies that a literal cell does not take."""
    if cell.negated:
        return f"is excluded by {asked}"
    if len(cell.intervals) == 1:
        return f"is not {_interval(cell.intervals[0])}"
    if cell.is_points:
        return f"is not one of {', '.join(shown(one.low) for one in cell.intervals)}"
    return f"is none of these: {'; '.join(_interval(one) for one in cell.intervals)}"


def _interval(interval: Interval) -> str:
    low, high = interval.low, interval.high
    if interval.is_point:
        return shown(low)
    if low is not None and high is not None:
        opening, closing = "[" if interval.low_included else "(", "]" if interval.high_included else ")"
        return f"in {opening}{shown(low)}..{shown(high)}{closing}"
    is_date = isinstance(low if low is not None else high, feel.Date)
    if low is not None:
        words = ("on or after", "after") if is_date else ("at least", "more than")
        return f"{words[0 if interval.low_included else 1]} {shown(low)}"
    words = ("on or before", "before") if is_date else ("at most", "less than")
    return f"{words[0 if interval.high_included else 1]} {shown(high)}"


def shown(value: object) -> str:
    """A value as people read it: numbers with thousands, dates without signs around them, texts in quotes."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, feel.Date | feel.Time | feel.DateAndTime | feel.DaysAndTime | feel.YearsAndMonths):
        return feel.text_of(value)
    if isinstance(value, list) and value and len(value) <= _FEW:
        return f"[{', '.join(shown(item) for item in value)}]"
    if isinstance(value, dict) and value and len(value) <= _FEW:
        return f"{{{', '.join(f'{name}: {shown(item)}' for name, item in value.items())}}}"
    return in_short(value)


def _number(value: Decimal) -> str:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -_DIGITS < exponent <= 0 and value.adjusted() < _DIGITS:
        return f"{value:,f}"
    return feel.text_of(value)


_FEW = 8
_DIGITS = 20


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {shown(value)}" for name, value in values.items()) or "nothing"
