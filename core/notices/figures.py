"""What became of notices, in numbers and lists: of today, for who looks after the channel and for the metrics.

A number and the list behind it come from one condition (DUTY-2). Nothing here opens what was said or to which address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Case,
    ColumnElement,
    ColumnExpressionArgument,
    Float,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from core.access import Action, require
from core.accounts.models import Account
from core.clock import start_of_day, taipei_date, taipei_moment
from core.context import Context
from core.database import UtcDateTime, is_sqlite
from core.labels import Labelled
from core.notices.doorways import WAYS
from core.notices.models import Doorway, Notice, NoticeKind, NoticeState, Urgency, Via, WhyMail
from core.paging import Page, clamped
from core.policy import Policy

ONE_DAY = timedelta(days=1)
IN_TIME = 10  # seconds from a notice's time until LINE has it
BOUNDS = (1, IN_TIME, 60, 600)
SECONDS_A_DAY = 86_400
BY_LINE = (Via.REPLY, Via.PUSH, Via.MULTICAST)


class Fate(Labelled):
    """What became of a notice, as far as the desk cares."""

    WAITING = "waiting", "等候送出"
    ACCEPTED = "accepted", "已受理"
    DROPPED = "dropped", "不必再送"
    FAILED = "failed", "沒有送達"


STATES: dict[Fate, tuple[NoticeState, ...]] = {
    Fate.WAITING: (NoticeState.CREATED, NoticeState.CLAIMED, NoticeState.HELD),
    Fate.ACCEPTED: (NoticeState.ACCEPTED,),
    Fate.DROPPED: (NoticeState.DROPPED,),
    Fate.FAILED: (NoticeState.REFUSED, NoticeState.GIVEN_UP, NoticeState.UNREACHABLE, NoticeState.AMBIGUOUS),
}


@dataclass(frozen=True)
class NoticeRow:
    """One notice as the desk lists it: to which account, never what was said."""

    at: datetime
    """When it was settled; while it waits, when it was written."""
    kind: NoticeKind
    account: str
    """The account's code; empty where it went to somebody without one."""
    via: Via
    state: NoticeState
    reason: str
    is_seen: bool
    why_mail: WhyMail | None = None
    """Why it went by mail, where it was to reach an account by LINE if it could."""

    @property
    def way(self) -> str:
        """The way it goes, and why by mail."""
        return f"{self.via.label}（{self.why_mail.label}）" if self.why_mail else self.via.label


@dataclass(frozen=True)
class ReasonCount:
    """How many notices of today met a fate for a reason."""

    fate: Fate
    reason: str
    count: int


@dataclass(frozen=True)
class KindCount:
    """How many notices of a kind were settled today, or wait, in a state."""

    kind: NoticeKind
    state: NoticeState
    count: int


@dataclass(frozen=True)
class OutcomeCount:
    """How many notices of today, or still to go, met an outcome when they were last tried by a way."""

    via: Via
    outcome: str
    count: int


@dataclass(frozen=True)
class Lateness:
    """How late LINE was handed the notices of today: how many there were, and how many within so many seconds."""

    handed: int
    within: Mapping[int, int]

    @property
    def share_in_time(self) -> float | None:
        """The share handed over within ten seconds of its time, from 0 to 1; None: there was nothing to hand over."""
        return self.within[IN_TIME] / self.handed if self.handed else None


def fates(ctx: Context) -> dict[Fate, int]:
    """Return how many notices wait, and how many were settled today, by fate; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_MESSAGES)
    return {fate: ctx.session.scalar(select(func.count()).where(_has(fate, ctx.now))) or 0 for fate in Fate}


def notices_of(ctx: Context, fate: Fate, reason: str | None, start: int, limit: int) -> Page[NoticeRow]:
    """Return the list behind a number, newest first: of a fate, or of one of its reasons; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_MESSAGES)
    is_it = _has(fate, ctx.now) if reason is None else and_(_has(fate, ctx.now), Notice.reason == reason)
    return listed(ctx, is_it, start, limit)


