"""Saying at once what was gathered of duties: one urgent notice a person and sweep.

It works a small batch of people in the caller's transaction and returns how many it looked at, so that a job repeats it
until 0. What is said is taken from what waits in the same transaction, and notices have unique keys, so nothing is said
twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import ColumnElement, Row, Select, and_, delete, exists, or_, select, update

from core.access import Actor
from core.accounts.models import Account, Role
from core.accounts.queries import actor_of
from core.clock import TAIPEI
from core.context import Context
from core.duties.models import Duty, UrgentItem, WhyNot
from core.duties.notices import reminder_answer
from core.duties.overview import ROWS_A_SCREEN
from core.duties.queries import is_known, owed_among
from core.duties.retelling import pass_on_to_others, seen_by_each
from core.duties.rules import Stage, StageKind
from core.duties.told import Why
from core.duties.untold import keep_untold
from core.errors import FrontdoorError, SetupError
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say

ONE_DAY = timedelta(days=1)
SWEEP_AT_MOST = timedelta(minutes=1)  # another worker's sweep is not waited for longer
AGAIN = timedelta(minutes=10)  # when what could not be read is tried again

Waiting = Row[tuple[int, str, str, datetime]]
"""Duty, stage, why, and the moment of the stage."""

log = structlog.get_logger(__name__)


def say_reminders(ctx: Context, limit: int) -> int:
    """Say what is urgent to up to ``limit`` people, to each all of it in one notice; return how many they were.

    While duties that are due are not gathered yet, nothing is said: their people are told all of a sweep at once.
    """
    people = ctx.session.scalars(_urged(ctx, limit)).all()
    for account_id in people:
        if error := apart(ctx, partial(_remind, ctx, account_id)):
            log.error("telling_failed", account=account_id, error=error)
            later = update(UrgentItem).where(_urgent_of(ctx, account_id)).values(say_at=ctx.now + AGAIN)
            ctx.session.execute(later)
    return len(people)


def _urged(ctx: Context, limit: int) -> Select[int]:
    """Return the accounts to which something urgent is to be said, held."""
    is_swept = ~exists().where(Duty.ended_at.is_(None), Duty.remind_at <= ctx.now, is_known())
    waits_long = UrgentItem.say_at <= ctx.now - SWEEP_AT_MOST
    of_account = and_(UrgentItem.account_id == Account.id, UrgentItem.say_at <= ctx.now)
    return (
        select(Account.id)
        .where(exists().where(of_account, or_(is_swept, waits_long)), Account.role.in_(tuple(Role)))
        .order_by(Account.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Account)
    )


def _urgent_of(ctx: Context, account_id: int) -> ColumnElement[bool]:
    return and_(UrgentItem.account_id == account_id, UrgentItem.say_at <= ctx.now)


def _remind(ctx: Context, account_id: int) -> None:
    """Say all that waits for a person, once; an account that ended is told nothing, which is kept.

    What they see no more is told to those whose it is now. A stage that was said before (its duty moved, and the clock
    stepped back) is left out, and the rest is said.
    """
    items = _taken(ctx, account_id)
    actor = actor_of(ctx.session, account_id, ctx.today)
    pairs = {(account_id, each.duty_id) for each in items}
    seen = seen_by_each(ctx, pairs, {account_id: actor} if actor else {})
    pass_on_to_others(ctx, pairs - seen)
    if actor is None:
        stages = [(each.duty_id, Stage(StageKind(each.stage), each.at, is_urgent=True)) for each in items]
        keep_untold(ctx, stages, WhyNot.NOBODY, account_id)
        return
    items = [each for each in items if (account_id, each.duty_id) in seen]
    while items and not _said(ctx, account_id, actor, items):
        items = items[:-1]


def _said(ctx: Context, account_id: int, actor: Actor, items: Sequence[Waiting]) -> bool:
    """Say these in one notice; return False when its key was used before, True also where nothing is owed any more."""
    duties = [each.duty_id for each in items]
    owed = owed_among(ctx.as_actor(actor), duties, ROWS_A_SCREEN)
    if not owed.total:
        return True
    stages, reasons = [StageKind(each.stage) for each in items], [Why(each.why) for each in items]
    number = say(
        ctx,
        to=ToAccount(account_id),
        answer=reminder_answer(owed, stages, reasons),
        kind=NoticeKind.REMINDER,
        key=_key(account_id, items),
        urgency=Urgency.AT_ONCE,
        duties=duties,
    )
    return number is not None


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


def apart(ctx: Context, tell: Callable[[], None]) -> str:
    """Tell somebody; return "", or the kind of error of a row that cannot be read: then all of it is undone (A57)."""
    try:
        with ctx.attempt():
            tell()
    except (FrontdoorError, SetupError, LookupError, ValueError) as error:
        return type(error).__name__
    return ""
