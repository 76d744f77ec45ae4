"""Which hosts a connector reaches, and at which addresses."""

from ipaddress import ip_address

import pytest

from app.handlers import PolicyProblem, TransientProblem
from tasks._outgoing import AllowList, is_public

SETTING = "http.allowed_hosts"


def allowed(text: str) -> AllowList:
    return AllowList.of({SETTING: text}, SETTING)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",  # noqa: S104 - nobody binds here
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_private_addresses_are_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, reserved; also inside an address of version 6."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    """An ordinary address is one, also where version 4 stands inside version 6."""
    assert is_public(ip_address(address))


def test_nothing_is_listed_by_default() -> None:
    """Without the setting no host may be reached, and the message names the setting."""
    with pytest.raises(PolicyProblem, match=r"http\.allowed_hosts"):
        AllowList.of({}, SETTING).addresses("8.8.8.8", 443)


@pytest.mark.parametrize(
    ("listed", "host", "port"),
    [
        ("8.8.8.8", "8.8.8.8", 443),
        ("8.8.8.0/24 other.example", "8.8.8.8", 443),
        ("8.8.8.8:443", "8.8.8.8", 443),
        ("127.0.0.1", "127.0.0.1", 8080),
        ("10.0.0.0/8", "10.2.3.4", 80),
        ("[::1]:8080", "::1", 8080),
        ("::1", "::1", 8080),
        ("127.0.0.1", "::ffff:127.0.0.1", 80),
        ("localhost", "localhost", 80),
        ("LOCALHOST", "LocalHost.", 80),
    ],
)
def test_what_is_listed_is_reached(listed: str, host: str, port: int) -> None:
    """Names, addresses, networks, with and without a port; a private address may be listed."""
    assert allowed(listed).addresses(host, port)


@pytest.mark.parametrize(
    ("listed", "host", "port"),
    [
        ("8.8.8.8:443", "8.8.8.8", 80),
        ("example.com", "evil-example.com", 443),
        ("example.com", "api.example.com", 443),
        ("*.example.com", "example.com", 443),
        ("*.example.com", "example.com.evil.test", 443),
        ("example.com", "8.8.8.8", 443),
        ("8.8.8.8", "8.8.4.4", 443),
        ("example.com", "127.0.0.1", 443),
        ("localhost", "127.0.0.1", 80),
        ("127.0.0.1", "localhost", 80),
        ("127.0.0.1", "2130706433", 80),
        ("127.0.0.1", "0x7f.1", 80),
    ],
)
def test_what_is_not_listed_is_refused(listed: str, host: str, port: int) -> None:
    """Another port, a name that looks similar, an address where a name is listed, other spellings of an address."""
    with pytest.raises(PolicyProblem, match="lists, but found"):
        allowed(listed).addresses(host, port)


@pytest.mark.parametrize(
    "listed", ["https://api.example.com/", "*", "*.*.example", "host:99x", "[oops]:1", "10.0.0.0/99"]
)
def test_nonsense_in_the_list_is_refused(listed: str) -> None:
    """A list that cannot be read admits nobody, and says what is wrong with it."""
    with pytest.raises(PolicyProblem, match="Expected names, addresses and networks"):
        allowed(listed)


def test_a_name_must_lead_to_public_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listed name that leads to a private address is refused, also if only one of its addresses is private."""
    answers = [(2, 1, 6, "", (address, 443)) for address in ("8.8.8.8", "169.254.169.254")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(PolicyProblem, match=r"Expected public addresses of api\.example\.com, but found 169"):
        allowed("api.example.com").addresses("api.example.com", 443)
    both = allowed("*.example.com, 169.254.169.254").addresses("api.example.com", 443)
    assert [str(address) for address in both] == ["8.8.8.8", "169.254.169.254"]


def test_a_name_without_an_address_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server may be back soon."""

    def nobody(*_: object, **__: object) -> list[object]:
        raise OSError("no name server")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    with pytest.raises(TransientProblem, match=r"api\.example\.com was not found"):
        allowed("api.example.com").addresses("api.example.com", 443)
