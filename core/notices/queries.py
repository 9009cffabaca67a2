"""Whom nothing reaches, and what waits for a person's decision: for the desk, without what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from core.access import Action, require
from core.accounts.models import Account, Unit
from core.context import Context
from core.notices.models import Doorway, Notice, NoticeKind, NoticeState
from core.scoping import within

LOOKED_BACK = timedelta(days=30)
LISTED = 200


@dataclass(frozen=True)
class Unreachable:
    """An account that neither LINE nor mail reaches."""

    account: str
    unit: str
    since: datetime
    """When the first of these notices failed."""
    count: int
    newest: NoticeKind


@dataclass(frozen=True)
class Parked:
    """A notice that a person must decide about: held, or set aside."""

    notice_id: int
    account: str
    """The account's code; empty where it is for somebody without one."""
    kind: NoticeKind
    state: NoticeState
    reason: str
    created_at: datetime


@dataclass(frozen=True)
class Shut:
    """A channel that refuses us."""

    name: str
    since: datetime
    reason: str


def unreachable(ctx: Context) -> tuple[Unreachable, ...]:
    """Return the people nothing has reached since a notice to them failed for good, the longest first (A49).

    The desk sees all, who stands over units theirs; raises ``NotAllowed`` for anybody else.
    """
    sees_all = ctx.actor.may(Action.SEE_MESSAGES)
    if not sees_all:
        require(ctx.actor, Action.WATCH_UNITS)
    later = aliased(Notice)
    reached = select(func.max(later.settled_at)).where(
        later.account_id == Notice.account_id, later.state == NoticeState.ACCEPTED
    )
    failed = (
        select(
            Notice.account_id,
            func.min(Notice.settled_at).label("since"),
            func.count().label("count"),
            func.max(Notice.id).label("newest"),
        )
        .where(Notice.state.in_((NoticeState.UNREACHABLE, NoticeState.REFUSED)))
        .where(Notice.settled_at > ctx.now - LOOKED_BACK, Notice.account_id.is_not(None))
        .where(Notice.settled_at > func.coalesce(reached.scalar_subquery(), ctx.now - LOOKED_BACK))
        .group_by(Notice.account_id)
        .subquery()
    )
    rows = ctx.session.execute(
        select(Account.code, Unit.name, failed.c.since, failed.c.count, Notice.kind)
        .join(failed, failed.c.account_id == Account.id)
        .join(Unit, Unit.id == Account.unit_id)
        .join(Notice, Notice.id == failed.c.newest)
        .where(true() if sees_all else within(ctx.actor.units, Account.unit_id))
        .order_by(failed.c.since, Account.code)
        .limit(LISTED)
    )
    return tuple(Unreachable(*row) for row in rows)


def parked(ctx: Context) -> tuple[Parked, ...]:
    """Return the notices that wait for a person's decision, the oldest first (``service.release``, ``dismiss``)."""
    require(ctx.actor, Action.SEE_MESSAGES)
    rows = ctx.session.execute(
        select(Notice.id, func.coalesce(Account.code, ""), Notice.kind, Notice.state, Notice.reason, Notice.created_at)
        .outerjoin(Account, Account.id == Notice.account_id)
        .where(Notice.state.in_((NoticeState.HELD, NoticeState.GIVEN_UP)))
        .order_by(Notice.id)
        .limit(LISTED)
    )
    return tuple(Parked(*row) for row in rows)


def shut_channels(ctx: Context) -> tuple[Shut, ...]:
    """Return the channels that refuse us, for the metric and the alarm: nothing is sent by them, nothing is lost."""
    rows = ctx.session.execute(
        select(Doorway.name, Doorway.shut_at, Doorway.reason).where(Doorway.shut_at.is_not(None)).order_by(Doorway.name)
    )
    return tuple(Shut(row.name, row.shut_at, row.reason) for row in rows if row.shut_at is not None)
