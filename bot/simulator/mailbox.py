"""The mailbox of everyone: an SMTP server on this machine that keeps what it is given, and sends nothing on."""

from __future__ import annotations

import socket
from asyncio import AbstractServer
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.clock import Clock

MAILS_MOST = 1000  # older ones are dropped: the demo may run for days
ACCEPTED = "250 Message accepted for delivery"


@dataclass(frozen=True)
class StoredMail:
    """One e-mail as it arrived; ``text`` is its plain part."""

    number: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    message_id: str
    has_html: bool


@dataclass
class Mailbox:
    """What has arrived, newest last."""

    clock: Clock
    _mails: list[StoredMail] = field(default_factory=list)
    _refusals: list[str] = field(default_factory=list)
    _count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def deliver(self, recipients: tuple[str, ...], raw: bytes) -> str:
        """Keep one e-mail and return the server's answer line."""
        parsed = message_from_bytes(raw, _class=EmailMessage, policy=default)
        with self._lock:
            if self._refusals:
                return self._refusals.pop(0)
            self._count += 1
            mail = _stored(parsed, self._count, self.clock.now(), recipients)
            self._mails.append(mail)
            del self._mails[:-MAILS_MOST]
        return ACCEPTED

    def refuse_next(self, line: str = "451 4.7.1 Greylisted, try again later") -> None:
        """Answer the next e-mail with this line instead of keeping it."""
        with self._lock:
            self._refusals.append(line)

    def mails(self, address: str = "") -> tuple[StoredMail, ...]:
        """Return the e-mails to one address (all without one), oldest first."""
        wanted = address.casefold()
        with self._lock:
            return tuple(each for each in self._mails if not wanted or wanted in _addresses(each))

    def mail(self, number: int) -> StoredMail | None:
        """Return one e-mail by its number."""
        with self._lock:
            return next((each for each in self._mails if each.number == number), None)


def _addresses(mail: StoredMail) -> set[str]:
    return {address.casefold() for address in mail.recipients}


def _stored(parsed: EmailMessage, number: int, now: datetime, recipients: tuple[str, ...]) -> StoredMail:
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    text = str(plain.get_content()) if isinstance(plain, EmailMessage) else ""
    sender, subject, message_id = (str(parsed[name] or "") for name in ("From", "Subject", "Message-ID"))
    return StoredMail(number, now, sender, recipients, subject, text, message_id, html is not None)


class _Handler:
    """Hands what aiosmtpd received to the mailbox."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        raw = envelope.content
        recipients = tuple(str(each) for each in envelope.rcpt_tos)
        return self._mailbox.deliver(recipients, raw if isinstance(raw, bytes) else b"")


class MailServer(Controller):
    """The SMTP server, on 127.0.0.1 alone; port 0 takes a free one."""

    def __init__(self, mailbox: Mailbox, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        super().__init__(
            _Handler(mailbox), hostname="127.0.0.1", port=self._socket.getsockname()[1], enable_SMTPUTF8=True
        )

    def _create_server(self) -> Coroutine[object, object, AbstractServer]:
        """Return the coroutine that listens on the socket that is bound already."""
        return self.loop.create_server(self._factory_invoker, sock=self._socket)
