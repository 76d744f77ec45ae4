"""An instance's state as JSON: what is alive and nothing else. The specification and the history are kept elsewhere.

A token is a list, parents before children: id, spec, parent, SpiffWorkflow state, phase, then what is not empty.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from SpiffWorkflow import TaskState

from app.engine.element import Element
from app.engine.elements.inclusive_gateway import SynchronisingSpec
from app.engine.elements.process import ProcessSpec
from app.engine.elements.repeating import POSITION, RepeatingSpec, count
from app.engine.ports import Services
from app.engine.token import OUTPUTS, Phase, Token
from app.engine.waits import Wait, WaitKind
from app.engine.workflow import Incident, ProcessWorkflow, Status

VERSION = 2  # 1: what repeated activities collect was a variable, and `loopCounter` the place of an instance


def dump(workflow: ProcessWorkflow) -> dict[str, object]:
    """The state between two commands."""
    root = workflow.root
    return {
        "version": VERSION,
        "instance": root.id,
        "status": workflow.status.value,
        "tokens": [dump_token(token) for token in (root, *root.descendants())] if root.is_live else [],
        "variables": dict(root.variables or {}),
        "incidents": [
            [incident.id, incident.token_id, incident.kind, incident.message, incident.job_id]
            for incident in workflow.incidents.values()
        ],
    }


def dump_token(token: Token) -> dict[str, object]:
    parent = token.parent
    state: dict[str, object] = {
        "id": token.id,
        "at": token.task_spec.name,
        "in": parent.id if parent else None,
        "state": token.state,
        "phase": int(token.phase),
    }
    if token.variables is not None and parent is not None:
        state["variables"] = dict(token.variables) if token.outputs is None else without_outputs(token)
    if token.internal_data:
        state["data"] = own_lists(token.internal_data)
    if token.waits:
        state["waits"] = [wait.to_state() for wait in token.waits.values()]
    if token.arrivals:
        state["arrivals"] = dict(token.arrivals)
    if token.result is not None:
        state["result"] = dict(token.result)
    return state


def load(spec: ProcessSpec, state: Mapping[str, object], services: Services) -> ProcessWorkflow:
    """The instance as it was. Raises ValueError for a state of a later release, KeyError for an unknown element."""
    if state["version"] not in (1, VERSION):
        raise ValueError(f"Expected a state of version {VERSION}, but found {state['version']}. Upgrade Bailiwick.")
    workflow = ProcessWorkflow(spec, services, str(state["instance"]))
    workflow.status = Status(str(state["status"]))
    variables = state["variables"]
    workflow.root.variables = dict(variables) if isinstance(variables, Mapping) else {}
    tokens = state["tokens"]
    for stored in tokens if isinstance(tokens, list) else ():
        load_token(workflow, stored, int(str(state["version"])))
    if not tokens:
        workflow.remove(workflow.root)
        workflow.root._state = TaskState.CANCELLED if workflow.status is not Status.COMPLETED else TaskState.COMPLETED
    incidents = state["incidents"]
    for identifier, token_id, kind, message, job_id in incidents if isinstance(incidents, list) else ():
        workflow.incidents[identifier] = Incident(identifier, token_id, kind, message, job_id)
    return workflow


def without_outputs(token: Token) -> dict[str, object]:
    """The variables but the one that shows what is collected, which is stored already."""
    return {name: value for name, value in (token.variables or {}).items() if not token.shows(name)}


def own_lists(data: Mapping[str, object]) -> dict[str, object]:
    """A copy whose lists can grow and shrink without the other noticing."""
    return {name: [*value] if isinstance(value, list) else value for name, value in data.items()}


def upgrade(token: Token) -> None:
    """What version 1 kept in variables."""
    spec, variables = token.task_spec, token.variables or {}
    if spec.shown_as is not None and isinstance(outputs := variables.get(spec.shown_as), list):
        token.internal_data[OUTPUTS] = [*outputs]
    counter = variables.get("loopCounter")
    if isinstance(spec.scope, RepeatingSpec) and isinstance(counter, int | Decimal):
        total = count(token.container, "total")
        if spec.scope.instance is spec and 1 <= counter <= total:
            token.internal_data[POSITION] = int(counter) - 1


def load_token(workflow: ProcessWorkflow, stored: dict[str, object], state_version: int) -> None:
    parent_id = stored["in"]
    if parent_id is None:
        token = workflow.root
    else:
        spec: Element = workflow.spec.task_specs[str(stored["at"])]
        token = Token(workflow, spec, workflow.tasks[str(parent_id)], str(stored["id"]))
        variables = stored.get("variables")
        token.variables = dict(variables) if isinstance(variables, dict) else None
    token._state = int(str(stored["state"]))
    token.phase = Phase(int(str(stored["phase"])))
    data, result, arrivals = stored.get("data"), stored.get("result"), stored.get("arrivals")
    token.internal_data = own_lists(data) if isinstance(data, dict) else {}
    if state_version == 1:
        upgrade(token)
    if OUTPUTS in token.internal_data:
        token.keep_outputs(cast("list[object]", token.internal_data[OUTPUTS]))
    token.result = dict(result) if isinstance(result, dict) else None
    token.arrivals = (
        {str(flow): int(str(number)) for flow, number in arrivals.items()} if isinstance(arrivals, dict) else {}
    )
    index(workflow, token, stored.get("waits"))


def index(workflow: ProcessWorkflow, token: Token, waits: object) -> None:
    """Find the token again by its job, its user task, its waits and as a join."""
    for wait_state in waits if isinstance(waits, list) else ():
        wait = Wait.from_state(wait_state)
        token.waits[wait.id] = wait
        workflow.waits[wait.id] = token.id
        if wait.kind is WaitKind.CONDITION:
            workflow.conditions[wait.id] = wait
    data = token.internal_data
    if "job" in data:
        workflow.jobs[str(data["job"])] = token.id
    if "user_task" in data:
        workflow.user_tasks[str(data["user_task"])] = token.id
    if token.arrivals:
        workflow.joins[token.container.id, token.task_spec.name] = token.id
        if isinstance(token.task_spec, SynchronisingSpec):
            workflow.synchronising[token.id] = None
