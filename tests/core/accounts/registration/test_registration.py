"""From a proved mailbox to an account: filed, decided permission by permission, told (ACC-5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Account, Permission, Role
from core.accounts.registration.models import PermissionState, RegistrationState
from core.accounts.registration.queries import queued_registrations, registration_of, unit_typed
from core.accounts.service import set_password
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.errors import Conflict, Expired, NotAllowed, NotFound, RuleBroken, RulesBroken
from tests.builders import a_national_id, a_unit, an_account
from tests.core.accounts.registration.registering import (
    ID,
    MAILBOX,
    YES,
    asks,
    codes,
    decides,
    files,
    no,
    proved,
    registers,
    registration,
)
from tests.core.accounts.requests.asking import mails
from tests.services import acting

CASEWORK, CHECKS = Permission.CASEWORKER, Permission.MEAL_CHECKS


@pytest.fixture(autouse=True)
def school(core_sqlite: Core) -> None:
    a_unit(core_sqlite, "永平國民小學", code="S01")


def accounts(core: Core, code: str) -> list[Account]:
    with core.store.reading() as session:
        return list(session.scalars(select(Account).where(Account.code == code)))


def test_acc_5_each_permission_is_decided_by_itself_and_the_account_opens(core_sqlite: Core) -> None:
    number = registers(core_sqlite)
    assert f"NW{ID[-4:]}" in mails(core_sqlite, MAILBOX)[-1]
    done = decides(core_sqlite, number, {CASEWORK: YES, CHECKS: no("請洽教育局")})
    assert done.state is RegistrationState.OPENED
    (account,) = accounts(core_sqlite, f"NW{ID[-4:]}")
    assert [grant.permission for grant in account.grants] == [CASEWORK]
    assert (account.starts_on, account.ends_on) == (date(2026, 3, 4), date(2027, 3, 4))
    assert core_sqlite.vault.open(account.email) == MAILBOX
    told = mails(core_sqlite, MAILBOX)[-1]
    for words in ("已開通", "90097", "2462", "請洽教育局", "/p/password-setup"):
        assert words in told
    stored = registration(core_sqlite, number)
    assert [each.state for each in stored.wanted] == [PermissionState.REFUSED, PermissionState.APPROVED]
    assert stored.account_id == account.id


def test_with_no_permission_approved_no_account_opens(core_sqlite: Core) -> None:
    number = registers(core_sqlite)
    done = decides(core_sqlite, number, {CASEWORK: no(), CHECKS: no()})
    assert done.state is RegistrationState.REFUSED
    assert accounts(core_sqlite, f"NW{ID[-4:]}") == []
    assert "請先完成教育訓練" in mails(core_sqlite, MAILBOX)[-1]
    assert "重新申請" in mails(core_sqlite, MAILBOX)[-1]


def test_an_undecided_permission_or_a_refusal_without_reason_decides_nothing(core_sqlite: Core) -> None:
    number = registers(core_sqlite)
    with pytest.raises(RulesBroken) as refused:
        decides(core_sqlite, number, {CHECKS: no(" ")})
    assert {each.field for each in refused.value.broken} == {"90097", "2462"}
    assert registration(core_sqlite, number).state is RegistrationState.FILED


def test_a32_the_second_of_two_learns_who_was_first(core_sqlite: Core) -> None:
    number = registers(core_sqlite)
    decides(core_sqlite, number, {CASEWORK: YES, CHECKS: YES})
    with pytest.raises(Conflict, match=r"115/03/04 10:00 已開通（A\w+）"):
        decides(core_sqlite, number, {CASEWORK: no(), CHECKS: no()})


def test_a_form_without_a_proved_mailbox_is_not_taken(core_sqlite: Core, clock: FixedClock) -> None:
    unproved = asks(core_sqlite)
    with pytest.raises(Expired):
        files(core_sqlite, unproved)
    challenge = proved(core_sqlite, "other@ntpc.gov.tw")
    with pytest.raises(Expired):
        files(core_sqlite, challenge, asker="elsewhere")
    clock.at = clock.now() + timedelta(minutes=30)
    with pytest.raises(Expired):
        files(core_sqlite, challenge)


def test_a_wrong_form_names_everything_and_keeps_the_proof(core_sqlite: Core) -> None:
    challenge = proved(core_sqlite)
    with pytest.raises(RulesBroken) as refused:
        files(core_sqlite, challenge, name="", phone="1", unit="沒有的學校", permissions=frozenset())
    assert [each.field for each in refused.value.broken] == ["姓名", "聯絡電話", "單位", "權限"]
    assert files(core_sqlite, challenge).number


def test_a_proof_files_one_registration(core_sqlite: Core) -> None:
    challenge = proved(core_sqlite)
    files(core_sqlite, challenge)
    with pytest.raises(Expired):
        files(core_sqlite, challenge)
    assert all(each.voided_at for each in codes(core_sqlite))


def test_a_mailbox_has_one_open_registration(core_sqlite: Core, clock: FixedClock) -> None:
    number = registers(core_sqlite)
    clock.at = clock.now() + timedelta(minutes=1)
    with pytest.raises(RuleBroken, match=f"申請 {number}"):
        registers(core_sqlite)


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        ({"code": f"NW{ID[-4:]}"}, "換前兩個英文字母"),
        ({"national_id": ID}, "請他用原帳號"),
        ({"email": MAILBOX}, "改用本人的信箱"),
    ],
)
def test_a24_what_is_taken_is_told_to_who_decides_alone(core_sqlite: Core, taken: dict[str, str], words: str) -> None:
    number = registers(core_sqlite)  # nothing is in the way yet, or nothing of it is told
    other = an_account(core_sqlite, **{"national_id": a_national_id(31), **taken})  # type: ignore[arg-type]
    admin = an_account(core_sqlite, role=Role.ADMIN, permissions=())
    with acting(core_sqlite, admin) as ctx:
        (clash,) = registration_of(ctx, number).clashes
    assert words in str(clash)
    assert other.code in str(clash)
    with pytest.raises(RulesBroken, match=other.code):
        decides(core_sqlite, number, {CASEWORK: YES, CHECKS: YES})
    assert registration(core_sqlite, number).state is RegistrationState.FILED
    decides(core_sqlite, number, {CASEWORK: no(), CHECKS: no()})


def test_a24_a_taken_code_or_id_files_like_any_other(core_sqlite: Core) -> None:
    an_account(core_sqlite, a_unit(core_sqlite, "海山國民小學"), code=f"NW{ID[-4:]}", national_id=ID)
    assert registers(core_sqlite)


def test_an_opened_account_begins_like_any_other(core_sqlite: Core) -> None:
    decides(core_sqlite, registers(core_sqlite), {CASEWORK: YES, CHECKS: YES})
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, f"NW{ID[-4:]}", "correct horse battery")


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMIN])
def test_only_administrators_see_and_decide(core_sqlite: Core, role: Role) -> None:
    number = registers(core_sqlite)
    somebody = an_account(core_sqlite, role=role)
    with pytest.raises(NotAllowed), acting(core_sqlite, somebody) as ctx:
        registration_of(ctx, number)
    with pytest.raises(NotAllowed), acting(core_sqlite, somebody) as ctx:
        queued_registrations(ctx, RegistrationState.FILED, 0, 5)


def test_the_queue_is_oldest_first_and_shows_nothing_personal(core_sqlite: Core, clock: FixedClock) -> None:
    first = registers(core_sqlite)
    clock.at = clock.now() + timedelta(minutes=1)
    other_id = a_national_id(901)
    second = registers(core_sqlite, "second@ntpc.gov.tw", national_id=other_id, code=f"XY{other_id[-4:]}")
    admin = an_account(core_sqlite, role=Role.ADMIN, permissions=())
    with acting(core_sqlite, admin) as ctx:
        page = queued_registrations(ctx, RegistrationState.FILED, 0, 5)
        shown = registration_of(ctx, first)
    assert [each.number for each in page.rows] == [first, second]
    assert page.total == 2
    assert (shown.name, shown.email) == ("林書豪", MAILBOX)
    assert shown.national_id == f"{ID[:2]}****{ID[-4:]}"
    with core_sqlite.store.reading() as session:
        acts = session.scalars(select(AuditRow.act).where(AuditRow.subject == f"registration:{first}")).all()
    assert acts == ["registration.filed", "show_registration"]


def test_a_registration_that_is_not_there(core_sqlite: Core) -> None:
    with pytest.raises(NotFound), acting(core_sqlite, an_account(core_sqlite, role=Role.ADMIN, permissions=())) as ctx:
        registration_of(ctx, 987654)


def test_a_unit_is_found_by_code_or_whole_name_and_never_guessed(core_sqlite: Core) -> None:
    for code in ("S02", "S03"):
        a_unit(core_sqlite, "新埔國民小學", code=code)
    with core_sqlite.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        found = {typed: unit_typed(ctx, typed) for typed in ("S01", "永平國民小學", " s01", "永平", "新埔國民小學", "")}
    assert {typed: unit.code if unit else None for typed, unit in found.items()} == {
        "S01": "S01", "永平國民小學": "S01", " s01": "S01", "永平": None, "新埔國民小學": None, "": None,
    }  # fmt: skip
