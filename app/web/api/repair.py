"""Repairing and suspending instances, one by one and in bulk; kill switches; the history as a whole."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.errors import Invalid
from app.runtime.views import (
    Activation,
    BulkOperation,
    CancelAll,
    ExportFormat,
    InstanceFilter,
    MigrateAll,
    MoveAll,
    RetryAll,
    SetVariablesOfAll,
    SwitchScope,
)
from app.web.api.bodies import BulkCommand, Migrate, Modify, Move, Purge, Reason, Restart, Switch, read
from app.web.frame.current import actor, runtime
from app.web.frame.filters import instance_filter
from app.web.frame.representing import respond


def register(api: Blueprint) -> None:
    api.get("/instances/<instance_id>/elements")(live_elements)
    api.post("/instances/<instance_id>/modify")(modify_instance)
    api.post("/instances/<instance_id>/move")(move_tokens)
    api.post("/instances/<instance_id>/restart")(restart_instance)
    api.post("/instances/<instance_id>/migrate")(migrate_instance)
    api.post("/instances/<instance_id>/suspend")(suspend_instance)
    api.post("/instances/<instance_id>/resume")(resume_instance)
    api.post("/instances/bulk")(change_instances)
    api.post("/switches")(throw_switch)
    api.delete("/switches/<switch_id>")(clear_switch)
    api.get("/history")(export_history)
    api.post("/history/purge")(purge_history)


def live_elements(instance_id: str) -> ResponseReturnValue:
    """Where the tokens are: element instances, outer before inner."""
    return respond({"items": runtime().modifying.live(actor(), instance_id), "next": None})


def modify_instance(instance_id: str) -> ResponseReturnValue:
    """Activate elements and cancel element instances, all or nothing."""
    sent = read(Modify)
    wanted = [Activation(each.element_id, each.variables, each.scope_id) for each in sent.activate]
    runtime().modifying.modify(actor(), instance_id, wanted, sent.cancel, sent.reason)
    return "", 204


def move_tokens(instance_id: str) -> ResponseReturnValue:
    """Move every token that is at one element to another."""
    sent = read(Move)
    moved = runtime().modifying.move(actor(), instance_id, sent.source, sent.target, sent.reason)
    return respond({"moved": moved})


def restart_instance(instance_id: str) -> ResponseReturnValue:
    """Begin an ended instance again at an element, as a new instance with its variables."""
    sent = read(Restart)
    started = runtime().modifying.restart(actor(), instance_id, sent.element_id, sent.variables)
    return respond({"id": started}, 201)


def migrate_instance(instance_id: str) -> ResponseReturnValue:
    """Move the instance to another version; with `dry_run` only the report is made."""
    sent = read(Migrate)
    report = runtime().migrating.migrate(actor(), instance_id, sent.version, sent.mapping, dry_run=sent.dry_run)
    return respond(report)


def suspend_instance(instance_id: str) -> ResponseReturnValue:
    """Hold jobs, timers and messages of the instance, by a kill switch on it."""
    return respond({"id": runtime().switches.set(actor(), SwitchScope.INSTANCE, instance_id, read(Reason).reason)})


def resume_instance(instance_id: str) -> ResponseReturnValue:
    """Clear the kill switch on the instance; what it held goes on."""
    runtime().switches.lift(actor(), SwitchScope.INSTANCE, instance_id)
    return "", 204


def change_instances() -> ResponseReturnValue:
    """Cancel, repair or migrate one batch of the running instances that fit a filter."""
    sent = read(BulkCommand)
    wanted = InstanceFilter(**sent.filter.model_dump())
    report = runtime().bulk.run(actor(), _operation(sent), wanted, sent.after, sent.limit, dry_run=sent.dry_run)
    return respond(report)


def throw_switch() -> ResponseReturnValue:
    """Set a kill switch: what it stops is held, and nothing is lost."""
    sent = read(Switch)
    return respond({"id": runtime().switches.set(actor(), sent.scope, sent.key, sent.reason)}, 201)


def clear_switch(switch_id: str) -> ResponseReturnValue:
    """Clear a kill switch; what it held goes on."""
    runtime().switches.clear(actor(), switch_id)
    return "", 204


def export_history() -> ResponseReturnValue:
    """The history of the instances that fit a filter, as XES (``format=xes``) or OCEL 2.0 (``format=ocel``)."""
    kind = request.args.get("format", ExportFormat.XES.value)
    if kind not in set(ExportFormat):
        raise Invalid({"format": f"expected one of {', '.join(ExportFormat)}"})
    pieces = runtime().history.export(actor(), ExportFormat(kind), instance_filter())
    return Response(pieces, content_type="application/xml" if kind == ExportFormat.XES else "application/json")


def purge_history() -> ResponseReturnValue:
    """Delete one batch of the timeline of instances that ended before a moment; evidence and audit log stay."""
    sent = read(Purge)
    return respond(runtime().history.purge(actor(), sent.before, sent.after, sent.limit))


def _operation(sent: BulkCommand) -> BulkOperation:
    named: list[BulkOperation] = []
    if sent.cancel is not None:
        named.append(CancelAll(sent.cancel.reason))
    if sent.set_variables is not None:
        named.append(SetVariablesOfAll(sent.set_variables.variables))
    if sent.retry:
        named.append(RetryAll())
    if sent.move is not None:
        named.append(MoveAll(sent.move.source, sent.move.target, sent.move.reason))
    if sent.migrate is not None:
        named.append(MigrateAll(sent.migrate.version, sent.migrate.mapping))
    if len(named) != 1:
        raise Invalid({"$": "expected one of cancel, set_variables, retry, move, migrate"})
    return named[0]
