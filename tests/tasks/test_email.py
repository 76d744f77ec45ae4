"""The connector io.camunda:email:1 against mail servers on this machine."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.handlers import ActionContext, BpmnError, DataProblem, PolicyProblem, TransientProblem
from tasks.email import send_mail
from tests.tasks.certificates import Certificates
from tests.tasks.mail_server import MailServer, mail_server
from tests.tasks.web_service import free_port


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
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
        config={"email.allowed_hosts": "127.0.0.1 localhost", "secrets.MAIL_PASSWORD": "s3cr3t-pass"},
        headers={"resultVariable": "mail", "retryBackoff": "PT40S"},
    )


def inputs(port: int, *, host: str = "127.0.0.1", protocol: str = "NONE", **action: object) -> dict[str, Any]:
    mail = {"from": "Ann <ann@example.com>", "to": "bob@example.org", "subject": "Hello", "body": "Hi Bob.", **action}
    return {
        "protocol": "smtp",
        "authentication": {"type": "noAuth"},
        "data": {
            "smtpActionDiscriminator": "sendEmailSmtp",
            "smtpAction": mail,
            "smtpConfig": {"smtpHost": host, "smtpPort": Decimal(port), "smtpCryptographicProtocol": protocol},
        },
    }


LOGIN = {"authentication": {"type": "simple", "username": "ann", "password": "{{secrets.MAIL_PASSWORD}}"}}


# --- what is sent ---


def test_a_mail_is_sent_to_everybody(server: MailServer, context: ActionContext) -> None:
    """Names and lists, copies and hidden copies; the hidden ones are in no header; the diagram's headers are."""
    told = send_mail.perform(
        inputs(
            server.port,
            to=["bob@example.org", "Cy <cy@example.org>"],
            cc="dee@example.org, eve@example.org",
            bcc="bob@example.org,fay@example.org",
            headers={"Reply-To": "desk@example.com", "X-Case": Decimal(17), "X-None": None},
            subject="Grüße",
            body="Hallo Bob,\n.\nbis bald.\n",
        ),
        context,
    )
    (delivery,) = server.delivered
    message = delivery.message
    assert delivery.sender == "ann@example.com"
    assert delivery.recipients == [f"{name}@example.org" for name in ("bob", "cy", "dee", "eve", "fay")]
    assert (message["From"], message["Subject"], message["Cc"]) == (
        "Ann <ann@example.com>",
        "Grüße",
        "dee@example.org, eve@example.org",
    )
    assert (message["Reply-To"], message["X-Case"], message["X-None"]) == ("desk@example.com", "17", None)
    assert b"fay" not in delivery.content
    assert message.get_content().splitlines() == ["Hallo Bob,", ".", "bis bald."]
    assert message["Date"] == "Mon, 05 Jan 2026 09:00:00 +0000"
    assert told == {"mail": {"sent": True, "subject": "Grüße", "messageId": "<job-1@example.com>"}}


def test_every_attempt_sends_the_same_message(server: MailServer, context: ActionContext) -> None:
    """A second copy can be recognised by its Message-ID."""
    send_mail.perform(inputs(server.port), context)
    send_mail.perform(inputs(server.port), replace(context, attempt=2))
    first, second = server.delivered
    assert first.message["Message-ID"] == second.message["Message-ID"] == "<job-1@example.com>"


def test_html_and_both_and_attachments(server: MailServer, context: ActionContext) -> None:
    """HTML alone, text with an HTML alternative, and a text that goes along as a file."""
    send_mail.perform(inputs(server.port, contentType="HTML", body="", htmlBody="<p>Hi</p>"), context)
    attachment = {"camunda.document.type": "inline", "content": "a;b", "name": "list.csv", "contentType": "text/csv"}
    send_mail.perform(
        inputs(server.port, contentType="MULTIPART", htmlBody="<p>Hi</p>", attachments=[attachment]), context
    )
    html, both = (delivery.message for delivery in server.delivered)
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p>Hi</p>")
    text, alternative = (both.get_body([kind]) for kind in ("plain", "html"))
    assert text is not None
    assert alternative is not None
    assert (text.get_content().strip(), alternative.get_content().strip()) == ("Hi Bob.", "<p>Hi</p>")
    (file,) = both.iter_attachments()
    assert (file.get_filename(), file.get_content_type(), file.get_payload(decode=True)) == (
        "list.csv",
        "text/csv",
        b"a;b",
    )


