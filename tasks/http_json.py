"""The connector `io.camunda:http-json:1`: any web service that a diagram names and an administrator has listed.

Which hosts: ``[tasks.http] allowed_hosts`` (none by default). How large an answer may be: ``max_response_bytes``. For a
system that matters write an action of its own: this one can neither be read back nor taken back.
"""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

import httpx

from app import feel
from app.handlers import ActionContext, DataProblem, PolicyProblem, TransientProblem, action
from app.handlers.schema import read
from tasks._exchange import Answer, Ask, Headers, NoAnswer, exchange, read_url
from tasks._http_request import (
    Basic,
    Bearer,
    ClientCredentials,
    HttpRequest,
    RefreshToken,
    address,
    content_of,
    headers_of,
)
from tasks._outcome import TASK_HEADERS, Failure, Outcome, Variables
from tasks._outgoing import AllowList, Outgoing
from tasks._secrets import Secrets

NAME = "io.camunda:http-json:1"
SYSTEM = "http"
CONNECT_SECONDS = 20.0  # also the longest
READ_SECONDS = 20.0
LONGEST_READ_SECONDS = 60.0
MOST_BYTES = 1_000_000
SHORTEST_HIDDEN = 8  # of credentials that are no secrets by reference
SHARE_OF_TIME = 0.9  # of an attempt: the rest is for telling what came of it
TRY_AGAIN = frozenset({408, 425, 429})
NO_RIGHT = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its inputs with the secrets in them, and everything that bounds it."""

    request: HttpRequest
    context: ActionContext
    secrets: Secrets
    outgoing: Outgoing

    def answer(self) -> Answer:
        """Ask, and return the answer whatever its status. Raises as `exchange` does, and `RefusedToken`."""
        headers = headers_of(self.request)
        content, headers = content_of(self.request, headers)
        given = {name.lower() for name, _ in headers}
        if self.request.method != "GET" and "idempotency-key" not in given:
            headers = (*headers, ("Idempotency-Key", self.context.idempotency_key))
        ask = self.ask(self.request.method, address(self.request), headers, content)
        return exchange(replace(ask, headers=self._authorised(ask.headers)), self.outgoing)

    def ask(self, method: str, url: httpx.URL, headers: Headers, content: bytes | None) -> Ask:
        connect = self.request.connection_timeout_in_seconds or CONNECT_SECONDS
        wait = self.request.read_timeout_in_seconds or READ_SECONDS
        return Ask(
            method=method,
            url=url,
            headers=headers,
            content=content,
            connect_seconds=min(connect, CONNECT_SECONDS),
            read_seconds=min(wait, LONGEST_READ_SECONDS),
            most_bytes=_most_bytes(self.context.config),
            follow_redirects=self.request.follow_redirects,
        )

    def _authorised(self, headers: Headers) -> Headers:
        """The headers with the authentication, which replaces one that the diagram gives among them."""
        match self.request.authentication:
            case Basic(username=username, password=password):
                value = _basic(username, password)
                self.secrets.hide(value.partition(" ")[2])
            case Bearer(token=token):
                value = f"Bearer {token}"
            case ClientCredentials() | RefreshToken() as grant:
                token = self._token(grant)
                self.secrets.hide(token)
                value = f"Bearer {token}"
            case _:
                return headers
        if not (value.isascii() and value.isprintable()):
            raise DataProblem("Expected plain characters in the credentials.", {"$.authentication": "others"})
        others = tuple(each for each in headers if each[0].lower() != "authorization")
        return (*others, ("Authorization", value))

    def _token(self, grant: ClientCredentials | RefreshToken) -> str:
        """Ask the token endpoint, which must be listed like any other host (RFC 6749, 4.4 and 6)."""
        form = {"grant_type": "client_credentials"}
        if isinstance(grant, RefreshToken):
            form = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        elif grant.audience:
            form["audience"] = grant.audience
        if grant.scopes:
            form["scope"] = grant.scopes
        headers: Headers = (("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json"))
        if isinstance(grant, ClientCredentials) and grant.client_authentication == "basicAuthHeader":
            headers = (*headers, ("Authorization", _basic(grant.client_id, grant.client_secret)))
        else:
            form |= {"client_id": grant.client_id, "client_secret": grant.client_secret}
        content = urlencode({name: value for name, value in form.items() if value}).encode("ascii")
        ask = self.ask("POST", read_url(grant.oauth_token_endpoint), headers, content)
        answer = exchange(replace(ask, follow_redirects=False), self.outgoing)
        body = _body(answer, "JSON", "UTF-8")
        token = body.get("access_token") if isinstance(body, dict) else None
        if answer.status != 200 or not isinstance(token, str):
            raise RefusedToken(answer.status, f"{ask.url.host} gave no token (status {answer.status}).")
        return token


class RefusedToken(PolicyProblem):
    """The token endpoint says no."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


