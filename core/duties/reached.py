"""How each is reached with what is routine today: by LINE once a day at most, else by mail (DUTY-5).

What of an earlier day may have been pushed this morning, or may still be, leaves today's to the mail: a second push
would be paid. What certainly is not out is not among it, for today's takes its place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from core.accounts.queries import reaches_of
from core.clock import start_of_day
from core.context import Context
from core.language.models import Language
from core.notices.models import Notice, NoticeState, Via, WhyMail
from core.notices.service import reach_columns

PAID = (Via.PUSH, Via.MULTICAST)
OPEN = (NoticeState.CREATED, NoticeState.CLAIMED)
ONE_DAY = timedelta(days=1)
_CARRIER = aliased(Notice)


@dataclass(frozen=True)
class Way:
    """How somebody is reached today, as the columns of a notice say it, and in which language."""

    columns: dict[str, object]
    language: Language


def digest_key(account_id: int, day: date) -> str:
    """Return what makes a digest one: whose, and of which day."""
    return f"digest:{account_id}:{day.isoformat()}"


def beside_key(account_id: int, day: date) -> str:
    """Return what makes that one which other areas say beside a digest."""
    return f"{digest_key(account_id, day)}:cards"


def ways(ctx: Context, account_ids: Collection[int], *, by_mail: bool) -> dict[int, Way]:
    """Return how each is reached; ``by_mail``: paid messages are spared."""
    pushed, found = _pushed_today(ctx, account_ids), {}
    for account_id, (reach, _) in reaches_of(ctx.session, account_ids, ctx.today).items():
        why = WhyMail.PUSHED if account_id in pushed else WhyMail.SPARED if by_mail else None
        found[account_id] = Way(reach_columns(account_id, reach, why), reach.language)
    return found


def _pushed_today(ctx: Context, account_ids: Collection[int]) -> set[int]:
    """Return to whom something routine of an earlier day was pushed today, may have been, or is still to be.

    Also what was said beside a digest of today that is written once more.

    Nobody knows of one that may be out, on its own or in another's request: LINE may have taken it this morning, or
    takes it now. What certainly is not out is still to come, unless it gives way to today's.
    """
    keys = {
        key: account_id
        for account_id in account_ids
        for day in _days_since_last(ctx)
        for key in (digest_key(account_id, day), beside_key(account_id, day))
    } | {beside_key(account_id, ctx.today): account_id for account_id in account_ids}
    carrier_may_be_out = exists().where(_CARRIER.id == Notice.carried_by, _CARRIER.may_be_out)
    is_out = or_(Notice.state == NoticeState.ACCEPTED, Notice.may_be_out, carrier_may_be_out)
    is_late = or_(Notice.settled_at.is_(None), Notice.settled_at >= start_of_day(ctx.today))
    gives_way = and_(Notice.state == NoticeState.CREATED, Notice.released_at.is_(None))
    is_to_come = and_(Notice.state.in_(OPEN), ~gives_way)
    is_pushed = and_(Notice.via.in_(PAID), or_(and_(is_out, is_late), is_to_come))
    found = ctx.session.scalars(select(Notice.dedupe_key).where(Notice.dedupe_key.in_(keys), is_pushed))
    return {keys[key] for key in found}


def _days_since_last(ctx: Context) -> list[date]:
    """Return the days before today back to the last one that was worked: Friday's digest is Monday's yesterday."""
    last = ctx.calendar.add_working_days(ctx.today, -1)
    return [last + ONE_DAY * each for each in range((ctx.today - last).days)]
