"""Who would be told what, and when: the reminder plans run ahead of time, from present facts, without writing.

The decisions are those of the jobs: which stage is told when (``tell_or_wait``), to whom (``People``), in which day's
digest (``digest_day``), by night or not (``not_before``). Only the carrying out differs. What is owed stays owed here,
and accounts and permissions stay as they are today: a duty met tomorrow makes the truth smaller than the outlook. What
nobody can know yet is left out: duties that arise only then, and who will not have seen a notice.
Duties that are alike (of one kind and owner, due and told at the same moments) are looked at together, so the cost
follows the kinds of cases and not their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, null, select

from core.accounts.models import Account
from core.calendar import add_months
from core.clock import end_of_day, start_of_day, taipei_moment
from core.context import Context
from core.duties.courses import alone_at, course
from core.duties.models import DigestCard, DigestItem, Duty, UrgentItem
from core.duties.plans import DutyKind
from core.duties.reached import digest_key
from core.duties.rules import Course, PutOff, Telling, digest_day, next_stage, tell_or_wait
from core.duties.told import People
from core.notices.models import Notice, NoticeKind, Urgency
from core.notices.rules import not_before
from core.policy import Policy

ONE_DAY = timedelta(days=1)
KEYS_A_QUESTION = 500


@dataclass(frozen=True)
class Expected:
    """One notice that would be said, and of how many duties a stage would be told in it."""

    at: datetime
    account_id: int
    kind: NoticeKind
    duties: int
    is_routine: bool = False
    """It is the day's one routine message, and goes by mail where paid messages are spared."""


@dataclass(frozen=True)
class _Alike:
    """Duties that are told alike."""

    kind: DutyKind
    unit_id: int | None
    account_id: int | None
    due_at: datetime
    reminded_at: datetime | None
    arose_at: datetime | None
    """Of duties that were never told; it decides nothing more once one was."""


class _Notice(NamedTuple):
    at: datetime
    account_id: int
    kind: NoticeKind
    about: set[_Alike]
    is_routine: bool


@dataclass(frozen=True)
class _Waits:
    """Something that stands in a digest: from when on, and for which day's."""

    since: datetime
    on_day: date
    about: _Alike | None
    """None: words of another area, which ride with the digest, or stand for it."""
    until: datetime | None = None
    """When it was taken out, to be said by itself."""

    def stands(self, day: date, at: datetime) -> bool:
        """Return whether it is in a day's digest that is said at a moment."""
        return self.on_day <= day and self.since <= at and (self.until is None or self.until > at)


def outlook(ctx: Context, last: date) -> tuple[Expected, ...]:
    """Return every notice that would be said of duties from now on to the end of a day in Taipei, in order of time."""
    counts = _counts(ctx)
    gathered, stages = _waiting(ctx), _Stages(ctx, end_of_day(last))
    gathered.people.prepare(counts)
    for alike in counts:
        for at, telling in stages.of(alike):
            gathered.add(alike, at, telling)
        for first in _audits(ctx.today, last) if alike.kind is DutyKind.RECORD_WINDOW else ():
            gathered.add_audit(alike, start_of_day(first))
    notices = [*_reminders(gathered), *_digests(ctx, gathered, last)]
    found = (
        Expected(at, account_id, kind, sum(counts.get(each, 0) for each in about), is_routine=is_routine)
        for at, account_id, kind, about, is_routine in notices
    )
    return tuple(sorted(found, key=lambda each: (each.at, each.account_id, each.kind)))


