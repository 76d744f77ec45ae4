"""Deployments: check models, and take them into service."""

from collections.abc import Mapping

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.errors import Forbidden, Severity
from app.runtime import Permission
from app.runtime.models import analyse_tables
from app.web.api.bodies import Files, Reason, read
from app.web.frame.current import actor, runtime
from app.web.frame.large import large_work
from app.web.frame.representing import respond


def register(api: Blueprint) -> None:
    api.post("/deployments/check")(check_models)
    api.post("/deployments")(deploy_models)
    api.get("/deployments")(list_deployments)
    api.get("/proposals")(list_proposals)
    api.post("/proposals/<proposal_id>/accept")(accept_proposal)
    api.post("/proposals/<proposal_id>/send-back")(send_back_proposal)
    api.post("/proposals/<proposal_id>/withdraw")(withdraw_proposal)


def check_models() -> ResponseReturnValue:
    """Every problem of these files, at once, and the analysis of their decision tables; nothing is changed."""
    _need(Permission.MODELS_EDIT, Permission.MODELS_DEPLOY)
    files = read(Files).contents()
    with large_work(_size(files)):
        found = runtime().deployments.check(files)
        tables = [{"file": file, **table.to_json()} for file, table in analyse_tables(files)]
    sound = all(one.severity is not Severity.ERROR for one in found)
    return respond({"ok": sound, "diagnostics": found, "tables": tables})


def deploy_models() -> ResponseReturnValue:
    """Take these files into service, all or none. 422 with every diagnostic when one does not fit.

    202 with `proposal`: they change what anybody may do, and wait for somebody else than their author.
    """
    sent = read(Files)
    files = sent.contents()
    with large_work(_size(files)):
        done = runtime().deployments.deploy(actor(), files, sent.note)
    return respond(done, 201 if done.proposal is None else 202)


def list_deployments() -> ResponseReturnValue:
    """The newest deployments."""
    _need(Permission.MODELS_SEE)
    return respond({"items": runtime().deployments.list(), "next": None})


def list_proposals() -> ResponseReturnValue:
    """What would change what anybody may do: those that wait first, then the newest."""
    return respond({"items": runtime().proposals.list(actor()), "next": None})


def accept_proposal(proposal_id: str) -> ResponseReturnValue:
    """Let a proposal of somebody else take effect."""
    return respond(runtime().proposals.accept(actor(), proposal_id))


def send_back_proposal(proposal_id: str) -> ResponseReturnValue:
    """Send a proposal of somebody else back, with a comment."""
    runtime().proposals.send_back(actor(), proposal_id, read(Reason).reason)
    return respond(None, 204)


def withdraw_proposal(proposal_id: str) -> ResponseReturnValue:
    """Take one's own proposal back."""
    runtime().proposals.withdraw(actor(), proposal_id, read(Reason).reason)
    return respond(None, 204)


def _size(files: Mapping[str, bytes]) -> int:
    return sum(len(content) for content in files.values())


def _need(*one_of: Permission) -> None:
    if not any(actor().may(permission) for permission in one_of):
        raise Forbidden(f"Expected the right {' or '.join(one_of)}. Ask an administrator for it.")
