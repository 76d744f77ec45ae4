"""An explanation in sentences, as a person would say it."""

import pytest

from app.dmn import Decisions, tell
from tests.dmn.notation import decision, inputs, knowledge, literal, model, table

WHY_NOT = [
    ("number", "[0..2000]", 2001, "v 2,001 is not in [0..2,000]"),
    ("number", "(0.5..1)", 1, "v 1 is not in (0.5..1)"),
    ("number", "> 20", 15, "v 15 is not more than 20"),
    ("number", ">= 20", 15, "v 15 is not at least 20"),
    ("number", "< 20", 25, "v 25 is not less than 20"),
    ("number", "<= 1000000", 2000000, "v 2,000,000 is not at most 1,000,000"),
    ("number", "5", 6, "v 6 is not 5"),
    ("number", "1, 2", 6, "v 6 is not one of 1, 2"),
    ("number", "1, > 10", 6, "v 6 is none of these: 1; more than 10"),
    ("number", "not(6, 7)", 6, "v 6 is excluded by not(6, 7)"),
    ("number", "> other + 1", 6, "v 6 does not pass > other + 1"),
    ("number", "> 5", None, "v is null, and the rule asks for > 5"),
    ("string", '"gold"', "iron", 'v "iron" is not "gold"'),
    ("string", '"gold", "pro"', "iron", 'v "iron" is not one of "gold", "pro"'),
    ("boolean", "true", False, "v false is not true"),
    ("date", '< date("2024-05-31")', "2024-06-01", "v 2024-06-01 is not before 2024-05-31"),
    ("date", '>= date("2024-05-31")', "2024-05-01", "v 2024-05-01 is not on or after 2024-05-31"),
    ("date", '(date("2024-01-01")..today()]', "2023-05-01", 'v 2023-05-01 does not pass (date("2024-01-01")..today()]'),
    ("time", '< time("09:00:00")', "10:00:00", 'v 10:00:00 does not pass < time("09:00:00")'),
    ("dayTimeDuration", '> duration("P2D")', "P1D", "v P1D is not more than P2D"),
    ("Any", "> 3", "5", 'v "5" does not compare with > 3. Expected two values that compare, but found'),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "cell", "value", "expected"), WHY_NOT)
def test_why_a_rule_did_not_match(type_: str, cell: str, value: object, expected: str) -> None:
    """The value, and what it is not; a mistyped value is not called too small."""
    logic = table("FIRST", f"v: {type_} || r\n {cell} || 1\n - || 2")
    parts = inputs(f"v: {type_}, other: number"), decision("d", logic)
    decisions = Decisions.read(("m.dmn", model(*parts)))
    (passage,) = tell(decisions.evaluate("d", {"v": value, "other": 10}, explain=True))
    assert passage.headline == "d is 2."
    (why,) = (one for one in passage.sentences if one.startswith("Rule 1 "))
    assert why.startswith(f"Rule 1 did not match: {expected}")
    assert why.endswith(".")
    assert "Rule 2 matched (hit policy FIRST)." in passage.sentences


def test_a_graph_is_told_requirements_first() -> None:
    """Each decision with what it saw; what nobody gave before all of them; why something is null last."""
    parts = (
        inputs("amount: number, tier: string"),
        decision("rate", table("UNIQUE", "amount: number || r\n < 10 || 1"), needs=["amount"]),
        decision("total", literal("rate * amount"), needs=["rate", "amount", "tier"]),
    )
    decisions = Decisions.read(("m.dmn", model(*parts)))
    told = tell(decisions.evaluate("total", {"amount": 2001}, explain=True))
    assert [(one.headline, one.sentences) for one in told] == [
        ("Before any decision:", ("Expected the input tier, but found none.",)),
        (
            "rate is null.",
            (
                "It saw amount = 2,001.",
                "No rule matched.",
                "Rule 1 did not match: amount 2,001 is not less than 10.",
                "Why something is null: Expected a rule that matches, but found none for amount = 2001.",
            ),
        ),
        (
            "total is null.",
            (
                "It saw amount = 2,001, tier = null, rate = null.",
                "Why something is null: Expected two values to multiply, but found null and the number 2001.",
            ),
        ),
    ]
    assert told[1].to_json()["headline"] == "rate is null."


def test_a_large_table_is_told_in_part() -> None:
    """Twenty rules one by one, then how many there are besides."""
    rows = "\n".join(f"{number} || {number}" for number in range(1500))
    decisions = Decisions.read(("m.dmn", model(decision("d", table("FIRST", f"n: number || r\n{rows}")))))
    (passage,) = tell(decisions.evaluate("d", {"n": 700}, explain=True))
    assert len(passage.sentences) == 1 + 1 + 20 + 1
    assert passage.sentences[-1] == "1,479 more rules did not match."


def test_a_table_that_fails_is_told_by_its_reason() -> None:
    """No rule is said to have matched or failed."""
    decisions = Decisions.read(("m.dmn", model(decision("d", table("FIRST", "n || r\n 'x' || 1\n - || 2")))))
    (passage,) = tell(decisions.evaluate("d", {"n": 1}, explain=True))
    assert passage.headline == "d is null."
    assert len(passage.sentences) == 2
    assert passage.sentences[1].startswith("Why something is null: ")


def test_a_table_inside_a_function_is_told_for_each_call() -> None:
    """With what each call asked."""
    logic = table("UNIQUE", "n: number || r: number\n < 5 || 1\n >= 5 || 2")
    parts = (knowledge("rated", "n: number", logic), decision("d", literal("rated(1) + rated(9)")))
    (passage,) = tell(Decisions.read(("m.dmn", model(*parts))).evaluate("d", explain=True))
    assert passage.sentences == (
        "Table 1 of 2 was asked with n = 1.",
        "Rule 1 matched (hit policy UNIQUE).",
        "Rule 2 did not match: n 1 is not at least 5.",
        "Table 2 of 2 was asked with n = 9.",
        "Rule 2 matched (hit policy UNIQUE).",
        "Rule 1 did not match: n 9 is not less than 5.",
    )


def test_nothing_is_told_of_what_was_not_explained() -> None:
    """The fast path traces nothing."""
    assert tell(Decisions.read(("m.dmn", model(decision("d", literal("1"))))).evaluate("d")) == ()
