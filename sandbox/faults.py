"""How the company's systems misbehave when told to: per system, for a number of requests or until switched off."""

import sqlite3
import time
from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sandbox.database import reading, writing

SYSTEMS = ("crm", "billing", "helpdesk", "mail")
LONGEST_PAUSE_SECONDS = 120
READ_METHODS = ("GET", "HEAD", "OPTIONS")
LOST_LENGTH = 4096  # what the cut answer promised: the client notices that the rest never came

faults = Blueprint("faults", __name__, url_prefix="/faults")


class FaultKind(StrEnum):
    SLOW = "slow"  # answers after `seconds`
    UNAVAILABLE = "unavailable"  # 503, and nothing was done
    LOST_ANSWER = "lost-answer"  # it was done and committed, and the connection breaks before the answer has come
    WRONG_ANSWER = "wrong-answer"  # it was done; the answer names another amount, or has none of its fields


class Touches(StrEnum):
    """Which requests a fault touches."""

    ALL = "all"
    READS = "reads"
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    seconds: float


@faults.get("")
def list_faults() -> Response:
    """The faults that are switched on."""
    with reading() as connection:
        return jsonify([dict(row) for row in connection.execute("SELECT * FROM fault ORDER BY id")])


@faults.post("")
def switch_on() -> tuple[Response, int] | AnyResponse:
    """Switch a fault on: system, kind, count (none: until it is switched off), seconds (slow), touches."""
    wanted = request.get_json(silent=True) or request.form.to_dict()
    try:
        kind = FaultKind(wanted["kind"])
        default = Touches.WRITES if kind is FaultKind.LOST_ANSWER else Touches.ALL
        touches = Touches(wanted.get("touches") or default)
        count = int(wanted["count"]) if wanted.get("count") else None
        seconds = float(wanted.get("seconds") or 3)
    except (KeyError, ValueError, TypeError):
        abort(400, "Expected system, kind (slow, unavailable, lost-answer, wrong-answer), and count or nothing.")
    if wanted.get("system") not in SYSTEMS or not 0 <= seconds <= LONGEST_PAUSE_SECONDS or (count or 1) < 1:
        abort(400, f"Expected a system of {', '.join(SYSTEMS)}, a count above 0 and at most {LONGEST_PAUSE_SECONDS} s.")
    with writing() as connection:
        connection.execute(
            "INSERT INTO fault (system, kind, touches, remaining, seconds) VALUES (?, ?, ?, ?, ?)",
            (wanted["system"], kind, touches, count, seconds),
        )
    return redirect(url_for("page.company")) if request.form else (jsonify(switched_on=kind), 201)


@faults.delete("")
def switch_off() -> tuple[str, int]:
    """Switch all faults off, or those of ``?system=``."""
    _clear(request.args.get("system"))
    return "", 204


@faults.post("/off")
def switch_off_by_form() -> AnyResponse:
    """The same for the page, whose forms know no DELETE."""
    _clear(None)
    return redirect(url_for("page.company"))


def _clear(system: str | None) -> None:
    with writing() as connection:
        connection.execute("DELETE FROM fault WHERE ? IS NULL OR system = ?", (system, system))


def take_fault(system: str, method: str) -> Fault | None:
    """The oldest fault that touches this request; its count goes down by one."""
    touched = Touches.READS if method in READ_METHODS else Touches.WRITES
    with reading() as connection:  # most requests meet no fault, and need not queue up to write
        if _oldest(connection, system, touched) is None:
            return None
    with writing() as connection:
        row = _oldest(connection, system, touched)
        if row is None:
            return None
        if row["remaining"] is not None:
            connection.execute("UPDATE fault SET remaining = remaining - 1 WHERE id = ?", (row["id"],))
            connection.execute("DELETE FROM fault WHERE remaining <= 0")
    return Fault(FaultKind(row["kind"]), row["seconds"])


def _oldest(connection: sqlite3.Connection, system: str, touched: Touches) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM fault WHERE system = ? AND touches IN (?, 'all') ORDER BY id LIMIT 1", (system, touched)
    ).fetchone()
    return row


def before_answering(fault: Fault) -> Response | None:
    """What a fault does before anything has been done."""
    if fault.kind is FaultKind.SLOW:
        time.sleep(fault.seconds)
    if fault.kind is FaultKind.UNAVAILABLE:
        return Response('{"error": "down for maintenance"}', 503, {"Retry-After": "1"}, mimetype="application/json")
    return None


def after_answering(fault: Fault, response: Response) -> Response:
    """What a fault makes of the answer, once everything has been committed."""
    if fault.kind is FaultKind.LOST_ANSWER:
        lost = Response(iter([b"{"]), response.status_code, mimetype="application/json")
        lost.content_length = LOST_LENGTH
        return lost
    if fault.kind is FaultKind.WRONG_ANSWER and response.is_json:
        answer = response.get_json()
        right = answer if isinstance(answer, dict) else {}
        wrong = {**right, "amount": f"{float(right['amount']) * 2:.2f}"} if "amount" in right else {}
        return jsonify(wrong)
    return response
