"""To the city's sign-on and back in a browser: state, door and account are checked; the code follows all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.access import Actor, system
from core.accounts.identity.sign_on import Ask, SignOnDown, SignOnRefused, ask_for
from core.accounts.links import remember_link_token
from core.accounts.models import Account, WebSession
from core.accounts.passwords import check_password
from core.accounts.service import disable_account
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.otp.models import Challenge, Purpose
from handlers.desk import DeskSettings, desk
from handlers.pages import PageSettings, pages
from handlers.signon import sign_on
from tests.builders import an_account
from tests.handlers.pages.conftest import LINE_URL, Browser, last_code

CITY = "https://cloud.example/authorize"
TEN_MINUTES, MINUTE, TICK = timedelta(minutes=10), timedelta(minutes=1), timedelta(microseconds=1)
TOKEN, OTHER_TOKEN = "a-link-token", "another-link-token"


@dataclass
class FakeCity:
    """A sign-on that knows its own codes; what it checks itself is tested against a real provider."""

    account: str = ""
    fails: Exception | None = None
    asked: list[Ask] = field(default_factory=list)

    def address(self, ask: Ask, now: datetime) -> str:
        assert now.tzinfo
        if self.fails:
            raise self.fails
        self.asked.append(ask)
        return f"{CITY}?state={ask.state}"

    def account_code(self, ask: Ask, code: str, now: datetime) -> str:
        assert now.tzinfo
        assert ask in self.asked, "the question is the one that was asked"
        if self.fails:
            raise self.fails
        if code != "a good code":
            raise SignOnRefused("not this one")
        return self.account


@pytest.fixture
def account(core_sqlite: Core) -> Account:
    """Somebody who has no local password: the city's sign-on is enough."""
    return an_account(core_sqlite, email="ak1551@ntpc.gov.tw")


@pytest.fixture
def city(account: Account) -> FakeCity:
    return FakeCity(account.code)


@pytest.fixture
def app(core_sqlite: Core, city: FakeCity) -> Flask:
    app = Flask("sign-on under test", static_folder=None)
    app.config.update(SECRET_KEY="for tests", SESSION_COOKIE_SAMESITE="Lax")
    CSRFProtect(app)
    app.register_blueprint(pages(core_sqlite, PageSettings(LINE_URL, has_sign_on=True)))
    app.register_blueprint(desk(core_sqlite, DeskSettings(is_secure=False, has_sign_on=True)))
    app.register_blueprint(sign_on(core_sqlite, city))
    with core_sqlite.transaction(Actor(name="bot"), Door.JOB) as ctx:
        remember_link_token(ctx, "wang", TOKEN)
        remember_link_token(ctx, "mallory", OTHER_TOKEN)
    return app


@pytest.fixture
def browser(app: Flask) -> Iterator[Browser]:
    with app.test_client() as client:
        yield Browser(client)


def leaves(browser: Browser, door: str = "desk", token: str = "") -> str:
    """Go to the sign-on; return the state one leaves with."""
    sent = browser.opens(f"/signon/{door}" + (f"?linkToken={token}" if token else ""))
    assert sent.status_code == 303
    assert sent.location.startswith(CITY)
    return parse_qs(urlsplit(sent.location).query)["state"][0]


def returns(browser: Browser, state: str, code: str = "a good code") -> TestResponse:
    """Come back, and follow redirects within the site."""
    page = browser.opens(f"/signon/return?state={state}&code={code}")
    while page.status_code == 303 and page.location.startswith("/"):
        page = browser.opens(page.location)
    return page


def sessions(core: Core) -> list[WebSession]:
    with core.store.reading() as session:
        return list(session.scalars(select(WebSession)))


def challenges(core: Core) -> list[Challenge]:
    with core.store.reading() as session:
        return list(session.scalars(select(Challenge)))