@dataclass
class _Gathered:
    """What is told to whom, before it is a notice."""

    people: People
    times: _Times
    urgent: dict[tuple[int, datetime], set[_Alike]] = field(default_factory=lambda: defaultdict(set))
    routine: dict[int, list[_Waits]] = field(default_factory=lambda: defaultdict(list))

    def add(self, alike: _Alike, at: datetime, telling: Telling) -> None:
        """Add what one sweep gathers of duties that are alike."""
        over = self.people.over(alike).accounts if telling.goes_up else ()
        for account_id in (*self.people.of(alike).accounts, *over):
            own = self.times.of(account_id)
            alone = alone_at(self.times.ctx.policy, alike.due_at, telling.stage.at, at, own)
            if telling.is_urgent:
                self.urgent[account_id, at].add(alike)
            elif alone is not None:
                self.urgent[account_id, alone].add(alike)
                self._take_out(account_id, alike, at)
            else:
                self.routine[account_id].append(_Waits(at, digest_day(telling.stage.at, own), alike))

    def _take_out(self, account_id: int, alike: _Alike, at: datetime) -> None:
        waits = self.routine.get(account_id, [])
        self.routine[account_id] = [replace(each, until=at) if each.about == alike else each for each in waits]

    def add_audit(self, alike: _Alike, at: datetime) -> None:
        """Add what the audit of a 1st finds: windows that ended before it (REC-3)."""
        told = {*self.people.of(alike).accounts, *self.people.over(alike).accounts} if alike.due_at < at else ()
        for account_id in told:
            on_day = digest_day(at, self.times.of(account_id))
            self.routine[account_id].append(_Waits(at, on_day, alike))


def _audits(today: date, last: date) -> Iterator[date]:
    """Yield the 1st of each month to come until a day."""
    first = add_months(today.replace(day=1), 1)
    while first <= last:
        yield first
        first = add_months(first, 1)


@dataclass
class _Stages:
    """The stages of duties that are alike, as the sweeps would tell them; reckoned once for the same line of time."""

    ctx: Context
    until: datetime
    known: dict[tuple[object, ...], tuple[tuple[datetime, Telling], ...]] = field(default_factory=dict)

    def of(self, alike: _Alike) -> tuple[tuple[datetime, Telling], ...]:
        key = (alike.kind, alike.due_at, alike.reminded_at, alike.arose_at)
        if key not in self.known:
            arose = alike.arose_at or alike.reminded_at or self.ctx.now
            line = course(self.ctx, alike.kind, alike.due_at, arose)
            self.known[key] = tuple(_tellings(line, alike.reminded_at, self.ctx.now, self.until, self.ctx.policy))
        return self.known[key]


def _tellings(
    line: Course, after: datetime | None, now: datetime, until: datetime, policy: Policy
) -> Iterator[tuple[datetime, Telling]]:
    """Yield what is told, and by the sweep of which moment: stages reached by ``now`` are told now, merged."""
    following = next_stage(line, after)
    at = max(now, following.at) if following else None
    while at is not None and at <= until:
        found = tell_or_wait(line, after, at, not_before(Urgency.AT_ONCE, at, policy))
        if isinstance(found, PutOff):
            at = found.until
            continue
        yield at, found
        after, at = found.stage.at, found.next_at


def _reminders(gathered: _Gathered) -> Iterator[_Notice]:
    for (account_id, at), about in gathered.urgent.items():
        yield _Notice(at, account_id, NoticeKind.REMINDER, about, is_routine=False)


def _digests(ctx: Context, gathered: _Gathered, last: date) -> Iterator[_Notice]:
    said = _said_today(ctx, gathered.routine)
    for account_id, waits in gathered.routine.items():
        days = _days(ctx, gathered.times.of(account_id), last, said_today=account_id in said)
        for at, about in _of_person(waits, days):
            kind = NoticeKind.DIGEST if about else NoticeKind.REMINDER
            yield _Notice(at, account_id, kind, about, is_routine=True)


def _of_person(
    waits: Sequence[_Waits], days: Iterable[tuple[date, datetime, datetime]]
) -> Iterator[tuple[datetime, set[_Alike]]]:
    """Yield one person's digests: each day's is said once something stands in it, between its time and the night."""
    waiting = list(waits)
    for day, begin, end in days:
        moments = [at for each in waiting if each.stands(day, at := max(begin, each.since)) and at <= end]
        if not moments:
            continue
        at = min(moments)
        taken = [each for each in waiting if each.stands(day, at)]
        yield at, {each.about for each in taken if each.about is not None}
        waiting = [each for each in waiting if each.on_day > day or each.since > at]


