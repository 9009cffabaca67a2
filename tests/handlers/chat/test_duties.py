"""待辦 and its lists: numbers, cards, workings, old buttons."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.accounts.models import Role
from core.audit import AuditRow
from core.buttons import ExplainDuty, MoreDuties, ShowBucket
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.dispatches.models import DispatchState
from core.duties.models import Duty
from tests.builders import an_account
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

DISPATCHED = date(2026, 3, 1)
HIGHEST = 2**31 - 1


def test_duties_show_numbers_due_dates_and_masked_names(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    chat.says("待辦")
    chat.sees("WK00017", "115/03/11", "王○明", "待回覆")
    chat.sees_no("王小明")


def test_a_dispatch_of_summer_2022_is_due_on_the_seventh_of_august(
    chat: Chat, school: School, clock: FixedClock
) -> None:
    clock.at = datetime(2026, 3, 4, 10, tzinfo=TAIPEI)
    school.dispatch("WK00001", date(2022, 7, 28))
    chat.says("待辦")
    chat.sees("111/08/07")
    chat.presses("怎麼算的")
    chat.sees("111/07/28", "111/07/29", "111/08/07", "REPLY-1")


def test_the_most_pressing_deadline_is_explained_by_word(chat: Chat, school: School) -> None:
    school.dispatch("WK00002", date(2026, 3, 2))
    school.dispatch("WK00001", DISPATCHED)
    chat.says("怎麼算的？")
    chat.sees("115/03/11", "REPLY-1")


def test_nothing_owed_is_said_kindly(chat: Chat) -> None:
    chat.says("待辦")
    chat.sees("沒有待辦")
    chat.says("怎麼算的")
    chat.sees("沒有期限可以說明")


def test_who_may_see_nothing_is_led_to_a_permission_instead_of_praised(core_sqlite: Core, school: School) -> None:
    newcomer = Chat(core_sqlite, an_account(core_sqlite, school.unit, permissions=()))
    newcomer.says("待辦")
    newcomer.sees("目前沒有待辦", "沒有案件或檢核單的權限")
    newcomer.sees_no("太好了")
    newcomer.presses("申請權限")
    newcomer.sees("要申請哪一項")


def test_a_role_without_duties_is_not_sent_for_permissions(core_sqlite: Core, school: School) -> None:
    agent = Chat(core_sqlite, an_account(core_sqlite, school.unit, role=Role.HELPDESK, permissions=()))
    agent.says("待辦")
    agent.sees("目前沒有待辦")
    agent.sees_no("申請權限")


def test_a_bucket_by_its_number_and_by_its_name(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", DISPATCHED)
    school.dispatch("WK00002", date(2026, 1, 5))
    chat.says("待辦")
    chat.presses("待回覆")
    chat.sees("WK00001")
    chat.sees_no("WK00002")
    chat.says("已逾期")
    chat.sees("WK00002")
    chat.sees_no("WK00001")


def test_an_empty_bucket_says_that_it_is_empty(chat: Chat) -> None:
    chat.says("被退件")
    chat.sees("被退件")


def test_more_rows_than_a_screen_holds(chat: Chat, school: School) -> None:
    for number in range(12):
        school.dispatch(f"WK1{number:04}", DISPATCHED + timedelta(days=number % 3))
    chat.says("待辦")
    chat.presses("還有 2 件")
    chat.sees("WK10011")
    chat.says("待回覆")
    chat.sees("WK10000")


def test_more_of_a_list_that_has_become_short_begins_anew(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", DISPATCHED)
    chat.presses_data(MoreDuties(10))
    chat.sees("WK00001")


@pytest.mark.parametrize(
    "data", ["", "1|why|x", "0|why|1", "1|why|1|1", "1|nothing", "1|why|" + "9" * 30, "1|case|\x00"]
)
def test_a29_a_tampered_or_old_button_shows_the_present_state(chat: Chat, school: School, data: str) -> None:
    school.dispatch("WK00001", DISPATCHED)
    chat.presses_data(data)
    chat.sees("過期", "WK00001")


@pytest.mark.parametrize("button", [ShowBucket("checks", "nothing", 0), ShowBucket("elsewhere", "late", 0)])
def test_a31_a_bucket_that_is_no_more_shows_the_present_state(chat: Chat, school: School, button: ShowBucket) -> None:
    school.dispatch("WK00001", DISPATCHED)
    chat.presses_data(button)
    chat.sees("過期", "WK00001")


@pytest.mark.parametrize(
    "button",
    [
        ExplainDuty(HIGHEST),
        MoreDuties(HIGHEST),
        ShowBucket("dispatches", "late", HIGHEST),
        ShowBucket("checks", "late", HIGHEST),
    ],
)
def test_the_highest_number_a_button_may_hold(chat: Chat, button: ExplainDuty | MoreDuties | ShowBucket) -> None:
    chat.presses_data(button)
    assert chat.answer is not None


def test_a28_another_schools_duty_equals_one_that_is_not_there(
    chat: Chat, other_school: School, core_sqlite: Core
) -> None:
    other_school.dispatch("WK00009", DISPATCHED)
    with core_sqlite.store.reading() as session:
        duty_id = session.scalars(select(Duty.id)).one()
    chat.presses_data(ExplainDuty(duty_id))
    theirs = chat.shown
    chat.presses_data(ExplainDuty(duty_id + 1))
    assert chat.shown == theirs
    chat.sees("查無資料")


def test_a_duty_met_meanwhile_is_in_no_list(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", DISPATCHED)
    chat.says("待辦")
    school.dispatch("WK00001", DISPATCHED, state=DispatchState.ANSWERED)
    chat.says("待回覆")
    chat.sees_no("WK00001")


def test_what_is_shown_is_in_the_audit(chat: Chat, school: School, core_sqlite: Core) -> None:
    school.dispatch("WK00001", DISPATCHED)
    chat.says("待辦")
    with core_sqlite.store.reading() as session:
        shown = session.scalars(select(AuditRow).where(AuditRow.act.like("show%"))).all()
    assert [row.actor for row in shown] == [school.caseworker.code]


def test_previews_hold_no_name_and_no_number(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", DISPATCHED)
    for text in ("待辦", "怎麼算的", "待回覆", "案件 WK00001", "選單", "綁定"):
        chat.says(text)
        assert "WK" not in chat.previews
        assert "王" not in chat.previews
        assert school.caseworker.code not in chat.previews


@pytest.fixture
def _many(school: School) -> None:
    for number in range(23):
        school.dispatch(f"WK1{number:04}", DISPATCHED)


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("word", ["待辦", "待回覆"])
def test_more_is_typed_page_by_page(chat: Chat, word: str) -> None:
    chat.says(word)
    chat.sees("WK10009", "輸入「更多」")
    chat.says("更多")
    chat.sees("WK10010", "WK10019")
    chat.says("更多")
    chat.sees("WK10022")
    chat.sees_no("還有")
    chat.says("更多")
    chat.sees("已經是最後一頁", "待辦")
    chat.says("更多")
    chat.sees("沒有開著的清單", "WK10000", "23 件待辦")


def test_more_of_a_list_of_one_page_says_that_it_was_all(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", date(2026, 3, 1))
    chat.says("待辦")
    chat.says("更多")
    chat.sees("已經是最後一頁")
    chat.says("取消")
    chat.sees("沒有進行中的步驟")


@pytest.mark.usefixtures("_many")
def test_more_after_something_else_begins_with_what_is_owed(chat: Chat) -> None:
    chat.says("待回覆")
    chat.says("選單")
    chat.says("更多")
    chat.sees("23 件待辦", "WK10000")


@pytest.mark.usefixtures("_many")
def test_a_list_left_alone_is_no_dialog_that_ends(chat: Chat, clock: FixedClock) -> None:
    chat.says("待辦")
    clock.at += timedelta(hours=2)
    chat.says("龍鳳呈祥")
    chat.sees("不太確定")
    chat.says("待辦")
    chat.says("取消")
    chat.sees("沒有進行中")


def test_a_list_that_became_short_meanwhile_begins_anew(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", DISPATCHED)
    chat.presses_data(ShowBucket("dispatches", "waiting", 10))
    chat.sees("WK00001", "待回覆共 1 件。")
