"""What can never work is found before anybody relies on it, with what to write instead."""

import pytest

from app import dmn
from app.dmn import Decisions
from app.errors import Diagnostic, Severity
from tests.dmn.notation import decision, inputs, item, literal, model, table


def found(*parts: object) -> list[Diagnostic]:
    return dmn.check("m.dmn", model(*parts))  # type: ignore[arg-type]


CELLS = [
    ("date", "< 2024-01-05", "dmn.cell-type", "2024-01-05, which is 2018", 'Write date("2024-01-05").'),
    ("date", "[2024-01-01..2024-02-01]", "dmn.cell-type", "2024-01-01, which is 2022", 'Write date("2024-01-01").'),
    ("date", "2024-01-03", "dmn.cell-type", "which is 2020", 'Write date("2024-01-03").'),
    ("date", "< date(2024-01-05)", "dmn.always-null", "always null: Expected arguments", 'date("2024-01-05")'),
    ("date", '< date("05.01.2024")', "dmn.always-null", "always null: date:", 'such as date("2024-05-31")'),
    ("date", '"2024-01-05"', "dmn.cell-type", "the type string", 'Write date("2024-01-05").'),
    ("date", '< "2024-01-05"', "dmn.cell-type", "the type string", 'Write date("2024-01-05").'),
    ("date", 'date and time("2024-01-05T10:00:00")', "dmn.cell-type", "date and time", "date("),
    ("date", "> now()", "dmn.cell-type", "date and time", "such as date("),
    ("time", '< "09:30:00"', "dmn.cell-type", "the type string", 'such as time("09:30:00")'),
    ("dateTime", '> date("2024-01-05")', "dmn.cell-type", "the type date", "date and time("),
    ("dayTimeDuration", '> duration("P1Y")', "dmn.cell-type", "years and months", 'such as duration("P1D")'),
    ("dayTimeDuration", '> duration("2 days")', "dmn.always-null", '"2 days"', 'such as duration("P1D")'),
    ("number", "1-10", "dmn.cell-subtraction", "the subtraction 1-10, which is -9", "Write [1..10]"),
    ("number", "[1,10]", "dmn.cell-list", "the list [1,10]", "Write [1..10]"),
    ("number", "[1, 10]", "dmn.cell-list", "the list [1, 10]", "Write [1..10]"),
    ("number", "1,000", "dmn.cell-comma", "found 2 tests", "Write 1000."),
    ("number", "1,000,000.50", "dmn.cell-comma", "found 3 tests", "Write 1000000.50."),
    ("number", '"5"', "dmn.cell-type", "the type string", "Write 5 without quotes"),
    ("number", '> "5"', "dmn.cell-type", "the type string", "Write 5 without quotes"),
    ("number", '["1".."5"]', "dmn.cell-type", "the type string", "Write 1 without quotes"),
    ("number", "true", "dmn.cell-type", "the type boolean", "Correct the text"),
    ("number", '["a", "b"]', "dmn.cell-type", "list<string>", "Correct the text"),
    ("number", "? + 1", "dmn.cell-type", "? + 1 of the type number", "Compare it"),
    ("number", "string(other)", "dmn.cell-type", "the type string", "Correct the text"),
    ("number", "< 1 / 0", "dmn.always-null", "always null", "Correct the text"),
    ("number", "> null", "dmn.always-null", "compares with nothing", "Write the test null"),
    ("number", "count", "dmn.cell-type", "the function count", 'Write "count" in quotes, or call the function'),
    ("string", "3 > 1", "dmn.cell-constant", "3 > 1, which is true for every input", "Say ? where"),
    ("number", "1 > 3", "dmn.cell-constant", "1 > 3, which is false for every input", "Say ? where"),
    ("string", '"gold" or "silver"', "dmn.always-null", "always null: Expected a boolean", 'Write "gold", "silver"'),
    ("string", "any", "dmn.cell-type", "the function any", 'Write "any" in quotes'),
    ("string", "5", "dmn.cell-type", "the type number", 'Write "5" in quotes'),
    ("string", "> 5", "dmn.cell-type", "the type number", "Correct the text"),
    ("string", "upper case(5)", "dmn.always-null", "always null", "Correct the text"),
    ("string", "[1..5]", "dmn.cell-type", "the type number", "Correct the text"),
    ("boolean", '"true"', "dmn.cell-type", "the type string", "Write true or false"),
    ("boolean", "1", "dmn.cell-type", "the type number", "Write true or false"),
    ("string", "gold", "dmn.unknown-name", 'found "gold"', 'Write "gold" in quotes'),
    ("boolean", "True", "dmn.unknown-name", 'found "True"', "Write true."),
    ("boolean", "yes", "dmn.unknown-name", 'found "yes"', "Write true."),
    ("boolean", "FALSE", "dmn.unknown-name", 'found "FALSE"', "Write false."),
    ("number", "> ammount", "dmn.unknown-name", 'found "ammount"', "Write amount"),
    ("number", "> Amount", "dmn.unknown-name", 'found "Amount"', "Write amount"),
]


