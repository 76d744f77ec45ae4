"""Temporary."""

import json
from decimal import Decimal


def json_dumps(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f") if value == value.to_integral() else str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {json_dumps(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(json_dumps(v) for v in value) + "]"
    return json.dumps(value)


def json_loads(text: str) -> object:
    return json.loads(text, parse_int=Decimal, parse_float=Decimal)
