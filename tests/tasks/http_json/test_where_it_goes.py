"""The connector io.camunda:http-json:1: the hosts that it may reach, and the secrets that it keeps."""

import json
import socket
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.handlers import ActionContext, BpmnError, DataProblem, PolicyProblem, TransientProblem
from tests.tasks.certificates import Certificates
from tests.tasks.http_json.calls import SECRET, asked, call, failing
from tests.tasks.web_service import Answer, WebService, free_port, web_service


@pytest.mark.parametrize("host", ["127.0.0.2", "localhost", "[::1]", "169.254.169.254", "2130706433", "example.com"])
def test_a_host_that_is_not_listed_is_refused(context: ActionContext, host: str) -> None:
    """Nothing but what the administrator has listed; a refusal is no matter for error expressions."""
    caught = replace(context, headers={"errorExpression": 'bpmnError("X", "y")'})
    with pytest.raises(PolicyProblem, match=r"http\.allowed_hosts"):
        call(caught, url=f"http://{host}/")


def test_a_redirect_within_the_host_is_followed(service: WebService, context: ActionContext) -> None:
    """With everything that was sent; 303 asks with GET; a diagram may look at the redirect instead."""
    service.answers["/old"] = Answer(status=307, headers={"Location": "/new?x=1"})
    bearer = {"type": "bearer", "token": "t0k"}
    sent = asked(context, method="POST", url=service.url("/old"), body={"a": 1}, authentication=bearer)
    assert (sent["method"], sent["path"], sent["body"]) == ("POST", "/new", '{"a":1}')
    service.answers["/old"] = Answer(status=303, headers={"Location": "/new"})
    sent = asked(context, method="POST", url=service.url("/old"), body={"a": 1}, authentication=bearer)
    assert (sent["method"], sent["body"], sent["headers"]["Authorization"]) == ("GET", "", "Bearer t0k")
    told = call(context, url=service.url("/old"), followRedirects="false")
    assert told["answer"]["status"] == Decimal(303)


def test_a_redirect_elsewhere_is_refused(service: WebService, context: ActionContext) -> None:
    """To a host that is not listed, to no address of the web, in a circle: nothing arrives there."""
    with web_service("127.0.0.2") as elsewhere:
        for location, problem in (
            (elsewhere.url("/taken", "127.0.0.2"), "Expected a host that http.allowed_hosts lists"),
            ("file:///etc/passwd", "no address of the web"),
            ("http://ann:pw@127.0.0.1/", "no address of the web"),
        ):
            service.answers["/go"] = Answer(status=302, headers={"Location": location})
            with pytest.raises(PolicyProblem, match=problem):
                call(context, url=service.url("/go"))
        assert elsewhere.received == []
    service.answers["/go"] = Answer(status=302, headers={"Location": "/go"})
    with pytest.raises(DataProblem, match="at most 5 redirects"):
        call(context, url=service.url("/go"))


def test_a_redirect_to_another_listed_host_carries_nothing(service: WebService, context: ActionContext) -> None:
    """Credentials and headers were meant for the first host; a body does not go on at all."""
    both = replace(context, config={**context.config, "http.allowed_hosts": "127.0.0.1 127.0.0.2"})
    with web_service("127.0.0.2") as elsewhere:
        service.answers["/go"] = Answer(status=307, headers={"Location": elsewhere.url("/there", "127.0.0.2")})
        key = {"type": "apiKey", "name": "X-Key", "value": "k3y", "apiKeyLocation": "headers"}
        sent = asked(both, url=service.url("/go"), authentication=key, headers={"X-Own": "1", "Cookie": "c=1"})
        assert sent["path"] == "/there"
        assert not {"X-Key", "X-Own", "Cookie", "Authorization"} & set(sent["headers"])
        with pytest.raises(PolicyProblem, match="redirects a POST"):
            call(both, method="POST", url=service.url("/go"), body={"a": 1})
        assert len(elsewhere.received) == 1


