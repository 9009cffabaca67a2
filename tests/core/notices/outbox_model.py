"""What the outbox ought to do, in the plainest words: written a second time, it asks no rule of the core.

A ``Seen`` is a row as it stands; ``Town`` is what is true of the people. What is taken must be allowed to go
(``must_wait``, ``why_over``), and what a try leads to is the one line of a table (``follows``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from core.calendar import WorkCalendar
from core.clock import TAIPEI
from core.database import Store
from core.notices.channel import Outcome
from core.notices.models import NOTICES, NoticeKind, NoticeState, Urgency, Via

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DAY = 24 * HOUR
KEY_LIVES = 22 * HOUR
TOKEN_TRUSTED, CODE_LIVES = 50 * SECOND, 15 * MINUTE
OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)
PAID = (Via.PUSH, Via.MULTICAST)
PUBLISHED = WorkCalendar({})
CERTAIN = frozenset(Outcome) - {Outcome.ACCEPTED, Outcome.ACCEPTED_BEFORE, Outcome.AMBIGUOUS}
"""Who hears one of these knows that nothing was taken."""


class Seen(NamedTuple):
    """A notice as its row stands."""

    id: int
    kind: NoticeKind
    urgency: Urgency
    rank: int
    account_id: int | None
    person: str | None
    via: Via
    reply_token_at: datetime | None
    created_at: datetime
    not_before: datetime
    state: NoticeState
    reason: str
    tries: int
    failures: int
    carried_by: int | None
    lease: str | None
    lease_until: datetime | None
    retry_key: UUID | None
    first_tried_at: datetime | None
    may_be_out: bool
    seen_at: datetime | None
    released_at: datetime | None

    @property
    def by_line(self) -> bool:
        return self.via is not Via.MAIL


_ROWS = select(*(NOTICES.c[name] for name in Seen._fields)).order_by(NOTICES.c.id)


def rows(store: Store) -> dict[int, Seen]:
    """Read the outbox."""
    with store.reading() as session:
        return {row.id: Seen._make(row) for row in session.connection().execute(_ROWS)}


@dataclass
class Owner:
    """Somebody with an account, and the phone it is bound to."""

    account_id: int
    person: str | None
    """The keyed hash of the phone; None: bound to none."""
    is_blocked: bool = False


@dataclass
class Town:
    """What is true of people, duties and channels."""

    owners: dict[int, Owner] = field(default_factory=dict)
    duty_of: dict[int, int] = field(default_factory=dict)
    """Which duty a notice speaks of."""
    met: set[int] = field(default_factory=set)
    moved_at: dict[int, datetime] = field(default_factory=dict)
    """When a duty came anew: what was said of it before is past."""
    away: set[int] = field(default_factory=set)
    """The accounts that work for another unit: they see none of these duties."""
    try_at: dict[str, datetime] = field(default_factory=dict)
    """Channels that refuse us, and when one request may try."""

    def why_over(self, seen: Seen, now: datetime, all_rows: Mapping[int, Seen]) -> Iterator[str]:
        """Yield every reason for which a notice goes nowhere now, as the outbox names it."""
        first = seen.first_tried_at
        if seen.via in PAID and seen.may_be_out and first is not None and now >= first + KEY_LIVES:
            yield "key_expired"
        if seen.kind is NoticeKind.CODE and now >= seen.created_at + CODE_LIVES:
            yield "expired"
        duty = self.duty_of.get(seen.id)
        if duty in self.met:
            yield "duties_ended"
        elif duty is not None and seen.created_at < self.moved_at.get(duty, seen.created_at):
            yield "duties_moved"
        if seen.kind is NoticeKind.DIGEST and seen.released_at is None:
            yield from _of_another_day(seen, now, all_rows)
        if self.is_hidden(seen, all_rows):
            yield "not_theirs"
        if self._is_of_another_phone(seen):
            yield "unbound" if seen.kind in (NoticeKind.ANSWER, NoticeKind.CODE) else "moves"
        if seen.kind is not NoticeKind.URGENT and seen.released_at is None and now >= _could_go(seen) + DAY:
            yield "too_old"
        if seen.urgency is not Urgency.ALWAYS and is_quiet(now):
            yield "night"

    def is_hidden(self, seen: Seen, all_rows: Mapping[int, Seen]) -> bool:
        """Return whether its person sees something no more that it speaks of, or what rides in its request does."""
        is_bound = seen.may_be_out and seen.via is Via.PUSH
        riding = [each.id for each in all_rows.values() if each.carried_by == seen.id] if is_bound else []
        return seen.account_id in self.away and not self.duty_of.keys().isdisjoint((seen.id, *riding))

    def _is_of_another_phone(self, seen: Seen) -> bool:
        owner = self.owners.get(seen.account_id or 0)
        if owner is None or not seen.by_line or seen.kind is NoticeKind.BINDING:
            return False
        follows = seen.kind not in (NoticeKind.ANSWER, NoticeKind.CODE)
        return owner.person != seen.person or (follows and owner.is_blocked)


def _of_another_day(seen: Seen, now: datetime, all_rows: Mapping[int, Seen]) -> Iterator[str]:
    """Yield why a digest is not of this day: today's says it; what may be out goes on until that is written."""
    today, written = now.astimezone(TAIPEI).date(), seen.created_at.astimezone(TAIPEI).date()
    todays = any(
        (each.account_id, each.kind) == (seen.account_id, NoticeKind.DIGEST)
        and each.created_at.astimezone(TAIPEI).date() >= today
        for each in all_rows.values()
    )
    if written < today and (todays or not seen.may_be_out):
        yield "newer_digest"
    if written == today and not seen.may_be_out and not PUBLISHED.is_working_day(today):
        yield "day_off"