@pytest.mark.parametrize(("type_", "cell", "code", "message", "remedy"), CELLS)
def test_a_cell_that_can_never_work_is_found(type_: str, cell: str, code: str, message: str, remedy: str) -> None:
    """With the cell as its place, what it comes to, and what to write."""
    logic = table("FIRST", f"v: {type_} || r\n {cell} || 1\n - || 2")
    (first, *more) = found(inputs(f"v: {type_}, other, amount: number"), decision("d", logic))
    assert (first.code, first.element_id) == (code, "r1-in1")
    assert message in first.message
    assert remedy in first.remedy
    assert first.message.startswith("Rule 1, input 1 (v): ")
    assert {one.code for one in more} <= {code}


SOUND = [
    ("date", '< date("2024-01-05")'),
    ("date", '[date("2024-01-01")..date("2024-02-01")]'),
    ("date", "today()"),
    ("date", '< today() - duration("P1D")'),
    ("date", '? in [date("2024-01-01")..today()]'),
    ("dateTime", "< now()"),
    ("number", "amount - 10"),
    ("number", "-9"),
    ("number", "10 - 1 - 2"),
    ("number", "null"),
    ("number", "!= null"),
    ("number", "not(null)"),
    ("number", "[1, 10, 100]"),
    ("number", "1, 10"),
    ("number", "other"),
    ("number", "other.limit"),
    ("number", "? > 5 and ? < amount"),
    ("number", "odd(?)"),
    ("number", "amount > 5"),
    ("number", "max(1, amount)"),
    ("number", "[amount..2 * amount]"),
    ("number", "if amount > 5 then 1 else 2"),
    ("number", "for x in [1, 2] return x * 2"),
    ("string", '"gold", "silver"'),
    ("string", '["gold", "silver"]'),
    ("string", 'contains(?, "old")'),
    ("string", 'not(starts with(?, "x"))'),
    ("string", "other"),
    ("string", "string(amount)"),
    ("boolean", "amount > 5"),
    ("boolean", "not(true)"),
    ("tSmall", "5"),
    ("tList", "list contains(?, 5)"),
    ("tList", "count(?) > 3"),
    ("Any", '"5"'),
]


@pytest.mark.parametrize(("type_", "cell"), SOUND)
def test_a_cell_that_may_work_is_left_alone(type_: str, cell: str) -> None:
    """No false alarm: what is not certain is not said."""
    logic = table("COLLECT", f"v: {type_} || r\n {cell} || 1\n - || 2")
    items = item("tSmall", "number", allowed="<= 10"), item("tList", "number", is_list=True)
    assert found(*items, inputs(f"v: {type_}, other, amount: number"), decision("d", logic)) == []


