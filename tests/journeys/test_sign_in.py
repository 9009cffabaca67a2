"""Signing in from phone and browser: the code by LINE, the lock and its end, the city's sign-on, a session's end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core.accounts.models import Account, Permission
from core.clock import FixedClock
from core.context import Core
from tests.builders import a_unit, an_account
from tests.journeys.browser import Browser
from tests.journeys.town import PASSWORD, Phone, Town, a_town
from tests.sign_on_provider import CLAIM, CLIENT, SECRET, Provider, a_provider

ADDRESS = "staff1@example.gov.tw"
A_WHILE = timedelta(minutes=2)
HALF_AN_HOUR = timedelta(minutes=30)
SECOND = timedelta(seconds=1)


def ann_in(town: Town) -> Account:
    school = a_unit(town.core, "清溪國民小學", code="S01")
    account = an_account(town.core, school, permissions=(Permission.CASEWORKER,), email=ADDRESS)
    town.set_password(account.code)
    town.settle()
    return account


@pytest.fixture
def ann(town: Town) -> Account:
    return ann_in(town)


@pytest.fixture
def phone(town: Town, ann: Account) -> Phone:
    """Ann's phone: bound, and codes go to it."""
    bound = town.phone("安安").binds(ann.code, ADDRESS)
    bound.says("設定").sees("s***@example.gov.tw").taps("驗證碼用 LINE").sees("LINE（這個聊天室）")
    town.passes(A_WHILE)
    return bound


def types_password(town: Town, code: str, password: str = PASSWORD) -> Browser:
    browser = Browser().opens(f"{town.url}/desk/sign-in").submits(account=code, password=password)
    town.settle()
    return browser


def signs_in(town: Town, phone: Phone, code: str) -> Browser:
    phone.says("選單")
    return types_password(town, code).submits(code=phone.code()).sees("總覽")


def test_the_code_for_the_desk_comes_to_the_phone(town: Town, ann: Account, phone: Phone) -> None:
    mails = len(town.mails_to(ADDRESS))
    phone.says("選單")
    desk = types_password(town, ann.code).sees("LINE")
    phone.sees("驗證碼", "登入", "15 分鐘", "複製驗證碼")
    desk.submits(code=phone.code()).sees("總覽", ann.code)
    assert len(town.mails_to(ADDRESS)) == mails
    town.passes(A_WHILE)
    phone.says("驗證碼用信箱").sees("s***@example.gov.tw")
    types_password(town, ann.code).submits(code=town.code_in_mail(ADDRESS)).sees("總覽")


@pytest.mark.browser
def test_in_a_real_browser_the_code_from_the_phone_opens_the_desk(
    town: Town, ann: Account, phone: Phone, page: Page
) -> None:
    phone.says("選單")
    page.goto(f"{town.url}/desk/sign-in")
    page.get_by_label("帳號").fill(ann.code)
    page.get_by_label("密碼", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("輸入驗證碼")
    town.settle()
    page.get_by_label("驗證碼", exact=True).fill(phone.code())
    page.get_by_role("button", name="登入").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("總覽")


def test_three_wrong_passwords_lock_for_thirty_minutes_with_the_time_left(town: Town, ann: Account) -> None:
    for said in ("帳號或密碼不正確", "帳號或密碼不正確", "請在 30 分鐘後再試"):
        types_password(town, ann.code, "Wrong-Horse-2026").sees(said)
    types_password(town, ann.code).sees("已鎖定", "請在 30 分鐘後再試")
    town.passes(timedelta(minutes=20))
    types_password(town, ann.code).sees("請在 10 分鐘後再試")
    town.passes(timedelta(minutes=10) - SECOND)
    types_password(town, ann.code).sees("請在 1 分鐘後再試")
    town.passes(SECOND)
    types_password(town, ann.code).submits(code=town.code_in_mail(ADDRESS)).sees("總覽")


def test_a20_a_stranger_who_locks_the_account_locks_out_neither_its_phone_nor_its_browser(
    town: Town, ann: Account, phone: Phone
) -> None:
    own = signs_in(town, phone, ann.code)
    own.sends("/sign-out").sees("已登出")
    for _ in range(3):
        types_password(town, ann.code, "Wrong-Horse-2026")
    types_password(town, ann.code).sees("已鎖定")
    town.passes(A_WHILE)
    phone.says("待辦").sees_nothing_of("鎖定")
    own.opens(f"{town.url}/desk/sign-in").submits(account=ann.code, password=PASSWORD)
    town.settle()
    own.submits(code=phone.code()).sees("總覽")
    types_password(town, ann.code).sees("已鎖定")
    phone.binds(ann.code, ADDRESS).says("待辦").sees_nothing_of("鎖定", "綁定")


def test_a27_unbinding_the_phone_ends_the_session_in_the_browser(town: Town, ann: Account, phone: Phone) -> None:
    desk = signs_in(town, phone, ann.code)
    phone.says("解除綁定").says("確定")
    assert desk.opens(f"{town.url}/desk/").status == 401
    desk.sees("登入時間已經結束")


@pytest.fixture
def provider(clock: FixedClock) -> Iterator[Provider]:
    with a_provider(clock) as running:
        yield running


@pytest.fixture
def city_town(core_sqlite: Core, clock: FixedClock, provider: Provider) -> Iterator[Town]:
    """The whole system with the city's sign-on."""
    with a_town(
        core_sqlite,
        clock,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_claim=CLAIM,
    ) as running:
        yield running


def test_by_the_citys_sign_on_one_binds_and_sits_down_without_a_password(city_town: Town, provider: Provider) -> None:
    provider.account = ann_in(city_town).code
    phone = city_town.phone("安安").says("綁定")
    page = Browser().opens(phone.link_url()).sees("改用公務雲登入")
    page.opens(phone.link_url().replace("/link?", "/signon/link?")).sees("s***@example.gov.tw")
    city_town.settle()
    page.submits(code=city_town.code_in_mail(ADDRESS))
    city_town.settle()
    phone.says("待辦").sees_nothing_of("綁定")
    city_town.passes(A_WHILE)
    desk = Browser().opens(f"{city_town.url}/desk/sign-in").sees("改用公務雲登入")
    desk.opens(f"{city_town.url}/signon/desk").sees("輸入驗證碼")
    city_town.settle()
    desk.submits(code=city_town.code_in_mail(ADDRESS)).sees("總覽", provider.account)


def test_while_the_citys_sign_on_is_down_the_password_still_opens(city_town: Town, provider: Provider) -> None:
    ann = ann_in(city_town)
    provider.fails = True
    assert Browser().opens(f"{city_town.url}/signon/desk").sees("沒有回應", "改用帳號與密碼").status == 503
    city_town.sits_down(ann.code, ADDRESS)