@action(NAME, system=SYSTEM, effect="write", timeout_seconds=100, task_headers=TASK_HEADERS)
def call_web_service(request: HttpRequest, context: ActionContext) -> Variables:
    """Call a web service.

    Sends a request over HTTP to a host that an administrator has listed, and sets variables from its answer.
    """
    secrets = Secrets(context.config)
    outcome = Outcome.of(context)
    allowed = AllowList.of(context.config, f"{SYSTEM}.allowed_hosts")
    with secrets.kept(), Outgoing(allowed, context.timeout_seconds * SHARE_OF_TIME) as outgoing:
        named = request.model_dump(by_alias=True)
        resolved = read(HttpRequest, secrets.resolve(named, context.variables), NAME)
        secrets.hide(*_credentials(resolved))
        return _outcome_of(Call(resolved, context, secrets, outgoing), outcome)


def _outcome_of(call: Call, outcome: Outcome) -> Variables:
    try:
        answer = call.answer()
    except NoAnswer as problem:
        failure = Failure("408", TransientProblem(call.secrets.scrub_text(str(problem))))
        raise outcome.of_failure(failure) from None
    except RefusedToken as problem:
        raise outcome.of_failure(Failure(str(problem.status), PolicyProblem(str(problem)))) from None
    except TransientProblem as problem:
        raise outcome.paused(problem) from None
    response = call.secrets.scrub(_response(answer, call.request))
    if answer.status < 400:
        return outcome.of_answer(response)
    raise outcome.of_failure(_failure(answer, call.request), response)


def _response(answer: Answer, request: HttpRequest) -> dict[str, object]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in answer.headers.raw:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    body = _body(answer, request.document_return_format.choice, request.document_return_format.encoding)
    return {"status": Decimal(answer.status), "reason": answer.reason, "headers": headers, "body": body}


def _body(answer: Answer, choice: str, encoding: str) -> object:
    """The body as a process variable: JSON where it is some, otherwise text; null where there is none."""
    if not answer.content:
        return None
    try:
        charset = httpx.Response(answer.status, headers=answer.headers).charset_encoding
        text = answer.content.decode(charset or encoding, errors="replace")
    except LookupError:
        text = answer.content.decode(errors="replace")
    if choice != "JSON" or not ("json" in answer.headers.get("Content-Type", "") or text.lstrip()[:1] in ("{", "[")):
        return text
    try:
        value = feel.json_loads(text)
        feel.json_dumps(value).encode()  # what a variable cannot hold stays text: it nests too deep, or spells nonsense
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return text
    return value


def _failure(answer: Answer, request: HttpRequest) -> Failure:
    status = answer.status
    said = f"{read_url(request.url).host} answered {status}."
    problem: PolicyProblem | TransientProblem | DataProblem = DataProblem(said, {"$.url": f"status {status}"})
    if status in NO_RIGHT:
        problem = PolicyProblem(f"{said} The right to do this is missing there.")
    elif status in TRY_AGAIN or status >= 500:
        wish = answer.headers.get("Retry-After", "")
        problem = TransientProblem(said, min(float(wish), 86_400.0) if wish.isdecimal() else None)
    return Failure(str(status), problem)


def _basic(username: str, password: str) -> str:
    return f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"


def _credentials(request: HttpRequest) -> list[str]:
    """What is secret in the authentication, also where a diagram spells it out; what is short is everywhere."""
    given = request.authentication.model_dump()
    values = (given.get(name, "") for name in ("password", "token", "value", "client_secret", "refresh_token"))
    return [value for value in values if len(value) >= SHORTEST_HIDDEN]


def _most_bytes(config: Mapping[str, str]) -> int:
    text = config.get(f"{SYSTEM}.max_response_bytes", "")
    return int(text) if text.isdecimal() else MOST_BYTES
