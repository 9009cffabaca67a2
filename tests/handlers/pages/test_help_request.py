"""A request without LINE: the address is shown before sending, nothing typed is lost, no account is given away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Role
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.answering import Reply, answer
from core.helpdesk.models import HelpEntry, HelpKind, HelpRequest
from core.notices.models import Notice, Via
from core.policy import Policy
from tests.applications import Applications
from tests.builders import an_account
from tests.handlers.pages.conftest import Browser, application

PATH = "/p/help"
MAIL = "lin@ntpc.gov.tw"
FILLED = {"name": "林書豪", "unit": "永平國小", "email": MAIL, "kind": "fault", "text": "存檔後\r\n畫面是白的"}


@pytest.fixture
def policy() -> Policy:
    return Policy(help_mails_an_hour=4, help_mails_an_hour_each=2)


def fills(browser: Browser, **typed: str) -> int:
    browser.opens(PATH)
    return posts(browser, PATH, **(FILLED | typed))


def posts(browser: Browser, path: str, **typed: str) -> int:
    token = browser.text.split('name="csrf_token" value="')[1].split('"')[0]
    browser.page = browser.client.post(path, data={"csrf_token": token, **typed})
    status = browser.page.status_code
    if status == 303:
        browser.opens(browser.page.location)
    return status


def asks(browser: Browser, **typed: str) -> int:
    assert fills(browser, **typed) == 200
    browser.sends()
    assert browser.page is not None
    return browser.page.status_code


def requests(core: Core) -> list[HelpRequest]:
    with core.store.reading() as session:
        return list(session.scalars(select(HelpRequest).order_by(HelpRequest.id)))


def test_help_2_the_address_is_shown_before_it_is_sent_and_the_answer_goes_there(
    core_sqlite: Core, browser: Browser
) -> None:
    assert fills(browser) == 200
    assert "回覆會寄到這個信箱" in browser.text
    assert f">{MAIL}</strong>" in browser.text
    assert requests(core_sqlite) == []
    browser.sends()
    assert "問題 1 已送出，預計 115/03/04 14:00 前回覆" in browser.text
    (row,) = requests(core_sqlite)
    assert (row.kind, row.person, row.account_id) == (HelpKind.FAULT, None, None)
    agent = an_account(core_sqlite, role=Role.HELPDESK, permissions=())
    with core_sqlite.transaction(Actor("AB1234", account_id=agent.id, role=Role.HELPDESK), Door.DESK) as ctx:
        entry = ctx.session.scalars(select(HelpEntry)).one()
        assert entry.text is not None
        assert row.display_name is not None
        assert ctx.vault.open(entry.text) == "存檔後\n畫面是白的"
        assert ctx.vault.open(row.display_name) == "林書豪（永平國小）"
        answer(ctx, row.id, Reply("請清除 Cookie", row.newest_entry))
        taken_in, answered = ctx.session.scalars(select(Notice).order_by(Notice.id))
        for notice in (taken_in, answered):
            assert notice.address is not None
            assert (notice.via, ctx.vault.open(notice.address)) == (Via.MAIL, MAIL)


def test_what_it_is_about_is_asked_first_and_can_be_changed(core_sqlite: Core, browser: Browser) -> None:
    browser.opens(PATH)
    for kind in HelpKind:
        assert f'value="{kind.value}">{kind.label}</button>' in browser.text
    assert posts(browser, f"{PATH}/write", kind="nonsense") == 200
    assert "想問哪一類的問題" in browser.text
    assert posts(browser, f"{PATH}/write", kind="permission") == 200
    assert "問題種類：<strong>權限申請</strong>" in browser.text
    assert posts(browser, f"{PATH}/kind", **FILLED) == 200
    assert posts(browser, f"{PATH}/write", **(FILLED | {"kind": "other"})) == 200
    assert 'name="kind" value="other"' in browser.text
    assert 'value="林書豪"' in browser.text
    assert requests(core_sqlite) == []


def test_help_4_who_cannot_sign_in_meets_the_steps_before_writing(browser: Browser) -> None:
    browser.opens(PATH)
    assert posts(browser, f"{PATH}/write", kind="login") == 200
    for said in ("Caps Lock", "公務雲、公文系統", "定期更換", "30 分鐘", "分機 8500", "解決了"):
        assert said in browser.text
    assert "<textarea" not in browser.text
    browser.sends()
    assert "<textarea" in browser.text
    assert posts(browser, PATH, **(FILLED | {"kind": "login", "tried": "1"})) == 200
    assert "回覆會寄到這個信箱" in browser.text
    browser.sends(1)
    assert 'name="tried" value="1"' in browser.text
    browser.opens(f"{PATH}/helped")
    assert "太好了" in browser.text


def test_help_4_a_form_filled_in_past_the_steps_meets_them_and_loses_nothing(browser: Browser) -> None:
    assert fills(browser, kind="login") == 200
    assert "分機 8500" in browser.text
    browser.sends()
    assert "回覆會寄到這個信箱" in browser.text
    assert "存檔後\n畫面是白的" in browser.text


@pytest.mark.parametrize(
    ("moment", "by"),
    [
        ("2026-03-06T17:29", "115/03/09 12:29"),
        ("2026-03-06T17:30", "115/03/09 12:30"),
        ("2026-03-09T08:29", "115/03/09 12:30"),
        ("2026-03-09T08:30", "115/03/09 12:30"),
    ],
)
def test_help_1_a_mail_says_its_number_and_until_when_and_that_nobody_is_there_after_hours(
    core_sqlite: Core, browser: Browser, clock: FixedClock, moment: str, by: str
) -> None:
    is_closed = moment[-5:] in {"17:30", "08:29"}
    clock.at = datetime.fromisoformat(f"{moment}+08:00")
    assert asks(browser) == 200
    assert ("現在不是客服時間" in browser.text) is is_closed
    ((key, said),) = said_by_mail(core_sqlite)
    assert key == "help:1:asked"
    assert '"提問編號","value":"1"' in said
    assert by in said
    assert ("現在不是客服時間" in said) is ("安心專線 1925" in said) is is_closed


def test_nothing_typed_stands_in_the_mail_that_a_strangers_mailbox_may_get(core_sqlite: Core, browser: Browser) -> None:
    asks(browser, name="免費貸款", unit="請點我", text="http://bad.example 快來")
    ((_, said),) = said_by_mail(core_sqlite)
    for typed in ("免費貸款", "請點我", "bad.example", "快來"):
        assert typed not in said


def said_by_mail(core: Core) -> list[tuple[str, str]]:
    """What was said to mailboxes: the key of each notice, and its words."""
    with core.reading(Actor(name="tests"), Door.JOB) as ctx:
        rows = ctx.session.scalars(select(Notice).where(Notice.via == Via.MAIL).order_by(Notice.id))
        return [(row.dedupe_key, ctx.vault.open(row.said)) for row in rows]


def test_one_goes_back_and_everything_is_still_there(core_sqlite: Core, browser: Browser) -> None:
    fills(browser)
    browser.sends(1)
    for kept in (
        'value="林書豪"',
        'value="永平國小"',
        f'value="{MAIL}"',
        'name="kind" value="fault"',
        "存檔後\n畫面是白的",
    ):
        assert kept in browser.text
    assert requests(core_sqlite) == []


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("text", " \r\n　。", "內容是空白的"),
        ("text", "長" * 5001, "內容超過 5000 字"),
        ("email", "lin@ntpc", "需要電子郵件才能回覆"),
        ("email", "lin@ntpс.gov.tw", "需要電子郵件才能回覆"),
        ("email", f"{MAIL}\nBcc: x@example.org", "需要電子郵件才能回覆"),
        ("name", "", "姓名是空白的"),
        ("name", "林\u202e書豪", "姓名是空白的"),
        ("unit", "永" * 61, "單位是空白的"),
        ("kind", "nonsense", "沒有選擇問題種類"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    core_sqlite: Core, browser: Browser, field: str, typed: str, said: str
) -> None:
    assert fills(browser, **{field: typed}) == 422
    assert said in browser.text
    if field != "kind":
        assert typed.strip() in browser.text.replace("\n　", "\r\n　")
    for name, value in FILLED.items():
        assert name == field or value.replace("\r\n", "\n") in browser.text
    assert posts(browser, f"{PATH}/send", **(FILLED | {field: typed}), shown=MAIL) == 422
    assert requests(core_sqlite) == []


def test_everything_wrong_is_said_at_once(browser: Browser) -> None:
    assert fills(browser, **dict.fromkeys(FILLED, "")) == 422
    assert "有 5 個地方要更正" in browser.text


def test_the_longest_text_is_taken(core_sqlite: Core, browser: Browser) -> None:
    assert asks(browser, text="長" * 5000) == 200
    assert len(requests(core_sqlite)) == 1


def test_markup_is_shown_harmless(browser: Browser) -> None:
    fills(browser, name="<script>x", text='"><img src=x onerror=alert(1)>')
    assert "<script>x" not in browser.text
    assert "<img" not in browser.text
    assert "&lt;script&gt;x" in browser.text


@pytest.mark.parametrize("shown", ["", "other@ntpc.gov.tw", MAIL.upper()])
def test_an_address_that_was_not_shown_is_not_taken(core_sqlite: Core, browser: Browser, shown: str) -> None:
    fills(browser)
    assert posts(browser, f"{PATH}/send", **FILLED, shown=shown) == 422
    assert "和剛才確認的不一樣" in browser.text
    assert requests(core_sqlite) == []


def test_a24_a_known_address_is_answered_like_an_unknown_one(core_sqlite: Core, app: Flask) -> None:
    an_account(core_sqlite, email=MAIL)
    shown = []
    for address in (MAIL, "nobody@example.org"):
        with app.test_client() as client:
            browser = Browser(client)
            fills(browser, email=address)
            first = browser.text
            browser.sends()
            shown.append([neutral(page, address) for page in (first, browser.text)])
    assert shown[0] == shown[1]


def neutral(html: str, address: str) -> str:
    html = re.sub(r'name="csrf_token" value="[^"]*"', "", html.replace(address, "…"))
    return re.sub(r"問題 \d+ 已送出", "", html)


def test_too_many_for_one_mailbox_wait_an_hour(core_sqlite: Core, browser: Browser, clock: FixedClock) -> None:
    for text in ("登入後畫面空白", "列印沒有反應"):
        assert asks(browser, text=text) == 200
    assert asks(browser, email=MAIL.replace("lin", "Lin")) == 422
    assert "一小時內送來的問題太多了" in browser.text
    assert 'value="林書豪"' in browser.text
    assert asks(browser, email="other@ntpc.gov.tw") == 200
    clock.at += timedelta(hours=1)
    assert asks(browser) == 200
    assert len(requests(core_sqlite)) == 4


def test_sent_twice_on_a_slow_line_it_is_one_request_with_one_number(core_sqlite: Core, browser: Browser) -> None:
    for _ in range(2):
        assert asks(browser) == 200
        (row,) = requests(core_sqlite)
        assert f"問題 {row.id} 已送出" in browser.text


def test_too_many_from_everybody_wait_an_hour(core_sqlite: Core, browser: Browser) -> None:
    for number in range(4):
        assert asks(browser, email=f"staff{number}@ntpc.gov.tw") == 200
    assert asks(browser, email="staff9@ntpc.gov.tw") == 422
    assert len(requests(core_sqlite)) == 4


def test_a62_without_its_token_nothing_is_taken(core_sqlite: Core, browser: Browser) -> None:
    assert browser.client.post(f"{PATH}/send", data=FILLED | {"shown": MAIL}).status_code == 400
    assert requests(core_sqlite) == []


def test_one_network_shuts_the_page_for_nobody_else(core_sqlite: Core, applications: Applications) -> None:
    core = replace(core_sqlite, policy=Policy(help_mails_an_hour_network=1))
    app = applications.on(core, application)
    for number, (network, status) in enumerate((("203.0.113.9", 200), ("203.0.113.9", 422), ("198.51.100.7", 200))):
        with app.test_client() as client:
            assert asks(Browser(client, {"REMOTE_ADDR": network}), email=f"staff{number}@ntpc.gov.tw") == status
