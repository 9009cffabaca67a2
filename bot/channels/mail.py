"""The mail server behind ``core.notices.channel.MailDoor``: one connection a mail, and a typed outcome of each.

A mail is certainly not accepted until its contents are sent; only what breaks off after that is ambiguous. Addresses
and header texts are checked, so that no text of a person can become a header or a second recipient.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from urllib.parse import parse_qs, unquote, urlsplit

from bot.render.mail import SENDER, draw_mail
from core.cards import Answer
from core.clock import Clock, SystemClock
from core.errors import SetupError
from core.notices.channel import Fill, Mail, Outcome, Sent

SECONDS = 15.0  # for the connection, and for each answer of the server
CONTENTS_SECONDS = 90.0  # for the answer to the contents: a server that looks through them takes long, and has them
SMTP_PORT = 25
ACCEPTED, FORWARDED = 250, 251  # how a server takes a mail, and a recipient it passes on
GOING = 421  # the server ends the connection, whatever it was asked
TEMPORARY, PERMANENT = 400, 500  # where refusals begin that may change, and those that will not
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_ID = re.compile(r"[A-Za-z0-9._-]{1,120}")


@dataclass(frozen=True)
class MailServer:
    """A mail server as its URL gives it."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    sender: str


def read_smtp_url(url: str) -> MailServer:
    """Return the server of ``smtp://[user:password@]host[:port][?starttls=1][&from=address]``.

    User and password are percent-encoded. Without ``from``, mails come from the user if that is an address, else
    from ``noreply`` at the host. Raises ``SetupError`` for anything else.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or SMTP_PORT
    except ValueError:
        raise SetupError("FRONTDOOR_SMTP_URL has no valid port: use smtp://host:port") from None
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "smtp" or not parts.hostname or options.keys() - {"starttls", "from"}:
        raise SetupError("FRONTDOOR_SMTP_URL must be smtp://[user:password@]host:port[?starttls=1]")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    sender = options.get("from") or (user if "@" in user else f"noreply@{parts.hostname}")
    if not _ADDRESS.fullmatch(sender):
        raise SetupError("FRONTDOOR_SMTP_URL gives no sender: add from=address to its query")
    return MailServer(parts.hostname, port, user, password, options.get("starttls") == "1", sender)


class MailChannel:
    """A mail door to an SMTP server. Safe to share between threads: each mail has its own connection."""

    def __init__(
        self,
        smtp_url: str,
        *,
        clock: Clock | None = None,
        seconds: float = SECONDS,
        contents_seconds: float = CONTENTS_SECONDS,
    ) -> None:
        self._server = read_smtp_url(smtp_url)
        self._clock = clock or SystemClock()
        self._seconds, self._contents_seconds = seconds, contents_seconds

    def draw(self, answer: Answer, fill: Fill) -> Mail:
        """Return the e-mail that says the same as the cards."""
        return draw_mail(answer, fill)

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        """Hand one e-mail to the server; the same message id gives the same Message-ID. Raises nothing."""
        if not _ADDRESS.fullmatch(address):
            return Sent(Outcome.REFUSED, "address")
        contents = self._compose(address, mail, message_id)
        try:
            server = smtplib.SMTP(self._server.host, self._server.port, self._domain(), timeout=self._seconds)
        except (OSError, smtplib.SMTPException) as error:
            return Sent(Outcome.UNREACHED, type(error).__name__)
        try:
            stopped = self._greet(server) or _name(server, self._server.sender, address)
            return stopped or _hand_over(server, contents, self._contents_seconds)
        finally:
            server.close()

    def _domain(self) -> str:
        return self._server.sender.partition("@")[2]

    def _compose(self, address: str, mail: Mail, message_id: str) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"] = formataddr((SENDER, self._server.sender), "utf-8")
        message["To"] = address
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(self._clock.now())
        message["Message-ID"] = f"<{_local_id(message_id)}@{self._domain()}>"
        message["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers it
        message["Content-Language"] = "zh-Hant-TW"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()

    def _greet(self, server: smtplib.SMTP) -> Sent | None:
        """Go through greeting, TLS and sign-in; return what stopped it, or nothing."""
        try:
            server.ehlo_or_helo_if_needed()
            if self._server.starttls:
                server.starttls(context=ssl.create_default_context())
            if self._server.user:
                server.login(self._server.user, self._server.password)
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code >= PERMANENT
            return Sent(Outcome.CLOSED if is_final else Outcome.RATE, str(error.smtp_code))
        except smtplib.SMTPNotSupportedError as error:
            return Sent(Outcome.CLOSED, type(error).__name__)
        except (OSError, smtplib.SMTPException) as error:
            return Sent(Outcome.UNREACHED, type(error).__name__)
        return None


def _name(server: smtplib.SMTP, sender: str, address: str) -> Sent | None:
    """Say from whom and to whom the mail is; return what stopped it, or nothing."""
    try:
        code = server.mail(sender)[0]
        if code != ACCEPTED:
            return Sent(Outcome.CLOSED if code >= PERMANENT else Outcome.RATE, f"MAIL {code}")
        code = server.rcpt(address)[0]
        if code not in {ACCEPTED, FORWARDED}:
            return Sent(_of_recipient(code), f"RCPT {code}")
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.UNREACHED, type(error).__name__)
    return None


def _hand_over(server: smtplib.SMTP, contents: bytes, seconds: float) -> Sent:
    if server.sock is not None:
        server.sock.settimeout(seconds)
    try:
        code = server.data(contents)[0]
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.AMBIGUOUS, type(error).__name__)
    return Sent(_of_contents(code), f"DATA {code}")


def _of_recipient(code: int) -> Outcome:
    """Return what it means that a recipient is not taken; a server that is about to go says nothing of this one."""
    if code == GOING:
        return Outcome.RATE
    return Outcome.REFUSED if code >= PERMANENT else Outcome.SAME_PERSON


def _of_contents(code: int) -> Outcome:
    """Return what a reply to the contents means; one that is no refusal leaves open what became of them."""
    if code == ACCEPTED:
        return Outcome.ACCEPTED
    if code < TEMPORARY:
        return Outcome.AMBIGUOUS
    return Outcome.REFUSED if code >= PERMANENT else Outcome.RATE


def _local_id(message_id: str) -> str:
    """Return a message id that may stand in a header: itself, or its digest if it has other characters."""
    return message_id if _ID.fullmatch(message_id) else hashlib.sha256(message_id.encode()).hexdigest()
