"""The look before a semester: each unit is asked to look its cases over, with what is known to be wrong (CLOSE-12).

There is one look a day of the policy and unit: a unique row sees to it. It is routine, so it is said with the daily
digest, and costs no push of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select

from core.access import Action
from core.accounts.models import Unit
from core.accounts.queries import contacts_of, told_for
from core.cards import Card
from core.closures.filing import Filing
from core.closures.kinds import Finding
from core.closures.loading import facts_of, live_closure
from core.closures.models import SemesterFinding, SemesterLook
from core.closures.notices import look_card
from core.closures.rules import findings, look_due
from core.context import Context
from core.dispatches.models import Opened
from core.duties.riding import say_with_digest
from core.duties.told import WORK_ON_CASES


def look_over_units(ctx: Context, limit: int) -> int:
    """Ask up to ``limit`` units with open cases to look them over, if a semester begins; return how many."""
    day = look_due(ctx.today, ctx.policy.semester_looks)
    if day is None:
        return 0
    units = _units(ctx, day, limit)
    for unit_id in units:
        _look(ctx, unit_id, day)
    return len(units)


def _units(ctx: Context, day: date, limit: int) -> Sequence[int]:
    """Return units that serve somebody and were not asked yet, held; asked again once held, for another may have."""
    serves = exists().where(Opened.unit_id == Unit.id, Opened.closed_on.is_(None))
    was_asked = exists().where(SemesterLook.day == day, SemesterLook.unit_id == Unit.id)
    wanted = select(Unit.id).where(serves, ~was_asked).order_by(Unit.id).limit(limit)
    held = ctx.session.scalars(wanted.with_for_update(of=Unit, key_share=True, skip_locked=True)).all()
    return ctx.session.scalars(select(Unit.id).where(Unit.id.in_(held), ~was_asked).order_by(Unit.id)).all()


def _look(ctx: Context, unit_id: int, day: date) -> None:
    look = SemesterLook(day=day, unit_id=unit_id)
    ctx.session.add(look)
    ctx.session.flush()
    services = ctx.session.scalars(
        select(Opened).where(Opened.unit_id == unit_id, Opened.closed_on.is_(None)).order_by(Opened.id)
    ).all()
    counts: Counter[Finding] = Counter()
    for service in services:
        found = _findings(ctx, service)
        counts.update(found)
        ctx.session.add_all(SemesterFinding(look_id=look.id, opened_id=service.id, finding=each) for each in found)
    _tell(ctx, unit_id, look_card(look.unit.name, len(services), {each: counts[each] for each in Finding}))
    ctx.note("look_over_unit", f"unit:{unit_id}", ("finding",))
    ctx.session.flush()


def _findings(ctx: Context, service: Opened) -> tuple[Finding, ...]:
    closure = live_closure(ctx, service)
    return findings(facts_of(ctx, service, Filing()), closure.state if closure else None, ctx.today)


def _tell(ctx: Context, unit_id: int, card: Card) -> None:
    able = told_for(ctx.session, unit_id, WORK_ON_CASES, ctx.today)
    for account_id in able or contacts_of(ctx.session, unit_id, Action.SEE_SERVICES, ctx.today):
        say_with_digest(ctx, account_id, card, unit_id)
