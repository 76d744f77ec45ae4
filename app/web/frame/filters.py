"""Filters and kinds that an address names, read alike for pages and for the API."""

from flask import request

from app.errors import Invalid
from app.runtime.views import DueKind, InstanceFilter, InstanceStatus


def due_kind(text: str) -> DueKind:
    """The kind of a setback in an address. Raises `Invalid`."""
    if text not in set(DueKind):
        raise Invalid({"kind": f"expected one of {', '.join(DueKind)}"})
    return DueKind(text)


def instance_filter() -> InstanceFilter:
    """The filter that the address holds; what does not fit is left out."""
    wanted = request.args
    status = wanted.get("status", "")
    version = wanted.get("version", type=int)
    return InstanceFilter(
        process_id=wanted.get("process_id") or None,
        version=version,
        status=InstanceStatus(status) if status in set(InstanceStatus) else None,
        business_key=wanted.get("business_key", "").strip() or None,
        with_incidents=True if wanted.get("with_incidents") else None,
        parent_id=wanted.get("parent_id") or None,
        trace_id=wanted.get("trace_id") or None,
    )
