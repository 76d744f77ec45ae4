"""One HTTP request to a host that a diagram names, and its answer: bounded in time, size and places.

Connections come from `_outgoing`; no proxy, no cookies, nothing kept for the next call.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import httpcore
import httpx

from app.handlers import DataProblem, PolicyProblem, TransientProblem
from tasks._outgoing import Outgoing, tls

MOST_REDIRECTS = 5
USER_AGENT = "bailiwick"

Headers = tuple[tuple[str, str], ...]

BROKEN = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpx.DecodingError, OSError)
"""What a connection that fails or ends too early raises."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request as it is sent. The times are those of one step: to connect, and to wait for the next bytes."""

    method: str
    url: httpx.URL
    headers: Headers = ()
    content: bytes | None = field(default=None, repr=False)
    connect_seconds: float = 20
    read_seconds: float = 20
    most_bytes: int = 1_000_000
    follow_redirects: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    reason: str
    headers: httpx.Headers
    content: bytes = field(repr=False)


class NoAnswer(TransientProblem):
    """Nothing came back, or not all of it: what was asked may have been done."""


def exchange(ask: Ask, outgoing: Outgoing) -> Answer:
    """Send a request and read its answer, following redirects to where they may lead.

    Raises `PolicyProblem` for places that are not allowed, `NoAnswer` where none comes, `DataProblem` for an answer
    that is too large or leads nowhere.
    """
    with _Transport(outgoing, ask.connect_seconds) as transport:
        for _ in range(MOST_REDIRECTS + 1):
            answer, location = _send(ask, transport, outgoing)
            if location is None:
                return answer
            ask = _redirected(ask, answer.status, location)
    raise DataProblem(f"Expected at most {MOST_REDIRECTS} redirects, but found more.")


def read_url(text: str) -> httpx.URL:
    """An address of the web. Raises `DataProblem` for anything else, also for one with a password inside."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise DataProblem("Expected an address that begins with http:// or https://.", {"$.url": "no such address"})
    if url.userinfo:
        raise DataProblem("Expected an address without a user name. Use the authentication.", {"$.url": "has a user"})
    return url


def _send(ask: Ask, transport: "_Transport", outgoing: Outgoing) -> tuple[Answer, str | None]:
    """The answer, and where it redirects to if that is followed."""
    own = {name.lower() for name, _ in ask.headers}
    usual = (("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate"), ("User-Agent", USER_AGENT))
    headers = [*ask.headers, *(each for each in usual if each[0].lower() not in own)]
    timeout = httpx.Timeout(ask.read_seconds, connect=ask.connect_seconds).as_dict()
    request = httpx.Request(ask.method, ask.url, headers=headers, content=ask.content, extensions={"timeout": timeout})
    try:
        response = transport.handle_request(request)
        try:
            location = response.headers.get("Location") if ask.follow_redirects and _redirects(response) else None
            content = b"" if location else _bounded(response.iter_bytes(), ask.most_bytes)
        finally:
            response.close()
    except BROKEN as error:
        late = f" within {outgoing.seconds:g} seconds" if outgoing.was_cut else ""
        kind = type(error).__name__
        raise NoAnswer(f"Expected an answer of {ask.url.host}{late}, but found none ({kind}).") from None
    reason = response.extensions.get("reason_phrase", b"").decode("ascii", "replace")
    return Answer(response.status_code, reason, response.headers, content), location


def _bounded(chunks: Iterable[bytes], most: int) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > most:
            raise DataProblem(
                f"Expected an answer of at most {most} bytes, but found more. "
                "Ask for less, or let an administrator raise http.max_response_bytes."
            )
    return bytes(content)


def _redirects(response: httpx.Response) -> bool:
    return response.status_code in (301, 302, 303, 307, 308)


def _redirected(ask: Ask, status: int, location: str) -> Ask:
    """The request that a redirect asks for. What was meant for one place is not told to another.

    Within one host it goes on as it is, also from http to https. Elsewhere, which must be listed too, only a request
    goes that carries nothing: no body, no credentials, no headers of its own. Raises `PolicyProblem` for any other.
    """
    try:
        url = read_url(str(ask.url.join(location)))
    except (DataProblem, httpx.InvalidURL):
        raise PolicyProblem(f"{ask.url.host} redirects to no address of the web.") from None
    if status == 303 or (status in (301, 302) and ask.method == "POST"):
        kept = tuple(each for each in ask.headers if not each[0].lower().startswith("content-"))
        ask = replace(ask, method="GET", content=None, headers=kept)
    if not _same_place(ask.url, url):
        if ask.method != "GET":
            raise PolicyProblem(
                f"Expected {ask.url.host} to do it, but it redirects a {ask.method} to {url.host}. Correct the address."
            )
        if (ask.url.scheme, url.scheme) == ("https", "http"):
            raise PolicyProblem(f"{ask.url.host} redirects to {url.host} without encryption.")
        ask = replace(ask, headers=())
    return replace(ask, url=url)


def _same_place(one: httpx.URL, other: httpx.URL) -> bool:
    places = tuple((url.scheme, url.host, url.port or {"http": 80, "https": 443}[url.scheme]) for url in (one, other))
    encrypted = (("http", one.host, 80), ("https", one.host, 443))
    return places[0] == places[1] or (one.host == other.host and places == encrypted)


class _Transport(httpx.BaseTransport):
    """Carries httpx's requests over connections of `Outgoing`."""

    def __init__(self, outgoing: Outgoing, connect_seconds: float) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=tls(), network_backend=_Network(outgoing, connect_seconds))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _Network(httpcore.NetworkBackend):
    """Opens connections where `Outgoing` lets it."""

    def __init__(self, outgoing: Outgoing, connect_seconds: float) -> None:
        self._outgoing = outgoing
        self._seconds = connect_seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _Wire(self._outgoing.connect(host, port, timeout or self._seconds))


class _Wire(httpcore.NetworkStream):
    """The bytes of one connection. What breaks is told as `OSError`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(timeout)
        return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._connection.settimeout(timeout)
        try:
            self._connection.sendall(buffer)
        except OSError as error:  # the answer may have come before the request was whole: httpcore looks
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._connection.settimeout(timeout)
        try:
            return _Wire(ssl_context.wrap_socket(self._connection, server_hostname=server_hostname))
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> object:
        return self._connection if info == "socket" else None
