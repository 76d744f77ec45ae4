"""A model is untrusted input: what is dangerous ends in a diagnostic or in null, never in a crash or a file read."""

from decimal import Decimal
from pathlib import Path

import pytest

from app import dmn
from app.dmn import Decisions
from app.errors import ModelError
from tests.dmn.notation import NAMESPACES, context, decision, inputs, knowledge, literal, model, table


def codes(content: bytes) -> set[str]:
    with pytest.raises(ModelError) as caught:
        Decisions.read(("m.dmn", content))
    return {diagnostic.code for diagnostic in caught.value.diagnostics}


def definitions(prolog: str, body: str) -> bytes:
    root = f'<definitions xmlns="{NAMESPACES["1.5"]}" name="m" namespace="n">{body}</definitions>'
    return f'<?xml version="1.0"?>{prolog}{root}'.encode()


def test_entities_that_grow_are_refused() -> None:
    """A billion laughs stay unlaughed."""
    levels = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    bomb = definitions(f'<!DOCTYPE definitions [<!ENTITY l0 "ha">{levels}]>', "<description>&l11;</description>")
    assert codes(bomb) <= {"dmn.document-type", "dmn.not-xml"}


def test_files_are_not_read(tmp_path: Path) -> None:
    """An external entity is refused, and what it names is never opened."""
    secret = tmp_path / "secret"
    secret.write_text("42")
    prolog = f'<!DOCTYPE definitions [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    stolen = definitions(prolog, f'<decision name="d" id="d">{literal("&x;").replace("&amp;", "&")}</decision>')
    assert codes(stolen) == {"dmn.document-type"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    """Another encoding is no way round."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE definitions><definitions xmlns="{NAMESPACES["1.5"]}"/>'
    )
    assert codes(text.encode(encoding)) == {"dmn.document-type"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "dmn.not-xml"),
        (b"no xml", "dmn.not-xml"),
        (b"<a><b></a>", "dmn.not-xml"),
        (b"<definitions/>", "dmn.not-dmn"),
        (b"\x00\x01\x02", "dmn.not-xml"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "dmn.not-dmn"),
        (b'<decision xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>', "dmn.not-dmn"),
    ],
)
def test_what_is_no_model_is_a_diagnostic(content: bytes, code: str) -> None:
    """Every file that cannot be read is refused with a code, and `check` says the same without raising."""
    assert codes(content) == {code}
    assert [diagnostic.code for diagnostic in dmn.check("m.dmn", content)] == [code]


def test_all_unreadable_files_are_reported_at_once() -> None:
    """Not only the first one."""
    with pytest.raises(ModelError) as caught:
        Decisions.read(("a.dmn", b"<"), ("b.dmn", b""), ("c.dmn", b"<x/>"))
    assert [one.file for one in caught.value.diagnostics] == ["a.dmn", "b.dmn", "c.dmn"]


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is on bytes, before anything is parsed."""
    monkeypatch.setattr("app.dmn.reading.xml.MAX_BYTES", 1000)
    assert codes(b"<definitions>" + b" " * 2000) == {"dmn.too-large"}


def test_elements_nested_too_deeply_are_refused() -> None:
    """Depth is counted while the file is read."""
    logic = "<list>" * 100_000 + "</list>" * 100_000
    assert codes(model(decision("d", logic))) == {"dmn.too-deep"}


def test_boxed_expressions_may_nest_as_deep_as_xml_may() -> None:
    """Contexts inside contexts, up to the limit of XML, are read and evaluated."""
    logic = literal("1")
    for _ in range(80):
        logic = context(("a", logic))
    value = Decisions.read(("m.dmn", model(decision("d", logic)))).evaluate("d").value
    for _ in range(80):
        assert isinstance(value, dict)
        value = value["a"]
    assert value == Decimal(1)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "10 ** 999999",
        "(" * 100_000 + "1" + ")" * 100_000,
        "some x in 1..100000000, y in 1..100000000 satisfies x + y < 0",
        'matches("' + "a" * 60 + '!", "^(a+)+$")',
        'count(split("' + "x" * 1000 + '", "(x*)*y"))',
    ],
)
def test_an_expression_that_asks_for_too_much_is_null(text: str) -> None:
    """Each ends in bounded time with null and a reason, or with what it can have cheaply."""
    evaluation = Decisions.read(("m.dmn", model(decision("d", literal(text))))).evaluate("d")
    assert evaluation.value in (None, False, Decimal(1))
    if evaluation.value is None:
        assert evaluation.reasons


