"""Every hit policy and aggregation, with matches, without, and with defaults (DMN 1.5, 8.2.10)."""

from decimal import Decimal

import pytest

from app.dmn import DecisionReasonKind, Decisions
from tests.dmn.notation import decision, inputs, model, table

RULES = """
    amount: number || rate: number
    > 10           || 3
    > 20           || 1
    > 30           || 2
"""


def decide(hit_policy: str, amount: int, **options: object) -> object:
    logic = table(hit_policy, RULES, **options)
    decisions = Decisions.read(("m.dmn", model(inputs("amount: number"), decision("rate", logic))))
    return decisions.evaluate("rate", {"amount": amount}).value


def numbers(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("hit_policy", "options", "amount", "expected"),
    [
        ("FIRST", {}, 35, Decimal(3)),
        ("FIRST", {}, 5, None),
        ("FIRST", {"default": {"rate": "9"}}, 5, Decimal(9)),
        ("UNIQUE", {}, 15, Decimal(3)),
        ("UNIQUE", {}, 5, None),
        ("UNIQUE", {"default": {"rate": "9"}}, 5, Decimal(9)),
        ("ANY", {}, 15, Decimal(3)),
        ("ANY", {}, 5, None),
        ("PRIORITY", {"allowed": {"rate": "1, 2, 3"}}, 35, Decimal(1)),
        ("PRIORITY", {"allowed": {"rate": "2, 3, 1"}}, 35, Decimal(2)),
        ("PRIORITY", {"allowed": {"rate": "1, 2, 3"}}, 5, None),
        ("PRIORITY", {"allowed": {"rate": "= 2, > 2, < 2"}}, 35, Decimal(2)),
        ("PRIORITY", {"allowed": {"rate": "[2..3), <= 10"}}, 35, Decimal(2)),
        ("RULE ORDER", {}, 35, numbers(3, 1, 2)),
        ("RULE ORDER", {}, 5, []),
        ("OUTPUT ORDER", {"allowed": {"rate": "1, 2, 3"}}, 35, numbers(1, 2, 3)),
        ("OUTPUT ORDER", {"allowed": {"rate": "2, 3, 1"}}, 25, numbers(3, 1)),
        ("COLLECT", {}, 35, numbers(3, 1, 2)),
        ("COLLECT", {}, 5, []),
        ("COLLECT", {"default": {"rate": "9"}}, 5, numbers(9)),
        ("COLLECT", {"aggregation": "SUM"}, 35, Decimal(6)),
        ("COLLECT", {"aggregation": "MIN"}, 35, Decimal(1)),
        ("COLLECT", {"aggregation": "MAX"}, 35, Decimal(3)),
        ("COLLECT", {"aggregation": "COUNT"}, 35, Decimal(3)),
        ("COLLECT", {"aggregation": "COUNT"}, 5, Decimal(0)),
        ("COLLECT", {"aggregation": "SUM"}, 5, None),
    ],
)
def test_a_policy_makes_of_the_matching_rules_what_the_standard_says(
    hit_policy: str, options: dict[str, object], amount: int, expected: object
) -> None:
    """The result is a single output, a list in the right order, or the aggregation; without a match, the default."""
    assert decide(hit_policy, amount, **options) == expected


@pytest.mark.parametrize("letter", ["U", "F", "P", "A", "C", "R", "O"])
def test_a_policy_may_be_written_as_its_letter(letter: str) -> None:
    """Tools write "F" for FIRST; a single match gives the same output under all of them."""
    assert decide(letter, 15) in (Decimal(3), [Decimal(3)])


def test_several_outputs_make_a_context() -> None:
    """Each match yields a context of the columns' names."""
    logic = table("COLLECT", 'n: number || a: number | b: string\n > 1 || 1 | "x"\n > 2 || n * 2 | "y"')
    decisions = Decisions.read(("m.dmn", model(inputs("n: number"), decision("d", logic))))
    assert decisions.evaluate("d", {"n": 3}).value == [
        {"a": Decimal(1), "b": "x"},
        {"a": Decimal(6), "b": "y"},
    ]


def test_priority_of_several_outputs_goes_column_by_column() -> None:
    """The first column's output values decide, the second one's only among equals (8.2.10)."""
    logic = table(
        "PRIORITY",
        """
        n: number || risk: string | level: string
        -         || "low"        | "b"
        -         || "high"       | "c"
        -         || "high"       | "a"
        """,
        allowed={"risk": '"high", "low"', "level": '"a", "b", "c"'},
    )
    decisions = Decisions.read(("m.dmn", model(inputs("n: number"), decision("d", logic))))
    assert decisions.evaluate("d", {"n": 1}).value == {"risk": "high", "level": "a"}


def test_an_aggregation_of_several_outputs_is_undefined() -> None:
    """SUM over a context is null, and the reason says so."""
    logic = table("COLLECT", "n: number || a: number | b: number\n - || 1 | 2", aggregation="SUM")
    evaluation = Decisions.read(("m.dmn", model(inputs("n: number"), decision("d", logic)))).evaluate("d", {"n": 1})
    assert evaluation.value is None
    assert [reason.kind for reason in evaluation.reasons] == [DecisionReasonKind.NOT_SUPPORTED]


def test_a_table_without_inputs_has_rules_that_always_match() -> None:
    """No input clause means no condition."""
    rule = "<rule><outputEntry><text>1</text></outputEntry></rule>"
    logic = f'<decisionTable hitPolicy="FIRST"><output/>{rule}</decisionTable>'
    assert Decisions.read(("m.dmn", model(decision("d", logic)))).evaluate("d").value == Decimal(1)


def test_an_answer_can_be_changed_without_changing_the_next_one() -> None:
    """What a caller gets belongs to the caller."""
    logic = table("FIRST", "n: number || a: number | b: number\n - || 1 | 2")
    decisions = Decisions.read(("m.dmn", model(inputs("n: number"), decision("d", logic))))
    first = decisions.evaluate("d", {"n": 1}).value
    assert isinstance(first, dict)
    first["a"] = "changed"
    assert decisions.evaluate("d", {"n": 1}).value == {"a": Decimal(1), "b": Decimal(2)}
