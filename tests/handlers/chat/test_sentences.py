"""Follow-ups, two wishes at once, small talk and forms: as people write them, turn after turn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.clock import FixedClock
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

DISPATCHED = date(2026, 3, 1)
LATER = date(2026, 3, 2)


@pytest.fixture
def listed(chat: Chat, school: School) -> Chat:
    """Somebody who looks at two cases to reply to, WK00017 first."""
    school.dispatch("WK00017", DISPATCHED, child_name="王小明")
    school.dispatch("WK00018", LATER, child_name="林雅婷")
    chat.says("待回覆")
    chat.sees("WK00017", "WK00018")
    return chat


def test_items_of_a_list_are_followed_up(listed: Chat) -> None:
    listed.says("那第二個呢")
    listed.sees("案件 WK00018")
    listed.says("怎麼算的 WK00017")
    listed.says("剛剛那個誰負責")
    listed.sees("案件 WK00017")
    listed.says("第一個")
    listed.sees("案件 WK00017")
    listed.says("下一筆")
    listed.sees("案件 WK00018")
    listed.says("不是，是WK00017")
    listed.sees("案件 WK00017")


def test_the_next_one_is_asked_the_same(listed: Chat) -> None:
    listed.says("第一個怎麼算的")
    listed.sees("WK00017", "115/03/11")
    listed.says("那下一個呢")
    listed.sees("WK00018", "115/03/12")


def test_none_of_a_list_is_no_dead_end(listed: Chat) -> None:
    listed.says("都不是")
    listed.sees("沒關係", "「查」加上姓名", "客服")
    assert not listed.dialog.misunderstood


def test_what_was_seen_is_forgotten_with_the_time_of_a_dialog(listed: Chat, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=29, seconds=59))
    listed.says("第二個")
    listed.sees("案件 WK00018")
    clock.move(timedelta(minutes=30))
    listed.says("第二個")
    listed.sees_no("案件 WK00018")
    listed.sees("目前沒有開著的清單")


@pytest.mark.usefixtures("listed")
def test_a_list_of_others_lies_on_no_other_phone(other_school: School) -> None:
    neighbour = other_school.chat()
    neighbour.says("第二個")
    neighbour.sees_no("WK0001")


def test_a_choice_is_typed_by_its_number(chat: Chat, school: School) -> None:
    school.dispatch("WK10031", DISPATCHED, child_name="王小明")
    school.dispatch("WK10032", DISPATCHED, child_name="林雅婷")
    chat.says("查 1003")
    chat.sees("是哪一件")
    chat.says("2")
    chat.sees("案件 WK10031")


def test_two_things_that_only_show_something_are_both_shown(listed: Chat) -> None:
    listed.says("WK00017跟WK00018期限各是多少")
    listed.sees("案件 WK00017", "案件 WK00018")
    listed.sees_no("先做哪一件")


def test_two_things_of_which_one_asks_something_are_chosen_from(listed: Chat) -> None:
    listed.says("看一下待辦 然後我要改信箱")
    listed.sees("先做哪一件", "待辦", "改信箱")
    listed.says("第二個")
    listed.sees("要改成哪個信箱")


def test_a_second_wish_that_is_not_understood_is_not_dropped_silently(listed: Chat) -> None:
    listed.says("WK00017什麼時候要回，還有咖啡機怎麼了")
    listed.sees("案件 WK00017", "您還說了「咖啡機怎麼了」", "客服")


def test_a_clear_sentence_leaves_a_step_that_cannot_read_it(listed: Chat) -> None:
    listed.says("改信箱")
    listed.says("等等 先看待辦")
    listed.sees("WK00017", "件待辦")
    assert listed.dialog.name != "email"
    listed.says("改信箱")
    listed.says("好")
    listed.sees("不是電子郵件地址")
    assert listed.dialog.name == "email"


def test_a_name_in_the_last_clause_is_looked_for(listed: Chat) -> None:
    for text in ("等一下再弄 先查林雅婷", "案件", "忘了編號 是林雅婷的"):
        listed.says(text)
    listed.sees("案件 WK00018")


def test_a_hyphen_in_a_number_is_forgiven(listed: Chat) -> None:
    listed.says("Wk-00017")
    listed.sees("案件 WK00017")
    listed.says("WK-99999")
    listed.sees("查無資料")


def test_a_date_behind_a_number_does_not_grow_onto_it(listed: Chat) -> None:
    listed.says("WK00017 3/1派的 最晚哪天回")
    listed.sees("WK00017", "115/03/11")


def test_the_light_and_the_records_of_one_case(listed: Chat, other_school: School) -> None:
    listed.says("WK00017為什麼是紅燈")
    listed.sees("案件燈號的判斷")
    listed.says("WK00017還缺哪些紀錄")
    listed.sees_no("查無資料")
    other_school.dispatch("WK00050", DISPATCHED)
    for number in ("WK00050", "WK99999"):
        listed.says(f"{number}還缺哪些紀錄")
        listed.sees("查無資料")


@pytest.mark.parametrize(
    "text", ["好", "好的～", "嗯嗯", "OK", "沒事了", "不用了", "知道了 謝啦", "👌", "收到", "沒有了"]
)
def test_small_talk_is_not_called_unclear(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees_no("看不懂", "不太確定")
    assert not chat.dialog.misunderstood


def test_who_asks_what_this_is_is_told(chat: Chat) -> None:
    for text in ("你是機器人嗎", "你是誰", "你是真人嗎?", "are you a robot"):
        chat.says(text)
        chat.sees("由程式自動回覆", "客服")
    chat.says("在嗎")
    chat.sees("您好")


def test_a_report_form_is_given_and_the_hotlines_quietly(chat: Chat) -> None:
    for text in ("自殺通報的表在哪", "兒虐通報表怎麼填", "家暴通報單要去哪裡下載", "怎麼通報"):
        chat.says(text)
        chat.sees("關懷e起來", "113", "1925")
        chat.sees_no("緊急狀況請先撥電話")


def test_a_danger_is_answered_first_and_the_form_below(chat: Chat) -> None:
    for text in ("要填自殺通報表 他昨天割腕", "他上週自殺通報的表在哪", "剛剛學生說爸爸會打他 通報表在哪"):
        chat.says(text)
        chat.sees("緊急狀況請先撥電話", "關懷e起來")
        assert chat.shown.index("緊急狀況") < chat.shown.index("關懷e起來")


def test_a_slip_of_the_keyboard_reaches_the_word_that_sounds_alike(chat: Chat) -> None:
    chat.says("克福")
    chat.sees("想問哪一類的問題")
    chat.says("取消")
    chat.says("被腿件")
    chat.sees("被退件")


def test_nothing_is_made_of_what_is_no_small_talk(chat: Chat) -> None:
    chat.says("你好")
    chat.says("好吃")
    chat.sees("看不懂")
