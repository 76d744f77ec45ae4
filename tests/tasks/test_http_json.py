"""The connector io.camunda:http-json:1 against web services on this machine."""

import gzip
import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.handlers import ActionContext, BpmnError, DataProblem, PolicyProblem, TransientProblem
from tasks.http_json import call_web_service
from tests.tasks.certificates import Certificates
from tests.tasks.web_service import Answer, WebService, free_port, web_service

SECRET = "s3cr3t/+ &value"  # every encoding of it looks different


@pytest.fixture
def service() -> Iterator[WebService]:
    with web_service() as running:
        yield running


@pytest.fixture
def context() -> ActionContext:
    return ActionContext(
        idempotency_key="job-1",
        job_id="job-1",
        attempt=1,
        instance_id="instance-1",
        process_id="onboarding",
        trace_id="trace-1",
        started_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        timeout_seconds=20,
        config={"http.allowed_hosts": "127.0.0.1", "secrets.api_key": SECRET, "secrets.USER": "ann@example.com"},
        headers={"resultVariable": "answer"},
        variables={"minimum": Decimal(10)},
        retries=3,
    )


def call(context: ActionContext, **inputs: object) -> dict[str, Any]:
    return call_web_service.perform(inputs, context)


def asked(context: ActionContext, **inputs: object) -> dict[str, Any]:
    """What the service was asked, as it tells it itself."""
    told = call(context, **inputs)["answer"]["body"]["asked"]
    assert isinstance(told, dict)
    return told


# --- what is sent ---


def test_a_get_has_its_query_and_headers(service: WebService, context: ActionContext) -> None:
    """Parameters join those of the address, lists repeat, null is left out, numbers are texts, a body is not sent."""
    call(
        context,
        method="get",
        url=service.url("/orders?page=1&old=x"),
        queryParameters={"page": Decimal(2), "tag": ["a b", "ü"], "none": None},
        headers={"X-Tenant": Decimal(7), "X-None": None},
        body={"ignored": True},
    )
    (received,) = service.received
    assert (received.method, received.path, received.body) == ("GET", "/orders", "")
    assert received.query == [("old", "x"), ("page", "2"), ("tag", "a b"), ("tag", "ü")]
    assert received.headers["X-Tenant"] == "7"
    assert "X-None" not in received.headers
    assert "Idempotency-Key" not in received.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_context_is_sent_as_json(service: WebService, context: ActionContext, method: str) -> None:
    """Numbers keep their digits; nulls go along unless they are to be ignored; every attempt has the job's key."""
    body = {"amount": Decimal("35.10"), "note": None, "lines": [{"sku": "A", "note": None}]}
    sent = asked(context, method=method, url=service.url("/orders"), body=body)
    assert sent["body"] == '{"amount":35.10,"note":null,"lines":[{"sku":"A","note":null}]}'
    assert sent["headers"]["Content-Type"] == "application/json"
    assert sent["headers"]["Idempotency-Key"] == "job-1"
    sent = asked(context, method=method, url=service.url("/orders"), body=body, ignoreNullValues="true")
    assert json.loads(sent["body"]) == {"amount": 35.1, "lines": [{"sku": "A"}]}


def test_texts_and_forms_are_sent_as_the_headers_say(service: WebService, context: ActionContext) -> None:
    """A text goes as it is; a context becomes a form, or the parts of one."""
    url = service.url("/orders")
    assert asked(context, method="POST", url=url, body="<x/>", headers={"content-type": "text/xml"})["body"] == "<x/>"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert asked(context, method="POST", url=url, body={"a": "1 2", "b": None, "c": Decimal(3)}, headers=form)[
        "body"
    ] == ("a=1+2&c=3")
    parts = asked(context, method="POST", url=url, body={"a": "ü"}, headers={"Content-Type": "multipart/form-data"})
    assert 'name="a"\r\n\r\nü\r\n' in parts["body"]
    assert parts["headers"]["Content-Type"].startswith("multipart/form-data; boundary=")


def test_authentication(service: WebService, context: ActionContext) -> None:
    """Basic, bearer and a key in a header or the query, each as its type says."""

    def sent(**authentication: object) -> WebService:
        call(context, url=service.url("/me"), authentication=authentication)
        return service

    basic = b64encode(b"ann:pass").decode()
    assert sent(type="noAuth").received[-1].headers.get("Authorization") is None
    assert sent(type="basic", username="ann", password="pass").received[-1].headers["Authorization"] == f"Basic {basic}"
    assert sent(type="bearer", token="t0k").received[-1].headers["Authorization"] == "Bearer t0k"
    assert sent(type="apiKey", apiKeyLocation="headers", name="X-Key", value="k").received[-1].headers["X-Key"] == "k"
    assert sent(type="apiKey", apiKeyLocation="query", name="key", value="k").received[-1].query == [("key", "k")]


