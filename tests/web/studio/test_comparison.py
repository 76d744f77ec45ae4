"""`app.web.studio.comparison`: what changed between two versions, element by element."""

from pathlib import Path

import pytest

from app.web.studio.comparison import PropertyChange, compare

MODELS = Path(__file__).parents[3] / "models"
PROCESS = (MODELS / "bpmn" / "support-refund.bpmn").read_bytes()
DECISION = (MODELS / "dmn" / "refund-eligibility.dmn").read_bytes()


@pytest.mark.parametrize("content", [PROCESS, DECISION, b"no XML at all"])
def test_a_version_is_the_same_as_itself(content: bytes) -> None:
    """Nothing is reported where nothing differs."""
    assert compare(content, content).same


def test_a_changed_due_date_is_told_with_both_values() -> None:
    """What hides in extension elements counts: other tools miss timers and conditions."""
    comparison = compare(PROCESS, PROCESS.replace(b"PT4H", b"PT2H"))
    (change,) = comparison.changed
    assert (change.after.id, change.after.name, change.after.type) == ("decide-by-hand", "Decide by hand", "userTask")
    assert change.properties == (
        PropertyChange(
            "extensionElements/taskSchedule@dueDate", '=now() + duration("PT4H")', '=now() + duration("PT2H")'
        ),
    )


def test_a_changed_condition_is_told() -> None:
    """A flow without a name is known by what it connects."""
    comparison = compare(PROCESS, PROCESS.replace(b"=review.check", b"=review.check = true"))
    (change,) = comparison.changed
    assert change.properties == (PropertyChange("conditionExpression", "=review.check", "=review.check = true"),)


def test_elements_that_came_and_went() -> None:
    """An id that only one side has is an element that was added or removed; there and back are mirror images."""
    other = PROCESS.replace(b'id="check-reply"', b'id="read-reply"').replace(b'"check-reply"', b'"read-reply"')
    comparison, back = compare(PROCESS, other), compare(other, PROCESS)
    assert [element.id for element in comparison.added] == ["read-reply"]
    assert [element.id for element in comparison.removed] == ["check-reply"]
    assert (back.removed, back.added) == (comparison.added, comparison.removed)


def test_a_cell_is_told_by_its_rule() -> None:
    """The rule is named by its decision and its number, as the editor shows it."""
    comparison = compare(DECISION, DECISION.replace(b"<text>&lt; 0.8</text>", b"<text>&lt; 0.7</text>"))
    (change,) = comparison.changed
    assert change.after.name == "Refund eligibility, rule 2"
    assert change.properties == (PropertyChange("inputEntry[2]/text", "< 0.8", "< 0.7"),)


def test_moving_is_counted_and_not_told() -> None:
    """Where something is drawn does not change what runs."""
    comparison = compare(PROCESS, PROCESS.replace(b'<dc:Bounds x="230"', b'<dc:Bounds x="231"'))
    assert (comparison.added, comparison.removed, comparison.changed) == ((), (), ())
    assert comparison.moved == 1
    assert not comparison.same


def test_entities_are_not_followed(tmp_path: Path) -> None:
    """A model cannot make the server read a file."""
    secret = tmp_path / "secret"
    secret.write_text("sesame")
    bomb = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
    loaded = PROCESS.replace(b"?>", b"?>" + bomb, 1).replace(b"A customer asks", b"&e; A customer asks")
    assert "sesame" not in repr(compare(PROCESS, loaded))
