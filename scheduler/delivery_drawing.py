"""Drawing the requests of a batch: what is ready to leave, what must go apart, and what failed before it left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import structlog

from core.accounts import links
from core.cards import MAX_MESSAGES
from core.context import Context, Core
from core.notices.channel import Fill, LineDoor, Mail, MailDoor, Outcome, Request, Sent, Unsent
from core.notices.claiming import Claim
from core.notices.models import Via
from core.notices.notices import BY_MAIL
from core.notices.settling import Tried
from core.otp.service import code_of

LINK = '"account_link"'  # as the stored form writes the button of a binding page
CERTAIN = (Outcome.CLOSED, Outcome.RATE, Outcome.REFUSED)
"""What LINE says to a request for a link token is said of the channel or the person; all else is tried again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Drawn:
    """One request, ready to leave: its bytes for LINE, or an e-mail."""

    claim: Claim
    body: bytes = b""
    mail: Mail | None = None
    kept: bytes | None = None
    """The bytes as they are stored for a retry; None where a code is in them, or none is made."""

    def request(self) -> Request:
        """Return it as LINE's door takes it."""
        key = None if self.claim.via is Via.REPLY else self.claim.retry_key
        return Request(self.claim.notice_id, self.claim.via, self.body, key)

    def too_late(self) -> Tried:
        """Return its fate if it waited too long behind others: it was certainly not sent."""
        outcome = Outcome.TOKEN_DEAD if self.claim.via is Via.REPLY else Outcome.UNREACHED
        return Tried(self.claim, Sent(outcome, "waited"))


@dataclass
class Drawing:
    """A batch, drawn."""

    ready: list[Drawn] = field(default_factory=list)
    apart: list[Claim] = field(default_factory=list)
    """Several notices that do not fit into one request, or of which one cannot be drawn."""
    failed: list[Tried] = field(default_factory=list)
    linked: list[Claim] = field(default_factory=list)
    """Still to be drawn: LINE must be asked for a link token first."""

    def kept(self) -> list[tuple[Claim, bytes | None]]:
        """Return what is ready, as it is written down before it leaves."""
        return [(each.claim, each.kept) for each in self.ready]


def has_link(claim: Claim) -> bool:
    """Return whether LINE must be asked for a link token before this can be drawn: never within a transaction."""
    if not claim.is_alone or claim.via is Via.MAIL:
        return False
    return any(LINK in part.answer.to_json() for part in claim.parts)


@dataclass(frozen=True)
class Pens:
    """What drawing needs: the doors that know how, and what is filled in only now."""

    core: Core
    line: LineDoor
    mail: MailDoor
    public_url: str
    transaction: Callable[[], AbstractContextManager[Context]]

    def draw(self, claim: Claim, drawing: Drawing) -> None:
        """Draw a request into its batch; whatever it meets, those behind it are drawn."""
        try:
            drawing.ready.append(self._drawn(claim))
        except Exception as error:  # noqa: BLE001 (nothing of it left this house)
            self._note(drawing, claim, error)

    def _note(self, drawing: Drawing, claim: Claim, error: Exception) -> None:
        if len(claim.parts) > 1:
            drawing.apart.append(claim)
            return
        sent = _why_not(error)
        if sent.outcome is Outcome.FAILED or isinstance(error, ValueError):
            log.error("notice.undrawable", notice=claim.notice_id, error=type(error).__name__)
        drawing.failed.append(Tried(claim, sent))

    def _drawn(self, claim: Claim) -> Drawn:
        if claim.body is not None:
            return Drawn(claim, claim.body, kept=claim.body)
        first = claim.parts[0].answer
        if claim.via is Via.MAIL:
            return Drawn(claim, mail=self.mail.draw(first, self._fill(claim)))
        shown = claim.parts[:1] if claim.via is Via.MULTICAST else claim.parts
        messages = [each for part in shown for each in self.line.draw(part.answer, self._fill(claim))]
        if len(messages) > MAX_MESSAGES:
            raise ValueError("too many messages for one request")
        if claim.via is Via.REPLY:
            return Drawn(claim, self.line.reply(claim.reply_token, messages))
        people = claim.parts if claim.via is Via.MULTICAST else shown[:1]
        body = self.line.push([part.line_user for part in people], messages)
        return Drawn(claim, body, kept=None if claim.is_alone and first.carries_code() else body)

    def _fill(self, claim: Claim) -> Fill:
        return Fill(
            link_url=lambda: self._link_url(claim),
            code=lambda challenge: code_of(self.core.vault, challenge),
            page_url=lambda path: f"{self.public_url}{path}",
            why_mail=BY_MAIL[claim.why_mail] if claim.why_mail else "",
        )

    def _link_url(self, claim: Claim) -> str:
        token = self.line.link_token(claim.parts[0].line_user)
        with self.transaction() as ctx:
            links.remember_link_token(ctx, claim.person, token)
        return f"{self.public_url}/link?{urlencode({'linkToken': token})}"


def _why_not(error: Exception) -> Sent:
    if isinstance(error, Unsent):
        is_certain = error.sent.outcome in CERTAIN
        return Sent(error.sent.outcome if is_certain else Outcome.UNREACHED, f"link token {error.sent.detail}")
    if isinstance(error, ValueError):
        return Sent(Outcome.REFUSED, "undrawable")
    return Sent(Outcome.FAILED, type(error).__name__)
