"""BPMN 2.0.2, 8.3.3: an extension that must be understood is understood, and adds nothing in BPMN's own namespace."""

from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import ACTIVITI, CAMUNDA, MODELER, ZEEBE
from app.errors import Severity

_UNDERSTOOD = (ACTIVITI, CAMUNDA, MODELER, ZEEBE)


def extension_points(subject: Subject) -> Iterator[Finding]:
    for extension in subject.document.of_kind("extension"):
        definition = extension.get("definition").strip()
        namespace = subject.document.namespaces.get(definition.rpartition(":")[0], "")
        if extension.flag("mustUnderstand", default=False) and namespace not in _UNDERSTOOD:
            yield Finding(
                subject.named(extension),
                f"Expected an extension that is understood here, but found {definition!r}, which must be understood.",
                "Remove the extension, or its mustUnderstand if the diagram means the same without it.",
                "BPMN 2.0.2, 8.3.3",
                Severity.ERROR if subject.running else Severity.WARNING,
            )
    for extensions in subject.document.of_kind("extensionElements"):
        for child in extensions.children:
            if not child.kind.startswith("{"):
                yield Finding(
                    subject.named(child),
                    f"Expected extension elements in a namespace of their own, but found <{child.kind}>.",
                    "Move it out of <extensionElements>, or give it a namespace.",
                    "BPMN 2.0.2, 8.3.3",
                    Severity.WARNING,
                )
