"""How much of what fell due was done in time (DUTY-1): both edges of the moment and of the days, and who sees what."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.accounts.models import Permission, Role, Unit, UnitKind
from core.audit import AuditRow
from core.clock import FixedClock, end_of_day, start_of_day
from core.context import Core
from core.duties.models import Ending
from core.duties.plans import DutyKind
from core.errors import NotAllowed, NotFound
from core.watch.kept import Kept, Wanted, in_all, kept_by_kind, late_among
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty
from tests.services import acting

FIRST, LAST = date(2026, 2, 1), date(2026, 2, 28)
DUE = end_of_day(date(2026, 2, 10))
TICK = timedelta(microseconds=1)


def owed(
    core: Core, unit: Unit, due_at: datetime, ended_at: datetime | None = None, ending: Ending | None = None
) -> None:
    met = Ending.MET if ended_at else None
    about = a_dispatch(core, unit)
    a_duty(core, about, due_at=due_at, arose_at=due_at, ended_at=ended_at, ending=ending or met)


def kept(core: Core, unit: Unit, permission: Permission = Permission.CASEWORKER) -> Kept:
    role = Role.SUPERVISOR if permission is Permission.SUPERVISOR else Role.CASEWORKER
    with acting(core, an_account(core, unit, role=role, permissions=(permission,))) as ctx:
        return in_all(kept_by_kind(ctx, FIRST, LAST))


def test_what_is_done_at_the_last_moment_is_in_time_and_one_tick_later_late(core: Core) -> None:
    unit = a_unit(core)
    owed(core, unit, DUE, DUE)
    owed(core, unit, DUE, DUE + TICK)
    owed(core, unit, DUE)
    found = kept(core, unit)
    assert (found, found.fell_due, found.share) == (Kept(1, 1, 1), 3, 33)


def test_what_was_late_when_it_came_counts_on_neither_side(core: Core) -> None:
    unit = a_unit(core)
    a_duty(core, a_dispatch(core, unit), due_at=DUE, arose_at=DUE + TICK)
    assert kept(core, unit) == Kept()


def test_what_is_no_longer_owed_counts_on_neither_side(core: Core) -> None:
    unit = a_unit(core)
    owed(core, unit, DUE, DUE, Ending.VOID)
    assert kept(core, unit) == Kept()
    assert Kept().share is None


@pytest.mark.parametrize(
    ("due_at", "counted"),
    [
        (start_of_day(FIRST) - TICK, 0),
        (start_of_day(FIRST), 1),
        (end_of_day(LAST), 1),
        (start_of_day(LAST + timedelta(days=1)), 0),
    ],
)
def test_the_first_and_the_last_day_are_among_them(core: Core, due_at: datetime, counted: int) -> None:
    unit = a_unit(core)
    owed(core, unit, due_at, due_at - timedelta(days=1))
    assert kept(core, unit).fell_due == counted


def test_what_is_due_at_this_moment_is_not_late_yet_and_counts_a_tick_later(core: Core, clock: FixedClock) -> None:
    unit = a_unit(core)
    owed(core, unit, clock.at)
    with acting(core, an_account(core, unit)) as ctx:
        assert kept_by_kind(ctx, ctx.today, ctx.today) == {}
    clock.move(TICK)
    with acting(core, an_account(core, unit)) as ctx:
        assert kept_by_kind(ctx, ctx.today, ctx.today) == {DutyKind.REPLY: Kept(owed_still=1)}


def test_each_sees_the_units_and_the_kinds_that_are_theirs(core: Core) -> None:
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    mine, other = a_unit(core, "永平國民小學", parent=bureau), a_unit(core, "秀朗國民小學", parent=bureau)
    owed(core, mine, DUE, DUE)
    owed(core, other, DUE)
    a_duty(core, a_check(core, mine), due_at=DUE, arose_at=DUE)
    assert kept(core, mine) == Kept(in_time=1)
    assert kept(core, mine, Permission.MEAL_CHECKS) == Kept(owed_still=1)
    assert kept(core, bureau, Permission.SUPERVISOR) == Kept(in_time=1, owed_still=2)
    over = an_account(core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    with acting(core, over) as ctx:
        assert in_all(kept_by_kind(ctx, FIRST, LAST, other.id)) == Kept(owed_still=1)


def test_another_unit_is_as_if_it_were_not_there_and_who_owes_nothing_may_not_ask(core: Core) -> None:
    unit, other = a_unit(core), a_unit(core)
    with acting(core, an_account(core, unit)) as ctx, pytest.raises(NotFound):
        kept_by_kind(ctx, FIRST, LAST, other.id)
    with acting(core, an_account(core, unit, role=Role.HELPDESK)) as ctx, pytest.raises(NotAllowed):
        kept_by_kind(ctx, FIRST, LAST)


def test_duty_2_what_was_not_done_in_time_is_a_list_as_long_as_its_number(core: Core) -> None:
    unit, other = a_unit(core), a_unit(core, "秀朗國民小學")
    done_at = DUE + timedelta(days=2)
    for due_at in (DUE, start_of_day(FIRST), end_of_day(LAST)):
        owed(core, unit, due_at, due_at)
        owed(core, unit, due_at, done_at if due_at == DUE else due_at + TICK)
        owed(core, unit, due_at)
    owed(core, unit, DUE, DUE + TICK, Ending.VOID)
    owed(core, unit, end_of_day(LAST) + TICK)
    owed(core, unit, start_of_day(FIRST) - TICK)
    owed(core, other, DUE)
    a_duty(core, a_dispatch(core, unit), due_at=DUE, arose_at=DUE + TICK)
    worker = an_account(core, unit)
    with acting(core, worker) as ctx:
        found = late_among(ctx, Wanted(FIRST, LAST), 0, 50)
        number = in_all(kept_by_kind(ctx, FIRST, LAST)).late
        behind = late_among(ctx, Wanted(FIRST, LAST), 4, 50)
    assert (found.total, len(found.rows), number) == (6, 6, 6)
    assert [each.row.due_at for each in found.rows] == sorted(each.row.due_at for each in found.rows)
    assert [each.done_at for each in found.rows if each.row.due_at == DUE] == [done_at, None]
    assert (behind.total, behind.rows) == (6, found.rows[4:])
    assert _shown(core, worker.code) == 2


def test_of_one_kind_the_list_is_as_long_as_the_number_of_that_kind(core: Core) -> None:
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    unit = a_unit(core, "永平國民小學", parent=bureau)
    owed(core, unit, DUE)
    a_duty(core, a_check(core, unit), due_at=DUE, arose_at=DUE)
    over = an_account(core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    with acting(core, over) as ctx:
        for kind, kept_ in kept_by_kind(ctx, FIRST, LAST).items():
            found = late_among(ctx, Wanted(FIRST, LAST, kind), 0, 50)
            assert (found.total, [each.row.kind for each in found.rows]) == (kept_.late, [kind])
    with acting(core, an_account(core, unit, role=Role.HELPDESK)) as ctx, pytest.raises(NotAllowed):
        late_among(ctx, Wanted(FIRST, LAST), 0, 50)


def _shown(core: Core, code: str) -> int:
    """Return how often somebody was shown duties."""
    with core.store.reading() as session:
        return len(session.scalars(select(AuditRow).where(AuditRow.actor == code, AuditRow.act == "show_duties")).all())
