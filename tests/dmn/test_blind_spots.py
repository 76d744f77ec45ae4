"""What the public kit does not notice: each of these rules could be broken while all its cases pass.

`tests.mutants` breaks them one after the other and expects a test of this file to fail.
"""

from decimal import Decimal

import pytest

from app import feel
from app.dmn import DecisionReasonKind, Decisions, Evaluation
from tests.dmn.notation import context, decision, inputs, item, knowledge, literal, model, table


def echo(type_definition: str, given: object) -> object:
    """The value of a decision that answers its input, which is of the type `t`."""
    parts = (type_definition, inputs("value: t"), decision("answer", literal("value")))
    return Decisions.read(("m.dmn", model(*parts))).evaluate("answer", {"value": given}).value


@pytest.mark.parametrize(
    ("given", "expected"), [("gold", "gold"), ("silver", "silver"), ("lead", None), ("", None), (None, None)]
)
def test_allowed_values_are_checked(given: object, expected: object) -> None:
    """A value outside of allowedValues becomes null."""
    assert echo(item("t", "string", allowed='"gold", "silver"'), given) == expected


def test_allowed_values_of_a_list_type_are_those_of_its_elements() -> None:
    """A list is null as a whole if one element is not allowed (7.3.3)."""
    definition = item("t", "number", allowed="[0..10]", is_list=True)
    assert echo(definition, [1, 10]) == [Decimal(1), Decimal(10)]
    assert echo(definition, [1, 11]) is None


@pytest.mark.parametrize(("given", "expected"), [([1, 2], [Decimal(1), Decimal(2)]), ([1, 2, 3], None)])
def test_type_constraints_are_checked(given: object, expected: object) -> None:
    """typeConstraint speaks about the whole value, here about the length of a list."""
    assert echo(item("t", "number", constraint="count(?) < 3", is_list=True), given) == expected


def test_allowed_values_hold_at_parameters_and_results() -> None:
    """A parameter and a result of a constrained type are null outside of it."""
    percent = item("percent", "number", allowed="[0..100]")
    double = knowledge("double", "x: percent", literal("x * 2", "percent"))
    parts = (percent, double, inputs("n: number"), decision("d", literal("[double(n), double(n) = null]")))
    decisions = Decisions.read(("m.dmn", model(*parts)))
    assert decisions.evaluate("d", {"n": 40}).value == [Decimal(80), False]
    assert decisions.evaluate("d", {"n": 60}).value == [None, True]
    assert decisions.evaluate("d", {"n": 200}).value == [None, True]


def test_input_values_are_checked() -> None:
    """An input outside of inputValues makes the table null, even where a rule accepts everything."""
    logic = table("FIRST", "tier: string || rate: number\n - || 1", allowed={"tier": '"gold", "silver"'})
    decisions = Decisions.read(("m.dmn", model(inputs("tier: string"), decision("rate", logic))))
    assert decisions.evaluate("rate", {"tier": "gold"}).value == Decimal(1)
    refused = decisions.evaluate("rate", {"tier": "lead"})
    assert refused.value is None
    assert [reason.kind for reason in refused.reasons] == [DecisionReasonKind.INPUT_NOT_ALLOWED]


def test_output_values_are_checked() -> None:
    """An output outside of outputValues is null, whether it is a literal or computed."""
    logic = table("FIRST", "n: number || rate: number\n 1 || 5\n 2 || n * 10\n 3 || n", allowed={"rate": "[0..4]"})
    decisions = Decisions.read(("m.dmn", model(inputs("n: number"), decision("rate", logic))))
    assert [decisions.evaluate("rate", {"n": n}).value for n in (1, 2, 3)] == [None, None, Decimal(3)]


def test_a_date_becomes_a_date_and_time() -> None:
    """Where a date and time is due, a date is its midnight in UTC (10.3.2.9.4)."""
    answer = echo(item("t", "date and time"), feel.evaluate('date("2024-02-29")'))
    assert feel.to_json(answer) == "2024-02-29T00:00:00Z"


def test_a_scalar_becomes_a_list_of_one() -> None:
    """Where a list is due, a scalar of the element's type is the list of it alone."""
    assert echo(item("t", "number", is_list=True), 7) == [Decimal(7)]
    assert echo(item("t", "number", is_list=True), "seven") is None


def test_a_list_of_one_becomes_its_element() -> None:
    """Where a scalar is due, a list of one is its element, and a longer one is null."""
    assert echo(item("t", "number"), [7]) == Decimal(7)
    assert echo(item("t", "number"), [7, 8]) is None


