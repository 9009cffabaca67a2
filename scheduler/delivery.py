"""Sending what the outbox holds: claim, draw, keep, send, settle; the network is never inside a transaction.

A batch is claimed in one transaction. People are served in parallel, the messages of one person in order. The states
and their edges are in ``core/notices/rules.py``; this module only carries out what they decide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlencode

import structlog

from core.access import system
from core.accounts import links
from core.audit import Door
from core.context import Context, Core
from core.notices import outbox
from core.notices.channel import Fill, LineDoor, MailDoor, Outcome, Sent
from core.notices.models import Via
from core.notices.outbox import Claim
from core.otp.service import code_of

ACTOR = system("delivery")
BATCH = 20  # small: something urgent waits for one batch at the most
SENDERS = 8
MESSAGE_ID_HOST = "frontdoor.invalid"

log = structlog.get_logger(__name__)


@dataclass
class Delivery:
    """The one way out. ``line`` and ``mail`` are the doors; ``public_url`` is where binding pages are."""

    core: Core
    line: LineDoor
    mail: MailDoor
    public_url: str
    _senders: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(SENDERS, "sender"), repr=False)

    def run(self, ways: Collection[Via] = tuple(Via)) -> int:
        """Send everything that is due now by these ways; return how many tries were made."""
        tries = 0
        while (batch := self._claim(ways)) is not None:
            list(self._senders.map(self._send_in_order, _by_person(batch)))
            tries += len(batch)
        return tries

    def run_line(self) -> int:
        """Send what goes by LINE; a slow mail server holds up nothing of it."""
        return self.run((Via.REPLY, Via.PUSH))

    def run_mail(self) -> int:
        """Send what goes by e-mail."""
        return self.run((Via.MAIL,))

    def close(self) -> None:
        """Let the senders finish and go."""
        self._senders.shutdown()

    def _claim(self, ways: Collection[Via]) -> tuple[Claim, ...] | None:
        with self._transaction() as ctx:
            return outbox.claim(ctx, BATCH, ways)

    def _send_in_order(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            self._send(claim)

    def _send(self, claim: Claim) -> None:
        sent = self._tried(claim) if self.core.clock.now() < claim.until else _too_late(claim)
        with self._transaction() as ctx:
            state = outbox.settle(ctx, claim, sent)
        log.info("notice.tried", notice=claim.notice_id, via=claim.via, outcome=sent.outcome, state=state)

    def _tried(self, claim: Claim) -> Sent:
        try:
            return self._by_mail(claim) if claim.via is Via.MAIL else self._by_line(claim)
        except ConnectionError:
            return Sent(Outcome.UNREACHED, "no link token")
        except ValueError as error:
            log.exception("notice.undrawable", notice=claim.notice_id, error=type(error).__name__)
            return Sent(Outcome.REFUSED, "undrawable")
        except Exception as error:  # whatever one notice meets, those behind it go on; only its fate is unknown
            log.exception("notice.failed", notice=claim.notice_id, error=type(error).__name__)
            return Sent(Outcome.AMBIGUOUS, "failed")

    def _by_line(self, claim: Claim) -> Sent:
        body = claim.body or self.line.draw(claim.answer, self._fill(claim))
        if claim.via is Via.REPLY:
            return self.line.reply(claim.reply_token, body)
        if claim.body is None and not claim.answer.carries_code():
            with self._transaction() as ctx:
                outbox.keep_body(ctx, claim, body)
        return self.line.push(claim.line_user, body, claim.retry_key)

    def _by_mail(self, claim: Claim) -> Sent:
        if not claim.address:
            return Sent(Outcome.REFUSED, "no address")
        mail = self.mail.draw(claim.answer, self._fill(claim))
        return self.mail.send(claim.address, mail, f"<{claim.retry_key}@{MESSAGE_ID_HOST}>")

    def _fill(self, claim: Claim) -> Fill:
        return Fill(
            link_url=lambda: self._link_url(claim),
            code=lambda challenge: code_of(self.core.vault, challenge),
            page_url=lambda path: f"{self.public_url}{path}",
        )

    def _link_url(self, claim: Claim) -> str:
        token = self.line.link_token(claim.line_user)
        with self._transaction() as ctx:
            links.remember_link_token(ctx, claim.person, token)
        return f"{self.public_url}/link?{urlencode({'linkToken': token})}"

    @contextmanager
    def _transaction(self) -> Iterator[Context]:
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            yield ctx


def _too_late(claim: Claim) -> Sent:
    """Return what becomes of a notice that waited too long behind others of its batch: it was certainly not sent."""
    return Sent(Outcome.TOKEN_DEAD if claim.via is Via.REPLY else Outcome.UNREACHED, "waited")


def _by_person(claims: Sequence[Claim]) -> list[list[Claim]]:
    def owner(claim: Claim) -> str:
        return claim.person or claim.address

    return [list(group) for _, group in groupby(sorted(claims, key=owner), key=owner)]
