"""Saying what was gathered of duties: one digest a person and working day, one urgent notice a person and sweep.

Both work a small batch of people in the caller's transaction and return how many they looked at, so that a job repeats
them until 0. What is said is taken from what waits in the same transaction, and notices have unique keys, so nothing
is said twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

import structlog
from sqlalchemy import ColumnElement, Row, Select, Time, and_, delete, exists, func, literal, or_, select, update

from core.access import Actor
from core.accounts.models import Account
from core.accounts.queries import actor_of, reach_of
from core.clock import TAIPEI
from core.context import Context
from core.duties.models import DigestItem, Duty, UrgentItem, WhyNot
from core.duties.notices import digest_answer, reminder_answer
from core.duties.overview import ROWS_A_SCREEN, digest_overview
from core.duties.queries import owed_among
from core.duties.rules import Stage, StageKind
from core.duties.told import Why
from core.duties.untold import keep_untold
from core.errors import FrontdoorError, SetupError
from core.notices.models import Notice, NoticeKind, Urgency
from core.notices.rules import not_before
from core.notices.service import ToAccount, ToAddress, say
from core.quota.queries import is_spared

ONE_DAY = timedelta(days=1)
SWEEP_AT_MOST = timedelta(minutes=1)  # another worker's sweep is not waited for longer
AGAIN = timedelta(minutes=10)  # when what could not be read is tried again
_REASONS = frozenset({Why.NOBODY.value, Why.GOES_UP.value, Why.AUDIT.value, Why.UNSEEN.value})

Waiting = Row[tuple[int, str, str, datetime]]
"""Duty, stage, why, and the moment of the stage."""

log = structlog.get_logger(__name__)


def say_reminders(ctx: Context, limit: int) -> int:
    """Say what is urgent to up to ``limit`` people, to each all of it in one notice; return how many they were.

    While duties that are due are not gathered yet, nothing is said: their people are told all of a sweep at once.
    """
    people = ctx.session.scalars(_urged(ctx, limit)).all()
    for account_id in people:
        if not _apart(ctx, account_id, partial(_remind, ctx, account_id)):
            later = update(UrgentItem).where(_urgent_of(ctx, account_id)).values(say_at=ctx.now + AGAIN)
            ctx.session.execute(later)
    return len(people)


def say_digests(ctx: Context, limit: int) -> int:
    """Say the digest to up to ``limit`` accounts whose time of the day has come; return how many were looked at.

    One a person and working day; what is gathered after it waits for the next. A digest missed is not said late:
    the next one holds everything.
    """
    if not ctx.calendar.is_working_day(ctx.today):
        return 0
    waiting = _waiting(ctx, limit)
    by_mail = bool(waiting) and is_spared(ctx)
    for account_id, at in waiting.items():
        digest = _Digest(account_id, at, digest_key(account_id, ctx.today), by_mail)
        if not _apart(ctx, account_id, partial(_say_digest, ctx, digest)):
            _put_off(ctx, account_id)
    return len(waiting)


@dataclass(frozen=True)
class _Digest:
    """One person's digest of today."""

    account_id: int
    at: time
    key: str
    by_mail: bool
    """The month's paid messages are spared."""


def _urged(ctx: Context, limit: int) -> Select[int]:
    """Return the accounts to which something urgent is to be said, held."""
    is_swept = ~exists().where(Duty.ended_at.is_(None), Duty.remind_at <= ctx.now)
    waits_long = UrgentItem.say_at <= ctx.now - SWEEP_AT_MOST
    of_account = and_(UrgentItem.account_id == Account.id, UrgentItem.say_at <= ctx.now)
    return (
        select(Account.id)
        .where(exists().where(of_account, or_(is_swept, waits_long)))
        .order_by(Account.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Account)
    )


def _urgent_of(ctx: Context, account_id: int) -> ColumnElement[bool]:
    return and_(UrgentItem.account_id == account_id, UrgentItem.say_at <= ctx.now)


def _remind(ctx: Context, account_id: int) -> None:
    """Say all that waits for a person, once; an account that ended is told nothing, which is kept.

    A stage that was said before (its duty moved, and the clock stepped back) is left out, and the rest is said.
    """
    items = _taken(ctx, account_id)
    actor = actor_of(ctx.session, account_id, ctx.today)
    if actor is None:
        stages = [(each.duty_id, Stage(StageKind(each.stage), each.at, is_urgent=True)) for each in items]
        keep_untold(ctx, stages, WhyNot.NOBODY, account_id)
        return
    while items and not _said(ctx, account_id, actor, items):
        items = items[:-1]


