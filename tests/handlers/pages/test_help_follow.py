"""The page behind a mail: how a request stands, more words, a rating; only for who has the mail (HELP-2, HELP-5)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Role
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.answering import Reply, answer
from core.helpdesk.by_mail import MailRequest, ask_by_mail
from core.helpdesk.following import follow_path
from core.helpdesk.models import HelpKind, HelpRequest, HelpState
from core.helpdesk.rules import Then
from core.helpdesk.thread import earlier_requests
from core.policy import Policy
from tests.builders import an_account
from tests.handlers.pages.conftest import Browser
from tests.handlers.pages.test_help_request import posts, said_by_mail

MAIL, WORDS = "lin@ntpc.gov.tw", "存檔後畫面是白的"
VISITOR = Actor(name="visitor")


@pytest.fixture
def policy() -> Policy:
    return Policy(help_more_an_hour=3)


@pytest.fixture
def path(core_sqlite: Core, clock: FixedClock) -> str:
    """The page of a request asked on a working morning."""
    clock.at = datetime.fromisoformat("2026-03-04T10:00+08:00")
    return asked(core_sqlite)


def asked(core: Core, email: str = MAIL) -> str:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        taken = ask_by_mail(ctx, MailRequest("林書豪", "永平國小", email, HelpKind.FAULT, WORDS), email)
        return follow_path(ctx.vault, taken.number)


def answers(core: Core, then: Then, number: int = 1) -> None:
    agent = an_account(core, role=Role.HELPDESK, permissions=())
    with core.transaction(Actor(agent.code, account_id=agent.id, role=Role.HELPDESK), Door.DESK) as ctx:
        answer(ctx, number, Reply("請清除 Cookie", ctx.session.get_one(HelpRequest, number).newest_entry, then))


def row(core: Core, number: int = 1) -> HelpRequest:
    with core.store.reading() as session:
        return session.get_one(HelpRequest, number)


def test_help_5_every_mail_leads_to_the_page_and_it_shows_state_and_times(
    core_sqlite: Core, browser: Browser, path: str
) -> None:
    answers(core_sqlite, Then.WAIT)
    assert [f'"path":"{path}"' in said for _, said in said_by_mail(core_sqlite)] == [True, True]
    browser.opens(path)
    for shown in ("提問 1：客服已回覆", "系統報修", "115/03/04 10:00"):
        assert shown in browser.text
    for kept in (WORDS, "林書豪", MAIL, "Cookie"):
        assert kept not in browser.text


def test_help_5_further_requests_of_the_same_mailbox_stand_there_and_no_others(
    core_sqlite: Core, browser: Browser, path: str
) -> None:
    asked(core_sqlite, MAIL.upper())
    asked(core_sqlite, "other@ntpc.gov.tw")
    assert "提問 2，系統報修" in browser.opens(path).get_data(as_text=True)
    assert "提問 3" not in browser.text
    agent = an_account(core_sqlite, role=Role.HELPDESK, permissions=())
    with core_sqlite.transaction(Actor(agent.code, account_id=agent.id, role=Role.HELPDESK), Door.DESK) as ctx:
        assert [each.number for each in earlier_requests(ctx, 1)] == [2]


@pytest.mark.parametrize("wrong", ["/p/help/2/{}", "/p/help/1/{}0", "/p/help/1/x", "/p/help/99999999999999/{}"])
def test_a29_an_address_that_was_not_signed_here_opens_nothing(
    core_sqlite: Core, browser: Browser, path: str, wrong: str
) -> None:
    asked(core_sqlite, "other@ntpc.gov.tw")
    address = wrong.format(path.rpartition("/")[2])
    assert browser.opens(address).status_code == 410
    assert "找不到這件問題" in browser.text
    browser.opens(path)
    assert posts(browser, address, text="再試") == 410
    browser.opens(path)
    assert posts(browser, f"{address}/rate", helped="1") == 410
    assert row(core_sqlite, 2).rating is None


def test_help_6_more_words_open_a_waiting_request_again(core_sqlite: Core, browser: Browser, path: str) -> None:
    answers(core_sqlite, Then.WAIT)
    assert row(core_sqlite).state is HelpState.WAITING
    browser.opens(path)
    assert posts(browser, path, text="還是白的") == 303
    assert "已補充。預計 115/03/04 14:00 前回覆。" in browser.text
    found = row(core_sqlite)
    assert (found.state, found.talks_until) == (HelpState.OPEN, None)
    assert found.solve_due_at == datetime.fromisoformat("2026-03-09T10:00+08:00")


@pytest.mark.parametrize(("text", "said"), [(" 。", "內容是空白的"), ("長" * 5001, "內容超過 5000 字")])
def test_what_cannot_be_taken_is_said_and_kept(browser: Browser, path: str, text: str, said: str) -> None:
    browser.opens(path)
    assert posts(browser, path, text=text) == 422
    assert said in browser.text
    assert text in browser.text


def test_so_many_additions_an_hour_and_no_more(browser: Browser, path: str, clock: FixedClock) -> None:
    browser.opens(path)
    assert [posts(browser, path, text=f"補充 {each}") for each in range(2)] == [303, 303]
    assert posts(browser, path, text="補充 3") == 422
    assert "一小時內送來的問題太多了" in browser.text
    clock.at += timedelta(hours=1)
    assert posts(browser, path, text="補充 3") == 303


def test_help_5_what_is_not_solved_is_not_rated(core_sqlite: Core, browser: Browser, path: str) -> None:
    browser.opens(path)
    assert posts(browser, f"{path}/rate", helped="1") == 303
    assert "解決後才能評分" in browser.text
    assert row(core_sqlite).rating is None


def test_the_same_rating_again_is_noted_once(core_sqlite: Core, browser: Browser, path: str) -> None:
    answers(core_sqlite, Then.SOLVE)
    browser.opens(path)
    for helped in ("1", "1", "0"):
        assert posts(browser, f"{path}/rate", helped=helped) == 303
        browser.opens(path)
    with core_sqlite.store.reading() as session:
        noted = session.scalars(select(AuditRow.act).where(AuditRow.act == "help.rated")).all()
    assert len(noted) == 2


@pytest.mark.parametrize(
    ("passed", "status"), [(timedelta(days=90) - timedelta(seconds=1), 200), (timedelta(days=90), 410)]
)
def test_the_page_ends_ninety_days_after_it_was_solved(
    core_sqlite: Core,
    browser: Browser,
    path: str,
    clock: FixedClock,
    *,
    passed: timedelta,
    status: int,
) -> None:
    clock.at += timedelta(days=400)
    assert browser.opens(path).status_code == 200
    answers(core_sqlite, Then.SOLVE)
    clock.at += passed
    assert browser.opens(path).status_code == status


def test_a_solved_one_is_rated_with_one_tap_and_taken_up_again_within_seven_days(
    core_sqlite: Core, browser: Browser, path: str, clock: FixedClock
) -> None:
    assert "有幫上忙嗎" not in browser.opens(path).get_data(as_text=True)
    answers(core_sqlite, Then.SOLVE)
    browser.opens(path)
    assert "提問 1：已解決" in browser.text
    assert posts(browser, f"{path}/rate", helped="0") == 303
    assert "您的評分：沒有幫上忙" in browser.text
    clock.at += timedelta(days=7) - timedelta(seconds=1)
    browser.opens(path)
    assert posts(browser, path, text="又白了") == 303
    assert (row(core_sqlite).state, row(core_sqlite).rating) == (HelpState.OPEN, None)


def test_after_seven_days_a_new_one_is_to_be_asked(
    core_sqlite: Core, browser: Browser, path: str, clock: FixedClock
) -> None:
    answers(core_sqlite, Then.SOLVE)
    clock.at += timedelta(days=7)
    assert "<textarea" not in browser.opens(path).get_data(as_text=True)
    assert posts(browser, path, text="又白了") == 422
    assert row(core_sqlite).state is HelpState.SOLVED


def test_a62_without_its_token_nothing_is_taken(core_sqlite: Core, browser: Browser, path: str) -> None:
    answers(core_sqlite, Then.SOLVE)
    assert browser.client.post(f"{path}/rate", data={"helped": "1"}).status_code == 400
    assert row(core_sqlite).rating is None


def test_no_time_that_is_over_is_named_as_the_one_to_come(path: str, clock: FixedClock, browser: Browser) -> None:
    clock.at = datetime.fromisoformat("2026-03-04T14:00+08:00")
    browser.opens(path)
    assert "115/03/04 14:00 前" in browser.text
    clock.move(timedelta(microseconds=1))
    browser.opens(path)
    assert "115/03/04 14:00" not in browser.text
    assert "已經超過預計回覆的時間" in browser.text
