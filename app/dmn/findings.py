"""The findings of a table's analysis as diagnostics: which of them matter under which hit policy, and what to do."""

from collections.abc import Iterator, Mapping
from itertools import islice

from app import feel
from app.dmn.analysis import TableAnalysis
from app.dmn.analysis.report import Conflict, Inclusion, Unreachable
from app.dmn.linking import Entry
from app.dmn.model import DecisionTable, HitPolicy
from app.errors import Diagnostic, Severity

MAX_SHOWN = 10
"""How many findings of a kind are reported for one table."""

_SINGLE = frozenset({HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY})


def describe(file: str, entry: Entry, table: DecisionTable, analysis: TableAnalysis) -> Iterator[Diagnostic]:
    """The diagnostics of one table. All are warnings: the table runs, but perhaps not as its author thinks."""
    report = _Report(file, entry, table)
    has_default = any(output.default is not None for output in table.outputs)
    if table.hit_policy in _SINGLE and not has_default:
        yield from islice(report.gaps(analysis), MAX_SHOWN)
    twins = {(one.outer, one.inner) for one in analysis.duplicates}
    overlaps = (one for one in analysis.overlaps if (one.first, one.second) not in twins)
    if table.hit_policy is HitPolicy.UNIQUE:
        yield from (report.overlap(one) for one in islice(overlaps, MAX_SHOWN))
    if table.hit_policy is HitPolicy.ANY:
        disagreeing = (one for one in analysis.overlaps if one.outputs_agree is not True)
        yield from (report.disagreement(one) for one in islice(disagreeing, MAX_SHOWN))
    yield from (report.unreachable(one) for one in islice(analysis.unreachable, MAX_SHOWN))
    hidden = {one.rule for one in analysis.unreachable}
    pointless = analysis.duplicates if table.hit_policy in _SINGLE else ()
    duplicates = (one for one in pointless if one.inner not in hidden)
    yield from (report.duplicate(one) for one in islice(duplicates, MAX_SHOWN))
    if table.hit_policy in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        subsumed = (one for one in analysis.subsumed if one.inner not in hidden)
        yield from (report.subsumed(one) for one in islice(subsumed, MAX_SHOWN))


class _Report:
    def __init__(self, file: str, entry: Entry, table: DecisionTable) -> None:
        self._file = file
        self._name = entry.name
        self._table = table
        self._table_id = table.id or entry.id

    def gaps(self, analysis: TableAnalysis) -> Iterator[Diagnostic]:
        for gap in analysis.gaps:
            region = " and ".join(f"{label} {tests}" for label, tests in gap.region.items() if tests != "-")
            where = f" (everywhere in {region})" if region else ""
            yield self._warning(
                "dmn.gap",
                f"Expected a rule for every input, but found none for {_shown(gap.witness)}{where}.",
                "Add a rule or a default output.",
            )

    def overlap(self, conflict: Conflict) -> Diagnostic:
        return self._warning(
            "dmn.overlap",
            f"Expected at most one matching rule, but found rules {conflict.first} and {conflict.second}, "
            f"which both match {_shown(conflict.witness)}.",
            "Narrow one of the rules, or choose another hit policy.",
            conflict.second,
        )

    def disagreement(self, conflict: Conflict) -> Diagnostic:
        verb = "have" if conflict.outputs_agree is False else "may have"
        return self._warning(
            "dmn.any-disagrees",
            f"Expected equal outputs of rules that match together, but found rules {conflict.first} and "
            f"{conflict.second}, which {verb} different ones for {_shown(conflict.witness)}.",
            "Give both rules the same outputs, or narrow one of them.",
            conflict.second,
        )

    def unreachable(self, one: Unreachable) -> Diagnostic:
        if one.hidden_by:
            others = ", ".join(map(str, one.hidden_by))
            message = (
                f"Expected a rule that can decide, but found rule {one.rule}, which never does: whatever it matches, "
                f"an earlier rule matches first ({others})."
            )
            return self._warning("dmn.hidden-rule", message, "Move the rule up, or remove it.", one.rule)
        label = self._table.inputs[one.column - 1].label if one.column else ""
        message = f"Expected a rule that can match, but found rule {one.rule}, whose cell for {label} allows no value."
        return self._warning("dmn.unmatchable-rule", message, "Correct the cell, or remove the rule.", one.rule)

    def duplicate(self, one: Inclusion) -> Diagnostic:
        message = (
            f"Expected different rules, but found rule {one.inner}, which matches the same inputs as rule {one.outer}."
        )
        remedy = "Remove one of them"
        if self._table.hit_policy is HitPolicy.UNIQUE:
            remedy += ", or collect the outputs of both with COLLECT or RULE ORDER"
        return self._warning("dmn.duplicate-rule", message, f"{remedy}.", one.inner)

    def subsumed(self, one: Inclusion) -> Diagnostic:
        message = (
            f"Expected rules of their own, but found rule {one.inner}, "
            f"whose inputs rule {one.outer} matches all as well."
        )
        return self._warning("dmn.subsumed-rule", message, "Narrow the wider rule, or remove the other.", one.inner)

    def _warning(self, code: str, message: str, remedy: str, rule: int | None = None) -> Diagnostic:
        element = self._table.rules[rule - 1] if rule is not None else self._table
        return Diagnostic(
            code,
            message,
            remedy,
            Severity.WARNING,
            self._file,
            element.id or self._table_id or None,
            self._name,
            element.line or None,
        )


def _shown(witness: Mapping[str, object]) -> str:
    return ", ".join(f"{label} = {feel.literal(value)}" for label, value in witness.items()) or "any input"
