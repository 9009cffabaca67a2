"""Duties as they stand: open or not, and seen by whom the lists show them to."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Permission, Role
from core.accounts.queries import actor_of, actors_of
from core.audit import Door
from core.clock import TICK, FixedClock, end_of_day
from core.context import Core
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.duties.queries import is_open_to
from core.duties.standing import sees_all, standings_of
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.databases import Beginnings
from tests.duties import a_duty
from tests.schools import School, a_school

PERMISSIONS = (Permission.CASEWORKER, Permission.MEAL_CHECKS, Permission.CITY, Permission.ANALYSIS)


@pytest.fixture
def school(core: Core, beginnings: Beginnings) -> School:
    return beginnings.of(core, a_school)


def test_a_duty_stands_open_until_it_has_ended(core: Core, clock: FixedClock, school: School) -> None:
    still, over = (a_duty(core, a_dispatch(core, school.unit), due_at=clock.now()) for _ in range(2))
    with core.transaction(system("tests"), Door.JOB) as ctx:
        ended = ctx.session.get_one(Duty, over.id)
        ended.ended_at, ended.ending = ctx.now, Ending.MET
    with core.store.reading() as session:
        found = standings_of(session, [still.id, over.id, 999], clock.now() - TICK)
        assert {each.id: each.is_open for each in found.values()} == {still.id: True, over.id: False}
        assert found[still.id].arose_at == still.arose_at
        assert standings_of(session, [], clock.now()) == {}
        assert standings_of(session, [still.id], clock.now())[still.id].arose_at is None


def test_acc_10_who_sees_a_duty_is_who_the_lists_show_it_to(core: Core, clock: FixedClock, school: School) -> None:
    """For every role, unit and set of permissions, and every kind of duty of two units and of oneself."""
    other = a_unit(core, "秀朗國民小學")
    people = [
        an_account(core, unit, role=role, permissions=chosen)
        for role, unit in product(Role, (school.unit, school.bureau, other))
        for size in (0, 1, 2)
        for chosen in combinations(PERMISSIONS, size)
    ]
    due = end_of_day(clock.now().date())
    about = (school.unit, other, school.bureau)
    duties = [a_duty(core, a_dispatch(core, unit), due_at=due, kind=kind) for unit in about for kind in DutyKind]
    duties += [a_duty(core, a_check(core, unit), due_at=due) for unit in about]
    duties += [a_duty(core, person, due_at=due) for person in people[:3]]
    today = clock.now().date()
    with core.store.reading() as session:
        standings = standings_of(session, [each.id for each in duties], clock.now())
        actors = actors_of(session, [each.id for each in people], today)
        for actor in actors.values():
            listed = set(session.scalars(select(Duty.id).where(is_open_to(actor))))
            assert {each.id for each in standings.values() if sees_all(actor, [each])} == listed


def test_a61_a_kind_that_only_a_newer_version_knows_is_hidden_from_nobody_of_the_unit(
    core: Core, clock: FixedClock, school: School
) -> None:
    duty = a_duty(core, a_dispatch(core, school.unit), due_at=clock.now())
    with core.store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE duties SET kind = 'newer'")
    with core.store.reading() as session:
        worker, above = (actor_of(session, each.id, clock.now().date()) for each in (school.worker, school.contact))
        assert worker is not None
        assert above is not None
        standings = standings_of(session, [duty.id], clock.now()).values()
        assert [sees_all(each, standings) for each in (worker, above)] == [True, True]
