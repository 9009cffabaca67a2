"""申請帳號 in a browser: nothing tells who has an account, and what was typed is kept (ACC-4, ACC-5, A24)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.accounts.models import UnitKind
from core.accounts.registration.models import MailboxCode, Registration
from core.clock import FixedClock
from core.context import Core
from core.otp.service import code_of
from tests.builders import a_unit, an_account
from tests.core.accounts.registration.registering import ID, MAILBOX
from tests.handlers.pages.conftest import Browser

FILLED = {
    "name": "林書豪",
    "national_id": ID,
    "code": f"NW{ID[-4:]}",
    "unit": "永平國民小學",
    "title": "輔導主任",
    "phone": "0912345678",
    "role": "caseworker",
    "p90097": "on",
}
PATH = "/p/registration"


@pytest.fixture(autouse=True)
def school(core_sqlite: Core) -> None:
    a_unit(core_sqlite, "永平國民小學", code="S01")


def mailed_code(core: Core) -> str:
    with core.store.reading() as session:
        newest = session.scalars(select(MailboxCode.id).order_by(MailboxCode.sent_at.desc())).first()
    assert newest
    return code_of(core.vault, newest)


def registrations(core: Core) -> list[Registration]:
    with core.store.reading() as session:
        return list(session.scalars(select(Registration)))


def proves(core: Core, browser: Browser, address: str = MAILBOX) -> None:
    browser.opens(PATH)
    browser.sends(email=address)
    browser.sends(code=mailed_code(core))


def sends(browser: Browser, /, **typed: str) -> int:
    """Send the form with these fields and no others: boxes that are not ticked are not sent."""
    assert browser.page is not None
    token = browser.text.split('name="csrf_token" value="')[1].split('"')[0]
    browser.page = browser.client.post(f"{PATH}/form", data={"csrf_token": token, **typed})
    status = browser.page.status_code
    if status == 303:
        browser.opens(browser.page.location)
    return status


def test_somebody_registers(core_sqlite: Core, browser: Browser) -> None:
    browser.opens(PATH)
    for words in ("私立學校", "教育局", "2633"):
        assert words in browser.text
    browser.sends(email=MAILBOX)
    assert "n***@ntpc.gov.tw" in browser.text
    browser.sends(code=mailed_code(core_sqlite))
    assert '<option value="永平國民小學">S01' in browser.text
    assert "p9003" not in browser.text
    assert sends(browser, **FILLED) == 303
    assert "帳號申請 1 已送出" in browser.text
    (row,) = registrations(core_sqlite)
    assert [each.permission.value for each in row.wanted] == ["90097"]


def test_everything_wrong_is_said_at_once_and_what_was_typed_is_kept(core_sqlite: Core, browser: Browser) -> None:
    proves(core_sqlite, browser)
    wrong = {**FILLED, "national_id": "A123456788", "phone": "<b>", "unit": "永平", "p90098": "on"}
    assert sends(browser, **wrong) == 422
    assert "有 3 個地方要更正" in browser.text
    for words in ("檢查碼", "聯絡電話不完整", "沒有這個單位"):
        assert words in browser.text
    for kept in ('value="林書豪"', 'value="A123456788"', 'value="&lt;b&gt;"', 'value="caseworker" checked'):
        assert kept in browser.text
    assert 'name="p90098" value="on" checked' in browser.text
    assert registrations(core_sqlite) == []
    assert sends(browser, **FILLED) == 303


def test_acc_4_a_school_is_told_what_it_may_not_apply_for(core_sqlite: Core, browser: Browser) -> None:
    proves(core_sqlite, browser)
    assert sends(browser, **FILLED, p90098="on", p9003="on") == 422
    assert "學校只能申請 90097（各局處社工）與 2462（幸福保衛站檢核作業）" in browser.text


def test_acc_4_the_intranets_permission_is_refused_even_if_it_is_sent(core_sqlite: Core, browser: Browser) -> None:
    a_unit(core_sqlite, "社會局", code="B01", kind=UnitKind.BUREAU)
    proves(core_sqlite, browser)
    assert sends(browser, **{**FILLED, "unit": "社會局"}, p9003="on") == 422
    assert "只限市府內網" in browser.text


def test_a24_every_page_is_the_same_for_a_known_mailbox(core_sqlite: Core, app: Flask) -> None:
    an_account(core_sqlite, a_unit(core_sqlite, "海山國民小學"), email="nobody@ntpc.gov.tw")
    seen = []
    for address in ("nobody@ntpc.gov.tw", "neither@ntpc.gov.tw"):
        with app.test_client() as client:
            browser = Browser(client)
            browser.opens(PATH)
            browser.sends(email=address)
            status = browser.sends(code="00000000").status_code
            seen.append((status, browser.text.partition("csrf_token")[0], "還可以試 2 次" in browser.text))
    assert seen[0] == seen[1]
    assert seen[0][2]


@pytest.mark.parametrize("address", ["somebody@gmail.com", "", "no address", "a@ntpc.gov.tw\r\nBcc: b@ntpc.gov.tw"])
def test_what_is_no_mailbox_of_the_city_comes_again_with_the_reason(browser: Browser, address: str) -> None:
    browser.opens(PATH)
    assert browser.sends(email=address).status_code == 422
    assert 'id="email-error"' in browser.text


def test_a_code_that_is_missing_or_wrong(browser: Browser) -> None:
    browser.opens(PATH)
    browser.sends(email=MAILBOX)
    assert browser.sends(code="").status_code == 422
    assert "請輸入驗證碼" in browser.text
    browser.sends(code="12")
    assert "不算錯" in browser.text


def test_a_code_is_sent_again_after_a_minute(core_sqlite: Core, browser: Browser, clock: FixedClock) -> None:
    browser.opens(PATH)
    browser.sends(email=MAILBOX)
    assert browser.sends(1).status_code == 429
    clock.at = clock.now() + timedelta(minutes=1)
    assert browser.sends(1).status_code == 200
    assert "已重新寄出" in browser.text
    browser.sends(code=mailed_code(core_sqlite))
    assert "資料與權限" in browser.text


@pytest.mark.parametrize("page", ["code", "form"])
def test_a14_no_step_is_reached_without_the_one_before(browser: Browser, page: str) -> None:
    assert browser.opens(f"{PATH}/{page}").status_code == 401
    assert "請從第一步重新開始" in browser.text


@pytest.mark.parametrize("page", ["code", "form", "resend"])
def test_a14_nothing_is_sent_without_the_step_before(browser: Browser, page: str) -> None:
    browser.opens(PATH)
    token = browser.text.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.client.post(f"{PATH}/{page}", data={"csrf_token": token}).status_code == 401


def test_a62_without_a_token_of_the_form_nothing_is_taken(core_sqlite: Core, browser: Browser) -> None:
    assert browser.client.post(PATH, data={"email": MAILBOX}).status_code == 400
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(MailboxCode)).all() == []


def test_the_form_is_over_half_an_hour_after_the_code(core_sqlite: Core, browser: Browser, clock: FixedClock) -> None:
    proves(core_sqlite, browser)
    clock.at = clock.now() + timedelta(minutes=30)
    assert sends(browser, **FILLED) == 401


def test_a_second_registration_of_a_mailbox_is_told_of_the_first(
    core_sqlite: Core, browser: Browser, clock: FixedClock
) -> None:
    proves(core_sqlite, browser)
    sends(browser, **FILLED)
    clock.at = clock.now() + timedelta(minutes=1)
    proves(core_sqlite, browser)
    assert sends(browser, **FILLED) == 422
    assert "申請 1" in browser.text
