"""Redaction: what is personal or secret does not enter evidence."""

from collections.abc import Iterable, Mapping

REDACTED = "[redacted]"

ALWAYS_REDACTED = frozenset(
    {
        "password",
        "secret",
        "client_secret",
        "token",
        "access_token",
        "refresh_token",
        "id_token",
        "authorization",
        "api_key",
        "private_key",
        "card_number",
        "cvc",
        "iban",
        "signature",
    }
)


def redact(value: object, fields: Iterable[str]) -> object:
    """A copy of a JSON value in which the named fields are replaced, at any depth.

    A field is a key ("message") or a dotted path's end ("customer.email"); how words are joined ("clientSecret",
    "client-secret", "client_secret") does not matter. Null stays null: that something is missing is no secret.
    """
    return _redact(value, tuple(tuple(_plain(part) for part in field.split(".")) for field in fields), ())


def _redact(value: object, fields: tuple[tuple[str, ...], ...], path: tuple[str, ...]) -> object:
    if isinstance(value, Mapping):
        return {key: _redact_entry(str(key), item, fields, path) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_redact(item, fields, path) for item in value]
    return value


def _redact_entry(key: str, value: object, fields: tuple[tuple[str, ...], ...], path: tuple[str, ...]) -> object:
    here = (*path, _plain(key))
    if value is not None and any(here[-len(field) :] == field for field in fields):
        return REDACTED
    return _redact(value, fields, here)


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "").replace(" ", "")
