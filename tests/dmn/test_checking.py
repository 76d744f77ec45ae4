"""`check` reports everything at once, each finding with its element, line, column and cell."""

import pytest

from app import dmn
from app.errors import Diagnostic, Severity
from tests.dmn.notation import decision, imported, inputs, item, knowledge, literal, model, table


def check(content: bytes) -> list[Diagnostic]:
    return dmn.check("m.dmn", content)


def codes(*parts: object) -> list[str]:
    return [diagnostic.code for diagnostic in check(model(*parts))]  # type: ignore[arg-type]


def test_a_sound_model_has_nothing_to_report() -> None:
    """No error, no warning."""
    logic = table("UNIQUE", "n: number || r: number\n < 10 || 1\n >= 10 || n * 2")
    assert codes(inputs("n: number"), decision("d", logic), knowledge("f", "x: number", literal("x + 1"))) == []


def test_a_syntax_error_has_its_place() -> None:
    """Line and column are those of the file, behind escaped characters too."""
    text = "1 < 2 and )"
    content = model(decision("d", literal(text)))
    (found,) = check(content)
    assert (found.code, found.severity, found.element_name) == ("feel.syntax", Severity.ERROR, "d")
    assert found.line == 2
    assert found.column is not None
    line = content.decode().splitlines()[1]
    assert line[found.column - 1 :].startswith(")</text>")


def test_an_error_in_a_cell_names_rule_and_column() -> None:
    """And the element is the cell's."""
    logic = table("FIRST", "n: number || r: number\n < 10 || 1\n < < || 2\n - || 3 +")
    found = check(model(inputs("n: number"), decision("d", logic)))
    assert [one.element_id for one in found] == ["r2-in1", "r3-out1"]
    assert found[0].message.startswith("Rule 2, input 1 (n): ")
    assert found[1].message.startswith("Rule 3, output 1 (r): ")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('n: number || r: number\n < 10 || 1\n "x" || 2\n >= 10 || 3', "dmn.cell-type"),
        ('n: number || r: number\n < 10 || "one"\n >= 10 || 2', "dmn.output-type"),
    ],
)
def test_literals_of_the_wrong_type_are_errors(text: str, code: str) -> None:
    """A cell that can never match, an output that is always null."""
    assert codes(inputs("n: number"), decision("d", table("FIRST", text))) == [code]


def test_expressions_of_the_wrong_type_are_errors() -> None:
    """Where an expression's type is certain and is not the declared one, the value would always be null."""
    assert codes(decision("d: number", literal('"text"'))) == ["dmn.expression-type"]
    assert codes(inputs("n: number"), decision("d: string", literal("n"))) == ["dmn.expression-type"]
    assert codes(decision("d: date and time", literal('@"2024-01-01"'))) == []


def test_unknown_names_are_warnings() -> None:
    """They may still come from the caller."""
    (found,) = check(model(inputs("n: number"), decision("d", literal("n + m"))))
    assert (found.code, found.severity) == ("dmn.unknown-name", Severity.WARNING)
    assert '"m"' in found.message


def test_types_are_checked() -> None:
    """Unknown names of types, and constraints that cannot be read."""
    found = codes(
        item("tBad", "nonsense"),
        item("tWorse", "number", allowed="< <"),
        inputs("n: tNowhere"),
        decision("d", literal("n")),
    )
    assert sorted(found) == ["dmn.unknown-type", "dmn.unknown-type", "feel.syntax"]


def test_findings_of_the_analysis_are_warnings() -> None:
    """A gap, an overlap, and what to do about them."""
    logic = table("UNIQUE", "n: number || r: number\n < 10 || 1\n [5..20] || 2")
    found = check(model(inputs("n: number"), decision("d", logic)))
    assert [(one.code, one.severity) for one in found] == [
        ("dmn.gap", Severity.WARNING),
        ("dmn.overlap", Severity.WARNING),
    ]
    assert "n = 21" in found[0].message
    assert "rules 1 and 2" in found[1].message
    assert "n = 5" in found[1].message
    assert all(one.remedy for one in found)


@pytest.mark.parametrize(
    ("hit_policy", "text", "expected"),
    [
        ("FIRST", "n: number || r\n < 10 || 1\n < 5 || 2\n - || 3", ["dmn.hidden-rule"]),
        ("ANY", "n: number || r\n < 10 || 1\n - || 2", ["dmn.any-disagrees", "dmn.subsumed-rule"]),
        ("ANY", "n: number || r\n < 10 || 1\n - || 1", ["dmn.subsumed-rule"]),
        ("COLLECT", "n: number || r\n < 10 || 1\n < 5 || 2", []),
        ("FIRST", "n: number || r\n [9..1] || 1\n - || 2", ["dmn.unmatchable-rule"]),
        ("FIRST", "n: number || r\n 1 || 1\n 5 || 2\n - || 3", []),
        ("UNIQUE", "n: number || r\n < 1 || 1\n < 1 || 2\n >= 1 || 3", ["dmn.duplicate-rule"]),
    ],
)
def test_what_matters_depends_on_the_hit_policy(hit_policy: str, text: str, expected: list[str]) -> None:
    """A list of all matches may have gaps and overlaps; the first match may hide later rules."""
    assert codes(inputs("n: number"), decision("d", table(hit_policy, text))) == expected


def test_a_default_output_closes_every_gap() -> None:
    """Nothing to report."""
    logic = table("UNIQUE", "n: number || r: number\n < 10 || 1", default={"r": "0"})
    assert codes(inputs("n: number"), decision("d", logic)) == []


