"""Who sees what, and who is told (ACC-10, DUTY-4, A26)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from core.access import Action, Units
from core.accounts.models import Permission, Role, Unit, UnitKind
from core.accounts.queries import (
    actor_of,
    actors_of,
    bound_account,
    contacts_of,
    holders_among,
    reach_of,
    supervisors_of,
    told_for,
)
from core.clock import taipei_date
from core.context import Core
from tests.builders import FIRST_DAY, LAST_DAY, a_bound_account, a_unit, an_account

DAY = timedelta(days=1)
SEES = Action.SEE_DISPATCHES


@dataclass(frozen=True)
class City:
    """A bureau with two schools, and another bureau with one."""

    bureau: Unit
    school: Unit
    sister: Unit
    elsewhere: Unit


@pytest.fixture
def city(core: Core) -> City:
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    other = a_unit(core, "社會局", kind=UnitKind.BUREAU)
    return City(
        bureau,
        a_unit(core, "永平國民小學", parent=bureau),
        a_unit(core, "秀朗國民小學", parent=bureau),
        a_unit(core, "永和社福中心", parent=other, kind=UnitKind.WELFARE_CENTRE),
    )


def units_of(core: Core, account_id: int, today: date | None = None) -> Units | None:
    with core.store.reading() as session:
        actor = actor_of(session, account_id, today or taipei_date(core.clock.now()))
    return actor.units if actor else None


def test_acc_10_a_caseworker_sees_the_own_unit(core: Core, city: City) -> None:
    account = an_account(core, city.school)
    assert units_of(core, account.id) == Units(ids=frozenset({city.school.id}))


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CONTACT])
def test_acc_10_supervisors_and_contacts_see_their_bureau(core: Core, city: City, role: Role) -> None:
    expected = Units(ids=frozenset({city.bureau.id, city.school.id, city.sister.id}))
    for unit in (city.bureau, city.school):
        assert units_of(core, an_account(core, unit, role=role).id) == expected


def test_a_supervisor_outside_of_any_bureau_sees_the_own_unit_and_below(core: Core) -> None:
    top = a_unit(core, kind=UnitKind.OTHER)
    below = a_unit(core, parent=top)
    account = an_account(core, top, role=Role.SUPERVISOR)
    assert units_of(core, account.id) == Units(ids=frozenset({top.id, below.id}))


def test_a_unit_whose_number_begins_like_the_bureaus_is_not_below_it(core: Core) -> None:
    bureau = a_unit(core, kind=UnitKind.BUREAU)
    others = [a_unit(core) for _ in range(12)]
    supervisor = an_account(core, bureau, role=Role.SUPERVISOR)
    units = units_of(core, supervisor.id)
    assert units is not None
    assert any(str(other.id).startswith(str(bureau.id)) for other in others)
    assert not any(units.holds(other.id) for other in others)


def test_acc_10_the_center_sees_everything_and_the_helpdesk_no_unit(core: Core) -> None:
    assert units_of(core, an_account(core, role=Role.CENTER).id) == Units(everything=True)
    for role in (Role.HELPDESK, Role.ADMIN):
        assert units_of(core, an_account(core, role=role).id) == Units()


@pytest.mark.parametrize(
    ("today", "acts"), [(FIRST_DAY - DAY, False), (FIRST_DAY, True), (LAST_DAY, True), (LAST_DAY + DAY, False)]
)
def test_a26_an_account_acts_within_its_days(core: Core, today: date, acts: bool) -> None:
    bound = a_bound_account(core)
    assert (units_of(core, bound.account.id, today) is not None) is acts
    with core.store.reading() as session:
        assert (bound_account(session, bound.person, today) is not None) is acts


def test_a26_a_disabled_account_does_not_act(core: Core) -> None:
    bound = a_bound_account(core, disabled_at=core.clock.now())
    assert units_of(core, bound.account.id) is None
    with core.store.reading() as session:
        assert bound_account(session, bound.person, taipei_date(core.clock.now())) is None


def test_an_actor_is_the_account_as_it_is_now(core: Core, city: City) -> None:
    bound = a_bound_account(core, city.school, permissions=[Permission.MEAL_CHECKS])
    with core.store.reading() as session:
        found = bound_account(session, bound.person, taipei_date(core.clock.now()))
    assert found is not None
    assert (found.code, found.unit_name, found.role) == (bound.account.code, "永平國民小學", Role.CASEWORKER)
    assert found.actor.permissions == {Permission.MEAL_CHECKS}
    assert (found.actor.account_id, found.actor.unit_id) == (bound.account.id, city.school.id)


def test_nobody_is_behind_an_unknown_person(core: Core) -> None:
    with core.store.reading() as session:
        assert bound_account(session, "nobody", FIRST_DAY) is None
        assert reach_of(session, 999) is None


def test_how_somebody_is_reached(core: Core) -> None:
    bound = a_bound_account(core, blocked_at=core.clock.now(), email="a@example.gov.tw")
    bare = an_account(core)
    with core.store.reading() as session:
        reach, by_mail = reach_of(session, bound.account.id), reach_of(session, bare.id)
    assert reach is not None
    assert (reach.person, reach.blocked, core.vault.open(reach.email)) == (bound.person, True, "a@example.gov.tw")
    assert by_mail is not None
    assert (by_mail.person, by_mail.blocked) == (None, False)


def test_duty_4_whoever_of_the_unit_holds_the_permission_is_told(core: Core, city: City) -> None:
    today = taipei_date(core.clock.now())
    caseworker = an_account(core, city.school)
    both = an_account(core, city.school, permissions=[Permission.CASEWORKER, Permission.MEAL_CHECKS])
    an_account(core, city.school, permissions=[Permission.MEAL_CHECKS])
    an_account(core, city.sister)
    an_account(core, city.school, disabled_at=core.clock.now())
    an_account(core, city.school, ends_on=today - DAY)
    last_day = an_account(core, city.school, ends_on=today)
    with core.store.reading() as session:
        told = told_for(session, city.school.id, frozenset({Permission.CASEWORKER, Permission.SUPERVISOR}), today)
    assert told == (caseworker.id, both.id, last_day.id)


def test_the_nearest_supervisors_and_contacts_are_told_first(core: Core, city: City) -> None:
    today = taipei_date(core.clock.now())
    above = an_account(core, city.bureau, role=Role.SUPERVISOR, permissions={Permission.SUPERVISOR})
    own = an_account(core, city.school, role=Role.SUPERVISOR, permissions={Permission.SUPERVISOR})
    beside = an_account(core, city.sister, role=Role.CONTACT, permissions={Permission.CONTACT})
    an_account(core, city.elsewhere, role=Role.CONTACT, permissions={Permission.CONTACT})
    with core.store.reading() as session:
        assert supervisors_of(session, city.school.id, SEES, today) == (own.id,)
        assert supervisors_of(session, city.sister.id, SEES, today) == (above.id,)
        assert contacts_of(session, city.school.id, SEES, today) == (beside.id,)
        assert supervisors_of(session, city.elsewhere.id, SEES, today) == ()
        assert contacts_of(session, 999, SEES, today) == ()


@pytest.mark.parametrize(("role", "is_told"), [(each, each not in (Role.HELPDESK, Role.ADMIN)) for each in Role])
def test_duty_4_who_sees_no_unit_is_told_of_none_whatever_they_hold(
    core: Core, city: City, role: Role, *, is_told: bool
) -> None:
    account, held = an_account(core, city.school, role=role), frozenset({Permission.CASEWORKER})
    today = taipei_date(core.clock.now())
    with core.store.reading() as session:
        assert told_for(session, city.school.id, held, today) == ((account.id,) if is_told else ())
        assert holders_among(session, {account.id}, held, today) == ({account.id: city.school.id} if is_told else {})


@pytest.mark.parametrize(
    ("permission", "sees", "is_told"),
    [
        (Permission.SUPERVISOR, Action.SEE_CHECKS, True),
        (Permission.SUPERVISOR, Action.SEE_DISPATCHES, True),
        (Permission.MEAL_CHECKS, Action.SEE_CHECKS, True),
        (Permission.MEAL_CHECKS, Action.SEE_DISPATCHES, False),
        (Permission.CASEWORKER, Action.SEE_CHECKS, False),
        (None, Action.SEE_CHECKS, False),
    ],
)
def test_duty_4_who_may_not_see_it_is_passed_by_on_the_way_up(
    core: Core, city: City, permission: Permission | None, sees: Action, *, is_told: bool
) -> None:
    held = (permission,) if permission else ()
    nearer = an_account(core, city.school, role=Role.SUPERVISOR, permissions=held)
    above = an_account(core, city.bureau, role=Role.SUPERVISOR, permissions={Permission.SUPERVISOR})
    with core.store.reading() as session:
        found = supervisors_of(session, city.school.id, sees, taipei_date(core.clock.now()))
    assert found == ((nearer if is_told else above).id,)


def test_many_actors_at_once_are_the_same_as_each_alone(core: Core, city: City) -> None:
    today = taipei_date(core.clock.now())
    people = [
        an_account(core, unit, role=role, permissions=permissions)
        for unit in (city.school, city.sister, city.bureau)
        for role in Role
        for permissions in ((), (Permission.CASEWORKER, Permission.MEAL_CHECKS))
    ]
    people += [an_account(core, city.school, ends_on=today), an_account(core, city.school, ends_on=today - DAY)]
    ids = [each.id for each in people] + [999]
    with core.store.reading() as session:
        alone = {each: actor for each in ids if (actor := actor_of(session, each, today))}
        assert actors_of(session, ids, today) == alone
        assert alone.keys() == {each.id for each in people[:-1]}
