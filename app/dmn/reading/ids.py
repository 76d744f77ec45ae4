"""Ids that occur twice in a file, wherever they stand: explanations and editors cannot tell which is meant."""

import re
from collections.abc import Iterator

from lxml import etree

from app.dmn.reading import xml
from app.dmn.reading.notation import VERSIONS, line_of
from app.errors import Diagnostic, Severity

_WRITTEN = re.compile(rb"""\sid\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_NODES = frozenset({"inputData", "decision", "businessKnowledgeModel", "decisionService"})


def repeated_ids(file: str, content: bytes) -> Iterator[Diagnostic]:
    """A warning for each id that two elements of the model have. Two nodes of the graph are left to their reader.

    Raises ModelError as reading does. What other tools keep in extensions has ids of its own.
    """
    written = _WRITTEN.findall(content)
    if len(set(written)) == len(written):
        return
    seen: dict[str, etree._Element] = {}
    reported: set[str] = set()
    for element in xml.parse(file, content).iter(etree.Element):
        element_id = element.get("id")
        if not element_id or etree.QName(element).namespace not in VERSIONS:
            continue
        first = seen.setdefault(element_id, element)
        if first is element or element_id in reported or (_is_node(first) and _is_node(element)):
            continue
        reported.add(element_id)
        message = f'Expected every id once, but found "{element_id}" again (first on line {line_of(first)}).'
        yield Diagnostic(
            "dmn.duplicate-id",
            message,
            "Give one of the elements another id.",
            Severity.WARNING,
            file,
            element_id,
            element.get("name") or element.get("label"),
            line_of(element),
        )


def _is_node(element: etree._Element) -> bool:
    return etree.QName(element).localname in _NODES
