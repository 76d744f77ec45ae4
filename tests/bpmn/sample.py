"""Diagrams written in a line: the elements of a file without their wrapping."""

from app.bpmn.model import Activity, Definitions, FlowNode
from app.bpmn.reader import read

_OPENING = (
    '<bpmn:definitions id="file" targetNamespace="here" xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" {}>'
)
NAMESPACES = {
    "plain": "",
    "zeebe": 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"',
    "camunda": 'xmlns:camunda="http://camunda.org/schema/1.0/bpmn"',
}


def diagram(elements: str, dialect: str = "plain") -> Definitions:
    """The file with these elements at its root."""
    opening = _OPENING.format(NAMESPACES[dialect])
    return read("sample.bpmn", f"{opening}{elements}</bpmn:definitions>".encode())


def process(elements: str, dialect: str = "plain", roots: str = "") -> Definitions:
    """The file with one executable process of these elements, and `roots` before it."""
    return diagram(f'{roots}<process id="p" isExecutable="true">{elements}</process>', dialect)


def node(elements: str, dialect: str = "plain", roots: str = "") -> FlowNode:
    """The first node of that process."""
    return process(elements, dialect, roots).processes[0].nodes[0]


def activity(elements: str, dialect: str = "plain", roots: str = "") -> Activity:
    """The same, when it is an activity."""
    found = node(elements, dialect, roots)
    assert isinstance(found, Activity)
    return found
