"""Whoever cannot go on is given somebody to talk to before anything else; nobody is told, and no wish is lost."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from sqlalchemy import select

from core.accounts.models import Permission, Role
from core.cards import Open
from core.helpdesk.models import HelpEntry
from core.notices.models import Notice, NoticeKind
from handlers.chat.distress import is_at_limit
from tests.builders import an_account
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat, actions


@pytest.mark.parametrize(
    "text",
    [
        "我撐不下去了",
        "真的快撐不住了",
        "三個晚上沒睡好了",
        "好幾天沒有睡",
        "活著好累",
        "覺得什麼都沒有意義",
        "人生毫無意義",
        "好想消失",
        "我快崩潰了",
        "沒有人在乎我",
        "I can't go on anymore",
    ],
)
def test_who_cannot_go_on_is_heard(text: str) -> None:
    assert is_at_limit(text)


@pytest.mark.parametrize(
    "text",
    [
        "累死了 哪些到期",
        "補紀錄補到手斷",
        "這件快把我打敗了",
        "系統撐不住了",
        "手機電池快撐不下去",
        "今天好累",
        "這個活動好累",
        "同上是什麼意思",
        "檔案怎麼消失了",
        "這樣寫有意義嗎",
        "I can't go on to the next page",
        "三天沒回覆",
    ],
)
def test_a_long_day_and_a_machine_are_not_meant(text: str) -> None:
    assert not is_at_limit(text)


def test_somebody_to_talk_to_comes_first_one_tap_to_dial(chat: Chat) -> None:
    chat.says("我真的撐不下去了")
    dials = [each.url for each in actions(chat.answer) if isinstance(each, Open)]
    assert dials == ["tel:1925", "tel:110", "tel:113", "tel:119"]
    chat.sees_no("不太確定")


def test_the_wish_is_answered_behind_it(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", date(2026, 3, 1), child_name="王小明")
    chat.says("小明的期限是哪天 我撐不下去了")
    shown = chat.shown
    assert shown.index("1925") < shown.index("WK00017")


def test_nobody_is_told_of_it(chat: Chat) -> None:
    an_account(chat.core, role=Role.CENTER, permissions=(Permission.CITY,))
    chat.says("我撐不下去了")
    with chat.core.store.reading() as session:
        assert session.scalars(select(Notice).where(Notice.kind == NoticeKind.URGENT)).all() == []


def test_a_danger_goes_before_it(chat: Chat) -> None:
    chat.says("我撐不下去了想跳樓")
    chat.sees("緊急狀況請先撥電話")
    chat.sees_no("辛苦了")


def test_whoever_talks_with_the_helpdesk_is_heard_there_too(chat: Chat) -> None:
    chat.says("報修")
    chat.says("畫面是白的", "m1")
    chat.says("我撐不下去了", "m2")
    chat.sees("1925")
    with chat.core.store.reading() as session:
        assert len(session.scalars(select(HelpEntry)).all()) == 2


def test_a_question_under_way_stays(chat: Chat) -> None:
    chat.says("改信箱")
    name = chat.dialog.name
    chat.says("我撐不下去了")
    assert chat.dialog.name == name != ""


@pytest.mark.parametrize("hard", ["活", "好幾天沒", "系統", "一切", "我", "撐"])
def test_a39_no_text_costs_more_than_its_length(hard: str) -> None:
    text = (hard * 5000)[:5000]
    begun = process_time()
    is_at_limit(text)
    assert process_time() - begun < 0.5
