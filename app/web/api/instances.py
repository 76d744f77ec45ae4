"""Process instances: start, list, look at, change, cancel; their marks, history and evidence."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.runtime.instances import NewInstance
from app.web.api.bodies import Reason, SetVariables, StartInstance, StartInstances, read
from app.web.frame.current import actor, runtime
from app.web.frame.filters import instance_filter
from app.web.frame.freshness import respond_tagged
from app.web.frame.paging import Cursor
from app.web.frame.representing import respond, respond_page, window


def register(api: Blueprint) -> None:
    api.post("/instances")(start_instance)
    api.post("/instances/batch")(start_instances)
    api.get("/instances")(list_instances)
    api.get("/instances/<instance_id>")(get_instance)
    api.get("/instances/<instance_id>/marks")(instance_marks)
    api.get("/instances/<instance_id>/history")(instance_history)
    api.get("/instances/<instance_id>/decisions")(instance_decisions)
    api.patch("/instances/<instance_id>/variables")(set_variables)
    api.post("/instances/<instance_id>/cancel")(cancel_instance)
    api.get("/instances/<instance_id>/evidence")(instance_evidence)
    api.get("/instances/<instance_id>/evidence/lines")(evidence_lines)


def start_instance() -> ResponseReturnValue:
    """Start an instance at the process's none start event."""
    sent = read(StartInstance)
    found = runtime().instances.start(
        actor(), sent.process_id, sent.variables, version=sent.version, business_key=sent.business_key
    )
    return respond({"id": found}, 201)


def start_instances() -> ResponseReturnValue:
    """Start several instances of a process in one transaction: all of them or none."""
    sent = read(StartInstances)
    wanted = [NewInstance(each.variables, each.business_key) for each in sent.instances]
    return respond({"ids": runtime().instances.start_many(actor(), sent.process_id, wanted, sent.version)}, 201)


def list_instances() -> ResponseReturnValue:
    """Instances, newest first, with filters on process, version, status, business key, incidents, parent and trace."""
    after, limit = window()
    return respond_page(runtime().instances.list(actor(), instance_filter(), after, limit))


def get_instance(instance_id: str) -> ResponseReturnValue:
    """One instance with variables, incidents, jobs, tasks and the state of its elements."""
    return respond_tagged(runtime().instances.get(actor(), instance_id))


def instance_marks(instance_id: str) -> ResponseReturnValue:
    """Counts per element for the diagram: active, completed, incidents, cancelled; and the flows taken."""
    marks = dict(runtime().instances.marks(actor(), instance_id))
    return respond(marks)


def instance_history(instance_id: str) -> ResponseReturnValue:
    """The timeline, in the order in which it happened."""
    after, limit = window(Cursor.POSITION)
    return respond_page(runtime().instances.history(actor(), instance_id, after, limit))


def instance_decisions(instance_id: str) -> ResponseReturnValue:
    """Every evaluation of the instance, with the rules that matched."""
    return respond({"items": runtime().instances.decisions(actor(), instance_id), "next": None})


def set_variables(instance_id: str) -> ResponseReturnValue:
    """Set variables; the audit log keeps old and new values."""
    sent = read(SetVariables)
    runtime().instances.set_variables(actor(), instance_id, sent.variables, sent.scope_id)
    return "", 204


def cancel_instance(instance_id: str) -> ResponseReturnValue:
    """End the instance and everything that it called: 204, or 202 where its listeners are called first."""
    is_over = runtime().instances.cancel(actor(), instance_id, read(Reason).reason)
    return "", 204 if is_over else 202


def instance_evidence(instance_id: str) -> ResponseReturnValue:
    """The evidence pack: the five stages, the approvals, the proof."""
    return respond(runtime().evidence.pack(actor(), instance_id))


def evidence_lines(instance_id: str) -> ResponseReturnValue:
    """One JSON line per action, for a warehouse."""
    text = "".join(f"{line}\n" for line in runtime().evidence.lines(actor(), instance_id))
    return Response(text, content_type="application/jsonl; charset=utf-8")
