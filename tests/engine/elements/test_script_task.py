"""Script tasks."""

import pytest

from app.errors import ModelError
from tests.engine.driving import Drive, chain, script


def test_the_value_becomes_the_result_variable() -> None:
    """FEEL sees the variables; the result goes to the process."""
    drive = Drive(chain(script("S", "x * 2", "y")))
    assert drive.start(x=21)[4:7] == ["activated scriptTask S", "set process y=42", "completed S"]


def test_a_script_without_a_value_sets_null() -> None:
    """As in Camunda 8, a null script is no incident."""
    drive = Drive(chain(script("S", "missing + 1", "y")))
    drive.start()
    assert drive.variables == {"y": None}


def test_a_script_in_another_language_is_refused() -> None:
    """No Python or JavaScript from a diagram is ever executed."""
    with pytest.raises(ModelError, match="Code from diagrams is never executed"):
        Drive(chain('<scriptTask id="S" scriptFormat="python"><script>print(1)</script></scriptTask>'))


def test_an_expression_that_does_not_parse_is_refused_with_its_element() -> None:
    """The diagnostic names the element and the text."""
    with pytest.raises(ModelError) as refused:
        Drive(chain(script("S", "1 +", "y")))
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.element_id) == ("engine.expression", "S")
    assert '"=1 +"' in problem.message
