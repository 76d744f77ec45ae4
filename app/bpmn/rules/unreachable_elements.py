"""What no token ever reaches is a mistake of drawing."""

from collections.abc import Iterator

from app.bpmn.graph import ScopeGraph, scopes_of
from app.bpmn.model import Activity
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def unreachable_elements(subject: Subject) -> Iterator[Finding]:
    for process in subject.definitions.processes:
        for owner, scope in scopes_of(process):
            graph = ScopeGraph(owner, scope)
            for node in scope.nodes:
                if node.id in graph.reachable or (isinstance(node, Activity) and node.is_for_compensation):
                    continue
                yield Finding(
                    subject.document.by_id(node.id),
                    "Expected a path from a start event to this element, but found none.",
                    "Connect the element, or remove it.",
                    severity=Severity.WARNING,
                )
