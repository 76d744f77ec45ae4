"""BPMN 2.0.2, 8.4.1: an artifact is neither source nor target of a flow, nor is one that a tool has added to BPMN's."""

from collections.abc import Iterator

from app.bpmn.rules.subject import COLLABORATIONS, SUBPROCESSES, Finding, Subject, described
from app.bpmn.source import SourceElement
from app.errors import Severity

_ARTIFACTS = ("association", "group", "textAnnotation")


def artifacts_in_flow(subject: Subject) -> Iterator[Finding]:
    added = _added(subject)
    for flows, into, out, severity in (
        (subject.sequence_flows, "EXT006", "EXT007", Severity.ERROR),
        (subject.message_flows, "EXT008", "EXT009", Severity.WARNING),
    ):
        for flow in flows:
            for side, rule in (("targetRef", into), ("sourceRef", out)):
                end = subject.document.refer(flow.get(side))
                if end is not None and end.kind in _ARTIFACTS:
                    yield _finding(flow, described(end), rule, severity)
                elif end is None and flow.get(side) in added:
                    yield _finding(flow, added[flow.get(side)].id, "EXT005", severity)


def _added(subject: Subject) -> dict[str, SourceElement]:
    """What stands beside the elements of a diagram in a namespace of its own, by id."""
    places = subject.document.of_kind("process", *SUBPROCESSES, *COLLABORATIONS)
    return {child.id: child for place in places for child in place.children if child.id and child.kind.startswith("{")}


def _finding(flow: SourceElement, found: str, rule: str, severity: Severity) -> Finding:
    return Finding(
        flow,
        f"Expected a {flow.kind} between flow elements, but found the artifact {found}.",
        "Connect artifacts by an association.",
        rule,
        severity,
    )
