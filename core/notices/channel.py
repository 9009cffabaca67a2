"""What delivery needs from a channel: the outside is behind these names, so that jobs know no LINE and no SMTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.cards import Answer
from core.notices.models import Via


class Outcome(StrEnum):
    """What became of one try to send. LINE's 200 is *accepted*, never *delivered*."""

    ACCEPTED = "accepted"
    ACCEPTED_BEFORE = "accepted_before"
    """LINE knows the retry key already (409): an earlier try was accepted."""
    TOKEN_DEAD = "token_dead"  # noqa: S105 (a state, not a password)
    """The reply token is used or too old, and nothing was said: a push may follow."""
    AMBIGUOUS = "ambiguous"
    """Nobody knows whether it was accepted: time-out, reset, 5xx. A push is retried with its key, a reply is not."""
    UNREACHED = "unreached"
    """The connection was never made: certainly not accepted."""
    RATE = "rate"
    """Too fast for the channel as a whole: slow down."""
    QUOTA = "quota"
    """The month's paid messages are spent: go by mail."""
    SAME_PERSON = "same_person"
    """Too many messages to this one person: later."""
    REFUSED = "refused"
    """LINE will never take this body or this recipient."""
    CLOSED = "closed"
    """The channel itself is shut to us (401, 403): stop, keep everything, raise the alarm."""
    FAILED = "failed"
    """It failed here before anything left: what is stored cannot be read or drawn, or the program is at fault."""


NOT_OUT = frozenset(
    {
        Outcome.TOKEN_DEAD,
        Outcome.UNREACHED,
        Outcome.RATE,
        Outcome.QUOTA,
        Outcome.SAME_PERSON,
        Outcome.REFUSED,
        Outcome.CLOSED,
        Outcome.FAILED,
    }
)
"""After these, this one try was certainly not accepted."""


@dataclass(frozen=True)
class Sent:
    """The outcome of one try; ``detail`` is for the log and holds no personal data, ``request_id`` is LINE's."""

    outcome: Outcome
    detail: str = ""
    request_id: str = ""


@dataclass(frozen=True)
class Fill:
    """What is filled into a card only when it is sent: neither is ever stored as a card."""

    link_url: Callable[[], str]
    """The address of the binding page, with a fresh link token."""
    code: Callable[[str], str]
    """The one-time password of a challenge (OTP-7)."""
    why_mail: str = ""
    """Why it comes as an e-mail, for its foot; empty: whoever wrote it meant a mailbox."""
    page_url: Callable[[str], str] = str
    """The whole address of one of this server's pages, by its path; a path alone is no address and is not sent."""


class Unsent(ConnectionError):
    """LINE gave no link token, so the card was not sent; ``sent`` says why."""

    def __init__(self, sent: Sent) -> None:
        super().__init__(f"LINE gave no link token: {sent.detail}")
        self.sent = sent


@dataclass(frozen=True)
class Request:
    """One request to LINE, as bytes that are the same on every try. Replies have no retry key: LINE takes none."""

    number: int
    """What whoever posts it knows it by."""
    via: Via
    body: bytes
    retry_key: UUID | None = None


Done = Callable[[Request, Sent], None]
"""Hears what became of a request; called from any thread."""


class LineDoor(Protocol):
    """The LINE platform, as delivery sees it."""

    def draw(self, answer: Answer, fill: Fill) -> tuple[bytes, ...]:
        """Return the LINE messages of an answer, each as JSON; raises ``ValueError`` when one breaks LINE's limits."""

    def reply(self, token: str, messages: Sequence[bytes]) -> bytes:
        """Return the body that answers with a reply token: free, once, within a minute."""

    def push(self, line_user_ids: Sequence[str], messages: Sequence[bytes]) -> bytes:
        """Return the body that pushes to one person, or the same to several: paid, with a retry key for 24 hours."""

    def post(self, requests: Sequence[Request], done: Done) -> None:
        """Post many requests side by side and return at once; each is answered by one call of ``done``."""

    def link_token(self, line_user_id: str) -> str:
        """Return a fresh account-link token for this person; raises ``Unsent`` when LINE gives none."""


@dataclass(frozen=True)
class Mail:
    """One e-mail, drawn: plain text is always there, HTML beside it."""

    subject: str
    text: str
    html: str


class MailDoor(Protocol):
    """The mail server, as delivery sees it."""

    def draw(self, answer: Answer, fill: Fill) -> Mail:
        """Return the e-mail that says the same as the cards."""

    def send(self, address: str, mail: Mail, message_id: str) -> Sent:
        """Hand one e-mail to the server; the same message id may be sent again."""
