"""Numbers of duties for operators, and who is told unit by unit or all at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import system
from core.accounts.models import Permission
from core.accounts.queries import told_by_unit
from core.audit import Door
from core.clock import TICK, FixedClock
from core.context import Core
from core.duties.figures import OwedOfKind, owed_by_kind, ungathered
from core.duties.plans import DutyKind
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty

CASEWORK, CHECKING = frozenset({Permission.CASEWORKER}), frozenset({Permission.MEAL_CHECKS})


def test_what_is_owed_and_late_by_kind(core: Core, clock: FixedClock) -> None:
    a_duty(core, a_dispatch(core), due_at=clock.now())  # the due moment itself is in time
    a_duty(core, a_dispatch(core), due_at=clock.now() - TICK)
    a_duty(core, a_check(core), due_at=clock.now() - timedelta(days=400))
    a_duty(core, a_check(core), due_at=clock.now() - TICK, ended_at=clock.now())
    with core.store.reading() as session:
        found = set(owed_by_kind(session, clock.now()))
    assert found == {OwedOfKind(DutyKind.REPLY, 2, 1), OwedOfKind(DutyKind.CHECK, 1, 1)}


@pytest.mark.parametrize(("ahead", "count"), [(timedelta(), 1), (TICK, 0)])
def test_reminders_that_came_due_and_were_not_gathered(
    core: Core, clock: FixedClock, ahead: timedelta, count: int
) -> None:
    a_duty(core, a_dispatch(core), due_at=clock.now(), remind_at=clock.now() + ahead)
    a_duty(core, a_dispatch(core), due_at=clock.now(), remind_at=None)
    with core.store.reading() as session:
        assert ungathered(session, clock.now()) == count


def test_of_many_units_at_once_those_are_told_who_may(core: Core) -> None:
    units = [a_unit(core) for _ in range(4)]
    cases, both = Permission.CASEWORKER, Permission.MEAL_CHECKS
    one = [an_account(core, unit, permissions=(cases,)).id for unit in units[:3]]
    two = [an_account(core, unit, permissions=(cases, both)).id for unit in units[:3]]
    an_account(core, units[0], disabled_at=core.clock.now())
    any_of_them = [*zip(one, two, strict=True), ()]
    expected = {CASEWORK: any_of_them, CHECKING: [*((each,) for each in two), ()], CASEWORK | CHECKING: any_of_them}
    ids = [unit.id for unit in units]
    with core.transaction(system("tests"), Door.JOB) as ctx:
        for permissions, told in expected.items():
            found = told_by_unit(ctx.session, ids, permissions, ctx.today)
            assert found == dict(zip(ids, told, strict=True))
