"""Ad-hoc subprocesses."""

from app.engine import commands
from tests.engine.driving import Drive, chain, extended, flow, job


def ad_hoc(inside: str, adhoc: str = "", **attributes: str) -> str:
    return extended("adHocSubProcess", "sub", adhoc, inside, **attributes)


def test_everything_that_nothing_leads_to_is_started_at_once() -> None:
    """Flows inside are followed; the subprocess ends with its last token."""
    drive = Drive(chain(ad_hoc(job("A") + job("B") + job("C") + flow("A", "C"))))
    drive.start()
    assert drive.live == ["sub", "A", "B"]
    drive.complete("A")
    drive.complete("B")
    assert drive.live == ["sub", "C"]
    assert "completed sub" in drive.complete("C")


def test_sequentially_one_after_the_other() -> None:
    """In document order."""
    drive = Drive(chain(ad_hoc(job("A") + job("B"), ordering="Sequential")))
    drive.start()
    assert drive.live == ["sub", "A"]
    drive.complete("A")
    assert drive.live == ["sub", "B"]


def test_an_expression_may_choose_what_is_started() -> None:
    """A list of element ids; anything else is an incident."""
    element = ad_hoc(job("A") + job("B"), '<zeebe:adHoc activeElementsCollection="=chosen"/>')
    drive = Drive(chain(element))
    drive.start(chosen=["B"])
    assert drive.live == ["sub", "B"]
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
    assert drive.complete("A", enough=True)[1:5] == ["completed A", "job cancelled", "cancelled B", "completed sub"]


def test_without_cancelling_what_runs_may_finish() -> None:
    """cancelRemainingInstances false; but nothing new is started."""
    condition = '<completionCondition xsi:type="tFormalExpression">=enough</completionCondition>'
    inside = job("A") + job("B") + condition
    drive = Drive(chain(ad_hoc(inside, cancelRemainingInstances="false")))
    drive.start(enough=True)
    drive.complete("A")
    assert drive.live == ["sub", "B"]
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


def test_outputs_are_collected_in_the_order_of_completion() -> None:
    """The collection leaves the subprocess as one variable."""
    adhoc = '<zeebe:adHoc outputCollection="results" outputElement="=answer"/>'
    mapped = '<zeebe:input source="=null" target="answer"/>'
    drive = Drive(chain(ad_hoc(job("A", mappings=mapped) + job("B", mappings=mapped), adhoc)))
    drive.start()
    drive.complete("B", answer="b")
    drive.complete("A", answer="a")
    assert drive.variables == {"results": ["b", "a"]}
