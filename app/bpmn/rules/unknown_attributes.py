"""BPMN 2.0.2, 8.3.3 and 15: an attribute is BPMN's own, or it is in a namespace of its own."""

from collections.abc import Iterator
from difflib import get_close_matches

from app.bpmn.attributes import ATTRIBUTES
from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity


def unknown_attributes(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.root.walk():
        known = ATTRIBUTES.get(element.kind)
        for attribute in element.attributes if known is not None else ():
            if known is None or attribute in known or attribute.startswith("{") or attribute == "xsi:type":
                continue
            close = get_close_matches(attribute, known, n=1)
            yield Finding(
                subject.named(element),
                f"Expected an attribute of <{element.kind}> in BPMN 2.0, but found {attribute}.",
                f"Write {close[0]}, or remove it." if close else "Remove it, or give it a namespace of its own.",
                "BPMN 2.0.2, 8.3.3",
                Severity.WARNING,
            )
