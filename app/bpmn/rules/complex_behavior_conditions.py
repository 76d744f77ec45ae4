"""BPMN 2.0.2, 10.3.8: the condition of a complex multi-instance behavior is boolean."""

import re
from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject

_NOT_BOOLEAN = re.compile(r'=?\s*(-?\d+(\.\d+)?|"[^"]*"|null)?\s*')


def complex_behavior_conditions(subject: Subject) -> Iterator[Finding]:
    for behavior in subject.document.of_kind("complexBehaviorDefinition"):
        condition = behavior.first("condition")
        text = condition.text if condition is not None else ""
        if _NOT_BOOLEAN.fullmatch(text):
            loop = subject.document.parent(behavior)
            yield Finding(
                subject.document.parent(loop) if loop is not None else None,
                f"Expected a boolean condition for the complex behavior, but found {text!r}.",
                "Write a comparison such as =numberOfCompletedInstances >= 2.",
                "EXT072",
            )
