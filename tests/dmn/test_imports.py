"""Imports by namespace: prefixes, empty names, several of one model, transitive ones, circles (DMN 1.5, 6.3.3)."""

from decimal import Decimal

import pytest

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


def test_a_circle_of_imports_is_a_diagnostic() -> None:
    """The message names the models on the way round."""
    first = model(imported("b", "urn:b"), namespace="urn:a")
    second = model(imported("a", "urn:a"), namespace="urn:b")
    with pytest.raises(ModelError) as caught:
        Decisions.read(("a.dmn", first), ("b.dmn", second))
    assert [one.code for one in caught.value.diagnostics] == ["dmn.import-cycle"]
    assert "→" in caught.value.diagnostics[0].message


def test_a_model_that_imports_itself_is_a_diagnostic() -> None:
    """The shortest circle."""
    with pytest.raises(ModelError) as caught:
        Decisions.read(("a.dmn", model(imported("me", "urn:a"), namespace="urn:a")))
    assert [one.code for one in caught.value.diagnostics] == ["dmn.import-cycle"]


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
