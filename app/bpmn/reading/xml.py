"""Bytes to `Document`, safely: no entities, no DTD, no network, bounded size, depth and number.

Everything that makes a text unreadable becomes a `ModelError` with a line where the parser knows one.
"""

import re

from lxml import etree

from app.bpmn.source import ACTIVITI, BPMN, CAMUNDA, XSI, Document, SourceElement
from app.errors import Diagnostic, ModelError
from app.markup import Markup, TooMuch, read_markup

MAXIMUM_BYTES = 10 * 1024 * 1024
MOST_ELEMENTS = 200_000  # of XML; a diagram of 10,000 elements has about 100,000 with its drawing
MOST_NAMED = 25_000  # elements of the processes themselves: what has an id and is no drawing
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BEFORE_ROOT = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)  # what may stand before a DOCTYPE


def parse(name: str, content: bytes) -> Document:
    """The tree of the file `name`. Raises ModelError: too large, a DOCTYPE, not XML, or not BPMN."""
    if len(content) > MAXIMUM_BYTES:
        raise _unreadable(
            name,
            "too-large",
            f"Expected at most {MAXIMUM_BYTES // 1024 // 1024} MB, but found {len(content) / 1024 / 1024:.1f} MB.",
            "Split the diagram into several files.",
        )
    if _has_doctype(content):
        raise _doctype(name)
    try:
        markup = read_markup(content, MOST_ELEMENTS)
    except TooMuch as problem:
        raise _unreadable(name, problem.code, problem.message, problem.remedy, line=problem.line) from problem
    except etree.XMLSyntaxError as problem:
        raise _unreadable(
            name,
            "not-xml",
            f"Expected well-formed XML, but found: {problem.msg}.",
            "Export the diagram again from the modeler.",
            line=problem.lineno or None,
        ) from problem
    except (ValueError, LookupError) as problem:  # an encoding that does not exist or does not fit
        raise _unreadable(
            name, "not-xml", f"Expected well-formed XML, but found: {problem}.", "Save the file as UTF-8."
        ) from problem
    root = markup.root
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(name)
    if root.tag != f"{{{BPMN}}}definitions":
        raise _unreadable(
            name,
            "not-bpmn",
            f"Expected the root element <definitions> of BPMN 2.0, but found <{root.tag}>.",
            f"Use the namespace {BPMN}.",
            line=_line(root),
        )
    if sum(1 for element in root.iter(f"{{{BPMN}}}*") if "id" in element.attrib) > MOST_NAMED:
        message = f"Expected at most {MOST_NAMED:,} elements with an id, but found more."
        raise _unreadable(name, "too-many-elements", message, "Split the diagram into several files.")
    return _document(markup)


def _unreadable(name: str, code: str, message: str, remedy: str, line: int | None = None) -> ModelError:
    return ModelError([Diagnostic(f"bpmn.{code}", message, remedy, file=name, line=line)])


def _doctype(name: str) -> ModelError:
    return _unreadable(
        name, "doctype", "Expected no document type, but found <!DOCTYPE>.", "Remove it: entities are never expanded."
    )


def _has_doctype(content: bytes) -> bool:
    """Whether a DOCTYPE comes before the root, seen without parsing anything (in every encoding that keeps ASCII)."""
    text = content.replace(b"\0", b"") if b"\0" in content[:16] else content
    position = max((len(mark) for mark in _BYTE_ORDER_MARKS if text.startswith(mark)), default=0)
    while piece := _BEFORE_ROOT.match(text, position):
        position = piece.end()
    return text.startswith(b"<!DOCTYPE", position)


def _document(markup: Markup) -> Document:
    counter = iter(range(1 << 62))

    def convert(element: etree._Element) -> SourceElement:
        index = next(counter)
        return SourceElement(
            kind=_bare(str(element.tag)),
            attributes={_bare(str(key)): str(value) for key, value in element.attrib.items()},
            text=(element.text or "").strip(),
            line=_line(element) or 0,
            index=index,
            children=tuple(convert(child) for child in element if isinstance(child.tag, str)),
        )

    return Document(convert(markup.root), markup.namespaces)


def _line(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


def _bare(tag: str) -> str:
    """BPMN's own names without a namespace; `xsi:type` as such; foreign ones as ``{namespace}name``."""
    if tag.startswith(f"{{{BPMN}}}"):
        return tag[len(BPMN) + 2 :]
    if tag.startswith(f"{{{ACTIVITI}}}"):
        return f"{{{CAMUNDA}}}{tag[len(ACTIVITI) + 2 :]}"
    return "xsi:type" if tag == f"{{{XSI}}}type" else tag