OUTPUTS = [
    ("number", '"one"', {}, "dmn.output-type", "Correct the text"),
    ("number", '"5"', {}, "dmn.output-type", "Write 5 without quotes"),
    ("number", "string(n)", {}, "dmn.output-type", "Correct the text"),
    ("number", "1 / 0", {}, "dmn.always-null", "Correct the text"),
    ("string", "n", {}, "dmn.output-type", 'Write "n" in quotes'),
    ("string", "approve", {}, "dmn.unknown-name", 'Write "approve" in quotes'),
    ("string", "count", {}, "dmn.output-type", 'Write "count" in quotes'),
    ("string", '"c"', {"r": '"a","b"'}, "dmn.output-value", "Correct the output, or add it"),
    ("number", "3", {"r": "1, 2"}, "dmn.output-value", "Correct the output, or add it"),
    ("number", "1 + 2", {"r": "1, 2"}, "dmn.output-value", "Correct the output, or add it"),
    ("tSmall", "11", {}, "dmn.output-type", "Correct the text"),
    ("date", "2024-01-05", {}, "dmn.output-type", 'Write date("2024-01-05").'),
    ("date", 'date("05.01.2024")', {}, "dmn.always-null", "such as date("),
    ("boolean", "Yes", {}, "dmn.unknown-name", "Write true."),
]


@pytest.mark.parametrize(("type_", "output", "allowed", "code", "remedy"), OUTPUTS)
@pytest.mark.parametrize("is_default", [False, True])
def test_an_output_that_is_always_null_is_found(
    type_: str, output: str, allowed: dict[str, str], code: str, remedy: str, *, is_default: bool
) -> None:
    """Of a rule and among the defaults, also where it is an expression."""
    text = f"n: number || r: {type_}\n 1 || {'null' if is_default else output}\n - || null"
    logic = table("FIRST", text, allowed=allowed, default={"r": output} if is_default else None)
    (first,) = found(item("tSmall", "number", allowed="<= 10"), inputs("n: number"), decision("d", logic))
    assert first.code == code
    assert remedy in first.remedy


@pytest.mark.parametrize(
    ("type_", "output", "allowed"),
    [
        ("number", "n * 2", {}),
        ("number", "null", {}),
        ("number", "", {}),
        ("string", '"a"', {"r": '"a","b"'}),
        ("string", 'if n > 5 then "a" else "b"', {"r": '"a","b"'}),
        ("date and time", 'date("2024-01-05")', {}),
        ("tList", "5", {}),
        ("number", "[5]", {}),
        ("Any", "today()", {}),
    ],
)
def test_an_output_that_may_have_a_value_is_left_alone(type_: str, output: str, allowed: dict[str, str]) -> None:
    """Conversions count, and so does what only a value would show."""
    logic = table("FIRST", f"n: number || r: {type_}\n - || {output}", allowed=allowed)
    items = item("tList", "number", is_list=True)
    assert found(items, inputs("n: number"), decision("d", logic)) == []


@pytest.mark.parametrize(
    ("base", "allowed", "codes"),
    [
        ("boolean", "True,False", ["dmn.unknown-name", "dmn.unknown-name"]),
        ("string", "gold,silver", ["dmn.unknown-name", "dmn.unknown-name"]),
        ("number", "[1-5]", []),
        ("number", "1-5", ["dmn.cell-subtraction"]),
        ("number", '"1","2"', ["dmn.cell-type", "dmn.cell-type"]),
        ("date", "> 2024-01-05", ["dmn.cell-type"]),
        ("string", '"a","b"', []),
        ("number", "[1..5]", []),
        ("number", "? > 5", []),
    ],
)
@pytest.mark.parametrize("place", ["item", "component", "input values", "output values"])
def test_values_that_allow_nothing_are_found(base: str, allowed: str, codes: list[str], place: str) -> None:
    """At every place that lists values."""
    output = {"number": "null", "string": "null"}.get(base, "null")
    if place == "item":
        parts: tuple[object, ...] = (item("t", base, allowed=allowed), decision("d", literal("1")))
    elif place == "component":
        inner = item("c", base, allowed=allowed).replace("itemDefinition", "itemComponent")
        parts = (f'<itemDefinition name="t">{inner}</itemDefinition>', decision("d", literal("1")))
    elif place == "input values":
        logic = table("FIRST", f"v: {base} || r\n - || 1", allowed={"v": allowed})
        parts = (*inputs(f"v: {base}"), decision("d", logic))
    else:
        parts = (decision("d", table("FIRST", f"1 || r: {base}\n - || {output}", allowed={"r": allowed})),)
    assert [one.code for one in found(*parts)] == codes


