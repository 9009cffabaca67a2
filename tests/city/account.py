"""The account of a month: what must hold whatever happened, asked anew of the tables and of what LINE took.

Each finding is a sentence of its own with the notices or duties it is about; a month without findings is right.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from core.access import system
from core.accounts.models import Account as Entry
from core.audit import Door
from core.clock import TAIPEI, taipei_date
from core.context import Core
from core.duties.models import DigestItem, Duty, SubjectKind, UntoldStage, UrgentItem
from core.helpdesk.models import HelpRequest
from core.inbox.models import EventState, InboxEvent
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState, Via
from core.notices.queries import parked, unreachable
from tests.city.cards import Cards
from tests.city.dropped import Dropped
from tests.city.heard import HEARD, Heard, is_quiet
from tests.city.line import Taken
from tests.city.talk import Bag
from tests.city.told import hidden, in_words, is_of_digest
from tests.city.work import CHILDREN

ACTOR = system("test")
SLACK = timedelta(minutes=10)
"""A worker that stood still between its look at the clock and its request."""
PAID = (Via.PUSH, Via.MULTICAST)
OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)
PRIVATE = re.compile("|".join((*CHILDREN, "人員", "[A-Z][12]\\d{8}", "(?<!\\d)\\d{8}(?!\\d)", "WK\\d(?!\\d)")))
FAILED = (NoticeState.REFUSED, NoticeState.UNREACHABLE)


@dataclass(frozen=True)
class Said:
    """One notice in one request that was taken."""

    notice_id: int
    via: Via
    at: datetime
    request: int
    key: str


@dataclass
class Account:
    """What was taken as it was taken, and what is wrong with it."""

    core: Core
    bag: Bag
    said: list[Said] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    dropped: Dropped = field(default_factory=lambda: Dropped(Cards()))
    released: set[int] = field(default_factory=set)
    """Notices that a person decided to send again."""
    _requests: int = 0

    def keep(self, taken: Taken) -> None:
        """Keep what LINE or the mail server took, and hold it against what was true at that moment."""
        now = self.core.clock.now()
        notices = self._in(taken)
        self._requests += 1
        self.said += [Said(each.id, taken.via, now, self._requests, taken.key) for each in notices]
        if not notices:
            self.found.append(f"a request of nobody's notice: {taken}")
        self._hold_moment(taken, notices, now)
        for preview in taken.previews:
            if PRIVATE.search(preview):
                self.found.append(f"a preview says too much: {preview}")

    def is_anything_left(self) -> bool:
        """Say whether an event waits, or a notice is still to be sent."""
        events = select(InboxEvent.id).where(InboxEvent.state == EventState.WAITING)
        with self.core.store.reading() as session:
            asked = select(or_(events.exists(), select(Notice.id).where(Notice.state.in_(OPEN)).exists()))
            return bool(session.scalar(asked))

    def _in(self, taken: Taken) -> list[Heard]:
        """Return the notices of a request, and whether what they speak of has ended, as it is at this moment."""
        if taken.via is Via.MAIL:
            which = Notice.retry_key == UUID(taken.key.strip("<>").partition("@")[0])
        else:
            which = or_(Notice.id == taken.carrier, Notice.carried_by == taken.carrier)
        with self.core.store.reading() as session:
            return [Heard(*row) for row in session.execute(HEARD.where(which))]

    def _hold_moment(self, taken: Taken, notices: list[Heard], now: datetime) -> None:
        """No notice in quiet hours that may wait, and none after all it speaks of ended.

        A request of unknown fate goes again as it was by day, where something in it cannot wait.
        """
        is_again = any(each.cannot_wait and each.was_tried_by_day for each in notices)
        if is_quiet(now) and is_quiet(now - SLACK) and not is_again:
            loud = [each.id for each in notices if not each.cannot_wait]
            self.found += [f"said in the quiet hours: {now.astimezone(TAIPEI):%H:%M} {taken} {loud}"] if loud else []
        if notices and all(each.is_over for each in notices):
            self.found.append(f"said after its duties ended: {taken} {[each.id for each in notices]}")
        elif len(notices) == 1 and notices[0].is_told_anew:
            self.found.append(f"said as it is no more: {taken} {notices[0].id}")
        self.found += list(self._out_of_place(taken, notices))

    def _out_of_place(self, taken: Taken, notices: list[Heard]) -> Iterator[str]:
        """Nothing is said to who sees it no more, and nothing routine is begun on a day off.

        What went to many and may be out goes again as it was: it says the same to all of them.
        """
        with self.core.reading(ACTOR, Door.JOB) as ctx:
            for each in notices:
                if each.duties and taken.via is not Via.MULTICAST and hidden(ctx, each.id, each.account_id or 0):
                    yield f"said to who sees it no more: {taken} {each.id} {each.dedupe_key}"
                if each.is_begun and not ctx.calendar.is_working_day(ctx.today):
                    yield f"said on a day off: {taken} {each.id} {each.dedupe_key}"

    def look(self, *, has_turned: bool = False) -> None:
        """Look at what was dropped since the last look, before anything else changes; ``has_turned``: something did."""
        with self.core.reading(ACTOR, Door.JOB) as ctx:
            self.found += list(self.dropped.look(ctx))
            if has_turned:
                self.dropped.turn(ctx)

    # At the end of a day.

    def hold_day(self) -> None:
        """Hold what must be true whenever the jobs have run."""
        with self.core.reading(ACTOR, Door.JOB) as ctx:
            stored = set(ctx.session.scalars(select(InboxEvent.webhook_event_id)))
            if lost := self.bag.taken - stored - self.bag.many:
                self.found.append(f"acknowledged and not stored: {sorted(lost)}")
            self.found += list(untold(ctx.session, ctx.now))
            listed = {each.account for each in unreachable(ctx)}
            self.found += [f"unreachable and on no list: {code}" for code in _unreached(ctx.session, ctx.now) - listed]
            waits = set(ctx.session.scalars(select(Notice.id).where(Notice.state.in_(_FOR_A_PERSON))))
            shown = {each.notice_id for each in parked(ctx)}
            self.found += [f"set aside and on no list: {sorted(waits - shown)}"] if waits - shown else []

    # At the end of the month.

    def hold_month(self) -> None:
        """Hold what must be true once nothing is left to do."""
        with self.core.store.reading() as session:
            notices = {each.id: each for each in session.scalars(select(Notice))}
            events = list(session.scalars(select(InboxEvent)))
            talks = set(session.scalars(select(HelpRequest.person)))
        self.found += [f"an event is left {each.state}: {each.kind} {each.reason}" for each in events if _is_left(each)]
        self.found += [
            f"a notice is left {each.state}: {in_words(each)}" for each in notices.values() if each.state in OPEN
        ]
        self.found += list(self._answers(events, notices, talks))
        self.found += list(self._numbers(notices))
        self.found += list(self._routine(notices))
        self.look()
        with self.core.reading(ACTOR, Door.JOB) as ctx:
            self.found += list(self.dropped.at_the_end(ctx))

    def _answers(
        self, events: list[InboxEvent], notices: Mapping[int, Notice], talks: set[str | None]
    ) -> Iterator[str]:
        """Whoever writes is answered; only a person who answers instead of the bot makes it silent."""
        answered = {each.dedupe_key for each in notices.values()}
        for event in events:
            is_talk = event.kind in ("message", "postback") and event.state is EventState.DONE
            if is_talk and f"answer:{event.webhook_event_id}" not in answered and event.person not in talks:
                yield f"not answered: {event.kind} {event.webhook_event_id}"

    def _numbers(self, notices: Mapping[int, Notice]) -> Iterator[str]:
        """Nothing pushed twice, replies at most once, nothing accepted that nobody took."""
        times = Counter((each.notice_id, each.via in PAID or each.via is Via.REPLY) for each in self.said)
        letters: dict[int, set[str]] = defaultdict(set)
        for each in self.said:
            if each.via is Via.MAIL:
                letters[each.notice_id].add(each.key)
        for notice in notices.values():
            line, mails = times[notice.id, True], times[notice.id, False]
            if line > 1 and notice.id not in self.released:
                yield f"said {line} times by LINE: {in_words(notice)}"
            if len(letters[notice.id]) > 1 and notice.id not in self.released:
                yield f"mailed under {len(letters[notice.id])} ids: {in_words(notice)}"
            if notice.state is NoticeState.ACCEPTED and not line + mails:
                yield f"accepted, and nobody took it: {in_words(notice)}"
            if notice.state is NoticeState.AMBIGUOUS and notice.via is not Via.REPLY:
                yield f"unsure although no reply: {in_words(notice)}"

    def _routine(self, notices: Mapping[int, Notice]) -> Iterator[str]:
        """At most one paid push a person a day for what is said in the digest, and for what rides with it.

        Where there is no room beside what is urgent, the rest goes in a request of its own; the digest is in one.
        """
        pushes: dict[tuple[int | None, date], set[int]] = defaultdict(set)
        digests: dict[tuple[int | None, date], set[int]] = defaultdict(set)
        urgent = {each.request for each in self.said if not is_of_digest(notices[each.notice_id])}
        for each in self.said:
            notice = notices[each.notice_id]
            if each.via in PAID and is_of_digest(notice) and notice.id not in self.released:
                place = (notice.account_id, taipei_date(each.at))
                pushes[place] |= {each.request} - urgent
                digests[place] |= {each.request} if notice.kind is NoticeKind.DIGEST else set()
        for (account_id, day), alone in pushes.items():
            requests = max(alone, digests[account_id, day], key=len)
            if len(requests) > 1:
                about = [in_words(notices[each.notice_id]) for each in self.said if each.request in requests]
                yield f"{len(requests)} digests pushed to {account_id} on {day}: {about}"


_FOR_A_PERSON = (NoticeState.HELD, NoticeState.GIVEN_UP)


def untold(session: Session, now: datetime) -> Iterator[str]:
    """Yield the late duties of units that nobody is told of, nor will be, and of which nothing says why not."""
    late = select(Duty.id, Duty.kind).where(Duty.ended_at.is_(None), Duty.unit_id.is_not(None), Duty.due_at < now)
    told = [exists().where(table.duty_id == Duty.id) for table in (NoticeDuty, DigestItem, UrgentItem, UntoldStage)]
    waits = and_(Duty.remind_at.is_not(None), Duty.remind_at > now)  # the quiet hours put it off
    for row in session.execute(late.where(~or_(*told), ~waits)):
        yield f"late, and nobody is told: duty {row.id} {row.kind}"
    nobody = select(Duty.id, Duty.kind).where(
        Duty.ended_at.is_(None), Duty.unit_id.is_(None), Duty.account_id.is_(None)
    )
    for row in session.execute(nobody.where(Duty.subject_kind != SubjectKind.HELP)):
        yield f"owed by nobody: duty {row.id} {row.kind}"


def _unreached(session: Session, now: datetime) -> set[str]:
    """Return the accounts that nothing reached since something to them failed for good."""
    asked = select(Notice.account_id, Notice.state, Notice.settled_at).where(Notice.account_id.is_not(None))
    failed: dict[int, datetime] = {}
    reached: dict[int, datetime] = {}
    for row in session.execute(asked.where(Notice.settled_at > now - timedelta(days=29))):
        among = failed if row.state in FAILED else reached if row.state is NoticeState.ACCEPTED else {}
        among[row.account_id] = max(among.get(row.account_id, row.settled_at), row.settled_at)
    ids = [each for each, at in failed.items() if each not in reached or reached[each] < at]
    return set(session.scalars(select(Entry.code).where(Entry.id.in_(ids))))


def _is_left(event: InboxEvent) -> bool:
    return event.state in (EventState.WAITING, EventState.PARKED)


def told(notice: Notice) -> str:
    return f"{notice.id} {notice.dedupe_key} {notice.kind} {notice.via} {notice.state} {notice.reason}"