@pytest.mark.parametrize("how", ["basicAuthHeader", "credentialsBody"])
def test_client_credentials_bring_a_token(service: WebService, context: ActionContext, how: str) -> None:
    """The token endpoint is asked first, in either way; the token goes along and does not come back."""
    service.answers["/token"] = Answer(body={"access_token": "fresh-token", "expires_in": 60})
    authentication = {
        "type": "oauth-client-credentials-flow",
        "oauthTokenEndpoint": service.url("/token"),
        "clientId": "me",
        "clientSecret": "{{secrets.API_KEY}}",
        "audience": "orders",
        "scopes": "read write",
        "clientAuthentication": how,
    }
    told = call(context, url=service.url("/me"), authentication=authentication)
    token, me = service.received
    form = dict(pair.split("=") for pair in token.body.split("&"))
    assert (form["grant_type"], form["audience"], form["scope"]) == ("client_credentials", "orders", "read+write")
    assert ("client_secret" in form) is (how == "credentialsBody")
    assert ("Authorization" in token.headers) is (how == "basicAuthHeader")
    assert me.headers["Authorization"] == "Bearer fresh-token"
    assert "fresh-token" not in json.dumps(told, default=str)


def test_a_refused_token_is_a_policy_problem(service: WebService, context: ActionContext) -> None:
    """Without a token nothing is asked; the error expression sees the status."""
    service.answers["/token"] = Answer(status=401)
    refresh = {
        "type": "oauth-refresh-token",
        "oauthTokenEndpoint": service.url("/token"),
        "clientId": "me",
        "refreshToken": "r",
    }
    with pytest.raises(PolicyProblem, match="gave no token"):
        call(context, url=service.url("/me"), authentication=refresh)
    caught = replace(
        context, headers={"errorExpression": '=if error.code = "401" then bpmnError("NO", "no") else null'}
    )
    with pytest.raises(BpmnError, match="NO"):
        call(caught, url=service.url("/me"), authentication=refresh)
    assert {each.path for each in service.received} == {"/token"}


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"url": "ftp://127.0.0.1/x"}, "http"),
        ({"url": "//127.0.0.1/x"}, "http"),
        ({"url": "http://ann:pw@127.0.0.1/x"}, "user name"),
        ({}, "url"),
        ({"url": "http://127.0.0.1/", "method": "TRACE"}, "method"),
        ({"url": "http://127.0.0.1/", "headers": {"Host": "internal"}}, "it is the connector's"),
        ({"url": "http://127.0.0.1/", "headers": {"transfer-encoding": "chunked"}}, "it is the connector's"),
        ({"url": "http://127.0.0.1/", "headers": {"X-A": "1\r\nX-B: 2"}}, "plain characters"),
        ({"url": "http://127.0.0.1/", "headers": {"X A": "1"}}, "name of a header"),
        ({"url": "http://127.0.0.1/", "authentication": {"type": "ntlm"}}, "authentication"),
        ({"url": "http://127.0.0.1/", "authentication": {"type": "bearer", "token": "a\nb"}}, "plain characters"),
        ({"url": "http://127.0.0.1/", "documentReturnFormat": {"choice": "DOCUMENT"}}, "documentReturnFormat"),
        ({"url": "http://127.0.0.1/", "clientTls": {"clientCertificate": "---"}}, "clientTls"),
        ({"url": "http://127.0.0.1/", "authenticationConfiguration": "shared"}, "authenticationConfiguration"),
    ],
)
def test_what_cannot_be_sent_is_a_data_problem(context: ActionContext, inputs: dict[str, object], message: str) -> None:
    """An input that does not fit, or that this connector does not know, stops the case before anything is sent."""
    with pytest.raises(DataProblem, match=message):
        call(context, **inputs)


# --- what comes back ---


