"""BPMN 2.0.2, 15: the file says everything in BPMN's words; what it says otherwise would be passed over in silence."""

from collections.abc import Iterator
from difflib import get_close_matches

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import SourceElement
from app.bpmn.vocabulary import ELEMENTS, PARENTS, VALUES

_RULE = "BPMN 2.0.2, 15"


def vocabulary(subject: Subject) -> Iterator[Finding]:
    waiting = [subject.document.root]
    while waiting:
        element = waiting.pop()
        yield from _values(subject, element)
        for child in element.children:
            if child.kind.startswith("{") or child.kind == "extensionElements":
                continue  # other namespaces have their own words
            if child.kind not in ELEMENTS:
                yield _unknown(subject, child)
                continue
            if element.kind not in PARENTS.get(child.kind, (element.kind,)):
                yield _misplaced(subject, element, child)
            waiting.append(child)


def _unknown(subject: Subject, child: SourceElement) -> Finding:
    close = get_close_matches(child.kind, ELEMENTS, n=1)
    return Finding(
        subject.named(child),
        f"Expected an element of BPMN 2.0, but found <{child.kind}>.",
        f"Write <{close[0]}>, or remove it." if close else "Remove it, or move it into a namespace of its own.",
        _RULE,
    )


def _misplaced(subject: Subject, element: SourceElement, child: SourceElement) -> Finding:
    return Finding(
        subject.named(child),
        f"Expected <{child.kind}> in {' or '.join(sorted(PARENTS[child.kind])[:4])}, but found it in <{element.kind}>.",
        "Move it to where it belongs, or remove it.",
        _RULE,
    )


def _values(subject: Subject, element: SourceElement) -> Iterator[Finding]:
    for attribute, text in element.attributes.items():
        allowed = VALUES.get(attribute)
        if allowed is not None and text.strip() not in allowed:
            yield Finding(
                subject.named(element),
                f"Expected {attribute} to be {', '.join(allowed[:-1])} or {allowed[-1]}, but found {text!r}.",
                "Write one of these values, or remove the attribute.",
                _RULE,
            )
