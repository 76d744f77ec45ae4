"""Outgoing mail: what is accepted here has been sent. Nothing really leaves the sandbox."""

import sqlite3

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.database import new_number, now, reading, record_effect, writing

mail = Blueprint("mail", __name__, url_prefix="/mail")


@mail.post("/messages")
def send_message() -> tuple[Response, int]:
    """Send a message: ticket_id, to, subject, body. A repeated key answers with the message that it sent."""
    key = request.headers.get("Idempotency-Key")
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(body.get(name) for name in ("ticket_id", "to", "subject", "body")):
        abort(400, "expected ticket_id, to, subject and body")
    with writing() as connection:
        first = connection.execute("SELECT * FROM message WHERE idempotency_key = ?", (key,)).fetchone()
        if first is not None:
            return jsonify(_shown(first)), 200
        number = new_number("M")
        connection.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, *(str(body[name]) for name in ("ticket_id", "to", "subject", "body")), now(), key),
        )
        record_effect(connection, "mail", "send-message", number, key, ticket_id=str(body["ticket_id"]))
        sent = connection.execute("SELECT * FROM message WHERE id = ?", (number,)).fetchone()
    return jsonify(_shown(sent)), 201


@mail.get("/messages")
def find_messages() -> Response:
    """Messages by ``?key=`` (the Idempotency-Key they were sent with) or ``?ticket_id=``."""
    key, ticket_id = request.args.get("key"), request.args.get("ticket_id")
    with reading() as connection:
        rows = connection.execute(
            "SELECT * FROM message WHERE idempotency_key = ? OR ticket_id = ? ORDER BY sent_at, id", (key, ticket_id)
        ).fetchall()
    return jsonify(messages=[_shown(row) for row in rows])


def _shown(message: sqlite3.Row) -> dict[str, str]:
    return {
        "message_id": message["id"],
        "ticket_id": message["ticket_id"],
        "to": message["recipient"],
        "subject": message["subject"],
        "body": message["body"],
        "sent_at": message["sent_at"],
    }
