"""The public door: what can be given, what comes back, and what is not known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app import feel
from app.dmn import Decisions
from app.errors import NotFound
from tests.dmn.notation import NAMESPACES, decision, inputs, item, literal, model, table


def decide(text: str, declared: str, **given: object) -> object:
    parts = (inputs(declared), decision("d", literal(text)))
    return Decisions.read(("m.dmn", model(*parts))).evaluate("d", given).value


def test_files_are_loaded_by_path(tmp_path: Path) -> None:
    """The names and ids of the decisions are known; both find a decision."""
    path = tmp_path / "m.dmn"
    path.write_bytes(model(decision("the answer", literal("42"))))
    decisions = Decisions.load(path)
    assert decisions.names == ("the answer",)
    assert decisions.ids() == ("_the_answer",)
    assert decisions.evaluate("the answer").value == decisions.evaluate("_the_answer").value == Decimal(42)


def test_an_unknown_name_is_not_found() -> None:
    """The message says what there is; an input data is no decision."""
    decisions = Decisions.read(("m.dmn", model(inputs("n"), decision("d", literal("n")))))
    with pytest.raises(NotFound, match="Known: d"):
        decisions.evaluate("e")
    with pytest.raises(NotFound):
        decisions.evaluate("n")


@pytest.mark.parametrize(
    ("type_ref", "given", "expected"),
    [
        ("number", 1, "1"),
        ("number", 10**30, "1" + "0" * 30),
        ("number", 0.1, "0.1"),
        ("number", Decimal("1.50"), "1.5"),
        ("number", True, None),
        ("boolean", True, "true"),
        ("boolean", 1, None),
        ("string", "x", "x"),
        ("date", "2024-02-29", "2024-02-29"),
        ("date", date(2024, 2, 29), "2024-02-29"),
        ("date", "2023-02-29", None),
        ("date and time", "2024-02-29T10:00:00Z", "2024-02-29T10:00:00Z"),
        ("date and time", "2024-02-29", "2024-02-29T00:00:00Z"),
        ("time", "10:00:00", "10:00:00"),
        ("days and time duration", "P1DT2H", "P1DT2H"),
        ("years and months duration", "P1Y2M", "P1Y2M"),
        ("date", "anything", None),
    ],
)
def test_json_and_python_values_become_values_of_the_declared_type(
    type_ref: str, given: object, expected: str | None
) -> None:
    """A string is read as the temporal value that the type asks for; what does not fit is null."""
    value = decide("string(n)", f"n: {type_ref}", n=given)
    assert value == expected


def test_temporal_strings_are_found_inside_structures() -> None:
    """Members and elements are converted as their types say."""
    stay = item("tStay", components=["from: date", "to: date"])
    parts = (stay, inputs("stay: tStay"), decision("d", literal('(stay.to - stay.from) / duration("P1D")')))
    given = {"stay": {"from": "2024-02-28", "to": "2024-03-01"}}
    assert Decisions.read(("m.dmn", model(*parts))).evaluate("d", given).value == Decimal(2)


def test_what_feel_cannot_hold_is_a_type_error() -> None:
    """A Python object that is no value is the caller's mistake, not data."""
    with pytest.raises(TypeError):
        decide("n", "n", n=object())


def test_missing_inputs_are_null() -> None:
    """No exception, and no surprise."""
    assert decide("n = null", "n: number") is True


def test_inputs_that_nobody_declares_are_read_from_the_caller() -> None:
    """As in Camunda: an expression may name a variable that no input data declares."""
    logic = table("FIRST", "amount || rate: number\n > limit || 1\n - || 2")
    decisions = Decisions.read(("m.dmn", model(decision("d", logic))))
    assert decisions.evaluate("d", {"amount": 5, "limit": 3, "other": object}).value == Decimal(1)
    assert decisions.evaluate("d", {"amount": 5, "limit": 9}).value == Decimal(2)


def test_a_decision_that_is_not_required_is_not_seen() -> None:
    """What the model knows by name comes through a requirement or not at all."""
    parts = (decision("secret", literal("1"), needs=()), decision("d", literal("secret"), needs=()))
    assert Decisions.read(("m.dmn", model(*parts))).evaluate("d", {"secret": 2}).value is None


def test_a_requirement_may_be_called_by_its_id() -> None:
    """Camunda's modelers name the id of a required decision in an expression."""
    content = model(decision("Risk level", literal('"high"')), decision("d", literal("_Risk_level")))
    assert Decisions.read(("m.dmn", content)).evaluate("d").value == "high"


