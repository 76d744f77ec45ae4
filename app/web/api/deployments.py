"""Deployments: check models, and take them into service."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import Forbidden, Severity
from app.runtime import Permission
from app.runtime.models.examining import analyse_tables
from app.web.api.bodies import Files, read
from app.web.frame.current import actor, runtime
from app.web.frame.representing import respond


def register(api: Blueprint) -> None:
    api.post("/deployments/check")(check_models)
    api.post("/deployments")(deploy_models)
    api.get("/deployments")(list_deployments)


def check_models() -> ResponseReturnValue:
    """Every problem of these files, at once, and the analysis of their decision tables; nothing is changed."""
    _need(Permission.MODELS_EDIT, Permission.MODELS_DEPLOY)
    files = read(Files).contents()
    found = runtime().deployments.check(files)
    tables = [{"file": file, **table.to_json()} for file, table in analyse_tables(files)]
    sound = all(one.severity is not Severity.ERROR for one in found)
    return respond({"ok": sound, "diagnostics": found, "tables": tables})


def deploy_models() -> ResponseReturnValue:
    """Take these files into service, all or none. 422 with every diagnostic when one does not fit."""
    sent = read(Files)
    return respond(runtime().deployments.deploy(actor(), sent.contents(), sent.note), 201)


def list_deployments() -> ResponseReturnValue:
    """The newest deployments."""
    _need(Permission.MODELS_SEE)
    return respond({"items": runtime().deployments.list(), "next": None})


def _need(*one_of: Permission) -> None:
    if not any(actor().may(permission) for permission in one_of):
        raise Forbidden(f"Expected the right {' or '.join(one_of)}. Ask an administrator for it.")
