"""`app.web.studio.starters`: what "New process" and "New decision" begin with."""

from decimal import Decimal

import pytest

from app import bpmn, dmn
from app.runtime.views import ModelKind
from app.web.studio.starters import NAME, start_model

AWKWARD = 'Fish & "Chips" <today>'


def test_a_new_process_can_be_deployed_as_it_is() -> None:
    """It has a start, an end and a drawing, and any name."""
    definitions = bpmn.read("new.bpmn", start_model(ModelKind.BPMN, "fish", AWKWARD))
    assert bpmn.check(definitions) == []
    (process,) = definitions.processes
    assert (process.id, process.name, process.is_executable) == ("fish", AWKWARD, True)


def test_a_new_decision_decides() -> None:
    """It is an example that can be tried at once and then changed."""
    content = start_model(ModelKind.DMN, "fish", "Fish")
    assert dmn.check("new.dmn", content) == []
    decisions = dmn.Decisions.read(("new.dmn", content))
    assert decisions.evaluate("fish", {"amount": Decimal(35)}).value == "large"


@pytest.mark.parametrize("name", ["invoice-approval", "a", "Order_2.1"])
def test_names_that_can_be_ids(name: str) -> None:
    """They are XML names and need no escaping in an address."""
    assert NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "1st", "-a", "a b", "a/b", 'a"b', "ä", "a" * 101, "../x"])
def test_names_that_cannot_be_ids(name: str) -> None:
    assert not NAME.fullmatch(name)
