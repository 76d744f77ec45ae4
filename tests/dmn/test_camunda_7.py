"""Models of Camunda 7 as its modeler writes them, and what of them is refused with what to write instead."""

import re

import pytest

from app import dmn
from app.dmn import Decisions
from app.errors import Diagnostic, Severity
from tests.dmn.notation import decision, inputs, literal, model, table

CAMUNDA = 'xmlns:camunda="http://camunda.org/schema/1.0/dmn"'
OLD = "http://www.omg.org/spec/DMN/20151101/dmn11.xsd"

SEASON = table("FIRST", 'temperature: integer || season: string\n > 25 || "Summer"\n - || "Winter"')
GUESTS = table("UNIQUE", "weekend: boolean || guestCount: integer\n true || 15\n false || 4")
DISH = table(
    "UNIQUE",
    '''season: string | guestCount: integer || desiredDish: string
    "Winter" | <= 8 || "Roastbeef"
    "Winter" | > 8  || "Stew"
    "Summer" | -    || "Salad"''',
)


def read(content: bytes) -> Decisions:
    return Decisions.read(("m.dmn", content))


def errors(content: bytes) -> list[Diagnostic]:
    return [one for one in dmn.check("m.dmn", content) if one.severity is Severity.ERROR]


def with_attribute(content: bytes, element: str, attribute: str) -> bytes:
    """The first `element` of the file with one more attribute."""
    written = content.decode().replace("<definitions ", f"<definitions {CAMUNDA} ", 1)
    return re.sub(rf"<{element}(?=[ >])", f"<{element} {attribute}", written, count=1).encode()


def test_a_required_decision_is_read_by_the_name_of_its_output() -> None:
    """The dish of Camunda's manual: neither the decisions' names nor their ids are those of the columns."""
    parts = (
        decision("The season: string", SEASON),
        decision("How many guests", GUESTS, needs=[]),
        decision("Dish", DISH, needs=["The season", "How many guests"]),
    )
    content = model(*parts)
    decisions = read(content)
    for temperature, weekend, dish in ((30, True, "Salad"), (10, True, "Stew"), (10, False, "Roastbeef")):
        assert decisions.evaluate("Dish", {"temperature": temperature, "weekend": weekend}).value == dish
    trace = decisions.evaluate("Dish", {"temperature": 10, "weekend": True}, explain=True).trace
    assert trace is not None
    assert trace.decisions[-1].tables[0].inputs == {"season": "Winter", "guestCount": 15}
    assert errors(content) == []


@pytest.mark.parametrize(
    ("hit_policy", "text", "reading", "expected"),
    [
        ("FIRST", "1 || a | b\n - || 1 | 2", "a + b", 3),
        ("COLLECT", "1 || a | b\n - || 1 | 2\n - || 3 | 4", "sum(a) + max(b)", 8),
        ("COLLECT", "1 || a\n - || 1\n - || 3", "count(a)", 2),
        ("FIRST", "1 || a\n - || {b: 7}", "a.b", 7),
        ("FIRST", "1 || a | b\n 2 || 1 | 2", "if a = null then 9 else 0", 9),
    ],
)
def test_outputs_are_read_one_by_one(hit_policy: str, text: str, reading: str, expected: int) -> None:
    """Of several outputs the named one, of several rules a list, of one output the value itself."""
    parts = decision("first one", table(hit_policy, text)), decision("d", literal(reading))
    assert read(model(*parts)).evaluate("d").value == expected


def test_a_declared_name_wins_over_an_output() -> None:
    """An input data of the name is meant, and so is a decision; what the caller happens to give is not."""
    first = decision("first one", table("FIRST", "1 || a\n - || 1"))
    assert read(model(*inputs("a: number"), first, decision("d", literal("a")))).evaluate("d", {"a": 5}).value == 5
    assert read(model(first, decision("d", literal("a")))).evaluate("d", {"a": 5}).value == 1


def test_an_output_name_of_two_decisions_is_refused() -> None:
    """Camunda 7 takes the last one that it happened to evaluate."""
    parts = (
        decision("one", table("FIRST", "1 || a\n - || 1"), needs=[]),
        decision("two", table("FIRST", "1 || a\n - || 2"), needs=[]),
        decision("d", literal("a + 1")),
    )
    (found,) = errors(model(*parts))
    assert (found.code, found.remedy) == ("dmn.ambiguous-output", "Read the decisions by their own names.")


