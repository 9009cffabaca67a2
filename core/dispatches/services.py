"""What a unit serves: opened by a reply, kept at the newest dispatch, ended by closing (REPLY-6, REC-8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select

from core.closures.following import follow_service
from core.context import Context
from core.dispatches.loading import reply_in
from core.dispatches.models import Case, Dispatch, DispatchState, Family, FormState, Opened
from core.dispatches.reply_form import OpenedBefore
from core.dispatches.rules import OPENS

Served = dict[tuple[int | None, int], list[Opened]]
"""Services by family and unit."""


def follow_services(ctx: Context, dispatches: Sequence[Dispatch]) -> None:
    """Let what the units serve follow what was decided on dispatches, which are stored already."""
    families = {row.case.family_id for row in dispatches}
    served = _served(ctx, families)
    for row in dispatches:
        _follow(ctx, row, served.setdefault((row.case.family_id, row.unit_id), []))
    ctx.session.flush()
    _renew(ctx, families, served)


def renew_services(ctx: Context, families: Collection[int | None]) -> None:
    """Let the services of families count from their newest dispatches: some came, went or belong together now."""
    _renew(ctx, families, _served(ctx, families))


def opened_before(ctx: Context, dispatch: Dispatch) -> OpenedBefore:
    """Return what is known of the unit's services of the family (REPLY-6)."""
    rows = _served(ctx, {dispatch.case.family_id}).get((dispatch.case.family_id, dispatch.unit_id), [])
    open_since = next((row.opened_on for row in rows if row.closed_on is None), None)
    return OpenedBefore(open_since, max((row.closed_on for row in rows if row.closed_on), default=None))


def _served(ctx: Context, families: Collection[int | None]) -> Served:
    """Return the services of families, which are held: two replies of one family may be approved at once."""
    known = {family for family in families if family is not None}
    families_held = select(Family.id).where(Family.id.in_(known)).order_by(Family.id)
    ctx.session.execute(families_held.with_for_update(key_share=True))  # a report may join the family meanwhile
    asked = select(Opened).where(Opened.family_id.in_(known)).order_by(Opened.id)
    held = asked.with_for_update(of=Opened, key_share=True).execution_options(populate_existing=True)
    served: Served = {}
    for row in ctx.session.scalars(held):
        served.setdefault((row.family_id, row.unit_id), []).append(row)
    return served


def _renew(ctx: Context, families: Collection[int | None], served: Served) -> None:
    newest = _newest_dispatches(ctx, families)
    for place, rows in served.items():
        for service in rows:
            if service.closed_on is None:
                service.last_dispatched_on = newest.get(place, service.last_dispatched_on)  # REC-8
            follow_service(ctx, service)


def _follow(ctx: Context, row: Dispatch, mine: list[Opened]) -> None:
    going_on = next((each for each in mine if each.closed_on is None), None)
    if row.opening not in OPENS:
        return
    if row.state is DispatchState.ANSWERED and going_on is None:
        mine.append(_begin(ctx, row))
    if row.state is DispatchState.CLOSED:
        _end(ctx, row, going_on, mine)


def _end(ctx: Context, row: Dispatch, going_on: Opened | None, mine: list[Opened]) -> None:
    """End the service a closed dispatch speaks of; one that was never seen open is remembered as closed."""
    if going_on is not None and row.dispatched_on >= going_on.last_dispatched_on:
        going_on.last_dispatched_on, going_on.closed_on = row.dispatched_on, ctx.today
    elif all(each.case_id != row.case_id for each in mine):
        over = _begin(ctx, row)
        over.closed_on = ctx.today
        mine.append(over)


def _begin(ctx: Context, row: Dispatch) -> Opened:
    opened = Opened(
        family_id=row.case.family_id,
        unit_id=row.unit_id,
        case_id=row.case_id,
        opened_as=row.opening,
        opened_on=row.dispatched_on,
        responsible=row.responsible,
        responsible_id=row.responsible_id,
        served=row.served or row.case.child_name,
        last_dispatched_on=row.dispatched_on,
        known_from=None if _replied_here(ctx, row) else ctx.today,
    )
    ctx.session.add(opened)
    return opened


def _replied_here(ctx: Context, row: Dispatch) -> bool:
    """Return whether the reply was made here: then every record is here too, and else only those from now on."""
    return reply_in(ctx, row.id, FormState.SUBMITTED, FormState.APPROVED) is not None


def _newest_dispatches(ctx: Context, families: Collection[int | None]) -> dict[tuple[int | None, int], date]:
    """Return the day of the newest dispatch of each family to each unit."""
    found = ctx.session.execute(
        select(Case.family_id, Dispatch.unit_id, func.max(Dispatch.dispatched_on))
        .join(Dispatch, Dispatch.case_id == Case.id)
        .where(Case.family_id.in_({family for family in families if family is not None}))
        .group_by(Case.family_id, Dispatch.unit_id)
    )
    return {(family_id, unit_id): day for family_id, unit_id, day in found}
