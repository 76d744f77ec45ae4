"""A mail server on this machine, for the tests of the mail connector: SMTP as far as a client sees it (RFC 5321)."""

import socketserver
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext, SSLError
from threading import Thread
from typing import cast


@dataclass
class Delivery:
    sender: str
    recipients: list[str]
    content: bytes
    encrypted: bool
    login: tuple[str, str] | None

    @property
    def message(self) -> EmailMessage:
        return cast("EmailMessage", message_from_bytes(self.content, policy=default))


@dataclass
class MailServer:
    """Keeps what was delivered. `replies` are other answers than usual, by command ("RCPT ann@x", "DATA.")."""

    port: int
    tls: SSLContext | None
    offers_tls: bool
    replies: dict[str, str] = field(default_factory=dict)
    delivered: list[Delivery] = field(default_factory=list)


@contextmanager
def mail_server(
    host: str = "127.0.0.1", tls: SSLContext | None = None, *, encrypted: bool = False
) -> Iterator[MailServer]:
    """`encrypted`: from the first byte; otherwise a server with `tls` offers STARTTLS."""
    with socketserver.ThreadingTCPServer((host, 0), _Conversation, bind_and_activate=True) as server:
        server.daemon_threads = True
        server.mail = MailServer(server.server_address[1], tls, tls is not None and not encrypted)  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.mail  # type: ignore[attr-defined]
        finally:
            server.shutdown()


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.mail: MailServer = self.server.mail  # type: ignore[attr-defined]
        self.encrypted = False
        self.login: tuple[str, str] | None = None
        self.sender, self.recipients = "", list[str]()
        try:
            if self.mail.tls is not None and not self.mail.offers_tls:
                self._encrypt()
            self._reply("CONNECT", "220 mail.test")
            while line := self.rfile.readline().decode().strip():
                command = line.split(" ")[0].upper()
                if not getattr(self, f"_{command.lower()}", self._unknown)(line):
                    return
        except (SSLError, OSError):
            return

    def _reply(self, command: str, usual: str) -> bool:
        reply = self.mail.replies.get(command, usual)
        self.wfile.write(f"{reply}\r\n".encode())
        return reply.startswith(("2", "3"))

    def _encrypt(self) -> None:
        assert self.mail.tls is not None
        self.connection = self.mail.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)  # type: ignore[assignment]
        self.encrypted = True

    def _ehlo(self, line: str) -> bool:  # noqa: ARG002 - all commands have one signature
        more = "250-STARTTLS\r\n" if self.mail.offers_tls and not self.encrypted else ""
        self._reply("EHLO", f"250-mail.test\r\n{more}250 AUTH PLAIN")
        return True

    def _starttls(self, line: str) -> bool:  # noqa: ARG002 - all commands have one signature
        self._reply("STARTTLS", "220 go on")
        self._encrypt()
        return True

    def _auth(self, line: str) -> bool:
        _, name, password = b64decode(line.split(" ")[2]).decode().split("\0")
        if self._reply("AUTH", "235 welcome"):
            self.login = (name, password)
        return True

    def _mail(self, line: str) -> bool:
        self.sender = line.partition("<")[2].partition(">")[0]
        self._reply("MAIL", "250 ok")
        return True

    def _rcpt(self, line: str) -> bool:
        recipient = line.partition("<")[2].partition(">")[0]
        if self._reply(f"RCPT {recipient}", "250 ok"):
            self.recipients.append(recipient)
        return True

    def _data(self, line: str) -> bool:  # noqa: ARG002 - all commands have one signature
        if not self._reply("DATA", "354 go on"):
            return True
        content = b""
        while (part := self.rfile.readline()) != b".\r\n":
            if not part:
                return False
            content += part.removeprefix(b".") if part.startswith(b"..") else part
        if self.mail.replies.get("DATA.") == "hang up":
            return False
        if self._reply("DATA.", "250 taken"):
            self.mail.delivered.append(
                Delivery(self.sender, self.recipients, content, encrypted=self.encrypted, login=self.login)
            )
        return True

    def _rset(self, line: str) -> bool:  # noqa: ARG002 - all commands have one signature
        return self._reply("RSET", "250 ok")

    def _quit(self, line: str) -> bool:  # noqa: ARG002 - all commands have one signature
        self._reply("QUIT", "221 bye")
        return False

    def _unknown(self, line: str) -> bool:  # noqa: ARG002 - all commands have one signature
        self.wfile.write(b"502 unknown\r\n")
        return True
