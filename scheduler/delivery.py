"""Sending what the outbox holds: claim, draw, keep, post, settle; the network is never inside a transaction.

One thread claims a batch, draws it, and writes down that it is about to leave, all in one transaction: a database that
waits for its disk does so once. Then it hands the batch to the doors; meanwhile what came back is settled, a batch at a
time. A card that LINE must be asked about first is only claimed there; it is drawn and kept by a thread of its own.
Hundreds of requests are under way at once, never two of one person. Where whole batches are due a second hand helps:
one works while the other waits for the database, as two workers would. The states and their edges are in
``core/notices/rules.py``; this module only carries out what they decide.

A database that goes away meanwhile takes no answer with it: what landed is written down when it is back. Who is told to
end takes nothing more, and settles what is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import random
from threading import Event

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.access import system
from core.audit import Door
from core.clock import Clock
from core.context import Context, Core
from core.failpoints import passing
from core.notices import claiming, rules, settling
from core.notices.channel import LineDoor, Mail, MailDoor, Outcome, Sent
from core.notices.claiming import Batch, Claim, Wanted
from core.notices.models import NoticeState, Via
from core.notices.settling import Tried
from scheduler.delivery_drawing import Drawing, Drawn, Pens, has_link
from scheduler.delivery_flight import Flight

ACTOR = system("delivery")
BATCH = 200  # what is booked at once of LINE's 2,000 a second: each batch costs the same few statements
UNDER_WAY = 400  # requests at LINE at once; it answers after some 50 ms
BY_MAIL = 8  # each takes a connection of its own, and a thread
MAIL_TAKES = timedelta(minutes=2)  # at most: what would outlive its lease is not begun, for another would send it again
LINKS_AT_ONCE = 8
HANDS = 2  # one for LINE and one for mail: neither waits until the other's is free
LANDING_TRIES, LANDING_PAUSE = 60, 1.0  # seconds; together as long as a lease
LONGEST_PAUSE = 1.0
MESSAGE_ID_HOST = "frontdoor.invalid"

log = structlog.get_logger(__name__)


def _pause(seconds: float) -> None:
    Event().wait(seconds)


@dataclass
class Delivery:
    """The one way out. ``line`` and ``mail`` are the doors; ``public_url`` is where binding pages are."""

    core: Core
    line: LineDoor
    mail: MailDoor
    public_url: str
    machine: Clock
    """The machine's own time, for the pace: it goes on where the core's clock stands."""
    spread: Callable[[], float] = random
    """A number from 0 to 1 that keeps what failed together from coming back together."""
    pause: Callable[[float], None] = _pause
    _threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(BY_MAIL, "sender"), repr=False)
    _links: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LINKS_AT_ONCE, "links"), repr=False)
    _hands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(HANDS, "hand"), repr=False)
    _ending: Event = field(default_factory=Event, repr=False)

    def run(self, ways: Collection[Via] = tuple(Via)) -> int:
        """Send everything that is due now by these ways; return how many requests were tried."""
        helping: list[Future[int]] = []
        try:
            return self._work(ways, helping) + sum(each.result() for each in helping)
        finally:
            wait(helping)

    def _work(self, ways: Collection[Via], helping: list[Future[int]]) -> int:
        """Send until nothing is due; where the database fails meanwhile, keep what came back."""
        flight = Flight()
        try:
            return self._send(flight, ways, helping)
        except SQLAlchemyError:
            self._land(flight)
            raise

    def _send(self, flight: Flight, ways: Collection[Via], helping: list[Future[int]]) -> int:
        """Send until nothing is due; call the other hand as soon as there is more than one batch."""
        tries = 0
        while True:
            batch = self._claim(flight, ways)
            if batch.looked_at == BATCH and not helping:
                helping.append(self._hands.submit(self._work, ways, helping))
            is_idle = bool(batch.wait) or not batch.looked_at
            if is_idle and not flight.under_way and not batch.wait:
                return tries
            if batch.wait and not flight.under_way:
                self.pause(min(batch.wait, LONGEST_PAUSE))
            tries += self._settle(flight, is_awaited=is_idle or flight.under_way > UNDER_WAY - BATCH)

    def _land(self, flight: Flight) -> None:
        """Settle what is under way once the database is back: an answer that is lost leaves a reply's fate unknown.

        For as long as a lease; after that another worker may have settled it.
        """
        until, failures = self.machine.now() + rules.LEASE, 0
        while flight.under_way and failures < LANDING_TRIES and self.machine.now() < until:
            try:
                self._settle(flight, is_awaited=True)
            except SQLAlchemyError:
                failures += 1
                self.pause(LANDING_PAUSE)

    def run_line(self) -> int:
        """Send what goes by LINE; a slow mail server holds up nothing of it."""
        return self.run((Via.REPLY, Via.PUSH, Via.MULTICAST))

    def run_mail(self) -> int:
        """Send what goes by e-mail."""
        return self.run((Via.MAIL,))

    def end(self) -> None:
        """Take nothing more: who runs returns once what is under way is settled, whatever else is due."""
        self._ending.set()

    def close(self) -> None:
        """Let the senders finish and go."""
        self._hands.shutdown()
        self._links.shutdown()
        self._threads.shutdown()

    def _claim(self, flight: Flight, ways: Collection[Via]) -> Batch:
        if self._ending.is_set() or UNDER_WAY - flight.under_way < BATCH:
            return Batch()
        drawing = Drawing()
        with self._transaction() as ctx:
            batch = claiming.claim(ctx, Wanted(BATCH, ways, self.machine.now()), partial(self._draw_near, drawing))
            settling.part(ctx, drawing.apart)
            passing("delivery.claiming")
        passing("delivery.claimed")
        if drawing.ready:
            passing("delivery.posting")
        flight.expect(len(batch.claims))  # from here on each lands: nothing before the doors asks the database
        self._launch(flight, drawing)
        return batch

    def _draw_near(self, drawing: Drawing, claims: Sequence[Claim]) -> list[tuple[Claim, bytes | None]]:
        """Draw what LINE need not be asked about."""
        for claim in claims:
            if has_link(claim):
                drawing.linked.append(claim)
            else:
                self._pens.draw(claim, drawing)
        return drawing.kept()

    def _launch(self, flight: Flight, drawing: Drawing) -> None:
        """Send off what is drawn and kept, and have the rest drawn."""
        flight.forget(len(drawing.apart))
        flight.land(drawing.failed)
        for claim in drawing.linked:
            self._links.submit(self._send_linked, flight, claim)
        if ready := [each for each in drawing.ready if self._is_in_time(flight, each)]:
            self._post(flight, ready)

    def _send_linked(self, flight: Flight, claim: Claim) -> None:
        try:
            self._draw_linked(flight, claim)
        except Exception as error:  # its lease will run out, and it is taken again
            log.exception("notice.failed", notice=claim.notice_id, error=type(error).__name__)
            flight.forget(1)

    def _draw_linked(self, flight: Flight, claim: Claim) -> None:
        drawing = Drawing()
        self._pens.draw(claim, drawing)
        passing("delivery.drawn")
        with self._transaction() as ctx:
            passing("delivery.keeping")
            is_mine = bool(settling.keep(ctx, drawing.kept()))
        passing("delivery.kept")
        if drawing.ready and not is_mine:
            flight.forget(1)
        else:
            passing("delivery.posting")
            self._launch(flight, drawing)

    def _is_in_time(self, flight: Flight, drawn: Drawn) -> bool:
        """Return whether sending may still begin; what waited too long was certainly not sent."""
        if self.core.clock.now() < drawn.claim.until:
            return True
        flight.land([drawn.too_late()])
        return False

    def _post(self, flight: Flight, drawn: Sequence[Drawn]) -> None:
        claims = {each.claim.notice_id: each.claim for each in drawn}
        if requests := [each.request() for each in drawn if each.mail is None]:
            self.line.post(requests, lambda request, sent: flight.land([Tried(claims[request.number], sent)]))
        for each in drawn:
            if each.mail is not None:
                self._threads.submit(self._mail, flight, each, each.mail)
        passing("delivery.posted")

    def _mail(self, flight: Flight, drawn: Drawn, mail: Mail) -> None:
        claim = drawn.claim
        if self._ending.is_set() or self.core.clock.now() >= claim.until - MAIL_TAKES:
            flight.land([drawn.too_late()])
            return
        try:
            sent = self._mailed(claim, mail)
        except Exception as error:  # whatever one mail meets, those behind it go on; only its fate is unknown
            log.exception("notice.failed", notice=claim.notice_id, error=type(error).__name__)
            sent = Sent(Outcome.AMBIGUOUS, "failed")
        flight.land([Tried(claim, sent)])

    def _mailed(self, claim: Claim, mail: Mail) -> Sent:
        if not claim.address:
            return Sent(Outcome.REFUSED, "no address")
        return self.mail.send(claim.address, mail, f"<{claim.retry_key}@{MESSAGE_ID_HOST}>")

    def _settle(self, flight: Flight, *, is_awaited: bool) -> int:
        tried = flight.landed(is_awaited=is_awaited)
        if not tried:
            return 0
        try:
            states = self._settled(tried)
        except Exception:
            flight.land_again(tried)
            raise
        passing("delivery.settled")
        for each in tried:
            claim, outcome = each.claim, each.sent.outcome
            state = states.get(claim.notice_id)
            about = {"notice": claim.notice_id, "carried": list(claim.followers)}
            log.info("notice.tried", **about, via=claim.via, outcome=outcome, state=state)
        return len(tried)

    def _settled(self, tried: Sequence[Tried]) -> dict[int, NoticeState]:
        passing("delivery.settling")
        with self._transaction() as ctx:
            return settling.settle(ctx, tried, self.machine.now(), self.spread)

    @property
    def _pens(self) -> Pens:
        return Pens(self.core, self.line, self.mail, self.public_url, self._transaction)

    @contextmanager
    def _transaction(self) -> Iterator[Context]:
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            yield ctx
