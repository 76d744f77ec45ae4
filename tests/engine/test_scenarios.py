"""Whole files in virtual time, as data: the folder `scenarios`, siblings of the cases of the public suite.

A scenario is a claim after ``#``; options after ``@`` (``vars``, the variables of process P as JSON; ``advance``, in
seconds; ``ordered``, the order counts); the elements of a file; ``----``; and what has to come of it. The line
``~ a b c ?=x`` draws sequence flows from a to b to c, each with this condition. Expected are the ids of the tasks that
completed, ``!failed:CODE``, ``!incident``, and ``!status`` for each instance that neither completed nor failed.
"""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from app import feel
from app.bpmn.checker import check as check_rules
from app.bpmn.reader import read
from app.engine import commands, events
from app.engine.program import check as check_engine
from app.engine.simulation import Running, Simulation
from app.errors import Severity
from tests.engine.driving import NAMESPACES

FOLDER = Path(__file__).with_name("scenarios")


def scenarios() -> list[ParameterSet]:
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        for case in path.read_text(encoding="utf-8").split("\n====\n"):
            given, _, expected = case.partition("\n----\n")
            claim, *lines = given.strip().splitlines()
            name = f"{path.stem}: {claim.removeprefix('#').strip()}"
            found.append(pytest.param(lines, expected.split(), id=name))
    return found


def drawn(lines: list[str]) -> bytes:
    """The file of these lines. A sequence flow is named after its ends."""
    written: list[str] = []
    for line in lines:
        if not line.startswith("~"):
            written.append(line)
            continue
        path, _, condition = line.removeprefix("~").replace("<", "&lt;").partition("?")
        inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        written += [
            f'<sequenceFlow id="{one}-{other}" sourceRef="{one}" targetRef="{other}">{inside}</sequenceFlow>'
            for one, other in pairwise(path.split())
        ]
    return f'<definitions {NAMESPACES} id="file" targetNamespace="here">{"".join(written)}</definitions>'.encode()


def answer(job: events.JobRequested) -> commands.Command:
    """A job of type ``throw:CODE`` throws this error, every other is completed."""
    kind, _, code = job.type.partition(":")
    return commands.ThrowError(job.job_id, code) if kind == "throw" else commands.CompleteJob(job.job_id)


def traces(running: Running) -> list[str]:
    """What became of one instance."""
    kinds: dict[str, str] = {}
    found = []
    for event in running.history:
        match event:
            case events.ElementActivated(element_instance_id=identifier, element_type=kind):
                kinds[identifier] = kind
            case events.ElementCompleted(element_id=element_id, element_instance_id=identifier):
                found += [element_id] if kinds.get(identifier) == "task" else []
            case events.IncidentRaised():
                found.append("!incident")
            case events.InstanceFailed(code=code):
                found.append(f"!failed:{code}")
    return found + ([] if running.status in ("completed", "failed") else [f"!{running.status}"])


@pytest.mark.parametrize(("lines", "expected"), scenarios())
def test_scenario(lines: list[str], expected: list[str]) -> None:
    """The file can be deployed, and running it leaves exactly what the scenario expects."""
    options = dict(line.removeprefix("@").split("=", 1) for line in lines if line.startswith("@"))
    definitions = read("scenario.bpmn", drawn([line for line in lines if not line.startswith("@")]))
    problems = [*check_rules(definitions), *check_engine(definitions)]
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []
    simulation = Simulation(definitions, answer)
    variables = feel.json_loads(options.get("vars", "{}"))
    assert isinstance(variables, dict)
    simulation.start("P", variables)
    simulation.advance(timedelta(seconds=float(options.get("advance", "0"))))
    found = [trace for running in simulation.instances.values() for trace in traces(running)]
    if "ordered" not in options:
        found, expected = sorted(found), sorted(expected)
    assert found == expected
