"""Gaps, overlaps and rules that cannot matter: each with a witness that proves it."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import feel
from app.dmn import Decisions, analyse
from app.dmn.analysis import TableAnalysis
from app.dmn.analysis.pairs import Pairs
from app.dmn.analysis.spaces import make_space
from app.dmn.tables.cells import read_cell
from tests.dmn.notation import decision, inputs, item, model, table


def analysis(hit_policy: str, text: str, **options: object) -> TableAnalysis:
    (found,) = analyse("m.dmn", model(decision("d", table(hit_policy, text, **options))))
    return found


def test_a_gap_has_a_witness_and_a_region() -> None:
    """Between 10 and 20 nothing matches."""
    found = analysis("UNIQUE", "n: number || r: number\n < 10 || 1\n > 20 || 2")
    (gap,) = found.gaps
    assert gap.region == {"n": "[10..20]"}
    assert gap.witness == {"n": Decimal(10)}
    assert found.complete is False
    assert found.disjoint is True


def test_a_complete_table_is_proven_complete() -> None:
    """Every number and either boolean is covered, so there is no gap."""
    found = analysis("UNIQUE", "n: number | b: boolean || r\n < 10 | - || 1\n >= 10 | true || 2\n >= 10 | false || 3")
    assert found.gaps == ()
    assert found.complete is True
    assert found.disjoint is True


def test_strings_that_no_rule_names_are_one_gap() -> None:
    """The witness is none of the names."""
    (gap,) = analysis("UNIQUE", 's: string || r\n "a" || 1\n "b" || 2').gaps
    assert gap.region == {"s": 'not("a", "b")'}
    assert gap.witness["s"] not in ("a", "b")


def test_allowed_values_bound_the_domain() -> None:
    """With inputValues, or the allowed values of the type, naming them all leaves no gap."""
    text = 's: string || r\n "a" || 1\n "b" || 2'
    assert analysis("UNIQUE", text, allowed={"s": '"a", "b"'}).complete is True
    typed = table("UNIQUE", 's: tLetter || r\n "a" || 1\n "b" || 2')
    (found,) = analyse("m.dmn", model(item("tLetter", "string", allowed='"a", "b"'), decision("d", typed)))
    assert found.complete is True


def test_dates_have_no_gap_between_neighbours() -> None:
    """Nothing lies between the 1st and the 2nd of a month."""
    found = analysis("UNIQUE", 'd: date || r\n <= date("2024-01-01") || 1\n >= date("2024-01-02") || 2')
    assert found.complete is True


@pytest.mark.parametrize(
    ("cells", "regions"),
    [
        (["0", "[1..2]", ">= 3", "< 0"], []),
        (["<= 0", "> 0"], []),
        (["0", ">= 2", "< 0"], ["(0..2)"]),
        (["< 0.5", "> 0.5"], []),
        (["< 0.5", "> 1.5"], ["[0.5..1.5]"]),
        (["<= 0.5", ">= 1.5"], ["(0.5..1.5)"]),
        (["< 5", "> 5"], ["5"]),
        (["-5", "< -6", "> 7"], ["[-6..-5)", "(-5..7]"]),
    ],
)
@pytest.mark.parametrize("type_", ["integer", "long", "tCount"])
def test_whole_numbers_have_no_gap_between_neighbours(cells: list[str], regions: list[str], type_: str) -> None:
    """Nothing lies between 0 and 1; every witness is whole, and half of a number is no value of its own."""
    rows = "\n".join(f"{cell} || 1" for cell in cells)
    logic = table("UNIQUE", f"n: {type_} || r\n{rows}")
    (found,) = analyse("m.dmn", model(item("tCount", "integer"), decision("d", logic)))
    assert [gap.region["n"] for gap in found.gaps] == regions
    for gap in found.gaps:
        witness = gap.witness["n"]
        assert isinstance(witness, Decimal)
        assert witness == witness.to_integral_value()


def test_a_gap_of_a_boolean_is_a_boolean() -> None:
    """Not an interval of booleans."""
    found = analysis("UNIQUE", "n: number | b: boolean || r\n < 5 | - || 1\n >= 5 | true || 2")
    assert [gap.region for gap in found.gaps] == [{"n": ">= 5", "b": "false"}]
    found = analysis("UNIQUE", "n: number | b: boolean || r\n < 5 | - || 1")
    assert [gap.region for gap in found.gaps] == [{"n": ">= 5", "b": "-"}]


def test_an_overlap_names_both_rules_and_a_witness() -> None:
    """The witness satisfies both."""
    found = analysis("UNIQUE", 'n: number | s: string || r\n [1..5] | "a" || 1\n [5..9] | - || 2\n > 9 | - || 2')
    (conflict,) = found.overlaps
    assert (conflict.first, conflict.second) == (1, 2)
    assert conflict.witness == {"n": Decimal(5), "s": "a"}
    assert found.disjoint is False


@pytest.mark.parametrize(("second", "agree"), [("1", True), ("1.0", True), ("2", False), ("n", None)])
def test_overlapping_rules_agree_or_not(second: str, agree: bool | None) -> None:
    """ANY wants equal outputs; what has to be computed is unknown."""
    (conflict,) = analysis("ANY", f"n: number || r\n > 1 || 1\n > 2 || {second}").overlaps
    assert conflict.outputs_agree is agree


def test_a_duplicate_is_not_called_subsumed() -> None:
    """Two rules that match the same inputs, however they are written."""
    found = analysis("COLLECT", "n: number || r\n [1..2] || 1\n >= 5 || 2\n [1.0..2.00] || 3")
    assert [(one.outer, one.inner) for one in found.duplicates] == [(1, 3)]
    assert found.subsumed == ()


def test_a_rule_inside_another_is_subsumed() -> None:
    """Every input of rule 2 is one of rule 1's."""
    found = analysis("COLLECT", 'n: number | s: string || r\n > 1 | - || 1\n > 5 | "a" || 2')
    assert [(one.inner, one.outer) for one in found.subsumed] == [(2, 1)]


