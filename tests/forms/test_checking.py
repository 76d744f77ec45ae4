"""`app.forms.check`: what a form uses and we do not know is an error, never a field that vanishes."""

import pytest

from app.forms import check


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ({"type": "holo-deck", "key": "x"}, "form.unknown-component"),
        ({"type": "filepicker", "key": "x"}, "form.unsupported-component"),
        ({"type": "iframe", "url": "https://example.org"}, "form.unsupported-component"),
        ({"type": "textfield", "key": "x", "requird": True}, "form.unknown-property"),
        ({"type": "textfield", "key": "x", "validate": {"minLenght": 3}}, "form.unknown-rule"),
        ({"type": "textfield", "key": "x", "validate": {"pattern": "("}}, "form.unreadable-pattern"),
        ({"type": "textfield", "key": "x", "validate": {"validationType": "iban"}}, "form.unknown-rule"),
        ({"type": "textfield", "key": "x", "conditional": {"hide": "=1 +"}}, "form.unreadable-expression"),
        ({"type": "number", "key": "x", "validate": {"max": "=("}}, "form.unreadable-expression"),
        ({"type": "radio", "key": "x"}, "form.no-values"),
        ({"type": "group", "components": [{"type": "textfield", "key": "a", "colour": 1}]}, "form.unknown-property"),
    ],
)
def test_what_is_not_known_is_named(component: dict[str, object], code: str) -> None:
    """With its component, wherever in the form it is."""
    assert [problem.code for problem in check({"components": [component]}, "a.form")] == [code]


def test_two_components_of_one_id_are_named() -> None:
    """The library does not draw such a form at all; the form itself has an id, too."""
    twice = [{"type": "text", "id": "a"}, {"type": "group", "id": "g", "components": [{"type": "text", "id": "a"}]}]
    assert [problem.code for problem in check({"components": twice}, "a.form")] == ["form.twice-the-same-id"]
    assert [problem.code for problem in check({"id": "g", "components": twice[1:]}, "a.form")] == [
        "form.twice-the-same-id"
    ]


def test_two_fields_of_one_key_are_named() -> None:
    """One of them would overwrite the other; a path keeps them apart."""
    twins = [{"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}]
    assert [problem.code for problem in check({"components": twins}, "a.form")] == ["form.twice-the-same-key"]
    apart = [twins[0], {"type": "group", "path": "p", "components": [twins[1]]}]
    assert check({"components": apart}, "a.form") == []
