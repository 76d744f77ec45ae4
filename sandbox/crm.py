"""The CRM: who the customers are, and of which tier."""

from flask import Blueprint, Response, abort, jsonify

from sandbox.database import reading

crm = Blueprint("crm", __name__, url_prefix="/crm")


@crm.get("/customers/<number>")
def get_customer(number: str) -> Response:
    with reading() as connection:
        row = connection.execute("SELECT * FROM customer WHERE id = ?", (number,)).fetchone()
    if row is None:
        abort(404, f"no customer {number}")
    return jsonify(
        customer_id=row["id"],
        name=row["name"],
        email=row["email"],
        tier=row["tier"],
        refunds_last_year=row["refunds_last_year"],
    )
