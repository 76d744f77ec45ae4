"""BPMN 2.0.2, 8.4.1: an artifact is neither source nor target of a sequence flow or message flow."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject, described
from app.errors import Severity

_ARTIFACTS = ("association", "group", "textAnnotation")


def artifacts_in_flow(subject: Subject) -> Iterator[Finding]:
    for flows, into, out, severity in (
        (subject.sequence_flows, "EXT006", "EXT007", Severity.ERROR),
        (subject.message_flows, "EXT008", "EXT009", Severity.WARNING),
    ):
        for flow in flows:
            for end, rule in ((subject.target(flow), into), (subject.source(flow), out)):
                if end is not None and end.kind in _ARTIFACTS:
                    yield Finding(
                        flow,
                        f"Expected a {flow.kind} between flow elements, but found the artifact {described(end)}.",
                        "Connect artifacts by an association.",
                        rule,
                        severity,
                    )
