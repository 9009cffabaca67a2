"""What was done with checks before: the rows themselves, locked for a change, and who sent or returned them last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from core.checks import refusals
from core.checks.models import Check, CheckReturn, CheckState, CheckSubmission
from core.context import Context
from core.errors import NotFound
from core.scoping import within
from core.secrets import folded

LONGEST_NUMBER = 40

Row = TypeVar("Row", CheckSubmission, CheckReturn)


def locked_checks(ctx: Context, numbers: Sequence[str]) -> dict[str, Check]:
    """Return these checks by number, held until the end of the transaction; ``NotFound`` names the first not there."""
    wanted = [folded(number) for number in numbers]
    askable = [number for number in wanted if _is_askable(number)]
    rows = ctx.session.scalars(
        select(Check)
        .where(Check.number.in_(askable), within(ctx.actor.units, Check.unit_id))
        .order_by(Check.id)  # everybody locks in this order, so that nobody waits in a circle
        .with_for_update(of=Check)
        .execution_options(populate_existing=True)
    )
    found = {row.number: row for row in rows}
    for number in wanted:
        if number not in found:
            raise _not_found(number)
    return {number: found[number] for number in wanted}


def seen_check(ctx: Context, number: str) -> Check:
    """Return a check that the actor may see, without holding it; raises ``NotFound``."""
    wanted = folded(number)
    row = None
    if _is_askable(wanted):
        row = ctx.session.scalar(select(Check).where(Check.number == wanted, within(ctx.actor.units, Check.unit_id)))
    if row is None:
        raise _not_found(wanted)
    return row


def locked_check(ctx: Context, number: str) -> Check:
    """Return one check as ``locked_checks`` does."""
    return locked_checks(ctx, (number,))[folded(number)]


def last_sent(ctx: Context, check: Check) -> CheckSubmission | None:
    """Return the newest submission of a check, or None."""
    return _last(ctx, check, CheckSubmission)


def last_return(ctx: Context, check: Check) -> CheckReturn | None:
    """Return the newest return of a check here, or None."""
    return _last(ctx, check, CheckReturn)


def refuse_checked(ctx: Context, check: Check) -> None:
    """Raise ``Conflict`` with who sent it and when, if a check is checked already (A30)."""
    if check.state is not CheckState.CHECKED:
        return
    sent, returned = last_sent(ctx, check), last_return(ctx, check)
    is_from_here = sent is not None and (returned is None or sent.sent_at >= returned.returned_at)
    if sent is None or not is_from_here:
        raise refusals.checked_by_list(check.number)
    raise refusals.checked_already(check.number, sent.writer, sent.sent_at)


def refuse_returned(ctx: Context, check: Check) -> None:
    """Raise ``Conflict`` with who returned it and when, if a check is returned already (A32)."""
    if check.state is not CheckState.RETURNED:
        return
    returned = last_return(ctx, check)
    if returned is None or returned.returned_at != check.returned_at:
        raise refusals.returned_by_list(check.number)
    raise refusals.returned_already(check.number, returned.reviewer, returned.returned_at)


def _is_askable(number: str) -> bool:
    return number.isprintable() and len(number) <= LONGEST_NUMBER


def _not_found(number: str) -> NotFound:
    return NotFound(refusals.Sentence.NOT_FOUND.label.format(number=number[:LONGEST_NUMBER]))


def _last(ctx: Context, check: Check, table: type[Row]) -> Row | None:
    found: Row | None = ctx.session.scalar(
        select(table).where(table.check_id == check.id).order_by(table.id.desc()).limit(1)
    )
    return found
