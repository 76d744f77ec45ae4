"""Whole processes of one file in virtual time."""

from datetime import timedelta
from itertools import pairwise

from app import bpmn
from app.engine import commands, events
from app.engine.simulation import Simulation
from tests.engine.driving import NAMESPACES, chain, extended, flow, job


def pools(*processes: tuple[str, str], roots: str = "") -> bpmn.Definitions:
    """Several executable processes; ids inside are made unique by the process's name."""
    written = "".join(
        f'<process id="{name}" isExecutable="true">{body.replace("~", name)}</process>' for name, body in processes
    )
    return bpmn.read(
        "pools.bpmn", f'<definitions {NAMESPACES} id="D" targetNamespace="x">{roots}{written}</definitions>'.encode()
    )


def line(*elements: str) -> str:
    """A chain whose start and end carry the process's name."""
    ids = ["start~", *(element.split('id="')[1].split('"')[0] for element in elements), "end~"]
    flows = "".join(flow(one, other) for one, other in pairwise(ids))
    return f'<startEvent id="start~"/>{"".join(elements)}<endEvent id="end~"/>{flows}'


def statuses(simulation: Simulation) -> dict[str, str]:
    return {running.program.process_id: running.status.value for running in simulation.instances.values()}


MESSAGE = '<message id="m" name="news"/>'
SEND = '<intermediateThrowEvent id="send"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
WAIT = '<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'


def test_a_message_passes_between_pools_even_if_it_comes_first() -> None:
    """It is kept until somebody waits for it."""
    for first, second in (("A", "B"), ("B", "A")):
        simulation = Simulation(pools(("A", line(SEND)), ("B", line(WAIT)), roots=MESSAGE))
        simulation.start(first)
        simulation.start(second)
        assert statuses(simulation) == {"A": "completed", "B": "completed"}


def test_a_message_can_start_a_process() -> None:
    """The other pool's message start event."""
    starter = '<startEvent id="on"><messageEventDefinition messageRef="m"/></startEvent><task id="t"/>' + flow(
        "on", "t"
    )
    simulation = Simulation(pools(("A", line(SEND)), ("B", starter), roots=MESSAGE))
    simulation.start("A")
    assert statuses(simulation) == {"A": "completed", "B": "completed"}


def test_a_called_process_answers_its_caller() -> None:
    """With its variables."""
    call = extended("callActivity", "call", '<zeebe:calledElement processId="B"/>')
    work = extended("scriptTask", "work", '<zeebe:script expression="=x * 2" resultVariable="y"/>')
    simulation = Simulation(pools(("A", line(call)), ("B", line(work))))
    instance_id = simulation.start("A", {"x": "a"})
    assert statuses(simulation) == {"A": "completed", "B": "completed"}
    completed = simulation.instances[instance_id].history[-1]
    assert isinstance(completed, events.InstanceCompleted)
    assert set(completed.variables) == {"x", "y"}


def test_time_passes_in_steps_from_timer_to_timer() -> None:
    """Each timer fires at its own time, so that what it schedules is due later than itself."""
    timer = (
        '<intermediateCatchEvent id="{}"><timerEventDefinition><timeDuration xsi:type="tFormalExpression">PT1H'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    simulation = Simulation(pools(("A", line(timer.format("one"), timer.format("two")))))
    simulation.start("A")
    begin = simulation.now
    simulation.advance(timedelta(hours=1, minutes=59))
    assert statuses(simulation) == {"A": "running"}
    simulation.advance(timedelta(minutes=1))
    assert statuses(simulation) == {"A": "completed"}
    assert simulation.now - begin == timedelta(hours=2)


def test_jobs_are_answered_by_the_function_that_is_passed_in() -> None:
    """None leaves the job open."""
    definitions = pools(("A", chain(job("J"))))
    waiting = Simulation(definitions, lambda _: None)
    instance_id = waiting.start("A")
    assert statuses(waiting) == {"A": "running"}
    (requested,) = [each for each in waiting.instances[instance_id].history if isinstance(each, events.JobRequested)]
    waiting.send(instance_id, commands.CompleteJob(requested.job_id))
    assert statuses(waiting) == {"A": "completed"}
