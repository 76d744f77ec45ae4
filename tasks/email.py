"""The connector `io.camunda:email:1`: a mail through any SMTP server that a diagram names and an administrator lists.

Which servers: ``[tasks.email] allowed_hosts`` (none by default). Reading mailboxes (IMAP, POP3) is refused by name. A
mail cannot be read back: every attempt of one job sends the same Message-ID, so that mail systems recognise a copy.
"""

import re
import smtplib
import socket
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, getaddresses
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from app.handlers import ActionContext, ActionProblem, DataProblem, PolicyProblem, TransientProblem, action
from app.handlers.schema import read
from tasks._inputs import Inputs, Text
from tasks._outcome import TASK_HEADERS, Failure, Outcome, Variables
from tasks._outgoing import AllowList, Outgoing, tls
from tasks._secrets import Secrets

NAME = "io.camunda:email:1"
SYSTEM = "email"
STEP_SECONDS = 20.0
SHARE_OF_TIME = 0.9  # of an attempt: the rest is for telling what came of it
MOST_RECIPIENTS = 100

_ADDRESS = re.compile(r"[^\s@,;<>\"()\[\]\\]+@[A-Za-z0-9._-]+")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_OURS = frozenset({"from", "to", "cc", "bcc", "subject", "date", "message-id", "sender", "mime-version", "received"})
_POLICY = EmailPolicy(linesep="\r\n", cte_type="7bit", max_line_length=SMTP.max_line_length)


def _list(value: object) -> object:
    """ "a@x, b@y" and ["a@x", "b@y"] are the same recipients."""
    return [value] if isinstance(value, str) else value


Recipients = Annotated[list[Text], BeforeValidator(_list)]


class NoLogin(Inputs):
    type: Literal["noAuth"] = "noAuth"


class Login(Inputs):
    type: Literal["simple"]
    username: Text
    password: Text


class Attachment(Inputs):
    """A text that goes along. Documents of a document store are refused: there is none."""

    kind: Literal["inline"] = Field(alias="camunda.document.type")
    content: Text
    name: Text = "attachment.txt"
    content_type: Text = "text/plain"


class Mail(Inputs):
    sender: Text = Field(alias="from", description="One address.")
    to: Recipients = Field(default_factory=list, description="Addresses, as a list or separated by commas.")
    cc: Recipients = Field(default_factory=list)
    bcc: Recipients = Field(default_factory=list)
    headers: dict[str, Text | None] = Field(default_factory=dict)
    subject: Text = Field(default="", max_length=500)
    content_type: Literal["PLAIN", "HTML", "MULTIPART"] = "PLAIN"
    body: Text = Field(default="", max_length=1_000_000)
    html_body: Text = Field(default="", max_length=1_000_000)
    attachments: list[Attachment] = Field(default_factory=list, max_length=20)


class Server(Inputs):
    smtp_host: Text
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_cryptographic_protocol: Literal["TLS", "SSL", "NONE"] = "TLS"


class MailData(Inputs):
    smtp_action_discriminator: Literal["sendEmailSmtp"] = "sendEmailSmtp"
    smtp_action: Mail
    smtp_config: Server


class MailRequest(Inputs):
    """What is sent, to whom, through which server."""

    protocol: Literal["smtp"] = "smtp"
    authentication: Annotated[NoLogin | Login, Field(discriminator="type")] = Field(default_factory=NoLogin)
    data: MailData
    email_account_configuration: None = Field(default=None, description="There are no shared configurations.")


@action(NAME, system=SYSTEM, effect="write", timeout_seconds=80, task_headers=TASK_HEADERS)
def send_mail(request: MailRequest, context: ActionContext) -> Variables:
    """Send a mail.

    Sends one message to all its recipients or to none, through a server that an administrator has listed.
    """
    secrets = Secrets(context.config)
    outcome = Outcome.of(context)
    allowed = AllowList.of(context.config, f"{SYSTEM}.allowed_hosts")
    with secrets.kept(), Outgoing(allowed, context.timeout_seconds * SHARE_OF_TIME) as outgoing:
        named = request.model_dump(by_alias=True)
        resolved = read(MailRequest, secrets.resolve(named, context.variables), NAME)
        message = compose(resolved.data.smtp_action, context)
        try:
            _deliver(resolved, message, outgoing)
        except smtplib.SMTPResponseException as error:
            said = secrets.scrub_text(_words(error))
            raise outcome.of_failure(Failure(str(error.smtp_code), _problem(error, said))) from None
        except smtplib.SMTPNotSupportedError as error:
            raise outcome.of_failure(Failure("502", DataProblem(secrets.scrub_text(str(error))))) from None
        except (smtplib.SMTPException, OSError) as error:
            what = f"{resolved.data.smtp_config.smtp_host} did not take the mail ({type(error).__name__})."
            raise outcome.of_failure(Failure("408", TransientProblem(secrets.scrub_text(what)))) from None
        except TransientProblem as problem:
            raise outcome.paused(problem) from None
        sent = {"sent": True, "subject": str(message["Subject"]), "messageId": str(message["Message-ID"])}
        return outcome.of_answer(secrets.scrub(sent))


