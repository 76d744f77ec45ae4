"""Names of DMN's versions, and the small accessors that the readers share.

A `Reader` knows the namespace of one file's version, so a reader asks for "decision" whichever version wrote it.
"""

import re
from collections.abc import Iterator

from lxml import etree

from app.dmn.model import Text, Variable
from app.errors import Diagnostic, Severity

VERSIONS = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",  # of modelers before 2017
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}

FEEL_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20151101/feel.xsd",
        "http://www.omg.org/spec/DMN/20151101/FEEL/",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)


CAMUNDA_7 = "http://camunda.org/schema/1.0/dmn"

_JUEL_NAME = re.compile(r"\s*(?:[$#]\{\s*(\w+(?:\.\w+)*)\s*\}|(\w+(?:\.\w+)*))\s*")


class Reader:
    """One file being read: its version's namespace, its imports' prefixes, and the diagnostics so far."""

    def __init__(self, file: str, root: etree._Element) -> None:
        self.file = file
        self.root = root
        self.diagnostics: list[Diagnostic] = []
        self.model_namespace = etree.QName(root).namespace or ""
        self.namespace = (root.get("namespace") or "").strip()
        self.default_language = root.get("expressionLanguage")
        self._tag_prefix = f"{{{self.model_namespace}}}"
        self.import_prefixes = {
            namespace: (element.get("name") or "").strip()
            for element in self.all(root, "import")
            if (namespace := (element.get("namespace") or "").strip())
        }

    def all(self, element: etree._Element, kind: str) -> Iterator[etree._Element]:
        """The children of this kind, in document order."""
        return element.iterchildren(self._tag_prefix + kind)

    def first(self, element: etree._Element, kind: str) -> etree._Element | None:
        return element.find(self._tag_prefix + kind)

    def children(self, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """DMN's own children with their local names; extensions are passed over."""
        prefix = self._tag_prefix
        for child in element.iterchildren(etree.Element):
            tag = child.tag
            if isinstance(tag, str) and tag.startswith(prefix):
                yield tag[len(prefix) :], child

    def text(self, element: etree._Element) -> tuple[str, int]:
        """The character data of the `text` child, "" without one, and the line of the file where it begins."""
        child = next(self.all(element, "text"), None)
        return ("", line_of(element)) if child is None else (characters(child), line_of(child))

    def plain(self, element: etree._Element, kind: str) -> str:
        """The stripped character data of a child such as `description` or `typeRef`."""
        child = self.first(element, kind)
        return "" if child is None else characters(child).strip()

    def unary_tests(self, element: etree._Element, kind: str) -> Text | None:
        """A child that holds unary tests, or None where it is absent or empty."""
        child = self.first(element, kind)
        if child is None:
            return None
        text, line = self.text(child)
        return Text(text, id=child.get("id", ""), line=line) if text.strip() else None

    def variable(self, element: etree._Element, name: str | None = None) -> Variable:
        """An information item; its name is the element's, or `name` where that is missing."""
        return Variable(
            clean_name(element.get("name")) or (name or ""),
            self.type_ref(element, element.get("typeRef")),
            id=element.get("id", ""),
            line=line_of(element),
        )

    def type_ref(self, element: etree._Element, text: str | None) -> str | None:
        """A type's name as FEEL writes it: a QName of DMN 1.1 becomes "tPerson" or "prefix.tPerson"."""
        if not text:
            return None
        name = " ".join(text.split())
        prefix, colon, local = name.partition(":")
        if not colon:
            return name or None
        namespace = element.nsmap.get(prefix)
        if namespace is None or namespace in FEEL_NAMESPACES or namespace == self.namespace:
            return local
        imported = self.import_prefixes.get(namespace)
        return local if not imported else f"{imported}.{local}"

    def in_feel(self, element: etree._Element, text: str) -> tuple[str, str | None]:
        """`text` in FEEL and None, or as it is with the language's URI or name.

        A name in JUEL, Camunda 7's language, is the same name in FEEL.
        """
        language = element.get("expressionLanguage") or self.default_language
        if language is None or language in FEEL_NAMESPACES or language.casefold() == "feel":
            return text, None
        name = _JUEL_NAME.fullmatch(text) if language.casefold() == "juel" else None
        return (text, language) if name is None else (name[1] or name[2], None)

    def report(
        self,
        code: str,
        message: str,
        remedy: str,
        element: etree._Element,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.diagnostics.append(
            Diagnostic(
                code,
                message,
                remedy,
                severity,
                self.file,
                element.get("id"),
                element.get("name") or element.get("label"),
                line_of(element),
            )
        )


def clean_name(text: str | None) -> str:
    """A name with its white space normalised, as FEEL compares names (10.3.1.4)."""
    return " ".join((text or "").split())


def line_of(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def characters(element: etree._Element) -> str:
    """All character data inside an element."""
    if len(element) == 0:
        return element.text or ""
    return "".join(str(part) for part in element.itertext())