def test_result_variable_and_expression(service: WebService, context: ActionContext) -> None:
    """The variable holds status, headers and body; the expression sees these and the process variables."""
    service.answers["/orders"] = Answer(status=201, body={"id": 17, "total": 12.5}, headers={"Location": "/orders/17"})
    headers = {
        "resultVariable": "answer",
        "resultExpression": "= {orderId: response.body.id, dear: response.body.total > minimum, at: now()}",
    }
    told = call(replace(context, headers=headers), method="POST", url=service.url("/orders"), body={})
    assert told["answer"]["status"] == Decimal(201)
    assert told["answer"]["headers"]["Location"] == "/orders/17"
    assert told["answer"]["body"] == {"id": Decimal(17), "total": Decimal("12.5")}
    assert (told["orderId"], told["dear"], told["at"]) == (Decimal(17), True, "2026-01-05T09:00:00Z")


def test_without_headers_nothing_is_set(service: WebService, context: ActionContext) -> None:
    """No result variable and no expression: the process keeps its variables."""
    assert call(replace(context, headers={}), url=service.url("/")) == {}


@pytest.mark.parametrize(
    ("answer", "choice", "body"),
    [
        (Answer(body=""), "JSON", None),
        (Answer(body="plain", headers={"Content-Type": "text/plain"}), "JSON", "plain"),
        (Answer(body='[1, "2"]', headers={"Content-Type": "text/plain"}), "JSON", [Decimal(1), "2"]),
        (Answer(body="{broken"), "JSON", "{broken"),
        (Answer(body='{"a": NaN}'), "JSON", '{"a": NaN}'),
        (Answer(body='{"a": "\\ud800"}'), "JSON", '{"a": "\\ud800"}'),
        (Answer(body="[" * 5000 + "]" * 5000), "JSON", "[" * 5000 + "]" * 5000),
        (Answer(body='{"a": 1}'), "TEXT", '{"a": 1}'),
        (Answer(body="ü".encode("latin-1"), headers={"Content-Type": "text/plain; charset=latin-1"}), "JSON", "ü"),
        (Answer(body=b"\xff", headers={"Content-Type": "text/plain; charset=none-such"}), "JSON", "\ufffd"),
        (Answer(body=gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"}), "JSON", {"a": Decimal(1)}),
    ],
    ids=[
        "empty",
        "text",
        "json in disguise",
        "broken",
        "NaN",
        "half a character",
        "too deep",
        "TEXT",
        "latin",
        "?",
        "gzip",
    ],
)
def test_bodies(service: WebService, context: ActionContext, answer: Answer, choice: str, body: object) -> None:
    """JSON becomes a value, everything that a variable cannot hold stays text."""
    service.answers["/"] = answer
    assert call(context, url=service.url("/"), documentReturnFormat={"choice": choice})["answer"]["body"] == body


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"x" * 5000, {}), (gzip.compress(b"x" * 1_000_000), {"Content-Encoding": "gzip"})],
    ids=["long", "bomb"],
)
def test_an_answer_is_bounded(
    service: WebService, context: ActionContext, body: bytes, headers: dict[str, str]
) -> None:
    """More bytes than configured stop the case, counted after decompression."""
    bounded = replace(context, config={**context.config, "http.max_response_bytes": "4000"})
    service.answers["/"] = Answer(body=body, headers=headers)
    with pytest.raises(DataProblem, match="at most 4000 bytes"):
        call(bounded, url=service.url("/"))


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (400, DataProblem),
        (404, DataProblem),
        (401, PolicyProblem),
        (403, PolicyProblem),
        (429, TransientProblem),
        (500, TransientProblem),
        (503, TransientProblem),
    ],
)
def test_a_failed_status_has_its_class(
    service: WebService, context: ActionContext, status: int, problem: type[Exception]
) -> None:
    """Ours to correct, a missing right, or worth trying again; one host that is down is not all of the web."""
    service.answers["/"] = Answer(status=status, headers={"Retry-After": "7"})
    with pytest.raises(problem, match=f"127.0.0.1 answered {status}") as caught:
        call(replace(context, headers={"retryBackoff": "PT3S"}), url=service.url("/"))
    if isinstance(caught.value, TransientProblem):
        assert caught.value.retry_after_seconds == 7


def test_nobody_listening_and_a_broken_answer_are_transient(context: ActionContext) -> None:
    """What was asked may have been done: the next attempt has the diagram's pause and the same key."""
    with pytest.raises(TransientProblem, match=r"127\.0\.0\.1") as caught:
        call(replace(context, headers={"retryBackoff": "PT45S"}), url=f"http://127.0.0.1:{free_port()}/")
    assert caught.value.retry_after_seconds == 45


