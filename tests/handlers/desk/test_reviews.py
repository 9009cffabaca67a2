"""審核 at the desk: what waits, one form in its own terms, and its decision (REPLY-11, CLOSE-9, CHK-10, A32)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, select

from core.accounts.models import Permission, Role
from core.audit import AuditRow
from core.checks.models import Check, CheckReturn, CheckState
from core.closures.kinds import ClosureState
from core.closures.models import Closure
from core.context import Core
from core.dispatches.kinds import NotOpenReason
from core.dispatches.models import Dispatch, DispatchState, Reply
from core.records.models import WorkRecord
from handlers.desk import views
from tests.builders import a_check, a_dispatch, an_account
from tests.core.dispatches.test_replying import DECLINING
from tests.handlers.desk.conftest import SETTINGS, Place, session_of
from tests.handlers.desk.reviewed import GOAL, REPLY, Sender, a_sender
from tests.handlers.desk.test_requests import leads_on_to, sends
from tests.handlers.pages.conftest import Browser, forms

Seated = Callable[[Role], Browser]


@pytest.fixture
def sender(core_sqlite: Core, place: Place) -> Sender:
    return a_sender(core_sqlite, place)


def state_of(core: Core, dispatch: int) -> DispatchState:
    with core.store.reading() as session:
        return session.get_one(Dispatch, dispatch).state


def closure_state(core: Core, closure: int) -> ClosureState:
    with core.store.reading() as session:
        return session.get_one(Closure, closure).state


def check_state(core: Core, number: str) -> CheckState:
    with core.store.reading() as session:
        return session.scalars(select(Check).where(Check.number == number)).one().state


def test_a_supervisor_approves_a_reply_as_it_was_sent(core_sqlite: Core, sender: Sender, seated: Seated) -> None:
    dispatch, browser = sender.reply(), seated(Role.SUPERVISOR)
    browser.opens("/desk/reviews")
    assert "1 張回覆單等您審核" in browser.text
    assert "王○明" in browser.text
    assert "王小明" not in browser.text
    browser.opens(f"/desk/reviews/replies/{dispatch}")
    shown = ["王小明", "已聯繫並訪視", GOAL, "接案處理", "新接案", "陳怡君", "下週再訪。", "吳○辦"]
    places = [browser.text.index(each) for each in shown[:-1]]
    assert places == sorted(places), "not in the order of the form"
    assert shown[-1] in browser.text
    assert sends(browser, "/approve") == 303
    assert "回覆單 WK00041 已核可" in browser.text
    assert "目前沒有等您審核的回覆單" in browser.text
    assert state_of(core_sqlite, dispatch) is DispatchState.ANSWERED


def test_a_reply_is_returned_with_a_reason_and_nothing_typed_is_lost(
    core_sqlite: Core, sender: Sender, seated: Seated
) -> None:
    dispatch, browser = sender.reply(), seated(Role.SUPERVISOR)
    browser.opens(f"/desk/reviews/replies/{dispatch}")
    assert sends(browser, "/return", reason="，。無") == 422
    assert "退件沒有寫原因" in browser.text
    assert ">，。無</textarea>" in browser.text
    assert sends(browser, "/return", reason="字" * 1001) == 422
    assert "1001 個字" in browser.text
    assert "字" * 1001 in browser.text
    assert state_of(core_sqlite, dispatch) is DispatchState.SUBMITTED
    assert sends(browser, "/return", reason="請補充<b>訪視</b>情形") == 303
    assert state_of(core_sqlite, dispatch) is DispatchState.RETURNED
    browser.opens(f"/desk/reviews/replies/{dispatch}")
    assert "退件原因：請補充&lt;b&gt;訪視&lt;/b&gt;情形" in browser.text
    assert [action for action, _ in forms(browser.text) if "reviews" in action] == []
    with core_sqlite.store.reading() as session:
        reason = session.scalars(select(Reply)).one().reason
    assert reason is not None
    assert core_sqlite.vault.open(reason) == "請補充<b>訪視</b>情形"


def goes_on(browser: Browser) -> None:
    """Follow to where a decision, or the way to the next form, leads."""
    while browser.page is not None and browser.page.status_code == 303:
        browser.opens(browser.page.location)


def test_after_a_decision_the_next_form_of_the_list_follows(sender: Sender, seated: Seated) -> None:
    first, second, third = (sender.reply(f"WK0004{number}") for number in range(1, 4))
    browser = seated(Role.SUPERVISOR)
    browser.opens("/desk/reviews")
    browser.opens(f"/desk/reviews/replies/{first}?at=0")
    assert f'href="/desk/reviews/replies/{first}?at=0"' not in browser.text
    assert "第 1 張，共 3 張" in browser.text
    browser.opens("/desk/reviews/next?of=replies&at=1")  # the first is left for later
    goes_on(browser)
    assert f"/desk/reviews/replies/{second}/approve" in browser.text
    assert "第 2 張，共 3 張" in browser.text
    sends(browser, "/approve")
    goes_on(browser)
    assert "回覆單 WK00042 已核可" in browser.text
    assert f"/desk/reviews/replies/{third}/approve" in browser.text
    assert "第 2 張，共 2 張" in browser.text
    assert sends(browser, "/return", reason="") == 422
    assert "第 2 張，共 2 張" in browser.text
    sends(browser, "/return", reason="請補充訪視情形")
    goes_on(browser)
    assert "回覆單 WK00043 已退件" in browser.text
    assert "後面沒有回覆單了" in browser.text
    assert "1 張回覆單等您審核" in browser.text
    assert f'href="/desk/reviews/replies/{first}?at=0"' in browser.text


@pytest.mark.parametrize("at", ["", "?at=x", "?at=-1"])
def test_a_form_that_was_not_reached_from_the_list_leads_back_to_it(sender: Sender, seated: Seated, at: str) -> None:
    dispatch, browser = sender.reply(), seated(Role.SUPERVISOR)
    browser.opens(f"/desk/reviews/replies/{dispatch}{at}")
    assert "看下一張" not in browser.text
    assert sends(browser, "/approve") == 303
    assert "目前沒有等您審核的回覆單" in browser.text


def test_a_thousand_characters_are_a_reason(core_sqlite: Core, sender: Sender, seated: Seated) -> None:
    browser, closure = seated(Role.SUPERVISOR), sender.closure()
    browser.opens(f"/desk/reviews/closures/{closure}")
    assert sends(browser, "/return", reason="字" * 1001) == 422
    assert sends(browser, "/return", reason="字" * 1000) == 303
    assert closure_state(core_sqlite, closure) is ClosureState.RETURNED


def test_a_closure_is_shown_with_its_conditions_and_approved(core_sqlite: Core, sender: Sender, seated: Seated) -> None:
    closure, browser = sender.closure(), seated(Role.SUPERVISOR)
    browser.opens("/desk/")
    assert 'href="/desk/reviews?of=closures"' in browser.text
    browser.opens("/desk/reviews")
    assert "1 張結案單等您審核" in browser.text
    browser.opens(f"/desk/reviews/closures/{closure}")
    for shown in ("李小美", "已無學籍", "轉學，115/03/03", "本市學校：板橋國小", "風險已解除", "✓ 符合"):
        assert shown in browser.text
    assert "現在不能核可" not in browser.text
    assert sends(browser, "/approve") == 303
    assert closure_state(core_sqlite, closure) is ClosureState.APPROVED


def test_a_closure_that_does_not_hold_any_more_says_why_and_cannot_be_approved(
    core_sqlite: Core, sender: Sender, seated: Seated
) -> None:
    closure, browser = sender.closure(), seated(Role.SUPERVISOR)
    browser.opens(f"/desk/reviews/closures/{closure}")
    before = browser.page
    with core_sqlite.store.transaction() as session:
        session.execute(delete(WorkRecord))
    browser.opens(f"/desk/reviews/closures/{closure}")
    assert "現在不能核可" in browser.text
    assert not [action for action, _ in forms(browser.text) if action.endswith("/approve")]
    browser.page = before
    assert sends(browser, "/approve") == 422
    assert "現在不能核可" in browser.text
    assert closure_state(core_sqlite, closure) is ClosureState.APPLIED


def test_a_check_is_returned_with_a_reason(core_sqlite: Core, sender: Sender, seated: Seated) -> None:
    number, browser = sender.check(), seated(Role.SUPERVISOR)
    browser.opens("/desk/reviews?of=checks")
    assert "1 張檢核單可以退件" in browser.text
    browser.opens(f"/desk/reviews/checks/{number}")
    for shown in ("林小華", "本校學生", "A1****", "主要照顧者疏忽", "營養午餐補助", "有需求：", "無需求："):
        assert shown in browser.text
    assert "A1999" not in browser.text
    assert sends(browser, "/return", reason=" ") == 422
    assert sends(browser, "/return", reason="請補充案家用餐情形") == 303
    assert check_state(core_sqlite, number) is CheckState.RETURNED
    with core_sqlite.store.reading() as session:
        assert core_sqlite.vault.open(session.scalars(select(CheckReturn)).one().reason) == "請補充案家用餐情形"


def test_a32_the_second_of_two_learns_what_the_first_did(sender: Sender, seated: Seated) -> None:
    dispatch, closure, number = sender.reply(), sender.closure(), sender.check()
    ways = (f"replies/{dispatch}", f"closures/{closure}", f"checks/{number}")
    for way in ways:
        first, second = seated(Role.SUPERVISOR), seated(Role.SUPERVISOR)
        for browser in (first, second):
            browser.opens(f"/desk/reviews/{way}")
        assert sends(first, "/return", reason="請更正") == 303
        assert sends(second, "/return", reason="請再補件") == 409
        why = second.text.partition('role="alert">')[2].partition("<")[0]
        assert re.search(r"115/03/04 10:00 退(件|回)", why)
        assert re.search("由 A[A-Z][0-9]{4} 在|陳○君", why)
        assert ">請再補件</textarea>" in second.text
        leads_on_to(second, "/desk/reviews", f"/desk/reviews/{way}")


def test_a_form_that_was_corrected_meanwhile_is_not_decided_unseen(
    core_sqlite: Core, sender: Sender, seated: Seated
) -> None:
    dispatch, closure, number = sender.reply(), sender.closure(), sender.check()
    first, second = seated(Role.SUPERVISOR), seated(Role.SUPERVISOR)
    again: dict[str, Callable[[], None]] = {
        f"replies/{dispatch}": lambda: sender.replies(dispatch, replace(REPLY, goal="另一個目標")),
        f"closures/{closure}": lambda: sender.corrects(closure),
        f"checks/{number}": lambda: sender.checks(number),
    }
    for way, sent_again in again.items():
        for browser in (first, second):
            browser.opens(f"/desk/reviews/{way}")
        assert sends(first, "/return", reason="請更正") == 303
        sent_again()
        as_it_was = second.page
        for act in ("/return",) if way.startswith("checks") else ("/approve", "/return"):
            second.page = as_it_was
            assert (way, act, sends(second, act, reason="請更正")) == (way, act, 409)
            assert "請先看過現在的內容" in second.text
    assert state_of(core_sqlite, dispatch) is DispatchState.SUBMITTED
    assert closure_state(core_sqlite, closure) is ClosureState.APPLIED
    assert check_state(core_sqlite, number) is CheckState.CHECKED


def test_numbers_and_lists_agree_page_by_page(core_sqlite: Core, place: Place, sender: Sender, seated: Seated) -> None:
    for _ in range(views.ROWS + 1):
        a_dispatch(core_sqlite, place.school, state=DispatchState.SUBMITTED)
    for has_need in (True, False, None):
        a_check(core_sqlite, place.school, state=CheckState.CHECKED, has_need=has_need)
    a_check(core_sqlite, place.other_centre, state=CheckState.CHECKED, has_need=True)
    a_dispatch(core_sqlite, place.other_centre, state=DispatchState.SUBMITTED)
    sent = sender.reply()
    browser = seated(Role.SUPERVISOR)
    browser.opens("/desk/")
    assert f'href="/desk/reviews?of=replies"><strong>{views.ROWS + 2}</strong> <span>回覆單' in browser.text
    browser.opens("/desk/reviews")
    for shown in (f"回覆單 {views.ROWS + 2} 件", "結案單 0 件", "檢核單 3 件"):
        assert shown in browser.text
    assert browser.text.index(f"/desk/reviews/replies/{sent}") < browser.text.index("在主系統"), (
        "sent here, known since"
    )
    assert rows(browser) == views.ROWS
    browser.opens(f"/desk/reviews?of=replies&start={views.ROWS}")
    assert rows(browser) == 2
    browser.opens("/desk/reviews?of=checks")
    assert rows(browser) == 3
    browser.opens("/desk/reviews?of=closures")
    assert "目前沒有等您審核的結案單" in browser.text


def rows(browser: Browser) -> int:
    return browser.text.count('role="rowheader"')


def test_a28_anothers_and_what_was_never_sent_is_as_if_not_there(
    core_sqlite: Core, place: Place, seated: Seated
) -> None:
    theirs = a_dispatch(core_sqlite, place.other_centre, state=DispatchState.SUBMITTED).id
    unsent = a_dispatch(core_sqlite, place.school).id
    others_check = a_check(core_sqlite, place.other_centre, state=CheckState.CHECKED, has_need=True).number
    browser = seated(Role.SUPERVISOR)
    paths = (f"replies/{theirs}", f"replies/{unsent}", "replies/987654", f"replies/{2**31}", "closures/987654")
    for path in (*paths, f"checks/{others_check}", f"checks/{place.check_number}", "checks/NONE"):
        assert (path, browser.opens(f"/desk/reviews/{path}").status_code) == (path, 404)


def test_ones_own_form_has_no_buttons(core_sqlite: Core, app: Flask, place: Place) -> None:
    held = (Permission.CASEWORKER, Permission.MEAL_CHECKS, Permission.SUPERVISOR)
    both = an_account(core_sqlite, place.school, role=Role.SUPERVISOR, permissions=held)
    own = Sender(core_sqlite, place, both)
    ways = (f"replies/{own.reply()}", f"closures/{own.closure()}", f"checks/{own.check()}")
    client = app.test_client()
    client.set_cookie(SETTINGS.cookie, session_of(core_sqlite, both))
    browser = Browser(client)
    for way in ways:
        browser.opens(f"/desk/reviews/{way}")
        assert "這是您自己送出的" in browser.text
        assert [action for action, _ in forms(browser.text) if "reviews" in action] == []


def test_what_the_main_system_holds_says_so_and_can_be_decided(core_sqlite: Core, place: Place, seated: Seated) -> None:
    dispatch = a_dispatch(core_sqlite, place.school, state=DispatchState.SUBMITTED).id
    browser = seated(Role.SUPERVISOR)
    browser.opens(f"/desk/reviews/replies/{dispatch}")
    assert "內容在主系統" in browser.text
    assert sends(browser, "/approve") == 303
    assert state_of(core_sqlite, dispatch) is DispatchState.ANSWERED


def test_reasons_that_cannot_stand_alone_are_pointed_out(sender: Sender, seated: Seated) -> None:
    weak = replace(DECLINING, reasons=frozenset({NotOpenReason.REFUSED}), has_no_vulnerability=True)
    dispatch, browser = sender.reply(form=weak), seated(Role.SUPERVISOR)
    browser.opens(f"/desk/reviews/replies/{dispatch}")
    assert "REPLY-7" in browser.text
    assert "經評估無脆弱家庭情事" in browser.text


def test_what_is_shown_and_decided_is_in_the_audit(core_sqlite: Core, sender: Sender, seated: Seated) -> None:
    dispatch, browser = sender.reply(), seated(Role.SUPERVISOR)
    browser.opens(f"/desk/reviews/replies/{dispatch}")
    sends(browser, "/return", reason="請更正")
    with core_sqlite.store.reading() as session:
        of_it = AuditRow.subject == f"dispatch:{dispatch}"
        acts = session.scalars(select(AuditRow.act).where(of_it).order_by(AuditRow.id)).all()
    assert acts[-2:] == ["show_reply", "return_reply"]
