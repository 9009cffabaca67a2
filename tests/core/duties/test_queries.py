"""What is owed, by who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, Units, system
from core.accounts.models import Account, Permission, Role
from core.accounts.queries import actor_of
from core.audit import AuditRow, Door
from core.checks.models import CheckBucket
from core.clock import TICK, FixedClock, end_of_day, taipei_date
from core.context import Context, Core
from core.dates import parse_moment
from core.dispatches.models import DispatchBucket, DispatchState
from core.duties.counts import KindCount
from core.duties.models import Ending
from core.duties.overview import overview
from core.duties.plans import DutyKind
from core.duties.queries import OwedRow, owed, owed_among
from tests.builders import a_case, a_check, a_dispatch, an_account
from tests.databases import Beginnings
from tests.duties import a_duty
from tests.schools import School, a_school

DUE = end_of_day(date(2026, 3, 14))


@pytest.fixture
def school(core: Core, beginnings: Beginnings) -> School:
    return beginnings.of(core, a_school)


@contextmanager
def asking(core: Core, account: Account) -> Iterator[Context]:
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        actor = actor_of(ctx.session, account.id, ctx.today)
        assert actor is not None
        yield ctx.as_actor(actor)


def rows(core: Core, account: Account) -> list[OwedRow]:
    with asking(core, account) as ctx:
        return list(owed(ctx, 0, 10).rows)


def test_row_says_what_whose_and_until_when(core: Core, school: School) -> None:
    case = a_case(core, child="王小明", number="A11503000007")
    duty = a_duty(core, a_dispatch(core, school.unit, case=case), due_at=DUE)
    (row,) = rows(core, school.worker)
    assert (row.duty_id, row.kind, row.number) == (duty.id, DutyKind.REPLY, "A11503000007")
    assert (row.child, row.unit_name, row.due_at) == ("王○明", "永平國民小學", DUE)
    assert (row.is_late, row.days_left) == (False, 10)


def test_served_child_is_named_where_it_is_another(core: Core, school: School) -> None:
    a_duty(core, a_dispatch(core, school.unit, child="王小明", served="王大華"), due_at=DUE)
    assert rows(core, school.worker)[0].child == "王○華"


def test_earliest_due_comes_first_and_the_numbers_hold_all(core: Core, school: School, clock: FixedClock) -> None:
    now = clock.now()
    for due in (now + timedelta(days=3), now - timedelta(days=1), now + timedelta(days=1), now - TICK):
        a_duty(core, a_check(core, school.unit), due_at=due)
    with asking(core, school.worker) as ctx:
        first, second = owed(ctx, 0, 3), owed(ctx, 3, 3)
    assert (first.total, first.late, second.total, second.late) == (4, 2, 4, 2)
    found = [row.due_at for row in (*first.rows, *second.rows)]
    assert found == sorted(found)
    assert [row.is_late for row in (*first.rows, *second.rows)] == [True, True, False, False]


def test_due_at_this_very_moment_is_in_time_in_the_number_and_in_the_row(
    core: Core, school: School, clock: FixedClock
) -> None:
    a_duty(core, a_check(core, school.unit), due_at=clock.now())
    with asking(core, school.worker) as ctx:
        found = owed(ctx, 0, 1)
    assert (found.late, found.rows[0].is_late) == (0, False)


def test_a_reminder_that_has_come_is_none_to_come(core: Core, school: School, clock: FixedClock) -> None:
    moments = (clock.now() - TICK, clock.now(), clock.now() + TICK)
    for days, remind_at in enumerate(moments, 1):
        a_duty(core, a_check(core, school.unit), due_at=clock.now() + timedelta(days=days), remind_at=remind_at)
    assert [row.remind_at for row in rows(core, school.worker)] == [None, None, moments[2]]


@pytest.mark.parametrize(
    ("due", "told"),
    [
        ("2026-03-04 20:59", "2026-03-04 20:59"),
        ("2026-03-04 21:00", "2026-03-05 07:30"),
        ("2026-03-05 07:29", "2026-03-05 07:30"),
        ("2026-03-05 07:30", "2026-03-05 07:30"),
        ("2026-03-05 00:00", "2026-03-05 00:00"),
    ],
)
def test_a_reminder_of_the_night_is_announced_for_the_morning(core: Core, school: School, due: str, told: str) -> None:
    a_duty(core, a_check(core, school.unit), due_at=DUE, remind_at=parse_moment(due))
    assert [row.remind_at for row in rows(core, school.worker)] == [parse_moment(told)]


def test_ended_duties_are_not_owed(core: Core, school: School, clock: FixedClock) -> None:
    a_duty(core, a_dispatch(core, school.unit), due_at=DUE, ended_at=clock.now(), ending=Ending.MET)
    assert rows(core, school.worker) == []


def test_another_units_duties_do_not_exist(core: Core, school: School) -> None:
    a_duty(core, a_dispatch(core), due_at=DUE)
    assert rows(core, school.worker) == []


@pytest.mark.parametrize(
    ("permission", "kinds"),
    [
        (Permission.CASEWORKER, [DutyKind.REPLY]),
        (Permission.MEAL_CHECKS, [DutyKind.CHECK]),
        (Permission.MEAL_REPORTING, []),
    ],
)
def test_permission_decides_which_kinds_are_seen(
    core: Core, school: School, permission: Permission, kinds: list[DutyKind]
) -> None:
    a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    a_duty(core, a_check(core, school.unit), due_at=DUE)
    reader = an_account(core, school.unit, permissions=(permission,))
    assert [row.kind for row in rows(core, reader)] == kinds


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CONTACT, Role.CENTER])
def test_those_over_a_unit_see_what_it_owes(core: Core, school: School, role: Role) -> None:
    a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    over = an_account(core, school.bureau, role=role, permissions=(Permission.SUPERVISOR, Permission.CITY))
    assert len(rows(core, over)) == 1


def test_ones_own_account_end_is_seen_and_nobody_elses(core: Core, school: School) -> None:
    colleague = an_account(core, school.unit)
    a_duty(core, school.worker, due_at=DUE)
    a_duty(core, colleague, due_at=DUE)
    (row,) = rows(core, school.worker)
    assert (row.kind, row.number, row.child) == (DutyKind.ACCOUNT_END, school.worker.code, "")


def test_an_actor_without_account_and_units_sees_nothing(core: Core, school: School) -> None:
    a_duty(core, school.worker, due_at=DUE)
    a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    nobody = Actor("nobody", permissions=frozenset({Permission.CASEWORKER}), units=Units())
    with core.transaction(nobody, Door.API) as ctx:
        assert owed(ctx, 0, 10).total == 0


def test_among_some_are_those_seen(core: Core, school: School) -> None:
    one = a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    with asking(core, school.worker) as ctx:
        assert [row.duty_id for row in owed_among(ctx, {one.id, 999}, 10).rows] == [one.id]


def test_showing_is_in_the_audit_with_who_and_which(core: Core, school: School) -> None:
    duty = a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    rows(core, school.worker)
    with core.store.reading() as session:
        shown = session.scalars(select(AuditRow).where(AuditRow.act == "show_duties")).one()
    assert (shown.actor, shown.subject, shown.door) == (school.worker.code, f"duties:{duty.id}", Door.CHAT)


def test_overview_holds_figures_and_rows_that_agree(core: Core, school: School, clock: FixedClock) -> None:
    a_duty(core, a_dispatch(core, school.unit), due_at=clock.now() - TICK)
    a_duty(core, a_dispatch(core, school.unit), due_at=DUE)
    a_duty(core, a_check(core, school.unit), due_at=DUE)
    a_duty(core, a_dispatch(core, school.unit, state=DispatchState.ANSWERED), due_at=DUE, kind=DutyKind.RECORD_WINDOW)
    a_duty(core, school.worker, due_at=DUE + timedelta(days=90))
    with asking(core, school.worker) as ctx:
        found = overview(ctx, limit=2)
    assert found.others == {DutyKind.RECORD_WINDOW: KindCount(1, 0)}
    assert found.dispatches is not None
    assert found.checks is not None
    assert (found.dispatches[DispatchBucket.LATE], found.dispatches[DispatchBucket.WAITING]) == (1, 1)
    assert found.checks[CheckBucket.WAITING] == 1
    assert (found.owed.total, len(found.owed.rows), found.left) == (4, 2, 2)


def test_overview_leaves_out_what_is_not_ones_business(core: Core, school: School) -> None:
    helpdesk = an_account(core, school.bureau, role=Role.HELPDESK, permissions=())
    with asking(core, helpdesk) as ctx:
        found = overview(ctx)
    assert (found.dispatches, found.checks, found.owed.total) == (None, None, 0)


@pytest.mark.parametrize(("days", "total"), [(60, 1), (61, 0)])
def test_an_accounts_end_is_owed_from_when_its_extension_can_be_asked_for(
    core: Core, school: School, days: int, total: int
) -> None:
    a_duty(core, school.worker, due_at=end_of_day(taipei_date(core.clock.now()) + timedelta(days=days)))
    with asking(core, school.worker) as ctx:
        found = owed(ctx, 0, 10)
    assert (found.total, len(found.rows)) == (total, total)
