"""Personal data and secrets stay out of evidence."""

from decimal import Decimal

from app.roles import redact

CASE = {
    "message": "call me: 0123",
    "customer": {"email": "a@b.example", "tier": "pro", "history": [{"Message": "older"}]},
    "email": "office@acme.example",
    "amount": Decimal(35),
    "API-Key": "s3cret",
    "iban": None,
}


def test_fields_are_replaced_at_any_depth() -> None:
    """A name reaches every depth, a dotted name only there; case and hyphens do not matter; null stays null."""
    assert redact(CASE, ["message", "customer.email", "api_key", "iban"]) == {
        "message": "[redacted]",
        "customer": {"email": "[redacted]", "tier": "pro", "history": [{"Message": "[redacted]"}]},
        "email": "office@acme.example",
        "amount": Decimal(35),
        "API-Key": "[redacted]",
        "iban": None,
    }


def test_the_original_is_not_touched() -> None:
    """Redaction makes a copy."""
    redact(CASE, ["message"])
    assert CASE["message"] == "call me: 0123"