def test_the_sign_on_and_the_code_lead_to_the_desk(browser: Browser, core_sqlite: Core, account: Account) -> None:
    browser.opens("/desk/sign-in")
    assert 'href="/signon/desk"' in browser.text
    returns(browser, leaves(browser))
    assert "a***@ntpc.gov.tw" in browser.text
    assert sessions(core_sqlite) == []
    assert browser.sends(code=last_code(core_sqlite)).status_code == 200
    assert account.code in browser.text


def test_the_sign_on_and_the_code_lead_back_to_line(browser: Browser, core_sqlite: Core) -> None:
    browser.opens(f"/link?linkToken={TOKEN}")
    assert f'href="/signon/link?linkToken={TOKEN}"' in browser.text
    returns(browser, leaves(browser, "link", TOKEN))
    assert challenges(core_sqlite)[0].purpose is Purpose.LINK
    assert browser.sends(code=last_code(core_sqlite)).location.startswith(LINE_URL)


@pytest.mark.parametrize("path", ["/desk/sign-in", f"/link?linkToken={TOKEN}"])
def test_without_a_sign_on_no_page_offers_it(core_sqlite: Core, app: Flask, path: str) -> None:
    assert app.blueprints  # it has made the link token known
    bare = Flask("without", static_folder=None)
    bare.config.update(SECRET_KEY="for tests")
    CSRFProtect(bare)
    bare.register_blueprint(pages(core_sqlite, PageSettings(LINE_URL)))
    bare.register_blueprint(desk(core_sqlite, DeskSettings(is_secure=False)))
    with bare.test_client() as client:
        assert "公務雲" not in client.get(path).get_data(as_text=True)
        assert client.get("/signon/desk").status_code == 404


def test_the_state_of_another_browser_is_refused(app: Flask, browser: Browser, core_sqlite: Core) -> None:
    state = leaves(browser)
    with app.test_client() as client:
        victim = Browser(client)
        leaves(victim)
        assert returns(victim, state).status_code == 401
        assert "從第一步重新登入" in victim.text
    assert challenges(core_sqlite) == []


@pytest.mark.parametrize("state", ["", "made up", "狀態"])
def test_a_browser_that_did_not_ask_is_refused(browser: Browser, state: str) -> None:
    assert returns(browser, state).status_code == 401


def test_an_answer_serves_once(browser: Browser, core_sqlite: Core) -> None:
    state = leaves(browser)
    returns(browser, state)
    assert returns(browser, state).status_code == 401
    assert browser.opens("/desk/sign-in/city").status_code == 401
    assert len(challenges(core_sqlite)) == 1


def test_an_answer_for_one_door_opens_no_other(browser: Browser) -> None:
    came = browser.opens(f"/signon/return?state={leaves(browser)}&code=a good code")
    assert came.location == "/desk/sign-in/city"
    assert browser.opens(f"/link/city?linkToken={TOKEN}").status_code == 401


def test_a15_an_answer_serves_the_link_token_it_was_asked_with_only(browser: Browser) -> None:
    came = browser.opens(f"/signon/return?state={leaves(browser, 'link', TOKEN)}&code=a good code")
    assert came.location == f"/link/city?linkToken={TOKEN}"
    assert browser.opens(f"/link/city?linkToken={OTHER_TOKEN}").status_code == 401


def test_a15_a_link_token_over_meanwhile_is_said(browser: Browser, clock: FixedClock) -> None:
    state = leaves(browser, "link", TOKEN)
    clock.move(TEN_MINUTES - TICK)
    came = browser.opens(f"/signon/return?state={state}&code=a good code")
    clock.move(TICK)
    assert browser.opens(came.location).status_code == 410


@pytest.mark.parametrize(("age", "status"), [(TEN_MINUTES - TICK, 200), (TEN_MINUTES, 401)])
def test_a_visit_lasts_ten_minutes(browser: Browser, clock: FixedClock, age: timedelta, status: int) -> None:
    state = leaves(browser)
    clock.move(age)
    assert returns(browser, state).status_code == status


