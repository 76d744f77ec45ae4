"""BPMN 2.0.2, 8.2.2: an import says what is imported, and what a reference names in another namespace is imported.

Imported files are not followed: what runs is what this file, and what is deployed, says.
"""

import re
from collections.abc import Iterator

from app.bpmn.rules.expression_languages import URI
from app.bpmn.rules.subject import Finding, Subject
from app.bpmn.source import BPMN, SourceElement
from app.errors import Severity

_PREFIXED = re.compile(r"([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*")
_OURS = (  # structures that need no import, and other words of BPMN's own
    "http://www.w3.org/2001/XMLSchema",
    "http://www.w3.org/2001/XMLSchema-datatypes",
)
_REFERENCES = ("structureRef", "itemRef", "itemSubjectRef", "messageRef", "operationRef", "errorRef", "signalRef")


def imports(subject: Subject) -> Iterator[Finding]:
    imported = set()
    for found in subject.document.of_kind("import"):
        imported.add(found.get("namespace").strip())
        for attribute in ("importType", "namespace", "location"):
            text = found.get(attribute).strip()
            if not text or (attribute != "location" and not URI.fullmatch(text)):
                yield _finding(subject, found, f"a URI as {attribute} of an import, but found {text!r}")
        if found.get("importType").strip() == BPMN and subject.running:
            yield Finding(
                subject.named(found),
                f"Expected all that runs in one file, but found an import of {found.get('location')!r}, "
                "which is not followed.",
                "Copy what is used into this file; processes are called by their ids, wherever they are deployed.",
                "EXT001",
                Severity.WARNING,
            )
    for element in subject.document.root.walk():
        for attribute in _REFERENCES if not element.kind.startswith("{") else ():
            match = _PREFIXED.fullmatch(element.get(attribute).strip())
            if match is None:
                continue
            namespace = subject.document.namespaces.get(match[1])
            if namespace is None and attribute != "structureRef":
                continue  # the element is found without its prefix, or the rule `references` says so
            known = {*imported, *_OURS, *_languages(subject), subject.definitions.target_namespace}
            if namespace is None or namespace not in known:
                expected = f"{attribute} in a namespace that is imported, but found {element.get(attribute)!r}"
                yield _finding(subject, element, expected)


def _languages(subject: Subject) -> Iterator[str]:
    """The namespaces of the languages that the file names: their types are known to whoever knows the language."""
    for attribute in ("typeLanguage", "expressionLanguage"):
        yield subject.document.root.get(attribute).strip()


def _finding(subject: Subject, element: SourceElement, expected: str) -> Finding:
    remedy = "Write <import> with importType, namespace and location, and declare the prefix."
    return Finding(subject.named(element), f"Expected {expected}.", remedy, "EXT001", Severity.WARNING)
