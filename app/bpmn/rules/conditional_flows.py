"""BPMN 2.0.2, 8.4.13: which sequence flows may have a condition.

Behind a parallel gateway a condition is ignored (13.4.1), so there it is a warning only.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import ACTIVITIES, EVENTS, Finding, Subject, described
from app.bpmn.source import SourceElement
from app.errors import Severity


def conditional_flows(subject: Subject) -> Iterator[Finding]:
    for flow in subject.sequence_flows:
        source = subject.source(flow)
        if source is None or flow.first("conditionExpression") is None:
            continue
        if _is_empty(flow):
            yield Finding(
                flow,
                "Expected a condition, but found an empty one, which would count as none.",
                "Write the condition in FEEL, with a leading =, or remove it.",
                "BPMN 2.0.2, 8.4.13",
            )
        if source.kind in EVENTS or source.kind == "parallelGateway":
            yield Finding(
                flow,
                f"Expected a condition behind an activity or a deciding gateway, but found {described(source)}.",
                "Put an exclusive or inclusive gateway between them.",
                "EXT025",
                Severity.WARNING,
            )
        elif source.kind in ACTIVITIES and len(subject.outgoing(source)) == 1:
            yield Finding(
                flow,
                f"Expected another flow where the condition does not hold, but {described(source)} has none.",
                "Add a default flow.",
                "BPMN 2.0.2, 8.4.13",
                Severity.WARNING,
            )


def _is_empty(flow: SourceElement) -> bool:
    """Whether a condition is written without saying anything; Camunda 7 may name a script elsewhere by an attribute."""
    condition = flow.first("conditionExpression")
    own = {"id", "language", "evaluatesToTypeRef", "xsi:type"}
    return condition is not None and not condition.text.removeprefix("=").strip() and condition.attributes.keys() <= own
