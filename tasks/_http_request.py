"""The inputs of the HTTP connector, as Camunda's element template names them, and the request that they make."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import httpx
from pydantic import Field, field_validator

from app import feel
from app.handlers import DataProblem
from tasks._exchange import Headers, read_url
from tasks._inputs import Inputs, Text

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer"})


class NoAuthentication(Inputs):
    type: Literal["noAuth"] = "noAuth"


class Basic(Inputs):
    type: Literal["basic"]
    username: Text
    password: Text = ""


class Bearer(Inputs):
    type: Literal["bearer"]
    token: Text


class ApiKey(Inputs):
    type: Literal["apiKey"]
    api_key_location: Literal["headers", "query"] = "headers"
    name: Text
    value: Text


class ClientCredentials(Inputs):
    type: Literal["oauth-client-credentials-flow"]
    oauth_token_endpoint: Text
    client_id: Text
    client_secret: Text
    audience: Text = ""
    scopes: Text = ""
    client_authentication: Literal["basicAuthHeader", "credentialsBody"] = "basicAuthHeader"


class RefreshToken(Inputs):
    type: Literal["oauth-refresh-token"]
    oauth_token_endpoint: Text
    client_id: Text
    client_secret: Text = ""
    refresh_token: Text
    scopes: Text = ""


Authentication = Annotated[
    NoAuthentication | Basic | Bearer | ApiKey | ClientCredentials | RefreshToken, Field(discriminator="type")
]


class ReturnFormat(Inputs):
    choice: Literal["JSON", "TEXT"] = "JSON"
    encoding: Text = "UTF-8"


class HttpRequest(Inputs):
    """What is asked of whom."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Text = Field(description="An address whose host an administrator has listed.")
    authentication: Authentication = Field(default_factory=NoAuthentication, description="A context with its type.")
    headers: dict[str, Text | None] = Field(default_factory=dict, description="A context of names and values.")
    query_parameters: dict[str, Any] = Field(default_factory=dict, description="A context of names and values.")
    body: Any = Field(default=None, description="Sent as JSON unless it is a text or the headers say otherwise.")
    connection_timeout_in_seconds: float | None = Field(default=None, ge=0)
    read_timeout_in_seconds: float | None = Field(default=None, ge=0)
    follow_redirects: bool = True
    ignore_null_values: bool = False
    document_return_format: ReturnFormat = Field(default_factory=ReturnFormat)
    store_response: Literal[False] = Field(default=False, description="Documents are not kept.")
    client_tls: None = Field(default=None, description="Certificates are not taken from diagrams.")
    authentication_configuration: None = Field(default=None, description="There are no shared configurations.")

    @field_validator("method", mode="before")
    @classmethod
    def _large(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("store_response", mode="before")
    @classmethod
    def _false(cls, value: object) -> object:
        return False if value == "false" else value

    @field_validator("client_tls", mode="before")
    @classmethod
    def _nothing(cls, value: object) -> object:
        return None if isinstance(value, Mapping) and not any(value.values()) else value


def address(request: HttpRequest) -> httpx.URL:
    """Where it goes, with its query. Null parameters are left out, lists repeat theirs."""
    url = read_url(request.url)
    parameters = dict(request.query_parameters)
    if isinstance(request.authentication, ApiKey) and request.authentication.api_key_location == "query":
        parameters[request.authentication.name] = request.authentication.value
    pairs = _pairs(parameters)
    given = {name for name, _ in pairs}
    kept = [pair for pair in url.params.multi_items() if pair[0] not in given]
    return url.copy_with(query=urlencode([*kept, *pairs]).encode("ascii")) if pairs else url


def headers_of(request: HttpRequest) -> Headers:
    """The headers that the diagram gives. Raises `DataProblem` for one that is none, or that is not its to give."""
    given = {name: value for name, value in request.headers.items() if value is not None}
    if isinstance(request.authentication, ApiKey) and request.authentication.api_key_location == "headers":
        given[request.authentication.name] = request.authentication.value
    for name, value in given.items():
        if not name or not set(name) <= _TOKEN:
            raise DataProblem(f"Expected a name of a header, but found {name[:100]!r}.", {"$.headers": "no such name"})
        if name.lower() in _OURS:
            raise DataProblem(f"Expected no header {name}: it is the connector's.", {"$.headers": f"names {name}"})
        if not (value.isascii() and value.isprintable()):
            where = f"$.headers.{name}"
            raise DataProblem(f"Expected plain characters in the header {name}.", {where: "has other characters"})
    return tuple(given.items())


def content_of(request: HttpRequest, headers: Headers) -> tuple[bytes | None, Headers]:
    """The body as bytes, and the headers with its type. A GET and a DELETE have none."""
    if request.body is None or request.method not in WITH_BODY:
        return None, headers
    body = _without_nulls(request.body) if request.ignore_null_values else request.body
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    if not kind:
        headers = (*headers, ("Content-Type", "application/json"))
    if isinstance(body, str):
        return body.encode(), headers
    match kind.partition(";")[0].strip().lower(), body:
        case "application/x-www-form-urlencoded", dict():
            return urlencode(_pairs(body)).encode("ascii"), headers
        case "multipart/form-data", dict():
            parts = [(name, (None, value.encode())) for name, value in _pairs(body)]
            form = httpx.Request("POST", "http://form", files=parts)
            others = tuple(each for each in headers if each[0].lower() != "content-type")
            return form.read(), (*others, ("Content-Type", form.headers["Content-Type"]))
    return feel.json_dumps(body).encode(), headers


def _pairs(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values of a query or a form."""
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        items = value if isinstance(value, list) else [value]
        pairs += [(name, item if isinstance(item, str) else _as_text(item)) for item in items if item is not None]
    return pairs


def _as_text(value: object) -> str:
    return feel.json_dumps(value) if isinstance(value, dict | list) else feel.text_of(value)


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
