"""BPMN 2.0.2, 8.4.13: nodes and sequence flows name each other.

Files whose nodes list no flows at all are tolerated: the flows alone say everything. A file that lists some must list
them rightly.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement


def listed_flows(subject: Subject) -> Iterator[Finding]:
    yield from _ends_without_incoming(subject)
    if not any(True for _ in subject.document.of_kind("incoming", "outgoing")):
        return
    listed = {
        (node.index, entry.kind, entry.text.rpartition(":")[2])
        for node in subject.flow_nodes
        for entry in node.all("incoming", "outgoing")
    }
    for flow in subject.sequence_flows:
        for node, word in ((subject.source(flow), "outgoing"), (subject.target(flow), "incoming")):
            if node is None or (node.index, word, flow.id) in listed:
                continue
            if node.kind == "endEvent":
                yield _end(subject, node)
            else:
                yield Finding(
                    node,
                    f"Expected the sequence flow {flow.id} among the {word} flows, but it is not listed there.",
                    f"Add <{word}>{flow.id}</{word}>, or export the diagram again.",
                    "EXT023",
                    subject.notation,
                )


def _ends_without_incoming(subject: Subject) -> Iterator[Finding]:
    for end in subject.document.of_kind("endEvent"):
        if not subject.incoming(end):
            yield _end(subject, end)


def _end(subject: Subject, end: SourceElement) -> Finding:
    return Finding(
        end,
        "Expected an incoming sequence flow on every end event, but found none.",
        "Connect the end event or remove it.",
        "EXT107",
        subject.notation,
    )
