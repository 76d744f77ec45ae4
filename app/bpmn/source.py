"""The elements of a file as they were written: an immutable tree with line numbers, and nothing of XML's library.

Rules about notation that never runs (groups, choreographies, item definitions …) look at this tree. It can be pickled.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ACTIVITI = "http://activiti.org/bpmn"  # what Camunda 7 called the same words before it had a namespace
MODELER = "http://camunda.org/schema/modeler/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True, eq=False)
class SourceElement:
    """One XML element. `kind` is the local name of a BPMN element, else the ``{namespace}name`` of a foreign one.

    `attributes` keep their names the same way: BPMN's own without a namespace. `text` is the text before the first
    child, stripped. `index` is the place in document order.
    """

    kind: str
    attributes: Mapping[str, str]
    text: str
    line: int
    index: int
    children: tuple["SourceElement", ...] = field(repr=False)

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    def get(self, attribute: str, default: str = "") -> str:
        return self.attributes.get(attribute, default)

    def flag(self, attribute: str, *, default: bool) -> bool:
        """An xsd:boolean attribute; what is neither true nor false counts as the default."""
        return {"true": True, "1": True, "false": False, "0": False}.get(self.get(attribute).strip(), default)

    def all(self, *kinds: str) -> Iterator["SourceElement"]:
        """The children of these kinds, in document order."""
        return (child for child in self.children if child.kind in kinds)

    def first(self, *kinds: str) -> "SourceElement | None":
        return next(self.all(*kinds), None)

    def walk(self) -> Iterator["SourceElement"]:
        """This element and all below it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


class Document:
    """The tree with its indexes: parents, ids, kinds."""

    __slots__ = ("_by_id", "_by_kind", "_parents", "namespaces", "root")

    def __init__(self, root: SourceElement, namespaces: Mapping[str, str]) -> None:
        self.root = root
        self.namespaces = dict(namespaces)  # prefix to URI, as declared anywhere in the file
        self._by_id: dict[str, SourceElement] = {}
        self._by_kind: dict[str, list[SourceElement]] = {}
        self._parents: dict[int, SourceElement] = {}
        for element in root.walk():
            if element.id and not element.kind.startswith("{"):  # other namespaces have their own ids
                self._by_id.setdefault(element.id, element)
            self._by_kind.setdefault(element.kind, []).append(element)
            for child in element.children:
                self._parents[child.index] = element

    def of_kind(self, *kinds: str) -> Iterable[SourceElement]:
        """All elements of these kinds, in document order if one kind is given, else kind by kind."""
        return [element for kind in kinds for element in self._by_kind.get(kind, ())]

    def by_id(self, element_id: str) -> SourceElement | None:
        return self._by_id.get(element_id)

    def refer(self, reference: str) -> SourceElement | None:
        """What a QName reference names in this file; a prefix is dropped, as most tools write none."""
        return self._by_id.get(reference) or self._by_id.get(reference.rpartition(":")[2])

    def parent(self, element: SourceElement) -> SourceElement | None:
        return self._parents.get(element.index)

    def ancestors(self, element: SourceElement) -> Iterator[SourceElement]:
        """The elements around this one, nearest first."""
        parent = self.parent(element)
        while parent is not None:
            yield parent
            parent = self.parent(parent)
