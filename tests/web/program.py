"""A program that uses the JSON API of a site."""

import json

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.site import PASSWORD, Site


class Program:
    """A client of the API with a bearer token."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self._client = client
        opened = self.call("POST", "/sessions", {"name": name, "password": PASSWORD})
        assert opened.status_code == 201, opened.text
        assert opened.json is not None
        self.token = str(opened.json["token"])

    def call(
        self, method: str, path: str, body: object = None, key: str | None = None, match: str | None = None
    ) -> TestResponse:
        token = getattr(self, "token", None)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        if match is not None:
            headers["If-Match"] = match
        content = None if body is None else body if isinstance(body, str) else json.dumps(body)
        return self._client.open(f"/api/v1{path}", method=method, data=content, headers=headers)


def program(site: Site, name: str) -> Program:
    return Program(site.app.test_client(), name)
