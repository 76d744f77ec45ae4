"""Instances that earlier releases have stored are finished by this one. A file here is never changed, only added to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from app import engine, feel
from app.engine import commands
from app.engine.simulation import NoDecisions
from tests.engine.driving import definitions

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_stored_instance_can_be_finished(path: Path) -> None:
    """From its state, by what was still to come, to the variables that it ended with."""
    stored = feel.json_loads(path.read_text())
    assert isinstance(stored, dict)
    program = engine.compile(definitions(str(stored["diagram"]), str(stored["roots"])), "P")
    ids = count()
    moment = engine.Moment(datetime(2026, 2, 1, tzinfo=UTC), lambda: f"new-{next(ids)}")
    instance = engine.Instance.load(program, stored["state"], NoDecisions())
    for what, element_id, variables in stored["steps"]:
        carry_out(instance, moment, what, element_id, variables)
    assert instance.status is engine.Status.COMPLETED
    assert instance.variables() == stored["variables"]


def carry_out(
    instance: engine.Instance, moment: engine.Moment, what: str, element_id: str, variables: Mapping[str, object]
) -> None:
    """The command for the first that is open at the element: a job, a user task, a timer, a message, an incident …"""
    state = instance.state()
    tokens = state["tokens"]
    assert isinstance(tokens, list)
    here = [token for token in tokens if str(token["at"]).partition("#")[0] == element_id]
    data = next((token["data"] for token in here if "job" in token.get("data", {})), {})
    waits = {wait[2]: wait[0] for token in tokens for wait in token.get("waits", [])}
    incidents = state["incidents"]
    assert isinstance(incidents, list)
    choices = {
        "job": lambda: commands.CompleteJob(data["job"], variables),
        "user task": lambda: commands.CompleteUserTask(here[0]["data"]["user_task"], variables),
        "timer": lambda: commands.FireTimer(waits[element_id]),
        "message": lambda: commands.DeliverMessage(waits[element_id], variables),
        "incident": lambda: commands.ResolveIncident(incidents[0][0]),
        "called process": lambda: commands.CompleteCalledInstance(here[0]["id"], variables),
        "variables": lambda: commands.SetVariables(variables),
    }
    instance.handle(choices[what](), moment)
