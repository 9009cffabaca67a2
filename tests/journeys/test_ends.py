"""The ends of account and certificate: told in time, refused the day after, duties stay the unit's (ACC-6, ACC-11)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.access import system
from core.accounts.certificates import Certificate
from core.accounts.models import Account, Permission, Role, Unit
from core.accounts.queries import known_account
from core.accounts.service import AccountFacts, put_account
from core.audit import Door
from tests.builders import a_case, a_dispatch, a_national_id, a_unit, an_account, bind
from tests.duties import owe
from tests.journeys.town import Phone, Town

ENDS = date(2026, 7, 1)  # a Wednesday: 30, 14, 7 and 1 days before are working days too
CERTIFICATE = date(2026, 5, 13)  # a Wednesday, and so is the day a week before; 30 days before are a Monday
OWN, OTHERS = "own@example.gov.tw", "others@example.gov.tw"
CODE = f"AN{a_national_id(500)[-4:]}"
FACTS = AccountFacts(
    code=CODE,
    name="陳怡君",
    national_id=a_national_id(500),
    email=OWN,
    unit_code="S01",
    role=Role.CASEWORKER,
    title="輔導主任",
    phone="",
    starts_on=date(2026, 1, 1),
    ends_on=ENDS,
    permissions=frozenset({Permission.CASEWORKER}),
    certificate=Certificate(CERTIFICATE),
)


@pytest.fixture
def school(town: Town) -> Unit:
    return a_unit(town.core, "清溪國民小學", code="S01")


@pytest.fixture
def ann(town: Town, school: Unit) -> Account:
    with town.core.transaction(system("test"), Door.COMMAND) as ctx:
        assert school.code == FACTS.unit_code
        put_account(ctx, FACTS)
        known = known_account(ctx.session, CODE, ctx.today)
        assert known
        return ctx.session.get_one(Account, known.account_id)


@pytest.fixture
def phone(town: Town, ann: Account) -> Phone:
    phone = town.phone("安安")
    bind(town.core, ann, line_user=phone.user.user_id)
    return phone.says("謝謝")


def morning_of(town: Town, phone: Phone, day: date) -> str:
    """Let the morning's digest of a day come; return what the phone shows of it."""
    town.moves_to(f"{day.isoformat()}T08:31:00")
    shown = phone.shown
    phone.says("謝謝")
    return shown


def test_an_account_is_reminded_then_refused_and_its_unit_goes_on(
    town: Town, school: Unit, ann: Account, phone: Phone
) -> None:
    an_account(town.core, school, permissions=(Permission.CASEWORKER,), email=OTHERS)
    assert "憑證到期" in morning_of(town, phone, CERTIFICATE - timedelta(days=30))
    assert "憑證到期" in morning_of(town, phone, CERTIFICATE - timedelta(days=7))
    assert "帳號權限到期" not in morning_of(town, phone, ENDS - timedelta(days=31))
    for days, words in ((30, "剩 30 天"), (14, "剩 14 天"), (7, "剩 7 天"), (1, "明天到期")):
        shown = morning_of(town, phone, ENDS - timedelta(days=days))
        assert "帳號權限到期" in shown, days
        assert words in shown
    case = a_case(town.core, number="WK00017", child="王小明")
    owe(town.core, a_dispatch(town.core, school, case=case, responsible=ann))
    town.moves_to(f"{ENDS.isoformat()}T23:59:00")
    phone.says("待辦").sees("WK00017")
    town.moves_to(f"{(ENDS + timedelta(days=1)).isoformat()}T00:00:01")
    phone.says("待辦").sees("帳號已停用或到期").sees_nothing_of("WK00017")
    due = ENDS + timedelta(days=10)
    before = len(town.mails_to(OTHERS))
    town.moves_to(f"{(due - timedelta(days=1)).isoformat()}T08:31:00")
    told = "".join(town.mails_to(OTHERS)[before:])
    assert "WK00017" in told
    assert "WK00017" not in phone.shown
