"""What is owed unit by unit: the numbers are as long as their lists, and make up the whole (DUTY-2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import Actor
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.duties.by_unit import UNITS_A_SCREEN, ByUnit, UnitDuties, by_unit, duties_of_unit, units_named
from core.duties.counts import KindCount
from core.duties.overview import overview
from core.duties.plans import DutyKind
from core.errors import NotAllowed, NotFound
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty

DAY = timedelta(days=1)


@pytest.fixture
def bureau(core: Core) -> Unit:
    return a_unit(core, "教育局", kind=UnitKind.BUREAU)


@pytest.fixture
def supervisor(core: Core, bureau: Unit) -> Account:
    return an_account(core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))


def acts(core: Core, account: Account) -> Actor:
    with core.store.reading() as session:
        actor = actor_of(session, account.id, core.clock.now().date())
    assert actor is not None
    return actor


def owes(core: Core, unit: Unit, *, late: int = 0, in_time: int = 0) -> None:
    now = core.clock.now()
    for due in [now - DAY] * late + [now + DAY] * in_time:
        a_duty(core, a_dispatch(core, unit), due_at=due)


def seen(core: Core, account: Account, start: int = 0) -> ByUnit:
    with core.transaction(acts(core, account), Door.CHAT) as ctx:
        return by_unit(ctx, start)


def of_unit(core: Core, account: Account, unit: Unit, start: int = 0) -> UnitDuties:
    with core.transaction(acts(core, account), Door.CHAT) as ctx:
        return duties_of_unit(ctx, unit.id, start)


def names(core: Core, account: Account, typed: str, *, whole: bool) -> list[str]:
    with core.transaction(acts(core, account), Door.CHAT) as ctx:
        return [each.name for each in units_named(ctx, typed, whole=whole).rows]


def test_the_worst_unit_comes_first_and_the_numbers_are_as_long_as_their_lists(
    core: Core, bureau: Unit, supervisor: Account
) -> None:
    many, late, none = (a_unit(core, name, parent=bureau) for name in ("清溪國小", "永平國小", "海山國小"))
    owes(core, many, in_time=4)
    owes(core, late, late=2, in_time=1)
    owes(core, a_unit(core, "別局的學校"), late=9)
    page = seen(core, supervisor)
    assert [(each.name, each.owed, each.late) for each in page.units.rows] == [("永平國小", 3, 2), ("清溪國小", 4, 0)]
    for unit, count in ((late, 3), (many, 4), (none, 0)):
        duties = of_unit(core, supervisor, unit)
        assert (duties.owed.total, len(duties.owed.rows), sum(each.owed for each in duties.kinds.values())) == (
            count,
            count,
            count,
        )


def test_units_and_ones_own_account_make_up_all_that_is_owed(
    core: Core, bureau: Unit, supervisor: Account, clock: FixedClock
) -> None:
    school = a_unit(core, "永平國小", parent=bureau)
    owes(core, school, late=1)
    a_duty(core, a_check(core, school), due_at=clock.now() + DAY)
    a_duty(core, supervisor, due_at=clock.now() + DAY)
    page = seen(core, supervisor)
    with core.transaction(acts(core, supervisor), Door.CHAT) as ctx:
        whole = overview(ctx).owed
    assert (page.owed.total, page.owed.late) == (whole.total, whole.late) == (3, 1)
    assert [row.kind for row in page.owed.rows] == [DutyKind.ACCOUNT_END]
    assert dict(of_unit(core, supervisor, school).kinds) == {
        DutyKind.REPLY: KindCount(1, 1),
        DutyKind.CHECK: KindCount(1, 0),
    }


def test_units_come_a_page_at_a_time(core: Core, bureau: Unit, supervisor: Account) -> None:
    for number in range(UNITS_A_SCREEN + 1):
        owes(core, a_unit(core, f"第{number}國小", parent=bureau), in_time=1)
    first, last = seen(core, supervisor), seen(core, supervisor, UNITS_A_SCREEN)
    assert (len(first.units.rows), first.units.next_start, first.units.total) == (10, 10, 11)
    assert (len(last.units.rows), last.units.next_start, last.owed.total) == (1, None, 11)


def test_a_units_duties_come_a_page_at_a_time(core: Core, bureau: Unit, supervisor: Account) -> None:
    school = a_unit(core, "永平國小", parent=bureau)
    owes(core, school, late=11)
    first, last = of_unit(core, supervisor, school), of_unit(core, supervisor, school, 10)
    assert (len(first.owed.rows), first.left, len(last.owed.rows), last.left) == (10, 1, 1, 0)


def test_a28_a_unit_of_another_bureau_equals_one_that_is_not_there(core: Core, supervisor: Account) -> None:
    other = a_unit(core, "三重社會福利服務中心", kind=UnitKind.WELFARE_CENTRE)
    with pytest.raises(NotFound):
        of_unit(core, supervisor, other)
    assert names(core, supervisor, "三重社會福利服務中心", whole=True) == []


@pytest.mark.parametrize(
    ("typed", "whole", "found"),
    [
        ("永平國民小學", True, True),
        ("永平國小", True, True),
        ("臺灣永平", True, False),
        ("永平", True, False),
        ("永平", False, True),
        ("永", False, False),
        ("%%", False, False),
        ("", False, False),
    ],
)
def test_a_unit_is_found_by_its_name(
    core: Core, bureau: Unit, supervisor: Account, typed: str, *, whole: bool, found: bool
) -> None:
    a_unit(core, "永平國民小學", parent=bureau)
    assert names(core, supervisor, typed, whole=whole) == (["永平國民小學"] if found else [])


def test_of_several_with_a_name_like_this_the_worst_comes_first(core: Core, bureau: Unit, supervisor: Account) -> None:
    idle, late = a_unit(core, "台中國小", parent=bureau), a_unit(core, "臺北國小", parent=bureau)
    owes(core, late, late=1)
    assert names(core, supervisor, "國小", whole=False) == [late.name, idle.name]
    assert names(core, supervisor, "台北", whole=False) == [late.name]


def test_who_stands_over_no_units_sees_none(core: Core) -> None:
    caseworker = an_account(core, a_unit(core, "永平國小"), permissions=(Permission.CASEWORKER,))
    with pytest.raises(NotAllowed):
        seen(core, caseworker)
    with pytest.raises(NotAllowed):
        names(core, caseworker, "永平", whole=False)
