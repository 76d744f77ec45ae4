"""Imports by namespace: prefixes, empty names, several of one model, transitive ones, circles (DMN 1.5, 6.3.3)."""

from decimal import Decimal

import pytest

from app import dmn
from app.dmn import Decisions
from app.errors import ModelError
from tests.dmn.notation import decision, imported, inputs, item, knowledge, literal, model

LIBRARY = model(
    item("tAmount", "number", allowed=">= 0"),
    inputs("rate: number"),
    decision("vat", literal("rate * 2"), needs=["rate"]),
    knowledge("with tax", "net: tAmount", literal("net * 2")),
    namespace="urn:library",
)
OUTSIDE = {
    "vat": ("urn:library", "decision"),
    "with tax": ("urn:library", "businessKnowledgeModel"),
}


def test_imported_names_carry_the_prefix() -> None:
    """A decision, a function and a type of an imported model are used as prefix.name."""
    main = model(
        imported("lib", "urn:library"),
        inputs("net: lib.tAmount"),
        decision("d", literal("lib.with tax(net) + lib.vat"), needs=["net", "vat", "with tax"]),
        outside=OUTSIDE,
    )
    decisions = Decisions.read(("main.dmn", main), ("library.dmn", LIBRARY))
    assert decisions.evaluate("d", {"net": 10, "rate": 3}).value == Decimal(26)
    assert decisions.evaluate("d", {"net": 10, "lib": {"rate": 3}}).value == Decimal(26)
    assert decisions.evaluate("d", {"net": -1, "rate": 3}).value is None


def test_an_empty_prefix_leaves_names_unqualified() -> None:
    """An import whose name is empty brings its names as they are."""
    main = model(
        imported("", "urn:library"),
        inputs("net: tAmount"),
        decision("d", literal("with tax(net) + vat"), needs=["net", "vat", "with tax"]),
        outside=OUTSIDE,
    )
    decisions = Decisions.read(("main.dmn", main), ("library.dmn", LIBRARY))
    assert decisions.evaluate("d", {"net": 10, "rate": 3}).value == Decimal(26)


def test_two_models_may_import_the_same_one() -> None:
    """The shared model's input is one input, and its decision has one value, whichever way it is reached."""
    left = model(
        imported("base", "urn:library"),
        decision("left", literal("base.vat + 1"), needs=["vat"]),
        namespace="urn:left",
        outside=OUTSIDE,
    )
    right = model(
        imported("b", "urn:library"),
        decision("right", literal("b.vat + 2"), needs=["vat"]),
        namespace="urn:right",
        outside=OUTSIDE,
    )
    main = model(
        imported("l", "urn:left"),
        imported("r", "urn:right"),
        decision("d", literal("l.left * r.right"), needs=["left", "right"]),
        outside={"left": ("urn:left", "decision"), "right": ("urn:right", "decision")},
    )
    decisions = Decisions.read(("m", main), ("l", left), ("r", right), ("b", LIBRARY))
    assert decisions.evaluate("d", {"rate": 2}).value == Decimal(30)
    explained = decisions.evaluate("d", {"rate": 2}, explain=True)
    assert [outcome.name for outcome in explained.decisions] == ["vat", "left", "right", "d"]


FIRST = model(
    imported("b", "urn:b"),
    item("tPrice", "b.tAmount", allowed="< 1000"),
    inputs("net: tPrice"),
    knowledge("doubled", "x: tPrice", literal("x * 2")),
    decision("gross", literal("net + b.tax"), needs=["net", "tax"]),
    namespace="urn:a",
    outside={"tax": ("urn:b", "decision")},
)
SECOND = model(
    imported("a", "urn:a"),
    item("tAmount", "number", allowed=">= 0"),
    item("tLine", components=["price: a.tPrice"]),
    inputs("line: tLine"),
    decision("tax", literal("a.doubled(line.price) / 10"), needs=["line", "doubled"]),
    namespace="urn:b",
    outside={"doubled": ("urn:a", "businessKnowledgeModel")},
)


@pytest.mark.parametrize("files", [(("a", FIRST), ("b", SECOND)), (("b", SECOND), ("a", FIRST))])
def test_models_may_import_each_other(files: tuple[tuple[str, bytes], ...]) -> None:
    """Decisions, functions and types of a circle of models, as long as no decision requires itself."""
    decisions = Decisions.read(*files)
    given = {"net": 100, "line": {"price": 50}}
    assert decisions.evaluate("gross", given).value == Decimal(110)
    assert decisions.evaluate("gross", {"net": 5000, "line": {"price": 50}}).value is None
    assert decisions.evaluate("tax", {"line": {"price": -5}}).value is None
    assert dmn.check(*files[0], files[1]) == []


def test_the_files_of_a_circle_are_chosen_once() -> None:
    """What leads back to the first file means that file, not another one of its namespace."""
    older = FIRST.replace(b"b.tax", b"b.tax + 1")
    assert dmn.imported_files(("a", FIRST), [("older", older), ("b", SECOND)]) == (("b", SECOND),)


def test_a_model_may_import_itself() -> None:
    """Its types have two names then."""
    content = model(
        imported("me", "urn:a"),
        item("tSmall", "number", allowed="< 10"),
        inputs("n: me.tSmall"),
        decision("d", literal("n + 1")),
        namespace="urn:a",
    )
    decisions = Decisions.read(("a.dmn", content))
    assert decisions.evaluate("d", {"n": 5}).value == Decimal(6)
    assert decisions.evaluate("d", {"n": 50}).value is None


