"""Element templates: a task handler as the bpmn.io editor offers it to an analyst.

The form is that of the Camunda 8 element templates (https://unpkg.com/@camunda/zeebe-element-templates-json-schema).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.handlers.action import Effect, Handler

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"

_STROKES = {  # what the icon shows: an eye, a pencil, a check mark
    Effect.READ: '<path d="M1 9c4-7 12-7 16 0c-4 7-12 7-16 0z"/><circle cx="9" cy="9" r="2.5"/>',
    Effect.DRAFT: '<path d="M2 16l1-4l9-9l3 3l-9 9z"/>',
    Effect.WRITE: '<circle cx="9" cy="9" r="8"/><path d="M5 9l3 3l5-6"/>',
}


def element_template(handler: Handler[Any, Any]) -> dict[str, object]:
    """The element template of a handler: JSON, one property for each field of its request and of its result."""
    inputs = handler.input_schema
    outputs = handler.output_schema
    return {
        "$schema": SCHEMA,
        "name": handler.title,
        "id": f"bailiwick.{handler.name}",
        "description": handler.description,
        "category": {"id": handler.system, "name": handler.system.replace("-", " ").capitalize()},
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "icon": {"contents": _icon(handler.effect)},
        "groups": [
            {"id": "input", "label": "Input"},
            {"id": "output", "label": "Output"},
            {"id": "attempts", "label": "Attempts"},
        ],
        "properties": [
            {"type": "Hidden", "value": handler.name, "binding": {"type": "zeebe:taskDefinition", "property": "type"}},
            *(_input(field) for field in _fields(inputs)),
            *(_header(name, meaning) for name, meaning in handler.task_headers.items()),
            *(_output(field) for field in _fields(outputs)),
            {
                "id": "retries",
                "label": "Retries",
                "type": "String",
                "value": "3",
                "feel": "optional",
                "group": "attempts",
                "binding": {"type": "zeebe:taskDefinition", "property": "retries"},
            },
        ],
    }


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a request or a result; one inside another model has a dotted name."""

    name: str
    schema: dict[str, Any]
    required: bool


def _input(field: _Field) -> dict[str, object]:
    template: dict[str, object] = {
        "id": f"input-{field.name}",
        "label": str(field.schema.get("title", field.name)),
        "type": "String",
        "feel": "optional",
        "group": "input",
        "optional": not field.required,
        "binding": {"type": "zeebe:input", "name": field.name},
    }
    if field.required:
        template["constraints"] = {"notEmpty": True}
        if "." not in field.name:
            template["value"] = f"={field.name}"
    if hint := _hint(field.schema):
        template["description"] = hint
    return template


def _header(name: str, meaning: str) -> dict[str, object]:
    return {
        "id": f"header-{name}",
        "label": name,
        "description": meaning,
        "type": "String",
        "group": "output",
        "optional": True,
        "binding": {"type": "zeebe:taskHeader", "key": name},
    }


def _output(field: _Field) -> dict[str, object]:
    template: dict[str, object] = {
        "id": f"output-{field.name}",
        "label": str(field.schema.get("title", field.name)),
        "type": "String",
        "value": field.name.replace(".", "_"),
        "group": "output",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={field.name}"},
    }
    if hint := _hint(field.schema):
        template["description"] = hint
    return template


def _hint(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    choices = ", ".join(str(choice) for choice in schema.get("enum", ()))
    parts = (schema.get("description"), f"One of {choices}." if choices else f"A {kind}." if kind else None)
    return " ".join(str(part) for part in parts if part)


def _fields(schema: dict[str, Any]) -> list[_Field]:
    """The fields of a model, those of the models inside it included; what can only be null is no field."""
    return list(_inside(schema, schema.get("$defs", {}), "", required=True))


def _inside(schema: dict[str, Any], definitions: dict[str, Any], prefix: str, *, required: bool) -> Iterator[_Field]:
    for name, field in schema.get("properties", {}).items():
        resolved = _resolved(field, definitions)
        needed = required and name in schema.get("required", ())
        if "properties" in resolved:
            yield from _inside(resolved, definitions, f"{prefix}{name}.", required=needed)
        elif resolved.get("type") != "null":
            yield _Field(f"{prefix}{name}", resolved, needed)


def _resolved(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The field's schema with its reference, or the one alternative that is not null, written out."""
    for option in [field, *field.get("anyOf", ())]:
        if "$ref" in option:
            return {**definitions[option["$ref"].rpartition("/")[2]], **field}
        if option.get("type", "null") != "null":
            return {**option, **field}
    return field


def _icon(effect: Effect) -> str:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="18" height="18" viewBox="0 0 18 18" fill="none" '
        f'stroke="#22556e" stroke-width="1.5">{_STROKES[effect]}</svg>'
    )
    return f"data:image/svg+xml;utf8,{quote(svg)}"
