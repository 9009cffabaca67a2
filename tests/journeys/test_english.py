"""A caseworker who reads English: asked for before binding, kept by the account, pushed and mailed in it; and back."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.accounts.models import Account, Permission, Unit
from tests.builders import a_unit, an_account
from tests.journeys.town import Phone, Town

ADDRESS = "staff1@example.gov.tw"
NAMES = re.compile("王○明|清溪國民小學|中文")
HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture
def ann(town: Town) -> Account:
    school: Unit = a_unit(town.core, "清溪國民小學", code="S01")
    both = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    account = an_account(town.core, school, permissions=both, email=ADDRESS)
    town.set_password(account.code)
    return account


def is_english(phone: Phone) -> Phone:
    left = [line for line in phone.shown.splitlines() if HAN.search(NAMES.sub("", line))]
    assert phone.shown
    assert left == []
    return phone


def test_english_from_the_first_word_to_the_mornings_push(town: Town, ann: Account) -> None:
    town.gets("WK00017", date(2026, 3, 1))
    phone = town.phone("Ann").says("English").sees("English")
    is_english(phone)
    is_english(phone.says("duties").sees("Link"))
    is_english(phone.binds(ann.code, ADDRESS).sees(ann.code))
    is_english(phone.says("What is due?").sees("11 Mar 2026", "王○明").sees_nothing_of("王小明"))
    is_english(phone.says("why").sees("REPLY-1"))
    is_english(phone.says("case WK00017").sees("WK00017"))
    is_english(phone.says("duties"))
    is_english(phone.says("the first one").sees("Case WK00017"))
    is_english(phone.says("王小明").sees("Case WK00017"))
    is_english(phone.says("ok").sees("All right"))
    is_english(phone.says("who are you").sees("Helpdesk"))
    is_english(phone.says("menu"))
    is_english(phone.says("FAQ"))
    is_english(phone.says("when is the moon full").sees("Helpdesk"))
    town.moves_to("2026-03-11T08:30:00")
    is_english(phone.sees("11 Mar 2026", "王○明"))


def test_a_dialog_in_english_and_its_mail(town: Town, ann: Account) -> None:
    phone = town.phone("Ann").says("English").binds(ann.code, ADDRESS)
    is_english(phone.says("change e-mail"))
    is_english(phone.says("not an address"))
    is_english(phone.says("new.ann@example.gov.tw"))
    newest = town.mails_to("new.ann@example.gov.tw")[-1]
    assert "Do not reply" in newest or "do not reply" in newest
    assert not HAN.search(newest)
    is_english(phone.says(town.code_in_mail("new.ann@example.gov.tw")))
    is_english(phone.says("my requests").sees("Withdraw"))
    is_english(phone.says("cancel"))


def test_one_word_brings_chinese_back(town: Town, ann: Account) -> None:
    phone = town.phone("Ann").says("English").binds(ann.code, ADDRESS)
    is_english(phone.says("settings").sees("English"))
    phone.says("中文").sees("好的，之後都用中文。")
    phone.says("設定").sees("語言", "中文")
    phone.says("語言").taps("English")
    is_english(phone)
    phone.says("解除綁定").says("Confirm")
    is_english(phone)
    is_english(phone.says("duties"))
