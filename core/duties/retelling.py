"""What was told in a digest that is not sent any more: it waits for its person's next one, which says it as it is then.

A digest of a past day is not sent late (``core/notices/facts.py``); without this, what is told only once, as that
something is new, would be lost with it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, exists, select
from sqlalchemy.orm import aliased

from core.among import among
from core.clock import start_of_day
from core.context import Context
from core.database import UtcDateTime
from core.duties.models import DigestItem, Duty
from core.duties.plans import DutyKind
from core.duties.queries import is_known
from core.duties.told import People, Why
from core.many import inserting
from core.notices.models import Notice, NoticeDuty, NoticeKind


class _Told(NamedTuple):
    """A duty that is still open, and who was to be told of it: the columns of ``_TOLD``, in their order."""

    reader: int
    duty_id: int
    kind: DutyKind
    unit_id: int | None
    account_id: int | None


def wait_for_the_next(ctx: Context, digests: Collection[int]) -> None:
    """Let what these digests spoke of wait for the next ones, but what has ended, or stands in today's already (A46).

    Why each is told is asked anew: it may have gone up to somebody else meanwhile. What waits there already stays as
    it is.
    """
    if not digests:
        return
    asked = {"ids": list(digests), "since": start_of_day(ctx.today)}
    told = [_Told._make(row) for row in ctx.session.execute(_TOLD, asked)]
    people = People(ctx)
    people.prepare(told)
    rows = [
        {"account_id": each.reader, "duty_id": each.duty_id, "stage": _why(people, each).value, "on_day": ctx.today}
        for each in told
    ]
    _WAITS.run(ctx.session, rows)


def _why(people: People, duty: _Told) -> Why:
    told = people.of(duty)
    if duty.reader in told.accounts:
        return told.why
    return Why.GOES_UP if duty.reader in people.over(duty).accounts else Why.OWES


_NEWER, _ITS = aliased(Notice), aliased(NoticeDuty)
_STANDS_IN_TODAYS = exists().where(
    _ITS.duty_id == NoticeDuty.duty_id,
    _NEWER.id == _ITS.notice_id,
    _NEWER.account_id == Notice.account_id,
    _NEWER.kind == NoticeKind.DIGEST,
    _NEWER.created_at >= bindparam("since", type_=UtcDateTime()),
)
_TOLD = (
    select(Notice.account_id, Duty.id, Duty.kind, Duty.unit_id, Duty.account_id)
    .join(NoticeDuty, NoticeDuty.notice_id == Notice.id)
    .join(Duty, Duty.id == NoticeDuty.duty_id)
    .where(among(Notice.id, "ids"), Notice.account_id.is_not(None))
    .where(Duty.ended_at.is_(None), is_known(), ~_STANDS_IN_TODAYS)
    .order_by(Notice.account_id, Duty.id)
)
_WAITS = inserting(
    cast("Table", DigestItem.__table__),
    ("account_id", "duty_id", "stage", "on_day"),
    key=("account_id", "duty_id"),
)