def test_result_expression(server: MailServer, context: ActionContext) -> None:
    """The answer is the message's number."""
    picking = replace(context, headers={"resultExpression": "={id: response.messageId}"})
    assert send_mail.perform(inputs(server.port), picking) == {"id": "<job-1@example.com>"}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"to": ""}, "recipient"),
        ({"to": "nobody"}, "mail addresses in to"),
        ({"to": "a@b.example\r\nRCPT TO:<x@y.example>"}, "one line in to"),
        ({"bcc": ["a@b.example\nBcc: x@y.example"]}, "one line"),
        ({"from": "a@b.example, c@d.example"}, "one sender"),
        ({"subject": "one\r\nBcc: x@y.example"}, "one line in subject"),
        ({"headers": {"Bcc": "x@y.example"}}, "no header"),
        ({"headers": {"content-type": "x"}}, "no header"),
        ({"headers": {"X-A": "1\r\nBcc: x@y.example"}}, "one line"),
        ({"headers": {"X A": "1"}}, "no header"),
        ({"to": [f"a{number}@b.example" for number in range(101)]}, "at most 100 recipients"),
        ({"attachments": [{"camunda.document.type": "external", "url": "http://x/"}]}, "attachments"),
    ],
)
def test_what_cannot_be_sent_is_a_data_problem(
    server: MailServer, context: ActionContext, action: dict[str, object], message: str
) -> None:
    """No second recipient and no header slips in through the data of a case; nothing is sent."""
    with pytest.raises(DataProblem, match=message):
        send_mail.perform(inputs(server.port, **action), context)
    assert server.delivered == []


@pytest.mark.parametrize("protocol", ["imap", "pop3"])
def test_reading_mailboxes_is_refused(context: ActionContext, protocol: str) -> None:
    """By the name of the protocol."""
    with pytest.raises(DataProblem, match=r"\$\.protocol"):
        send_mail.perform(inputs(25) | {"protocol": protocol}, context)


# --- encryption and sign-in ---


@pytest.mark.parametrize("protocol", ["TLS", "SSL"])
def test_encryption_comes_before_the_sign_in(certificates: Certificates, context: ActionContext, protocol: str) -> None:
    """By STARTTLS or from the first byte; the name of the server is checked, at an address that was."""
    with mail_server(tls=certificates.server, encrypted=protocol == "SSL") as server:
        send_mail.perform(inputs(server.port, host="localhost", protocol=protocol) | LOGIN, context)
        (delivery,) = server.delivered
        assert (delivery.encrypted, delivery.login) == (True, ("ann", "s3cr3t-pass"))


@pytest.mark.parametrize("protocol", ["TLS", "SSL"])
def test_a_certificate_of_another_name_is_refused(
    certificates: Certificates, context: ActionContext, protocol: str
) -> None:
    """The certificate says localhost; asked for as 127.0.0.1 nobody signs in."""
    with mail_server(tls=certificates.server, encrypted=protocol == "SSL") as server:
        with pytest.raises(TransientProblem, match="SSLCertVerificationError"):
            send_mail.perform(inputs(server.port, protocol=protocol) | LOGIN, context)
        assert server.delivered == []


