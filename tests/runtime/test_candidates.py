"""Files on their way into service."""

from app.runtime.candidates import read
from tests.runtime.diagrams import END, START, call, diagram


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


def test_a_global_task_is_a_candidate_of_its_own() -> None:
    """Beside the process that calls it, or alone in its file; a file without either is refused."""
    task = '<bpmn:globalUserTask id="sign" name="Sign" />'
    found, _ = read({"both.bpmn": diagram("contract", START, call("sign"), END, roots=task)})
    assert [(each.key, each.name) for each in found] == [("contract", "contract"), ("sign", "Sign")]
    alone = diagram("draft", START, END, roots=task).replace(b'isExecutable="true"', b'isExecutable="false"')
    found, problems = read({"alone.bpmn": alone})
    assert [each.key for each in found] == ["sign"]
    assert {each.code for each in problems}.isdisjoint({"deployment.nothing-executable", "bpmn.nothing-executable"})
    _, problems = read({"none.bpmn": alone.replace(task.encode(), b"")})
    assert "deployment.nothing-executable" in {each.code for each in problems}
