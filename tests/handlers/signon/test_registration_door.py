"""申請帳號 by the city's sign-on: any mailbox will do then, and who signed on asks for their own account (ACC-5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.channels.sign_on import OpenIdSignOn, SignOnClient
from core.accounts.registration.models import MailboxCode, ProofKind, Registration
from core.audit import AuditRow
from core.clock import FixedClock
from core.context import Core
from core.otp.service import code_of
from handlers.desk import DeskSettings, desk
from handlers.pages import PageSettings, pages
from handlers.signon import sign_on
from tests.builders import a_unit, an_account
from tests.core.accounts.registration.registering import ID
from tests.handlers.pages.conftest import LINE_URL, Browser
from tests.sign_on_provider import CLAIM, CLIENT, SECRET, Provider, a_provider

OWN, OTHER = f"NW{ID[-4:]}", f"XY{ID[-4:]}"
PRIVATE = "somebody@gmail.com"
PATH = "/p/registration"
FILLED = {
    "name": "林書豪",
    "national_id": ID,
    "unit": "永平國民小學",
    "title": "輔導主任",
    "phone": "0912345678",
    "role": "caseworker",
    "p90097": "on",
}


@pytest.fixture
def provider(clock: FixedClock) -> Iterator[Provider]:
    with a_provider(clock) as running:
        running.account = OWN.lower()
        yield running


@pytest.fixture
def app(core_sqlite: Core, provider: Provider) -> Flask:
    a_unit(core_sqlite, "永平國民小學", code="S01")
    app = Flask("registration by sign-on", static_folder=None)
    app.config.update(SECRET_KEY="for tests", SESSION_COOKIE_SAMESITE="Lax")
    CSRFProtect(app)
    client = SignOnClient(provider.issuer, CLIENT, SECRET, CLAIM, "http://localhost/signon/return")
    app.register_blueprint(pages(core_sqlite, PageSettings(LINE_URL, has_sign_on=True)))
    app.register_blueprint(desk(core_sqlite, DeskSettings(is_secure=False, has_sign_on=True)))
    app.register_blueprint(sign_on(core_sqlite, OpenIdSignOn(client)))
    return app


@pytest.fixture
def browser(app: Flask) -> Iterator[Browser]:
    with app.test_client() as client:
        yield Browser(client)


def signs_on(browser: Browser) -> TestResponse:
    """Go to the sign-on, which agrees at once, and come back to the registration."""
    asked = urlsplit(browser.opens("/signon/register").location)
    connection = HTTPConnection(asked.netloc, timeout=30)
    connection.request("GET", f"{asked.path}?{asked.query}")
    came = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    page = browser.opens(f"{came.path}?{came.query}")
    while page.status_code == 303:
        page = browser.opens(page.location)
    return page


def mailed_code(core: Core) -> str:
    with core.store.reading() as session:
        newest = session.scalars(select(MailboxCode.id).order_by(MailboxCode.sent_at.desc())).first()
    assert newest
    return code_of(core.vault, newest)


def proves(core: Core, browser: Browser) -> None:
    browser.sends(email=PRIVATE)
    browser.sends(code=mailed_code(core))


def registers(browser: Browser, code: str) -> int:
    token = browser.text.split('name="csrf_token" value="')[1].split('"')[0]
    browser.page = browser.client.post(f"{PATH}/form", data={"csrf_token": token, "code": code, **FILLED})
    return browser.page.status_code


def registrations(core: Core) -> list[tuple[str, ProofKind]]:
    with core.store.reading() as session:
        return [(row.code, row.proof) for row in session.scalars(select(Registration))]


def test_acc_5_who_signed_on_registers_with_any_mailbox(core_sqlite: Core, browser: Browser) -> None:
    browser.opens(PATH)
    assert 'href="/signon/register"' in browser.text
    signs_on(browser)
    assert f"<strong>{OWN}</strong>" in browser.text
    proves(core_sqlite, browser)
    assert f'value="{OWN}"' in browser.text
    assert registers(browser, OWN) == 303
    assert registrations(core_sqlite) == [(OWN, ProofKind.CITY)]
    with core_sqlite.store.reading() as session:
        assert "registration.city_right" in session.scalars(select(AuditRow.act)).all()


def test_acc_5_another_account_than_the_one_that_signed_on_is_refused(core_sqlite: Core, browser: Browser) -> None:
    signs_on(browser)
    proves(core_sqlite, browser)
    assert registers(browser, OTHER) == 422
    assert f"不是剛才登入公務雲的帳號（{OWN}）" in browser.text
    assert registrations(core_sqlite) == []
    assert registers(browser, OWN) == 303


def test_a_code_sent_again_is_still_of_who_signed_on(core_sqlite: Core, browser: Browser, clock: FixedClock) -> None:
    signs_on(browser)
    browser.sends(email=PRIVATE)
    clock.move(timedelta(minutes=1))
    assert browser.sends(1).status_code == 200
    browser.sends(code=mailed_code(core_sqlite))
    assert registers(browser, OTHER) == 422
    assert registers(browser, OWN) == 303


def test_who_did_not_sign_on_needs_a_mailbox_of_the_city(browser: Browser) -> None:
    browser.opens(PATH)
    assert browser.sends(email=PRIVATE).status_code == 422
    assert "這不是公務信箱" in browser.text


@pytest.mark.parametrize(("seconds", "status"), [(599, 200), (600, 422)])
def test_it_serves_for_ten_minutes(browser: Browser, clock: FixedClock, seconds: int, status: int) -> None:
    signs_on(browser)
    clock.move(timedelta(seconds=seconds))
    assert browser.sends(email=PRIVATE).status_code == status


def test_it_serves_this_browser_only(app: Flask, browser: Browser) -> None:
    signs_on(browser)
    with app.test_client() as client:
        other = Browser(client)
        other.opens(PATH)
        assert OWN not in other.text
        assert 'href="/signon/register"' in other.text


def test_without_an_answer_for_this_door_it_begins_anew(browser: Browser) -> None:
    assert browser.opens(f"{PATH}/city").status_code == 401
    assert "請從第一步重新開始" in browser.text


@pytest.mark.parametrize("named", ["no code", "ZZ12345", ""])
def test_what_is_no_account_of_the_city_proves_nobody(browser: Browser, provider: Provider, named: str) -> None:
    provider.account = named
    assert signs_on(browser).status_code in {401, 422}
    browser.opens(PATH)
    assert browser.sends(email=PRIVATE).status_code == 422


def test_who_has_an_account_already_is_told_so(core_sqlite: Core, browser: Browser, provider: Provider) -> None:
    provider.account = an_account(core_sqlite).code
    assert signs_on(browser).status_code == 422
    assert "已經有帳號" in browser.text


def test_a_sign_on_that_is_down_leads_to_the_mailbox(browser: Browser, provider: Provider) -> None:
    provider.fails = True
    assert browser.opens("/signon/register").status_code == 503
    assert "改用公務信箱" in browser.text
    assert f'href="{PATH}"' in browser.text
