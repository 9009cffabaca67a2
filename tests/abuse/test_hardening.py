"""The application as production builds it: forms want their tokens, answers have their headers, cookies their flags.

The pages' own tests bring an application of their own; here is the one that runs (A33, A62).
"""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie

import pytest
from flask import Flask
from structlog.testing import capture_logs
from werkzeug.routing import Rule

from bot.app import create_app
from bot.channels.line import LineChannel
from bot.settings import Env, Settings
from core.access import system
from core.accounts import sessions
from core.accounts.models import Role
from core.accounts.service import set_password
from core.audit import Door
from core.context import Core
from core.secrets import new_token
from handlers.pages.views import SEE_OTHER
from tests.builders import an_account
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import PASSWORD, Browser, last_code

NOWHERE = "http://127.0.0.1:9"
OLD_FORM = "這個頁面放太久了"
BY_KEY = "api."
NO_KEY, NOWHERE_THERE, NOT_THIS_WAY = 401, 404, 405


@pytest.fixture
def app(core_sqlite: Core) -> Flask:
    return built(core_sqlite, Env.PRODUCTION)


def built(core: Core, env: Env) -> Flask:
    settings = Settings(
        env=env, secret_key=new_token(), line_channel_secret="s", line_channel_access_token="t", line_api_url=NOWHERE
    )
    return create_app(settings, core, LineChannel("t", NOWHERE), lambda: None)


def addresses(app: Flask, method: str) -> dict[str, str]:
    """Return an address of each route that takes a method, by its endpoint."""
    rules = (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()))
    return {rule.endpoint: _address(rule) for rule in rules}


def _address(rule: Rule) -> str:
    built_of_ones = rule.build(dict.fromkeys(rule.arguments, "1"))
    assert built_of_ones is not None, rule
    return built_of_ones[1]


def cookies(app: Flask) -> dict[str, Morsel[str]]:
    """Return the cookies that a sign-in page leaves, by their names."""
    found: SimpleCookie = SimpleCookie()
    for header in app.test_client().get("/desk/sign-in").headers.getlist("Set-Cookie"):
        found.load(header)
    return dict(found)


def test_a62_every_form_of_the_application_wants_its_token(app: Flask) -> None:
    posted = {name: path for name, path in addresses(app, "POST").items() if not name.startswith(BY_KEY)}
    assert len(posted) > 40
    for name, path in posted.items():
        answer = app.test_client().post(path, data={"csrf_token": "made up"})
        assert (answer.status_code, OLD_FORM in answer.get_data(as_text=True)) == (400, True), name


def test_a62_what_is_asked_with_a_key_wants_the_key_and_no_token(app: Flask) -> None:
    posted = {name: path for name, path in addresses(app, "POST").items() if name.startswith(BY_KEY)}
    assert app.test_client().post(posted["api.ask_code"], json={}).status_code == NO_KEY
    for name, path in posted.items():
        assert app.test_client().post(path, json={}).status_code in (NO_KEY, NOWHERE_THERE, NOT_THIS_WAY), name


def test_a33_every_answer_of_the_application_says_what_may_run_and_is_kept_by_nobody(app: Flask) -> None:
    asked = addresses(app, "GET")
    assert len(asked) > 60
    for name, path in asked.items():
        headers = app.test_client().get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy, name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert headers["Referrer-Policy"] == "same-origin", name
        assert headers["Strict-Transport-Security"] == "max-age=31536000", name
        assert headers["Cache-Control"] == "no-store" or name.endswith((".static", ".document", ".docs")), name


def test_a62_the_cookie_of_a_form_is_this_sites_alone(app: Flask, core_sqlite: Core) -> None:
    (cookie,) = cookies(app).values()
    assert cookie.key.startswith("__Host-")
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    (plain,) = cookies(built(core_sqlite, Env.DEVELOPMENT)).values()
    assert (plain["httponly"], plain["secure"], plain["samesite"]) == (True, "", "Lax")


def test_a62_who_signed_in_in_production_holds_cookies_that_go_over_https_alone(app: Flask, core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, account.code, PASSWORD)
    browser = Browser(app.test_client())
    browser.opens("/desk/sign-in")
    browser.sends(account=account.code, password=PASSWORD)
    answer = browser.client.post("/desk/sign-in/code", data=csrf(browser) | {"code": last_code(core_sqlite)})
    assert answer.status_code == SEE_OTHER
    given = {each.partition("=")[0]: each for each in answer.headers.getlist("Set-Cookie")}
    for name in ("__Host-frontdoor-desk", "__Host-frontdoor-known"):
        assert all(flag in given[name] for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")), name


@pytest.mark.parametrize(
    "path",
    [
        "/desk/accounts?code=a%00b",
        "/desk/accounts/a%00b",
        "/desk/accounts/a%00b/audit",
        "/desk/units?name=%00",
        "/desk/messages/accepted?reason=%00",
    ],
)
def test_a40_a_nul_in_an_address_is_refused_and_takes_the_database_for_no_less_than_it_is(
    core: Core, path: str
) -> None:
    admin = an_account(core, role=Role.ADMIN, permissions=())
    client = built(core, Env.DEVELOPMENT).test_client()
    with core.transaction(system("tests"), Door.DESK) as ctx:
        client.set_cookie("frontdoor-desk", sessions.begin(ctx, admin.id))
    with capture_logs() as logged:
        answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code < 500
    assert [line for line in logged if line["log_level"] == "error"] == []


@pytest.mark.parametrize(("asked", "place"), [("/desk", "/desk/"), ("/desk//help?q=a%26b", "/desk/help?q=a%26b")])
def test_a33_nobody_is_led_to_a_host_that_only_a_request_names(app: Flask, asked: str, place: str) -> None:
    answer = app.test_client().get(asked, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.location) == (308, place)
    assert "evil.example" not in answer.text
    assert answer.headers["X-Frame-Options"] == "DENY"