@pytest.mark.parametrize(("age", "status"), [(MINUTE - TICK, 303), (MINUTE, 401)])
def test_an_answer_is_kept_for_a_minute(browser: Browser, clock: FixedClock, age: timedelta, status: int) -> None:
    came = browser.opens(f"/signon/return?state={leaves(browser)}&code=a good code")
    clock.move(age)
    assert browser.opens(came.location).status_code == status


@pytest.mark.parametrize(
    ("query", "said"),
    [("error=access_denied", "取消"), ("code=", "取消"), (f"code={'x' * 4097}", "取消"), ("code=wrong", "無法確認")],
)
def test_what_is_no_good_answer_is_said_with_the_way_back(browser: Browser, query: str, said: str) -> None:
    page = browser.opens(f"/signon/return?state={leaves(browser)}&{query}")
    assert page.status_code == 401
    assert said in browser.text
    assert 'href="/desk/sign-in"' in browser.text


def test_a_sign_on_that_is_down_is_said_with_the_other_way_in(browser: Browser, city: FakeCity) -> None:
    state = leaves(browser, "link", TOKEN)
    city.fails = SignOnDown("no answer")
    for path in (f"/signon/return?state={state}&code=a good code", f"/signon/link?linkToken={TOKEN}"):
        assert browser.opens(path).status_code == 503
        assert "改用帳號與密碼" in browser.text
        assert f'href="/link?linkToken={TOKEN}"' in browser.text


def test_an_unknown_account_is_told_to_apply(browser: Browser, city: FakeCity, core_sqlite: Core) -> None:
    for code in ("ZZ0000", "no account code"):
        city.account = code
        assert returns(browser, leaves(browser)).status_code == 422
        assert "還沒有這個系統的帳號" in browser.text
    assert challenges(core_sqlite) == []


def test_a26_a_disabled_account_is_told_so_and_gets_no_code(
    browser: Browser, core_sqlite: Core, account: Account
) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, account.code)
    assert returns(browser, leaves(browser)).status_code == 422
    assert "停用" in browser.text
    assert challenges(core_sqlite) == []


def test_a26_an_account_past_its_last_day_gets_no_code(browser: Browser, clock: FixedClock, account: Account) -> None:
    clock.at = datetime.combine(account.ends_on + timedelta(days=1), clock.at.timetz())
    assert returns(browser, leaves(browser)).status_code == 422
    assert "期限已過" in browser.text


def test_a20_wrong_passwords_of_a_stranger_do_not_close_the_citys_sign_on(
    browser: Browser, core_sqlite: Core, account: Account
) -> None:
    for _ in range(3):
        with core_sqlite.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
            check_password(ctx, account.code, "wrong horse battery")
    assert returns(browser, leaves(browser)).status_code == 200


def test_a62_nothing_from_before_is_carried_into_the_sign_in(browser: Browser) -> None:
    with browser.client.session_transaction() as session:
        session["planted"] = "by an attacker"
    returns(browser, leaves(browser))
    with browser.client.session_transaction() as session:
        assert set(session) <= {"desk", "csrf_token", "_csrf_token"}


def test_the_cookie_holds_neither_nonce_nor_verifier(browser: Browser, core_sqlite: Core) -> None:
    ask = ask_for(core_sqlite.vault, leaves(browser))
    with browser.client.session_transaction() as session:
        kept = str(dict(session))
    assert ask.state in kept
    assert ask.nonce not in kept
    assert ask.verifier not in kept


def test_who_was_let_in_by_the_city_is_in_the_audit(browser: Browser, core_sqlite: Core, account: Account) -> None:
    returns(browser, leaves(browser))
    with core_sqlite.store.reading() as session:
        rows = session.execute(select(AuditRow.act, AuditRow.subject)).all()
    assert ("sign_in.city_right", f"account:{account.id}") in [tuple(row) for row in rows]


def test_there_is_no_other_door(browser: Browser) -> None:
    assert browser.opens("/signon/elsewhere").status_code == 404
