"""BPMN 2.0.2, 8.4.6: a formal expression has a body.

An empty one counts as none; where one is needed, the rule of its element says that it is missing.
"""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_ALWAYS_FORMAL = ("transformation", "messagePath", "dataPath", "formalExpression")
_OWN = {"id", "language", "evaluatesToTypeRef", "xsi:type"}  # an attribute of a dialect may name the body elsewhere


def expression_bodies(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.root.walk():
        parent = subject.document.parent(element)
        is_formal = (
            element.get("xsi:type").rpartition(":")[2] == "tFormalExpression"
            or element.kind in _ALWAYS_FORMAL
            or (element.kind == "condition" and parent is not None and parent.kind == "complexBehaviorDefinition")
        )
        is_empty = not element.text.removeprefix("=").strip() and not element.children
        if is_formal and is_empty and element.attributes.keys() <= _OWN:
            yield Finding(
                subject.named(element),
                f"Expected a text in the formal expression <{element.kind}>, but found none.",
                "Write the expression, or remove the element.",
                "EXT013",
                Severity.WARNING,
            )
