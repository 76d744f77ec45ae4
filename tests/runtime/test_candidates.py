"""Files on their way into service."""

from app.runtime.candidates import read
from tests.runtime.diagrams import END, START, diagram

SIGNALS = '<bpmn:signal id="s" name="alarm" /><bpmn:signal id="t" name="calm" />'
BOTH = '<bpmn:signalEventDefinition id="d" signalRef="s" /><bpmn:signalEventDefinition id="e" signalRef="t" />'


def test_a_start_that_nothing_brings_about_is_refused_by_name() -> None:
    """Several triggers together; one of several is enough to start."""
    start = f'<bpmn:startEvent id="start" parallelMultiple="true">{{flows}}{BOTH}</bpmn:startEvent>'
    _, problems = read({"both.bpmn": diagram("both", start, END, roots=SIGNALS)})
    assert {(each.code, each.element_id) for each in problems if each.severity == "error"} == {
        ("deployment.start", "start")
    }
    _, problems = read({"any.bpmn": diagram("any", start.replace("true", "false"), END, roots=SIGNALS)})
    assert not [each for each in problems if each.severity == "error"]


def test_a_job_whose_answer_nothing_takes_is_refused_by_name() -> None:
    """A job that would decide for an ad-hoc subprocess, and listeners beyond creating and completing."""
    ad_hoc = (
        '<bpmn:adHocSubProcess id="choice">'
        '<bpmn:extensionElements><zeebe:taskDefinition type="choose" /></bpmn:extensionElements>'
        '{flows}<bpmn:task id="inside" /></bpmn:adHocSubProcess>'
    )
    listeners = (
        '<bpmn:userTask id="work"><bpmn:extensionElements><zeebe:userTask /><zeebe:taskListeners>'
        '<zeebe:taskListener eventType="creating" type="a" /><zeebe:taskListener eventType="assigning" type="b" />'
        "</zeebe:taskListeners></bpmn:extensionElements>{flows}</bpmn:userTask>"
    )
    for element, node in ((ad_hoc, "choice"), (listeners, "work")):
        _, problems = read({"job.bpmn": diagram("job", START, element, END)})
        errors = [each for each in problems if each.severity == "error"]
        assert [(each.code, each.element_id) for each in errors] == [("deployment.job", node)]