@pytest.mark.parametrize(
    ("cell", "value", "matches"),
    [
        ("cellInput > 5", 6, True),
        ("cellInput > 5", 5, False),
        ("season > 5", 6, True),
        ("season > 5 and season < 9", 9, False),
        ("odd(season)", 3, True),
        ("odd( cellInput )", 4, False),
        ("{season: 6}.season = cellInput", 6, True),
        ('"season" = "cellInput"', 6, False),
    ],
)
def test_a_cell_calls_its_input_by_name(cell: str, value: int, matches: bool) -> None:
    """By the name that camunda:inputVariable gives it, or cellInput; in no other column, and no text is touched."""
    logic = table("FIRST", f"v: number || r\n {cell} || 1\n - || 2")
    content = model(inputs("v: number"), decision("d", logic))
    content = with_attribute(content, "input", 'camunda:inputVariable="season"')
    evaluation = read(content).evaluate("d", {"v": value}, explain=True)
    assert evaluation.value == (1 if matches else 2)
    assert errors(content) == []
    if not matches:
        assert evaluation.trace is not None
        (miss,) = evaluation.trace.decisions[0].tables[0].misses()
        assert miss.cell == cell


def test_an_input_of_the_name_is_no_alias() -> None:
    """Where cellInput is declared, it is that."""
    logic = table("FIRST", "v: number || r\n > cellInput || 1\n - || 2")
    content = model(inputs("v: number, cellInput: number"), decision("d", logic))
    assert read(content).evaluate("d", {"v": 5, "cellInput": 3}).value == 1


def test_the_namespace_of_older_modelers_is_read() -> None:
    """DMN 1.1 under the name that Camunda's modeler used before 2017; a stranger is told what to do."""
    content = model(inputs("v: number"), decision("d", literal("v + 1")), version="1.1")
    older = content.replace(b"http://www.omg.org/spec/DMN/20151101/dmn.xsd", OLD.encode())
    assert older != content
    assert read(older).evaluate("d", {"v": 1}).value == 2
    (found,) = dmn.check("m.dmn", content.replace(b"http://www.omg.org/spec/DMN/20151101/dmn.xsd", b"urn:dmn"))
    assert "a newer modeler converts" in found.remedy


@pytest.mark.parametrize("written", ["v", "${v}", " ${ v } ", "#{v}"])
def test_a_name_in_juel_is_the_same_name(written: str) -> None:
    """Camunda 7 calls plain names JUEL, its default for what a column tests."""
    logic = table("FIRST", f"{written} || r\n > 5 || 1\n - || 2")
    content = model(inputs("v: number"), decision("d", logic))
    content = with_attribute(content, "inputExpression", 'expressionLanguage="juel"')
    assert read(content).evaluate("d", {"v": 6}).value == 1
    assert errors(content) == []


@pytest.mark.parametrize(
    ("element", "logic"),
    [
        ("inputExpression", "v.isEmpty() || r\n - || 1"),
        ("inputEntry", "v || r\n cellInput == 5 || 1"),
        ("outputEntry", "v || r\n - || v == 5 ? 1 : 2"),
    ],
)
@pytest.mark.parametrize("language", ["juel", "javascript", "http://www.groovy-lang.org"])
def test_another_language_is_refused_with_what_to_write(element: str, logic: str, language: str) -> None:
    """By the check, and by an evaluation, which never takes another rule instead."""
    content = model(inputs("v: number"), decision("d", table("FIRST", logic + "\n - || 2")))
    content = with_attribute(content, element, f'expressionLanguage="{language}"')
    (found,) = errors(content)
    assert found.code == "dmn.expression-language"
    assert language in found.message
    assert "== is =" in found.remedy
    evaluation = read(content).evaluate("d", {"v": 5})
    assert (evaluation.value, [str(one.kind) for one in evaluation.reasons]) == (None, ["not-supported"])


def test_a_cell_in_feel_may_say_so() -> None:
    """expressionLanguage="feel" changes nothing."""
    content = model(inputs("v: number"), decision("d", table("FIRST", "v || r\n > 5 || 1\n - || 2")))
    assert read(with_attribute(content, "inputEntry", 'expressionLanguage="feel"')).evaluate("d", {"v": 6}).value == 1


def test_a_version_tag_of_camunda_7_is_one() -> None:
    """It is an attribute there, an element in Camunda 8."""
    content = with_attribute(model(decision("d", literal("1"))), "decision", 'camunda:versionTag="2.1"')
    assert read(content).version_tags == {"_d": "2.1"}
