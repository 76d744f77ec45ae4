"""The connector io.camunda:http-json:1: what it sends, and what becomes of an answer."""

import gzip
import json
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal

import pytest

from app.handlers import ActionContext, BpmnError, DataProblem, PolicyProblem, TransientProblem
from tests.tasks.http_json.calls import asked, call, failing
from tests.tasks.web_service import Answer, WebService, free_port


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
