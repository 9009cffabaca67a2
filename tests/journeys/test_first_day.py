"""A caseworker's first day: following, binding, asking what is owed, and the morning's push."""

from __future__ import annotations

from datetime import date

import pytest

from core.accounts.models import Account, Permission, Unit
from tests.builders import a_unit, an_account
from tests.journeys.town import Town

ADDRESS = "staff1@example.gov.tw"


@pytest.fixture
def school(any_town: Town) -> Unit:
    return a_unit(any_town.core, "清溪國民小學", code="S01")


@pytest.fixture
def ann(any_town: Town, school: Unit) -> Account:
    both = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    account = an_account(any_town.core, school, permissions=both, email=ADDRESS)
    any_town.set_password(account.code)
    return account


def test_from_hello_to_the_push_before_the_deadline(any_town: Town, ann: Account) -> None:
    any_town.gets("WK00017", date(2026, 3, 1))
    phone = any_town.phone("安安").sees("綁定")
    phone.says("待辦").sees("綁定").sees_nothing_of("WK00017")
    phone.binds(ann.code, ADDRESS).sees("綁定")
    phone.says("待辦").sees("115/03/11", "王○明").sees_nothing_of("王小明")
    any_town.moves_to("2026-03-11T08:29:59")
    before = len(any_town.platform.accepted("push"))
    for _ in range(2):
        any_town.moves_to("2026-03-11T08:30:00")
        assert len(any_town.platform.accepted("push")) == before + 1
    phone.sees("115/03/11", "王○明")


def test_the_working_of_an_old_deadline(any_town: Town, ann: Account) -> None:
    any_town.gets("WK00001", date(2022, 7, 28))
    phone = any_town.phone("安安").binds(ann.code, ADDRESS)
    phone.says("待辦").sees("111/08/07")
    phone.taps("怎麼算的").sees("111/07/28", "111/08/07", "REPLY-1")
