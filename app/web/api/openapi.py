"""The API's description in OpenAPI 3.1, made of the endpoints themselves: addresses, docstrings, bodies, views."""

import re
from collections.abc import Mapping

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from werkzeug.routing import Rule

from app.runtime import InboxList
from app.runtime.views import (
    AnchorView,
    AuditVerdict,
    BulkReport,
    DecisionView,
    DeploymentView,
    DueKind,
    ExportFormat,
    HistoryEntry,
    InboxItem,
    InboxTask,
    IncidentState,
    IncidentView,
    InstanceDetail,
    InstanceStatus,
    InstanceView,
    JobState,
    JobView,
    LiveView,
    MigrationReport,
    ModelView,
    ProposalView,
    PurgeReport,
    SetbackView,
    StartedView,
    StartOccurrenceView,
)
from app.web.api import bodies
from app.web.api.doorway import CONDITIONAL, KEY_HEADER, LONGEST_KEY, MATCH_HEADER, SAFE
from app.web.frame.filters import LARGEST_VERSION
from app.web.frame.paging import Cursor
from app.web.frame.representing import LARGEST_PAGE, USUAL_PAGE, respond

KEY = "The same key and body again get the first answer; another body is refused (409). Kept for a week."
MATCH = "The `ETag` of the task or instance as it was looked at. If it has changed since, nothing is done (412)."
BODIES: Mapping[str, type[bodies.Body]] = {
    "open_session": bodies.Credentials,
    "start_instance": bodies.StartInstance,
    "start_instances": bodies.StartInstances,
    "set_variables": bodies.SetVariables,
    "cancel_instance": bodies.Reason,
    "assign_task": bodies.Person,
    "update_task": bodies.TaskChanges,
    "repair_task": bodies.Completion,
    "complete_task": bodies.Completion,
    "approve_task": bodies.Reason,
    "reject_task": bodies.Reason,
    "comment_task": bodies.Comment,
    "publish_message": bodies.Message,
    "throw_signal": bodies.Signal,
    "evaluate_conditions": bodies.Conditions,
    "forget_start_occurrence": bodies.Reason,
    "evaluate_decision": bodies.Inputs,
    "check_models": bodies.Files,
    "deploy_models": bodies.Files,
    "send_back_proposal": bodies.Reason,
    "withdraw_proposal": bodies.Reason,
    "undo_job": bodies.Reason,
    "modify_instance": bodies.Modify,
    "move_tokens": bodies.Move,
    "restart_instance": bodies.Restart,
    "migrate_instance": bodies.Migrate,
    "change_instances": bodies.BulkCommand,
    "suspend_instance": bodies.Reason,
    "throw_switch": bodies.Switch,
    "purge_history": bodies.Purge,
}
ANSWERS: Mapping[str, type] = {
    "get_instance": InstanceDetail,
    "get_task": InboxTask,
    "get_job": JobView,
    "deploy_models": DeploymentView,
    "accept_proposal": DeploymentView,
    "verify_audit": AuditVerdict,
    "migrate_instance": MigrationReport,
    "change_instances": BulkReport,
    "purge_history": PurgeReport,
}
PAGES: Mapping[str, type] = {
    "list_processes": ModelView,
    "get_process": ModelView,
    "list_decisions": ModelView,
    "list_deployments": DeploymentView,
    "list_proposals": ProposalView,
    "list_instances": InstanceView,
    "instance_history": HistoryEntry,
    "instance_decisions": DecisionView,
    "list_tasks": InboxItem,
    "list_incidents": IncidentView,
    "list_jobs": JobView,
    "list_setbacks": SetbackView,
    "list_anchors": AnchorView,
    "live_elements": LiveView,
    "evaluate_conditions": StartedView,
    "list_start_occurrences": StartOccurrenceView,
}
QUERIES: Mapping[str, tuple[str, ...]] = {
    "list_instances": ("process_id", "version", "status", "business_key", "with_incidents", "parent_id", "trace_id"),
    "list_tasks": ("view", "q"),
    "list_incidents": ("state", "instance_id"),
    "list_jobs": ("state", "type", "instance_id"),
    "list_start_occurrences": ("process_id",),
    "verify_audit": ("new",),
    "export_history": ("format", "process_id", "version", "status", "business_key", "with_incidents"),
}
PAGED = frozenset(
    {
        "list_instances",
        "list_tasks",
        "list_incidents",
        "list_jobs",
        "list_setbacks",
        "list_anchors",
        "list_start_occurrences",
        "instance_history",
    }
)
CREATED = frozenset(
    {"open_session", "start_instance", "start_instances", "deploy_models", "restart_instance", "throw_switch"}
)
ACCEPTED = frozenset({"publish_message", "throw_signal", "undo_job"})
SILENT_REPAIRS = frozenset(
    {
        "modify_instance",
        "send_back_proposal",
        "withdraw_proposal",
        "resume_instance",
        "clear_switch",
        "forget_start_occurrence",
    }
)
CHECKED = frozenset({"claim_task", "release_task", "assign_task", "update_task", "complete_task", "cancel_instance"})
PROBLEMS = {
    "400": "It cannot be read: a character that cannot be stored, or a browser without its CSRF token",
    "401": "Nobody is signed in",
    "403": "A right is missing",
    "404": "There is no such thing",
    "409": "It does not fit the present state",
    "413": "The body is larger than 16 MB",
    "422": "Something sent does not fit; `problems` says what",
    "429": "Too many wrong sign-ins; try again in a minute",
    "503": "The database cannot be had, or large models are being read already; see `Retry-After`",
}
TEXT: dict[str, object] = {"type": "string"}
VERSIONS: dict[str, object] = {"type": "integer", "minimum": 1, "maximum": LARGEST_VERSION}
KEY_SCHEMA: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
PATHS: Mapping[str, dict[str, object]] = {"version": VERSIONS, "kind": {"type": "string", "enum": list(DueKind)}}
QUERY_SCHEMAS: Mapping[str | tuple[str, str], dict[str, object]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": USUAL_PAGE},
    "version": VERSIONS,
    "status": {"type": "string", "enum": list(InstanceStatus)},
    "view": {"type": "string", "enum": list(InboxList), "default": InboxList.AVAILABLE},
    "format": {"type": "string", "enum": list(ExportFormat), "default": ExportFormat.XES},
    "with_incidents": {"type": "string", "description": "Anything: only those with open incidents"},
    ("list_incidents", "state"): {"type": "string", "enum": [*IncidentState, "all"], "default": IncidentState.OPEN},
    ("list_jobs", "state"): {"type": "string", "enum": list(JobState)},
}
CURSORS: Mapping[str, Cursor] = {
    "list_tasks": Cursor.RANKED,
    "list_setbacks": Cursor.NAMED,
    "instance_history": Cursor.POSITION,
}
STALE = {"412": "It is no longer as `If-Match` says; nothing was done"}
VERSION = "1.0"
REFERENCE = "#/components/schemas/{model}"


