"""Telling duties: what has come due to be told goes into the digest or, if urgent, out at once.

``collect_reminders`` and ``say_digests`` each work one small batch in the caller's transaction and return how much
they did, so that a job repeats them until 0. Nothing is told twice: a duty's next moment moves on in the same
transaction, and notices have unique keys. On PostgreSQL a batch locks its rows and skips those another worker holds;
SQLite has one writer at a time. The locks leave keys alone, so rows that point here need not wait.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

import structlog
from sqlalchemy import ColumnElement, Time, and_, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.accounts.models import Account
from core.accounts.queries import actor_of
from core.clock import TAIPEI
from core.context import Context
from core.database import is_sqlite
from core.duties.models import DigestItem, Duty
from core.duties.notices import digest_answer, reminder_answer
from core.duties.overview import ROWS_A_SCREEN, digest_overview
from core.duties.queries import owed_among
from core.duties.rules import Stage, digest_day, next_stage, stage_now
from core.duties.service import course_of
from core.duties.told import People, Told, Why
from core.errors import FrontdoorError, SetupError
from core.notices.models import Notice, NoticeKind, Urgency
from core.notices.rules import not_before
from core.notices.service import ToAccount, say

ONE_DAY = timedelta(days=1)
_REASONS = frozenset({Why.NOBODY.value, Why.GOES_UP.value, Why.AUDIT.value})

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Item:
    """Why something stands in a digest, and since when."""

    stage: str
    at: datetime


@dataclass(frozen=True)
class _Due:
    """What is told now of one duty, and to whom."""

    duty_id: int
    stage: Stage
    is_urgent: bool
    told: Told
    over: Told


def collect_reminders(ctx: Context, limit: int) -> int:
    """Tell up to ``limit`` duties whose moment has come, each in its newest state; return how many there were (A46).

    Urgent ones become one notice a person, routine ones and those that go up wait for the digest.
    """
    duties = ctx.session.scalars(
        select(Duty)
        .where(Duty.ended_at.is_(None), Duty.remind_at <= ctx.now)
        .order_by(Duty.remind_at, Duty.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    people = People(ctx)
    with ctx.session.no_autoflush:  # who is told does not hang on what is moved: all is written at once, not one by one
        due = [each for duty in duties if (each := _move_on(ctx, duty, people)) is not None]
    ctx.session.flush()
    _gather(ctx, due)
    _tell_at_once(ctx, [each for each in due if each.is_urgent])
    return len(duties)


def tell_in_digest(ctx: Context, duties: Iterable[Duty], why: Why) -> None:
    """Put open duties into the next digest of those who owe them and of those who stand over them, for a reason."""
    people = People(ctx)
    told = {(account_id, duty.id) for duty in duties for each in (people.of(duty), people.over(duty))
            for account_id in each.accounts}  # fmt: skip
    _put_in_digests(ctx, dict.fromkeys(told, _Item(why.value, ctx.now)))


def say_digests(ctx: Context, limit: int) -> int:
    """Say the digest to up to ``limit`` accounts whose time of the day has come; return how many were looked at.

    One a person and working day; what is gathered after it waits for the next. A digest missed is not said late:
    the next one holds everything.
    """
    if not ctx.calendar.is_working_day(ctx.today):
        return 0
    waiting = _waiting(ctx, limit)
    for account_id, at in waiting.items():
        if not _apart(ctx, account_id, partial(_say_digest, ctx, account_id, at)):
            _put_off(ctx, account_id)
    return len(waiting)


def _move_on(ctx: Context, duty: Duty, people: People) -> _Due | None:
    """Write on the duty when it is told next; return what is told now, or None where it is put off.

    What is urgent sleeps through the quiet hours here and not in the outbox: in the morning it is told once, as it
    stands then.
    """
    course = course_of(ctx, duty)
    telling = stage_now(course, duty.reminded_at, ctx.now)
    if telling is None:  # policy or calendar changed since its moment was reckoned
        following = next_stage(course, duty.reminded_at)
        duty.remind_at = following.at if following else None
        return None
    awake_at = not_before(Urgency.AT_ONCE, ctx.now, ctx.policy)
    if telling.is_urgent and awake_at > ctx.now:
        duty.remind_at = awake_at
        return None
    duty.reminded_at, duty.remind_at = telling.stage.at, telling.next_at
    over = people.over(duty) if telling.goes_up else Told((), Why.GOES_UP)
    return _Due(duty.id, telling.stage, telling.is_urgent, people.of(duty), over)


def _gather(ctx: Context, due: Iterable[_Due]) -> None:
    """Put what waits for a digest into it; what stands there already gets its newest state."""
    items: dict[tuple[int, int], _Item] = {}
    for each in due:
        for told in (each.over,) if each.is_urgent else (each.told, each.over):
            stage = each.stage.kind.value if told.why is Why.OWES else told.why.value
            items |= {(account_id, each.duty_id): _Item(stage, each.stage.at) for account_id in told.accounts}
    _put_in_digests(ctx, items)


def _put_in_digests(ctx: Context, items: Mapping[tuple[int, int], _Item]) -> None:
    if not items:
        return
    times = _digest_times(ctx, {account_id for account_id, _ in items})
    rows = [
        {
            "account_id": account_id,
            "duty_id": duty_id,
            "stage": item.stage,
            "on_day": digest_day(item.at, times[account_id]),
        }
        for (account_id, duty_id), item in items.items()
    ]
    insert = (sqlite.insert if is_sqlite(ctx.session) else postgresql.insert)(DigestItem).values(rows)
    newest = {"stage": insert.excluded.stage}
    ctx.session.execute(insert.on_conflict_do_update(index_elements=["account_id", "duty_id"], set_=newest))


def _digest_times(ctx: Context, account_ids: Collection[int]) -> dict[int, time]:
    own = ctx.session.execute(select(Account.id, Account.digest_at).where(Account.id.in_(account_ids)))
    return {row.id: row.digest_at or ctx.policy.digest_at for row in own}


def _tell_at_once(ctx: Context, due: Sequence[_Due]) -> None:
    """Say each person's urgent duties of this batch in one notice."""
    of_person: dict[tuple[int, Why], list[_Due]] = defaultdict(list)
    for each in due:
        for account_id in each.told.accounts:
            of_person[account_id, each.told.why].append(each)
    for (account_id, why), theirs in of_person.items():
        _apart(ctx, account_id, partial(_remind, ctx, account_id, why, theirs))


