"""Tables and models after public bug reports (../shared/dmn-cases has the sources), as this house answers them."""

import os
from pathlib import Path

import pytest

from app import dmn, feel
from app.dmn import Decisions, Evaluation
from app.errors import Diagnostic, Severity
from tests.dmn.notation import NAMESPACES, decision, inputs, item, literal, model, table

SHARED = Path(os.environ.get("BAILIWICK_SHARED") or Path(__file__).parents[3] / "shared") / "dmn-cases"


def answer(*parts: object, **given: object) -> Evaluation:
    return Decisions.read(("m.dmn", model(*parts))).evaluate("d", given)  # type: ignore[arg-type]


def found(*parts: object) -> list[Diagnostic]:
    return dmn.check("m.dmn", model(*parts))  # type: ignore[arg-type]


OPEN = [
    ("feel-scala 954: a true condition on a column of texts", "string", "3 > 1", "x", True),
    ("a false condition on a column of texts", "string", "1 > 3", "x", False),
    ("a condition on another input", "string", "other > 5", "x", True),
    ("a condition on a column of booleans is compared", "boolean", "3 > 1", False, False),
    ("and equal", "boolean", "3 > 1", True, True),
    ("feel-scala 864: a null condition and a null input are equal", "number", "null > 20", None, True),
    ("a null condition and a value are not", "number", "null > 20", 5, False),
]


@pytest.mark.parametrize(("claim", "type_", "cell", "value", "matches"), OPEN)
def test_what_the_standard_leaves_open_is_settled(
    claim: str, type_: str, cell: str, value: object, *, matches: bool
) -> None:
    """As docs/decisions.md says, with its paragraph."""
    logic = table("FIRST", f"v: {type_} || r\n {cell} || true\n - || false")
    found = answer(inputs(f"v: {type_}, other: number"), decision("d", logic), v=value, other=9)
    assert found.value is matches, claim


def test_camunda_modeler_3553_a_number_cell_and_a_text() -> None:
    """Without a type nothing matches, and the reason is said."""
    answered = answer(decision("d", table("UNIQUE", "v || r\n 5 || 1")), v="5")
    assert (answered.value, [str(one.kind) for one in answered.reasons]) == (None, ["not-comparable", "no-rule"])


def test_camunda_10298_a_text_without_quotes_and_a_column_that_tests_nothing() -> None:
    """Quotes are offered, and the empty column is told to name an input; neither decides anything."""
    (first,) = found(*inputs("s: string"), decision("d", table("FIRST", "s: string || r\n = SUCCESS || 1\n - || 2")))
    assert (first.code, 'Write "SUCCESS" in quotes' in first.remedy) == ("dmn.unknown-name", True)
    empty = decision("d", table("FIRST", "x || r\n - || 1").replace("<text>x</text>", "<text> </text>"))
    (second,) = found(empty)
    assert (second.code, second.severity, second.remedy) == (
        "dmn.input-expression", Severity.ERROR, "Write the name of an input, such as amount."
    )  # fmt: skip
    assert answer(empty).value is None


def test_jdmn_drools_1503_allowed_values_that_are_names() -> None:
    """True and False are names in FEEL; the check says true and false."""
    parts = item("t", "boolean", allowed="True,False"), inputs("v: t"), decision("d", literal("v"))
    assert [one.remedy for one in found(*parts) if one.severity is Severity.ERROR] == ["Write false.", "Write true."]


def test_camunda_invoice_two_approvers_for_one_case() -> None:
    """Its COLLECT table has two rules for one input: both groups are asked, and none is called pointless."""
    rows = 'c: string || g\n "day-to-day" || "accounting"\n "day-to-day" || "sales"\n "budget" || "management"'
    parts = inputs("c: string"), decision("d", table("COLLECT", rows))
    assert answer(*parts, c="day-to-day").value == ["accounting", "sales"]
    assert found(*parts) == []


