"""What a unit serves: opened by a reply, kept at the newest dispatch, ended by closing (REPLY-6, REC-8)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select

from core.closures.following import follow_service
from core.context import Context
from core.dispatches.models import Case, Dispatch, DispatchState, Family, FormState, Opened, Reply
from core.dispatches.reply_form import OpenedBefore
from core.dispatches.rules import OPENS
from core.records.following import begin_windows

Served = dict[tuple[int | None, int], list[Opened]]
"""Services by family and unit."""


def follow_services(ctx: Context, dispatches: Sequence[Dispatch]) -> None:
    """Let what the units serve follow what was decided on dispatches, which are stored already."""
    families = {row.case.family_id for row in dispatches}
    served = _served(ctx, families)
    stood = {service.id for rows in served.values() for service in rows}
    replied = _replied_here(ctx, dispatches)
    for row in dispatches:
        known_from = None if row.id in replied else ctx.today
        _follow(ctx, row, known_from, served.setdefault((row.case.family_id, row.unit_id), []))
    ctx.session.flush()
    _renew(ctx, families, served, stood)


def renew_services(ctx: Context, families: Collection[int | None]) -> None:
    """Let the services of families count from their newest dispatches: some came, went or belong together now."""
    served = _served(ctx, families)
    _renew(ctx, families, served, {service.id for rows in served.values() for service in rows})


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


def _renew(ctx: Context, families: Collection[int | None], served: Served, stood: Collection[int]) -> None:
    """Let services count from the newest dispatch, and their duties follow; all but those of ``stood`` just began."""
    newest = _newest_dispatches(ctx, families)
    begun: list[Opened] = []
    for place, rows in served.items():
        for service in rows:
            if service.closed_on is None:
                service.last_dispatched_on = newest.get(place, service.last_dispatched_on)  # REC-8
            if service.id in stood:
                follow_service(ctx, service)
            else:
                begun.append(service)
    begin_windows(ctx, begun)  # of closing nothing is owed yet: nothing was stated of them, and no form was sent


def _follow(ctx: Context, row: Dispatch, known_from: date | None, mine: list[Opened]) -> None:
    """Begin or end what a dispatch speaks of; ``known_from``: since when the records of what it begins are here."""
    if row.opening not in OPENS:
        return
    if row.state is DispatchState.ANSWERED and _going_on(mine) is None:
        mine.append(_begin(ctx, row, known_from))
    if row.state is DispatchState.CLOSED:
        _end(ctx, row, known_from, mine)


def _end(ctx: Context, row: Dispatch, known_from: date | None, mine: list[Opened]) -> None:
    """End the service a closed dispatch speaks of; one that was never seen open is remembered as closed."""
    going_on = _going_on(mine)
    if going_on is not None and row.dispatched_on >= going_on.last_dispatched_on:
        going_on.last_dispatched_on, going_on.closed_on = row.dispatched_on, ctx.today
    elif all(each.case_id != row.case_id for each in mine):
        over = _begin(ctx, row, known_from)
        over.closed_on = ctx.today
        mine.append(over)


def _going_on(mine: Sequence[Opened]) -> Opened | None:
    return next((each for each in mine if each.closed_on is None), None)


def _begin(ctx: Context, row: Dispatch, known_from: date | None) -> Opened:
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
        known_from=known_from,
    )
    ctx.session.add(opened)
    return opened


def _replied_here(ctx: Context, dispatches: Sequence[Dispatch]) -> set[int]:
    """Return to which the reply was made here: then every record is here too, and else only those from now on."""
    made = (
        Reply.dispatch_id.in_([row.id for row in dispatches]),
        Reply.state.in_((FormState.SUBMITTED, FormState.APPROVED)),
    )
    return set(ctx.session.scalars(select(Reply.dispatch_id).where(*made)))


def _newest_dispatches(ctx: Context, families: Collection[int | None]) -> dict[tuple[int | None, int], date]:
    """Return the day of the newest dispatch of each family to each unit."""
    found = ctx.session.execute(
        select(Case.family_id, Dispatch.unit_id, func.max(Dispatch.dispatched_on))
        .join(Dispatch, Dispatch.case_id == Case.id)
        .where(Case.family_id.in_({family for family in families if family is not None}))
        .group_by(Case.family_id, Dispatch.unit_id)
    )
    return {(family_id, unit_id): day for family_id, unit_id, day in found}
