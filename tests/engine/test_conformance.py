"""How the suite is judged and printed; the public suite itself is scored in tests/conformance."""

import json
from pathlib import Path

import pytest

from app.engine.conformance import run
from tests.engine.driving import NAMESPACES, chain, extended, job


def write(folder: Path, name: str, body: str, **case: object) -> dict[str, object]:
    """A diagram of the suite and its case."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    process = f'<process id="P" isExecutable="true">{body}</process>'
    path.write_text(f'<definitions {NAMESPACES} id="D" targetNamespace="x">{process}</definitions>')
    defaults = {"case": 1, "process": "P", "variables": {}, "also_start": [], "advance_seconds": 0, "markers": {}}
    return {"file": name, **defaults, **case}


def test_runs_are_judged_by_their_markers_and_outcomes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a group, what was expected and found with `verbose`, the count in the last line."""
    script = extended("scriptTask", "S", '<zeebe:script expression="=&quot;SCRIPT_one&quot;" resultVariable="r"/>')
    cases = [
        write(tmp_path, "basics/right.bpmn", chain(script), markers={"S": "one"}, expect=["one"]),
        write(tmp_path, "basics/wrong.bpmn", chain(script), expect=["two"]),
        write(tmp_path, "errors/caught.bpmn", chain(job("A", "throw-error")), expect=["!incident"]),
        write(tmp_path, "errors/refused.bpmn", chain('<serviceTask id="A"/>'), expect=["!rejected-or-incident"]),
        write(tmp_path, "errors/waits.bpmn", chain(job("A", "never-completes"), script), expect=[]),
    ]
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    assert run(tmp_path, verbose=True) == (4, 1)
    assert capsys.readouterr().out.splitlines() == [
        "basics: 1 of 2",
        "  passed basics/right.bpmn 1: expected one, found one",
        "  FAILED basics/wrong.bpmn 1: expected two, found one",
        "errors: 3 of 3",
        "  passed errors/caught.bpmn 1: expected !incident, found !incident",
        "  passed errors/refused.bpmn 1: expected !rejected-or-incident, found !rejected",
        "  passed errors/waits.bpmn 1: expected nothing, found nothing",
        "4 passed, 1 failed",
    ]


def test_an_empty_folder_has_no_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing passed and nothing failed; the command line takes that for a failure."""
    assert run(tmp_path) == (0, 0)
    assert capsys.readouterr().out == "0 passed, 0 failed\n"
