"""Service tasks: jobs for task handlers."""

import pytest

from app.engine import commands, events
from app.errors import Conflict, ModelError
from tests.engine.driving import Drive, chain, extended, job, mapping


def test_a_service_task_requests_a_job_and_goes_on_when_it_is_completed() -> None:
    """The exact events of a whole instance with one job."""
    drive = Drive(chain(job("A")))
    assert drive.start(x=1) == [
        "started P x=1",
        "activated startEvent start",
        "completed start",
        "flow start-A",
        "activated serviceTask A",
        "job work for A x=1",
    ]
    assert drive.complete("A", y=2) == [
        "set process y=2",
        "completed A",
        "flow A-end",
        "activated endEvent end",
        "completed end",
        "instance completed x=1 y=2",
    ]
    assert drive.status == "completed"
    assert drive.live == []


def test_input_mappings_make_a_local_scope_that_the_job_sees_alone() -> None:
    """With input mappings a job sees these only; its results leave by the output mappings only."""
    io = mapping("input", "x + 1", "y") + mapping("output", "answer * 2", "doubled")
    drive = Drive(chain(job("A", mappings=io)))
    assert drive.start(x=1)[-2:] == ["set local y=2", "job work for A y=2"]
    assert drive.complete("A", answer=21)[:3] == ["set local answer=21", "set process doubled=42", "completed A"]
    assert drive.variables == {"x": 1, "doubled": 42}


def test_a_result_that_is_a_local_variable_stays_local() -> None:
    """Without output mappings each result goes where the variable exists, innermost scope first (Camunda 8)."""
    drive = Drive(chain(job("A", mappings=mapping("input", "x", "y"))))
    drive.start(x=1)
    assert drive.complete("A", y=5, z=6)[:2] == ["set local y=5", "set process z=6"]
    assert drive.variables == {"x": 1, "z": 6}


def test_mappings_may_lead_into_a_context_variable() -> None:
    """A target such as customer.name sets a member and keeps the others."""
    io = mapping("output", "name", "customer.name") + mapping("output", "city", "customer.address.city")
    drive = Drive(chain(job("A", mappings=io)))
    drive.start(customer={"id": 7})
    drive.complete("A", name="Ann", city="Ulm")
    assert drive.variables == {"customer": {"id": 7, "name": "Ann", "address": {"city": "Ulm"}}}


def test_a_job_is_completed_once() -> None:
    """A late answer is refused and changes nothing."""
    drive = Drive(chain(job("A"), job("B")))
    drive.start()
    late = drive.job("A")
    drive.complete("A")
    before = drive.stored
    with pytest.raises(Conflict, match="Expected an open job"):
        drive.send(commands.CompleteJob(late))
    assert drive.stored == before


def test_an_exhausted_job_raises_an_incident_and_resolving_it_requests_the_same_job_again() -> None:
    """RaiseIncident keeps the job; ResolveIncident requests it with the same job id."""
    drive = Drive(chain(job("A")))
    drive.start()
    job_id = drive.job("A")
    assert drive.send(commands.RaiseIncident(job_id, "transient", "Billing is down.")) == [
        "incident transient at A: Billing is down."
    ]
    assert drive.resolve() == ["incident resolved", "job work for A"]
    assert drive.job("A") == job_id
    drive.complete("A")
    assert drive.status == "completed"


def test_a_job_type_that_has_no_value_is_an_incident() -> None:
    """Where the expression is null the incident names it, and a retry takes a new value."""
    drive = Drive(chain(job("A", job_type="=kind")))
    happened = drive.start()
    assert happened[-1].startswith(
        'incident job at A: Expected a text for the job type, but the expression "=kind" is null'
    )
    drive.send(commands.SetVariables({"kind": "work"}))
    assert drive.resolve() == ["incident resolved", 'job work for A kind="work"']


def test_a_service_task_without_a_job_type_is_refused_at_deployment() -> None:
    """The diagnostic names the element, the reason and the remedy."""
    with pytest.raises(ModelError) as refused:
        Drive(chain('<serviceTask id="A"/>'))
    (problem,) = refused.value.diagnostics
    assert (problem.code, problem.element_id) == ("engine.no-implementation", "A")
    assert "job type" in problem.message
    assert problem.remedy


def test_headers_priority_and_linked_resources_reach_the_job() -> None:
    """Headers are texts; the priority may be an expression, or the process's."""
    task = extended(
        "serviceTask",
        "A",
        '<zeebe:taskDefinition type="work" retries="5"/><zeebe:taskHeaders><zeebe:header key="k" value="v"/>'
        '</zeebe:taskHeaders><zeebe:jobPriorityDefinition priority="=p + 1"/><zeebe:linkedResources>'
        '<zeebe:linkedResource resourceId="r" resourceType="RPA" linkName="l"/></zeebe:linkedResources>',
    )
    drive = Drive(chain(task))
    drive.start(p=6)
    (requested,) = [event for event in drive.history if isinstance(event, events.JobRequested)]
    assert (requested.retries, requested.priority) == (5, 7)
    assert requested.headers == {
        "k": "v",
        "linkedResources": '[{"resourceId":"r","resourceType":"RPA","linkName":"l"}]',
    }


def failed(drive: Drive, element_id: str) -> None:
    drive.send(commands.RaiseIncident(drive.job(element_id), "data", "There is no such customer."))


def test_a_job_that_is_asked_for_again_sees_what_was_corrected() -> None:
    """The input mappings read their sources anew, also where source and target have the same name."""
    drive = Drive(chain(job("A", mappings=mapping("input", "x", "x") + mapping("input", "x + 1", "y"))))
    drive.start(x=1)
    failed(drive, "A")
    drive.send(commands.SetVariables({"x": 5}))
    assert drive.resolve() == ["incident resolved", "set local x=5 y=6", "job work for A x=5 y=6"]


def test_what_was_set_by_hand_in_the_element_stays() -> None:
    """An operator's value for this element alone is not overwritten by the mapping; the other mappings are."""
    drive = Drive(chain(job("A", mappings=mapping("input", "x", "y") + mapping("input", "x", "z"))))
    drive.start(x=1)
    failed(drive, "A")
    (element,) = (each for each in drive.instance().live() if each.element_id == "A")
    drive.send(commands.SetVariables({"y": 7}, element.element_instance_id))
    drive.send(commands.SetVariables({"x": 5}))
    assert drive.resolve()[-1] == "job work for A y=7 z=5"
