"""Processes and decisions in service."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.dmn import Decisions
from app.errors import Forbidden, NotFound
from app.runtime import Permission
from app.runtime.views import ModelKind
from app.web.api.bodies import Inputs, read
from app.web.frame.current import actor, now, runtime
from app.web.frame.large import large_work
from app.web.frame.representing import respond


def register(api: Blueprint) -> None:
    api.get("/processes")(list_processes)
    api.get("/processes/<process_id>")(get_process)
    api.get("/processes/<process_id>/<int(max=2147483647):version>/xml")(process_xml)
    api.get("/decisions")(list_decisions)
    api.post("/decisions/<decision_id>/evaluate")(evaluate_decision)


def list_processes() -> ResponseReturnValue:
    """The latest version of every process."""
    _need(Permission.MODELS_SEE, Permission.INSTANCES_START)
    return respond({"items": runtime().deployments.models(ModelKind.BPMN), "next": None})


def get_process(process_id: str) -> ResponseReturnValue:
    """All versions of a process, newest first."""
    _need(Permission.MODELS_SEE, Permission.INSTANCES_START)
    found = runtime().deployments.versions(ModelKind.BPMN, process_id)
    if not found:
        raise NotFound(f"Expected a process {process_id}, but found none.")
    return respond({"items": found, "next": None})


def process_xml(process_id: str, version: int) -> ResponseReturnValue:
    """The diagram of one version, as BPMN 2.0 XML."""
    _need(Permission.MODELS_SEE, Permission.TASKS_WORK)  # approvers see the diagram beside their task
    found = runtime().deployments.model(ModelKind.BPMN, process_id, version)
    response = Response(found.content or b"", content_type="application/xml; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=3600"  # a version never changes
    return response


def list_decisions() -> ResponseReturnValue:
    """The latest version of every decision model."""
    _need(Permission.MODELS_SEE)
    return respond({"items": runtime().deployments.models(ModelKind.DMN), "next": None})


def evaluate_decision(decision_id: str) -> ResponseReturnValue:
    """Evaluate a decision in service with these inputs. Nothing is kept."""
    _need(Permission.MODELS_SEE)
    sent = read(Inputs)
    evaluation = _decisions(decision_id, sent.version).evaluate(
        decision_id, sent.variables, explain=sent.explain, now=now()
    )
    return respond(evaluation.to_json())


def _decisions(decision_id: str, version: int | None) -> Decisions:
    """The deployed decision model that holds this decision; a model named like it is tried first."""
    models = runtime().deployments.models(ModelKind.DMN)
    for model in sorted(models, key=lambda model: model.key != decision_id):
        found = runtime().deployments.model(ModelKind.DMN, model.key, version if model.key == decision_id else None)
        content = found.content or b""
        with large_work(len(content)):
            decisions = Decisions.read((found.file_name, content))
        if decision_id in decisions.ids():
            return decisions
    raise NotFound(f"Expected a decision {decision_id} in service, but found none.")


def _need(*one_of: Permission) -> None:
    """Models are read by the runtime itself, too, so that its methods ask for no right; these doors do."""
    if not any(actor().may(permission) for permission in one_of):
        raise Forbidden(f"Expected the right {' or '.join(one_of)}. Ask an administrator for it.")
