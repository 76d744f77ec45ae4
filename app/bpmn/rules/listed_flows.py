"""BPMN 2.0.2, 8.4.13: nodes and sequence flows name each other, and a flow leads to every end event.

Files whose nodes list no flows at all are tolerated: the flows alone say everything. A file that lists some must list
them rightly.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.errors import Severity

# kind of the node, what it should list: the number of the rule that a node breaks which lists none
_NONE = {
    ("startEvent", "outgoing"): "EXT101",
    ("endEvent", "incoming"): "EXT107",
    ("boundaryEvent", "outgoing"): "EXT113",
    ("intermediateCatchEvent", "incoming"): "EXT115",
    ("intermediateThrowEvent", "incoming"): "EXT115",
    ("intermediateCatchEvent", "outgoing"): "EXT116",
    ("intermediateThrowEvent", "outgoing"): "EXT116",
}


def listed_flows(subject: Subject) -> Iterator[Finding]:
    for end in subject.document.of_kind("endEvent"):
        if not subject.incoming(end):
            yield _finding(
                end,
                "Expected an incoming sequence flow on every end event, but found none.",
                "Connect the end event or remove it.",
                "EXT107",
            )
    if not any(True for _ in subject.document.of_kind("incoming", "outgoing")):
        return
    for flow in subject.sequence_flows:
        for node, word in ((subject.source(flow), "outgoing"), (subject.target(flow), "incoming")):
            if node is not None:
                yield from _unlisted(node, word, flow.id)


def _unlisted(node: SourceElement, word: str, flow_id: str) -> Iterator[Finding]:
    listed = [entry.text.rpartition(":")[2] for entry in node.all(word)]
    if flow_id in listed:
        return
    remedy = f"Add <{word}>{flow_id}</{word}>, or export the diagram again."
    message = f"Expected the sequence flow {flow_id} among the {word} flows, but it is not listed there."
    yield _finding(node, message, remedy, "EXT023")
    if not listed:
        number = _NONE.get((node.kind, word), "EXT150" if word == "incoming" else "EXT151")
        message = f"Expected a list of the {word} sequence flows, but found none, although {flow_id} is one."
        yield _finding(node, message, remedy, number)


def _finding(node: SourceElement, message: str, remedy: str, rule: str) -> Finding:
    return Finding(node, message, remedy, rule, Severity.WARNING)
