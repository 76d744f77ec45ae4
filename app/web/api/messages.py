"""Messages, signals and conditions from programs that hold a right, rather than a hook's signature."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.web.api.bodies import Conditions, Message, Reason, Signal, read
from app.web.frame.current import actor, runtime
from app.web.frame.representing import respond, respond_page, window


def register(api: Blueprint) -> None:
    api.post("/messages")(publish_message)
    api.post("/signals")(throw_signal)
    api.post("/conditionals/evaluation")(evaluate_conditions)
    api.get("/start-occurrences")(list_start_occurrences)
    api.post("/start-occurrences/<occurrence_id>/forget")(forget_start_occurrence)


def publish_message() -> ResponseReturnValue:
    """Publish a message, once per message id."""
    sent = read(Message)
    found = runtime().messages.publish(
        actor(),
        sent.name,
        sent.correlation_key,
        sent.variables,
        message_id=sent.message_id,
        time_to_live_seconds=sent.time_to_live_seconds,
    )
    return respond({"id": found}, 202)


def throw_signal() -> ResponseReturnValue:
    """Throw a signal to everything that waits for it."""
    sent = read(Signal)
    return respond({"reached": runtime().messages.broadcast(actor(), sent.name, sent.variables)}, 202)


def evaluate_conditions() -> ResponseReturnValue:
    """Start an instance by every condition of a start event that these variables make true. Lists what was started."""
    sent = read(Conditions)
    started = runtime().conditions.evaluate(actor(), sent.variables, sent.process_id)
    return respond({"items": started, "next": None})


def list_start_occurrences() -> ResponseReturnValue:
    """What has occurred and waits for the other triggers of its start event, newest first. Filter: process_id."""
    after, limit = window()
    process_id = request.args.get("process_id") or None
    return respond_page(runtime().start_occurrences.list(actor(), process_id, after, limit))


def forget_start_occurrence(occurrence_id: str) -> ResponseReturnValue:
    """Let what has occurred start nothing any more."""
    runtime().start_occurrences.forget(actor(), occurrence_id, read(Reason).reason)
    return "", 204
