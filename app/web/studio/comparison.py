"""What changed between two versions of a diagram or a decision, element by element.

Elements are matched by id and compared property by property, so that a new condition, timer or cell is told with its
old and new value. Where things are drawn is counted, not listed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.errors import Invalid
from app.markup import TooMuch, read_markup

ENTRIES = 1_000  # of one list, so that a page stays a page; the counts tell the rest
MOST_ELEMENTS = 500_000  # of XML, in each of the two files
DRAWING = ("/BPMN/20100524/DI", "/DD/20100524/", "/DMNDI/", "/DMN/20180521/D")
DECISION_ELEMENTS = frozenset(
    {
        "decision",
        "inputData",
        "businessKnowledgeModel",
        "knowledgeSource",
        "decisionService",
        "itemDefinition",
        "rule",
        "input",
        "output",
    }
)
BPMN_PARENTS = frozenset(
    {"definitions", "process", "subProcess", "adHocSubProcess", "transaction", "collaboration", "laneSet"}
)
REDUNDANT = frozenset({"incoming", "outgoing"})  # the flows say it already


@dataclass(frozen=True, slots=True)
class Element:
    """One element with its own properties: path such as "extensionElements/taskDefinition@type" to text."""

    id: str
    name: str
    type: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """`before` and `after` are None where the property was not there."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ElementChange:
    before: Element
    after: Element
    properties: tuple[PropertyChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    added: tuple[Element, ...]
    removed: tuple[Element, ...]
    changed: tuple[ElementChange, ...]
    moved: int  # elements that are drawn elsewhere now

    @property
    def same(self) -> bool:
        return not (self.added or self.removed or self.changed or self.moved)


def compare(before: bytes, after: bytes) -> Comparison:
    """Compare two BPMN or two DMN files. A file that is not XML has no elements.

    Raises `Invalid` for one with more in it than a model has.
    """
    old_root, new_root = _parse(before), _parse(after)
    old, new = _elements(old_root), _elements(new_root)
    changed = (
        ElementChange(old[key], new[key], properties)
        for key in old
        if key in new and (properties := _changes(old[key].properties, new[key].properties))
    )
    old_places, new_places = _places(old_root), _places(new_root)
    return Comparison(
        added=tuple(new[key] for key in new if key not in old)[:ENTRIES],
        removed=tuple(old[key] for key in old if key not in new)[:ENTRIES],
        changed=tuple(changed)[:ENTRIES],
        moved=sum(1 for key in old_places if key in new_places and old_places[key] != new_places[key]),
    )


def _parse(content: bytes) -> etree._Element | None:
    try:
        return read_markup(content, MOST_ELEMENTS, blank_text=False).root
    except TooMuch as problem:
        raise Invalid({"$": f"{problem.message} {problem.remedy}"}) from None
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _elements(root: etree._Element | None) -> dict[str, Element]:
    found: dict[str, Element] = {}
    positions: Counter[tuple[etree._Element | None, str]] = Counter()
    for node in root.iter("*") if root is not None else ():
        place = node.getparent(), _local(node)
        positions[place] += 1
        if _is_element(node):
            key = str(node.attrib["id"])
            found[key] = Element(key, _name(node, positions[place]), _local(node), dict(_properties(node, "")))
    return found


def _is_element(node: etree._Element) -> bool:
    """Whether this node gets a line of its own; the others are parts of the element that they are in."""
    parent = node.getparent()
    if "id" not in node.attrib or parent is None or _is_drawing(node):
        return False
    if "/DMN/" in (etree.QName(node).namespace or ""):
        return _local(node) in DECISION_ELEMENTS
    return _local(parent) in BPMN_PARENTS


def _properties(node: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    for key, value in node.attrib.items():
        if not (path == "" and key == "id"):
            yield f"{path}@{etree.QName(key).localname}", str(value)
    if text := (node.text or "").strip():
        yield path or "text", text
    seen: dict[str, int] = {}
    for child in node.iterchildren("*"):
        local = _local(child)
        if _is_element(child) or _is_drawing(child) or local in REDUNDANT:
            continue
        seen[local] = seen.get(local, 0) + 1
        step = local if seen[local] == 1 else f"{local}[{seen[local]}]"
        yield from _properties(child, f"{path}/{step}" if path else step)


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[PropertyChange, ...]:
    paths = [*before, *(path for path in after if path not in before)]
    return tuple(
        PropertyChange(path, before.get(path), after.get(path)) for path in paths if before.get(path) != after.get(path)
    )


def _places(root: etree._Element | None) -> dict[str, str]:
    """What each shape and edge of the drawing looks like, by the element that it draws."""
    places: dict[str, str] = {}
    for node in root.iter("*") if root is not None else ():
        drawn = node.get("bpmnElement") or node.get("dmnElementRef")
        if drawn and _is_drawing(node) and _local(node).endswith(("Shape", "Edge")):
            places[drawn] = " ".join(
                f"{key!s}={value!s}" for part in node.iter("*") for key, value in sorted(part.attrib.items())
            )
    return places


def _name(node: etree._Element, position: int) -> str:
    """The name that a person knows the element by; a rule's is its `position` in its decision."""
    local, parent = _local(node), node.getparent()
    if local in {"rule", "input", "output"} and parent is not None:
        decision = parent.getparent()
        of = decision.get("name", "") if decision is not None else ""
        return f"{of}, {local} {position}"
    if local == "sequenceFlow":
        ends = f"{node.get('sourceRef')} → {node.get('targetRef')}"
        return f"{node.get('name')}: {ends}" if node.get("name") else ends
    return node.get("name") or str(node.attrib["id"])


def _is_drawing(node: etree._Element) -> bool:
    return any(part in (etree.QName(node).namespace or "") for part in DRAWING)


def _local(node: etree._Element) -> str:
    return etree.QName(node).localname