def listed(ctx: Context, is_it: ColumnElement[bool], start: int, limit: int) -> Page[NoticeRow]:
    """Return the notices of a condition, newest first; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_MESSAGES)
    total = ctx.session.scalar(select(func.count()).where(is_it)) or 0
    rows = ctx.session.execute(
        select(*_SHOWN)
        .outerjoin(Account, Account.id == Notice.account_id)
        .where(is_it)
        .order_by(func.coalesce(Notice.settled_at, Notice.created_at).desc(), Notice.id.desc())
        .offset(start)
        .limit(clamped(limit))
    )
    return Page(total, tuple(_row(row) for row in rows), start)


def reasons(ctx: Context) -> tuple[ReasonCount, ...]:
    """Return why notices of today were dropped or failed, and why others wait although they were tried.

    The most frequent first; raises ``NotAllowed``.
    """
    require(ctx.actor, Action.SEE_MESSAGES)
    found: list[ReasonCount] = []
    for fate in (Fate.FAILED, Fate.DROPPED, Fate.WAITING):
        counted = select(Notice.reason, func.count()).where(_has(fate, ctx.now)).group_by(Notice.reason)
        if fate is Fate.WAITING:
            counted = counted.where(Notice.reason != "")
        found += [ReasonCount(fate, row[0], row[1]) for row in ctx.session.execute(counted)]
    return tuple(sorted(found, key=lambda each: (-each.count, each.fate, each.reason)))


def by_kind(session: Session, now: datetime) -> tuple[KindCount, ...]:
    """Return how many notices wait or were settled today, by kind and state."""
    rows = session.execute(
        select(Notice.kind, Notice.state, func.count())
        .where(or_(*(_has(fate, now) for fate in Fate)))
        .group_by(Notice.kind, Notice.state)
    )
    return tuple(KindCount(row[0], row[1], row[2]) for row in rows)


def by_outcome(session: Session, now: datetime) -> tuple[OutcomeCount, ...]:
    """Return what came of the newest try of each notice that was settled today, or is to be tried again."""
    is_tried_again = and_(Notice.state == NoticeState.CREATED, Notice.tries > 0)
    is_settled = or_(_has(Fate.ACCEPTED, now), _has(Fate.FAILED, now))
    rows = session.execute(
        select(Notice.via, Notice.reason, func.count())
        .where(or_(is_tried_again, is_settled))
        .group_by(Notice.via, Notice.reason)
    )
    return tuple(OutcomeCount(row[0], row[1], row[2]) for row in rows)


def overdue(session: Session) -> datetime | None:
    """Return the time of the notice that should have gone first and has not, which may be still to come; or None."""
    return session.scalar(select(func.min(Notice.not_before)).where(Notice.state == NoticeState.CREATED))


def lying(session: Session) -> datetime | None:
    """Return the time, as ``overdue`` does, of the first notice that only a worker is missing to.

    What a channel that refuses us would carry is not among them, nor what keeps its order behind something of the same
    person that is tried again and again: the workers see to both, and the other doors of the house are as good as ever.
    """
    shut = session.scalars(select(Doorway.name).where(Doorway.shut_at.is_not(None))).all()
    barred = [via for name in shut for via in WAYS.get(name, ())]
    first = select(func.min(Notice.not_before)).where(Notice.state == NoticeState.CREATED, ~_IS_BEHIND)
    return session.scalar(first.where(Notice.via.not_in(barred)))


def lateness(session: Session, now: datetime, policy: Policy) -> Lateness:
    """Return how late LINE was handed what it took today, from the time each was to go: at once, or after the night."""
    took = _seconds(session, Notice.settled_at) - _seconds(session, _due(now, policy))
    within = [func.coalesce(func.sum(case((took <= bound, 1), else_=0)), 0) for bound in BOUNDS]
    by_line = and_(_has(Fate.ACCEPTED, now), Notice.via.in_(BY_LINE))
    row = session.execute(select(func.count(), *within).where(by_line)).one()
    return Lateness(row[0], dict(zip(BOUNDS, row[1:], strict=True)))


_TRIED = aliased(Notice)
_BY_SAME_DOOR = or_(
    and_(_TRIED.via == Via.MAIL, Notice.via == Via.MAIL, _TRIED.account_id == Notice.account_id),
    and_(_TRIED.via == Via.MAIL, Notice.via == Via.MAIL, _TRIED.mailbox == Notice.mailbox),
    and_(_TRIED.via != Via.MAIL, Notice.via != Via.MAIL, _TRIED.person == Notice.person),
)
_IS_BEHIND = exists().where(
    or_(_TRIED.state == NoticeState.CREATED, _TRIED.state == NoticeState.CLAIMED),
    _TRIED.tries > 0,
    _TRIED.id < Notice.id,
    _BY_SAME_DOOR,
)
_SHOWN = (Notice.settled_at, Notice.created_at, Notice.kind, Account.code, Notice.via, Notice.state, Notice.reason,
          Notice.seen_at, Notice.why_mail)  # fmt: skip


def _row(row: Any) -> NoticeRow:
    return NoticeRow(
        at=row.settled_at or row.created_at,
        kind=row.kind,
        account=row.code or "",
        via=row.via,
        state=row.state,
        reason=row.reason,
        is_seen=row.seen_at is not None,
        why_mail=row.why_mail,
    )


def _has(fate: Fate, now: datetime) -> ColumnElement[bool]:
    """Return the condition of a fate: what waits does so whatever the day, what is settled counts on its day."""
    is_it = Notice.state.in_(STATES[fate])
    if fate is Fate.WAITING:
        return is_it
    return and_(is_it, Notice.settled_at >= start_of_day(taipei_date(now)))


def _due(now: datetime, policy: Policy) -> Case[datetime]:
    """Return when a notice that was settled today was to go: as it was written, or in the morning if at night."""
    today = taipei_date(now)
    night, morning = taipei_moment(today - ONE_DAY, policy.quiet_from), taipei_moment(today, policy.quiet_until)
    slept = and_(Notice.urgency != Urgency.ALWAYS, Notice.created_at >= night, Notice.created_at < morning)
    return case((slept, literal(morning, UtcDateTime())), else_=Notice.created_at)


def _seconds(session: Session, moment: ColumnExpressionArgument[datetime | None]) -> ColumnElement[float]:
    """Return an instant as a number of seconds: each database has its own way."""
    if is_sqlite(session):
        return func.julianday(moment, type_=Float()) * SECONDS_A_DAY
    return cast(func.extract("epoch", moment), Float())
