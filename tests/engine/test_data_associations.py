"""Data objects and the associations with activities."""

from tests.engine.driving import Drive, chain, job, script

DATA = (
    '<dataObject id="o" name="order"/><dataObjectReference id="r" dataObjectRef="o"/>'
    '<dataObject id="spaced" name="with space"/>'
)


def fed(associations: str) -> str:
    return job("A", inside=associations)


def test_a_data_object_is_copied_into_the_activity_and_back() -> None:
    """The input is the activity's own; the output becomes the data object's variable."""
    associations = (
        '<dataInputAssociation id="i"><sourceRef>r</sourceRef><targetRef>item</targetRef></dataInputAssociation>'
        '<dataOutputAssociation id="u"><sourceRef>item</sourceRef><targetRef>r</targetRef></dataOutputAssociation>'
    )
    drive = Drive(DATA + chain(script("S", "1", "order"), fed(associations)))
    assert drive.start()[-2:] == ["set local item=1", "job work for A order=1 item=1"]
    assert drive.complete("A", item=2)[:2] == ["set local item=2", "set process order=2"]
    assert drive.variables == {"order": 2}


def test_a_transformation_and_assignments_compute_the_value() -> None:
    """An assignment may set a member."""
    associations = (
        '<dataInputAssociation id="i"><sourceRef>r</sourceRef><targetRef>item</targetRef>'
        "<transformation>=order + 1</transformation></dataInputAssociation>"
        '<dataOutputAssociation id="u"><targetRef>r</targetRef>'
        "<assignment><from>=item * 10</from><to>result.total</to></assignment></dataOutputAssociation>"
    )
    drive = Drive(DATA + chain(script("S", "1", "order"), fed(associations)))
    assert "set local item=2" in drive.start()
    drive.complete("A")
    assert drive.variables == {"order": 1, "result": {"total": 20}}


def test_a_data_object_whose_name_is_no_name_of_feel_goes_by_its_id() -> None:
    """With a backtick in it, no expression could say it."""
    data = '<dataObject id="o" name="a`b"/>'
    association = (
        '<dataOutputAssociation id="u"><sourceRef>x</sourceRef><targetRef>o</targetRef></dataOutputAssociation>'
    )
    drive = Drive(data + chain(fed(association)))
    drive.start(x=3)
    drive.complete("A")
    assert drive.variables == {"x": 3, "o": 3}
