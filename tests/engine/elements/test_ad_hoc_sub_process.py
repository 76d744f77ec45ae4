"""Ad-hoc subprocesses."""

import pytest

from app.engine import commands, events
from tests.engine.driving import Drive, chain, extended, flow, job, numbers


def ad_hoc(inside: str, adhoc: str = "", **attributes: str) -> str:
    return extended("adHocSubProcess", "sub", adhoc, inside, **attributes)


def running(drive: Drive) -> list[str]:
    """Where tokens are inside the subprocess and its inner instances."""
    return [element_id for element_id in drive.live if element_id != "sub"]


def test_everything_that_nothing_leads_to_is_started_at_once() -> None:
    """Flows inside are followed; the subprocess ends with its last token."""
    drive = Drive(chain(ad_hoc(job("A") + job("B") + job("C") + flow("A", "C"))))
    drive.start()
    assert running(drive) == ["A", "B"]
    drive.complete("A")
    drive.complete("B")
    assert running(drive) == ["C"]
    assert "completed sub" in drive.complete("C")


def test_sequentially_one_after_the_other() -> None:
    """In document order."""
    drive = Drive(chain(ad_hoc(job("A") + job("B"), ordering="Sequential")))
    drive.start()
    assert running(drive) == ["A"]
    drive.complete("A")
    assert running(drive) == ["B"]


def test_an_expression_may_choose_what_is_started() -> None:
    """A list of element ids; anything else is an incident."""
    element = ad_hoc(job("A") + job("B"), '<zeebe:adHoc activeElementsCollection="=chosen"/>')
    drive = Drive(chain(element))
    drive.start(chosen=["B"])
    assert running(drive) == ["B"]
    assert (
        Drive(chain(element))
        .start(chosen=["X"])[-1]
        .startswith("incident expression at sub: Expected a list of element ids of A, B")
    )


def test_the_completion_condition_cancels_what_is_left() -> None:
    """It is looked at whenever an activity inside completes."""
    condition = '<completionCondition xsi:type="tFormalExpression">=enough</completionCondition>'
    drive = Drive(chain(ad_hoc(job("A") + job("B") + condition)))
    drive.start(enough=False)
    assert drive.complete("A", enough=True)[1:5] == ["completed A", "completed sub", "job cancelled", "cancelled B"]


def test_without_cancelling_what_runs_may_finish() -> None:
    """cancelRemainingInstances false; but nothing new is started."""
    condition = '<completionCondition xsi:type="tFormalExpression">=enough</completionCondition>'
    inside = job("A") + job("B") + condition
    drive = Drive(chain(ad_hoc(inside, cancelRemainingInstances="false")))
    drive.start(enough=True)
    drive.complete("A")
    assert running(drive) == ["B"]
    drive.complete("B")
    assert drive.status == "completed"


def test_a_condition_that_is_not_boolean_is_an_incident_of_the_subprocess() -> None:
    """A retry looks again."""
    condition = '<completionCondition xsi:type="tFormalExpression">=enough</completionCondition>'
    drive = Drive(chain(ad_hoc(job("A") + job("B") + condition)))
    drive.start()
    assert drive.complete("A")[-1].startswith("incident condition at sub")
    drive.send(commands.SetVariables({"enough": True}))
    assert "completed sub" in drive.resolve()


def test_what_flows_from_an_element_belongs_to_its_inner_instance() -> None:
    """One output each, evaluated when everything that began with the element is done."""
    adhoc = '<zeebe:adHoc outputCollection="results" outputElement="=answer"/>'
    drive = Drive(chain(ad_hoc(job("A") + job("B") + flow("A", "B"), adhoc)))
    drive.start()
    drive.complete("A", answer="a")
    drive.complete("B", answer="b")
    assert drive.variables["results"] == ["b"]


def test_outputs_are_collected_beside_input_mappings() -> None:
    """The subprocess's own variables do not keep the collection from being made."""
    adhoc = (
        '<zeebe:ioMapping><zeebe:input source="=1" target="x"/></zeebe:ioMapping>'
        '<zeebe:adHoc outputCollection="results" outputElement="=answer"/>'
    )
    drive = Drive(chain(ad_hoc(job("A"), adhoc)))
    drive.start()
    drive.complete("A", answer="a")
    assert drive.variables["results"] == ["a"]


def test_activities_inside_are_undone_like_those_of_any_subprocess() -> None:
    """The records outlive the inner instances."""
    inside = (
        job("A")
        + '<boundaryEvent id="undo" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'
        + '<serviceTask id="U" isForCompensation="true"><extensionElements><zeebe:taskDefinition type="undo"/>'
        + "</extensionElements></serviceTask>"
        + '<association id="a" sourceRef="undo" targetRef="U"/>'
    )
    throw = '<intermediateThrowEvent id="throw"><compensateEventDefinition/></intermediateThrowEvent>'
    drive = Drive(chain(ad_hoc(inside), throw))
    drive.start()
    assert drive.complete("A")[-1] == "job undo for U"
    drive.complete("U")
    assert drive.status == "completed"


