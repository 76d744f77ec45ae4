"""The public suites of `../shared`: what must be refused is, and what is valid is not."""

import json
import os
from pathlib import Path

import pytest

from app.bpmn.checker import check
from app.bpmn.conformance import rejections
from app.bpmn.reader import read
from app.errors import Severity

SHARED = Path(os.environ.get("BAILIWICK_SHARED") or Path(__file__).parents[3] / "shared")
CONFORMANCE, INTERCHANGE = SHARED / "bpmn-conformance", SHARED / "bpmn-interchange"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not CONFORMANCE.is_dir(), reason=f"{SHARED} is absent; BAILIWICK_SHARED names the folder of the public suites"
    ),
]
# a condition that is no FEEL: =test.contains("a")> ; the suite expects that it holds
NOT_FEEL = {"Conditional_StartEvent_EventSubProcess_NonInterrupting.bpmn"}


def errors(path: Path) -> list[str]:
    found = check(read(path.name, path.read_bytes()))
    return [str(diagnostic) for diagnostic in found if diagnostic.severity is Severity.ERROR]


def valid_files() -> list[Path]:
    """The files of the suite that some case runs to an end."""
    if not CONFORMANCE.is_dir():
        return []
    cases = json.loads((CONFORMANCE / "cases.json").read_text(encoding="utf-8"))
    refusable = {case["file"] for case in cases if {"!rejected", "!rejected-or-incident"} & set(case["expect"])}
    return sorted({CONFORMANCE / case["file"] for case in cases if case["file"] not in refusable})


def test_every_broken_file_is_refused_for_its_reason() -> None:
    """Each of the files under must-be-rejected breaks the rule after which its folder is named."""
    results = list(rejections(CONFORMANCE))
    assert len(results) >= 201
    assert [result for result in results if not result.passed] == []


@pytest.mark.parametrize("path", valid_files(), ids=lambda path: path.stem)
def test_valid_files_are_not_refused(path: Path) -> None:
    """A file that must run has no error, but for the one whose condition is no FEEL."""
    assert bool(errors(path)) == (path.name in NOT_FEEL)


def test_strictly_valid_files_break_few_rules() -> None:
    """What a rule says of a file that must run is a false alarm, but for these, which break the letter of BPMN."""
    letter = {
        ("ParallelGateway_Conditions.bpmn", "EXT025"),  # conditions that the gateway ignores, which the run shows
        ("EventBasedGateway_Timer.bpmn", "REF"),  # a signal of the structure "String", which is no item definition
    }
    broken = {
        (path.name, found.rule)
        for path in valid_files()
        for found in check(read(path.name, path.read_bytes()))
        if found.rule is not None and not found.rule.startswith("BPMN 2.0.2, 13")  # a deadlock that is meant
    }
    assert broken == letter


@pytest.mark.parametrize("path", sorted(INTERCHANGE.glob("*.bpmn")), ids=lambda path: path.stem)
def test_interchange_files_are_read(path: Path) -> None:
    """Every reference diagram is read without a crash; what is not executable is never refused."""
    definitions = read(path.name, path.read_bytes())
    if not any(process.is_executable for process in definitions.processes):
        assert errors(path) == []


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("C.1.0", {"bpmn.camunda-7"}),  # a Java delegate
        ("C.1.1", {"bpmn.camunda-7", "bpmn.expressions"}),  # and conditions in XPath
        ("C.3.0", {"bpmn.expressions"}),  # natural language
        ("C.8.0", set()),
        ("C.8.1", {"bpmn.expressions", "bpmn.mapping-targets"}),  # variables with blanks in their names
        ("C.9.0", set()),
        ("C.9.1", set()),
        ("C.9.2", set()),
    ],
)
def test_executable_interchange_files(name: str, codes: set[str]) -> None:
    """The executable ones are accepted, or refused for what they really lack."""
    path = INTERCHANGE / f"{name}.bpmn"
    found = check(read(path.name, path.read_bytes()))
    assert {diagnostic.code for diagnostic in found if diagnostic.severity is Severity.ERROR} == codes