def _said(ctx: Context, account_id: int, actor: Actor, items: Sequence[Waiting]) -> bool:
    """Say these in one notice; return False when its key was used before, True also where nothing is owed any more."""
    duties = [each.duty_id for each in items]
    owed = owed_among(ctx.as_actor(actor), duties, ROWS_A_SCREEN)
    if not owed.total:
        return True
    stages, reasons = [StageKind(each.stage) for each in items], [Why(each.why) for each in items]
    return say(
        ctx,
        to=ToAccount(account_id),
        answer=reminder_answer(owed, stages, reasons),
        kind=NoticeKind.REMINDER,
        key=_key(account_id, items),
        urgency=Urgency.AT_ONCE,
        duties=duties,
    )


def _taken(ctx: Context, account_id: int) -> Sequence[Waiting]:
    """Take what waits for a person: read and taken at once, so that what comes now stays."""
    taken = delete(UrgentItem).where(_urgent_of(ctx, account_id))
    columns = (UrgentItem.duty_id, UrgentItem.stage, UrgentItem.why, UrgentItem.at)
    return sorted(ctx.session.execute(taken.returning(*columns)), key=lambda each: (each.at, each.duty_id))


def _key(account_id: int, items: Sequence[Waiting]) -> str:
    """Return what makes a reminder one: its newest duty, stage and moment (two a day for checks), and to whom."""
    newest = items[-1]
    at = newest.at.astimezone(TAIPEI)
    return f"duty:{newest.duty_id}:{newest.stage}:{at:%Y%m%dT%H%M%S}:{account_id}"


def _apart(ctx: Context, account_id: int, tell: Callable[[], None]) -> bool:
    """Tell one person; a row that cannot be read is logged and undone, so that the others are told (A57)."""
    try:
        with ctx.session.begin_nested():
            tell()
    except (FrontdoorError, SetupError, LookupError, ValueError) as error:
        log.error("telling_failed", account=account_id, error=type(error).__name__)  # noqa: TRY400 (no texts in logs)
        return False
    return True


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


def _say_digest(ctx: Context, digest: _Digest) -> None:
    if ctx.session.scalar(select(Notice.id).where(Notice.dedupe_key == digest.key)) is not None:
        _put_off(ctx, digest.account_id)
        return
    taken = delete(DigestItem).where(_items_of(ctx, digest.account_id)).returning(DigestItem.duty_id, DigestItem.stage)
    items = {
        row.duty_id: row.stage for row in ctx.session.execute(taken)
    }  # read and taken at once: what comes now stays
    _write_digest(ctx, digest, items)


def digest_key(account_id: int, day: date) -> str:
    """Return what makes a digest one: whose, and of which day."""
    return f"digest:{account_id}:{day.isoformat()}"


def _put_off(ctx: Context, account_id: int) -> None:
    """Leave what waits for this person to the next day's digest."""
    later = update(DigestItem).where(_items_of(ctx, account_id)).values(on_day=ctx.today + ONE_DAY)
    ctx.session.execute(later)


def _items_of(ctx: Context, account_id: int) -> ColumnElement[bool]:
    return and_(DigestItem.account_id == account_id, DigestItem.on_day <= ctx.today)


def _write_digest(ctx: Context, digest: _Digest, items: dict[int, str]) -> None:
    """Say what the account owes as it is now; an account that ended, or owes nothing any more, gets nothing."""
    actor = actor_of(ctx.session, digest.account_id, ctx.today)
    if actor is None:
        _keep_unread(ctx, digest.account_id, items)
        return
    overview = digest_overview(ctx.as_actor(actor), items.keys())
    reasons = [Why(stage) for stage in items.values() if stage in _REASONS]
    if overview.owed.total:
        say(
            ctx,
            to=_way(ctx, digest),
            answer=digest_answer(overview, digest.at, reasons, spared=digest.by_mail),
            kind=NoticeKind.DIGEST,
            key=digest.key,
            urgency=Urgency.ROUTINE,
            duties=[*items, *(row.duty_id for row in overview.owed.rows)],
        )


def _way(ctx: Context, digest: _Digest) -> ToAccount | ToAddress:
    reach = reach_of(ctx.session, digest.account_id) if digest.by_mail else None
    return ToAddress(digest.account_id, reach.email) if reach else ToAccount(digest.account_id)


def _keep_unread(ctx: Context, account_id: int, items: dict[int, str]) -> None:
    """Keep that an account that ended was not told; a reason for telling is kept as what is told late."""
    kinds = set(StageKind)
    stages = (
        (duty_id, Stage(StageKind(stage) if stage in kinds else StageKind.LATE, ctx.now, is_urgent=False))
        for duty_id, stage in items.items()
    )
    keep_untold(ctx, stages, WhyNot.NOBODY, account_id)
