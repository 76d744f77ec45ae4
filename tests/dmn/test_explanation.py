"""An explanation says what was seen, which rules matched, and why each other rule did not."""

from decimal import Decimal

import pytest

from app import feel
from app.dmn import Decisions
from tests.dmn.notation import decision, inputs, knowledge, literal, model, table

RATE = table(
    "COLLECT",
    """
    amount: number | tier: string || rate: number
    > 10           | "gold"       || 1
    > 20           | -            || 2
    > amount - 1   | "gold"       || 3
    """,
)
MODEL = model(
    inputs("amount: number, tier: string"),
    decision("rates", RATE),
    decision("total", literal("sum(rates) * amount"), needs=["amount", "rates"]),
)


@pytest.fixture(scope="module")
def decisions() -> Decisions:
    return Decisions.read(("m.dmn", MODEL))


def test_every_decision_is_there_requirements_first(decisions: Decisions) -> None:
    """Each with its value, its hit policy if it is a table, and the rules that matched."""
    outcomes = decisions.evaluate("total", {"amount": 15, "tier": "gold"}, explain=True).decisions
    assert [(one.name, one.value, one.hit_policy) for one in outcomes] == [
        ("rates", [Decimal(1), Decimal(3)], "COLLECT"),
        ("total", Decimal(60), None),
    ]
    assert [(rule.index, rule.id) for rule in outcomes[0].rules] == [(1, "r1"), (3, "r3")]


def test_the_trace_shows_inputs_and_the_first_cell_that_failed(decisions: Decisions) -> None:
    """For rule 2 the amount, which is not above 20."""
    trace = decisions.evaluate("total", {"amount": 15, "tier": "gold"}, explain=True).trace
    assert trace is not None
    assert trace.inputs == {"amount": Decimal(15), "tier": "gold"}
    (rates, total) = trace.decisions
    (seen,) = rates.tables
    assert seen.inputs == {"amount": Decimal(15), "tier": "gold"}
    (miss,) = seen.misses()
    assert (miss.index, miss.id, miss.column, miss.label, miss.cell, miss.value) == (
        2, "r2", 1, "amount", "> 20", Decimal(15)
    )  # fmt: skip
    assert total.inputs == {"amount": Decimal(15), "rates": [Decimal(1), Decimal(3)]}


def test_computed_cells_are_explained_too(decisions: Decisions) -> None:
    """Rule 3 holds in its first, computed cell and fails in the second."""
    trace = decisions.evaluate("rates", {"amount": 15, "tier": "iron"}, explain=True).trace
    assert trace is not None
    assert [(miss.index, miss.column) for miss in trace.decisions[0].tables[0].misses()] == [(1, 2), (2, 1), (3, 2)]


def test_the_explanation_does_not_change_the_answer(decisions: Decisions) -> None:
    """Both compilations agree."""
    for amount in (5, 15, 25, None):
        given = {"amount": amount, "tier": "gold"}
        fast, explained = decisions.evaluate("total", given), decisions.evaluate("total", given, explain=True)
        assert fast.value == explained.value
        assert fast.reasons == explained.reasons


def test_without_a_wish_nothing_is_traced(decisions: Decisions) -> None:
    """The fast path leaves the trace out."""
    evaluation = decisions.evaluate("total", {"amount": 15, "tier": "gold"})
    assert evaluation.trace is None
    assert evaluation.decisions == ()


def test_tables_inside_functions_are_traced() -> None:
    """A table in a knowledge model occurs once for each call."""
    logic = table("UNIQUE", "n: number || r: number\n < 5 || 1\n >= 5 || 2")
    parts = (knowledge("rated", "n: number", logic), decision("d", literal("rated(1) + rated(9)")))
    evaluation = Decisions.read(("m.dmn", model(*parts))).evaluate("d", explain=True)
    assert evaluation.trace is not None
    assert [[hit.index for hit in one.matched] for one in evaluation.trace.decisions[0].tables] == [[1], [2]]


def test_an_evaluation_is_json_without_loss(decisions: Decisions) -> None:
    """Value, reasons, decisions and trace can be stored and read back; numbers stay decimal."""
    evaluation = decisions.evaluate("total", {"amount": Decimal("15.10"), "tier": "gold"}, explain=True)
    read = feel.json_loads(feel.json_dumps(evaluation.to_json()))
    assert read["value"] == Decimal("60.40")
    assert read["decisions"][0]["rules"] == [{"index": 1, "id": "r1"}, {"index": 3, "id": "r3"}]
    (seen,) = read["trace"]["decisions"][0]["tables"]
    assert seen["not_matched"] == [
        {
            "index": 2,
            "id": "r2",
            "column": 1,
            "input": "amount",
            "cell": "> 20",
            "value": Decimal("15.10"),
            "reasons": [],
        }
    ]


def test_an_explanation_of_a_large_table_is_bounded() -> None:
    """JSON lists a thousand rules that did not match and says how many more there are; `misses` has them all."""
    rows = "\n".join(f"= {number} || {number}" for number in range(1500))
    content = model(inputs("n: number"), decision("d", table("FIRST", f"n: number || r: number\n{rows}")))
    trace = Decisions.read(("m.dmn", content)).evaluate("d", {"n": 7}, explain=True).trace
    assert trace is not None
    (seen,) = trace.decisions[0].tables
    shown = seen.to_json()
    assert isinstance(shown["not_matched"], list)
    assert (len(shown["not_matched"]), shown["not_matched_omitted"]) == (1000, 499)
    assert len(list(seen.misses())) == 1499


def test_a_null_has_a_reason_with_its_place() -> None:
    """The reason names the element, the expression and the position in it."""
    logic = '<literalExpression id="text"><text>1 + amount / 0</text></literalExpression>'
    (reason,) = (
        Decisions.read(("m.dmn", model(inputs("amount: number"), decision("d", logic))))
        .evaluate("d", {"amount": 5})
        .reasons[:1]
    )
    assert reason.kind is feel.ReasonKind.DIVISION_BY_ZERO
    assert reason.place.element_id == "text"
    assert reason.place.text[reason.start : reason.end] == "amount / 0"


def test_reasons_inside_a_function_name_the_function_s_expression() -> None:
    """And after the call, the caller's again."""
    inside = '<literalExpression id="inside"><text>x / 0</text></literalExpression>'
    outside = '<literalExpression id="outside"><text>[f(1), 1 / 0]</text></literalExpression>'
    evaluation = Decisions.read(("m.dmn", model(knowledge("f", "x", inside), decision("d", outside)))).evaluate("d")
    assert [reason.place.element_id for reason in evaluation.reasons] == ["inside", "outside"]


def test_a_reason_that_arises_again_is_kept_once() -> None:
    """One null operand inside a loop is one reason, not one for every round."""
    content = model(decision("d", literal("for i in 1..50 return i + null")))
    reasons = Decisions.read(("m.dmn", content)).evaluate("d").reasons
    assert [(str(reason.kind), reason.start) for reason in reasons] == [("null-operand", 22)]


def test_ten_thousand_reasons_are_enough() -> None:
    """More are dropped, and the evaluation goes on."""
    evaluation = Decisions.read(
        ("m.dmn", model(decision("d", literal("count(for i in 1..20000 return [][i])"))))
    ).evaluate("d")
    assert evaluation.value == Decimal(20000)
    assert len(evaluation.reasons) == 10_000