def test_decisions_that_require_each_other_through_models_are_a_diagnostic() -> None:
    """The circle of imports is none of decisions, but this is."""
    first = model(
        imported("b", "urn:b"),
        decision("x", literal("b.y"), needs=["y"]),
        namespace="urn:a",
        outside={"y": ("urn:b", "decision")},
    )
    second = model(
        imported("a", "urn:a"),
        decision("y", literal("a.x"), needs=["x"]),
        namespace="urn:b",
        outside={"x": ("urn:a", "decision")},
    )
    with pytest.raises(ModelError) as caught:
        Decisions.read(("a.dmn", first), ("b.dmn", second))
    (found,) = caught.value.diagnostics
    assert (found.code, "x → y → x" in found.message) == ("dmn.requirement-cycle", True)


def test_a_type_that_comes_back_through_another_model_says_nothing() -> None:
    """An alias of an alias of itself is reported, and never followed round."""
    first = model(imported("b", "urn:b"), item("tOne", "b.tTwo"), namespace="urn:a")
    second = model(imported("a", "urn:a"), item("tTwo", "a.tOne"), namespace="urn:b")
    files = (("a.dmn", first), ("b.dmn", second))
    found = [one.code for one in (*dmn.check(*files[0], files[1]), *dmn.check(*files[1], files[0]))]
    assert set(found) == {"dmn.type-cycle"}


def test_a_type_may_contain_itself_through_another_model() -> None:
    """A node there has children here."""
    tree = '<itemDefinition name="tTree"><itemComponent name="kids" isCollection="true"><typeRef>b.tLeaf</typeRef>'
    first = model(
        imported("b", "urn:b"),
        tree + "</itemComponent></itemDefinition>",
        inputs("t: tTree"),
        decision("d", literal("t.kids[1].tree.kids[1].size")),
        namespace="urn:a",
    )
    second = model(
        imported("a", "urn:a"), item("tLeaf", components=["size: number", "tree: a.tTree"]), namespace="urn:b"
    )
    decisions = Decisions.read(("a.dmn", first), ("b.dmn", second))
    inner = {"size": 2, "tree": {"kids": []}}
    assert decisions.evaluate("d", {"t": {"kids": [{"size": 1, "tree": {"kids": [inner]}}]}}).value == Decimal(2)
    assert decisions.evaluate("d", {"t": {"kids": [{"size": "1", "tree": {"kids": [inner]}}]}}).value is None


@pytest.mark.parametrize("given", [{"rate": 3}, {"rate": {"rate": 3}}])
def test_an_import_may_be_called_like_what_it_imports(given: dict[str, object]) -> None:
    """The input is found by its name and behind the prefix (kie-issues 2065)."""
    main = model(
        imported("rate", "urn:library"),
        decision("d", literal("rate.rate + 1"), needs=["rate"]),
        outside={"rate": ("urn:library", "inputData")},
    )
    files = ("main.dmn", main), ("library.dmn", LIBRARY)
    assert Decisions.read(*files).evaluate("d", given).value == Decimal(4)


def test_an_import_called_like_an_element_of_the_model_is_reported() -> None:
    """One name would mean two things."""
    content = model(imported("net", "urn:library"), inputs("net: number"), decision("d", literal("net")))
    (found,) = dmn.check("main.dmn", content, ("library.dmn", LIBRARY))
    assert (found.code, found.remedy) == ("dmn.duplicate-name", "Give the import another name.")


def test_an_import_that_leads_nowhere_is_a_diagnostic() -> None:
    """The namespace and the reference into it are both reported, at once."""
    main = model(imported("lib", "urn:library"), decision("d", literal("lib.vat"), needs=["vat"]), outside=OUTSIDE)
    with pytest.raises(ModelError) as caught:
        Decisions.read(("main.dmn", main))
    assert [one.code for one in caught.value.diagnostics] == ["dmn.unknown-import", "dmn.unknown-reference"]
    assert "urn:library" in str(caught.value)


def test_two_files_of_one_namespace_cannot_be_imported() -> None:
    """Which of them is meant could not be said."""
    main = model(imported("lib", "urn:library"))
    with pytest.raises(ModelError) as caught:
        Decisions.read(("main.dmn", main), ("one.dmn", LIBRARY), ("two.dmn", LIBRARY))
    assert "dmn.ambiguous-import" in {one.code for one in caught.value.diagnostics}


def test_a_circle_of_requirements_is_a_diagnostic() -> None:
    """Decisions that require each other are refused, and never recursed into."""
    parts = (decision("a", literal("b"), needs=["b"]), decision("b", literal("a"), needs=["a"]))
    with pytest.raises(ModelError) as caught:
        Decisions.read(("m.dmn", model(*parts)))
    assert [one.code for one in caught.value.diagnostics] == ["dmn.requirement-cycle"]


def test_a_chain_of_many_decisions_is_no_recursion() -> None:
    """3,000 decisions, each requiring the one before it, are made one after the other."""
    chain = [decision("d0", literal("1"), needs=[])]
    chain += [decision(f"d{i}", literal(f"d{i - 1} + 1"), needs=[f"d{i - 1}"]) for i in range(1, 3000)]
    assert Decisions.read(("m.dmn", model(*chain))).evaluate("d2999").value == Decimal(3000)


def test_a_type_may_contain_itself() -> None:
    """A tree of nodes is a type; an alias of itself is a diagnostic."""
    tree = (
        '<itemDefinition name="tNode"><itemComponent name="value"><typeRef>number</typeRef></itemComponent>'
        '<itemComponent name="children" isCollection="true"><typeRef>tNode</typeRef></itemComponent></itemDefinition>'
    )
    parts = (tree, inputs("node: tNode"), decision("d", literal("node.children[1].value")))
    given = {"node": {"value": 1, "children": [{"value": 2, "children": []}]}}
    assert Decisions.read(("m.dmn", model(*parts))).evaluate("d", given).value == Decimal(2)
