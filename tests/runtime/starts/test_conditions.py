"""Start events by condition: somebody hands over variables, and every condition that they make true starts."""

import pytest

from app.errors import Forbidden, Invalid, NotFound
from app.runtime import SYSTEM, Actor
from app.runtime.views import SwitchScope
from app.testing import Platform
from tests.runtime.diagrams import END, diagram, user_task


def when(condition: str, process_id: str = "restock", element_id: str = "start") -> bytes:
    start = (
        f'<bpmn:startEvent id="{element_id}">{{flows}}<bpmn:conditionalEventDefinition id="d">'
        f'<bpmn:condition xsi:type="bpmn:tFormalExpression">={condition}</bpmn:condition>'
        "</bpmn:conditionalEventDefinition></bpmn:startEvent>"
    )
    return diagram(process_id, start, user_task(), END)


LOW, EMPTY = when("stock &lt; 5"), when("stock = 0", "alarm")


def deploy(platform: Platform, *diagrams: bytes) -> None:
    platform.runtime.deployments.deploy(SYSTEM, {f"{n}.bpmn": each for n, each in enumerate(diagrams)})


def test_every_condition_that_is_true_starts_an_instance(platform: Platform) -> None:
    """With the variables that were handed over; null is not true."""
    deploy(platform, LOW, EMPTY)
    assert platform.evaluate_conditions({"stock": 7}) == ()
    assert platform.evaluate_conditions({"other": 7}) == ()
    assert [case.view.process_id for case in platform.evaluate_conditions({"stock": 3})] == ["restock"]
    both = platform.evaluate_conditions({"stock": 0, "article": "bed"})
    assert [case.view.process_id for case in both] == ["restock", "alarm"]
    assert [case.variables for case in both] == [{"stock": 0, "article": "bed"}] * 2
    assert len(platform.cases()) == 3


def test_one_process_can_be_asked(platform: Platform, admin: Actor) -> None:
    """Which has to exist; one without conditions starts nothing."""
    deploy(platform, LOW, EMPTY)
    (started,) = platform.runtime.conditions.evaluate(admin, {"stock": 0}, "alarm")
    assert (started.process_id, started.version, started.element_id) == ("alarm", 1, "start")
    with pytest.raises(NotFound):
        platform.runtime.conditions.evaluate(admin, {"stock": 0}, "nonsense")


def test_the_newest_version_is_asked(platform: Platform) -> None:
    """Conditions of older versions are closed."""
    deploy(platform, LOW)
    deploy(platform, when("stock &lt; 2"))
    assert platform.evaluate_conditions({"stock": 3}) == ()
    (case,) = platform.evaluate_conditions({"stock": 1})
    assert case.view.version == 2


def test_the_right_to_start_is_needed_and_the_audit_log_says_who(platform: Platform, admin: Actor) -> None:
    """The instance is started by whoever handed the variables over; the evidence has the condition."""
    deploy(platform, LOW)
    with pytest.raises(Forbidden):
        platform.runtime.conditions.evaluate(platform.actor("anna"), {"stock": 0})
    with pytest.raises(Invalid):
        platform.runtime.conditions.evaluate(admin, {"stock": object()})
    (started,) = platform.runtime.conditions.evaluate(admin, {"stock": 0})
    assert platform.case(started.id).view.started_by == "carla"
    (record,) = platform.runtime.audit.list(admin, action="conditions.evaluated").items
    assert (record.actor, record.detail["started"], record.detail["true"]) == ("carla", [started.id], ["restock/start"])
    assert "condition =stock < 5" in str(platform.runtime.evidence.pack(admin, started.id))


def test_a_condition_longer_than_an_index_entry_can_be_deployed(platform: Platform) -> None:
    """PostgreSQL refuses index entries of more than about 2,700 bytes."""
    names = [f"{'very ' * 20}long name {number}" for number in range(200)]
    deploy(platform, when(" or ".join(f'name = "{name}"' for name in names)))
    assert len(platform.evaluate_conditions({"name": names[-1]})) == 1


def test_a_switch_holds_what_a_condition_starts(platform: Platform, admin: Actor) -> None:
    """Until it is cleared; then it starts with the variables of its time."""
    deploy(platform, LOW)
    switch = platform.runtime.switches.set(admin, SwitchScope.PROCESS, "restock", "an audit")
    assert platform.evaluate_conditions({"stock": 3}) == ()
    platform.runtime.switches.clear(admin, switch)
    (case,) = platform.cases()
    assert case.variables == {"stock": 3}