def test_gorules_37_dates_and_times_in_ranges() -> None:
    """With the type at the column alone."""
    dates = table("UNIQUE", 'v: date || r\n [date("2025-01-01")..date("2025-12-31")] || true', default={"r": "false"})
    times = table("UNIQUE", 'v: time || r\n [time("09:00:00")..time("18:00:00")] || true', default={"r": "false"})
    assert [answer(decision("d", dates), v=text).value for text in ("2025-06-01", "2026-01-01")] == [True, False]
    assert [answer(decision("d", times), v=text).value for text in ("10:00:00", "08:59:59")] == [True, False]


def test_kie_1019_constraints_of_base_and_own_add_up() -> None:
    """Both hold, and the reason shows both."""
    items = item("tAge", "number", allowed="[0..150]"), item("tAdult", "tAge", allowed=">= 18")
    assert answer(*items, inputs("v: tAdult"), decision("d", literal("v")), v=18).value == 18
    for value in (17, 151):
        answered = answer(*items, inputs("v: tAdult"), decision("d", literal("v")), v=value)
        assert answered.value is None
        assert "[0..150]" in answered.reasons[0].message
        assert ">= 18" in answered.reasons[0].message


@pytest.mark.parametrize("namespace", ["http://www.omg.org/spec/DMN/20151101/dmn11.xsd", *NAMESPACES.values()])
def test_every_namespace_of_a_modeler_is_read(namespace: str) -> None:
    """The one that Camunda's modeler wrote before 2017 among them."""
    content = model(decision("d", literal("1 + 1"))).replace(NAMESPACES["1.5"].encode(), namespace.encode())
    assert Decisions.read(("m.dmn", content)).evaluate("d").value == 2


FILES = [
    ("date.dmn", {"d": "2025-01-01"}, True, []),
    ("date.dmn", {"d": "first of May"}, False, ["wrong-type"]),
    ("syn.dmn", {"status": "gold"}, False, ["syntax"]),
]


@pytest.mark.shared
@pytest.mark.parametrize(("file", "given", "answers", "kinds"), FILES)
def test_the_files_of_the_findings(file: str, given: dict[str, object], kinds: list[str], *, answers: bool) -> None:
    """A date column without input data reads ISO text; what cannot be read never falls to another rule."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared/dmn-cases here")
    decisions = Decisions.load(SHARED / file)
    evaluation = decisions.evaluate(decisions.final[0], given)
    assert (evaluation.value is not None) is answers
    assert [str(one.kind) for one in evaluation.reasons][: len(kinds)] == kinds
    if file == "date.dmn":
        assert dmn.check(file, (SHARED / "datearith.dmn").read_bytes())[0].code == "dmn.cell-type"


def _fields(text: str) -> dict[str, str]:
    return {key: value for line in text.splitlines() for key, colon, value in [line.partition(": ")] if colon}


def _cases() -> list[tuple[str, dict[str, str]]]:
    found = [(path.stem, _fields(path.read_text())) for path in sorted(SHARED.glob("[0-9]*.md"))]
    return [(name, one) for name, one in found if one.get("kind") == "expression" and one.get("verdict") == "OK"]


@pytest.mark.shared
def test_what_was_right_stays_right() -> None:
    """Every expression of the public reports that was OK answers as it did; those with variables are in other tests."""
    cases = [(name, one) for name, one in _cases() if "variables" not in one]
    if not cases:
        pytest.skip("no ../shared/dmn-cases here")
    wrong = []
    for name, one in cases:
        value = feel.evaluate(one["text"])
        if "now()" not in one["text"] and feel.literal(value) != feel.literal(feel.evaluate(_as_feel(one["found"]))):
            wrong.append((name, one["text"], feel.literal(value), one["found"]))
    assert wrong == []
    assert len(cases) > 30


def _as_feel(found: str) -> str:
    """The recorded answer as an expression: temporal values were written without signs around them."""
    return f'@"{found}"' if found[:1] in "P0123456789-" and any(mark in found for mark in "-:PT") else found