def test_an_answer_that_drips_is_cut(service: WebService, context: ActionContext) -> None:
    """No single wait is long, and still the call ends within the attempt's time; the expression sees a 408."""
    short = replace(context, timeout_seconds=0.5)
    with pytest.raises(TransientProblem, match=r"within 0\.45 seconds"):
        call(short, url=service.url("/drips"))
    caught = replace(short, headers={"errorExpression": 'if error.code = "408" then bpmnError("LATE", "") else null'})
    with pytest.raises(BpmnError, match="LATE"):
        call(caught, url=service.url("/drips"))


# --- error expressions ---


def failing(context: ActionContext, expression: str) -> ActionContext:
    return replace(context, headers={"errorExpression": expression, "retryBackoff": "PT30S"})


def test_an_error_expression_makes_a_bpmn_error(service: WebService, context: ActionContext) -> None:
    """By the failure's code, and by an answer that is none; its variables go along."""
    service.answers["/"] = Answer(status=404, body={"why": "gone"})
    expression = (
        '= if error.code = "404" then bpmnError("GONE", error.variables.response.body.why, {n: minimum}) else null'
    )
    with pytest.raises(BpmnError) as caught:
        call(failing(context, expression), url=service.url("/"))
    assert (caught.value.code, caught.value.message, caught.value.variables) == ("GONE", "gone", {"n": Decimal(10)})
    service.answers["/"] = Answer(body={"humidity": -1})
    with pytest.raises(BpmnError, match="200: BAD"):
        call(
            failing(context, 'if response.body.humidity < 0 then bpmnError(string(response.status), "BAD") else null'),
            url=service.url("/"),
        )


def test_an_error_expression_fails_the_job(service: WebService, context: ActionContext) -> None:
    """With retries and a pause, with the diagram's pause, and with no retry left: then the case stops."""
    service.answers["/"] = Answer(status=500)
    with pytest.raises(TransientProblem, match="later") as caught:
        call(failing(context, 'jobError("later", {}, job.retries - 1, @"PT5S")'), url=service.url("/"))
    assert (caught.value.retries, caught.value.retry_after_seconds) == (2, 5)
    with pytest.raises(TransientProblem, match="later") as caught:
        call(failing(context, 'jobError(message: "later")'), url=service.url("/"))
    assert (caught.value.retries, caught.value.retry_after_seconds) == (None, 30)
    with pytest.raises(DataProblem, match="never") as stopped:
        call(failing(context, 'jobError("never", {order: 17}, 0)'), url=service.url("/"))
    assert stopped.value.problems == {"$.order": "17"}


def test_an_error_expression_may_see_no_error(service: WebService, context: ActionContext) -> None:
    """Null lets the answer be what it is: a result, or the failure of its class."""
    expression = 'if error != null and error.code = "404" then bpmnError("GONE", "") else null'
    told = call(replace(context, headers={"errorExpression": expression, "resultVariable": "a"}), url=service.url("/"))
    assert told["a"]["status"] == Decimal(200)
    service.answers["/"] = Answer(status=403)
    with pytest.raises(PolicyProblem):
        call(failing(context, expression), url=service.url("/"))


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"resultExpression": "= {a: "}, "mistake"),
        ({"errorExpression": "if then"}, "mistake"),
        ({"retryBackoff": "soon"}, "duration"),
    ],
)
def test_a_mistake_in_a_header_is_found_before_the_effect(
    service: WebService, context: ActionContext, headers: dict[str, str], message: str
) -> None:
    """Nothing is sent if what follows from the answer cannot be said."""
    with pytest.raises(DataProblem, match=message):
        call(replace(context, headers=headers), method="POST", url=service.url("/"), body={})
    assert service.received == []


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({"resultExpression": "response.status"}, "Expected a context from resultExpression, but found 200"),
        ({"errorExpression": '"oops"'}, "Expected bpmnError"),
        ({"errorExpression": "bpmnError(1)"}, "bpmnError"),
        ({"errorExpression": 'bpmnError("A", "b", 3)'}, "context of variables"),
        ({"errorExpression": "noSuch(1)"}, "Expected a function"),
    ],
)
def test_an_expression_with_a_useless_value_is_told(
    service: WebService, context: ActionContext, headers: dict[str, str], message: str
) -> None:
    """What an expression's author got wrong is said with the expression's name."""
    with pytest.raises(DataProblem, match=message):
        call(replace(context, headers=headers), url=service.url("/"))


# --- where it goes ---


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
