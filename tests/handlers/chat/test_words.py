"""Typed words: what a keyboard adds does not matter, and each known word reaches its feature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.chat.features import ROUTER
from handlers.chat.finding import Found, find_text
from handlers.chat.turn import Dialog
from handlers.chat.words import (
    MOST,
    AskedPerson,
    asked_case,
    code_like,
    is_consent,
    is_part,
    normal,
    short_number,
    unclear_case,
)

FEATURES = {
    "duties.duties": ["待辦", "代辦", "還有什麼沒回", "還有什麼沒回？", "我的待辦", "TODO", "todo"],
    "duties.one_by_one": ["逐件看", "全部待辦", "one by one"],
    "duties.worst_explained": ["怎麼算的", "怎麼算的？", "怎麼算"],
    "duties.one_explained": ["怎麼算的 WK00017", "WK00017 怎麼算的？"],
    "due_when.due_when": ["待辦 明天", "待辦下週", "待辦 115/06/19", "duties 115/06/19"],
    "left.left_of": ["還要做什麼 WK00017", "還要做什麼 WK00017、M00001", "what is left for WK00017"],
    "left.most_pressing": ["最急的", "most urgent"],
    "left.most_pressing_asked": ["最急的是哪一件", "哪件比較久", "最久的是哪件？", "手上最趕的是哪一件"],
    "left.late_by": ["逾期三天以上的列給我", "只看逾期的", "逾期超過 5 天的有哪些", "全部逾期的"],
    "left.of_day": ["2/25 那件", "115/03/07 到期的那件呢"],
    "left.hours_left": ["那張檢核還有幾小時", "檢核單還剩多少時間"],
    "left.due": ["什麼時候到期", "when is it due"],
    "left.reasons": ["退件原因", "為什麼被退", "why was it returned"],
    "left.reason_of": ["退件原因 WK00017", "why was WK00017 returned"],
    "in_time.in_time": ["準時率", "我的準時率", "on-time share"],
    "in_time.of_unit": ["永平國小準時率", "永平最近準時率多少？"],
    "workdays.coming": ["上班日", "補班", "行事曆", "working days"],
    "workdays.workday": ["上班日 明天", "上班日 3/9"],
    "buckets.dispatches_by_name": ["待回覆", "已逾期", "被退件", "逾期退件", "已結案", "逾期的", "逾期", "已逾期清單"],
    "buckets.services_by_name": ["處理中個案", "結案申請中", "督導退件", "已結案個案", "進行中", "開案中的"],
    "buckets.own_checks": ["檢核", "檢核單", "我的檢核單"],
    "buckets.checked": ["已檢核", "已檢核的"],
    "buckets.closing_figures": ["結案進度", "個案清單", "我的個案"],
    "buckets.checks_by_name": ["退件", "待檢核", "已檢核（有需求）", "已檢核(有需求)", "未檢核的"],
    "more.rest": ["還有 3 件", "還有 12 個單位"],
    "more.more": ["更多", "下一頁", "還有嗎？"],
    "cases.ask_number": ["案件", "查案件", "查"],
    "records.missing": ["工作紀錄", "還缺哪些工作紀錄"],
    "contacts.contacts": ["誰是窗口", "督導是誰？"],
    "cases.case": [
        "查 10003", "案件 17", "查 WK17", "案件 WK00017", "案件：WK00017", "查 WK00017",
        "wk00017", "ＷＫ０００１７", "#WK00017",
    ],
    "cases.no_number": ["案件 小明", "案件 甲"],
    "closing.ask_number": ["可以結案嗎", "能不能結案？", "什麼時候可以結案", "結案"],
    "closing.closing": ["可以結案嗎 WK00017", "WK00017 可以結案嗎", "案件 WK00017 何時可以結案", "結案 wk00017"],
    "faq.questions": ["常見問題", "QA", "Q&A"],
    "faq.topic_answer": ["休學", "7/31", "回覆期限", "不開案", "聯絡電話"],
    "faq.reply_due": ["回覆期限 111/07/28", "回覆期限 2022-07-28", "回覆期限：7月28日"],
    "families.family": [
        "查 王小明", "find 王小明", "查王小明", "查 王", "查一下王小", "查詢 王小明", "幫我查王小明", "查 A199900018",
        "a199900018",
    ],
    "families.how_it_stands": [
        "王小明那個案子現在怎樣", "幫我看一下林同學", "案件 王小明", "請問陳小美的案子處理到哪了？謝謝",
    ],
    "cases.light_by_number": ["WK00017 為什麼是黃燈", "燈號怎麼來的 WK00017", "wk00017燈號？"],
    "records.missing_of": ["WK00017還缺哪些紀錄", "WK00017 工作紀錄寫幾筆了"],
    "unit_by_name.by_name": ["查 永平國小", "永平國小還有哪些沒回", "請問安和國中現在欠幾件", "查教育局"],
    "families.ask_name": ["服務歷程"],
    "codes.codes": ["驗證碼", "沒收到驗證碼", "沒收到驗證碼？", "OTP"],
    "codes.again_by_mail": ["驗證碼寄到信箱", "重新寄送"],
    "codes.again_by_line": ["驗證碼寄到LINE", "驗證碼寄到 line"],
    "email_change.begin": ["改信箱", "變更電子郵件", "改 email"],
    "extension.term": ["展延", "權限到期", "帳號什麼時候到期？"],
    "permissions.ask": ["申請權限", "我的權限", "權限？"],
    "permissions.which_asked": ["90097", "申請 90099", "我要申請2462權限", "申請各局處督導", "幸福保衛站檢核作業"],
    "permissions.remove": ["停用權限", "移除權限"],
    "registration.register": ["申請帳號", "註冊", "還沒有帳號"],
    "requests.own": ["我的申請", "申請進度", "撤回申請"],
    "requests.withdraw": ["撤回申請 12", "撤回申請#12", "取消申請１２"],
    "settings.settings": ["設定", "我的設定"],
    "settings.ask_time": ["提醒時間"],
    "settings.codes_by_line": ["驗證碼用LINE", "驗證碼用 line"],
    "settings.codes_by_mail": ["驗證碼用信箱"],
    "settings.ask_language": ["語言", "換語言", "Language"],
    "settings.english": ["English", "英文", "ｅｎｇｌｉｓｈ"],
    "settings.chinese": ["中文", "繁體中文", "Chinese"],
    "binding.bind": ["綁定", "綁定帳號", "我要綁定"],
    "binding.ask_unbind": ["解除綁定", "取消綁定", "解綁"],
    "binding.code_in_chat": ["12345678", "１２３４５６７８", "1234 5678"],
    "menu.menu": ["選單", "?", "？", "？？", "menu", "ＭＥＮＵ", "功能", "help"],
    "tour.tour": ["導覽", "新手導覽", "怎麼開始"],
    "cancel.cancel": ["取消", "取消。", "cancel", "算了"],
    "helpdesk.person": ["客服", "真人", "找客服"],
    "helpdesk.fault": ["報修", "我要報修"],
    "helpdesk.cannot_sign_in": ["登入不了", "忘記密碼", "帳號被鎖"],
    "help_words.go_on": ["接著問第 12 號", "接著問12"],
    "help_words.not_yet": ["接著問", "還沒解決，接著問"],
    "help_words.solved": ["解決了"],
    "help_words.helped": ["有幫上忙"],
    "help_words.not_helped": ["沒有幫上忙"],
    "helpdesk.end": ["結束", "結束對話"],
    "helpdesk.own": ["我的報修紀錄", "報修進度"],
    "desk_queue.queue": ["客服提問", "有人在等嗎？"],
    "reviews.reviews": ["審核", "我要審核"],
    "welcome.greeted": ["你好", "您好！", "Hello", "早安"],
    "welcome.thanked": ["謝謝", "謝謝您～"],
}  # fmt: skip
TYPED = [(feature, word) for feature, words in FEATURES.items() for word in words]


def route_of(text: str) -> str:
    found = find_text(text, Dialog())
    return found.route.name if isinstance(found, Found) else ""


@pytest.mark.parametrize(("feature", "text"), TYPED)
def test_known_words_reach_their_feature(feature: str, text: str) -> None:
    assert route_of(text) == feature


def test_each_feature_with_words_is_in_the_table() -> None:
    named = {word.route.name for word in ROUTER.words.values()} | {each.route.name for each in ROUTER.patterns}
    assert named == set(FEATURES)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n", "{}？", "{}。", "\u200b{}\ufeff", "{}！！"])
def test_every_word_is_known_however_it_is_typed(typed: str) -> None:
    for word, known in ROUTER.words.items():
        assert route_of(typed.format(word)) == known.route.name


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("待 辦", "待辦"),
        ("待\u3000辦", "待辦"),
        ("待\u200b辦", "待辦"),
        ("\u202e待辦\u202c", "待辦"),
        ("臺北", "台北"),
        ("ａＢｃ１２", "ABC12"),
        ("待辦……", "待辦"),
        ("？", "?"),
        ("？？？", "?"),
        ("", ""),
        (" \u200b\n", ""),
        ("\x00待辦", "待辦"),
        ("选单", "选单"),
    ],
)
def test_normal_form(typed: str, compared: str) -> None:
    assert normal(typed) == compared


def test_only_the_beginning_of_a_long_text_is_a_command() -> None:
    assert normal("待" * MOST) == "待" * MOST
    assert normal("待" * (MOST + 1)) == "待" * MOST


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("WK0001", "WK0001"),
        ("WK001", "WK001"),
        ("WK01", None),
        ("A11503000001", "A11503000001"),
        ("案件12", "12"),
        ("案件WK", None),
        ("查詢WK-0001", "WK-0001"),
        ("請幫我查案件WK0001", "WK0001"),
        ("12345", None),
        ("案件" + "1" * 40, "1" * 40),
        ("案件" + "1" * 41, None),
        ("案件٣٤٥", None),
        ("ISWK00017READY", None),
        ("WK00017AB", "WK00017AB"),
        ("WK00017ABC", None),
    ],
)
def test_case_numbers(text: str, number: str | None) -> None:
    assert asked_case(text) == number


@pytest.mark.parametrize(
    ("number", "is_one"),
    [("17", True), ("WK17", True), ("WK0017", True), ("WK00017", False), ("1234567", True), ("12345678", False)],
)
def test_what_is_a_part_of_a_number(number: str, is_one: bool) -> None:
    assert is_part(number) is is_one


@pytest.mark.parametrize(("text", "part"), [("17", "17"), ("17號", "17"), ("WK17", "WK17"), ("十七", None)])
def test_who_is_asked_for_a_number_may_type_its_end(text: str, part: str | None) -> None:
    assert short_number(text) == part


def test_what_asks_for_a_case_without_a_number() -> None:
    assert unclear_case("案件王小明") == AskedPerson("王小明")
    assert unclear_case("王小明") is None


@pytest.mark.parametrize(("text", "is_code"), [("1234567", False), ("12345678", True), ("123456789", False)])
def test_eight_digits_look_like_a_code(text: str, is_code: bool) -> None:
    assert (code_like(text) is not None) is is_code


@pytest.mark.parametrize(
    ("text", "is_yes"), [("確定", True), ("確 定！", True), ("yes", True), ("不確定", False), ("好像", False)]
)
def test_a_yes_is_clear(text: str, is_yes: bool) -> None:
    assert is_consent(text) is is_yes