def _days(ctx: Context, at: time, last: date, *, said_today: bool) -> Iterator[tuple[date, datetime, datetime]]:
    """Yield each working day with the span in which its digest may be said."""
    day = ctx.today + ONE_DAY if said_today else ctx.today
    while day <= last:
        begin = max(taipei_moment(day, max(at, ctx.policy.quiet_until)), ctx.now)
        end = taipei_moment(day, ctx.policy.quiet_from)
        if ctx.calendar.is_working_day(day) and begin < end:
            yield day, begin, end
        day += ONE_DAY


@dataclass
class _Times:
    """Each account's time of the digest."""

    ctx: Context
    own: Mapping[int, time] = field(init=False)

    def __post_init__(self) -> None:
        chosen = select(Account.id, Account.digest_at).where(Account.digest_at.is_not(None))
        self.own = {row.id: row.digest_at for row in self.ctx.session.execute(chosen)}

    def of(self, account_id: int) -> time:
        return self.ctx.policy.digest_time(self.own.get(account_id))


def _counts(ctx: Context) -> dict[_Alike, int]:
    return {_alike(row): row.alike_count for row in ctx.session.execute(_of_duties(func.count().label("alike_count")))}


def _waiting(ctx: Context) -> _Gathered:
    """Return what was gathered already, and is not said yet."""
    gathered = _Gathered(People(ctx), _Times(ctx))
    in_digests = _of_duties(DigestItem.account_id, DigestItem.on_day).join(DigestItem, DigestItem.duty_id == Duty.id)
    for row in ctx.session.execute(in_digests.group_by(DigestItem.account_id, DigestItem.on_day)):
        gathered.routine[row[0]].append(_Waits(ctx.now, row.on_day, _alike(row)))
    for card in ctx.session.execute(select(DigestCard.account_id, DigestCard.on_day).distinct()):
        gathered.routine[card.account_id].append(_Waits(ctx.now, card.on_day, None))
    urgent = _of_duties(UrgentItem.account_id, UrgentItem.say_at).join(UrgentItem, UrgentItem.duty_id == Duty.id)
    for row in ctx.session.execute(urgent.group_by(UrgentItem.account_id, UrgentItem.say_at)):
        gathered.urgent[row[0], max(ctx.now, row.say_at)].add(_alike(row))
    return gathered


def _of_duties(*asked: Any) -> Select[*tuple[Any, ...]]:
    """Return a question about open duties, a row for those that are alike; what is asked stands first."""
    arose = case((Duty.reminded_at.is_(None), Duty.arose_at), else_=null())
    alike: tuple[Any, ...] = (Duty.kind, Duty.unit_id, Duty.account_id, Duty.due_at, Duty.reminded_at, arose)
    labels = [column.label(f"alike_{place}") for place, column in enumerate(alike)]
    return select(*asked, *labels).select_from(Duty).where(Duty.ended_at.is_(None)).group_by(*alike)


def _alike(row: Any) -> _Alike:
    return _Alike(row.alike_0, row.alike_1, row.alike_2, row.alike_3, row.alike_4, row.alike_5)


def _said_today(ctx: Context, accounts: Iterable[int]) -> set[int]:
    """Return to which of these accounts today's digest was said."""
    keys = {digest_key(account_id, ctx.today): account_id for account_id in accounts}
    said: set[int] = set()
    for asked in _batched(keys, KEYS_A_QUESTION):
        found = ctx.session.scalars(select(Notice.dedupe_key).where(Notice.dedupe_key.in_(asked)))
        said |= {keys[key] for key in found}
    return said


def _batched(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(keys)
    while some := list(islice(left, size)):
        yield some
