"""客服 as a transcript: kinds, steps, a conversation that takes everything, its end, and the history (HELP)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.answering import Answered, Reply, answer, solve
from core.helpdesk.models import EntryKind, HelpEntry, HelpFile, HelpRequest, HelpState
from core.helpdesk.rules import Then
from tests.builders import a_unit, an_account
from tests.handlers.chat.transcript import Chat

FRIDAY_EVENING = "2026-11-20T18:00"
MONDAY_MORNING = "2026-11-23T09:00"


def set_clock(core: Core, moment: str) -> None:
    assert isinstance(core.clock, FixedClock)
    core.clock.at = datetime.fromisoformat(f"{moment}+08:00")


@pytest.fixture
def agent(core_sqlite: Core) -> Actor:
    account = an_account(core_sqlite, a_unit(core_sqlite, "社會局資訊室"), role=Role.HELPDESK)
    with core_sqlite.reading(system("test"), Door.JOB) as ctx:
        found = actor_of(ctx.session, account.id, ctx.today)
    assert found is not None
    return found


def the_request(core: Core) -> HelpRequest:
    with core.reading(system("test"), Door.JOB) as ctx:
        return ctx.session.scalars(select(HelpRequest).order_by(HelpRequest.id.desc())).first() or pytest.fail("none")


def entries(core: Core) -> list[tuple[EntryKind, str | None]]:
    with core.reading(system("test"), Door.JOB) as ctx:
        rows = ctx.session.scalars(select(HelpEntry).order_by(HelpEntry.id))
        return [(row.kind, ctx.vault.open(row.text) if row.text else None) for row in rows]


def answers(core: Core, agent: Actor, text: str, then: Then = Then.WAIT) -> Answered:
    row = the_request(core)
    with core.transaction(agent, Door.DESK) as ctx:
        sent = answer(ctx, row.id, Reply(text, row.newest_entry, then))
    assert isinstance(sent, Answered)
    return sent


def test_friday_evening_is_answered_by_monday_half_past_twelve(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, FRIDAY_EVENING)
    chat.says("客服")
    chat.sees("哪一類", "系統報修", "3718", "113")
    chat.presses("6 系統報修")
    chat.sees("系統報修", "截圖", "不是客服時間", "113")
    chat.says("回覆單按送出沒有反應", "m1")
    chat.sees("已收到", "115/11/23 12:30", "不是客服時間", "結束")
    assert the_request(core_sqlite).state is HelpState.NEW
    assert entries(core_sqlite) == [(EntryKind.TEXT, "回覆單按送出沒有反應")]


def test_login_trouble_gets_its_steps_first(core_sqlite: Core, stranger: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    stranger.says("客服")
    stranger.presses("1 登入問題")
    stranger.sees("大小寫", "公務雲", "30 分鐘", "8500")
    stranger.presses("解決了")
    stranger.sees("太好了")
    stranger.says("忘記密碼")
    stranger.presses("還是不行，找真人")
    stranger.says("AB1234 一直說密碼錯誤")
    stranger.sees("已收到", "登入問題", "115/11/23 13:00")


def test_a_kind_can_be_typed_by_name_or_number(core_sqlite: Core, chat: Chat) -> None:
    chat.says("客服")
    chat.says("隨便")
    chat.sees("請按下面的類別")
    chat.says("６")
    chat.sees("【系統報修】")
    chat.says("取消")
    chat.says("真人")
    chat.says("案件資料")
    chat.sees("【案件資料】")
    assert core_sqlite is chat.core


@pytest.mark.parametrize("blank", ["　", "。。", "無"])
def test_a_blank_problem_is_asked_again_as_one_of_its_kind(stranger: Chat, blank: str) -> None:
    stranger.says("系統報修")
    stranger.says(blank)
    stranger.sees("請用文字寫下遇到的問題", "【系統報修】請寫下在哪個畫面")
    stranger.sees_no("【其他問題】")


def test_what_is_written_belongs_to_the_request_and_menu_words_to_the_bot(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的", "m1")
    chat.says("剛剛又試了一次還是一樣", "m2")
    assert chat.answer is None
    chat.says("待辦")
    chat.sees("沒有待辦")
    chat.sends("image", message_id="m3")
    assert chat.answer is None
    chat.sends("sticker", "哭哭", "m4")
    chat.sends("file", "畫面.pdf", "m5")
    assert entries(core_sqlite) == [
        (EntryKind.TEXT, "畫面是白的"),
        (EntryKind.TEXT, "剛剛又試了一次還是一樣"),
        (EntryKind.PICTURE, ""),
        (EntryKind.STICKER, "哭哭"),
        (EntryKind.FILE, "畫面.pdf"),
    ]
    with core_sqlite.reading(system("test"), Door.JOB) as ctx:
        assert len(ctx.session.scalars(select(HelpFile)).all()) == 2


def test_the_same_message_again_adds_nothing(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的", "m1")
    chat.says("補充說明", "m2")
    chat.says("補充說明", "m2")
    assert len(entries(core_sqlite)) == 2


def test_after_hours_it_is_said_once_a_night_when_somebody_is_there(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    set_clock(core_sqlite, "2026-11-23T19:00")
    chat.says("還有一個問題想請教")
    chat.sees("已轉給客服", "不是客服時間", "113")
    chat.says("就是列印那裡")
    assert chat.answer is None
    set_clock(core_sqlite, "2026-11-24T20:00")
    chat.says("請問有人在嗎這裡")
    chat.sees("不是客服時間")


def test_no_time_that_is_over_is_named_as_the_one_to_come(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    chat.sees("預計回覆 115/11/23 13:00 前")
    set_clock(core_sqlite, "2026-11-23T13:00")
    chat.says("我的報修紀錄")
    chat.presses("接著問")
    chat.sees("預計 115/11/23 13:00 前回覆")
    set_clock(core_sqlite, "2026-11-23T19:00")
    chat.says("還有一個問題想請教")
    chat.sees("很抱歉，已經超過預計回覆的時間", "不是客服時間")
    chat.sees_no("13:00")


def test_danger_comes_before_the_conversation_and_is_in_it(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    chat.says("有學生說想自殺怎麼辦", "m2")
    chat.sees("110", "1925")
    assert entries(core_sqlite)[-1] == (EntryKind.TEXT, "有學生說想自殺怎麼辦")


def test_a_picture_can_be_the_first_word(core_sqlite: Core, chat: Chat) -> None:
    chat.says("報修")
    chat.sends("image", message_id="m1")
    chat.sees("已收到")
    assert entries(core_sqlite) == [(EntryKind.PICTURE, "")]


def test_an_answer_waits_for_the_user_whose_words_open_it_again(core_sqlite: Core, chat: Chat, agent: Actor) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    assert answers(core_sqlite, agent, "請問是哪個瀏覽器？").state is HelpState.WAITING
    assert the_request(core_sqlite).solve_due_at is None
    set_clock(core_sqlite, "2026-11-24T09:00")
    chat.says("我用的是 Edge 喔", "m2")
    row = the_request(core_sqlite)
    assert row.state is HelpState.OPEN
    assert row.solve_due_at == datetime.fromisoformat("2026-11-27T09:00+08:00")


def test_the_user_ends_it_and_rates(core_sqlite: Core, chat: Chat, agent: Actor) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    answers(core_sqlite, agent, "請清除 Cookie。")
    chat.says("結束")
    chat.sees("已結束提問")
    chat.presses("有幫上忙")
    chat.sees("謝謝您的回饋")
    row = the_request(core_sqlite)
    assert (row.state, row.rating, row.answer_due_at, row.solve_due_at) == (HelpState.SOLVED, 1, None, None)
    chat.says("畫面是白的呢")
    chat.sees("不太確定")


def test_one_that_did_not_help_goes_on(core_sqlite: Core, chat: Chat, agent: Actor) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    answers(core_sqlite, agent, "請清除 Cookie。", Then.SOLVE)
    number = the_request(core_sqlite).id
    chat.says("我的報修紀錄")
    chat.sees("共 1 件", "已解決", "畫面是白的")
    set_clock(core_sqlite, "2026-11-30T08:59")
    chat.presses("接著問")
    chat.sees(f"提問 {number}")
    chat.says("清了還是一樣耶", "m9")
    assert the_request(core_sqlite).state is HelpState.OPEN


def test_a31_after_seven_days_a_solved_request_stays_solved(core_sqlite: Core, chat: Chat, agent: Actor) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    with core_sqlite.transaction(agent, Door.DESK) as ctx:
        solve(ctx, the_request(core_sqlite).id)
    chat.says("我的報修紀錄")
    set_clock(core_sqlite, "2026-11-30T09:00")
    chat.presses("接著問")
    chat.sees("超過 7 天", "HELP-5")
    assert the_request(core_sqlite).state is HelpState.SOLVED


def test_who_has_an_unsolved_request_is_offered_to_go_on(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的")
    chat.says("客服")
    chat.sees("正在和客服對話")
    clock = core_sqlite.clock
    assert isinstance(clock, FixedClock)
    clock.move(timedelta(hours=72))
    chat.says("就是那個白的")
    chat.sees("不太確定")
    chat.says("客服")
    chat.sees("還有一件處理中的問題", "哪一類")
    chat.presses("接著問")
    chat.says("現在變成黑的了", "m7")
    assert entries(core_sqlite)[-1] == (EntryKind.TEXT, "現在變成黑的了")


def test_a13_a_message_taken_back_is_erased(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("我的密碼是 abcd", "m1")
    chat.takes_back("m1")
    assert entries(core_sqlite) == [(EntryKind.TEXT, None)]
    assert core_sqlite.vault.open(the_request(core_sqlite).subject) == ""
    chat.says("我的報修紀錄")
    chat.sees("沒有文字")


def test_a13_a_later_message_taken_back_leaves_the_subject(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.says("報修")
    chat.says("畫面是白的", "m1")
    chat.says("我的密碼是 abcd", "m2")
    chat.takes_back("m2")
    assert core_sqlite.vault.open(the_request(core_sqlite).subject) == "畫面是白的"


def test_a28_anothers_request_is_not_there(chat: Chat, stranger: Chat) -> None:
    chat.says("報修")
    chat.says("畫面是白的")
    chat.says("我的報修紀錄")
    card = chat.answer
    stranger.answer = card
    stranger.presses("接著問")
    stranger.sees("查無資料")
    stranger.takes_back("m1")
    stranger.says("我的報修紀錄")
    stranger.sees("還沒有")


def test_only_a_token_the_bot_left_unused_answers_for_a_person(core_sqlite: Core, chat: Chat, agent: Actor) -> None:
    set_clock(core_sqlite, MONDAY_MORNING)
    chat.reply_token = "first"
    chat.says("報修")
    chat.says("畫面是白的")
    assert the_request(core_sqlite).reply_token is None
    chat.reply_token = "second"
    chat.says("還是白的", "m2")
    assert the_request(core_sqlite).reply_token is not None
    answers(core_sqlite, agent, "請清除 Cookie。")
    assert the_request(core_sqlite).reply_token is None


def test_on_a_day_off_it_is_said_which_and_when_somebody_is_back(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, "2026-10-10T10:00")
    chat.says("報修")
    chat.sees("今天不上班（國慶日）", "115/10/12 08:30 起有人回覆")
    chat.says("畫面是白的")
    chat.sees("今天不上班（國慶日）")


def test_in_the_evening_only_when_somebody_is_back_is_said(core_sqlite: Core, chat: Chat) -> None:
    set_clock(core_sqlite, FRIDAY_EVENING)
    chat.says("報修")
    chat.sees("115/11/23 08:30 起有人回覆")
    chat.sees_no("今天不上班")
