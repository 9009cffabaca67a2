"""常見問題: each answer says its rules' numbers, the numbers the core reckons with, and the way to a person."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.dispatches.rules import REPLY_DAYS
from core.policy import Policy
from core.records.rules import WINDOW_DAYS
from handlers.chat.faq import asked_day, read_day
from handlers.chat.understanding import Intent
from handlers.chat.views import faq as views
from handlers.chat.views.faq_topic import Topic
from handlers.chat.views.faq_topics import GROUPS, TOPICS
from tests.handlers.chat.transcript import Chat, actions

RULE = re.compile(r"(?:DUTY|CHK|REPLY|REC|CLOSE|ACC|OTP|HELP)-[0-9]+")
TODAY = date(2026, 3, 4)


def of(intent: Intent) -> Topic:
    return next(topic for topic in TOPICS if topic.intent is intent)


def text_of(topic: Topic, policy: Policy) -> str:
    return views.answered(topic, policy).to_json()


def test_every_question_of_the_recogniser_is_answered_once() -> None:
    asked = {intent for intent in Intent if intent.value.startswith("faq_")}
    assert len(TOPICS) == len(asked)
    assert {topic.intent for topic in TOPICS} == asked


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: str(topic.intent))
def test_an_answer_names_its_rules_and_a_person(chat: Chat, stranger: Chat, topic: Topic) -> None:
    assert bool(RULE.findall(topic.rules)) is (topic.intent is not Intent.FAQ_LETTERS)  # of LINE no rule says anything
    for each in (chat, stranger):
        each.says(topic.word)
        each.sees(topic.title, topic.rules, "問真人")
        assert "{" not in each.shown


def test_asking_a_person_begins_a_request_of_the_kind(chat: Chat) -> None:
    chat.says("結案單怎麼寫")
    chat.presses("問真人")
    chat.sees("寫下案件")
    assert (chat.dialog.name, chat.dialog.collected) == ("help", {"kind": "case"})


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("自然人憑證要怎麼綁", ["個人帳號管理", "3 次"]),
        ("檢核單有沒有需求怎麼判斷", ["非本校學生", "經濟困難", "CHK-3"]),
        ("慈輝生怎麼兩邊都派", ["派給兩校", "各自回覆", "REPLY-0"]),
        ("評估單一定要寫嗎", ["派案單的補充說明", "親職教育", "REPLY-10"]),
        ("新接案跟重新開案差在哪", ["主責人員", "補充說明", "REPLY-8"]),
        ("什麼時候要再通報", ["時間與序號", "轉介的單位", "CLOSE-5"]),
        ("結案單被退件", ["登打成工作紀錄", "刪除", "CLOSE-9"]),
        ("開學前要注意什麼", ["轉學或畢業", "督導退件", "CLOSE-12"]),
        ("字可以大一點嗎 老花看不到", ["字體大小"]),
        ("我要一份excel 開會要用", ["管理台", "2000 筆", "20 次"]),
        ("我送錯了可以收回嗎", ["督導退件", "CLOSE-9"]),
        ("幫我提醒雅婷", ["不會用您的名義", "3 天前", "DUTY-5"]),
        ("跟張老師說一聲", ["不會用您的名義"]),
        ("使用者怎麼解綁", ["帳號查詢", "解的是您自己的"]),
        ("剛剛收到信說我的帳號有人登入 不是我", ["3718", "更改密碼", "OTP-5"]),
        ("那個什麼碼打了好幾次都不對", ["連錯 3 次就作廢"]),
        ("不會有人看到我打的字吧", ["只有程式讀", "30 天"]),
        ("要怎麼請假的時候有人幫我代收", ["同一份清單", "ACC-9"]),
        ("檢核單 跟 回覆單 差在哪", ["24 小時", "10 天"]),
        ("有問題要找誰", ["2634", "2633", "8500", "3718", "分機 24", "分機 25", "social.ntpc.gov.tw"]),
    ],
)
def test_what_the_training_manual_answers_is_answered(stranger: Chat, typed: str, facts: list[str]) -> None:
    stranger.says(typed)
    stranger.sees(*facts)


def test_login_trouble_is_met_with_its_steps(chat: Chat) -> None:
    chat.says("密碼打錯三次被鎖住了")
    chat.sees("五步", "30 分鐘", "8500")


def test_all_questions_are_listed_and_each_leads_to_its_answer(chat: Chat) -> None:
    chat.says("常見問題")
    chat.sees(*GROUPS)
    offered = {each.label for each in actions(chat.answer)}
    assert offered >= {topic.title for topic in TOPICS}
    chat.presses("學生休學了怎麼辦？")
    chat.sees("仍有學籍", "REPLY-12")


def test_numbers_are_those_of_rules_and_policy() -> None:
    policy = Policy(returned_reply_days=5, returned_check_hours=12, otp_minutes=9, returned_closure_days=6)
    assert f"第 {REPLY_DAYS} 天" in text_of(of(Intent.FAQ_REPLY_DAYS), policy)
    assert f"每 {WINDOW_DAYS} 天" in text_of(of(Intent.FAQ_WINDOWS), policy)
    assert "退回後 5 天內" in text_of(of(Intent.FAQ_RETURNED), policy)
    assert "退回後 12 小時內" in text_of(of(Intent.FAQ_RETURNED), policy)
    assert "9 分鐘內有效" in text_of(of(Intent.FAQ_CODE_RULES), policy)
    assert "派案回覆 3 天前、1 天前、當天；檢核單 12 小時前、4 小時前" in text_of(of(Intent.FAQ_REMINDERS), policy)
    assert "6 天內改好" in text_of(of(Intent.FAQ_RETURNED_CLOSURE), policy)


@pytest.mark.parametrize("typed", ["回覆期限 111/07/28", "111/07/28派案哪天到期", "2022-07-28 派的案子最晚何時回覆"])
def test_a_day_of_dispatch_is_reckoned(stranger: Chat, typed: str) -> None:
    stranger.says(typed)
    stranger.sees("111/07/28（四）", "111/07/29（五）", "111/08/07（日）", "REPLY-1")


def test_a_day_without_a_year_is_the_last_one(chat: Chat) -> None:
    chat.says("3/1派案什麼時候要回")
    chat.sees("115/03/01", "115/03/11")
    chat.says("7月28日派案什麼時候要回")
    chat.sees("114/07/28", "114/08/07")


def test_a_day_that_cannot_be_read_gets_the_rule(chat: Chat) -> None:
    chat.says("回覆期限 111/13/41")
    chat.sees("從派案日的隔天", "REPLY-1")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("3/4", TODAY),
        ("3/5", date(2025, 3, 5)),
        ("2/29", None),
        ("7月28號", date(2025, 7, 28)),
        ("115/03/01", date(2026, 3, 1)),
        ("2026-03-01", date(2026, 3, 1)),
        ("0/5", None),
    ],
)
def test_how_a_day_is_read(written: str, day: date | None) -> None:
    assert read_day(written, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"), [("回覆期限111/07/28", "111/07/28"), ("回覆期限", None), ("回覆期限呢", None)]
)
def test_the_day_behind_the_word(text: str, day: str | None) -> None:
    assert asked_day(text) == day


def test_a_group_is_told_nothing_of_it(chat: Chat) -> None:
    chat.in_group = True
    chat.says("休學")
    chat.sees("群組")
