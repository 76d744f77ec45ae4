"""A declared type means the same wherever it is declared: it converts, it restricts, and what does not fit is null."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app import feel
from app.dmn import Decisions, Evaluation
from tests.dmn.notation import (
    Node,
    context,
    decision,
    inputs,
    item,
    knowledge,
    literal,
    model,
    service,
    table,
)

ITEMS = (
    item("tSmall", "number", allowed="<= 10"),
    item("tSmalls", "tSmall", is_list=True),
    item("tNumbers", "number", is_list=True),
    item("tTexts", "string", is_list=True),
    item("tRows", "tNumbers", is_list=True),
    item("tPair", components=["a: tSmall", "b: tNumbers"]),
    item("tFew", "tNumbers", constraint="count(?) <= 2"),
)
EXACT = feel.evaluate('@"2024-01-02T00:00:00Z"')

CONVERSIONS = [
    ("number", "5", Decimal(5)),
    ("number", "[5]", Decimal(5)),
    ("number", "[5, 6]", None),
    ("number", '"5"', None),
    ("string", "5", None),
    ("tSmall", "5", Decimal(5)),
    ("tSmall", "[5]", Decimal(5)),
    ("tSmall", "11", None),
    ("tSmall", "[11]", None),
    ("tNumbers", "5", [Decimal(5)]),
    ("tNumbers", "[[5, 6]]", [Decimal(5), Decimal(6)]),
    ("tNumbers", '"5"', None),
    ("tSmalls", "5", [Decimal(5)]),
    ("tSmalls", "11", None),
    ("tSmalls", "[5, 11]", None),
    ("tSmalls", "[5, [6]]", [Decimal(5), Decimal(6)]),
    ("tTexts", '"a"', ["a"]),
    ("tRows", "[1, 2]", [[Decimal(1), Decimal(2)]]),
    ("tRows", "[[1], 2]", [[Decimal(1)], [Decimal(2)]]),
    ("tFew", "5", [Decimal(5)]),
    ("tFew", "[1, 2, 3]", None),
    ("tPair", "{a: 1, b: [2]}", {"a": Decimal(1), "b": [Decimal(2)]}),
    ("tPair", "{a: [1], b: 2}", {"a": Decimal(1), "b": [Decimal(2)]}),
    ("tPair", "[{a: 1, b: [2]}]", {"a": Decimal(1), "b": [Decimal(2)]}),
    ("tPair", "{a: 11, b: [2]}", None),
    ("date and time", 'date("2024-01-02")', EXACT),
    ("boolean", "null", None),
]


def answer(*parts: object, name: str = "d", **more: object) -> Evaluation:
    return Decisions.read(("m.dmn", model(*ITEMS, *parts))).evaluate(name, **more)  # type: ignore[arg-type]


def as_decision(type_: str, text: str) -> object:
    return answer(decision(f"d: {type_}", literal(text))).value


def as_literal(type_: str, text: str) -> object:
    return answer(decision("d", literal(text, type_))).value


def as_context_entry(type_: str, text: str) -> object:
    return answer(decision("d", context((f"e: {type_}", literal(text)), (None, literal("e"))))).value


def as_list_item(type_: str, text: str) -> object:
    value = answer(decision("d", f"<list>{literal(text, type_)}{literal('1')}</list>")).value
    assert isinstance(value, list)
    return value[0]


def as_relation_cell(type_: str, text: str) -> object:
    relation = f'<relation><column name="c" typeRef="{type_}"/><row>{literal(text)}</row></relation>'
    value = answer(decision("d", relation)).value
    assert isinstance(value, list)
    return value[0]["c"]


def as_output(type_: str, text: str) -> object:
    return answer(decision("d", table("UNIQUE", f"1 || r: {type_}\n - || {text}"))).value


def as_one_of_two_outputs(type_: str, text: str) -> object:
    value = answer(decision("d", table("FIRST", f"1 || r: {type_} | s\n - || {text} | 1"))).value
    assert isinstance(value, dict)
    return value["r"]


def as_default_output(type_: str, text: str) -> object:
    return answer(decision("d", table("UNIQUE", f"1 || r: {type_}\n 2 || null", default={"r": text}))).value


def as_column(type_: str, text: str) -> object:
    """What the column tests, seen by a cell."""
    parts = decision("e", literal(text)), decision("d", table("COLLECT", f"e: {type_} || r\n ? != null || 1"))
    trace = answer(*parts, explain=True).trace
    assert trace is not None
    return trace.decisions[-1].tables[0].inputs["e"]


def as_override(type_: str, text: str) -> object:
    parts = decision(f"e: {type_}", literal("null")), decision("d", literal("e"))
    return answer(*parts, overrides={"e": feel.evaluate(text)}).value


def as_overridden_input(type_: str, text: str) -> object:
    return answer(inputs(f"e: {type_}"), decision("d", literal("e")), overrides={"e": feel.evaluate(text)}).value


def as_input(type_: str, text: str) -> object:
    return answer(inputs(f"e: {type_}"), decision("d", literal("e")), inputs={"e": feel.evaluate(text)}).value


def as_model_result(type_: str, text: str) -> object:
    return answer(knowledge("f", "x", literal(text), type_ref=type_), decision("d", literal("f(1)"))).value


def as_service_input(type_: str, text: str) -> object:
    parts = (
        inputs(f"e: {type_}"),
        decision("out", literal("e")),
        service("s", outputs=["out"], takes=["e"]),
        decision("d", literal(f"s({text})"), needs=["s"]),
    )
    return answer(*parts).value


PLACES: list[Callable[[str, str], object]] = [
    as_decision,
    as_literal,
    as_context_entry,
    as_list_item,
    as_relation_cell,
    as_output,
    as_one_of_two_outputs,
    as_default_output,
    as_column,
    as_override,
    as_overridden_input,
    as_input,
    as_model_result,
    as_service_input,
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_type_converts_and_restricts_alike_wherever_it_is_declared(place: Callable[[str, str], object]) -> None:
    """Both rules of singleton lists, allowed values, item definitions and dates, at every place that has a type."""
    found = [(type_, text, place(type_, text)) for type_, text, _ in CONVERSIONS]
    assert found == CONVERSIONS


CALLED = literal('"called"')
PARAMETERS: dict[str, Callable[[str], tuple[Node, ...]]] = {
    "a knowledge model": lambda text: (
        knowledge("f", "x: tSmall", CALLED),
        decision("d", literal(f"f({text})")),
    ),
    "a knowledge model by name": lambda text: (
        knowledge("f", "x: tSmall", CALLED),
        decision("d", literal(f"f(x: {text})")),
    ),
    "a boxed invocation": lambda text: (
        knowledge("f", "x: tSmall", CALLED),
        decision(
            "d",
            f'<invocation>{literal("f")}<binding><parameter name="x"/>{literal(text)}</binding></invocation>',
        ),
    ),
    "a boxed function": lambda text: (
        decision(
            "d",
            context(
                (
                    "f",
                    f'<functionDefinition><formalParameter name="x" typeRef="tSmall"/>{CALLED}</functionDefinition>',
                ),
                (None, literal(f"f({text})")),
            ),
        ),
    ),
    "a function literal": lambda text: (
        decision("d", literal(f'{{f: function(x: number) "called", y: f({text})}}.y')),
    ),
    "a decision service": lambda text: (
        *inputs("x: tSmall"),
        decision("out", literal('"called"'), needs=["x"]),
        service("s", outputs=["out"], takes=["x"]),
        decision("d", literal(f"s({text})"), needs=["s"]),
    ),
}


@pytest.mark.parametrize("kind", PARAMETERS)
def test_an_argument_that_does_not_fit_makes_the_whole_call_null(kind: str) -> None:
    """Though the function would not even look at it; null, and what converts, is no misfit."""
    for text, expected in (("5", "called"), ("[5]", "called"), ("null", "called"), ('"5"', None)):
        assert answer(*PARAMETERS[kind](text)).value == expected, text
    reasons = answer(*PARAMETERS[kind]('"5"')).reasons
    assert [str(reason.kind) for reason in reasons] == ["wrong-type"]


@pytest.mark.parametrize("name", ["f", "s"])
def test_a_direct_call_is_null_too(name: str) -> None:
    """A knowledge model and a service asked by their names, as by the command line."""
    parts = (
        *inputs("x: tSmall"),
        decision("out", literal('"called"'), needs=["x"]),
        service("s", outputs=["out"], takes=["x"]),
        knowledge("f", "x: tSmall", CALLED),
    )
    assert answer(*parts, name=name, inputs={"x": 5}).value == "called"
    assert answer(*parts, name=name, inputs={"x": 11}).value is None


@pytest.mark.parametrize("type_", ["number", "tSmall"])
def test_a_result_that_does_not_fit_makes_the_call_null(type_: str) -> None:
    """Of a knowledge model, by its variable and by its function, and of a boxed function that declares its result."""
    boxed = f'<functionDefinition typeRef="{type_}">{literal("result")}</functionDefinition>'
    typed = f'<encapsulatedLogic typeRef="{type_}">'
    plain = knowledge("f", "", literal("result"))
    for text, expected in (("5", Decimal(5)), ("[5]", Decimal(5)), ('"5"', None), ("{a: 1}", None)):
        for node in (
            knowledge("f", "", literal(text), type_ref=type_),
            Node(
                "businessKnowledgeModel",
                "f",
                plain.body.replace("<encapsulatedLogic>", typed).replace("result", text),
                (),
            ),
        ):
            assert answer(node, decision("d", literal("f()"))).value == expected
        parts = context(("f", boxed.replace("result", text)), (None, literal("f()")))
        assert answer(decision("d", parts)).value == expected


TEMPORAL_TEXTS = [
    ("date", "2025-01-01", "date"),
    ("dateTime", "2025-01-01T10:00:00Z", "date and time"),
    ("date and time", "2025-01-01", "date and time"),
    ("time", "10:30:00", "time"),
    ("dayTimeDuration", "P1DT2H", "days and time duration"),
    ("yearMonthDuration", "P1Y", "years and months duration"),
]


@pytest.mark.parametrize(("type_", "text", "kind"), TEMPORAL_TEXTS)
@pytest.mark.parametrize("declared", ["column", "input data", "both"])
def test_a_text_in_iso_8601_is_a_date_wherever_the_type_is_declared(
    type_: str, text: str, kind: str, declared: str
) -> None:
    """In the table only, as dmn-js writes it, in the input data only, or in both; in a list of one as well."""
    column = "v" if declared == "input data" else f"v: {type_}"
    given = () if declared == "column" else inputs("v" if declared == "column" else f"v: {type_}")
    logic = table("FIRST", f'{column} || r\n ? instance of {kind} || "read"\n - || "not read"')
    for value in (text, [text]):
        found = answer(*given, decision("d", logic), inputs={"v": value})
        assert (found.value, found.reasons) == ("read", ())


@pytest.mark.parametrize(
    ("type_", "text", "example"),
    [
        ("date", "01.05.2025", "2024-05-31"),
        ("date", "2025-02-30", "2024-05-31"),
        ("time", "half past nine", "09:30:00"),
        ("date and time", "2025-01-01 10:00", "2024-05-31T09:30:00"),
        ("dayTimeDuration", "2 days", "P1DT12H"),
        ("yearMonthDuration", "P1D", "P1Y6M"),
    ],
)
def test_a_text_that_is_no_date_shows_itself_and_the_form(type_: str, text: str, example: str) -> None:
    """Null, and the reason says what was written and how it should look, at a column and at an input data."""
    for parts in (
        (decision("d", table("UNIQUE", f"v: {type_} || r\n null || 1")),),
        (*inputs(f"v: {type_}"), decision("d", literal("if v = null then 1 else 2"))),
    ):
        found = answer(*parts, inputs={"v": text})
        assert found.value == 1
        (reason,) = found.reasons
        assert reason.message.endswith(f'such as {example}, but found "{text}".')


def test_a_date_column_of_computed_texts_reads_them_too() -> None:
    """What the column's expression comes to is converted, not what the caller gave."""
    logic = table("UNIQUE", 'order.due: date || r\n < date("2025-01-01") || "late"\n - || "x"').replace(
        "UNIQUE", "FIRST"
    )
    assert answer(decision("d", logic), inputs={"order": {"due": "2024-12-31"}}).value == "late"


@pytest.mark.parametrize("type_", ["integer", "long"])
def test_an_integer_is_a_whole_number(type_: str) -> None:
    """Of Camunda 7's columns and outputs: a fraction is null with a reason instead of falling between two rules."""
    logic = table("UNIQUE", f"n: {type_} || r: {type_}\n <= 0 || 5\n >= 1 || 2.5")
    assert answer(decision("d", logic), inputs={"n": 0}).value == 5
    assert answer(decision("d", logic), inputs={"n": 1}).value is None
    between = answer(decision("d", logic), inputs={"n": Decimal("0.5")})
    assert between.value is None
    assert between.reasons[0].message == "Expected number (a whole number), but found the number 0.5."
