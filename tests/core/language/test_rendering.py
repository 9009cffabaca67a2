"""Texts found again in what was said: whole, with their places filled, cut at pauses; what is nobody's text stays."""

from __future__ import annotations

import pytest

from core.language.catalogue import Entry, catalogue_of
from core.language.rendering import LONGEST, Reader

ENTRIES = [
    Entry("待辦", ("duties",)),
    Entry("選單", ("menu",)),
    Entry("派案回覆", ("Reply to a dispatch",)),
    Entry("已逾期", ("Overdue",)),
    Entry("今天到期", ("Due today",)),
    Entry("剩 {0} 天", ("{0} day left", "{0} days left")),
    Entry("已逾期 {0} 天", ("{0} day overdue", "{0} days overdue")),
    Entry("{0}共 {1} 件{2}。", ("{0}: {1} in all{2}.", "{0}: {1} in all{2}.")),
    Entry("，這是第 {0} 到 {1} 件", (", showing {0} to {1}",)),
    Entry("案件 {0}", ("Case {0}",)),
    Entry("理由：{0}", ("Reason: {0}",)),
    Entry("請在 {0} 前", ("Please do it by {0}. ",)),
    Entry("完成檢核。{0}", ("Complete the check. {0}",)),
    Entry("按「看{0}」，或輸入「{1}」。", ("Tap “See {0}” or type “{1}”.",)),
    Entry("急用請洽", ("In a hurry, call",)),
    Entry("系統客服 02-2905-0000", ("the helpdesk, 02-2905-0000",)),
    Entry("{0}的期限", ("Due date of {0}",)),
    Entry("您有 {0} 件待辦。", ("You have {0} duty.", "You have {0} duties.")),
    Entry("{0}日", ("on the {0}",)),
    Entry("{} 件待處理", ("{} waiting",)),
    Entry("輸入「選單」看能做的事。", ("Type “menu” to see what you can do.",)),
    Entry("{day} 派案，{who}", ("Dispatched on {day} to {who}",)),
    Entry("申請 {0} {1}{2}，這次沒有變更", ("Request {0} {1}{2}, nothing changed this time",)),
]


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("待辦", "duties"),
        ("", ""),
        ("OK", "OK"),
        ("剩 1 天", "1 day left"),
        ("剩 3 天", "3 days left"),
        ("已逾期 2 天", "2 days overdue"),
        ("已逾期共 23 件，這是第 11 到 20 件。", "Overdue: 23 in all, showing 11 to 20."),
        ("已逾期共 3 件。", "Overdue: 3 in all."),
        ("111/08/07（日）", "7 Aug 2022 (Sun)"),
        ("111/08/03 14:05", "3 Aug 2022, 14:05"),
        ("111年8月7日（日）", "7 Aug 2022 (Sun)"),
        ("西元1905年8月7日", "7 Aug 1905"),
        ("111/13/07", "111/13/07"),
        ("107/12/19–108/01/17", "19 Dec 2018–17 Jan 2019"),
        ("3/7（校慶）", "7 Mar (校慶)"),
        ("3/7 校慶", "7 Mar 校慶"),
        ("2/29（校慶）、12/31（校慶）", "29 Feb (校慶), 31 Dec (校慶)"),
        ("2/30（校慶）", "2/30（校慶）"),
        ("王○明", "王○明"),
        ("Records　3／5（60%）", "Records 3/5 (60%)"),
        ("王○明，今天到期", "王○明, Due today"),
        ("王○明的期限", "Due date of 王○明"),
        ("加 10 日", "加 10 日"),
        ("3日", "on the 3"),
        ("學生今天到校情緒穩定。輸入「選單」也看過了。", "學生今天到校情緒穩定。輸入「選單」也看過了。"),
        ("王○明。今天到期", "王○明. Due today"),
        ("派案回覆（示範國小）", "Reply to a dispatch (示範國小)"),
        ("派案回覆、待辦", "Reply to a dispatch, duties"),
        ("案件 WK00017", "Case WK00017"),
        ("急用請洽系統客服 02-2905-0000", "In a hurry, call the helpdesk, 02-2905-0000"),
        (
            "請在 111/08/03 14:05 前完成檢核。今天到期",
            "Please do it by 3 Aug 2022, 14:05. Complete the check. Due today",
        ),
        ("按「看選單」，或輸入「選單」。", "Tap “See menu” or type “menu”."),
        ("您有 2 件待辦。輸入「選單」看能做的事。", "You have 2 duties. Type “menu” to see what you can do."),
        ("您有 1 件待辦。\n今天到期", "You have 1 duty.\nDue today"),
        ("4 件待處理", "4 waiting"),
        ("111/08/07 派案，示範國小", "Dispatched on 7 Aug 2022 to 示範國小"),
        ("申請 3 已逾期今天到期，這次沒有變更", "Request 3 Overdue Due today, nothing changed this time"),
        ("待辦事項學校", "待辦事項學校"),
    ],
)
def test_what_the_catalogue_knows_is_rendered_and_all_else_stays(chinese: str, english: str) -> None:
    assert Reader(catalogue_of(ENTRIES)).rendered(chinese).text == english


def test_a_rendered_text_is_not_rendered_again() -> None:
    reader = Reader(catalogue_of(ENTRIES))
    for text in ("您有 2 件待辦。輸入「選單」看能做的事。", "王○明，今天到期", "111/08/03 14:05"):
        once = reader.rendered(text).text
        assert reader.rendered(once).text == once


def test_a_long_text_is_taken_line_by_line_and_a_line_without_end_is_left() -> None:
    reader = Reader(catalogue_of(ENTRIES))
    endless = "字" * (LONGEST + 1)
    assert reader.rendered(f"待辦\n{endless}\n選單").text == f"duties\n{endless}\nmenu"
    assert reader.rendered(f"待辦\n{endless}").left == LONGEST + 1
    assert reader.rendered("，".join(["待辦"] * (LONGEST // 3))).text.startswith("duties, duties")
