"""BPMN 2.0.2, 8.4.1: an artifact is neither source nor target of a sequence flow or message flow."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject, described

_ARTIFACTS = ("association", "group", "textAnnotation")


def artifacts_in_flow(subject: Subject) -> Iterator[Finding]:
    for flows, rule in ((subject.sequence_flows, "EXT006"), (subject.message_flows, "EXT007")):
        for flow in flows:
            for end in (subject.source(flow), subject.target(flow)):
                if end is not None and end.kind in _ARTIFACTS:
                    yield Finding(
                        flow,
                        f"Expected a {flow.kind} between flow elements, but found the artifact {described(end)}.",
                        "Connect artifacts by an association.",
                        rule,
                    )
