"""Accounts as an import puts them, and what an administrator does to them (ACC-1, ACC-4, ACC-6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account, Binding, BindingEnd, Permission, Role, UnitKind
from core.accounts.service import AccountFacts, disable_account, grant_permission, put_account, set_password
from core.audit import AuditRow, Door
from core.clock import end_of_day, taipei_date
from core.context import Core
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.errors import InvalidInput, NotFound
from core.imports.results import Put
from core.notices.models import Notice, NoticeKind, Via
from tests.builders import a_bound_account, a_national_id, a_unit, an_account

ENDS = date(2026, 12, 31)


def facts(**changed: Any) -> AccountFacts:
    national_id = changed.get("national_id", a_national_id(1))
    usual: dict[str, Any] = {
        "code": f"AB{national_id[-4:]}",
        "name": "陳怡君",
        "national_id": national_id,
        "email": "staff1@example.gov.tw",
        "unit_code": "S1",
        "role": Role.CASEWORKER,
        "title": "輔導主任",
        "phone": "0900000000",
        "starts_on": date(2026, 1, 1),
        "ends_on": ENDS,
        "permissions": frozenset({Permission.CASEWORKER}),
    }
    return AccountFacts(**usual | changed)


def put(core: Core, given: AccountFacts) -> Put:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return put_account(ctx, given)


def stored(core: Core) -> Account:
    with core.store.reading() as session:
        return session.scalars(select(Account)).one()


def duties_of_end(core: Core) -> list[Duty]:
    with core.store.reading() as session:
        return list(session.scalars(select(Duty).where(Duty.kind == DutyKind.ACCOUNT_END).order_by(Duty.id)))


@pytest.fixture
def school(core: Core) -> None:
    a_unit(core, code="S1")


@pytest.mark.usefixtures("school")
def test_an_account_is_added_once_and_changed_where_it_differs(core: Core) -> None:
    assert put(core, facts()) is Put.ADDED
    before = stored(core)
    assert put(core, facts()) is Put.SAME
    assert put(core, facts(title="社工")) is Put.CHANGED
    after = stored(core)
    assert (after.title, after.name, after.email) == ("社工", before.name, before.email)


@pytest.mark.usefixtures("school")
def test_what_was_typed_in_full_width_or_small_letters_is_the_same(core: Core) -> None:
    put(core, facts())
    typed = facts(code=facts().code.lower(), national_id=facts().national_id.lower(), name=" 陳怡君 ")
    assert put(core, typed) is Put.SAME


@pytest.mark.usefixtures("school")
def test_each_fact_that_changes_is_stored_and_named_in_the_audit(core: Core) -> None:
    put(core, facts())
    changed = facts(
        name="林志明",
        email="new@example.gov.tw",
        phone="",
        role=Role.CONTACT,
        ends_on=ENDS + timedelta(days=1),
        permissions=frozenset({Permission.MEAL_CHECKS}),
    )
    assert put(core, changed) is Put.CHANGED
    account = stored(core)
    assert core.vault.open(account.name) == "林志明"
    assert core.vault.open(account.email) == "new@example.gov.tw"
    assert account.email_key == core.vault.look_up("email", "NEW@example.gov.tw")
    assert account.phone is None
    assert [grant.permission for grant in account.grants] == [Permission.MEAL_CHECKS]
    with core.store.reading() as session:
        fields = session.scalars(select(AuditRow.fields).where(AuditRow.act == "account.changed")).one()
    assert fields == "name,email,phone,role,ends_on,permissions"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "A11234"}, "帳號"),
        ({"code": "AB0000"}, "帳號"),
        ({"national_id": "A123456788", "code": "AB6788"}, "身分證字號"),
        ({"name": "  "}, "姓名"),
        ({"name": "名" * 61}, "姓名"),
        ({"email": "nobody"}, "電子郵件"),
        ({"unit_code": "NONE"}, "單位代碼"),
        ({"title": "職" * 61}, "職稱"),
        ({"ends_on": date(2025, 12, 31)}, "到期日期"),
        ({"permissions": frozenset({Permission.SUPERVISOR})}, "權限"),
    ],
)
def test_what_is_wrong_names_its_column(core_sqlite: Core, wrong: dict[str, Any], field: str) -> None:
    a_unit(core_sqlite, code="S1")
    with pytest.raises(InvalidInput) as refused:
        put(core_sqlite, facts(**wrong))
    assert refused.value.field == field


def test_facts_at_their_limits_are_taken(core_sqlite: Core) -> None:
    a_unit(core_sqlite, code="S1")
    day = date(2026, 3, 4)
    assert put(core_sqlite, facts(name="名" * 60, title="職" * 60, starts_on=day, ends_on=day)) is Put.ADDED


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("same", "field"),
    [({"email": "STAFF1@example.gov.tw"}, "電子郵件"), ({"national_id": a_national_id(1)}, "身分證字號")],
)
def test_address_and_identity_belong_to_one_account(core: Core, same: dict[str, Any], field: str) -> None:
    put(core, facts())
    another = {"national_id": a_national_id(2), "email": "other@example.gov.tw"} | same
    national_id = another["national_id"]
    with pytest.raises(InvalidInput) as refused:
        put(core, facts(**another, code=f"CD{national_id[-4:]}"))
    assert refused.value.field == field


@pytest.mark.usefixtures("school")
def test_acc_6_an_accounts_end_is_a_duty_that_moves_with_it(core: Core) -> None:
    put(core, facts())
    put(core, facts(ends_on=ENDS + timedelta(days=31)))
    (duty,) = duties_of_end(core)
    assert duty.due_at == end_of_day(ENDS + timedelta(days=31))
    assert duty.ended_at is None
    assert duty.account_id == stored(core).id


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(("days", "is_owed"), [(0, True), (-1, False)])
def test_an_account_that_is_over_owes_nothing(core: Core, days: int, is_owed: bool) -> None:
    put(core, facts())
    ends_on = taipei_date(core.clock.now()) + timedelta(days=days)
    put(core, facts(ends_on=ends_on))
    (duty,) = duties_of_end(core)
    assert (duty.ended_at is None) is is_owed
    assert duty.ending is (None if is_owed else Ending.VOID)


def test_disabling_ends_the_binding_and_the_duty(core: Core) -> None:
    bound = a_bound_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        assert disable_account(ctx, bound.account.code)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        assert not disable_account(ctx, bound.account.code)
    with core.store.reading() as session:
        assert session.scalars(select(Binding)).one().ending is BindingEnd.ACCOUNT_ENDED
        assert session.scalars(select(Notice)).one().via is Via.MAIL
    assert all(duty.ended_at is not None for duty in duties_of_end(core))


def test_a_permission_is_granted_once(core: Core) -> None:
    account = an_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        assert grant_permission(ctx, account.code, Permission.MEAL_CHECKS)
        assert not grant_permission(ctx, account.code.lower(), Permission.MEAL_CHECKS)


def test_acc_4_a_school_is_granted_no_other_permission(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    officer = an_account(core_sqlite, a_unit(core_sqlite, "教育局", kind=UnitKind.BUREAU))
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        assert grant_permission(ctx, officer.code, Permission.CITY)
        with pytest.raises(InvalidInput):
            grant_permission(ctx, account.code, Permission.CITY)


def test_a_new_password_opens_the_lock_and_its_owner_is_told(core: Core) -> None:
    account = an_account(core, wrong_passwords=3, locked_until=core.clock.now() + timedelta(minutes=1))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, account.code, "correct horse battery")
    after = stored(core)
    assert after.password_hash is not None
    assert after.password_hash.startswith("$argon2id$")
    assert (after.wrong_passwords, after.locked_until) == (0, None)
    with core.store.reading() as session:
        assert session.scalars(select(Notice)).one().kind is NoticeKind.ACCOUNT


@pytest.mark.parametrize("length", [11, 129])
def test_a_password_outside_its_limits_is_refused(core_sqlite: Core, length: int) -> None:
    account = an_account(core_sqlite)
    with pytest.raises(InvalidInput) as refused, core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, account.code, "x" * length)
    assert refused.value.field == "密碼"


def test_an_unknown_account_is_not_found(core_sqlite: Core) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        for act in (lambda: disable_account(ctx, "ZZ0000"), lambda: set_password(ctx, "ZZ0000", "x" * 12)):
            with pytest.raises(NotFound):
                act()


@pytest.mark.usefixtures("school")
def test_a_moved_account_belongs_to_its_new_unit(core: Core) -> None:
    put(core, facts())
    other = a_unit(core, "秀朗國民小學", code="S2")
    assert put(core, replace(facts(), unit_code="S2")) is Put.CHANGED
    assert stored(core).unit_id == other.id
