"""BPMN 2.0.2, 15: what an element must say about itself. What it could not run without is an error of another rule."""

from collections.abc import Iterator

from app.bpmn.attributes import REQUIRED
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def required_attributes(subject: Subject) -> Iterator[Finding]:
    for kind, attributes in REQUIRED.items():
        for element in subject.document.of_kind(kind):
            for attribute in attributes:
                if not element.get(attribute).strip():
                    yield Finding(
                        subject.named(element),
                        f"Expected {attribute} on <{kind}>, but found none.",
                        f"Write {attribute}, or remove the element.",
                        "BPMN 2.0.2, 15",
                        Severity.WARNING,
                    )
