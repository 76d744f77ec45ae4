"""What people see of the company: one page with what its systems hold; and, for tests, the ledger of effects."""

import json

from flask import Blueprint, Response, jsonify, render_template, request

from sandbox.database import money, reading
from sandbox.faults import SYSTEMS, FaultKind

page = Blueprint("page", __name__)

ROWS_SHOWN = 50


@page.get("/")
def company() -> str:
    with reading() as connection:
        shown = {
            name: connection.execute(statement, (ROWS_SHOWN,)).fetchall()
            for name, statement in {
                "customers": "SELECT customer.*, account.tier AS billed_tier FROM customer"
                " LEFT JOIN account ON account.customer_id = customer.id ORDER BY id LIMIT ?",
                "charges": "SELECT * FROM charge ORDER BY id LIMIT ?",
                "refunds": "SELECT * FROM refund ORDER BY booked_at DESC, id LIMIT ?",
                "drafts": "SELECT * FROM draft ORDER BY written_at DESC, id LIMIT ?",
                "messages": "SELECT * FROM message ORDER BY sent_at DESC, id LIMIT ?",
                "faults": "SELECT * FROM fault ORDER BY id LIMIT ?",
            }.items()
        }
    return render_template("company.html", systems=SYSTEMS, kinds=list(FaultKind), money=money, **shown)


@page.get("/effects")
def effects() -> Response:
    """Every change of the outside world, in order; of one system with ``?system=``, of one key with ``?key=``."""
    system, key = request.args.get("system"), request.args.get("key")
    with reading() as connection:
        rows = connection.execute(
            "SELECT * FROM effect WHERE (? IS NULL OR system = ?) AND (? IS NULL OR idempotency_key = ?)"
            " ORDER BY position",
            (system, system, key, key),
        ).fetchall()
    return jsonify(effects=[{**dict(row), "detail": json.loads(row["detail"])} for row in rows])


@page.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")
