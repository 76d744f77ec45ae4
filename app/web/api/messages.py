"""Messages and signals from programs that hold a right, rather than a hook's signature."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.web.api.bodies import Message, Signal, read
from app.web.current import actor, runtime
from app.web.representing import respond


def register(api: Blueprint) -> None:
    api.post("/messages")(publish_message)
    api.post("/signals")(throw_signal)


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
