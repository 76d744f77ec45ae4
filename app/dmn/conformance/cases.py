"""Test cases from XML (testCases.xsd of the kit, namespace http://www.omg.org/spec/DMN/20160719/testcase)."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from app import feel
from app.dmn.reading import xml

_CASES = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@dataclass(frozen=True, slots=True)
class GivenNode:
    """The value of an input data, of a decision that is not to be made, or of a parameter."""

    name: str
    namespace: str | None
    value: object


@dataclass(frozen=True, slots=True)
class ExpectedNode:
    """What a decision must answer; null where `is_error`."""

    name: str
    namespace: str | None
    value: object
    is_error: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One test case. `invocable` is the name of the service or knowledge model to invoke, None for decisions.
    `namespace` is that of the model which has it, if the case says so."""

    id: str
    invocable: str | None
    namespace: str | None
    given: tuple[GivenNode, ...]
    expected: tuple[ExpectedNode, ...]

    @property
    def expects_value(self) -> bool:
        """Whether anything but null is expected, so that an engine that always answers null would fail."""
        return any(node.value is not None and not node.is_error for node in self.expected)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One file of cases. `model` is the name of the model's file in the same folder, empty where there is but one."""

    path: Path
    model: str
    cases: tuple[Case, ...]


def read_cases(path: Path) -> CaseFile | None:
    """The cases of a file; None where it is not one of the kit. Raises ModelError where it is not XML, and OSError."""
    root = xml.parse(path.name, path.read_bytes())
    if root.tag != f"{_CASES}testCases":
        return None
    model = (root.findtext(f"{_CASES}modelName") or "").strip()
    return CaseFile(path, model, tuple(_case(element) for element in root.iterchildren(f"{_CASES}testCase")))


def _case(element: etree._Element) -> Case:
    given = tuple(
        GivenNode(node.get("name", "").strip(), node.get("namespace"), _value(node))
        for node in element.iterchildren(f"{_CASES}inputNode")
    )
    expected = tuple(_expected(node) for node in element.iterchildren(f"{_CASES}resultNode"))
    return Case(element.get("id", ""), element.get("invocableName"), element.get("namespace"), given, expected)


def _expected(node: etree._Element) -> ExpectedNode:
    is_error = node.get("errorResult", "false").strip() in {"true", "1"}
    expected = node.find(f"{_CASES}expected")
    value = None if expected is None or is_error else _value(expected)
    return ExpectedNode(node.get("name", "").strip(), node.get("namespace"), value, is_error)


def _value(element: etree._Element) -> object:
    """What a `valueType` says: a value, a context of components, or a list."""
    components: dict[str, object] = {}
    for child in element.iterchildren(etree.Element):
        if _is_nil(child):
            if child.tag != f"{_CASES}component":
                return None
            components[child.get("name", "")] = None
        elif child.tag == f"{_CASES}value":
            return _scalar(child)
        elif child.tag == f"{_CASES}list":
            return [None if _is_nil(item) else _value(item) for item in child.iterchildren(f"{_CASES}item")]
        elif child.tag == f"{_CASES}component":
            components[child.get("name", "")] = _value(child)
    return components or None


def _is_nil(element: etree._Element) -> bool:
    return element.get(f"{_XSI}nil", "false").strip() in {"true", "1"}


_TEMPORAL = {
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "duration": "duration",
    "dayTimeDuration": "duration",
    "yearMonthDuration": "duration",
}


def _scalar(element: etree._Element) -> object:
    text = element.text or ""
    kind = element.get(f"{_XSI}type", "xsd:string").rpartition(":")[2]
    if kind in {"decimal", "double", "float", "integer", "int", "long"}:
        return _number(text)
    if kind == "boolean":
        return text.strip() in {"true", "1"}
    if kind in _TEMPORAL:
        return feel.evaluate(f"{_TEMPORAL[kind]}(text)", {"text": text.strip()})
    return text


def _number(text: str) -> object:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
