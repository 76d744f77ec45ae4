"""Forms of user tasks on the page: drawn for whoever runs no script, and read back."""

from datetime import date
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from app.forms import read
from app.web.inbox.forms import TaskForm, number, sent

FORM = read(
    {
        "components": [
            {"type": "text", "id": "t", "text": "Explanation"},
            {
                "type": "textfield",
                "key": "customer.name",
                "label": "Name",
                "validate": {"required": True, "minLength": 2},
            },
            {"type": "number", "key": "amount", "label": "Amount", "validate": {"min": 1, "max": 100}},
            {"type": "checkbox", "key": "urgent", "label": "Urgent"},
            {"type": "radio", "key": "choice", "values": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]},
            {
                "type": "checklist",
                "key": "tags",
                "values": [{"value": 1, "label": "One"}, {"value": 2, "label": "Two"}],
            },
            {"type": "textfield", "key": "locked", "readonly": True},
        ]
    }
)
TODAY = date(2026, 11, 30)


def test_fields_are_filled_from_variables() -> None:
    """A dotted key looks into objects; what the form does not know is empty."""
    data = {"customer": {"name": "Marta"}, "amount": Decimal("12.50"), "urgent": True}
    shown = {field.key: field.text for field in TaskForm.of(FORM, data, {}, TODAY).fields}
    assert shown == {
        "t": "",
        "customer.name": "Marta",
        "amount": "12.50",
        "urgent": "true",
        "choice": "",
        "tags": "[]",
        "locked": "",
    }


def test_what_was_sent_is_read() -> None:
    """Numbers are exact, dotted keys nest, choices keep their types, read-only fields are not taken."""
    posted = MultiDict({"customer.name": "Marta", "amount": "12,50", "urgent": "on", "choice": "b", "locked": "forged"})
    posted.setlist("tags", ["2"])
    assert sent(FORM, {}, posted) == {
        "customer": {"name": "Marta"},
        "amount": Decimal("12.50"),
        "urgent": True,
        "choice": "b",
        "tags": [Decimal(2)],
    }


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("customer.name", ""),
        ("customer.name", "M"),
        ("amount", "0"),
        ("amount", "101"),
        ("amount", "ten"),
        ("choice", "c"),
    ],
)
def test_what_does_not_fit_is_marked(name: str, typed: str) -> None:
    """Each rule of the form is checked here, whatever the browser has let through; what was typed is kept."""
    given = sent(FORM, {}, MultiDict({"customer.name": "Marta", "amount": "5", name: typed}))
    (marked,) = [field for field in TaskForm.of(FORM, {}, given, TODAY).fields if field.problem]
    assert (marked.key, marked.text) == (name, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("1'234'567.8", "1234567.8"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("-12", "-12"),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, meant: str) -> None:
    """With the separators of any country, and stored exactly."""
    assert number(typed) == (Decimal(meant), "")


@pytest.mark.parametrize("typed", ["1,234", "-12,345", "NaN", "ten", "1.2.3", "1,23,456", "1e3", "٣"])
def test_what_is_no_number_or_two_is_asked(typed: str) -> None:
    """A thousandfold error must not come from a guess: the question names both readings."""
    value, problem = number(typed)
    assert value == typed
    assert problem
    if typed == "1,234":
        assert problem == "Please write 1234 or 1.234: 1,234 can be read as both."


def test_no_form_has_no_fields() -> None:
    """Nothing, and nonsense, are an empty form."""
    assert read(None).components == ()
    assert read({"components": "nonsense"}).components == ()
