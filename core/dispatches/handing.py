"""Handing a dispatch over to the unit whose case it is, on the day it was made (REPLY-16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action
from core.accounts.models import Unit
from core.context import Context
from core.dates import roc
from core.dispatches import rules
from core.dispatches.following import follow_duties
from core.dispatches.loading import locked
from core.dispatches.models import Dispatch, DispatchState, HandOver
from core.dispatches.receiving import receivers_of
from core.dispatches.refusals import NOTHING_TO_REPLY, UNIT_UNKNOWN
from core.dispatches.refusals import ReplyRefusal as Refused
from core.dispatches.services import renew_services
from core.errors import Broken, Conflict, InvalidInput, RulesBroken
from core.imports.known import UNIT_CODE
from core.wording import is_blank


@dataclass(frozen=True)
class HandedOver:
    """A dispatch that went to another unit."""

    at: datetime


def hand_over(ctx: Context, dispatch_id: int, unit_code: str, reason: str) -> HandedOver:
    """Hand a dispatch that was not answered over to another unit; its deadline stays.

    Raises ``RulesBroken`` with all that is wrong, ``InvalidInput`` for an unknown unit, ``Conflict`` where it was
    answered. What was written as a draft goes along.
    """
    row = locked(ctx, dispatch_id, Action.HAND_OVER)
    if row.state is not DispatchState.WAITING:
        raise Conflict(NOTHING_TO_REPLY.format(state=row.state.label))
    unit = ctx.session.scalar(select(Unit).where(Unit.code == unit_code.strip()))
    if unit is None:
        raise InvalidInput(UNIT_UNKNOWN.format(code=unit_code.strip()), field=UNIT_CODE)
    broken = _broken(ctx, row, unit, reason)
    if broken:
        raise RulesBroken(broken)
    _move(ctx, row, unit, reason)
    ctx.note("hand_over", f"dispatch:{row.id}", ("unit_id", "responsible"))
    return HandedOver(ctx.now)


def _broken(ctx: Context, row: Dispatch, unit: Unit, reason: str) -> tuple[Broken, ...]:
    found: list[Broken | None] = []
    if not rules.can_hand_over_on(row.dispatched_on, ctx.today):
        found.append(Refused.NOT_SAME_DAY.broken(day=roc(row.dispatched_on)))
    if unit.id == row.unit_id:
        found.append(Refused.SAME_UNIT.broken(unit=unit.name))
    elif _has_it(ctx, row, unit):
        found.append(Refused.HAS_IT_ALREADY.broken(unit=unit.name))
    receiver = receivers_of(ctx, (unit.id,))[unit.id]
    found.append(rules.why_not_receive(receiver, other_county=row.case.other_county))
    if is_blank(reason):
        found.append(Refused.NO_HAND_OVER_REASON.broken())
    return tuple(each for each in found if each is not None)


def _has_it(ctx: Context, row: Dispatch, unit: Unit) -> bool:
    same = (Dispatch.case_id == row.case_id, Dispatch.unit_id == unit.id, Dispatch.dispatched_on == row.dispatched_on)
    return ctx.session.scalar(select(Dispatch.id).where(*same)) is not None


def _move(ctx: Context, row: Dispatch, unit: Unit, reason: str) -> None:
    ctx.session.add(
        HandOver(
            dispatch_id=row.id,
            from_unit_id=row.unit_id,
            to_unit_id=unit.id,
            account_id=ctx.actor.account_id,
            at=ctx.now,
            reason=ctx.vault.seal(reason.strip()),
        )
    )
    row.unit_id, row.responsible, row.responsible_id, row.listed_responsible_key = unit.id, None, None, None
    ctx.session.flush()
    ctx.session.refresh(row, ["unit"])
    follow_duties(ctx, row)
    renew_services(ctx, (row.case.family_id,))
