"""What a unit serves: opened by a reply, kept at the newest dispatch, ended by closing (REPLY-6, REC-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from core.closures.following import follow_service
from core.context import Context
from core.dispatches.models import Case, Dispatch, DispatchState, Opened
from core.dispatches.reply_form import OpenedBefore
from core.dispatches.rules import OPENS

Served = dict[tuple[int | None, int], list[Opened]]
"""Services by family and unit."""


def follow_services(ctx: Context, dispatches: Sequence[Dispatch]) -> None:
    """Let what the units serve follow their dispatches, which are stored already."""
    served = _served(ctx, {row.case.family_id for row in dispatches})
    for row in dispatches:
        _follow(ctx, row, served.setdefault((row.case.family_id, row.unit_id), []))
    ctx.session.flush()
    for each in {service.id: service for rows in served.values() for service in rows}.values():
        follow_service(ctx, each)


def opened_before(ctx: Context, dispatch: Dispatch) -> OpenedBefore:
    """Return what is known of the unit's services of the family (REPLY-6)."""
    rows = _served(ctx, {dispatch.case.family_id}).get((dispatch.case.family_id, dispatch.unit_id), [])
    open_since = next((row.opened_on for row in rows if row.closed_on is None), None)
    return OpenedBefore(open_since, max((row.closed_on for row in rows if row.closed_on), default=None))


def _served(ctx: Context, families: set[int | None]) -> Served:
    """Return the services of families; locked, for two replies of one family may be approved at once."""
    known = [family for family in families if family is not None]
    asked = select(Opened).where(Opened.family_id.in_(known)).order_by(Opened.id).with_for_update(of=Opened)
    served: Served = {}
    for row in ctx.session.scalars(asked):
        served.setdefault((row.family_id, row.unit_id), []).append(row)
    return served


def _follow(ctx: Context, row: Dispatch, mine: list[Opened]) -> None:
    going_on = next((each for each in mine if each.closed_on is None), None)
    if going_on is not None:
        going_on.last_dispatched_on = max(going_on.last_dispatched_on, row.dispatched_on)  # REC-8
    if row.opening not in OPENS:
        return
    if row.state is DispatchState.ANSWERED and going_on is None:
        mine.append(_begin(ctx, row, _newest_dispatch(ctx, row)))
    if row.state is DispatchState.CLOSED:
        _end(ctx, row, going_on, mine)


def _end(ctx: Context, row: Dispatch, going_on: Opened | None, mine: list[Opened]) -> None:
    """End the service a closed dispatch speaks of; one that was never seen open is remembered as closed."""
    if going_on is not None and row.dispatched_on >= going_on.last_dispatched_on:
        going_on.closed_on = ctx.today
    elif all(each.case_id != row.case_id for each in mine):
        over = _begin(ctx, row, row.dispatched_on)
        over.closed_on = ctx.today
        mine.append(over)


def _begin(ctx: Context, row: Dispatch, last_dispatched_on: date) -> Opened:
    opened = Opened(
        family_id=row.case.family_id,
        unit_id=row.unit_id,
        case_id=row.case_id,
        opened_as=row.opening,
        opened_on=row.dispatched_on,
        responsible=row.responsible,
        responsible_id=row.responsible_id,
        served=row.served or row.case.child_name,
        last_dispatched_on=last_dispatched_on,
    )
    ctx.session.add(opened)
    return opened


def _newest_dispatch(ctx: Context, row: Dispatch) -> date:
    asked = select(func.max(Dispatch.dispatched_on)).join(Case, Case.id == Dispatch.case_id)
    of_these = (Case.family_id == row.case.family_id, Dispatch.unit_id == row.unit_id)
    return ctx.session.scalar(asked.where(*of_these)) or row.dispatched_on
