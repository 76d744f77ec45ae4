"""The table of elements that stands beside a diagram."""

from app.bpmn import element_table
from tests.bpmn.sample import process


def test_rows() -> None:
    """Every node has its row: kind, label for people, place, lanes, what follows."""
    definitions = process(
        '<laneSet id="l"><lane id="x" name="Support"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
        '<userTask id="t" name="Check"/><boundaryEvent id="b" attachedToRef="t"><timerEventDefinition/></boundaryEvent>'
        '<subProcess id="s" triggeredByEvent="true"><startEvent id="i"><compensateEventDefinition/></startEvent>'
        "</subProcess>"
        '<endEvent id="e"><signalEventDefinition/><messageEventDefinition/></endEvent>'
        '<sequenceFlow id="f" sourceRef="t" targetRef="e"/>'
    )
    rows = {row.id: row for row in element_table(definitions)}
    assert list(rows) == ["t", "b", "s", "i", "e"]
    assert {name: row.label for name, row in rows.items()} == {
        "t": "user task",
        "b": "timer boundary event",
        "s": "event subprocess",
        "i": "compensation start event",
        "e": "multiple end event",
    }
    task, boundary, inner = rows["t"], rows["b"], rows["i"]
    assert (task.kind, task.name, task.lanes, task.leads_to) == ("userTask", "Check", ("Support",), ("e",))
    assert boundary.attached_to_id == "t"
    assert (inner.parent_id, inner.depth, inner.process_id) == ("s", 1, "p")
