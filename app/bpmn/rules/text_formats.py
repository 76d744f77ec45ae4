"""BPMN 2.0.2, 8.3.1 and 8.4.1: documentation and annotations say their format as a MIME type."""

import re
from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject
from app.errors import Severity

_MIME = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")


def text_formats(subject: Subject) -> Iterator[Finding]:
    for kind, rule in (("documentation", "EXT004"), ("textAnnotation", "EXT010")):
        for element in subject.document.of_kind(kind):
            text_format = element.get("textFormat", "text/plain")
            if not _MIME.fullmatch(text_format.strip()):
                yield Finding(
                    element,
                    f"Expected a MIME type in textFormat of {kind}, but found {text_format!r}.",
                    'Write "text/plain".',
                    rule,
                    Severity.WARNING,
                )
