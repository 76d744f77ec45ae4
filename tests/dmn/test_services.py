"""Decision services (DMN 1.5, 10.4) and external functions."""

from decimal import Decimal

import pytest

from app.dmn import Decisions, ExternalFunctions
from tests.dmn.notation import Node, context, decision, inputs, knowledge, literal, model, service

SERVED = (
    inputs("a: number, b: number"),
    decision("sum", literal("a + b"), needs=["a", "b"]),
    decision("double", literal("sum * 2"), needs=["sum"]),
    decision("triple", literal("sum * 3"), needs=["sum"]),
    service("one output", outputs=["double"], takes=["a", "b"]),
    service("two outputs", outputs=["double", "triple"], takes=["a", "b"]),
    service("from the sum", outputs=["double"], decisions=["sum"]),
)


def calling(text: str) -> Decisions:
    caller = decision("caller", literal(text), needs=["a", "one output", "two outputs", "from the sum"])
    return Decisions.read(("m.dmn", model(*SERVED, caller)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one output(1, 2)", Decimal(6)),
        ("one output(b: 2, a: 1)", Decimal(6)),
        ("two outputs(1, 2)", {"double": Decimal(6), "triple": Decimal(9)}),
        ("from the sum(10)", Decimal(20)),
        ("one output(1)", None),
        ("one output(1, 2, 3)", None),
        ("one output(a: 1, c: 2)", None),
        ('one output("text", 2)', None),
    ],
)
def test_a_service_is_called_like_a_function(text: str, expected: object) -> None:
    """Input data come first, then input decisions; a missing, surplus, misnamed or misfitting argument gives null."""
    assert calling(text).evaluate("caller", {"a": 100, "b": 100}).value == expected


def test_a_service_does_not_see_the_caller_s_inputs() -> None:
    """Its world holds only its arguments: a is 1 inside, and still 100 outside."""
    assert calling("[one output(1, 1), a]").evaluate("caller", {"a": 100, "b": 100}).value == [Decimal(4), Decimal(100)]


def test_a_service_can_be_invoked_directly() -> None:
    """The public door takes services by name; several outputs make a context, and decisions can be given."""
    decisions = Decisions.read(("m.dmn", model(*SERVED)))
    assert decisions.evaluate("one output", {"a": 1, "b": 2}).value == Decimal(6)
    assert decisions.evaluate("two outputs", {"a": 1, "b": 2}).value == {"double": Decimal(6), "triple": Decimal(9)}
    assert decisions.evaluate("from the sum", {"sum": 5}).value == Decimal(10)


def test_an_argument_that_does_not_fit_makes_the_service_null() -> None:
    """Invoked directly as in a call."""
    services = (
        inputs("n: number"),
        decision("d", literal("n = null"), needs=["n"]),
        service("s", outputs=["d"], takes=["n"]),
    )
    decisions = Decisions.read(("m.dmn", model(*services)))
    assert decisions.evaluate("s", {"n": "text"}).value is None
    assert decisions.evaluate("s", {"n": 1}).value is False


def test_a_knowledge_model_can_be_invoked_directly() -> None:
    """Its parameters are the inputs, and an explanation shows its value."""
    square = knowledge("square", "x: number", literal("x * x"))
    evaluation = Decisions.read(("m.dmn", model(square))).evaluate("square", {"x": 5}, explain=True)
    assert evaluation.value == Decimal(25)
    assert [(one.name, one.value) for one in evaluation.decisions] == [("square", Decimal(25))]


def function_type(name: str, *parameters: str) -> str:
    inner = "".join(f'<parameters name="p{number}" typeRef="{one}"/>' for number, one in enumerate(parameters))
    return f'<itemDefinition name="{name}"><functionItem outputTypeRef="number">{inner}</functionItem></itemDefinition>'


FUNCTION_TYPES = function_type("ofList", "list&lt;number>") + function_type("ofTwo", "number", "number")


@pytest.mark.parametrize(("function", "expected"), [("sum", Decimal(18)), ("sqrt", None), ("function(a, b) a", None)])
def test_a_function_may_be_an_argument(function: str, expected: object) -> None:
    """A built-in function fits a function type if one of its forms takes that many arguments."""
    both = knowledge("both", "f: ofList, g: ofTwo", literal("f([1, 2, 3]) * g(1, 2)"))
    content = model(FUNCTION_TYPES, both, decision("d", literal(f"both({function}, {function})")))
    assert Decisions.read(("m.dmn", content)).evaluate("d").value == expected


def test_a_function_is_called_once() -> None:
    """Also where something after the call fails: recursion 40 deep takes 40 calls, not more than the budget."""
    recursive = knowledge("f", "n: number", literal("if n = 0 then 1 else [f(n - 1), 1 / 0][1]"))
    evaluation = Decisions.read(("m.dmn", model(recursive, decision("d", literal("f(40)"))))).evaluate("d")
    assert evaluation.value == Decimal(1)
    assert [str(reason.kind) for reason in evaluation.reasons] == ["division-by-zero"]


JAVA = context(
    (
        "maximum",
        '<functionDefinition kind="Java"><formalParameter name="a"/><formalParameter name="b"/>'
        + context(("class", literal('"java.lang.Math"')), ("method signature", literal('"max(double, double)"')))
        + "</functionDefinition>",
    ),
    (None, literal("maximum(1, 2)")),
)


def test_an_external_function_is_reached_through_the_registry_only() -> None:
    """Without a registry the result is null with a reason; with one it is what the registered function answers."""
    file = ("m.dmn", model(decision("d", JAVA)))
    unreachable = Decisions.read(file).evaluate("d")
    assert unreachable.value is None
    assert "not-supported" in {str(reason.kind) for reason in unreachable.reasons}
    registry = ExternalFunctions({("java.lang.Math", "max(double,double)"): max})
    assert Decisions.read(file, host=registry).evaluate("d").value == Decimal(2)


def test_an_external_function_may_fail() -> None:
    """What a registered function cannot compute is null with its words as the reason."""

    def failing(_: object, __: object) -> object:
        raise ValueError("Expected something else.")

    registry = ExternalFunctions({("java.lang.Math", "max(double,double)"): failing})
    evaluation = Decisions.read(("m.dmn", model(decision("d", JAVA))), host=registry).evaluate("d")
    assert evaluation.value is None
    assert "Expected something else." in {reason.message for reason in evaluation.reasons}


def test_pmml_is_not_supported() -> None:
    """A function of kind PMML is null with a reason, not a crash."""
    logic = context(
        ("f", f'<functionDefinition kind="PMML">{literal("1")}</functionDefinition>'), (None, literal("f()"))
    )
    assert Decisions.read(("m.dmn", model(decision("d", logic)))).evaluate("d").value is None


def test_a_knowledge_model_may_be_external() -> None:
    """Its function is found in the registry and called with its arguments."""
    signature = context(("class", literal('"java.lang.Math"')), ("method signature", literal('"max(double, double)"')))
    outer = knowledge("larger", "a: number, b: number", signature).body.replace(
        "<encapsulatedLogic>", '<encapsulatedLogic kind="Java">'
    )
    larger = Node("businessKnowledgeModel", "larger", outer, ())
    registry = ExternalFunctions({("java.lang.Math", "max(double,double)"): max})
    content = model(larger, decision("d", literal("larger(3, 2)")))
    assert Decisions.read(("m.dmn", content), host=registry).evaluate("d").value == Decimal(3)
    assert Decisions.read(("m.dmn", content)).evaluate("d").value is None