def is_quiet(now: datetime) -> bool:
    """Return whether only what cannot wait may be said."""
    clock = now.astimezone(TAIPEI).time()
    return clock >= time(21) or clock < time(7, 30)


def _could_go(seen: Seen) -> datetime:
    """Return when it could have gone first."""
    if seen.urgency is Urgency.ALWAYS or not is_quiet(seen.created_at):
        return seen.created_at
    local = seen.created_at.astimezone(TAIPEI)
    morning = local.replace(hour=7, minute=30, second=0, microsecond=0)
    return morning if local < morning else morning + DAY


def is_due(seen: Seen, now: datetime) -> bool:
    """Return whether its moment has come, or its worker is gone."""
    if seen.state is NoticeState.CREATED:
        return seen.not_before <= now
    return seen.state is NoticeState.CLAIMED and (seen.lease_until is None or seen.lease_until <= now)


def must_wait(seen: Seen, others: Mapping[int, Seen], now: datetime) -> int | None:
    """Return what the same person is to hear first, by the same channel."""
    for other in others.values():
        is_open = other.state in OPEN and other.carried_by is None and other.id != seen.id
        goes_first = (other.rank, other.id) < (seen.rank, seen.id)
        is_soon = 0 < other.tries < 5 and not other.failures
        is_coming = other.state is NoticeState.CLAIMED or other.not_before <= now or is_soon
        if is_open and goes_first and is_coming and _is_same_queue(seen, other):
            return other.id
    return None


def _is_same_queue(seen: Seen, other: Seen) -> bool:
    if seen.by_line:
        return other.by_line and other.person == seen.person and seen.person is not None
    no_codes = NoticeKind.CODE not in (seen.kind, other.kind)
    return no_codes and not other.by_line and other.account_id == seen.account_id


class Course(NamedTuple):
    """What a try leads to; ``due`` where it goes again, ``is_new`` where it goes as another message."""

    state: NoticeState
    via: Via
    due: datetime | None = None
    is_new: bool = False


def follows(was: Seen, via: Via, outcome: Outcome, now: datetime, taken_at: datetime) -> Course:  # noqa: PLR0911 (a table)
    """Return what becomes of a notice that was taken as ``was`` says and went by ``via``."""
    first = was.first_tried_at or taken_at
    life = CODE_LIVES if was.kind is NoticeKind.CODE else DAY
    waits = {Outcome.CLOSED: 5 * MINUTE, Outcome.SAME_PERSON: 10 * MINUTE}
    again_at = now + waits.get(outcome, min(2 * SECOND * 2 ** min(was.tries, 12), 30 * MINUTE))
    otherwise = _otherwise(was, via, outcome, now)
    match outcome:
        case Outcome.ACCEPTED | Outcome.ACCEPTED_BEFORE:
            return Course(NoticeState.ACCEPTED, via)
        case Outcome.TOKEN_DEAD:
            return Course(NoticeState.CREATED, Via.PUSH, now, is_new=True)
        case Outcome.AMBIGUOUS if via is Via.REPLY:
            return Course(NoticeState.AMBIGUOUS, via)
        case Outcome.FAILED if was.failures == 4:
            return Course(NoticeState.GIVEN_UP, via)
        case Outcome.FAILED:
            return Course(NoticeState.CREATED, via, now + 2 * SECOND * 2**was.failures)
        case Outcome.QUOTA | Outcome.REFUSED:
            return otherwise
        case Outcome.CLOSED:
            return Course(NoticeState.CREATED, via, again_at)
    if again_at < first + life:
        return Course(NoticeState.CREATED, via, again_at)
    is_doubtful = was.may_be_out or outcome is Outcome.AMBIGUOUS
    return Course(NoticeState.GIVEN_UP, via) if is_doubtful else otherwise


def _otherwise(was: Seen, via: Via, outcome: Outcome, now: datetime) -> Course:
    if via is Via.MAIL:
        return Course(NoticeState.UNREACHABLE, via)
    if via is Via.MULTICAST and outcome is Outcome.REFUSED:
        return Course(NoticeState.CREATED, Via.PUSH, now, is_new=True)
    if was.account_id is None:
        return Course(NoticeState.REFUSED, via)
    return Course(NoticeState.CREATED, Via.MAIL, now, is_new=True)