def test_a_column_of_another_type_than_what_it_tests_is_found() -> None:
    """A number in a column of texts is always null; a text in a column of dates may be one."""
    parts = inputs("n: number, s: string")
    (first,) = found(parts, decision("d", table("FIRST", "n: string || r\n - || 1")))
    assert first.code == "dmn.expression-type"
    assert found(parts, decision("d", table("FIRST", "s: date || r\n - || 1"))) == []


def test_a_column_called_like_a_function_is_found() -> None:
    """Nobody declares the input, so that the name means the function everywhere else."""
    (first,) = found(decision("d", table("FIRST", "count || r\n - || 1")))
    assert (first.code, first.severity) == ("dmn.function-name", Severity.WARNING)
    assert found(inputs("count: number"), decision("d", table("FIRST", "count: number || r\n - || 1"))) == []


@pytest.mark.parametrize("hit_policy", ["PRIORITY", "OUTPUT ORDER"])
def test_priorities_that_nobody_states_are_found(hit_policy: str) -> None:
    """Without output values nothing says which output comes first; with those of the type, or of a column, it does."""
    text = 'n: number || r: {type}\n > 0 || "x"\n > 5 || "y"\n - || "x"'
    parts = (item("tLetter", "string", allowed='"y","x"'), *inputs("n: number"))
    for type_, allowed, codes in (
        ("string", {}, ["dmn.no-priorities"]),
        ("string", {"r": '"y","x"'}, []),
        ("tLetter", {}, []),
    ):
        logic = table(hit_policy, text.format(type=type_), allowed=allowed)
        assert [one.code for one in found(*parts, decision("d", logic))] == codes
    logic = table(hit_policy, text.format(type="string"))
    decisions = Decisions.read(("m.dmn", model(*parts, decision("d", logic))))
    several, alike = decisions.evaluate("d", {"n": 9}), decisions.evaluate("d", {"n": 3})
    assert (several.value, [str(one.kind) for one in several.reasons]) == (None, ["no-priorities"])
    assert alike.value in ("x", ["x", "x"])
    assert decisions.evaluate("d", {"n": 9}, explain=True).reasons == several.reasons


DUPLICATES = [
    ("UNIQUE", '"x"', '"y"', ["dmn.duplicate-rule"]),
    ("ANY", '"x"', '"x"', ["dmn.duplicate-rule"]),
    ("FIRST", '"x"', '"y"', ["dmn.hidden-rule"]),
    ("PRIORITY", '"x"', '"y"', ["dmn.duplicate-rule"]),
    ("COLLECT", '"x"', '"y"', []),
    ("COLLECT", '"x"', '"x"', []),
    ("RULE ORDER", '"x"', '"y"', []),
    ("OUTPUT ORDER", '"x"', '"y"', []),
]


@pytest.mark.parametrize(("hit_policy", "first", "second", "codes"), DUPLICATES)
def test_two_rules_with_the_same_inputs_matter_where_one_is_pointless(
    hit_policy: str, first: str, second: str, codes: list[str]
) -> None:
    """To collect is to have several rules for one input, each with an output of its own."""
    text = f'k: string || r: string\n "k" || {first}\n "k" || {second}\n not("k") || {first}'
    logic = table(hit_policy, text, allowed={"r": '"x","y"'})
    assert [one.code for one in found(inputs("k: string"), decision("d", logic))] == codes


def test_an_id_that_occurs_twice_is_found_wherever_it_stands() -> None:
    """Two rules, two cells: a warning; two decisions: an error, because a reference may mean either."""
    text = table("FIRST", "n: number || r\n 1 || 1\n - || 2")
    rules = text.replace('id="r2"', 'id="r1"')
    (first,) = found(inputs("n: number"), decision("d", rules))
    assert (first.code, first.severity, '"r1"' in first.message) == ("dmn.duplicate-id", Severity.WARNING, True)
    cells = text.replace('id="r2-out1"', 'id="table"')
    assert [one.code for one in found(inputs("n: number"), decision("d", cells))] == ["dmn.duplicate-id"]
    assert found(inputs("n: number"), decision("d", text)) == []
