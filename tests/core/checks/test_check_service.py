"""Putting checks in: the same again changes nothing, and duties follow the states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.access import Actor, system
from core.accounts.models import Role
from core.audit import Door
from core.births import birth_of
from core.checks.models import Check, CheckState
from core.checks.service import CheckFacts, put_check
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.errors import InvalidInput, NotAllowed
from core.imports.results import Put
from tests.builders import a_unit, inside

ASSIGNED = datetime(2026, 3, 4, 8, 15, tzinfo=TAIPEI)
FACTS = CheckFacts(
    number="MS001",
    unit_code="S1",
    assigned_at=ASSIGNED,
    happened_at=ASSIGNED - timedelta(hours=2),
    child_name="林小華",
    state=CheckState.WAITING,
    already_high_risk=False,
)


@pytest.fixture(autouse=True)
def school(core: Core) -> int:
    return a_unit(core, code="S1").id


def put(core: Core, **changed: object) -> Put:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return put_check(ctx, replace(FACTS, **changed))  # type: ignore[arg-type]  # a test's shorthand


def duties(core: Core) -> dict[DutyKind, Duty]:
    with core.store.reading() as session:
        return {duty.kind: duty for duty in session.scalars(select(Duty).order_by(Duty.id))}


def the_check(core: Core) -> Check:
    with core.store.reading() as session:
        return session.scalars(select(Check)).one()


def test_new_waiting_check_is_owed_by_its_unit_for_24_hours(core: Core, school: int) -> None:
    assert put(core) is Put.ADDED
    duty = duties(core)[DutyKind.CHECK]
    assert (duty.unit_id, duty.account_id) == (school, None)
    assert (duty.counted_from, duty.due_at) == (ASSIGNED, ASSIGNED + timedelta(hours=24))


def test_the_same_again_changes_nothing(core: Core) -> None:
    put(core)
    assert put(core, number="ms001") is Put.SAME


BORN, OTHER_DAY = date(2012, 5, 1), date(2012, 5, 2)


def test_a_day_of_birth_is_stored_sealed_and_compared_by_content(core: Core) -> None:
    assert put(core, born_on=BORN) is Put.ADDED
    sealed = the_check(core).birth_date
    assert sealed is not None
    assert core.vault.open(sealed) == "2012-05-01"
    assert the_check(core).born_on is None
    assert put(core, born_on=BORN) is Put.SAME
    assert the_check(core).birth_date == sealed


@pytest.mark.parametrize("born_on", [OTHER_DAY, None])
def test_another_day_of_birth_or_none_is_a_change(core: Core, born_on: date | None) -> None:
    put(core, born_on=BORN)
    assert put(core, born_on=born_on) is Put.CHANGED
    assert birth_of(core.vault, the_check(core)) == born_on


@pytest.mark.parametrize(("born_on", "expected"), [(OTHER_DAY, Put.SAME), (BORN, Put.CHANGED), (None, Put.CHANGED)])
def test_a61_what_an_older_version_wrote_is_newer_and_is_sealed_by_the_next_list(
    core: Core, born_on: date | None, expected: Put
) -> None:
    put(core, born_on=BORN)
    with inside(core) as ctx:
        ctx.session.execute(update(Check).values(born_on=OTHER_DAY))
    assert birth_of(core.vault, the_check(core)) == OTHER_DAY
    assert put(core, born_on=born_on) is expected
    assert (the_check(core).born_on, birth_of(core.vault, the_check(core))) == (None, born_on)


def test_checked_one_is_met_and_its_result_unknown(core: Core) -> None:
    put(core)
    assert put(core, state=CheckState.CHECKED) is Put.CHANGED
    assert duties(core)[DutyKind.CHECK].ending is Ending.MET
    assert the_check(core).has_need is None


def test_result_that_is_known_is_not_lost_by_an_export_that_does_not_say(core: Core) -> None:
    put(core, state=CheckState.CHECKED, has_need=True)
    assert put(core, state=CheckState.CHECKED) is Put.SAME
    assert the_check(core).has_need is True


def test_returned_check_is_owed_24_hours_from_when_it_is_first_seen_as_returned(core: Core, clock: FixedClock) -> None:
    put(core)
    put(core, state=CheckState.RETURNED)
    returned_at = clock.now()
    clock.move(timedelta(hours=5))
    assert put(core, state=CheckState.RETURNED) is Put.SAME
    found = duties(core)
    assert found[DutyKind.CHECK].ending is Ending.MET
    assert found[DutyKind.RETURNED_CHECK].due_at == returned_at + timedelta(hours=24)


def test_check_that_waits_again_voids_the_correction(core: Core) -> None:
    put(core, state=CheckState.RETURNED)
    put(core)
    assert duties(core)[DutyKind.RETURNED_CHECK].ending is Ending.VOID
    assert the_check(core).returned_at is None


def test_check_that_moves_to_another_school_takes_its_duty_along(core: Core) -> None:
    put(core)
    other = a_unit(core, code="S2")
    assert put(core, unit_code="S2") is Put.CHANGED
    assert duties(core)[DutyKind.CHECK].unit_id == other.id


def test_unknown_unit_is_refused_by_its_column(core: Core) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(core, unit_code="S9")
    assert refused.value.field == "單位代碼"


def test_caseworker_may_not_put_checks_in(core: Core) -> None:
    with pytest.raises(NotAllowed), core.transaction(Actor("AB1234", role=Role.CASEWORKER), Door.CHAT) as ctx:
        put_check(ctx, FACTS)
