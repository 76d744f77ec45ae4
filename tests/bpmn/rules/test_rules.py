"""Every rule against its fixture: the file of the same name in this folder.

A fixture is a list of cases, separated by lines of ``====``: a claim after ``#``, the elements of a file, ``----``, and
what the rule must say: one line a finding, `severity rule element-id` ("-" where there is none), or nothing.
"""

from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from app.bpmn.reader import read
from app.bpmn.rules import RULES, Rule, Subject

FOLDER = Path(__file__).parent
NAMESPACES = {
    "": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "here": "here",
    "elsewhere": "elsewhere",
}


def wrapped(elements: str) -> bytes:
    """The file of these elements. A namespace is declared only where its prefix is used: it decides the dialect."""
    declared = " ".join(
        f'xmlns:{prefix}="{uri}"' if prefix else f'xmlns="{uri}"'
        for prefix, uri in NAMESPACES.items()
        if f"{prefix}:" in elements or not prefix
    )
    return f'<definitions id="file" targetNamespace="here" {declared}>{elements}</definitions>'.encode()


def cases() -> list[ParameterSet]:
    found = []
    for rule in RULES:
        fixture = FOLDER / f"{rule.__name__}.txt"
        for case in fixture.read_text(encoding="utf-8").split("\n====\n"):
            given, _, expected = case.partition("\n----\n")
            claim, _, elements = given.strip().partition("\n")
            name = f"{rule.__name__}: {claim.removeprefix('#').strip()}"
            found.append(pytest.param(rule, elements, sorted(expected.split("\n")), id=name))
    return found


@pytest.mark.parametrize(("rule", "elements", "expected"), cases())
def test_rule(rule: Rule, elements: str, expected: list[str]) -> None:
    """The rule says exactly what its fixture expects."""
    subject = Subject(read("fixture.bpmn", wrapped(elements)))
    found = [
        f"{finding.severity} {finding.rule or '-'} {(finding.element and finding.element.id) or '-'}"
        for finding in rule(subject)
    ]
    assert sorted(found) == [line for line in expected if line]


def test_every_rule_is_broken_and_kept() -> None:
    """Each fixture has a case that breaks the rule and one that keeps it."""
    for rule in RULES:
        parts = (FOLDER / f"{rule.__name__}.txt").read_text(encoding="utf-8").split("\n====\n")
        answers = [part.partition("\n----\n")[2].strip() for part in parts]
        assert any(answers), rule.__name__
        assert not all(answers), rule.__name__