def test_a_rule_behind_a_wider_one_can_never_decide() -> None:
    """With FIRST, rule 2 is hidden by rule 1, and rule 4 by 1 and 3 together."""
    found = analysis("FIRST", "n: number || r\n < 10 || 1\n < 5 || 2\n < 20 || 3\n [5..15] || 4\n - || 5")
    assert [(one.rule, one.hidden_by) for one in found.unreachable] == [(2, (1,)), (4, (3,))]
    together = analysis("FIRST", "n: number || r\n < 10 || 1\n >= 10 || 2\n [5..15] || 3")
    assert [(one.rule, one.hidden_by) for one in together.unreachable] == [(3, (1, 2))]


def test_a_cell_that_allows_nothing_makes_its_rule_unmatchable() -> None:
    """An upside-down interval, and a value outside of the allowed ones."""
    found = analysis("UNIQUE", 's: string | n: number || r\n - | [9..1] || 1\n "x" | - || 2', allowed={"s": '"a"'})
    assert [(one.rule, one.column) for one in found.unreachable] == [(1, 2), (2, 1)]


def test_computed_cells_are_left_out() -> None:
    """Where FEEL must evaluate, nothing is claimed but that equal texts overlap."""
    found = analysis("UNIQUE", "n: number || r\n > x || 1\n > x || 2\n > y || 3")
    assert found.complete is None
    assert [(one.first, one.second) for one in found.overlaps] == [(1, 2)]


def test_boundary_values_stand_around_each_endpoint() -> None:
    """At, just below and just above, in the precision of the endpoint; strings and another one."""
    found = analysis("UNIQUE", 'n: number | s: string | d: date || r\n [2.5..10) | "a" | > date("2024-02-29") || 1')
    assert found.boundary_values["n"] == tuple(map(Decimal, ("2.4", "2.5", "2.6", "9", "10", "11")))
    assert found.boundary_values["s"] == ("a", "other")
    assert feel.to_json(list(found.boundary_values["d"])) == ["2024-02-28", "2024-02-29", "2024-03-01"]


def test_the_analysis_is_json() -> None:
    """It can be sent as it is."""
    found = analysis("UNIQUE", "n: number || r\n < 10 || 1\n < 5 || 2").to_json()
    assert feel.json_loads(feel.json_dumps(found))["overlaps"][0]["rules"] == [1, 2]


TESTS = ["-", "< 2", "[1..3]", "> 3", "2", "not(2)", "1, 3", "[2..4)"]
rules = st.lists(st.tuples(st.sampled_from(TESTS), st.sampled_from(TESTS)), min_size=1, max_size=6)
POINTS = [Decimal(n) / 2 for n in range(-1, 11)]


@settings(max_examples=150)
@given(rules=rules)
def test_the_analysis_says_what_trying_all_inputs_says(rules: list[tuple[str, str]]) -> None:
    """On a small grid: gaps, overlaps, inclusion and completeness are exactly what evaluation shows."""
    text = "a: number | b: number || r\n" + "\n".join(f"{a} | {b} || {i}" for i, (a, b) in enumerate(rules, 1))
    logic = table("COLLECT", text)
    content = model(inputs("a: number, b: number"), decision("d", logic))
    decisions = Decisions.read(("m.dmn", content))
    hits = {
        (a, b): {int(one) for one in decisions.evaluate("d", {"a": a, "b": b}).value}  # type: ignore[union-attr]
        for a in POINTS
        for b in POINTS
    }
    (found,) = analyse("m.dmn", content)
    assert found.complete is all(hits.values())
    for gap in found.gaps:
        assert decisions.evaluate("d", gap.witness).value == []
    overlapping = {(i, j) for matched in hits.values() for i in matched for j in matched if i < j}
    assert {(one.first, one.second) for one in found.overlaps} == overlapping
    for conflict in found.overlaps:
        matched = decisions.evaluate("d", conflict.witness).value
        assert {Decimal(conflict.first), Decimal(conflict.second)} <= set(matched)  # type: ignore[call-overload]
    inside = {
        i for i in range(1, len(rules) + 1) for j in range(1, len(rules) + 1) if i != j and _inside(hits.values(), i, j)
    }
    assert {one.inner for one in (*found.subsumed, *found.duplicates)} | {
        one.outer for one in found.duplicates
    } >= inside


def _inside(hits: object, inner: int, outer: int) -> bool:
    return all(outer in matched for matched in hits if inner in matched)  # type: ignore[attr-defined]


def test_ten_thousand_rules_have_all_their_pairs_compared() -> None:
    """The sets of all pairs of 10,000 rules with four columns are made without looking at each pair."""
    size = 10_000
    columns = [
        [read_cell(f'"c{i % 100}"') for i in range(size)],
        [read_cell(f'"t{i // 100 % 20}"') for i in range(size)],
        [read_cell(f"[{i // 2000 * 10}..{i // 2000 * 10 + 10})") for i in range(size)],
        [read_cell("-" if i % 2 else "> 0") for i in range(size)],
    ]
    spaces = [make_space(f"column {i}", column, None) for i, column in enumerate(columns)]
    pairs = Pairs(spaces, size)
    assert all(bits == 1 << rule for rule, bits in enumerate(pairs.overlapping))
    assert all(bits == 1 << rule for rule, bits in enumerate(pairs.containing))
