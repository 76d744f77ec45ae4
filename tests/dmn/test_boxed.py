"""Boxed expressions of every kind (DMN 1.5, 10.2.2)."""

from decimal import Decimal

import pytest

from app.dmn import Decisions
from tests.dmn.notation import context, decision, inputs, literal, model, table


def value(logic: str, **given: object) -> object:
    declared = inputs(", ".join(given))
    return Decisions.read(("m.dmn", model(declared, decision("d", logic)))).evaluate("d", given).value


def numbers(*values: int) -> list[Decimal]:
    return [Decimal(one) for one in values]


def boxed(kind: str, variable: str = "", **children: str) -> str:
    attribute = f' iteratorVariable="{variable}"' if variable else ""
    inner = "".join(f"<{name.strip('_')}>{literal(text)}</{name.strip('_')}>" for name, text in children.items())
    return f"<{kind}{attribute}>{inner}</{kind}>"


def test_context_entries_see_earlier_ones() -> None:
    """Each entry may use those above it, under names with spaces too."""
    logic = context(("monthly fee", literal("n * 2")), ("yearly", literal("monthly fee * 12")))
    assert value(logic, n=5) == {"monthly fee": Decimal(10), "yearly": Decimal(120)}


def test_a_context_with_a_result_is_that_result() -> None:
    """The entry without a name is the value; the others are its helpers."""
    assert value(context(("half", literal("n / 2")), (None, literal("half + 1"))), n=8) == Decimal(5)


def test_a_context_may_hold_a_table_that_sees_its_entries() -> None:
    """A table inside a context tests an entry above it."""
    inner = table("FIRST", 'size || label: string\n > 10 || "large"\n - || "small"')
    assert value(context(("size", literal("n * 3")), (None, inner)), n=4) == "large"


def test_a_list_keeps_its_order() -> None:
    """A boxed list evaluates each item."""
    assert value(f"<list>{literal('n')}{literal('n + 1')}</list>", n=1) == numbers(1, 2)


def test_a_relation_is_a_list_of_contexts() -> None:
    """One context a row, with the columns' names; columns have types."""
    rows = "".join(f"<row>{literal(a)}{literal(b)}</row>" for a, b in (("1", '"x"'), ("n", "n")))
    logic = f'<relation><column name="a"/><column name="b" typeRef="string"/>{rows}</relation>'
    assert value(logic, n=2) == [{"a": Decimal(1), "b": "x"}, {"a": Decimal(2), "b": None}]


def test_members_of_a_relation_have_names_with_spaces() -> None:
    """The next expression knows the columns of a relation."""
    relation = f'<relation><column name="unit price"/><row>{literal("n")}</row></relation>'
    assert value(context(("rows", relation), (None, literal("rows[1].unit price + 1"))), n=2) == Decimal(3)


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", "yes"), ("false", "no"), ("null", "no"), ('"text"', None), ("1", None)]
)
def test_a_conditional_wants_a_boolean(condition: str, expected: str | None) -> None:
    """Null counts as false; what is neither is null."""
    assert value(boxed("conditional", if_=condition, then='"yes"', else_='"no"')) == expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("item > 2", numbers(3, 4)),
        ("true", numbers(1, 2, 3, 4)),
        ("null", []),
        ('"text"', None),
        ("if item > 2 then true else 5", None),
    ],
)
def test_a_filter_keeps_what_matches(match: str, expected: object) -> None:
    """A match that is no boolean makes the whole null."""
    assert value(boxed("filter", in_="[1, 2, 3, 4]", match=match)) == expected


def test_a_filter_sees_the_members_of_its_items() -> None:
    """Members of an item are in scope, and a member called item wins."""
    assert value(boxed("filter", in_="[{a: 1}, {a: 2}]", match="a = 2")) == [{"a": Decimal(2)}]
    assert value(boxed("filter", in_="[{item: 1}, {item: 2}]", match="item = 2")) == [{"item": Decimal(2)}]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("[1, 2]", numbers(2, 4)), ("[]", []), ("[1..3]", numbers(2, 4, 6)), ("5", numbers(10)), ("null", None)],
)
def test_for_makes_one_result_an_element(source: str, expected: object) -> None:
    """Lists and ranges of integers are iterated, a scalar counts as a list of one."""
    assert value(boxed("for", "element", in_=source, return_="element * 2")) == expected


def test_for_sees_its_earlier_results() -> None:
    """`partial` is the list of the results so far."""
    fibonacci = "if count(partial) < 2 then 1 else partial[-1] + partial[-2]"
    assert value(boxed("for", "i", in_="[1..7]", return_=fibonacci)) == numbers(1, 1, 2, 3, 5, 8, 13)


@pytest.mark.parametrize(
    ("kind", "satisfies", "expected"),
    [
        ("some", "element > 2", True),
        ("some", "element > 9", False),
        ("some", "if element = 3 then true else null", True),
        ("some", "if element = 9 then true else null", None),
        ("some", '"text"', None),
        ("every", "element > 0", True),
        ("every", "element > 2", False),
        ("every", "if element = 3 then false else null", False),
        ("every", "null", None),
        ("every", "1", None),
    ],
)
def test_quantifiers_use_three_valued_logic(kind: str, satisfies: str, expected: object) -> None:
    """Some is an or, every an and; a test that is no boolean makes the whole null."""
    assert value(boxed(kind, "element", in_="[1, 2, 3]", satisfies=satisfies)) == expected


def test_an_invocation_binds_by_name() -> None:
    """Arguments go by the names of the parameters, in any order; a wrong name yields null."""
    function = literal("function(a, b) a - b")

    def call(*names: str) -> str:
        bindings = "".join(
            f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
            for name, text in zip(names, ("1", "10"), strict=True)
        )
        return context(("f", function), (None, f"<invocation>{literal('f')}{bindings}</invocation>"))

    assert value(call("b", "a")) == Decimal(9)
    assert value(call("b", "c")) is None


def test_a_boxed_function_closes_over_its_surroundings() -> None:
    """A function definition sees the variables in scope where it stands."""
    body = literal("x * n")
    function = f'<functionDefinition><formalParameter name="x" typeRef="number"/>{body}</functionDefinition>'
    assert value(context(("times", function), (None, literal("[times(2), times(n)]"))), n=3) == numbers(6, 9)


def test_a_decision_without_logic_is_null() -> None:
    """There is a reason, too."""
    evaluation = Decisions.read(("m.dmn", model(decision("d", "")))).evaluate("d")
    assert evaluation.value is None
    assert [str(reason.kind) for reason in evaluation.reasons] == ["no-logic"]


def test_what_cannot_be_read_is_null_and_leaves_the_rest_alone() -> None:
    """One broken expression does not keep the other decisions of a model from being made."""
    decisions = Decisions.read(
        ("m.dmn", model(decision("broken", literal("1 +")), decision("sound", literal("1"), needs=())))
    )
    broken = decisions.evaluate("broken")
    assert broken.value is None
    assert [str(reason.kind) for reason in broken.reasons] == ["syntax"]
    assert decisions.evaluate("sound").value == Decimal(1)
