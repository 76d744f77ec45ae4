"""BPMN 2.0.2, 15: what an element may contain once. Of two the first would count, and the second be passed over."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_RUNS = (
    *("activationCondition", "completionCondition", "condition", "conditionExpression", "extensionElements"),
    *("from", "loopCardinality", "loopCondition", "loopDataInputRef", "script", "timeCycle", "timeDate"),
    *("timeDuration", "to", "transformation"),
)
_STANDS = (
    *("dataPath", "dataState", "inputDataItem", "ioSpecification", "loopDataOutputRef", "messagePath"),
    *("outputDataItem", "participantMultiplicity"),
)


def repeated_children(subject: Subject) -> Iterator[Finding]:
    for kind in (*_RUNS, *_STANDS):
        seen: set[int] = set()
        for child in subject.document.of_kind(kind):
            parent = subject.document.parent(child)
            if parent is None or parent.index not in seen:
                seen.add(parent.index if parent is not None else -1)
                continue
            yield Finding(
                subject.named(child),
                f"Expected one <{kind}> in <{parent.kind}>, but found several.",
                "Keep one of them.",
                "BPMN 2.0.2, 15",
                Severity.ERROR if kind in _RUNS else Severity.WARNING,
            )
