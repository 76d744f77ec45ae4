"""Element templates: a task handler as the bpmn.io editor offers it to an analyst.

The form is that of the Camunda 8 element templates (https://unpkg.com/@camunda/zeebe-element-templates-json-schema).
"""

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
            *(_input(name, schema, inputs) for name, schema in _fields(inputs)),
            *(_output(name, schema) for name, schema in _fields(outputs)),
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


def _input(name: str, schema: dict[str, Any], parent: dict[str, Any]) -> dict[str, object]:
    required = name in parent.get("required", ())
    template: dict[str, object] = {
        "id": f"input-{name}",
        "label": str(schema.get("title", name)),
        "type": "String",
        "feel": "optional",
        "group": "input",
        "optional": not required,
        "binding": {"type": "zeebe:input", "name": name},
    }
    if required:
        template["value"] = f"={name}"
        template["constraints"] = {"notEmpty": True}
    if hint := _hint(schema):
        template["description"] = hint
    return template


def _output(name: str, schema: dict[str, Any]) -> dict[str, object]:
    template: dict[str, object] = {
        "id": f"output-{name}",
        "label": str(schema.get("title", name)),
        "type": "String",
        "value": name,
        "group": "output",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={name}"},
    }
    if hint := _hint(schema):
        template["description"] = hint
    return template


def _hint(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    choices = ", ".join(str(choice) for choice in schema.get("enum", ()))
    parts = (schema.get("description"), f"One of {choices}." if choices else f"A {kind}." if kind else None)
    return " ".join(str(part) for part in parts if part)


def _fields(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    definitions = schema.get("$defs", {})
    return [(name, _resolved(field, definitions)) for name, field in schema.get("properties", {}).items()]


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
