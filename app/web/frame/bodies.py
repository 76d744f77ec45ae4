"""Requests whose JSON Flask itself reads: with the bounds of depth and digits that hold everywhere."""

from typing import Any

from flask import Flask, Request

from app import feel


class BoundedJson:
    """What Flask asks for the value of a body. Raises ValueError for no JSON, too deep or too long: a 400."""

    @staticmethod
    def loads(text: str | bytes, **_: object) -> object:
        return feel.json_loads(text)


class BoundedRequest(Request):
    json_module: Any = BoundedJson


def register(app: Flask) -> None:
    app.request_class = BoundedRequest
