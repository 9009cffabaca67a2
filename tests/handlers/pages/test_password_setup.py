"""首次設定密碼 in a browser: the same answers for every account, known or not (A24)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account
from core.accounts.passwords import SignedIn, check_password
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.notices.models import Notice, NoticeKind, Via
from core.otp.models import Challenge
from tests.builders import an_account
from tests.handlers.pages.conftest import PASSWORD, Browser, last_code

PATH = "/p/password-setup"
NEW = "a new password of mine"
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)


@pytest.fixture
def bare(core_sqlite: Core) -> Account:
    """An account as an import leaves it: without a password."""
    return an_account(core_sqlite)


def asks(browser: Browser, code: str) -> None:
    browser.opens(PATH)
    browser.sends(account=code)


def signs_in(core: Core, code: str, password: str) -> bool:
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        return isinstance(check_password(ctx, code, password), SignedIn)


def counted(core: Core) -> int:
    with core.store.reading() as session:
        return len(session.scalars(select(Challenge)).all())


def test_the_first_password_is_set_by_a_code_from_the_mailbox(
    browser: Browser, core_sqlite: Core, bare: Account
) -> None:
    asks(browser, bare.code.lower())
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Notice)).one().via is Via.MAIL
    done = browser.sends(code=last_code(core_sqlite), password=NEW, again=NEW)
    assert done.status_code == 200
    assert "密碼設定好了" in browser.text
    assert signs_in(core_sqlite, bare.code, NEW)


def test_whoever_came_from_the_binding_page_goes_on_there(
    browser: Browser, core_sqlite: Core, bare: Account, token: str
) -> None:
    browser.opens(f"{PATH}?linkToken={token}")
    browser.sends(account=bare.code)
    browser.sends(code=last_code(core_sqlite), password=NEW, again=NEW)
    assert f"/link?linkToken={token}" in browser.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "", "password": NEW, "again": NEW}, "請輸入驗證碼"),
        ({"code": "1234", "password": NEW, "again": NEW}, "8 個數字"),
        ({"password": "x" * 11, "again": "x" * 11}, "至少要 12 個字"),
        ({"password": "x" * 129, "again": "x" * 129}, "最多 128 個字"),
        ({"password": NEW, "again": NEW + "!"}, "不一樣"),
    ],
)
def test_what_is_wrong_is_said_before_the_code_is_spent(
    browser: Browser, core_sqlite: Core, bare: Account, typed: dict[str, str], said: str
) -> None:
    asks(browser, bare.code)
    page = browser.sends(**{"code": last_code(core_sqlite)} | typed)
    assert page.status_code == 422
    assert said in browser.text
    assert typed["password"] not in browser.text
    browser.sends(code=last_code(core_sqlite), password=NEW, again=NEW)
    assert "密碼設定好了" in browser.text


@pytest.mark.parametrize("length", [12, 128])
def test_passwords_at_the_limits_are_taken(browser: Browser, core_sqlite: Core, bare: Account, length: int) -> None:
    asks(browser, bare.code)
    browser.sends(code=last_code(core_sqlite), password="x" * length, again="x" * length)
    assert signs_in(core_sqlite, bare.code, "x" * length)


@pytest.mark.parametrize("typed", ["", "A11234", "nobody"])
def test_what_is_no_account_code_is_said_at_once(browser: Browser, typed: str) -> None:
    browser.opens(PATH)
    assert browser.sends(account=typed).status_code == 422
    assert 'error">' in browser.text


def transcript(browser: Browser, code: str, clock: FixedClock) -> list[tuple[int, str]]:
    """Return all a stranger sees who tries an account: asking, wrong codes, sending again too soon and in time."""
    steps: list[Callable[[], object]] = [
        lambda: browser.opens(PATH),
        lambda: browser.sends(account=code),
        *[lambda: browser.sends(code="00000000", password=NEW, again=NEW)] * 4,
        lambda: browser.sends(1),
        lambda: clock.move(MINUTE),
        lambda: browser.sends(1),
        lambda: browser.sends(code="1234", password=NEW, again=NEW),
    ]
    seen = []
    for step in steps:
        step()
        assert browser.page is not None
        text = re.sub(r'name="csrf_token" value="[^"]*"', "", browser.text).replace(code, "CODE")
        seen.append((browser.page.status_code, text))
    return seen


@pytest.mark.parametrize("kind", ["bare", "with password", "disabled", "ended"])
def test_a24_a_stranger_sees_the_same_for_every_account(
    browser: Browser, core_sqlite: Core, account: Account, clock: FixedClock, kind: str
) -> None:
    known = {
        "bare": lambda: an_account(core_sqlite),
        "with password": lambda: account,
        "disabled": lambda: an_account(core_sqlite, disabled_at=clock.now()),
        "ended": lambda: an_account(core_sqlite, ends_on=clock.now().date() - timedelta(days=1)),
    }[kind]()
    assert transcript(browser, known.code, clock) == transcript(browser, "ZZ0000", clock)


def test_a24_the_cookie_does_not_tell_either(browser: Browser, bare: Account) -> None:
    shapes = []
    for code in (bare.code, "ZZ0000"):
        asks(browser, code)
        with browser.client.session_transaction() as session:
            shapes.append({name: len(value) for name, value in session["password"].items()})
    assert shapes[0] == shapes[1]


def test_an_account_with_a_password_keeps_it_and_its_owner_is_told_once_a_day(
    browser: Browser, core_sqlite: Core, account: Account, clock: FixedClock
) -> None:
    for _ in range(2):
        asks(browser, account.code)
        clock.move(MINUTE)
    assert counted(core_sqlite) == 0
    with core_sqlite.store.reading() as session:
        told = session.scalars(select(Notice).where(Notice.dedupe_key.startswith("password-stands:"))).all()
    assert [notice.kind for notice in told] == [NoticeKind.ACCOUNT]
    assert signs_in(core_sqlite, account.code, PASSWORD)


def test_a18_wrong_codes_are_counted_although_the_page_fails(
    browser: Browser, core_sqlite: Core, bare: Account
) -> None:
    asks(browser, bare.code)
    right = last_code(core_sqlite)
    for _ in range(3):
        browser.sends(code=f"{(int(right) + 1) % 10**8:08}", password=NEW, again=NEW)
    browser.sends(code=right, password=NEW, again=NEW)
    assert not signs_in(core_sqlite, bare.code, NEW)


def test_a19_codes_guessed_from_one_address_for_many_accounts_end_in_any_browser_there(
    app: Flask, core_sqlite: Core, bare: Account, clock: FixedClock
) -> None:
    for number in range(core_sqlite.policy.source_wrong):
        stranger = Browser(app.test_client(), {"REMOTE_ADDR": "203.0.113.9"})
        asks(stranger, an_account(core_sqlite).code)
        right = last_code(core_sqlite)
        stranger.sends(code=f"{(int(right) + 1) % 10**8:08}", password=NEW, again=NEW)
        assert counted(core_sqlite) == number + 1
        clock.move(TICK)
    stranger = Browser(app.test_client(), {"REMOTE_ADDR": "203.0.113.9"})
    asks(stranger, bare.code)
    assert counted(core_sqlite) == core_sqlite.policy.source_wrong
    elsewhere = Browser(app.test_client(), {"REMOTE_ADDR": "203.0.113.10"})
    asks(elsewhere, bare.code)
    elsewhere.sends(code=last_code(core_sqlite), password=NEW, again=NEW)
    assert "密碼設定好了" in elsewhere.text


@pytest.mark.parametrize(("age", "codes"), [(MINUTE - TICK, 1), (MINUTE, 2)])
def test_otp_3_another_code_is_sent_after_sixty_seconds(
    browser: Browser, core_sqlite: Core, bare: Account, *, clock: FixedClock, age: timedelta, codes: int
) -> None:
    asks(browser, bare.code)
    clock.move(age)
    browser.sends(1)
    assert counted(core_sqlite) == codes


def test_going_back_and_asking_again_keeps_the_code_under_way(
    browser: Browser, core_sqlite: Core, bare: Account
) -> None:
    asks(browser, bare.code)
    asks(browser, bare.code)
    browser.sends(code=last_code(core_sqlite), password=NEW, again=NEW)
    assert "密碼設定好了" in browser.text


def test_no_password_without_having_asked_for_a_code(browser: Browser) -> None:
    assert browser.opens(f"{PATH}/code").status_code == 401
    browser.opens(PATH)
    csrf = browser.text.split('name="csrf_token" value="')[1].split('"')[0]
    for path in ("code", "resend"):
        assert browser.client.post(f"{PATH}/{path}", data={"csrf_token": csrf}).status_code == 401


@pytest.mark.parametrize(("age", "status"), [(10 * MINUTE - TICK, 200), (10 * MINUTE, 401)])
def test_what_stands_between_the_steps_lives_ten_minutes(
    browser: Browser, bare: Account, clock: FixedClock, age: timedelta, status: int
) -> None:
    asks(browser, bare.code)
    clock.move(age)
    assert browser.opens(f"{PATH}/code").status_code == status


def test_a62_a_form_without_its_csrf_token_is_refused(browser: Browser, bare: Account) -> None:
    assert browser.client.post(PATH, data={"account": bare.code}).status_code == 400