def register(api: Blueprint) -> None:
    api.get("/openapi.json")(describe)


def describe() -> ResponseReturnValue:
    """This description."""
    schemas: dict[str, object] = {"Problem": PROBLEM_SCHEMA}
    paths: dict[str, dict[str, object]] = {}
    for rule in current_app.url_map.iter_rules():
        if not rule.endpoint.startswith("api."):
            continue
        path = re.sub(r"<(?:[^<>]+:)?(\w+)>", r"{\1}", rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(rule, schemas)
    return respond(
        {
            "openapi": "3.1.0",
            "info": {"title": "Bailiwick", "version": VERSION, "description": "Processes, tasks, decisions, evidence."},
            "servers": [{"url": "/"}],
            "security": [{"token": []}],
            "paths": dict(sorted(paths.items())),
            "components": {
                "schemas": dict(sorted(schemas.items())),
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _operation(rule: Rule, schemas: dict[str, object]) -> dict[str, object]:
    name = rule.endpoint.removeprefix("api.")
    doc = (current_app.view_functions[rule.endpoint].__doc__ or name).strip()
    operation: dict[str, object] = {
        "operationId": name,
        "summary": doc.partition("\n")[0],
        "parameters": _parameters(rule, name),
        "responses": {_status(name): _answer(name, schemas)}
        | ({"202": {"description": "Listeners of the process are asked first"}} if name in CHECKED else {})
        | {
            status: {
                "description": text,
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            for status, text in (PROBLEMS | (STALE if name in CONDITIONAL else {})).items()
            if status != "429" or name == "open_session"
        },
    }
    if name in BODIES:
        schema = _schema(BODIES[name], schemas)
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if name in {"open_session", "describe"}:
        operation["security"] = []
    return operation


def _parameters(rule: Rule, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {"name": argument, "in": "path", "required": True, "schema": PATHS.get(argument, TEXT)}
        for argument in sorted(rule.arguments)
    ]
    queries = QUERIES.get(name, ()) + (("after", "limit") if name in PAGED else ())
    if not rule.methods or not rule.methods & SAFE:
        found.append({"name": KEY_HEADER, "in": "header", "description": KEY, "schema": KEY_SCHEMA})
    if name in CONDITIONAL:
        found.append({"name": MATCH_HEADER, "in": "header", "description": MATCH, "schema": TEXT})
    return found + [{"name": query, "in": "query", "schema": _query(name, query)} for query in queries]


def _query(name: str, query: str) -> dict[str, object]:
    if query == "after":
        return {"type": "string", "pattern": f"^({CURSORS.get(name, Cursor.ID).value.pattern})$"}
    return QUERY_SCHEMAS.get((name, query)) or QUERY_SCHEMAS.get(query, TEXT)


def _status(name: str) -> str:
    if name in CREATED:
        return "201"
    if name in ACCEPTED:
        return "202"
    silent = {"set_variables", "cancel_instance", "retry_incident", "retry_setback", "close_session"}
    silent |= SILENT_REPAIRS
    return "204" if name in silent or (name.endswith("_task") and name != "get_task") else "200"


def _answer(name: str, schemas: dict[str, object]) -> dict[str, object]:
    if name in ANSWERS:
        schema = _schema(ANSWERS[name], schemas)
    elif name in PAGES:
        items = {"type": "array", "items": _schema(PAGES[name], schemas)}
        schema = {"type": "object", "properties": {"items": items, "next": {"type": ["string", "null"]}}}
    else:
        return {"description": "Done"}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def _schema(form: type, schemas: dict[str, object]) -> dict[str, object]:
    """A reference to the schema of `form`, which is added to `schemas` with all that it refers to."""
    found = TypeAdapter(form).json_schema(ref_template=REFERENCE, mode="validation")
    schemas.update(found.pop("$defs", {}))
    if "$ref" not in found:
        schemas[form.__name__] = found
    return {"$ref": REFERENCE.format(model=form.__name__)}


PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "trace_id": {"type": "string"},
        "problems": {"type": "object", "additionalProperties": {"type": "string"}},
        "diagnostics": {"type": "array", "items": {"type": "object"}},
    },
}
