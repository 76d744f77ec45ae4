"""Repairing an instance: tokens put at an element, and taken away."""

import pytest

from app.engine import commands
from app.errors import Conflict
from tests.engine.driving import Drive, chain, flow, job

INSIDE = '<subProcess id="sub"><startEvent id="in"/>' + job("B") + flow("in", "B") + "</subProcess>"


def at(drive: Drive, element_id: str) -> str:
    return next(each.element_instance_id for each in drive.instance().live() if each.element_id == element_id)


def test_a_token_is_moved_by_activating_one_element_and_cancelling_another() -> None:
    """First there, then away, so that the scope is never empty."""
    drive = Drive(chain(job("A"), job("B"), job("C")))
    drive.start()
    assert drive.send(commands.ActivateElement("C", {"x": "new"})) == [
        'set process x="new"',
        "activated serviceTask C",
        'job work for C x="new"',
    ]
    assert drive.send(commands.CancelElement(at(drive, "A"))) == ["job cancelled", "cancelled A"]
    assert drive.live == ["C"]
    drive.complete("C")
    assert drive.status == "completed"


def test_a_scope_that_is_not_alive_is_opened_without_its_own_start() -> None:
    """Outer before inner."""
    drive = Drive(chain(job("A"), INSIDE))
    drive.start()
    assert drive.send(commands.ActivateElement("B")) == [
        "activated subProcess sub",
        "activated serviceTask B",
        "job work for B",
    ]
    assert "completed sub" in drive.complete("B")


def test_a_scope_that_is_alive_is_used() -> None:
    """A second token in the same subprocess."""
    drive = Drive(chain(INSIDE))
    drive.start()
    drive.send(commands.ActivateElement("B"))
    assert drive.live == ["sub", "B", "B"]


def test_an_empty_scope_completes() -> None:
    """Cancelling the last token inside lets the process go on."""
    drive = Drive(chain(INSIDE))
    drive.start()
    assert drive.send(commands.CancelElement(at(drive, "B")))[2:4] == ["completed sub", "flow sub-end"]


def test_what_does_not_exist_is_refused() -> None:
    """Unknown elements, and the process itself."""
    drive = Drive(chain(job("A")))
    drive.start()
    with pytest.raises(Conflict):
        drive.send(commands.ActivateElement("X"))
    with pytest.raises(Conflict):
        drive.send(commands.CancelElement("I"))


def test_an_instance_may_be_started_from_any_node() -> None:
    """To run the rest of a process again."""
    drive = Drive(chain(job("A"), job("B")))
    assert drive.start("B", x=1) == ["started P x=1", "activated serviceTask B", "job work for B x=1"]


def test_of_several_open_scopes_one_has_to_be_named() -> None:
    """Instances of a repeated subprocess."""
    loop = (
        '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">=2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
    repeated = INSIDE.replace('<subProcess id="sub">', f'<subProcess id="sub">{loop}')
    drive = Drive(chain(job("A"), repeated))
    drive.start()
    with pytest.raises(Conflict, match="Activate it as a whole"):
        drive.send(commands.ActivateElement("B"))
    drive.complete("A")
    with pytest.raises(Conflict, match="which of 2"):
        drive.send(commands.ActivateElement("B"))
    with pytest.raises(Conflict, match="Expected an open sub"):
        drive.send(commands.ActivateElement("B", scope_id="nowhere"))
    scopes = [each for each in drive.instance().live() if each.element_type == "subProcess"]
    drive.send(commands.ActivateElement("B", scope_id=scopes[1].element_instance_id))
    assert drive.live == ["sub", "sub", "B", "sub", "B", "B"]
