"""What is owed by bureau and unit: each number is as long as its list, and nobody sees beyond their bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import event

from core.access import Actor
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import TICK, FixedClock
from core.context import Core
from core.duties.watch import Count, OwedAt, Place, Watch, owed_at, watch
from core.errors import NotAllowed, NotFound
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty

DAY = timedelta(days=1)
ALL = 50


@dataclass(frozen=True)
class Town:
    """Two bureaus with what is below them, and the Center, which is below none."""

    core: Core
    education: Unit
    school: Unit
    other_school: Unit
    social: Unit
    centre: Unit
    above: Unit

    def who(self, role: Role, unit: Unit, *permissions: Permission) -> Actor:
        return self.acts(an_account(self.core, unit, role=role, permissions=permissions))

    def acts(self, account: Account) -> Actor:
        with self.core.store.reading() as session:
            actor = actor_of(session, account.id, self.core.clock.now().date())
        assert actor is not None
        return actor

    def owes(self, unit: Unit, *, late: int = 0, in_time: int = 0) -> None:
        now = self.core.clock.now()
        for due in [now - DAY] * late + [now + DAY] * in_time:
            a_duty(self.core, a_dispatch(self.core, unit), due_at=due)


@pytest.fixture
def town(core: Core) -> Town:
    education, social = (a_unit(core, name, kind=UnitKind.BUREAU) for name in ("教育局", "社會局"))
    return Town(
        core,
        education,
        a_unit(core, "清溪國小", parent=education),
        a_unit(core, "永平國小", parent=education),
        social,
        a_unit(core, "板橋社福中心", kind=UnitKind.WELFARE_CENTRE, parent=social),
        a_unit(core, "高風險中心", kind=UnitKind.CENTER),
    )


@pytest.fixture
def center(town: Town) -> Actor:
    return town.who(Role.CENTER, town.above, Permission.CITY)


@pytest.fixture
def supervisor(town: Town) -> Actor:
    return town.who(Role.SUPERVISOR, town.education, Permission.SUPERVISOR)


def watches(core: Core, actor: Actor, bureau: Unit | None = None, start: int = 0, limit: int = ALL) -> Watch:
    with core.reading(actor, Door.DESK) as ctx:
        return watch(ctx, bureau.id if bureau else None, start, limit)


def lists(core: Core, actor: Actor, place: Place, *, late_only: bool = False, start: int = 0) -> OwedAt:
    with core.transaction(actor, Door.DESK) as ctx:
        return owed_at(ctx, place, start, ALL, late_only=late_only)


def numbers(counts: tuple[Count, ...]) -> list[tuple[str, int, int]]:
    return [(count.name, count.owed, count.late) for count in counts]


def test_the_center_sees_all_bureaus_and_units_worst_first(town: Town, center: Actor) -> None:
    town.owes(town.school, in_time=2)
    town.owes(town.other_school, late=1)
    town.owes(town.centre, late=2, in_time=1)
    town.owes(town.above, in_time=1)
    seen = watches(town.core, center)
    assert (seen.owed, seen.late) == (7, 3)
    assert numbers(seen.bureaus) == [("社會局", 3, 2), ("教育局", 3, 1), ("高風險中心", 1, 0)]
    assert numbers(seen.units.rows) == [
        ("板橋社福中心", 3, 2),
        ("永平國小", 1, 1),
        ("清溪國小", 2, 0),
        ("高風險中心", 1, 0),
    ]


def test_a_supervisor_sees_their_bureau_only(town: Town, supervisor: Actor) -> None:
    town.owes(town.school, late=1)
    town.owes(town.centre, late=5)
    seen = watches(town.core, supervisor)
    assert numbers(seen.bureaus) == [("教育局", 1, 1)]
    assert numbers(seen.units.rows) == [("清溪國小", 1, 1)]


def test_one_bureau_can_be_chosen(town: Town, center: Actor) -> None:
    town.owes(town.school, late=1)
    town.owes(town.centre, late=5)
    seen = watches(town.core, center, town.education)
    assert seen.bureau == "教育局"
    assert numbers(seen.units.rows) == [("清溪國小", 1, 1)]
    assert (seen.owed, seen.late) == (6, 6)


@pytest.mark.parametrize("late_only", [False, True])
def test_every_number_is_as_long_as_its_list(town: Town, center: Actor, *, late_only: bool) -> None:
    town.owes(town.school, late=2, in_time=1)
    town.owes(town.education, in_time=1)
    town.owes(town.centre, late=1, in_time=2)
    a_duty(town.core, an_account(town.core, town.school), due_at=town.core.clock.now() - DAY)
    seen = watches(town.core, center)
    places = {
        Place(): Count(0, "", seen.owed, seen.late),
        **{Place(bureau_id=each.unit_id): each for each in seen.bureaus},
        **{Place(unit_id=each.unit_id): each for each in seen.units.rows},
    }
    assert len(places) == 6
    for place, count in places.items():
        listed = lists(town.core, center, place, late_only=late_only)
        assert listed.name == count.name
        assert len(listed.owed.rows) == listed.owed.total == (count.late if late_only else count.owed)


def test_late_begins_one_tick_after_the_due_moment(town: Town, center: Actor, clock: FixedClock) -> None:
    due_at = clock.now()
    a_duty(town.core, a_dispatch(town.core, town.school), due_at=due_at)
    assert watches(town.core, center).late == 0
    clock.at = due_at + TICK
    assert watches(town.core, center).late == 1


def test_what_is_done_is_not_counted(town: Town, center: Actor, clock: FixedClock) -> None:
    a_duty(town.core, a_dispatch(town.core, town.school), due_at=clock.now(), ended_at=clock.now())
    assert watches(town.core, center).owed == 0


def test_only_kinds_of_the_actors_permissions_are_counted(town: Town) -> None:
    now = town.core.clock.now()
    a_duty(town.core, a_check(town.core, town.school), due_at=now + DAY)
    town.owes(town.school, in_time=1)
    blind = town.who(Role.CONTACT, town.education)
    checker = town.who(Role.CONTACT, town.education, Permission.MEAL_CHECKS)
    assert watches(town.core, blind).owed == 0
    assert watches(town.core, checker).owed == 1


def test_units_come_in_pages(town: Town, center: Actor) -> None:
    town.owes(town.school, late=1)
    town.owes(town.centre, in_time=1)
    first = watches(town.core, center, limit=1).units
    assert (numbers(first.rows), first.total, first.next_start) == ([("清溪國小", 1, 1)], 2, 1)
    second = watches(town.core, center, start=1, limit=1).units
    assert (numbers(second.rows), second.next_start) == ([("板橋社福中心", 1, 0)], None)


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.HELPDESK, Role.ADMIN])
def test_nobody_else_watches_units(town: Town, role: Role) -> None:
    with pytest.raises(NotAllowed):
        watches(town.core, town.who(role, town.education, Permission.CASEWORKER))


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.ADMIN])
def test_who_looks_after_accounts_sees_no_list_of_duties(town: Town, role: Role) -> None:
    with pytest.raises(NotAllowed):
        lists(town.core, town.who(role, town.education, Permission.CASEWORKER), Place())


def test_a_caseworker_lists_their_own_unit(town: Town) -> None:
    town.owes(town.school, in_time=1)
    town.owes(town.other_school, in_time=2)
    worker = town.who(Role.CASEWORKER, town.school, Permission.CASEWORKER)
    assert lists(town.core, worker, Place()).owed.total == 1
    assert lists(town.core, worker, Place(unit_id=town.school.id)).owed.total == 1


def test_another_bureaus_place_is_as_if_it_did_not_exist(town: Town, supervisor: Actor) -> None:
    town.owes(town.centre, late=1)
    texts = set()
    for place in (Place(unit_id=town.centre.id), Place(bureau_id=town.social.id), Place(unit_id=987_654)):
        with pytest.raises(NotFound) as refused:
            lists(town.core, supervisor, place)
        texts.add(str(refused.value))
    with pytest.raises(NotFound) as refused:
        watches(town.core, supervisor, town.social)
    assert {str(refused.value)} == texts


def test_the_numbers_take_a_few_questions_however_many_units_there_are(town: Town, center: Actor) -> None:
    for number in range(10):
        town.owes(a_unit(town.core, f"第 {number} 國小", parent=town.education), in_time=1)
    asked: list[str] = []
    event.listen(town.core.store.engine, "before_cursor_execute", lambda *given: asked.append(str(given[2])))
    watches(town.core, center)
    assert len([each for each in asked if each.startswith("SELECT")]) <= 3