def two_rules(hit_policy: str, first: str, second: str) -> Evaluation:
    logic = table(hit_policy, f"n: number || rate: number\n > 1 || {first}\n > 2 || {second}")
    return Decisions.read(("m.dmn", model(inputs("n: number"), decision("rate", logic)))).evaluate("rate", {"n": 3})


def test_unique_with_several_hits_is_an_error() -> None:
    """Even equal outputs are an error; the reason names the rules."""
    evaluation = two_rules("UNIQUE", "1", "1")
    assert evaluation.value is None
    (reason,) = evaluation.reasons
    assert reason.kind is DecisionReasonKind.SEVERAL_RULES
    assert "rules 1, 2" in reason.message


def test_any_with_equal_outputs_is_that_output() -> None:
    """Equal means FEEL's equality: 1 and 1.0."""
    assert two_rules("ANY", "1", "1.0").value == Decimal(1)


def test_any_with_disagreeing_outputs_is_an_error() -> None:
    """The reason names the rules."""
    evaluation = two_rules("ANY", "1", "2")
    assert evaluation.value is None
    (reason,) = evaluation.reasons
    assert reason.kind is DecisionReasonKind.OUTPUTS_DISAGREE
    assert "rules 1, 2" in reason.message


def test_numbers_have_34_digits() -> None:
    """A third is written with 34 threes, in a decision as in FEEL."""
    decisions = Decisions.read(("m.dmn", model(inputs("n: number"), decision("d", literal("1 / n")))))
    assert decisions.evaluate("d", {"n": 3}).value == Decimal("0." + "3" * 34)


def test_zoned_times_differ_by_instants() -> None:
    """A day of the change to summer time has 23 hours: the difference is that of the instants, not of the clocks."""
    text = 'date and time("2024-03-31T12:00:00@Europe/Berlin") - date and time("2024-03-30T12:00:00@Europe/Berlin")'
    decisions = Decisions.read(("m.dmn", model(decision("d", literal(text)))))
    assert feel.to_json(decisions.evaluate("d").value) == "PT23H"


def test_zoned_times_move_on_the_line_of_instants() -> None:
    """24 hours after noon, on the night when the clocks go forward, it is one o'clock."""
    text = 'date and time("2024-03-30T12:00:00@Europe/Berlin") + duration("PT24H")'
    decisions = Decisions.read(("m.dmn", model(decision("d", literal(text)))))
    assert feel.to_json(decisions.evaluate("d").value) == "2024-03-31T13:00:00@Europe/Berlin"


def test_a_knowledge_model_may_call_itself() -> None:
    """A business knowledge model sees itself by name, without a requirement."""
    factorial = knowledge("factorial", "n: number", literal("if n <= 1 then 1 else n * factorial(n - 1)"))
    decisions = Decisions.read(("m.dmn", model(factorial, inputs("n: number"), decision("d", literal("factorial(n)")))))
    assert decisions.evaluate("d", {"n": 20}).value == Decimal(2432902008176640000)


def test_knowledge_models_may_call_each_other() -> None:
    """Mutual recursion goes by knowledge requirements."""
    even = knowledge("is even", "n: number", literal("if n = 0 then true else is odd(n - 1)"), needs=["is odd"])
    odd = knowledge("is odd", "n: number", literal("if n = 0 then false else is even(n - 1)"), needs=["is even"])
    decisions = Decisions.read(("m.dmn", model(even, odd, inputs("n: number"), decision("d", literal("is even(n)")))))
    assert decisions.evaluate("d", {"n": 10}).value is True
    assert decisions.evaluate("d", {"n": 11}).value is False


def test_endless_recursion_ends_with_null() -> None:
    """A knowledge model that never stops is null with a reason, in bounded time."""
    endless = knowledge("endless", "n: number", literal("endless(n + 1)"))
    evaluation = Decisions.read(("m.dmn", model(endless, decision("d", literal("endless(1)"))))).evaluate("d")
    assert evaluation.value is None
    assert "limit" in {str(reason.kind) for reason in evaluation.reasons}


def test_superset_contexts_keep_their_extra_members() -> None:
    """A context with more members than its type names is of the type, and nothing is cut off."""
    definition = item("t", components=["a: number"])
    assert echo(definition, {"a": 1, "b": "x"}) == {"a": Decimal(1), "b": "x"}
    assert echo(definition, {"b": "x"}) is None
    assert echo(definition, {"a": None}) == {"a": None}


def test_the_type_of_a_context_entry_holds() -> None:
    """A boxed context's entry of another type than declared is null."""
    logic = context(("a: number", literal('"text"')), ("b: string", literal('"text"')))
    assert Decisions.read(("m.dmn", model(decision("d", logic)))).evaluate("d").value == {"a": None, "b": "text"}
