"""What can be meant, each with the word that leads there when it is typed.

The words are chosen so that none changes anything by itself: each shows something or asks its first question. Where a
feature has a word that acts at once (驗證碼寄到LINE), what is recognised leads to the word that shows what can be done.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Intent(StrEnum):
    """A meaning; the value is its name for operators and tests, ``word`` what is typed for it."""

    word: str

    def __new__(cls, value: str, word: str) -> Self:
        """Make a member whose value is its name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.word = word
        return member

    DUTIES = "duties", "待辦"
    WORKING = "working", "怎麼算的"
    CASE = "case", "案件"
    CLOSING = "closing", "可以結案嗎"
    SERVICES = "services", "個案清單"
    CHECKS = "checks", "檢核單"
    RECORDS = "records", "工作紀錄"
    WHO = "who", "誰是窗口"
    CODES = "codes", "驗證碼"
    EMAIL = "email", "改信箱"
    EXTENSION = "extension", "展延"
    PERMISSIONS = "permissions", "申請權限"
    REMOVE_PERMISSION = "remove_permission", "停用權限"
    REGISTER = "register", "申請帳號"
    REQUESTS = "requests", "我的申請"
    SETTINGS = "settings", "設定"
    DIGEST_TIME = "digest_time", "提醒時間"
    BIND = "bind", "綁定"
    UNBIND = "unbind", "解除綁定"
    PERSON = "person", "客服"
    FAULT = "fault", "報修"
    SIGN_IN = "sign_in", "登入不了"
    OWN_HELP = "own_help", "我的報修紀錄"
    QUEUE = "queue", "客服提問"
    WORKDAYS = "workdays", "上班日"
    IN_TIME = "in_time", "準時率"
    TOUR = "tour", "導覽"
    MENU = "menu", "選單"
    GREETING = "greeting", "你好"
    THANKS = "thanks", "謝謝"
    RETURN_REASONS = "return_reasons", "退件原因"
    FAQ = "faq", "常見問題"
    FAQ_MAY_APPLY = "faq_may_apply", "可以申請哪些權限"
    FAQ_PERMISSION_CODES = "faq_permission_codes", "權限代碼"
    FAQ_ACCOUNT_CODE = "faq_account_code", "帳號怎麼編"
    FAQ_PRIVATE = "faq_private", "私立學校申請帳號"
    FAQ_CHANGE = "faq_change", "換承辦人"
    FAQ_NEED = "faq_need", "什麼算有需求"
    FAQ_CHECK_HOURS = "faq_check_hours", "檢核期限"
    FAQ_DITTO = "faq_ditto", "可以寫同上嗎"
    FAQ_TWO_UNITS = "faq_two_units", "一案派兩個單位"
    FAQ_REPLY_DAYS = "faq_reply_days", "回覆期限"
    FAQ_ASSESSMENT = "faq_assessment", "評估單"
    FAQ_NOT_OPENING = "faq_not_opening", "不開案"
    FAQ_OPENING_KIND = "faq_opening_kind", "新接案或重新開案"
    FAQ_OTHER_CHILD = "faq_other_child", "案主不是本校學生"
    FAQ_RETURNED = "faq_returned", "退件怎麼辦"
    FAQ_WINDOWS = "faq_windows", "工作紀錄期限"
    FAQ_RECORD_FORM = "faq_record_form", "工作紀錄怎麼寫"
    FAQ_LIGHTS = "faq_lights", "燈號"
    FAQ_CLOSING_RULES = "faq_closing_rules", "結案條件"
    FAQ_LEAVE = "faq_leave", "休學"
    FAQ_TRANSFER = "faq_transfer", "轉學"
    FAQ_GRADUATION = "faq_graduation", "畢業"
    FAQ_REPORT_AGAIN = "faq_report_again", "再通報"
    FAQ_REPORT_FORM = "faq_report_form", "通報表"
    FAQ_SIBLINGS = "faq_siblings", "手足"
    FAQ_RETURNED_CLOSURE = "faq_returned_closure", "結案被退件"
    FAQ_SEMESTER = "faq_semester", "開學前要檢視什麼"
    FAQ_CLOSING_FORM = "faq_closing_form", "結案單怎麼寫"
    FAQ_OVERDUE = "faq_overdue", "逾期的案件"
    FAQ_CONTACTS = "faq_contacts", "聯絡電話"
    FAQ_CODE_RULES = "faq_code_rules", "驗證碼多久有效"
    FAQ_CERTIFICATE = "faq_certificate", "自然人憑證"
    FAQ_REMINDERS = "faq_reminders", "什麼時候會提醒"
    FAQ_REPLY_FORM = "faq_reply_form", "回覆單在哪裡填"
    FAQ_UNREACHABLE = "faq_unreachable", "聯絡不到案家"
    FAQ_DESK = "faq_desk", "客服工作台"
    FAQ_SESSION = "faq_session", "自動登出"
    FAQ_WORDS = "faq_words", "這些單子差在哪"
    FAQ_CORRECT = "faq_correct", "送錯了可以收回嗎"
    FAQ_WRONG_UNIT = "faq_wrong_unit", "派錯單位怎麼辦"
    FAQ_COLLEAGUE = "faq_colleague", "可以提醒別人嗎"
    FAQ_DEPUTY = "faq_deputy", "請假誰代收"
    FAQ_WHO_READS = "faq_who_reads", "誰看得到我打的字"
    FAQ_NOT_ME = "faq_not_me", "不是我登入的"
    FAQ_EXPORT = "faq_export", "怎麼匯出Excel"
    FAQ_LETTERS = "faq_letters", "字可以放大嗎"
    FAQ_USER_BINDING = "faq_user_binding", "幫使用者解除綁定"


NUMBERED = frozenset({Intent.CASE, Intent.CLOSING, Intent.WORKING, Intent.RETURN_REASONS})
"""Takes a case number behind its word."""

DATED = frozenset({Intent.DUTIES, Intent.WORKDAYS})
"""Takes the name of a day or some days behind its word."""

NAMING = NUMBERED | {Intent.RECORDS}
"""Is asked of each number in a text by itself."""

SMALL_TALK = frozenset({Intent.GREETING, Intent.THANKS})
"""Meant only where nothing else is."""

_SHOWN = frozenset(
    {
        Intent.DUTIES,
        Intent.RECORDS,
        Intent.WHO,
        Intent.WORKDAYS,
        Intent.IN_TIME,
        Intent.RETURN_REASONS,
        *(each for each in Intent if each.startswith("faq_")),
    }
)


def only_shows(command: str) -> bool:
    """Return whether a word, with what stands behind it, only shows something in a message or two and asks nothing."""
    word, _, named = command.partition(" ")
    return any(each.word == word for each in (NAMING | DATED if named else _SHOWN))
