"""The help desk: tickets and the drafts of answers to them."""

import sqlite3

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.database import new_number, now, reading, record_effect, writing

helpdesk = Blueprint("helpdesk", __name__, url_prefix="/helpdesk")


@helpdesk.get("/tickets/<number>")
def get_ticket(number: str) -> Response:
    with reading() as connection:
        ticket = connection.execute("SELECT * FROM ticket WHERE id = ?", (number,)).fetchone()
        if ticket is None:
            abort(404, f"no ticket {number}")
        drafts = connection.execute("SELECT * FROM draft WHERE ticket_id = ? ORDER BY written_at", (number,)).fetchall()
    return jsonify(
        ticket_id=number,
        customer_id=ticket["customer_id"],
        subject=ticket["subject"],
        drafts=[_shown(draft) for draft in drafts],
    )


@helpdesk.post("/tickets/<number>/drafts")
def write_draft(number: str) -> tuple[Response, int]:
    """Put a draft beside a ticket: subject, body. An unknown ticket is opened, because demonstrations invent some."""
    key = request.headers.get("Idempotency-Key")
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not body.get("subject") or not body.get("body"):
        abort(400, "expected subject and body")
    with writing() as connection:
        first = connection.execute("SELECT * FROM draft WHERE idempotency_key = ?", (key,)).fetchone()
        if first is not None:
            return jsonify(_shown(first)), 200
        connection.execute("INSERT OR IGNORE INTO ticket VALUES (?, NULL, ?)", (number, str(body["subject"])))
        draft = new_number("D")
        connection.execute(
            "INSERT INTO draft VALUES (?, ?, ?, ?, ?, ?)",
            (draft, number, str(body["subject"]), str(body["body"]), now(), key),
        )
        record_effect(connection, "helpdesk", "write-draft", draft, key, ticket_id=number)
        written = connection.execute("SELECT * FROM draft WHERE id = ?", (draft,)).fetchone()
    return jsonify(_shown(written)), 201


@helpdesk.get("/drafts")
def find_drafts() -> Response:
    """Drafts by ``?key=`` (the Idempotency-Key they were written with)."""
    with reading() as connection:
        rows = connection.execute(
            "SELECT * FROM draft WHERE idempotency_key = ?", (request.args.get("key"),)
        ).fetchall()
    return jsonify(drafts=[_shown(row) for row in rows])


def _shown(draft: sqlite3.Row) -> dict[str, str]:
    return {
        "draft_id": draft["id"],
        "ticket_id": draft["ticket_id"],
        "subject": draft["subject"],
        "body": draft["body"],
        "written_at": draft["written_at"],
    }