def test_a_name_that_leads_elsewhere_a_moment_later_changes_nothing(
    service: WebService, context: ActionContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to, and it is asked for once."""
    times: list[str] = []
    system = socket.getaddrinfo

    def rebinding(host: str, port: int, *rest: Any, **named: Any) -> Any:
        if host == "rebind.example":
            times.append(host)
            host = "127.0.0.1" if len(times) == 1 else "127.0.0.2"
        return system(host, port, *rest, **named)

    monkeypatch.setattr("socket.getaddrinfo", rebinding)
    listed = replace(context, config={"http.allowed_hosts": "rebind.example, 127.0.0.1"})
    with web_service("127.0.0.2", service.port) as trap:
        sent = asked(listed, url=service.url("/", "rebind.example"))
        assert (times, sent["headers"]["Host"]) == (["rebind.example"], f"rebind.example:{service.port}")
        with pytest.raises(
            PolicyProblem, match=r"Expected public addresses of rebind\.example, but found 127\.0\.0\.2"
        ):
            call(listed, url=service.url("/", "rebind.example"))
        assert trap.received == []


def test_an_encrypted_service_must_have_its_name(certificates: Certificates, context: ActionContext) -> None:
    """The certificate is checked against the name of the diagram, at the address that was checked."""
    listed = replace(context, config={"http.allowed_hosts": "localhost 127.0.0.1"})
    with web_service(tls=certificates.server) as service:
        told = asked(listed, url=f"https://localhost:{service.port}/")
        assert told["headers"]["Host"] == f"localhost:{service.port}"
        with pytest.raises(TransientProblem, match="SSLCertVerificationError"):
            call(listed, url=f"https://127.0.0.1:{service.port}/")
        assert len(service.received) == 1


# --- secrets ---


def test_a_secret_is_sent_and_never_comes_back(service: WebService, context: ActionContext) -> None:
    """The service repeats everything that it was sent, in every encoding: no variable holds the secret."""
    told = call(
        context,
        method="POST",
        url=service.url("/echo"),
        queryParameters={"key": "{{secrets.API_KEY}}"},
        headers={"X-Key": "{{ secrets.api_key }}", "Content-Type": "application/json"},
        body={"nested": ["my {{secrets.API_KEY}} here"], "user": "{{secrets.USER}}"},
        authentication={"type": "basic", "username": "{{secrets.USER}}", "password": "{{secrets.API_KEY}}"},
    )
    (received,) = service.received
    assert received.query == [("key", SECRET)]
    assert received.headers["X-Key"] == SECRET
    assert json.loads(received.body) == {"nested": [f"my {SECRET} here"], "user": "ann@example.com"}
    basic = b64encode(f"ann@example.com:{SECRET}".encode()).decode()
    assert received.headers["Authorization"] == f"Basic {basic}"
    text = json.dumps(told, default=str)
    for hidden in (SECRET, json.dumps(SECRET)[1:-1], basic, b64encode(SECRET.encode()).decode(), "ann@example.com"):
        assert hidden not in text
    assert "my [redacted] here" in text


def test_a_numeric_secret_does_not_come_back_as_a_number(service: WebService, context: ActionContext) -> None:
    """Its digits are what is secret."""
    service.answers["/"] = Answer(body={"pin": 918273, "other": 1})
    numeric = replace(context, config={**context.config, "secrets.PIN": "918273"})
    told = call(numeric, url=service.url("/"), headers={"X-Pin": "{{secrets.PIN}}"})
    assert told["answer"]["body"] == {"pin": "[redacted]", "other": Decimal(1)}


def test_messages_tell_no_secret(service: WebService, context: ActionContext) -> None:
    """Whatever fails: a host, a header, an address, a BPMN error made of the answer."""
    service.answers["/"] = Answer(status=400, body={"sent": SECRET})
    echoing = failing(context, 'bpmnError("E", response.body.sent)')
    secret = "{{secrets.API_KEY}}"
    for inputs in (
        {"url": f"http://{secret}.example/"},
        {"url": f"http://127.0.0.1:{free_port()}/{secret}"},
        {"url": f"{secret}"},
        {"url": service.url("/x"), "headers": {"X": f"\n{secret}"}},
        {"url": service.url("/x"), "headers": {secret: "x"}},
        {"url": service.url("/")},
    ):
        with pytest.raises((DataProblem, PolicyProblem, TransientProblem, BpmnError)) as caught:
            call(echoing, **{"headers": {"X-Key": secret}, **inputs})
        assert SECRET not in f"{caught.value} {caught.value.args}"


def test_an_unknown_secret_stops_the_case(service: WebService, context: ActionContext) -> None:
    """Nothing is sent in its place."""
    with pytest.raises(DataProblem, match="Expected the secret NOPE"):
        call(context, url=service.url("/"), headers={"X-Key": "{{secrets.NOPE}}"})
    assert service.received == []


@pytest.mark.parametrize("where", ["{{secrets.API_KEY}}", ["x", {"y": "{{ secrets.API_KEY"}], {"{{secrets.A}}": 1}])
def test_data_cannot_ask_for_a_secret(service: WebService, context: ActionContext, where: object) -> None:
    """A reference that came in with the data of a case is not resolved, and nothing is sent."""
    given = replace(context, variables={"message": where})
    with pytest.raises(PolicyProblem, match='the variable "message" names one'):
        call(given, method="POST", url=service.url("/"), body={"text": "{{secrets.API_KEY}}"})
    assert service.received == []
