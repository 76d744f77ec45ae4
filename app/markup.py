"""The one door for XML: untrusted bytes to an element tree, counted while they are read.

No entity is resolved, no network is reached, and reading stops at the first count that is exceeded: whatever walks the
tree afterwards may be slow by the element, never by the attribute or the namespace. What the elements mean is not here.
"""

from dataclasses import dataclass

from lxml import etree

CHUNK_BYTES = 64 * 1024
MOST_ATTRIBUTES = 500  # of one element
MOST_NAMESPACES = 500  # pairs of prefix and address, in a whole file
MOST_DEPTH = 200  # of elements in elements; libxml2 itself ends at 256


@dataclass(frozen=True, slots=True)
class Markup:
    """`namespaces`: every prefix that is declared, with its address; the last declaration counts."""

    root: etree._Element
    namespaces: dict[str, str]


class TooMuch(ValueError):
    """More than a model has. `code` is kebab-case, `line` that of the element where the count was exceeded."""

    def __init__(self, code: str, message: str, remedy: str, line: int | None) -> None:
        self.code, self.message, self.remedy, self.line = code, message, remedy, line
        super().__init__(code, message, remedy, line)

    def __str__(self) -> str:
        return self.message


def read_markup(content: bytes, most_elements: int, *, keep_comments: bool = False, blank_text: bool = True) -> Markup:
    """The tree of `content`.

    `keep_comments`: what is read will be written again, comments and processing instructions with it. `blank_text`:
    keep text of spaces only. Raises `TooMuch`; etree.XMLSyntaxError, ValueError or LookupError for what is not XML.
    """
    # lxml's own limits stay on (huge_tree=False): depth 256, entity amplification, 10 MB of text in one place.
    parser = etree.XMLPullParser(
        events=("start", "end", "start-ns"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not keep_comments,
        remove_pis=not keep_comments,
        remove_blank_text=not blank_text,
    )
    counted = _Counted(most_elements)
    try:
        for start in range(0, len(content), CHUNK_BYTES):
            parser.feed(content[start : start + CHUNK_BYTES])
            counted.take(parser)
    finally:
        counted.take(parser)  # a mistake behind a count that is exceeded is not what the author must hear of
        root = parser.close()
    counted.take(parser)
    return Markup(root, {prefix: address for prefix, address in counted.namespaces if prefix})


class _Counted:
    """What has been read so far."""

    def __init__(self, most_elements: int) -> None:
        self.namespaces: dict[tuple[str, str], None] = {}
        self._room = self._most_elements = most_elements
        self._depth = 0

    def take(self, parser: "etree.XMLPullParser") -> None:
        """Count what the parser has read since. Raises `TooMuch`."""
        for event, found in parser.read_events():
            if isinstance(found, tuple):
                prefix, address = (str(part) for part in found)
                self.namespaces.pop((prefix, address), None)
                self.namespaces[prefix, address] = None
                if len(self.namespaces) > MOST_NAMESPACES:
                    raise _too_much("namespaces", MOST_NAMESPACES, "Remove the namespaces that nothing uses.", None)
            elif event == "end":
                self._depth -= 1
            elif found is not None:
                self._element(found)

    def _element(self, element: etree._Element) -> None:
        self._room -= 1
        self._depth += 1
        line = element.sourceline if isinstance(element.sourceline, int) else None
        if self._room < 0:
            raise _too_much("elements", self._most_elements, "Split the file into several.", line)
        if self._depth > MOST_DEPTH:
            message = f"Expected elements nested in at most {MOST_DEPTH} levels, but found more."
            remedy = "Turn inner subprocesses into processes of their own and call them."
            raise TooMuch("too-deep", message, remedy, line)
        if len(element.attrib) > MOST_ATTRIBUTES:
            raise _too_much("attributes", MOST_ATTRIBUTES, "Remove those that no modeler wrote.", line)


def _too_much(what: str, most: int, remedy: str, line: int | None) -> TooMuch:
    place = " of one element" if what == "attributes" else ""
    return TooMuch(f"too-many-{what}", f"Expected at most {most:,} {what}{place}, but found more.", remedy, line)
