"""The public conformance suite: its processes are run in virtual time, its invalid files must be refused (strictly).

`runs` is the engine's half, `app.bpmn.conformance.rejections` the reader's; `run` counts both together.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from app import feel
from app.bpmn import model
from app.bpmn.checker import check as check_rules
from app.bpmn.conformance import Result, rejections
from app.bpmn.reader import read
from app.engine import commands, events
from app.engine.program import check as check_engine
from app.engine.simulation import Running, Simulation
from app.errors import ModelError, Severity

SCRIPT_MARKER = re.compile(r'"?SCRIPT_(\w+)"?')
REJECTED, INCIDENT, UNCAUGHT, EITHER = "!rejected", "!incident", "!uncaught-error", "!rejected-or-incident"


def run(folder: Path, *, verbose: bool = False) -> tuple[int, int]:
    """Run and print everything in `folder`: how many passed and how many failed.

    One line a group, with `verbose` what was expected and found; the last line is "N passed, M failed".
    """
    groups: dict[str, list[Result]] = {}
    for result in (*runs(folder), *rejections(folder)):
        groups.setdefault(result.name.split("/")[0], []).append(result)
    for group, results in groups.items():
        print(f"{group}: {sum(result.passed for result in results)} of {len(results)}")
        if verbose:
            for result in results:
                verdict = "passed" if result.passed else "FAILED"
                print(f"  {verdict} {result.name}: expected {result.expected}, found {result.found}")
    verdicts = Counter(result.passed for results in groups.values() for result in results)
    print(f"{verdicts[True]} passed, {verdicts[False]} failed")
    return verdicts[True], verdicts[False]


def runs(folder: Path) -> Iterator[Result]:
    """Judge every run that ``cases.json`` of `folder` describes, in its order."""
    catalogue = folder / "cases.json"
    if not catalogue.exists():
        return
    for case in json.loads(catalogue.read_text()):
        expected = Counter(case["expect"])
        found = outcome(folder, case)
        refused = expected == Counter([EITHER]) and set(found) in ({REJECTED}, {INCIDENT})
        yield Result(
            name=f"{case['file']} {case['case']}",
            passed=found == expected or refused,
            expected=listed(expected),
            found=listed(found),
        )


def listed(outcomes: Counter[str]) -> str:
    return ", ".join(sorted(outcomes.elements())) or "nothing"


def outcome(folder: Path, case: dict[str, object]) -> Counter[str]:
    """The markers of the script tasks that completed, and what else became of the run."""
    name = str(case["file"])
    definitions = read(name, (folder / name).read_bytes())
    said = check_rules(definitions)
    problems = [*said, *check_engine(definitions, said)]
    if any(problem.severity is Severity.ERROR for problem in problems):
        return Counter([REJECTED])
    simulation = Simulation(definitions, answer)
    variables, also, markers = case["variables"], case["also_start"], case["markers"]
    given = feel.json_loads(json.dumps(variables))
    try:
        for process_id in also if isinstance(also, list) else ():
            simulation.start(process_id)
        simulation.start(str(case["process"]), given if isinstance(given, dict) else {})
        simulation.advance(timedelta(seconds=float(str(case["advance_seconds"]))))
    except ModelError:
        return Counter([REJECTED])
    known = {**script_markers(definitions), **(markers if isinstance(markers, dict) else {})}
    found: Counter[str] = Counter()
    for running in simulation.instances.values():
        found.update(traces(running, known))
    return found


def answer(job: events.JobRequested) -> commands.Command | None:
    """The two job types with a meaning in the suite; any other job is completed."""
    if job.type == "never-completes":
        return None
    if job.type == "throw-error":
        return commands.ThrowError(job.job_id, "conformance")
    return commands.CompleteJob(job.job_id)


def traces(running: Running, markers: dict[str, str]) -> Iterator[str]:
    """The markers and outcomes of one instance."""
    scripts: set[str] = set()
    for event in running.history:
        match event:
            case events.ElementActivated(element_type="scriptTask", element_instance_id=identifier):
                scripts.add(identifier)
            case events.ElementCompleted(element_id=element_id, element_instance_id=identifier):
                if identifier in scripts and element_id in markers:
                    yield markers[element_id]
            case events.IncidentRaised():
                yield INCIDENT
            case events.InstanceFailed():
                yield UNCAUGHT


def script_markers(definitions: model.Definitions) -> dict[str, str]:
    """The markers that scripts name themselves (``SCRIPT_task1``), for elements that a case does not list."""
    nodes = [node for process in definitions.processes for node in process.walk()]
    nodes.extend(task.task for task in definitions.global_tasks)
    found: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, model.ScriptTask) and node.script is not None:
            match = SCRIPT_MARKER.fullmatch(node.script.expression.text)
            if match:
                found[node.id] = match[1]
    return found
