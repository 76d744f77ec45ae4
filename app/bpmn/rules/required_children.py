"""BPMN 2.0.2, 15: what an element must contain."""

from collections.abc import Iterator

from app.bpmn.attributes import CHILDREN
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def required_children(subject: Subject) -> Iterator[Finding]:
    for kind, children in CHILDREN.items():
        for element in subject.document.of_kind(kind):
            for least, names in children:
                count = sum(1 for _ in element.all(*names))
                if count < least:
                    wanted = " or ".join(f"<{name}>" for name in names)
                    yield Finding(
                        subject.named(element),
                        f"Expected at least {least} {wanted} in <{kind}>, but found {count or 'none'}.",
                        f"Add {wanted}, or remove the element.",
                        "BPMN 2.0.2, 15",
                        Severity.WARNING,
                    )