def _apart(ctx: Context, account_id: int, tell: Callable[[], None]) -> bool:
    """Tell one person; a row that cannot be read is logged and undone, so that the others are told (A57)."""
    try:
        with ctx.session.begin_nested():
            tell()
    except (FrontdoorError, SetupError, LookupError, ValueError) as error:
        log.error("telling_failed", account=account_id, error=type(error).__name__)  # noqa: TRY400 (no texts in logs)
        return False
    return True


def _remind(ctx: Context, account_id: int, why: Why, due: Sequence[_Due]) -> None:
    actor = actor_of(ctx.session, account_id, ctx.today)
    if actor is None:
        return
    owed = owed_among(ctx.as_actor(actor), [each.duty_id for each in due], ROWS_A_SCREEN)
    if owed.total:
        say(
            ctx,
            to=ToAccount(account_id),
            answer=reminder_answer(owed, due[0].stage.kind, why),
            kind=NoticeKind.REMINDER,
            key=_key(due[0], account_id),
            urgency=Urgency.AT_ONCE,
            duties=[each.duty_id for each in due],
        )


def _key(due: _Due, account_id: int) -> str:
    """Return what makes a reminder one: which duty, which stage and moment (two a day for checks), and to whom."""
    at = due.stage.at.astimezone(TAIPEI)
    return f"duty:{due.duty_id}:{due.stage.kind.value}:{at:%Y%m%dT%H%M%S}:{account_id}"


def _waiting(ctx: Context, limit: int) -> dict[int, time]:
    """Return the accounts that have something to be told today and whose time has come, with that time."""
    clock = ctx.now.astimezone(TAIPEI).time()
    at = func.coalesce(Account.digest_at, literal(ctx.policy.digest_at, Time))
    has_come = at <= literal(clock, Time)
    if not_before(Urgency.ROUTINE, ctx.now, ctx.policy) > ctx.now:  # too late for any but those who chose the evening
        has_come = and_(has_come, at >= literal(ctx.policy.quiet_from, Time))
    has_items = select(DigestItem.id).where(DigestItem.account_id == Account.id, DigestItem.on_day <= ctx.today)
    rows = ctx.session.execute(
        select(Account.id, at)
        .where(has_items.exists(), has_come)
        .order_by(Account.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Account)
    )
    return {row[0]: row[1] for row in rows}


def _say_digest(ctx: Context, account_id: int, at: time) -> None:
    key = f"digest:{account_id}:{ctx.today.isoformat()}"
    if ctx.session.scalar(select(Notice.id).where(Notice.dedupe_key == key)) is not None:
        _put_off(ctx, account_id)
        return
    taken = delete(DigestItem).where(_items_of(ctx, account_id)).returning(DigestItem.duty_id, DigestItem.stage)
    items = {
        row.duty_id: row.stage for row in ctx.session.execute(taken)
    }  # read and taken at once: what comes now stays
    _write_digest(ctx, account_id, items, at, key)


def _put_off(ctx: Context, account_id: int) -> None:
    """Leave what waits for this person to the next day's digest."""
    later = update(DigestItem).where(_items_of(ctx, account_id)).values(on_day=ctx.today + ONE_DAY)
    ctx.session.execute(later)


def _items_of(ctx: Context, account_id: int) -> ColumnElement[bool]:
    return and_(DigestItem.account_id == account_id, DigestItem.on_day <= ctx.today)


def _write_digest(ctx: Context, account_id: int, items: dict[int, str], at: time, key: str) -> None:
    """Say what the account owes as it is now; an account that ended, or owes nothing any more, gets nothing."""
    actor = actor_of(ctx.session, account_id, ctx.today)
    if actor is None:
        return
    overview = digest_overview(ctx.as_actor(actor), items.keys())
    if overview.owed.total:
        say(
            ctx,
            to=ToAccount(account_id),
            answer=digest_answer(overview, at, [Why(stage) for stage in items.values() if stage in _REASONS]),
            kind=NoticeKind.DIGEST,
            key=key,
            urgency=Urgency.ROUTINE,
            duties=[*items, *(row.duty_id for row in overview.owed.rows)],
        )
