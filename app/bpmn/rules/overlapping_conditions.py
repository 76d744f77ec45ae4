"""Conditions of an exclusive gateway that can hold at once: the first flow of the document is taken (13.4.2).

Compared are conditions that put one variable against constants; what is more complicated is left alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from app.bpmn.model import ExclusiveGateway, SequenceFlow
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_COMPARISON = re.compile(
    r'\s*(?P<name>[A-Za-z_][\w.]*)\s*(?P<sign><=|>=|!=|=|<|>)\s*(?P<value>-?\d+(\.\d+)?|"[^"]*"|true|false)\s*'
)


_MANY = 100  # flows of one gateway that are compared, each with each


@dataclass(frozen=True, slots=True)
class _Range:
    """The values of one variable for which a condition holds; numbers only, None is unbounded."""

    low: Decimal | None = None
    high: Decimal | None = None
    includes_low: bool = False
    includes_high: bool = False

    def meets(self, other: "_Range") -> bool:
        return self._is_below(other) and other._is_below(self)

    def _is_below(self, other: "_Range") -> bool:
        """Whether this range begins before the other ends."""
        if self.low is None or other.high is None:
            return True
        return self.low < other.high or (self.low == other.high and self.includes_low and other.includes_high)


def overlapping_conditions(subject: Subject) -> Iterator[Finding]:
    for process in subject.running:
        for node in process.walk():
            if not isinstance(node, ExclusiveGateway) or len(node.outgoing) < 2:
                continue
            flows = [flow for flow in node.outgoing if not flow.is_default][:_MANY]
            for one, other in combinations(flows, 2):
                if _overlap(one, other):
                    found = f"that {one.id} and {other.id} can hold at once; {one.id} is taken, because it comes first"
                    yield _finding(
                        subject, other, "conditions that exclude each other", found, "Narrow one of the conditions."
                    )


def _overlap(one: SequenceFlow, other: SequenceFlow) -> bool:
    if one.condition is None or other.condition is None or not one.condition.is_feel or not other.condition.is_feel:
        return False
    if one.condition.text.split() == other.condition.text.split():
        return True
    mine, theirs = _range(one.condition.text), _range(other.condition.text)
    return mine is not None and theirs is not None and mine[0] == theirs[0] and mine[1].meets(theirs[1])


def _range(text: str) -> tuple[str, _Range] | None:
    """The variable of a conjunction of number comparisons, and where it holds; None for anything else."""
    name, found = "", _Range()
    for part in re.split(r"\band\b", text):
        match = _COMPARISON.fullmatch(part)
        if match is None or match["sign"] == "!=" or not match["value"].lstrip("-")[0].isdigit():
            return None
        if name and name != match["name"]:
            return None
        name = match["name"]
        found = _narrowed(found, match["sign"], Decimal(match["value"]))
    return name, found


def _narrowed(found: _Range, sign: str, value: Decimal) -> _Range:
    low, high, includes_low, includes_high = found.low, found.high, found.includes_low, found.includes_high
    if sign in (">", ">=", "=") and (low is None or value >= low):
        low, includes_low = value, sign != ">"
    if sign in ("<", "<=", "=") and (high is None or value <= high):
        high, includes_high = value, sign != "<"
    return _Range(low, high, includes_low, includes_high)


def _finding(subject: Subject, flow: SequenceFlow, expected: str, found: str, remedy: str) -> Finding:
    return Finding(
        subject.document.by_id(flow.id),
        f"Expected {expected}, but found {found}.",
        remedy,
        severity=Severity.WARNING,
    )