def test_required_decisions_can_be_given() -> None:
    """An override is not made again, and what only it requires is not made either."""
    parts = (
        inputs("n: number"),
        decision("a", literal("n + 1"), needs=["n"]),
        decision("b", literal("a + 1"), needs=["a"]),
        decision("c", literal("b + 1"), needs=["b"]),
    )
    decisions = Decisions.read(("m.dmn", model(*parts)))
    assert decisions.evaluate("c", {"n": 1, "b": 50}).value == Decimal(4)
    given = decisions.evaluate("c", {"n": 1}, overrides={"b": 50}, explain=True)
    assert given.value == Decimal(51)
    assert [outcome.name for outcome in given.decisions] == ["c"]


def test_the_time_is_the_caller_s() -> None:
    """today() and now() answer what is passed."""
    parts = decision("d", literal("string(today())"))
    moment = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
    assert Decisions.read(("m.dmn", model(parts))).evaluate("d", now=moment).value == "2031-05-06"


@pytest.mark.parametrize("version", sorted(NAMESPACES))
def test_files_of_every_version_are_read(version: str) -> None:
    """DMN 1.1 to 1.5 differ in their namespace; dmn-js still writes 1.3."""
    logic = table("FIRST", "n: number || r: number\n > 1 || 5")
    content = model(inputs("n: number"), decision("d", logic), version=version)
    assert Decisions.read(("m.dmn", content)).evaluate("d", {"n": 2}).value == Decimal(5)


def test_types_of_1_1_are_qualified_names() -> None:
    """DMN 1.1 writes feel:number, and prefixes for its own types."""
    content = (
        model(
            item("tPositive", "feel:number", allowed="> 0"),
            inputs("n: own:tPositive"),
            decision("d", literal("n")),
            version="1.1",
        )
        .decode()
        .replace(
            "<definitions ",
            '<definitions xmlns:feel="http://www.omg.org/spec/FEEL/20140401" xmlns:own="https://example.com/model" ',
        )
    )
    decisions = Decisions.read(("m.dmn", content.encode()))
    assert decisions.evaluate("d", {"n": 2}).value == Decimal(2)
    assert decisions.evaluate("d", {"n": -2}).value is None


def test_names_may_have_prefixes_on_elements() -> None:
    """The namespace counts, not the prefix."""
    plain = model(decision("d", literal("1"))).decode()
    prefixed = (
        plain.replace("<", "<dmn:").replace("<dmn:/", "</dmn:").replace("<dmn:?", "<?").replace("xmlns=", "xmlns:dmn=")
    )
    assert Decisions.read(("m.dmn", prefixed.encode())).evaluate("d").value == Decimal(1)


def test_one_object_serves_many_threads() -> None:
    """Threads that meet while everything is still uncompiled all get right answers."""
    logic = table(
        "COLLECT", "n: number || r: number\n" + "\n".join(f">= {i} || n * {i}" for i in range(50)), aggregation="SUM"
    )
    decisions = Decisions.read(("m.dmn", model(inputs("n: number"), decision("d", logic))))

    def total(n: int) -> object:
        return decisions.evaluate("d", {"n": n}).value

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(total, [number % 50 for number in range(400)]))
    assert answers == [Decimal(n % 50 * sum(range(n % 50 + 1))) for n in range(400)]


def test_a_list_is_tested_by_feel() -> None:
    """A cell is an equality, or membership, or a test with ``?``, exactly as the language says for a list."""
    logic = table("COLLECT", 'tags || r: string\n "a" || "one"\n list contains(?, "b") || "two"\n - || "three"')
    decisions = Decisions.read(("m.dmn", model(inputs("tags"), decision("d", logic))))
    for tags in (["a"], ["a", "b"], []):
        expected = [
            name
            for cell, name in (('"a"', "one"), ('list contains(?, "b")', "two"), ("-", "three"))
            if feel.unary_test(cell, tags) is True
        ]
        assert decisions.evaluate("d", {"tags": tags}).value == expected


def test_languages_other_than_feel_are_refused_with_a_reason() -> None:
    """An expression in JavaScript is null, and nothing is run."""
    logic = '<literalExpression expressionLanguage="javascript"><text>1 + 1</text></literalExpression>'
    evaluation = Decisions.read(("m.dmn", model(decision("d", logic)))).evaluate("d")
    assert evaluation.value is None
    assert "javascript" in evaluation.reasons[0].message
