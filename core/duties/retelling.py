"""What was told in a notice that is not sent any more, told all the same: in its person's next digest, or to others.

A digest of a past day is not sent late, none is sent on a day off, and nothing to somebody whose business it is no more
(``core/notices/facts.py``); without this, what is told only once, as that something is new, would be lost with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple, cast

from sqlalchemy import Select, Table, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from core.access import Actor
from core.accounts.queries import actors_of
from core.among import among, among_these
from core.clock import start_of_day
from core.context import Context
from core.database import UtcDateTime
from core.duties.models import DigestItem, Duty, UrgentItem
from core.duties.plans import DutyKind
from core.duties.queries import is_known
from core.duties.standing import sees_all, standings_of
from core.duties.told import KEPT, People, Why
from core.many import inserting
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState

DISMISSED = "dismissed"
"""Why a notice is dropped that a person decided not to send."""


class _Told(NamedTuple):
    """A duty that is still open, and who was to be told of it: the columns of ``_TOLD``, in their order."""

    reader: int
    duty_id: int
    kind: DutyKind
    unit_id: int | None
    account_id: int | None
    why: str | None
    """The reason of telling that was kept."""


def wait_for_the_next(ctx: Context, notices: Collection[int]) -> None:
    """Let what these spoke of wait for the next digests, but what has ended, or was told since today already (A46).

    What its person sees no more is left out. Why each is told is asked anew, for it may have gone up to somebody else
    meanwhile; only a reason that nothing tells of any more stays. What waits there already stays as it is.
    """
    if not notices:
        return
    asked = {"ids": list(notices), "since": start_of_day(ctx.today)}
    told = _still_seen(ctx, [_Told._make(row) for row in ctx.session.execute(_TOLD, asked)])
    people = People(ctx)
    people.prepare(told)
    _wait(ctx, [(each.reader, each.duty_id, _why(people, each)) for each in told])


def pass_on(ctx: Context, notices: Collection[int]) -> None:
    """Let others find in their digest what only somebody was told in these who sees it no more, or whose account ended.

    They are those who are told of it now (DUTY-4), unless a notice told them of its newest stage.
    """
    if notices:
        pass_on_to_others(ctx, _pairs(ctx, _SPOKEN_OF.where(Notice.id.in_(notices))))


def pass_on_to_others(ctx: Context, untold: Collection[tuple[int, int]]) -> None:
    """Do the same for accounts and the duties that each was to be told of: those of which it does see are left out."""
    if not untold:
        return
    actors = actors_of(ctx.session, {account_id for account_id, _ in untold}, ctx.today)
    seen = seen_by_each(ctx, untold, actors)
    lost = {duty_id for account_id, duty_id in untold if (account_id, duty_id) not in seen}
    if not lost:
        return
    is_open = (Duty.ended_at.is_(None), is_known(), Duty.reminded_at.is_not(None))
    duties = ctx.session.scalars(select(Duty).where(among_these(Duty.id, lost), *is_open).order_by(Duty.id)).all()
    people = People(ctx)
    people.prepare(duties)
    told = {(account_id, duty.id): people.of(duty).why for duty in duties for account_id in people.of(duty).accounts}
    known = _told_since(ctx, lost) | {*untold}
    _wait(ctx, [(*pair, why) for pair, why in told.items() if pair not in known])


def seen_by_each(ctx: Context, pairs: Collection[tuple[int, int]], actors: Mapping[int, Actor]) -> set[tuple[int, int]]:
    """Return which of these accounts, that are among those who may act today, see the duty beside them."""
    duties = standings_of(ctx.session, {duty_id for _, duty_id in pairs}, ctx.now)
    return {
        (account_id, duty_id)
        for account_id, duty_id in pairs
        if account_id in actors and duty_id in duties and sees_all(actors[account_id], [duties[duty_id]])
    }


def _told_since(ctx: Context, duty_ids: Collection[int]) -> set[tuple[int, int]]:
    """Return which accounts were told of which of these since their newest stage, or are to be.

    What was dropped told nobody, but where a person decided so.
    """
    told = _SPOKEN_OF.join(Duty, Duty.id == NoticeDuty.duty_id).where(Notice.created_at >= Duty.reminded_at)
    told = told.where(or_(Notice.state != NoticeState.DROPPED, Notice.reason == DISMISSED))
    return _pairs(ctx, told.where(among_these(NoticeDuty.duty_id, duty_ids)))


def _pairs(ctx: Context, asked: Select[int | None, int]) -> set[tuple[int, int]]:
    """Return these accounts and duties; what goes to no account is nobody's."""
    return {(account_id, duty_id) for account_id, duty_id in ctx.session.execute(asked) if account_id is not None}


def _still_seen(ctx: Context, told: Collection[_Told]) -> list[_Told]:
    actors = actors_of(ctx.session, {each.reader for each in told}, ctx.today)
    seen = seen_by_each(ctx, {(each.reader, each.duty_id) for each in told}, actors)
    return [each for each in told if (each.reader, each.duty_id) in seen]


def _why(people: People, duty: _Told) -> Why:
    told, over = people.of(duty), people.over(duty)
    kept = Why(duty.why) if duty.why in KEPT else None
    if duty.reader in over.accounts and kept is not None:
        return kept
    if duty.reader in told.accounts:
        return Why.AUDIT if kept is Why.AUDIT else told.why
    return Why.GOES_UP if duty.reader in over.accounts else Why.OWES


def _wait(ctx: Context, items: Collection[tuple[int, int, Why]]) -> None:
    """Let these wait for the next digest, but what is said to the same person by itself before that."""
    urgent = select(UrgentItem.account_id, UrgentItem.duty_id)
    alone = _pairs(ctx, urgent.where(among_these(UrgentItem.duty_id, {duty_id for _, duty_id, _ in items})))
    rows = [
        {"account_id": account_id, "duty_id": duty_id, "stage": why.value, "on_day": ctx.today}
        for account_id, duty_id, why in items
        if (account_id, duty_id) not in alone
    ]
    _WAITS.run(ctx.session, rows)


_SPOKEN_OF = select(Notice.account_id, NoticeDuty.duty_id).join(Notice, Notice.id == NoticeDuty.notice_id)
_NEWER, _ITS = aliased(Notice), aliased(NoticeDuty)
_WAS_TOLD_TODAY = exists().where(
    _ITS.duty_id == NoticeDuty.duty_id,
    _NEWER.id == _ITS.notice_id,
    _NEWER.id > Notice.id,
    _NEWER.account_id == Notice.account_id,
    _NEWER.kind.in_((NoticeKind.DIGEST, NoticeKind.REMINDER)),
    _NEWER.created_at >= bindparam("since", type_=UtcDateTime()),
)
_TOLD = (
    select(Notice.account_id, Duty.id, Duty.kind, Duty.unit_id, Duty.account_id, NoticeDuty.why)
    .join(NoticeDuty, NoticeDuty.notice_id == Notice.id)
    .join(Duty, Duty.id == NoticeDuty.duty_id)
    .where(among(Notice.id, "ids"), Notice.account_id.is_not(None))
    .where(Duty.ended_at.is_(None), is_known(), ~_WAS_TOLD_TODAY)
    .order_by(Notice.account_id, Duty.id)
)
_WAITS = inserting(
    cast("Table", DigestItem.__table__),
    ("account_id", "duty_id", "stage", "on_day"),
    key=("account_id", "duty_id"),
)
