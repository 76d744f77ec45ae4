"""YAML without surprises."""

from decimal import Decimal

import pytest

from app.errors import Diagnostic
from app.roles.documents import Document, Place, path_text, read_document


def content_of(text: str) -> object:
    document = read_document("a.yaml", text.encode())
    assert isinstance(document, Document)
    return dict(document.content)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("09:30", "09:30"),
        ("2026-01-05", "2026-01-05"),
        ("0x1F", "0x1F"),
        ("012", "012"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("true", True),
        ("null", None),
        ("", None),
        ("1.10", Decimal("1.10")),
        ("-3", Decimal(-3)),
        ("1e3", Decimal("1e3")),
        ('"1"', "1"),
        ("'true'", "true"),
        ("[1, a]", [Decimal(1), "a"]),
    ],
)
def test_only_json_values_are_special(text: str, value: object) -> None:
    """true, false, null and plain decimal numbers have a type; everything else is text, as its author sees it."""
    assert content_of(f"key: {text}") == {"key": value}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("key: [1", "roles.unreadable"),
        ("- a\n- b", "roles.unreadable"),
        ("", "roles.unreadable"),
        ("a: 1\n---\nb: 2", "roles.unreadable"),
        ("a: 1\na: 2", "roles.key-twice"),
        ("a: &x [1]\nb: *x", "roles.alias"),
        ("a: !!python/object/apply:os.system [ls]", "roles.tag"),
        ("a: !!binary aGk=", "roles.tag"),
        ("{[a]: 1}", "roles.key"),
        ("a: " + "[" * 60 + "]" * 60, "roles.too-deep"),
        ("a: " + "[" * 3000 + "]" * 3000, "roles.unreadable"),
        ("a: \x00", "roles.unreadable"),
        ("a: 1e99999999", "roles.number"),
        ("a: 1e-99999999", "roles.number"),
        ("a: " + "9" * 41, "roles.number"),
    ],
)
def test_what_is_no_plain_document_is_refused(text: str, code: str) -> None:
    """Syntax errors, repeated keys, aliases (their bombs) and tags (their code) are refused with their place."""
    found = read_document("a.yaml", text.encode())
    assert isinstance(found, Diagnostic)
    assert (found.code, found.file) == (code, "a.yaml")
    assert found.line is not None


def test_bytes_that_are_no_text_are_refused() -> None:
    """Latin-1 and endless files are told by name."""
    for content in (b"a: \xe4", b"a: " + b"x" * 1_000_001):
        assert isinstance(read_document("a.yaml", content), Diagnostic)


def test_places_are_those_of_the_keys() -> None:
    """Every value knows its line and column; a missing one leads to the nearest place above it."""
    document = read_document("a.yaml", b"a: 1\nb:\n  - c: 2\n    d: 3\n")
    assert isinstance(document, Document)
    assert document.places[("b", 0, "d")] == Place(4, 5)
    found = document.diagnostic("missing", ("b", 0, "e"), "Expected e, but found none.")
    assert (found.line, found.element_id) == (3, "$.b[0].e")
    assert path_text(("b", 0, "e")) == "$.b[0].e"
