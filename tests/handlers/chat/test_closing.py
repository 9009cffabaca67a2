"""可以結案嗎: by word, with a number, by button, in a dialog; never another unit's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from core.accounts.models import Permission
from core.buttons import AskClosing, ExplainClosing
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.records.kinds import Schooling
from handlers.chat.closing import LISTED
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.databases import Beginnings
from tests.handlers.chat.transcript import Chat
from tests.services import Serving, a_service, a_serving_school

DISPATCHED = date(2026, 1, 5)
DAYS = [date(2026, month, 10) for month in range(1, 7)]
RIPE = date(2026, 7, 5)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 7, 5, 12, tzinfo=TAIPEI))


@pytest.fixture
def serving(core_sqlite: Core, beginnings: Beginnings) -> Serving:
    return replace(beginnings.of(core_sqlite, begun), core=core_sqlite)


def begun(core: Core) -> Serving:
    return a_serving_school(core, DISPATCHED)


@pytest.fixture
def chat(serving: Serving) -> Chat:
    return Chat(serving.core, serving.caseworker)


@pytest.mark.parametrize(
    "text",
    ["可以結案嗎 案件 WK00017", "可以結案嗎WK00017", "案件 WK00017 可以結案嗎？", "wk00017能結案嗎", "結案 WK00017"],
)
def test_a_case_that_may_be_closed(chat: Chat, serving: Serving, text: str) -> None:
    serving.records([*DAYS, RIPE])
    chat.says(text)
    chat.sees("可以申請結案", "WK00017", "王○明", "就學情形穩定", "✓ 符合", "今天就可以送出結案單", "？ 請評估")
    chat.sees_no("王小明", "✗ 尚未", "最早可結案")
    assert "WK" not in chat.previews


def test_what_is_missing_and_from_when(chat: Chat, serving: Serving, clock: FixedClock) -> None:
    clock.at = datetime(2026, 4, 20, 12, tzinfo=TAIPEI)
    serving.records([date(2026, 1, 10), date(2026, 3, 10)], Schooling.UNSTABLE)
    chat.says("可以結案嗎 案件 WK00017")
    chat.sees(
        "還不能結案",
        "自最後一次派案起滿六個月 ✗ 尚未",
        "請於 115/07/05 以後結案",
        "工作紀錄缺 115/02/04–115/03/05。",
        "請補登這些期間實際提供的服務",
        "（CLOSE-2）",
        "最早可結案 115/07/05（日）",
    )
    progress = next(block for block in chat.answer.messages[0].blocks if block.kind == "progress")  # type: ignore[union-attr]
    assert (progress.done, progress.total) == (2, 3)  # type: ignore[union-attr]


def test_many_gaps_are_named_shortly(chat: Chat) -> None:
    chat.says("可以結案嗎 WK00017")
    chat.sees("等 6 段", "尚無工作紀錄")


def test_a_case_is_asked_for_and_the_dialog_ends_with_it(chat: Chat, serving: Serving) -> None:
    another_family(serving)
    chat.says("可以結案嗎")
    chat.sees("處理中的個案有 2 件", "WK00017 王○明", "WK00018", "取消")
    chat.says("不知道")
    chat.sees("英文字母加數字")
    chat.says("wk00017")
    chat.sees("還不能結案", "WK00017")
    assert not chat.dialog.name


def another_family(serving: Serving) -> None:
    a_service(serving.core, serving.unit, a_case(serving.core, number="WK00018"), DISPATCHED)


def test_the_one_case_that_is_open_is_answered_about_at_once(chat: Chat) -> None:
    chat.says("可以結案嗎")
    chat.sees("還不能結案", "WK00017", "還差 3 項：就學情形穩定（綠燈）、工作紀錄沒有缺漏")
    assert not chat.dialog.name


def test_of_several_open_cases_one_is_chosen_by_button(chat: Chat, serving: Serving) -> None:
    another_family(serving)
    chat.says("我想結案")
    chat.presses("WK00018")
    chat.sees("WK00018", "還不能結案")
    assert not chat.dialog.name


def test_who_has_nothing_open_is_told_so_and_may_name_a_case(core_sqlite: Core) -> None:
    idle = Chat(core_sqlite, an_account(core_sqlite, permissions=(Permission.CASEWORKER,)))
    idle.says("可以結案嗎")
    idle.sees("沒有處理中的個案", "請輸入要結案的案件編號")


def test_more_open_cases_than_fit_are_said_to_be_more(chat: Chat, serving: Serving) -> None:
    for number in range(LISTED):
        a_service(serving.core, serving.unit, a_case(serving.core, number=f"WK2{number:04}"), DISPATCHED)
    chat.says("可以結案嗎")
    chat.sees(f"處理中的個案有 {LISTED + 1} 件", f"先列最早派案的 {LISTED} 件")


def test_what_is_missing_is_said_first(chat: Chat, serving: Serving) -> None:
    serving.records([*DAYS, RIPE])
    chat.says("可以結案嗎")
    chat.sees("只差您評估是否仍有脆弱家庭情事")
    first = chat.answer.messages[0].blocks[0] if chat.answer else None  # type: ignore[union-attr]
    assert first is not None
    assert "只差" in str(first)


def test_from_the_case_by_button_and_back(chat: Chat) -> None:
    chat.says("案件 WK00017")
    chat.presses("可以結案嗎")
    chat.sees("還不能結案")
    chat.presses("看案件")
    chat.sees("案件 WK00017")


@pytest.mark.parametrize("number", ["WK00018", "WK99999", "WK00017" + "0" * 33])
def test_anothers_case_equals_one_that_is_not_there(chat: Chat, serving: Serving, number: str) -> None:
    a_service(serving.core, a_unit(serving.core, "海山國民小學"), a_case(serving.core, number="WK00018"), DISPATCHED)
    chat.says(f"可以結案嗎 {number}")
    chat.sees("查無資料")


def test_a_closed_case_has_nothing_to_close(chat: Chat, serving: Serving) -> None:
    serving.records([*DAYS, RIPE])
    chat.says("可以結案嗎 WK00017")
    with serving.acting() as ctx:
        ctx.session.get_one(type(serving.service), serving.service.id).closed_on = RIPE
    chat.presses_data(AskClosing("WK00017"))
    chat.sees("沒有可以結案的", "案件 WK00017", "王○明")


def test_a_case_that_is_not_opened_yet_shows_how_it_stands(chat: Chat, serving: Serving) -> None:
    a_dispatch(serving.core, serving.unit, number="WK00018")
    chat.says("可以結案嗎 WK00018")
    chat.sees("沒有可以結案的", "案件 WK00018", "待回覆")


def test_a_supervisor_sees_each_unit_that_serves_the_family(serving: Serving) -> None:
    other = a_unit(serving.core, "新店高級中學", parent=serving.bureau)
    with serving.acting() as ctx:
        case = ctx.session.get_one(type(a_case(ctx)), serving.service.case_id)
    a_service(serving.core, other, case, date(2026, 3, 1))
    chat = Chat(serving.core, serving.supervisor)
    chat.says("可以結案嗎 WK00017")
    chat.sees("永平國民小學", "新店高級中學")


def test_without_the_permission_nothing_is_shown(core_sqlite: Core, serving: Serving) -> None:
    checker = Chat(core_sqlite, an_account(core_sqlite, serving.unit, permissions=()))
    checker.says("可以結案嗎 WK00017")
    checker.sees("沒有這項權限")


def test_the_answer_says_how_it_came_about(chat: Chat, serving: Serving) -> None:
    serving.records([*DAYS, RIPE])
    chat.says("可以結案嗎 WK00017")
    chat.presses("怎麼算的")
    chat.sees("能否結案的判斷", "自最後一次派案起滿六個月", "CLOSE-11", "結案進度的歸類", "尚未送出", "CLOSE-10")
    chat.presses_data(ExplainClosing(99999))
    chat.sees("查無資料")


def test_the_figures_of_closing_lead_to_their_lists(chat: Chat) -> None:
    chat.says("結案進度")
    chat.sees("處理中個案 1", "結案申請中 0", "督導退件 0", "已結案 0")
    chat.presses("處理中個案")
    chat.sees("處理中個案共 1 件", "WK00017", "王○明", "永平國民小學")
    chat.presses("可以結案嗎")
    chat.sees("WK00017")


@pytest.mark.parametrize("name", ["處理中個案", "結案申請中", "督導退件", "已結案個案"])
def test_a_bucket_of_closing_is_shown_by_its_name(chat: Chat, name: str) -> None:
    chat.says(name)
    chat.sees("共 1 件" if name == "處理中個案" else "目前沒有個案")


def test_a_long_list_of_services_goes_on(chat: Chat, serving: Serving) -> None:
    for number in range(11):
        a_service(serving.core, serving.unit, a_case(serving.core, number=f"WK1{number:04}"), DISPATCHED)
    chat.says("處理中個案")
    chat.sees("處理中個案共 12 件，這是第 1 到 10 件")
    chat.says("更多")
    chat.sees("這是第 11 到 12 件")