def test_an_event_subprocess_inside_is_in_no_inner_instance() -> None:
    """It interrupts them all, and brings no output."""
    adhoc = '<zeebe:adHoc outputCollection="results" outputElement="=1"/>'
    inside = (
        job("A")
        + '<subProcess id="handler" triggeredByEvent="true"><startEvent id="stop">'
        + '<messageEventDefinition messageRef="m"/></startEvent></subProcess>'
    )
    drive = Drive(chain(ad_hoc(inside, adhoc)), '<message id="m" name="stop"/>')
    drive.start()
    drive.deliver("stop")
    assert (drive.status, drive.variables) == ("completed", {"results": []})


def test_an_operator_may_start_one_more() -> None:
    """It gets an inner instance of its own."""
    adhoc = '<zeebe:adHoc outputCollection="results" outputElement="=answer"/>'
    drive = Drive(chain(ad_hoc(job("A") + job("B"), adhoc)))
    drive.start()
    drive.send(commands.ActivateElement("A"))
    assert running(drive) == ["A", "B", "A"]
    jobs = [event.job_id for event in drive.history if isinstance(event, events.JobRequested)]
    for job_id in jobs:
        drive.send(commands.CompleteJob(job_id, {"answer": job_id}))
    assert drive.variables["results"] == jobs


def test_outputs_are_collected_in_the_order_of_completion() -> None:
    """The collection leaves the subprocess as one variable."""
    adhoc = '<zeebe:adHoc outputCollection="results" outputElement="=answer"/>'
    drive = Drive(chain(ad_hoc(job("A") + job("B"), adhoc)))
    drive.start()
    drive.complete("B", answer="b")
    drive.complete("A", answer="a")
    assert drive.variables["results"] == ["b", "a"]


# with a job type

AGENT = (
    '<zeebe:taskDefinition type="agent" retries="5"/><zeebe:adHoc outputCollection="results" outputElement="=found"/>'
)
TOOLS = (
    extended("serviceTask", "A", '<zeebe:taskDefinition type="work"/>', "<documentation>Looks it up</documentation>")
    + extended(
        "serviceTask",
        "B",
        '<zeebe:taskDefinition type="work"/><zeebe:properties><zeebe:property name="k" value="v"/></zeebe:properties>',
        name="Bee",
    )
    + job("C")
    + flow("A", "C")
)


def agent(more: str = "", inside: str = TOOLS, **attributes: str) -> Drive:
    drive = Drive(chain(ad_hoc(inside, AGENT + more, **attributes)))
    drive.start()
    return drive


def activate(drive: Drive, *elements: str, **variables: object) -> list[str]:
    """The latest job of the subprocess answers that these begin, each with these variables."""
    activations = tuple(commands.Activation(element, numbers(variables)) for element in elements)
    return drive.send(commands.CompleteJob(drive.job("sub"), {}, commands.AdHocSubProcessResult(activations)))


def fulfil(drive: Drive, *, cancels: bool = False, **variables: object) -> list[str]:
    result = commands.AdHocSubProcessResult(is_fulfilled=True, cancels_remaining=cancels)
    return drive.send(commands.CompleteJob(drive.job("sub"), numbers(variables), result))


def test_a_job_decides_what_begins() -> None:
    """It is asked at the beginning and told what there is; nothing begins by itself."""
    drive = agent()
    (asked,) = [event for event in drive.history if isinstance(event, events.JobRequested)]
    assert (asked.type, asked.kind, asked.retries) == ("agent", events.JobKind.AD_HOC_SUB_PROCESS, 5)
    assert asked.variables["adHocSubProcessElements"] == [
        {"elementId": "A", "elementName": "A", "documentation": "Looks it up"},
        {"elementId": "B", "elementName": "Bee", "properties": {"k": "v"}},
    ]
    assert running(drive) == []
    activate(drive, "B")
    assert running(drive) == ["B"]


def test_the_job_is_asked_again_whenever_what_it_began_is_done() -> None:
    """With everything that flows from it, and with what was found; a question that is out of date is withdrawn."""
    drive = agent()
    activate(drive, "A", "B", found="nothing")
    assert len(running(drive)) == 2
    assert "ad-hoc subprocess" not in " ".join(drive.complete("A"))
    happened = drive.complete("C", found="c")
    assert happened[-1].startswith("ad-hoc subprocess agent for sub")
    assert 'results=["c"]' in happened[-1]
    first = drive.job("sub")
    happened = drive.complete("B", found="b")
    assert "job cancelled" in happened
    assert drive.job("sub") != first
    assert 'results=["c","b"]' in happened[-1]


def test_variables_of_an_activation_are_its_own() -> None:
    """What the element brings under their names stays with them, until the output element has seen it."""
    drive = agent()
    activate(drive, "B", found="", query="q")
    assert drive.instance().variables() == {}
    (asked,) = [event for event in drive.history if isinstance(event, events.JobRequested) and event.element_id == "B"]
    assert asked.variables["query"] == "q"
    drive.complete("B", found="it")
    fulfil(drive)
    assert drive.variables == {"results": ["it"]}


