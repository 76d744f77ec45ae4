"""Forms of user tasks, drawn and read back by the server."""

from decimal import Decimal

import pytest

from app.web.inbox.forms import answer, read_form

FORM: dict[str, object] = {
    "components": [
        {"type": "text", "id": "t", "text": "Explanation"},
        {"type": "textfield", "key": "customer.name", "label": "Name", "validate": {"required": True, "minLength": 2}},
        {"type": "number", "key": "amount", "label": "Amount", "validate": {"min": 1, "max": 100}},
        {"type": "checkbox", "key": "urgent", "label": "Urgent"},
        {"type": "radio", "key": "choice", "values": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
        {"type": "textfield", "key": "locked", "readonly": True},
        {"type": "holo-deck", "key": "strange"},
    ]
}


def test_fields_are_filled_from_variables() -> None:
    """A dotted key looks into objects; what the form does not know is empty; unknown components are left out."""
    fields = read_form(FORM, {"customer": {"name": "Marta"}, "amount": Decimal("12.50"), "urgent": True})
    shown = {field.key: field.text for field in fields}
    assert shown == {"t": "", "customer.name": "Marta", "amount": "12.50", "urgent": "true", "choice": "", "locked": ""}


def test_an_answer_becomes_variables() -> None:
    """Numbers are exact, dotted keys nest, read-only fields are not taken from the browser."""
    fields = read_form(FORM, {"locked": "kept"})
    sent = {"customer.name": "Marta", "amount": "12,50", "urgent": "on", "choice": "b", "locked": "forged"}
    variables, answered = answer(fields, sent)
    assert variables == {"customer": {"name": "Marta"}, "amount": Decimal("12.50"), "urgent": True, "choice": "b"}
    assert not any(field.problem for field in answered)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("customer.name", ""),
        ("customer.name", "M"),
        ("amount", "0"),
        ("amount", "101"),
        ("amount", "NaN"),
        ("amount", "ten"),
        ("choice", "c"),
    ],
)
def test_what_does_not_fit_is_marked(name: str, typed: str) -> None:
    """Each rule of the form is checked here, whatever the browser has let through; what was typed is kept."""
    sent = {"customer.name": "Marta", "amount": "5", name: typed}
    variables, answered = answer(read_form(FORM, {}), sent)
    (marked,) = [field for field in answered if field.problem]
    assert (marked.key, marked.text) == (name, typed)
    assert name.partition(".")[0] not in variables


def test_no_form_has_no_fields() -> None:
    """Nothing, and nonsense, are an empty form."""
    assert read_form(None, {}) == ()
    assert read_form({"components": "nonsense"}, {}) == ()
