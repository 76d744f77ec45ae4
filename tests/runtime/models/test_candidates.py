"""Files on their way into service."""

import sys
from types import FrameType

from app.engine.naming import NamedKind
from app.engine.program import translate
from app.runtime.models.candidates import read
from tests.runtime.diagrams import END, START, call, diagram


def test_jobs_with_results_are_deployed() -> None:
    """A job that decides for an ad-hoc subprocess, listeners of every transition and of a process's end."""
    ad_hoc = (
        '<bpmn:adHocSubProcess id="choice">'
        '<bpmn:extensionElements><zeebe:taskDefinition type="choose" /></bpmn:extensionElements>'
        '{flows}<bpmn:task id="inside" /></bpmn:adHocSubProcess>'
    )
    listeners = "".join(
        f'<zeebe:taskListener eventType="{each}" type="check" />'
        for each in ("creating", "assigning", "updating", "completing", "canceling")
    )
    task = (
        '<bpmn:userTask id="work"><bpmn:extensionElements><zeebe:userTask />'
        f"<zeebe:taskListeners>{listeners}</zeebe:taskListeners></bpmn:extensionElements>{{flows}}</bpmn:userTask>"
    )
    content = diagram("job", START, ad_hoc, task, END).replace(
        b"</zeebe:properties>",
        b"</zeebe:properties><zeebe:executionListeners>"
        b'<zeebe:executionListener eventType="cancel" type="tell" /></zeebe:executionListeners>',
    )
    candidates, problems = read({"job.bpmn": content})
    assert not [each for each in problems if each.severity == "error"]
    (program,) = [each.program for each in candidates]
    assert program is not None
    assert program.names(NamedKind.HANDLER) == {"choose", "check", "tell"}


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


def test_each_process_is_translated_once() -> None:
    """For what is wrong with it and for what it refers to; the calls are counted."""
    translated = 0

    def profile(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal translated
        translated += event == "call" and frame.f_code is translate.__code__

    task = '<bpmn:globalUserTask id="sign" name="Sign" />'
    sys.setprofile(profile)
    try:
        candidates, _ = read({"both.bpmn": diagram("contract", START, call("sign"), END, roots=task)})
    finally:
        sys.setprofile(None)
    assert (len(candidates), translated) == (2, 2)
