"""The company as one Flask application."""

from pathlib import Path

from flask import Flask, Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException

from sandbox.billing import billing
from sandbox.crm import crm
from sandbox.database import SCHEMA, connect
from sandbox.faults import SYSTEMS, after_answering, before_answering, faults, take_fault
from sandbox.helpdesk import helpdesk
from sandbox.mail import mail
from sandbox.page import page
from sandbox.seed import sow


def create_company(database: Path) -> Flask:
    """The company whose data are in the file `database`, which is made and filled if there is none."""
    _prepare(database)
    app = Flask(__name__)
    app.config["COMPANY_DATABASE"] = database
    for blueprint in (crm, billing, helpdesk, mail, faults, page):
        app.register_blueprint(blueprint)
    app.before_request(_from_this_page_only)
    app.before_request(_misbehave_before)
    app.after_request(_misbehave_after)
    app.register_error_handler(HTTPException, _problem)
    return app


def _prepare(database: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    connection = connect(database)
    try:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in filter(str.strip, SCHEMA.split(";")):
                connection.execute(statement)
            sow(connection)
        connection.execute("COMMIT")
    finally:
        connection.close()


def _from_this_page_only() -> None:
    """No foreign web page may book refunds or switch faults through somebody's browser."""
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        abort(403, "requests from other pages are not accepted")


def _misbehave_before() -> Response | None:
    g.fault = take_fault(request.blueprint, request.method) if request.blueprint in SYSTEMS else None
    return None if g.fault is None else before_answering(g.fault)


def _misbehave_after(response: Response) -> Response:
    fault = g.get("fault")
    return response if fault is None or response.status_code >= 400 else after_answering(fault, response)


def _problem(error: HTTPException) -> tuple[Response, int]:
    return jsonify(error=error.description), error.code or 500