def test_everything_is_reported_at_once() -> None:
    """Structure, types, syntax and tables, errors first."""
    logic = table("UNIQUE", "n: number || r: number\n < 10 || 1 +")
    parts = (
        imported("lib", "urn:nowhere"),
        inputs("n: tNowhere"),
        decision("d", logic),
        decision("e", literal(")")),
    )
    found = check(model(*parts))
    assert {one.code for one in found} == {"dmn.unknown-import", "dmn.unknown-type", "feel.syntax", "dmn.gap"}
    severities = [one.severity for one in found]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING].index)


def test_imported_files_are_given_along() -> None:
    """Only the named file is reported on."""
    library = model(knowledge("twice", "n", literal("n * 2 +")), namespace="urn:library")
    outside = {"twice": ("urn:library", "businessKnowledgeModel")}
    main = model(
        imported("lib", "urn:library"), decision("d", literal("lib.twice(2)"), needs=["twice"]), outside=outside
    )
    assert dmn.check("main.dmn", main, ("library.dmn", library)) == []
    assert [one.code for one in dmn.check("library.dmn", library)] == ["feel.syntax"]


def test_duplicate_ids_and_names_are_reported() -> None:
    """An id twice is an error, a name twice a warning."""
    twice = check(model(decision("d", literal("1"), needs=()), decision("d", literal("2"), needs=())))
    assert [one.code for one in twice] == ["dmn.duplicate-id"]


def replaced(content: bytes, old: str, new: str) -> list[str]:
    """The codes of a model in which a piece of text has been replaced."""
    text = content.decode()
    assert old in text
    return [one.code for one in check(text.replace(old, new).encode()) if one.severity is Severity.ERROR]


TABLE = model(
    inputs("n: number"), decision("d", table("COLLECT", "n: number || r: number\n - || 1", aggregation="SUM"))
)
REQUIRING = model(inputs("n: number"), decision("a", literal("n")), decision("b", literal("a")))


@pytest.mark.parametrize(
    ("content", "old", "new", "codes"),
    [
        (TABLE, '"COLLECT"', '"ALL OF THEM"', ["dmn.hit-policy"]),
        (TABLE, '"SUM"', '"PRODUCT"', ["dmn.aggregation"]),
        (TABLE, '<inputExpression typeRef="number"><text>n</text></inputExpression>', "", ["dmn.input-expression"]),
        (TABLE, '<output name="r" typeRef="number"></output>', "", ["dmn.no-output", "dmn.rule-width"]),
        (REQUIRING, 'requiredDecision href="#_a"', 'requiredDecision href=""', ["dmn.missing-href"]),
        (REQUIRING, 'requiredDecision href="#_a"', 'requiredDecision href="#_x"', ["dmn.unknown-reference"]),
        (REQUIRING, 'requiredInput href="#_n"', 'requiredInput href="#_b"', ["dmn.requirement-cycle"] * 2),
        (REQUIRING, "informationRequirement", "knowledgeRequirement", []),
        (REQUIRING, '<decision name="b"', '<decision name=""', []),
    ],
)
def test_mistakes_of_structure_are_reported(content: bytes, old: str, new: str, codes: list[str]) -> None:
    """Each with a code of its own; a mistake that only leaves something out is none."""
    assert replaced(content, old, new) == codes


def test_a_requirement_of_the_wrong_kind_is_reported() -> None:
    """A business knowledge model cannot be required like a decision."""
    content = model(knowledge("f", "x", literal("x")), decision("d", literal("f(1)"))).decode()
    wrong = content.replace("knowledgeRequirement", "informationRequirement").replace(
        "requiredKnowledge", "requiredDecision"
    )
    assert "dmn.wrong-reference" in [one.code for one in check(wrong.encode())]


def test_a_type_that_refers_only_to_itself_is_reported() -> None:
    """Also over several names; a list of itself is a type."""
    assert codes(item("a", "b"), item("b", "c"), item("c", "a")).count("dmn.type-cycle") >= 1
    assert codes(item("a", "a", is_list=True)) == []


def test_a_row_of_another_width_than_its_relation_is_reported() -> None:
    """One cell per column."""
    relation = f'<relation><column name="a"/><column name="b"/><row>{literal("1")}</row></relation>'
    assert codes(decision("d", relation)) == ["dmn.relation-row"]


@pytest.mark.parametrize("kind", ["conditional", "filter", "for", "some", "every", "invocation"])
def test_a_boxed_expression_without_its_parts_is_reported(kind: str) -> None:
    """What is missing is named; the value is null."""
    assert set(codes(decision("d", f"<{kind}/>"))) == {"dmn.missing-expression"}


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("n > 2024-01-05", "dmn.doubtful-expression", 'date("2024-01-05")'),
        ("n.size() = 0", "dmn.doubtful-expression", "count(n)"),
        ('concat("a", "b")', "dmn.unknown-name", '"a" + "b"'),
        ("uppercase(n)", "dmn.unknown-name", "upper case(n)"),
    ],
)
def test_an_expression_that_is_hardly_meant_is_warned_of(text: str, code: str, remedy: str) -> None:
    """A literal expression that can be read and is another language's, with what FEEL has for it."""
    (found,) = check(model(inputs("n: Any"), decision("d", literal(text))))
    assert (found.code, found.severity) == (code, Severity.WARNING)
    assert remedy in found.remedy
