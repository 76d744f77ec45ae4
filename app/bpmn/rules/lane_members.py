"""BPMN 2.0.2, 10.8: a lane holds nodes of the process or subprocess that it divides; a node is in one lane of a set.

What a lane says about the nodes of another process is lost when that process runs.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_SECTION = "BPMN 2.0.2, 10.8"


def lane_members(subject: Subject) -> Iterator[Finding]:
    for lane_set in subject.document.of_kind("laneSet"):
        divided = subject.document.parent(lane_set)
        seen: dict[str, str] = {}  # node → lane
        for lane in lane_set.all("lane"):
            for entry in lane.all("flowNodeRef"):
                node = subject.document.refer(entry.text)
                if node is None:
                    continue  # the rule `references` says so
                if divided is None or divided not in subject.document.ancestors(node):
                    yield Finding(
                        lane,
                        f"Expected nodes of the process around the lane, but found {node.id} of another.",
                        "Take the node out of the lane, or move it into the process.",
                        _SECTION,
                        Severity.WARNING,
                    )
                elif seen.setdefault(node.id, lane.id) != lane.id:
                    yield Finding(
                        node,
                        f"Expected the node in one lane, but found it in {seen[node.id]} and in {lane.id}.",
                        "Leave it in one of them.",
                        _SECTION,
                        Severity.WARNING,
                    )