def test_the_same_element_may_begin_twice() -> None:
    """Each with variables of its own."""
    drive = agent()
    activate(drive, "B", "B")
    assert running(drive) == ["B", "B"]


def test_the_job_declares_the_end() -> None:
    """Its variables go where the subprocess is; what runs is awaited, or cancelled if it says so."""
    drive = agent()
    activate(drive, "A", "B")
    drive.complete("B", found="b")
    fulfil(drive, answer=42)
    assert (drive.status, running(drive)) == ("running", ["A"])
    drive.complete("A")
    drive.complete("C", found="c")
    assert drive.variables == {"results": ["b", "c"], "answer": 42}
    assert drive.status == "completed"
    other = agent()
    activate(other, "A", "B")
    other.complete("B", found="b")
    assert "cancelled A" in fulfil(other, cancels=True)
    assert other.status == "completed"


def test_the_end_may_be_declared_at_once() -> None:
    """Nothing has begun."""
    drive = agent()
    fulfil(drive)
    assert (drive.status, drive.variables) == ("completed", {"results": []})


def test_a_completion_condition_ends_the_subprocess_without_the_job() -> None:
    """It is looked at first; the job is not asked again."""
    condition = '<completionCondition xsi:type="tFormalExpression">=enough</completionCondition>'
    drive = agent(inside=TOOLS + condition)
    activate(drive, "A", "B")
    assert drive.complete("B", enough=True)[-1] == "instance completed enough=true results=[null]"


def test_active_elements_begin_beside_the_job() -> None:
    """The expression says what begins at once, the job what begins next."""
    element = ad_hoc(
        TOOLS, '<zeebe:taskDefinition type="agent"/><zeebe:adHoc activeElementsCollection="=[&quot;B&quot;]"/>'
    )
    drive = Drive(chain(element))
    assert any(line.startswith("ad-hoc subprocess agent for sub") for line in drive.start())
    assert running(drive) == ["B"]


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        (
            commands.AdHocSubProcessResult((commands.Activation("C"),)),
            'Expected elements of A, B to be activated, but found "C"',
        ),
        (commands.AdHocSubProcessResult((commands.Activation("A"),), is_fulfilled=True), "but found both"),
        (commands.AdHocSubProcessResult(cancels_remaining=True), "but it is not fulfilled"),
        (commands.AdHocSubProcessResult(), "because nothing runs in it"),
        (None, "because nothing runs in it"),
        (commands.TaskListenerResult(), "but found a task listener's result"),
    ],
)
def test_an_answer_that_makes_no_sense_is_an_incident(result: commands.JobResult | None, problem: str) -> None:
    """Nothing of it is kept; retried, the same job is asked again."""
    drive = agent()
    asked = drive.job("sub")
    (happened,) = drive.send(commands.CompleteJob(asked, {"x": 1}, result))
    assert happened.startswith("incident job at sub: Expected")
    assert problem in happened
    drive.resolve()
    assert drive.job("sub") == asked
    fulfil(drive)
    assert drive.status == "completed"


def test_an_answer_that_begins_nothing_waits_for_what_runs() -> None:
    """The job is asked again when that is done."""
    drive = agent()
    activate(drive, "A", "B")
    drive.complete("B")
    assert activate(drive) == []
    drive.complete("A")
    assert drive.complete("C")[-1].startswith("ad-hoc subprocess agent for sub")


def test_one_after_the_other_the_job_is_asked_when_nothing_waits() -> None:
    """Sequential ordering holds for what a job begins, too."""
    drive = agent(ordering="Sequential")
    activate(drive, "A", "B")
    assert running(drive) == ["A"]
    drive.complete("A")
    drive.complete("C")
    assert running(drive) == ["B"]
    assert drive.complete("B")[-1].startswith("ad-hoc subprocess agent for sub")


def test_cancelling_the_subprocess_withdraws_the_question() -> None:
    """And ends what was begun."""
    drive = agent()
    activate(drive, "B")
    drive.send(commands.CancelInstance("over"))
    assert drive.live == []
    other = agent()
    assert "job cancelled" in other.send(commands.CancelInstance("over"))


def test_each_instance_of_a_repeated_subprocess_asks_for_itself() -> None:
    """The job of one does not answer for the other."""
    loop = (
        '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    drive = agent(inside=loop + TOOLS)
    for asked in [event.job_id for event in drive.history if isinstance(event, events.JobRequested)]:
        drive.send(commands.CompleteJob(asked, {}, commands.AdHocSubProcessResult(is_fulfilled=True)))
    assert drive.status == "completed"


def test_an_event_may_be_chosen_like_an_activity() -> None:
    """An intermediate event that nothing leads to is one of the elements to start, and what follows it is done."""
    note = '<intermediateThrowEvent id="note"/>'
    element = ad_hoc(
        job("A") + note + job("B") + flow("note", "B"), '<zeebe:adHoc activeElementsCollection="=chosen"/>'
    )
    drive = Drive(chain(element))
    assert "completed note" in drive.start(chosen=["note"])
    assert running(drive) == ["B"]