def compose(mail: Mail, context: ActionContext) -> EmailMessage:
    """The message. Raises `DataProblem` for addresses and headers that are none, and for a mail to nobody."""
    sender = _addresses([mail.sender], "from")
    if len(sender) != 1:
        raise DataProblem("Expected one sender.", {"$.data.smtpAction.from": "not one address"})
    if not any((mail.to, mail.cc, mail.bcc)):
        raise DataProblem("Expected a recipient, but found none.", {"$.data.smtpAction.to": "empty"})
    message = EmailMessage(policy=_POLICY)
    message["From"] = _one_line(mail.sender, "from")
    for name, recipients in (("To", mail.to), ("Cc", mail.cc)):
        _addresses(recipients, name.lower())
        if recipients:
            message[name] = _one_line(", ".join(recipients), name.lower())
    message["Subject"] = _one_line(mail.subject, "subject")
    message["Date"] = format_datetime(context.started_at)
    message["Message-ID"] = f"<{context.idempotency_key}@{_domain(sender[0])}>"
    for name, value in mail.headers.items():
        if not _HEADER.fullmatch(name) or name.lower() in _OURS or name.lower().startswith(("content-", "resent-")):
            raise DataProblem(f"Expected no header {name[:100]!r}.", {"$.data.smtpAction.headers": "not its to give"})
        if value is not None:
            message[name] = _one_line(value, f"headers.{name}")
    _fill(message, mail)
    return message


def _fill(message: EmailMessage, mail: Mail) -> None:
    if mail.content_type == "HTML":
        message.set_content(mail.html_body or mail.body, subtype="html")
    else:
        message.set_content(mail.body)
        if mail.content_type == "MULTIPART":
            message.add_alternative(mail.html_body, subtype="html")
    for each in mail.attachments:
        main, _, sub = each.content_type.partition(";")[0].strip().partition("/")
        if not (_HEADER.fullmatch(main) and re.fullmatch(r"[A-Za-z0-9.+-]+", sub)):
            raise DataProblem("Expected a type such as text/plain.", {"$.data.smtpAction.attachments": "no such type"})
        name = _one_line(each.name, "attachments.name")
        message.add_attachment(each.content.encode(), maintype=main, subtype=sub, filename=name)


def _deliver(request: MailRequest, message: EmailMessage, outgoing: Outgoing) -> None:
    """Hand the message over: to all recipients or, where the server refuses one, to nobody."""
    mail, server = request.data.smtp_action, request.data.smtp_config
    sender = _addresses([mail.sender], "from")[0]
    recipients = _addresses([*mail.to, *mail.cc, *mail.bcc], "to")
    if len(recipients) > MOST_RECIPIENTS:
        raise DataProblem(f"Expected at most {MOST_RECIPIENTS} recipients, but found {len(recipients)}.")
    connection = _Connection(server, outgoing, _domain(sender))
    try:
        if server.smtp_cryptographic_protocol == "TLS":
            _expect(connection.starttls(context=tls()))
        if isinstance(request.authentication, Login):
            connection.login(request.authentication.username, request.authentication.password)
        connection.ehlo_or_helo_if_needed()
        _expect(connection.mail(sender))
        for recipient in recipients:
            _expect(connection.rcpt(recipient))
        _expect(connection.data(message.as_bytes()))
        with suppress(smtplib.SMTPException, OSError):  # it has been taken: how the goodbye goes is no matter
            connection.quit()
    finally:
        connection.close()


class _Connection(smtplib.SMTP):
    """A conversation with a server at an address that was checked; with "SSL" encrypted from the first byte."""

    def __init__(self, server: Server, outgoing: Outgoing, own_name: str) -> None:
        self._outgoing = outgoing
        self._encrypted = server.smtp_cryptographic_protocol == "SSL"
        super().__init__(server.smtp_host, server.smtp_port, local_hostname=own_name, timeout=STEP_SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = self._outgoing.connect(host, port, timeout)
        if not self._encrypted:
            return connection
        try:
            return tls().wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise


def _expect(reply: tuple[int, bytes]) -> None:
    code, words = reply
    if not 200 <= code < 400:
        raise smtplib.SMTPResponseException(code, words)


def _words(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"The mail server answered {error.smtp_code}: {' '.join(text.split())[:300]}"


def _problem(error: smtplib.SMTPResponseException, said: str) -> ActionProblem:
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return PolicyProblem(said)
    return DataProblem(said) if error.smtp_code >= 500 else TransientProblem(said)


def _addresses(texts: list[str], field: str) -> list[str]:
    """The bare addresses of "Ann <ann@example.com>, bob@example.com". Raises `DataProblem` for anything else."""
    found = [address for _, address in getaddresses([_one_line(text, field) for text in texts])]
    if not all(_ADDRESS.fullmatch(address) and address.isascii() for address in found):
        raise DataProblem(f"Expected mail addresses in {field}.", {f"$.data.smtpAction.{field}": "no address"})
    return list(dict.fromkeys(found))


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _one_line(text: str, field: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise DataProblem(f"Expected one line in {field}.", {f"$.data.smtpAction.{field}": "has line breaks"})
    return text
