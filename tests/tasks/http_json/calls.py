"""How these tests call the connector."""

from dataclasses import replace
from typing import Any

from app.handlers import ActionContext
from tasks.http_json import call_web_service

SECRET = "s3cr3t/+ &value"  # every encoding of it looks different


def call(context: ActionContext, **inputs: object) -> dict[str, Any]:
    return call_web_service.perform(inputs, context)


def asked(context: ActionContext, **inputs: object) -> dict[str, Any]:
    """What the service was asked, as it tells it itself."""
    told = call(context, **inputs)["answer"]["body"]["asked"]
    assert isinstance(told, dict)
    return told


def failing(context: ActionContext, expression: str) -> ActionContext:
    return replace(context, headers={"errorExpression": expression, "retryBackoff": "PT30S"})
