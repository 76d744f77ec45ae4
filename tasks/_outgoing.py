"""Connections to hosts that a diagram names: to allow-listed hosts, at addresses that were checked, with an end.

A diagram is data: it may name any host, and a name may lead anywhere. So a host must be listed, by name or by address,
and every address that its name leads to must be public or listed. Names are asked for once per connection, and the
connection goes to the very addresses that were checked: a name that leads elsewhere a moment later changes nothing.
Nothing here knows HTTP or SMTP.
"""

import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Lock, Timer
from time import monotonic
from types import TracebackType
from typing import Self

import httpx

from app.handlers import PolicyProblem, TransientProblem

Address = IPv4Address | IPv6Address

_ENTRY = re.compile(r"(?:\[(?P<bracketed>[^\]]+)\]|(?P<host>[^:\s\[\]]+))(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Entry:
    """One host of an allow-list: a name, all names below one ("*.example.com"), or an address or network; any port, or
    one.
    """

    name: str = ""
    network: IPv4Network | IPv6Network | None = None
    port: int | None = None

    def names(self, host: str, port: int) -> bool:
        if self.port not in (None, port):
            return False
        if self.name.startswith("*."):
            return host.endswith(self.name[1:])
        address = _as_address(host)
        return host == self.name if address is None else self.holds(address, port)

    def holds(self, address: Address, port: int) -> bool:
        """Whether the address itself is listed."""
        return self.port in (None, port) and self.network is not None and address in self.network


@dataclass(frozen=True, slots=True)
class AllowList:
    """The hosts that one connector may reach; `setting` is where they are listed. Empty: none."""

    setting: str
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, config: Mapping[str, str], setting: str) -> "AllowList":
        """The list in a handler's settings, its entries separated by commas or spaces. Raises `PolicyProblem` for
        nonsense.
        """
        texts = re.split(r"[,\s]+", config.get(setting, "").strip().lower())
        return cls(setting, tuple(_entry(text, setting) for text in texts if text))

    def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """Where a connection to `host` may go, asked for now. Raises `PolicyProblem` if it may go nowhere, or if any of
        its addresses is neither public nor listed; `TransientProblem` if the name has no address.
        """
        host = host.lower().removesuffix(".")
        if not any(entry.names(host, port) for entry in self.entries):
            raise PolicyProblem(
                f"Expected a host that {self.setting} lists, but found {host}:{port}. Let an administrator list it."
            )
        found = _resolve(host, port)
        for address in found:
            meant = host == "localhost" and address.is_loopback  # the name can mean nothing else (RFC 6761, 6.3)
            if not (meant or is_public(address) or any(entry.holds(address, port) for entry in self.entries)):
                raise PolicyProblem(
                    f"Expected public addresses of {host}, but found {address}. "
                    f"Let an administrator list the address in {self.setting} if it is meant."
                )
        return found


class Outgoing:
    """The connections of one call. All of them are cut after `seconds`, however slowly the other side goes on."""

    def __init__(self, allowed: AllowList, seconds: float) -> None:
        self.seconds = seconds
        self.was_cut = False
        self._allowed = allowed
        self._end = monotonic() + seconds
        self._lock = Lock()
        self._watched: list[socket.socket] = []
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._watched:
                watched.close()
            self._watched.clear()

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A connection to one of the checked addresses of `host`, the first that answers within `seconds`.

        Raises as `AllowList.addresses` does, and `OSError` (`TimeoutError` for one) where none answers.
        """
        failure: OSError | None = None
        for address in self._allowed.addresses(host, port):
            left = self._end - monotonic()
            if left <= 0:
                break
            try:
                connection = socket.create_connection((str(address), port), min(seconds, left))
            except OSError as error:
                failure = error
                continue
            connection.settimeout(seconds)
            self._watch(connection)
            return connection
        raise failure or TimeoutError(f"No connection within {self.seconds:g} seconds.")

    def _watch(self, connection: socket.socket) -> None:
        """Keep a second handle of the connection: TLS takes the first one away."""
        with self._lock:
            handle = connection.dup()
            self._watched.append(handle)
            if self.was_cut:
                _shut(handle)

    def _cut(self) -> None:
        with self._lock:
            self.was_cut = True
            for handle in self._watched:
                _shut(handle)


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """How connections are encrypted: certificates and host names are checked; ``SSL_CERT_FILE`` names other roots."""
    return httpx.create_ssl_context()


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open Internet, also one of version 4 that stands inside one of version 6."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in _NAT64:
            inside = IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _resolve(host: str, port: int) -> tuple[Address, ...]:
    literal = _as_address(host)
    if literal is not None:
        return (literal,)
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TransientProblem(f"The address of {host} was not found.") from None
    return tuple(dict.fromkeys(_plain(ip_address(answer[4][0])) for answer in answers))


def _entry(text: str, setting: str) -> Entry:
    """Of "host", "host:port", "10.0.0.0/8", "::1", "[::1]:8080"."""
    problem = PolicyProblem(
        f'Expected names, addresses and networks in {setting}, but found "{text}". Let an administrator correct it.'
    )
    try:
        return Entry(network=ip_network(text, strict=False))  # also an address of version 6 without brackets
    except ValueError:
        match = _ENTRY.fullmatch(text)
    if match is None:
        raise problem
    port = int(match["port"]) if match["port"] else None
    host = match["bracketed"] or match["host"]
    try:
        return Entry(network=ip_network(host, strict=False), port=port)
    except ValueError:
        name = _ascii(host)
    if match["bracketed"] or not _NAME.fullmatch(name):
        raise problem
    return Entry(name=name, port=port)


def _ascii(name: str) -> str:
    """The name as it is asked for: "bücher.example" is "xn--bcher-kva.example"."""
    try:
        return name if name.isascii() else httpx.URL(f"//{name}").raw_host.decode("ascii")
    except httpx.InvalidURL:
        return ""


def _as_address(host: str) -> Address | None:
    try:
        return _plain(ip_address(host))
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """::ffff:10.0.0.1 is 10.0.0.1."""
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has ended by itself
