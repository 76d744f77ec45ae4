"""One pooled HTTP client per system. Time-outs are short and explicit; nothing is tried again here: the platform does.

A handler lets `httpx` exceptions pass: the platform knows that a refused connection is infrastructure and a time-out
transient. It translates only what it understands better itself, such as a charge that does not exist.
"""

from functools import lru_cache
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from app.handlers import ActionContext, DataProblem, TransientProblem

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0

Answer = TypeVar("Answer", bound=BaseModel)


def call(
    context: ActionContext,
    method: str,
    system: str,
    *path: str,
    answer: type[Answer],
    body: BaseModel | None = None,
    query: dict[str, str] | None = None,
    field: str = "",
) -> Answer:
    """Ask `system` ("billing") at `path` ("charges", charge_id), and return its `answer`.

    Sends the idempotency key and the trace id along. `field` is the field of our request that a refusal speaks of.
    Raises `DataProblem` for what the system does not know or refuses (404, 409, 422); `TransientProblem` for an answer
    that cannot be read, because what was asked may have been done; `httpx.HTTPError` for everything else.
    """
    response = _client(context.setting(f"{system}.base_url")).request(
        method,
        _joined(path),
        json=None if body is None else body.model_dump(mode="json"),
        params=query,
        headers=_headers(context, system),
        timeout=httpx.Timeout(min(ANSWER_SECONDS, context.timeout_seconds), connect=CONNECT_SECONDS),
    )
    if response.status_code in (404, 409, 422):
        reason = _reason(response)
        raise DataProblem(f"{system} refuses: {reason}", {f"$.{field}": reason} if field else {})
    response.raise_for_status()
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, each["loc"])) or "the whole" for each in error.errors())
        raise TransientProblem(
            f"Expected an answer of {system} that can be read, but found nonsense in {places}."
        ) from None


@lru_cache(maxsize=32)
def _client(base_url: str) -> httpx.Client:
    """The client of one address; all threads share its connections. No proxy stands between this machine and itself."""
    return httpx.Client(base_url=base_url, trust_env=not _is_this_machine(urlsplit(base_url).hostname or ""))


def _headers(context: ActionContext, system: str) -> dict[str, str]:
    headers = {"Idempotency-Key": context.idempotency_key, "X-Trace-Id": context.trace_id}
    if token := context.config.get(f"{system}.token"):
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _joined(path: tuple[str, ...]) -> str:
    """The segments as a path. A number that comes from outside can name no other path."""
    for segment in path:
        if segment in ("", ".", ".."):
            raise DataProblem(f'Expected a document number, but found "{segment}".')
    return "/" + "/".join(quote(segment, safe="") for segment in path)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(response: httpx.Response) -> str:
    try:
        content = response.json()
    except ValueError:
        content = None
    reason = content.get("error") if isinstance(content, dict) else None
    return str(reason or f"HTTP {response.status_code}")[:500]
