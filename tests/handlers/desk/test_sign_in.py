"""Signing in at the desk: password, then code; what ends a session, and what cannot begin one (ACC-2, ACC-3, A62)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.access import system
from core.accounts.models import Account, CodeChannel, Role, WebSession
from core.accounts.service import disable_account, set_password
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.notices.models import Notice, NoticeKind, Via
from core.otp.models import Challenge, Purpose
from handlers.desk import DeskSettings, desk
from handlers.desk.place import COOKIE
from tests.builders import an_account, bind
from tests.handlers.desk.conftest import SETTINGS, session_of
from tests.handlers.pages.conftest import PASSWORD, Browser, last_code

HOUR = timedelta(minutes=60)
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TICK = timedelta(microseconds=1)


def signs_in(visitor: Browser, core: Core, account: Account) -> TestResponse:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    return visitor.sends(code=last_code(core))


def cookie(visitor: Browser) -> str:
    found = visitor.client.get_cookie(SETTINGS.cookie)
    return found.value if found else ""


def test_password_and_code_lead_to_the_overview(visitor: Browser, core_sqlite: Core, account: Account) -> None:
    page = signs_in(visitor, core_sqlite, account)
    assert page.status_code == 200
    assert "總覽" in visitor.text
    assert account.code in visitor.text


@pytest.mark.parametrize("path", ["/desk/help", "/desk/help/17", "/desk/accounts"])
def test_after_the_sign_in_one_is_where_one_wanted_to_go(
    visitor: Browser, core_sqlite: Core, account: Account, path: str
) -> None:
    answer = visitor.client.get(path, headers=PAGE)
    assert answer.location == "/desk/sign-in"
    visitor.client.get(f"{path}/news", headers={"Accept": "*/*"})  # what an open page asks by itself is no wish
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    assert visitor.sends(code=last_code(core_sqlite)).request.path == path
    assert visitor.client.get_cookie(COOKIE, path="/desk/") is None


def test_a_form_sent_after_the_session_ended_is_said_not_to_be_done_and_leads_back(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    clock.move(HOUR)
    token = csrf(visitor)
    assert visitor.client.get("/desk/help/17/news").status_code == 401  # an open page hears of the end first
    wanted = {"Referer": "http://localhost/desk/help/17"}
    visitor.client.post("/desk/help/17/answer", data=token, headers=wanted)
    told = visitor.opens("/desk/sign-in").text.partition("剛才送出的沒有完成")[0]
    assert told.endswith('<p class="told bad" role="alert">登入時間已經結束，')  # never in green
    visitor.sends(account=account.code, password=PASSWORD)
    assert visitor.sends(code=last_code(core_sqlite)).request.path == "/desk/help/17"


def test_a_form_from_no_address_at_all_leads_to_the_sign_in(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    clock.move(HOUR)
    answer = visitor.client.post("/desk/renew", data=csrf(visitor), headers={"Referer": "http://["})
    assert answer.status_code == 401
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    assert visitor.sends(code=last_code(core_sqlite)).request.path == "/desk/"


def test_on_a_shared_machine_nobody_is_led_to_where_another_was(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    other = an_account(core_sqlite, role=Role.HELPDESK)
    with core_sqlite.transaction(system("test"), Door.COMMAND) as ctx:
        set_password(ctx, other.code, PASSWORD)
    signs_in(visitor, core_sqlite, account)
    clock.move(HOUR)
    assert visitor.client.get("/desk/help/17/news").status_code == 401  # an open page hears of the end first
    visitor.client.get("/desk/help/17", headers=PAGE)
    assert signs_in(visitor, core_sqlite, other).request.path == "/desk/"


def test_one_is_led_back_oneself_also_after_the_page_heard_of_the_end(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    clock.move(HOUR)
    assert visitor.client.get("/desk/help/17/news").status_code == 401
    visitor.client.get("/desk/help/17", headers=PAGE)
    assert signs_in(visitor, core_sqlite, account).request.path == "/desk/help/17"


@pytest.mark.parametrize(
    ("sent_from", "back_on"),
    [
        ("/desk/help/17/answer", "/desk/help/17"),
        ("/desk/bring/dispatch/put", "/desk/bring/dispatch"),
        ("/desk/requests/5", "/desk/requests/5"),
        ("/desk/nothing/of/ours", "/desk/"),
    ],
)
def test_from_a_form_that_came_again_one_is_led_back_to_its_page(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account, *, sent_from: str, back_on: str
) -> None:
    signs_in(visitor, core_sqlite, account)
    of_a_form = csrf(visitor)
    clock.move(HOUR)
    headers = {"Referer": f"http://localhost{sent_from}"}
    assert visitor.client.post("/desk/help/17/answer", data=of_a_form, headers=headers).status_code == 401
    assert signs_in(visitor, core_sqlite, account).request.path == back_on


def test_a_form_that_is_too_old_leads_back_to_its_page(visitor: Browser, core_sqlite: Core, account: Account) -> None:
    signs_in(visitor, core_sqlite, account)
    headers = {"Referer": "http://localhost/desk/help/17/note"}
    visitor.page = visitor.client.post("/desk/help/17/note", data={"note": "x"}, headers=headers)
    assert visitor.page.status_code == 400
    assert 'href="/desk/help/17">重新開啟這一頁' in visitor.text


@pytest.mark.parametrize(
    "planted", ["https://elsewhere.example/", "//elsewhere.example/desk/", "/link", "/desk/" + "a" * 200]
)
def test_a_place_that_is_not_of_the_desk_leads_to_the_overview(
    visitor: Browser, core_sqlite: Core, account: Account, planted: str
) -> None:
    visitor.client.set_cookie(COOKIE, planted, path="/desk/")
    assert signs_in(visitor, core_sqlite, account).request.path == "/desk/"


def test_the_password_alone_opens_nothing(visitor: Browser, account: Account) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    assert "a***@ntpc.gov.tw" in visitor.text
    assert cookie(visitor) == ""
    assert visitor.opens("/desk/").status_code == 303


def test_the_code_is_for_signing_in_and_goes_where_the_account_chose(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, account.id).code_channel = CodeChannel.LINE
        bind(ctx, account)
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    assert "LINE" in visitor.text
    assert "ntpc.gov.tw" not in visitor.text
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Challenge.purpose)).all() == [Purpose.SIGN_IN]
        ways = select(Notice.via).where(Notice.kind == NoticeKind.CODE, Notice.account_id == account.id)
        assert session.scalars(ways).all() == [Via.PUSH]


def test_a_wrong_password_and_an_unknown_account_read_alike(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    texts = set()
    for code in (account.code, "ZZ9999"):
        visitor.opens("/desk/sign-in")
        assert visitor.sends(account=code, password="wrong horse battery").status_code == 422
        texts.add(visitor.text.replace(code, "").partition('role="alert"')[2].partition("</p>")[0])
    assert len(texts) == 1
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Account.wrong_passwords).where(Account.id == account.id)).one() == 1


def test_what_is_missing_is_said_at_its_field(visitor: Browser) -> None:
    visitor.opens("/desk/sign-in")
    assert visitor.sends(account=" ").status_code == 422
    assert "請輸入帳號。" in visitor.text
    assert "請輸入密碼。" in visitor.text


def test_a_wrong_code_is_counted_and_said(visitor: Browser, core_sqlite: Core, account: Account) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    wrong = f"{(int(last_code(core_sqlite)) + 1) % 10**8:08}"
    assert visitor.sends(code=wrong).status_code == 422
    assert visitor.sends(code="").status_code == 422
    assert cookie(visitor) == ""
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Challenge.tries)).one() == 1
    assert visitor.sends(code=last_code(core_sqlite)).status_code == 200


def test_a_code_is_worth_nothing_in_another_browser(app: Flask, visitor: Browser, account: Account) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    other = Browser(app.test_client())
    assert other.opens("/desk/sign-in/code").status_code == 401
    assert "重新登入" in other.text


def test_another_code_can_be_sent_after_a_minute(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    old = last_code(core_sqlite)
    assert visitor.sends(1).status_code == 429
    clock.move(timedelta(seconds=60))
    visitor.opens("/desk/sign-in/code")
    assert visitor.sends(1).status_code == 200
    assert visitor.sends(code=old).status_code == 422
    assert visitor.sends(code=last_code(core_sqlite)).status_code == 200


def test_gone_back_the_code_on_its_way_is_still_good(visitor: Browser, core_sqlite: Core, account: Account) -> None:
    for _ in range(2):
        visitor.opens("/desk/sign-in")
        visitor.sends(account=account.code, password=PASSWORD)
    assert visitor.sends(code=last_code(core_sqlite)).status_code == 200


def test_a62_a_token_planted_before_the_sign_in_is_worth_nothing(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    visitor.client.set_cookie(SETTINGS.cookie, "planted")
    signs_in(visitor, core_sqlite, account)
    assert cookie(visitor) not in ("", "planted")
    visitor.client.set_cookie(SETTINGS.cookie, "planted")
    assert visitor.opens("/desk/").status_code == 401


def test_a62_the_session_held_before_ends_with_the_next_sign_in(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    old = session_of(core_sqlite, an_account(core_sqlite))
    visitor.client.set_cookie(SETTINGS.cookie, old)
    visitor.sends(code=last_code(core_sqlite))
    with core_sqlite.store.reading() as session:
        ended = session.scalars(select(WebSession.ended_at).order_by(WebSession.account_id)).all()
    assert sorted(each is not None for each in ended) == [False, True]


def test_a62_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    (action, fields) = ("/desk/sign-in/code", csrf(visitor))
    answer = visitor.client.post(action, data=fields | {"code": last_code(core_sqlite)})
    (kept,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith(SETTINGS.cookie)]
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Path=/" in kept


def test_in_production_the_cookie_is_tied_to_this_host_and_https() -> None:
    assert DeskSettings(is_secure=True).cookie.startswith("__Host-")


def test_a_session_runs_out_after_sixty_minutes_without_use(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    clock.move(HOUR - TICK)
    assert visitor.opens("/desk/").status_code == 200
    clock.move(HOUR)
    assert visitor.opens("/desk/").status_code == 401
    assert "重新登入" in visitor.text
    assert cookie(visitor) == ""


def test_the_time_left_is_shown_and_can_be_renewed(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    assert "再閒置 <span data-minutes>60</span> 分鐘會登出" in visitor.text
    visitor.opens("/desk/duties?late=1")
    clock.move(HOUR - TICK)
    answer = visitor.client.post("/desk/renew", data=csrf(visitor) | {"page": "/desk/duties?late=1"})
    assert (answer.status_code, answer.location) == (303, "/desk/duties?late=1")
    clock.move(HOUR - TICK)
    assert visitor.opens("/desk/").status_code == 200


def test_a_page_renews_by_itself_and_stays_where_it_is(
    visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    renewal = csrf(visitor) | {"page": "/desk/", "stay": "1"}
    clock.move(HOUR - TICK)
    assert visitor.client.post("/desk/renew", data=renewal).status_code == 204
    clock.move(HOUR - TICK)
    assert visitor.opens("/desk/").status_code == 200
    assert "已延長" not in visitor.text.partition("<main")[2]
    clock.move(HOUR)
    assert visitor.client.post("/desk/renew", data=renewal).status_code == 401


@pytest.mark.parametrize("page", ["https://elsewhere.example/", "//elsewhere.example/desk/", "/link", ""])
def test_renewing_leads_nowhere_but_to_the_desk(
    visitor: Browser, core_sqlite: Core, account: Account, page: str
) -> None:
    signs_in(visitor, core_sqlite, account)
    answer = visitor.client.post("/desk/renew", data=csrf(visitor) | {"page": page})
    assert answer.location == "/desk/"


def test_signing_out_ends_the_session_and_not_only_the_cookie(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    token = cookie(visitor)
    visitor.client.post("/desk/sign-out", data=csrf(visitor), follow_redirects=True)
    assert cookie(visitor) == ""
    visitor.client.set_cookie(SETTINGS.cookie, token)
    assert visitor.opens("/desk/").status_code == 401


def test_a26_somebody_disabled_is_out_at_the_next_click(visitor: Browser, core_sqlite: Core, account: Account) -> None:
    signs_in(visitor, core_sqlite, account)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, account.code)
    assert visitor.opens("/desk/").status_code == 401


def test_who_is_signed_in_need_not_sign_in_again(visitor: Browser, core_sqlite: Core, account: Account) -> None:
    signs_in(visitor, core_sqlite, account)
    assert visitor.opens("/desk/sign-in").location == "/desk/"


@pytest.mark.parametrize("path", ["sign-in", "sign-in/code", "sign-in/resend", "sign-out", "renew"])
def test_a62_no_form_is_taken_without_its_token(
    visitor: Browser, core_sqlite: Core, account: Account, path: str
) -> None:
    signs_in(visitor, core_sqlite, account)
    answer = visitor.client.post(f"/desk/{path}", data={"account": account.code, "password": PASSWORD})
    assert answer.status_code == 400
    assert "這個頁面放太久了" in answer.get_data(as_text=True)
    assert visitor.opens("/desk/").status_code == 200


def test_two_desks_do_not_share_what_they_are_told(core_sqlite: Core) -> None:
    assert desk(core_sqlite, SETTINGS) is not desk(core_sqlite, SETTINGS)


def csrf(visitor: Browser) -> dict[str, str]:
    mark = 'name="csrf_token" value="'
    return {"csrf_token": visitor.text.partition(mark)[2].partition('"')[0]}


def test_a62_what_was_in_the_cookie_before_is_not_carried_into_the_sign_in(visitor: Browser, account: Account) -> None:
    visitor.opens("/desk/sign-in")
    with visitor.client.session_transaction() as session:
        session["planted"] = "by an attacker"
    visitor.sends(account=account.code, password=PASSWORD)
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_a62_the_form_token_from_before_the_sign_in_is_worth_nothing_after_it(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    visitor.opens("/desk/sign-in")
    before = csrf(visitor)
    visitor.sends(account=account.code, password=PASSWORD)
    visitor.sends(code=last_code(core_sqlite))
    assert visitor.client.post("/desk/renew", data=before).status_code == 400


def test_a19_passwords_tried_from_one_address_on_many_accounts_wait_in_any_browser_there(
    app: Flask, core_sqlite: Core, account: Account
) -> None:
    def arrives(address: str) -> Browser:
        return Browser(app.test_client(), {"REMOTE_ADDR": address})

    for number in range(core_sqlite.policy.source_wrong):
        stranger = arrives("203.0.113.9")
        stranger.opens("/desk/sign-in")
        stranger.sends(account=f"ZZ{number:04}", password="a wrong password")
        assert "帳號或密碼不正確" in stranger.text
    stranger = arrives("203.0.113.9")
    stranger.opens("/desk/sign-in")
    stranger.sends(account=account.code, password=PASSWORD)
    assert "請在 60 分鐘後再試" in stranger.text
    elsewhere = arrives("203.0.113.10")
    elsewhere.opens("/desk/sign-in")
    elsewhere.sends(account=account.code, password=PASSWORD)
    assert "a***@ntpc.gov.tw" in elsewhere.text


def test_a20_a_browser_that_signed_in_before_is_not_locked_out_by_a_stranger(
    app: Flask, visitor: Browser, clock: FixedClock, core_sqlite: Core, account: Account
) -> None:
    signs_in(visitor, core_sqlite, account)
    visitor.client.post("/desk/sign-out", data=csrf(visitor))
    stranger = Browser(app.test_client())
    for _ in range(3):
        stranger.opens("/desk/sign-in")
        stranger.sends(account=account.code, password="wrong horse battery")
    assert "已鎖定" in stranger.text
    clock.move(timedelta(minutes=1))
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    assert "輸入驗證碼" in visitor.text


def test_a20_the_cookie_that_makes_a_browser_known_is_out_of_reach_of_scripts(
    visitor: Browser, core_sqlite: Core, account: Account
) -> None:
    visitor.opens("/desk/sign-in")
    visitor.sends(account=account.code, password=PASSWORD)
    answer = visitor.client.post("/desk/sign-in/code", data=csrf(visitor) | {"code": last_code(core_sqlite)})
    (kept,) = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("frontdoor-known=")]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=15552000"):
        assert part in kept
