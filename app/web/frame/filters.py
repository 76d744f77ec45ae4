"""Filters and kinds that an address names, read alike for pages and for the API."""

from enum import StrEnum
from typing import TypeVar

from flask import request

from app.errors import Invalid
from app.runtime.views import DueKind, InstanceFilter, InstanceStatus

Choice = TypeVar("Choice", bound=StrEnum)

LARGEST_VERSION = 2**31 - 1  # what the column holds


def one_of(choices: type[Choice], name: str, text: str) -> Choice:
    """The member that `text` names. Raises `Invalid` for the field `name`, with everything that would fit."""
    if text not in set(choices):
        raise Invalid({name: f"expected one of {', '.join(choices)}"})
    return choices(text)


def version(text: str) -> int | None:
    """The version of a model that `text` names; nothing is None. Raises `Invalid`."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and 1 <= int(text) <= LARGEST_VERSION):
        raise Invalid({"version": f"expected a whole number from 1 to {LARGEST_VERSION}"})
    return int(text)


def due_kind(text: str) -> DueKind:
    """The kind of a setback in an address. Raises `Invalid`."""
    return one_of(DueKind, "kind", text)


def instance_filter() -> InstanceFilter:
    """The filter that the address holds. Raises `Invalid` for what does not fit: an ignored filter shows too much."""
    wanted = request.args
    status = wanted.get("status", "")
    return InstanceFilter(
        process_id=wanted.get("process_id") or None,
        version=version(wanted.get("version", "")),
        status=one_of(InstanceStatus, "status", status) if status else None,
        business_key=wanted.get("business_key", "").strip() or None,
        with_incidents=True if wanted.get("with_incidents") else None,
        parent_id=wanted.get("parent_id") or None,
        trace_id=wanted.get("trace_id") or None,
    )
