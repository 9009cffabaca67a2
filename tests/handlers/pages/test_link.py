"""The account link in a browser: account and password, the code, and on to LINE (A14, A15, A16, A18, A22, A62)."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.links import Bound, complete_link, remember_link_token
from core.accounts.models import Account, LinkNonce
from core.accounts.service import disable_account
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.otp.models import Challenge
from handlers.pages import PageSettings, pages
from handlers.pages.link import LinkPages
from handlers.pages.steps import Step
from tests.builders import an_account
from tests.handlers.pages.conftest import LINE_URL, PASSWORD, Browser, forms, last_code

TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
WHO = Actor(name="bot")


def challenges(core: Core) -> list[Challenge]:
    with core.store.reading() as session:
        return list(session.scalars(select(Challenge).order_by(Challenge.sent_at)))


def signs_in(browser: Browser, account: Account, token: str, password: str = PASSWORD) -> None:
    browser.opens(f"/link?linkToken={token}")
    browser.sends(account=account.code, password=password)


def test_account_password_and_code_lead_back_to_line(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    signs_in(browser, account, token)
    assert "a***@ntpc.gov.tw" in browser.text
    ended = browser.sends(code=last_code(core_sqlite))
    assert ended.status_code == 303
    assert ended.location.startswith(f"{LINE_URL}?")
    query = parse_qs(urlsplit(ended.location).query)
    assert query["linkToken"] == [token]
    with core_sqlite.transaction(WHO, Door.CHAT) as ctx:
        assert complete_link(ctx, "wang", ctx.vault.seal("U-of-wang"), query["nonce"][0]) == Bound(account.id, False)  # noqa: FBT003


@pytest.mark.parametrize("query", ["", "?linkToken=", "?linkToken=unknown", "?other=1"])
def test_without_a_live_link_token_the_page_says_how_to_begin_again(browser: Browser, query: str) -> None:
    page = browser.opens(f"/link{query}")
    assert page.status_code == 410
    assert "時間過了，請回 LINE 重新輸入「綁定」" in browser.text


@pytest.mark.parametrize(("age", "status"), [(10 * MINUTE - TICK, 200), (10 * MINUTE, 410)])
def test_a15_a_link_token_lives_ten_minutes(
    browser: Browser, token: str, clock: FixedClock, age: timedelta, status: int
) -> None:
    clock.move(age)
    assert browser.opens(f"/link?linkToken={token}").status_code == status


@pytest.mark.parametrize(("age", "status"), [(10 * MINUTE - TICK, 303), (10 * MINUTE, 410)])
def test_a15_the_code_comes_too_late_for_an_old_link_token(
    browser: Browser, core_sqlite: Core, account: Account, token: str, *, clock: FixedClock, age: timedelta, status: int
) -> None:
    signs_in(browser, account, token)
    clock.move(age)
    assert browser.sends(code=last_code(core_sqlite)).status_code == status


def test_a15_a_link_whose_token_was_used_is_over(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    signs_in(browser, account, token)
    assert browser.sends(code=last_code(core_sqlite)).status_code == 303
    assert browser.opens(f"/link?linkToken={token}").status_code == 410


def test_a14_a_user_id_in_address_or_form_counts_for_nothing(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    browser.opens(f"/link?linkToken={token}&userId=U-of-mallory&person=mallory")
    browser.sends(account=account.code, password=PASSWORD, userId="U-of-mallory", person="mallory", account_id="999")
    browser.sends(code=last_code(core_sqlite), person="mallory", account_id="999")
    with core_sqlite.store.reading() as session:
        nonce = session.scalars(select(LinkNonce)).one()
    assert (nonce.account_id, nonce.person) == (account.id, "wang")


@pytest.mark.parametrize("path", ["/link/code", "/link/resend"])
def test_a14_no_second_step_without_the_first(browser: Browser, token: str, path: str) -> None:
    browser.opens(f"/link?linkToken={token}")
    browser.page = browser.client.get(f"/link/code?linkToken={token}&account_id=1&userId=U1")
    assert browser.page.status_code == 401
    browser.opens(f"/link?linkToken={token}")
    csrf = browser.text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": csrf, "code": "12345678", "account_id": "1"}
    assert browser.client.post(f"{path}?linkToken={token}", data=data).status_code == 401


def test_a15_the_second_step_belongs_to_the_link_token_of_the_first(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    with core_sqlite.transaction(WHO, Door.JOB) as ctx:
        remember_link_token(ctx, "mallory", "another-token")
    signs_in(browser, account, token)
    _, fields = forms(browser.text)[0]
    data = fields | {"code": last_code(core_sqlite)}
    refused = browser.client.post("/link/code?linkToken=another-token", data=data)
    assert refused.status_code == 401
    assert challenges(core_sqlite)[0].used_at is None


def test_a16_the_page_names_the_line_user_and_the_account(browser: Browser, account: Account, token: str) -> None:
    browser.opens(f"/link?linkToken={token}")
    assert "小王🙂&lt;b&gt;" in browser.text
    signs_in(browser, account, token)
    assert "小王🙂&lt;b&gt;" in browser.text
    assert account.code in browser.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"account": "", "password": ""}, ["請輸入帳號", "請輸入密碼"]),
        ({"account": "AB1234", "password": ""}, ["請輸入密碼"]),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    browser: Browser, token: str, typed: dict[str, str], said: list[str]
) -> None:
    browser.opens(f"/link?linkToken={token}")
    assert browser.sends(**typed).status_code == 422
    for sentence in said:
        assert f'error">{sentence}' in browser.text


def test_what_was_typed_is_kept_but_not_the_password(browser: Browser, token: str) -> None:
    browser.opens(f"/link?linkToken={token}")
    browser.sends(account="AB1234", password="wrong horse battery")
    assert 'value="AB1234"' in browser.text
    assert "wrong horse" not in browser.text


def test_a24_unknown_accounts_and_wrong_passwords_are_answered_alike(
    browser: Browser, account: Account, token: str
) -> None:
    for _ in range(4):
        shown = []
        for code in (account.code, "ZZ0000"):
            browser.opens(f"/link?linkToken={token}")
            browser.sends(account=code, password="wrong horse battery")
            start = browser.text.index('role="alert"')
            shown.append(browser.text[start : start + 90])
        assert shown[0] == shown[1]
    assert "30 分鐘" in browser.text


def test_acc_2_wrong_passwords_are_counted_although_the_page_fails(
    browser: Browser, account: Account, token: str
) -> None:
    for _ in range(3):
        signs_in(browser, account, token, "wrong horse battery")
    signs_in(browser, account, token)
    assert "已鎖定" in browser.text


def test_a26_a_disabled_account_is_told_so_and_gets_no_code(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, account.code)
    signs_in(browser, account, token)
    assert "停用" in browser.text
    assert challenges(core_sqlite) == []


def test_a18_the_third_wrong_code_is_the_last(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    signs_in(browser, account, token)
    right = last_code(core_sqlite)
    wrong = f"{(int(right) + 1) % 10**8:08}"
    for said in ("還可以試 2 次", "還可以試 1 次", "作廢"):
        assert browser.sends(code=wrong).status_code == 422
        assert said in browser.text
    browser.sends(code=right)
    assert "作廢" in browser.text
    assert challenges(core_sqlite)[0].tries == 3


@pytest.mark.parametrize(("typed", "said"), [("", "請輸入驗證碼"), ("1234", "8 個數字")])
def test_a23_what_is_no_code_costs_no_try(
    browser: Browser, core_sqlite: Core, account: Account, token: str, *, typed: str, said: str
) -> None:
    signs_in(browser, account, token)
    browser.sends(code=typed)
    assert said in browser.text
    assert challenges(core_sqlite)[0].tries == 0


@pytest.mark.parametrize(("age", "is_sent"), [(MINUTE - TICK, False), (MINUTE, True)])
def test_otp_3_another_code_is_sent_after_sixty_seconds(
    browser: Browser,
    core_sqlite: Core,
    account: Account,
    token: str,
    *,
    clock: FixedClock,
    age: timedelta,
    is_sent: bool,
) -> None:
    signs_in(browser, account, token)
    assert "60 秒後可以重新寄送" in browser.text
    clock.move(age)
    page = browser.sends(1)
    assert page.status_code == (200 if is_sent else 429)
    assert ("已重新寄出" in browser.text) is is_sent
    assert len(challenges(core_sqlite)) == 1 + is_sent


def test_a22_after_resending_only_the_new_code_works(
    browser: Browser, core_sqlite: Core, account: Account, token: str, clock: FixedClock
) -> None:
    signs_in(browser, account, token)
    old = last_code(core_sqlite)
    clock.move(MINUTE)
    browser.sends(1)
    assert browser.sends(code=old).status_code == 422
    assert browser.sends(code=last_code(core_sqlite)).status_code == 303


def test_going_back_and_signing_in_again_keeps_the_code_under_way(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    signs_in(browser, account, token)
    signs_in(browser, account, token)
    assert "輸入驗證碼" in browser.text
    assert browser.sends(code=last_code(core_sqlite)).status_code == 303


def test_another_browser_that_signs_in_too_soon_is_told_to_wait(app: Flask, account: Account, token: str) -> None:
    for said in ("a***@ntpc.gov.tw", "剛剛才寄過"):
        with app.test_client() as client:
            browser = Browser(client)
            signs_in(browser, account, token)
            assert said in browser.text


def test_a_code_works_in_the_browser_that_asked_only(
    app: Flask, core_sqlite: Core, account: Account, token: str, clock: FixedClock
) -> None:
    with app.test_client() as client:
        signs_in(Browser(client), account, token)
        stolen = last_code(core_sqlite)
    clock.move(MINUTE)
    with app.test_client() as client:
        other = Browser(client)
        signs_in(other, account, token)
        assert other.sends(code=stolen).status_code == 422


def test_a62_a_form_without_its_csrf_token_changes_nothing(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    data = {"account": account.code, "password": PASSWORD}
    page = browser.client.post(f"/link?linkToken={token}", data=data)
    assert page.status_code == 400
    assert "放太久了" in page.get_data(as_text=True)
    assert challenges(core_sqlite) == []


def test_a62_signing_in_begins_a_fresh_session(browser: Browser, account: Account, token: str) -> None:
    browser.opens(f"/link?linkToken={token}")
    with browser.client.session_transaction() as session:
        session["planted"] = "by an attacker"
    browser.sends(account=account.code, password=PASSWORD)
    with browser.client.session_transaction() as session:
        assert "planted" not in session
        assert set(session["link"]) == {"account", "about", "challenge", "asker", "sent_at", "until", "token"}


def test_nothing_is_left_in_the_browser_afterwards(
    browser: Browser, core_sqlite: Core, account: Account, token: str
) -> None:
    signs_in(browser, account, token)
    browser.sends(code=last_code(core_sqlite))
    with browser.client.session_transaction() as session:
        assert dict(session) == {}


def test_no_page_may_be_cached_or_loads_anything_from_elsewhere(browser: Browser, account: Account, token: str) -> None:
    for step in (lambda: browser.opens(f"/link?linkToken={token}"), lambda: signs_in(browser, account, token)):
        step()
        assert browser.page is not None
        assert browser.page.headers["Cache-Control"] == "no-store"
        for word in ("http://", "https://", "<script", "style=", "onclick"):
            assert word not in browser.text
        assert '<html lang="zh-Hant-TW">' in browser.text
    with browser.client.get("/p/static/pages.css") as style:
        assert style.status_code == 200


def test_every_input_has_its_label(browser: Browser, account: Account, token: str) -> None:
    signs_in(browser, account, token)
    for name in ("code",):
        assert f'<label for="{name}">' in browser.text
    browser.opens(f"/link?linkToken={token}")
    for name in ("account", "password"):
        assert f'<label for="{name}">' in browser.text


def test_two_accounts_in_one_browser_do_not_share_a_code(
    browser: Browser, core_sqlite: Core, account: Account, token: str, clock: FixedClock
) -> None:
    signs_in(browser, account, token)
    first = last_code(core_sqlite)
    clock.move(TICK)
    another = an_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, another.id).password_hash = ctx.session.get_one(Account, account.id).password_hash
    signs_in(browser, another, token)
    assert browser.sends(code=first).status_code == 422


def test_line_is_asked_for_the_name_outside_of_transactions(core_sqlite: Core, account: Account, token: str) -> None:
    asked: list[str] = []

    def display_name(_: str) -> str:
        file = sqlite3.connect(core_sqlite.store.url.database or "", timeout=0)
        file.execute("BEGIN IMMEDIATE")  # refused while anybody writes
        file.close()
        asked.append("小王")
        return "小王"

    app = Flask("asking for names", static_folder=None)
    app.config.update(SECRET_KEY="for tests", WTF_CSRF_ENABLED=False, TESTING=True)
    CSRFProtect(app)
    app.register_blueprint(pages(core_sqlite, PageSettings(LINE_URL, display_name)))
    browser = Browser(app.test_client())
    signs_in(browser, account, token)
    assert browser.sends(code="00000000").status_code == 422
    assert len(asked) == 3


def test_a_link_token_that_ends_during_the_last_step_is_no_error(
    browser: Browser, core_sqlite: Core, account: Account, token: str, clock: FixedClock
) -> None:
    signs_in(browser, account, token)
    live = LinkPages._step

    def just_live(self: LinkPages) -> Step | None:
        step = live(self)
        clock.move(10 * MINUTE)
        return step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LinkPages, "_step", just_live)
        assert browser.sends(code=last_code(core_sqlite)).status_code == 410
    assert "時間過了，請回 LINE 重新輸入「綁定」" in browser.text
