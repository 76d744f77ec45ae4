"""BPMN 2.0.2, 8.4.6: the language of an expression is a URI."""

import re
from collections.abc import Iterator

from app.bpmn.rules.subject import Finding, Subject

URI = re.compile(r"([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")


def expression_languages(subject: Subject) -> Iterator[Finding]:
    for element in subject.document.root.walk():
        for attribute in ("language", "expressionLanguage"):
            language = element.get(attribute)
            if language and not element.kind.startswith("{") and not URI.fullmatch(language):
                owner = subject.document.parent(element) or element
                yield Finding(
                    element if element.id else owner,
                    f"Expected a URI as {attribute}, but found {language!r}.",
                    "Remove it, or name FEEL: https://www.omg.org/spec/DMN/20191111/FEEL/.",
                    "EXT014",
                )
