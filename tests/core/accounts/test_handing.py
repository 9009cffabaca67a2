"""Change of caseworker: permissions go in one step, what is open stays the unit's and passes on (ACC-9, DUTY-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.handing import PassingOn, change_caseworker, passing_on
from core.accounts.models import Account, Grant, Permission, Role, Unit
from core.accounts.queries import actor_of
from core.audit import AuditRow, Door
from core.clock import taipei_date
from core.context import Core
from core.dispatches.models import Dispatch, DispatchState, Opened, Opening
from core.dispatches.queries import case_of
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.told import People
from core.errors import NotAllowed, RuleBroken
from core.notices.models import Notice
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.core.dispatches.replies import put
from tests.duties import owe
from tests.services import a_service, acting

BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)


@pytest.fixture
def school(core_sqlite: Core) -> Unit:
    return a_unit(core_sqlite)


@pytest.fixture
def old(core_sqlite: Core, school: Unit) -> Account:
    return an_account(core_sqlite, school, permissions=BOTH, name="王舊人")


@pytest.fixture
def new(core_sqlite: Core, school: Unit) -> Account:
    return an_account(core_sqlite, school, permissions=BOTH, name="林新人")


@pytest.fixture
def admin(core_sqlite: Core) -> Account:
    return an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.ADMIN, permissions=())


@dataclass(frozen=True)
class Succession:
    """An old caseworker and a new one of a school, and who makes the change."""

    core: Core
    school: Unit
    old: Account
    new: Account
    admin: Account

    def changes(self) -> PassingOn:
        with acting(self.core, self.admin) as ctx:
            return change_caseworker(ctx, self.old.code, self.new.code)

    def responsible(self, dispatch: Dispatch) -> tuple[int | None, str | None]:
        with self.core.store.reading() as session:
            row = session.get_one(Dispatch, dispatch.id)
            return row.responsible_id, self.core.vault.open(row.responsible) if row.responsible else None


@pytest.fixture
def acc_9(core_sqlite: Core, school: Unit, old: Account, new: Account, admin: Account) -> Succession:
    return Succession(core_sqlite, school, old, new, admin)


def told(core: Core, duty_id: int) -> tuple[int, ...]:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        return People(ctx).of(ctx.session.get_one(Duty, duty_id)).accounts


def test_acc_9_what_is_open_passes_on_and_the_new_one_is_told(
    core_sqlite: Core, school: Unit, old: Account, new: Account, admin: Account
) -> None:
    named = owe(core_sqlite, a_dispatch(core_sqlite, school, responsible=old))
    units = owe(core_sqlite, a_dispatch(core_sqlite, school))
    assert told(core_sqlite, named.id) == (old.id,)
    with acting(core_sqlite, admin) as ctx:
        shown = passing_on(ctx, old.code, new.code)
    assert (shown.taken, shown.named) == (tuple(sorted(BOTH)), 1)
    assert shown.open_duties == ((DutyKind.REPLY, 2),)
    assert shown.new_name == "林新人"
    with acting(core_sqlite, admin) as ctx:
        assert change_caseworker(ctx, old.code, new.code) == shown
    assert told(core_sqlite, named.id) == (new.id,)
    assert told(core_sqlite, units.id) == (new.id,)
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Grant).where(Grant.account_id == old.id)).all() == []
        assert {duty.due_at for duty in session.scalars(select(Duty))} == {named.due_at}
        assert {duty.id: duty.account_id for duty in session.scalars(select(Duty))} == {
            named.id: new.id,
            units.id: None,
        }
        assert {each.account_id for each in session.scalars(select(Notice))} == {old.id, new.id}
        acts = set(session.scalars(select(AuditRow.act).where(AuditRow.subject == f"account:{old.id}")))
    assert {"account.taken", "account.succeeded"} <= acts


def test_the_old_account_may_still_be_used_but_sees_no_case(
    core_sqlite: Core, old: Account, new: Account, admin: Account
) -> None:
    with acting(core_sqlite, admin) as ctx:
        change_caseworker(ctx, old.code, new.code)
    with core_sqlite.store.reading() as session:
        actor = actor_of(session, old.id, taipei_date(core_sqlite.clock.now()))
    assert actor
    assert actor.permissions == frozenset()


def test_services_of_families_pass_on_with_their_windows(
    core_sqlite: Core, school: Unit, old: Account, new: Account, admin: Account
) -> None:
    service = a_service(core_sqlite, school, a_case(core_sqlite), date(2026, 3, 1))
    with core_sqlite.store.transaction() as session:
        session.get_one(Opened, service.id).responsible_id = old.id
    with acting(core_sqlite, admin) as ctx:
        assert change_caseworker(ctx, old.code, new.code).services == 1
    with core_sqlite.store.reading() as session:
        passed = session.get_one(Opened, service.id)
        assert passed.responsible_id == new.id
        assert passed.responsible
        assert core_sqlite.vault.open(passed.responsible) == "林新人"


@pytest.mark.parametrize(
    ("state", "opening", "passes"),
    [
        (DispatchState.WAITING, None, True),
        (DispatchState.SUBMITTED, Opening.NOT_OPEN, True),
        (DispatchState.RETURNED, Opening.NEW, True),
        (DispatchState.ANSWERED, Opening.NEW, True),
        (DispatchState.ANSWERED, Opening.NOT_OPEN, False),
        (DispatchState.CLOSED, Opening.NEW, False),
    ],
)
def test_acc_9_a_dispatch_that_goes_on_names_the_new_one_and_what_is_over_who_did_it(
    acc_9: Succession, state: DispatchState, opening: Opening | None, passes: bool
) -> None:
    core, old, new = acc_9.core, acc_9.old, acc_9.new
    dispatch = a_dispatch(core, acc_9.school, state=state, opening=opening, responsible=old)
    elsewhere = a_dispatch(core, a_unit(core, "海山國民小學"), responsible=old)
    assert acc_9.changes().dispatches == int(passes)
    assert acc_9.responsible(dispatch) == ((new.id, "林新人") if passes else (old.id, "王舊人"))
    assert acc_9.responsible(elsewhere) == (old.id, "王舊人")
    with core.store.reading() as session:
        acts = session.scalars(select(AuditRow.act).where(AuditRow.subject == f"dispatch:{dispatch.id}")).all()
    assert acts == (["pass_dispatch"] if passes else [])


def test_acc_9_the_case_names_the_new_one_from_then_on(acc_9: Succession) -> None:
    dispatch = a_dispatch(acc_9.core, acc_9.school, responsible=acc_9.old)
    acc_9.changes()
    with acting(acc_9.core, acc_9.new) as ctx:
        shown = case_of(ctx, dispatch.case.number)
    assert [each.responsible for each in shown.parts] == ["林○人"]


def test_who_may_not_work_on_cases_is_named_for_none(core_sqlite: Core, school: Unit, admin: Account) -> None:
    meals = (Permission.MEAL_CHECKS,)
    old, new = (an_account(core_sqlite, school, permissions=meals, name=name) for name in ("王舊人", "林新人"))
    dispatch = a_dispatch(core_sqlite, school, responsible=old)
    acc_9 = Succession(core_sqlite, school, old, new, admin)
    assert acc_9.changes().dispatches == 0
    assert acc_9.responsible(dispatch) == (old.id, "王舊人")


@pytest.mark.parametrize(("listed", "named"), [("王舊人", "林新人"), ("張三人", "張三人"), (None, None)])
def test_acc_9_the_list_that_names_the_old_one_again_does_not_undo_it(
    acc_9: Succession, listed: str | None, named: str | None
) -> None:
    put(acc_9.core, "WK1", unit_code=acc_9.school.code, responsible="王舊人")
    acc_9.changes()
    for _ in range(2):
        put(acc_9.core, "WK1", unit_code=acc_9.school.code, responsible=listed)
        with acc_9.core.store.reading() as session:
            row = session.scalars(select(Dispatch)).one()
        assert acc_9.responsible(row)[1] == named


def test_acc_9_a_dispatch_of_before_lists_were_remembered_is_not_undone_either(acc_9: Succession) -> None:
    put(acc_9.core, "WK1", unit_code=acc_9.school.code, responsible="王舊人")
    with acc_9.core.store.transaction() as session:
        session.scalars(select(Dispatch)).one().listed_responsible_key = None
    acc_9.changes()
    put(acc_9.core, "WK1", unit_code=acc_9.school.code, responsible="王舊人")
    with acc_9.core.store.reading() as session:
        assert session.scalars(select(Dispatch)).one().responsible_id == acc_9.new.id


def test_other_units_and_ended_duties_are_not_counted(
    core_sqlite: Core, school: Unit, old: Account, new: Account, admin: Account
) -> None:
    owe(core_sqlite, a_dispatch(core_sqlite, a_unit(core_sqlite, "海山國民小學")))
    done = owe(core_sqlite, a_dispatch(core_sqlite, school, responsible=old))
    with core_sqlite.store.transaction() as session:
        session.get_one(Duty, done.id).ended_at = core_sqlite.clock.now()
    with acting(core_sqlite, admin) as ctx:
        shown = passing_on(ctx, old.code, new.code)
    assert (shown.open_duties, shown.named) == ((), 0)


@pytest.mark.parametrize(
    "case",
    [
        ({"permissions": (Permission.CASEWORKER,)}, "幸福保衛站檢核作業"),
        ({"permissions": BOTH, "ends_on": date(2026, 3, 3)}, "現在不能使用"),
        ({"permissions": BOTH, "starts_on": date(2026, 3, 5)}, "現在不能使用"),
    ],
)
def test_who_takes_over_must_be_able_to(
    core_sqlite: Core, school: Unit, old: Account, admin: Account, case: tuple[dict[str, object], str]
) -> None:
    changed, words = case
    successor = an_account(core_sqlite, school, **changed)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match=words), acting(core_sqlite, admin) as ctx:
        change_caseworker(ctx, old.code, successor.code)


def test_who_takes_over_is_of_the_same_unit_and_somebody_else(core_sqlite: Core, old: Account, admin: Account) -> None:
    other = an_account(core_sqlite, a_unit(core_sqlite, "海山國民小學"), permissions=BOTH)
    for code, words in ((other.code, "不在"), (old.code, "同一個帳號"), ("ZZ0000", "沒有這個帳號")):
        with pytest.raises(RuleBroken, match=words), acting(core_sqlite, admin) as ctx:
            passing_on(ctx, old.code, code)


def test_a_change_that_was_made_is_not_made_again(
    core_sqlite: Core, old: Account, new: Account, admin: Account
) -> None:
    with acting(core_sqlite, admin) as ctx:
        change_caseworker(ctx, old.code, new.code)
    with pytest.raises(RuleBroken, match="不必再更換"), acting(core_sqlite, admin) as ctx:
        change_caseworker(ctx, old.code, new.code)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMIN])
def test_administrators_alone_change_caseworkers(core_sqlite: Core, old: Account, new: Account, role: Role) -> None:
    somebody = an_account(core_sqlite, a_unit(core_sqlite, "某單位"), role=role, permissions=())
    with pytest.raises(NotAllowed), acting(core_sqlite, somebody) as ctx:
        passing_on(ctx, old.code, new.code)