def test_calls_that_multiply_are_bounded() -> None:
    """A knowledge model that calls itself twice ends, although it never stops by itself."""
    twice = knowledge("twice", "n: number", literal("twice(n + 1) + twice(n + 2)"))
    evaluation = Decisions.read(("m.dmn", model(twice, decision("d", literal("twice(1)"))))).evaluate("d")
    assert evaluation.value is None


def test_decisions_that_require_each_other_are_a_diagnostic() -> None:
    """Nobody tries to make them."""
    both = model(decision("a", literal("b + 1"), needs=("b",)), decision("b", literal("a + 1"), needs=("a",)))
    assert codes(both) == {"dmn.requirement-cycle"}


@pytest.mark.parametrize("name", ["twice", "forever"])
def test_a_knowledge_model_that_is_asked_directly_is_bounded(name: str) -> None:
    """Without a decision around it, it is null with a reason too."""
    twice = knowledge("twice", "n: number", literal("twice(n + 1) + twice(n + 2)"))
    forever = knowledge("forever", "n: number", literal("forever(n)"))
    evaluation = Decisions.read(("m.dmn", model(twice, forever))).evaluate(name, {"n": 1})
    assert evaluation.value is None
    assert {str(reason.kind) for reason in evaluation.reasons} >= {"limit"}


@pytest.mark.parametrize(
    "logic",
    [
        literal("1 + " * 1000 + "n"),
        table("COLLECT", "n: number || o: number\n" + "\n".join(f"> n - {i} || {i}" for i in range(1, 400))),
        table("RULE ORDER", "n: number || o: number\n" + "\n".join(f">= 0 || {i}" for i in range(1, 400))),
    ],
    ids=["literal", "computed cells", "matches"],
)
def test_long_logic_in_a_loop_is_paid_for(logic: str) -> None:
    """A knowledge model with much logic takes more of the budget than one with little."""
    loop = decision("d", literal("for i in 1..50000 return work(i)"), needs=("work",))
    evaluation = Decisions.read(("m.dmn", model(knowledge("work", "n: number", logic), loop))).evaluate("d")
    assert evaluation.value is None
    assert {str(reason.kind) for reason in evaluation.reasons} == {"limit"}


@pytest.mark.parametrize("explain", [False, True])
@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), float("nan"), [Decimal("sNaN")]], ids=repr)
def test_inputs_that_are_no_numbers_are_refused(value: object, explain: bool) -> None:
    """NaN is nobody's amount: TypeError, declared or not, in a table or not."""
    rules = "x || o\n > 3 || 1\n - || 2"
    for declared in ("x", "x: number"):
        read = Decisions.read(
            ("m.dmn", model(inputs(declared), decision("d", literal("x + 1")), decision("t", table("FIRST", rules))))
        )
        for name in ("d", "t"):
            with pytest.raises(TypeError, match="Expected a finite number"):
                read.evaluate(name, {"x": value}, explain=explain)


def test_a_boxed_iteration_is_bounded() -> None:
    """Boxed forms count their steps like FEEL's own."""
    logic = f"<for iteratorVariable='i'><in>{literal('1..1000000000')}</in><return>{literal('i')}</return></for>"
    filtered = f"<filter><in>{literal('for i in 1..900000 return i')}</in><match>{literal('item > 0')}</match></filter>"
    decisions = Decisions.read(("m.dmn", model(decision("a", logic), decision("b", filtered, needs=()))))
    assert decisions.evaluate("a").value is None
    assert decisions.evaluate("b").value is None


def test_python_is_out_of_reach() -> None:
    """Names of Python mean nothing in a decision."""
    for text in ("__import__", 'open("/etc/passwd")', "().__class__", "value.__class__", 'eval("1")'):
        decisions = Decisions.read(("m.dmn", model(inputs("value"), decision("d", literal(text)))))
        assert decisions.evaluate("d", {"value": "x"}).value is None


def test_a_rule_with_the_wrong_number_of_cells_is_refused() -> None:
    """Every such rule is reported, with its number."""
    logic = table("FIRST", "a: number | b: number || c: number\n 1 || 2\n 1 | 2 || 3\n 1 | 2 || 3 | 4")
    with pytest.raises(ModelError) as caught:
        Decisions.read(("m.dmn", model(inputs("a, b"), decision("d", logic))))
    assert [one.code for one in caught.value.diagnostics] == ["dmn.rule-width"] * 2
    assert [one.element_id for one in caught.value.diagnostics] == ["r1", "r3"]