def test_a_server_without_encryption_gets_no_password(server: MailServer, context: ActionContext) -> None:
    """TLS is the default, and never left out because the server does not offer it."""
    sent = inputs(server.port) | LOGIN
    del sent["data"]["smtpConfig"]["smtpCryptographicProtocol"]
    with pytest.raises(DataProblem, match="STARTTLS"):
        send_mail.perform(sent, context)
    assert server.delivered == []


def test_no_secret_comes_back(server: MailServer, context: ActionContext) -> None:
    """Neither in a result nor in what a server says of a failed sign-in, which is a policy problem."""
    secret = "{{secrets.MAIL_PASSWORD}}"
    told = send_mail.perform(inputs(server.port, subject=f"Your code: {secret}") | LOGIN, context)
    assert server.delivered[0].message["Subject"] == "Your code: s3cr3t-pass"
    assert "s3cr3t" not in json.dumps(told)
    server.replies["AUTH"] = "535 s3cr3t-pass is wrong"
    with pytest.raises(PolicyProblem, match=r"535: \[redacted\] is wrong") as caught:
        send_mail.perform(inputs(server.port) | LOGIN, context)
    assert "s3cr3t" not in str(caught.value.args)


# --- when it goes wrong ---


@pytest.mark.parametrize(
    ("command", "reply", "problem"),
    [
        ("CONNECT", "421 too busy", TransientProblem),
        ("MAIL", "550 not you", DataProblem),
        ("RCPT bob@example.org", "450 later", TransientProblem),
        ("RCPT bob@example.org", "550 unknown", DataProblem),
        ("DATA", "451 later", TransientProblem),
        ("DATA.", "554 spam", DataProblem),
        ("DATA.", "hang up", TransientProblem),
    ],
)
def test_a_refusal_has_its_class(
    server: MailServer, context: ActionContext, command: str, reply: str, problem: type[Exception]
) -> None:
    """What the server calls temporary is tried again after the diagram's pause; the rest stops the case."""
    server.replies[command] = reply
    with pytest.raises(problem) as caught:
        send_mail.perform(inputs(server.port, cc="cy@example.org"), context)
    if isinstance(caught.value, TransientProblem):
        assert caught.value.retry_after_seconds == 40
    assert server.delivered == []


def test_one_refused_recipient_means_nobody(server: MailServer, context: ActionContext) -> None:
    """A retry must not send twice to those who were taken."""
    server.replies["RCPT cy@example.org"] = "550 unknown"
    with pytest.raises(DataProblem, match="550: unknown"):
        send_mail.perform(inputs(server.port, cc="cy@example.org"), context)
    assert server.delivered == []


def test_a_rude_goodbye_is_no_failure(server: MailServer, context: ActionContext) -> None:
    """Once the message has been taken it has been sent."""
    server.replies["QUIT"] = "421 oops"
    assert send_mail.perform(inputs(server.port), context)["mail"]
    assert len(server.delivered) == 1


def test_an_error_expression_sees_the_code(server: MailServer, context: ActionContext) -> None:
    """The mail server's reply code is the error's."""
    server.replies["RCPT bob@example.org"] = "550 unknown"
    caught = replace(context, headers={"errorExpression": '=bpmnError("MAIL_" + error.code, error.message)'})
    with pytest.raises(BpmnError, match="MAIL_550: The mail server answered 550: unknown"):
        send_mail.perform(inputs(server.port), caught)


def test_nobody_listening_is_transient(context: ActionContext) -> None:
    """The server may be back soon."""
    with pytest.raises(TransientProblem, match="did not take the mail"):
        send_mail.perform(inputs(free_port()), context)


@pytest.mark.parametrize("host", ["127.0.0.2", "169.254.169.254", "mail.example.com"])
def test_a_server_that_is_not_listed_is_refused(context: ActionContext, host: str) -> None:
    """The mail connector has a list of its own."""
    with pytest.raises(PolicyProblem, match=r"email\.allowed_hosts"):
        send_mail.perform(
            inputs(25, host=host), replace(context, config={**context.config, "http.allowed_hosts": host})
        )
