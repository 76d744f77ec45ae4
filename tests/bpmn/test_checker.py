"""What `check` promises: everything at once, with its place, and warnings where nothing runs."""

from itertools import pairwise

from app.bpmn.checker import check
from app.errors import Severity
from tests.bpmn.sample import diagram, process


def test_all_problems_at_once() -> None:
    """Mistakes of every kind are reported together, in the order of the file, with element, name, line and remedy."""
    definitions = process(
        '<startEvent id="s" name="Start"/>\n'
        '<boundaryEvent id="b" name="Too&#10;late" attachedToRef="nowhere"><timerEventDefinition>'
        "<timeDuration>soon</timeDuration></timerEventDefinition></boundaryEvent>\n"
        '<sequenceFlow id="f" sourceRef="s" targetRef="s">'
        "<conditionExpression>=a +</conditionExpression></sequenceFlow>",
        "zeebe",
    )
    errors = [found for found in check(definitions) if found.severity is Severity.ERROR]
    assert [(found.line, found.code, found.element_id, found.element_name, found.rule) for found in errors] == [
        (1, "bpmn.event-flows", "s", "Start", "EXT096"),
        (2, "bpmn.timers", "b", "Too late", "EXT134"),
        (2, "bpmn.references", "b", "Too late", "REF"),
        (3, "bpmn.expressions", "f", None, None),
    ]
    assert all(found.remedy and found.file == "sample.bpmn" for found in errors)


def test_wording() -> None:
    """Messages read "Expected X, but found Y." and remedies are sentences."""
    broken = diagram(
        '<process id="p" isExecutable="true"><task/><endEvent id="e"><linkEventDefinition/></endEvent></process>'
    )
    for found in check(broken):
        assert found.message.startswith("Expected ")
        assert found.message.endswith(".")
        assert found.remedy.endswith(".")


def test_a_process_that_never_runs_stops_nobody() -> None:
    """Mistakes in a process that is not executable are warnings, except an id that is there twice."""
    drawing = diagram(
        '<process id="p"><boundaryEvent id="b" attachedToRef="nowhere"/><task id="t" startQuantity="many"/></process>'
        '<process id="q" isExecutable="true"/>'
    )
    assert {found.severity for found in check(drawing)} == {Severity.WARNING}
    twice = diagram('<process id="p"><task id="p"/></process>')
    assert [found.rule for found in check(twice) if found.severity is Severity.ERROR] == ["EXT002"]


def test_a_sound_diagram() -> None:
    """Nothing is said about a diagram in which nothing is wrong, but that it has no layout."""
    sound = process(
        '<startEvent id="s"/><userTask id="t"/><endEvent id="e"/>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="t"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/>'
    )
    assert [found.code for found in check(sound)] == ["bpmn.layout"]


def test_a_long_chain() -> None:
    """2,000 tasks in a row are judged without recursion along the flow."""
    names = ["s", *(f"t{number}" for number in range(2000)), "e"]
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{other}"/>'
        for number, (one, other) in enumerate(pairwise(names))
    )
    tasks = "".join(f'<task id="{name}"/>' for name in names[1:-1])
    chain = process(f'<startEvent id="s"/>{tasks}<endEvent id="e"/>{flows}')
    assert [found.code for found in check(chain)] == ["bpmn.layout"]
