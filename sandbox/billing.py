"""Billing: charges and refunds. A refund is booked once per Idempotency-Key, and can be cancelled."""

import sqlite3
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.database import money, new_number, now, reading, record_effect, writing

billing = Blueprint("billing", __name__, url_prefix="/billing")


@billing.get("/charges/<number>")
def get_charge(number: str) -> Response:
    with reading() as connection:
        charge = _charge(connection, number)
        account = connection.execute(
            "SELECT tier FROM account WHERE customer_id = ?", (charge["customer_id"],)
        ).fetchone()
        refunded = _refunded(connection, number)
    return jsonify(
        charge_id=number,
        customer_id=charge["customer_id"],
        customer_tier=account["tier"],
        amount=money(charge["cents"]),
        refunded=money(refunded),
        currency=charge["currency"],
        item=charge["item"],
        charged_on=(datetime.now(UTC).date() - timedelta(days=charge["days_ago"])).isoformat(),
        age_days=charge["days_ago"],
    )


@billing.post("/refunds")
def book_refund() -> tuple[Response, int]:
    """Book a refund: charge_id, amount, currency, reason. A repeated key answers with the refund that it booked."""
    key = request.headers.get("Idempotency-Key")
    charge_id, cents, currency, reason = _asked_for()
    with writing() as connection:
        if key and (first := _by_key(connection, key)) is not None:
            if (first["charge_id"], first["cents"]) != (charge_id, cents):
                abort(422, "this Idempotency-Key was used for another refund")
            return jsonify(_shown(first)), 200
        charge = _charge(connection, charge_id)
        if charge["currency"] != currency:
            abort(409, f"the charge is in {charge['currency']}")
        left = charge["cents"] - _refunded(connection, charge_id)
        if cents > left:
            abort(409, f"only {money(left)} {currency} are left of {charge_id}")
        number = new_number("RF")
        connection.execute(
            "INSERT INTO refund VALUES (?, ?, ?, ?, ?, 'booked', ?, ?)",
            (number, charge_id, cents, currency, reason, now(), key),
        )
        record_effect(connection, "billing", "book-refund", number, key, charge_id=charge_id, amount=money(cents))
        booked = _by_number(connection, number)
    return jsonify(_shown(booked)), 201


@billing.get("/refunds")
def find_refunds() -> Response:
    """Refunds by ``?key=`` (the Idempotency-Key they were booked with) or ``?charge_id=``."""
    key, charge_id = request.args.get("key"), request.args.get("charge_id")
    with reading() as connection:
        rows = connection.execute(
            "SELECT * FROM refund WHERE idempotency_key = ? OR charge_id = ? ORDER BY booked_at, id", (key, charge_id)
        ).fetchall()
    return jsonify(refunds=[_shown(row) for row in rows])


@billing.get("/refunds/<number>")
def get_refund(number: str) -> Response:
    with reading() as connection:
        return jsonify(_shown(_by_number(connection, number)))


@billing.post("/refunds/<number>/cancel")
def cancel_refund(number: str) -> Response:
    """Cancel a refund; cancelling it again changes nothing."""
    with writing() as connection:
        refund = _by_number(connection, number)
        if refund["state"] == "booked":
            connection.execute("UPDATE refund SET state = 'cancelled' WHERE id = ?", (number,))
            key = request.headers.get("Idempotency-Key")
            record_effect(connection, "billing", "cancel-refund", number, key, amount=money(refund["cents"]))
        return jsonify(_shown(_by_number(connection, number)))


def _asked_for() -> tuple[str, int, str, str]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(400, "expected a JSON object")
    try:
        cents = Decimal(str(body["amount"])) * 100
        charge_id, currency = str(body["charge_id"]), str(body["currency"])
    except (KeyError, InvalidOperation):
        abort(400, "expected charge_id, amount and currency")
    if not cents.is_finite() or cents <= 0 or cents != cents.to_integral_value():
        abort(400, "expected an amount above 0 with at most two decimals")
    return charge_id, int(cents), currency, str(body.get("reason", ""))


def _charge(connection: sqlite3.Connection, number: str) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM charge WHERE id = ?", (number,)).fetchone()
    if row is None:
        abort(404, f"no charge {number}")
    return row


def _refunded(connection: sqlite3.Connection, charge_id: str) -> int:
    statement = "SELECT coalesce(sum(cents), 0) FROM refund WHERE charge_id = ? AND state = 'booked'"
    return int(connection.execute(statement, (charge_id,)).fetchone()[0])


def _by_key(connection: sqlite3.Connection, key: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM refund WHERE idempotency_key = ?", (key,)).fetchone()
    return row


def _by_number(connection: sqlite3.Connection, number: str) -> sqlite3.Row:
    row: sqlite3.Row | None = connection.execute("SELECT * FROM refund WHERE id = ?", (number,)).fetchone()
    if row is None:
        abort(404, f"no refund {number}")
    return row


def _shown(refund: sqlite3.Row) -> dict[str, str]:
    return {
        "refund_id": refund["id"],
        "charge_id": refund["charge_id"],
        "amount": money(refund["cents"]),
        "currency": refund["currency"],
        "reason": refund["reason"],
        "state": refund["state"],
        "booked_at": refund["booked_at"],
    }
