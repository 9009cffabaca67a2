"""What can be wrong with the facts of a unit or an account: the column, and the sentence for whoever typed it."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from core.errors import InvalidInput


class Flaw(StrEnum):
    """One thing that is wrong: (value, the column's heading, what happened and what to do)."""

    field: str
    text: str

    def __new__(cls, value: str, field: str, text: str) -> Self:
        """Make a member whose value is the short name."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.field = field
        member.text = text
        return member

    def error(self) -> InvalidInput:
        """Return the error that says so."""
        return InvalidInput(self.text, field=self.field)

    UNIT_CODE = "unit_code", "單位代碼", "單位代碼是空白或超過 40 個字。請填寫單位代碼。"
    UNIT_SLASH = "unit_slash", "單位代碼", "單位代碼不能有「/」，介接的網址用它分隔。請改用其他符號，例如「-」。"
    UNIT_NAME = "unit_name", "單位名稱", "單位名稱是空白或超過 100 個字。請填寫單位名稱。"
    PARENT_UNKNOWN = "parent_unknown", "上級代碼", "查無這個上級代碼。請先匯入上級單位，或更正代碼。"
    PARENT_BELOW = "parent_below", "上級代碼", "上級單位不可以是自己或自己的下級單位。請更正上級代碼。"
    TREE_DEEP = "tree_deep", "上級代碼", "單位層級太多。請改掛在較上層的單位之下。"

    CODE_FORM = "code_form", "帳號", "帳號應為兩個英文字母加四個數字，例如 AB1234。請更正。"
    CODE_DIGITS = "code_digits", "帳號", "帳號的四個數字應與身分證字號末四碼相同。請核對帳號與身分證字號。"
    NATIONAL_ID = "national_id", "身分證字號", "身分證字號不正確（字母、數字或檢查碼有誤）。請核對後更正。"
    NATIONAL_ID_USED = "national_id_used", "身分證字號", "這個身分證字號已有另一個帳號使用。請核對是否為同一人。"
    NAME = "name", "姓名", "姓名是空白或超過 60 個字。請填寫姓名。"
    EMAIL = "email", "電子郵件", "電子郵件地址的格式不正確，只接受英數字的地址。請更正。"
    EMAIL_USED = "email_used", "電子郵件", "這個電子郵件地址已有另一個帳號使用。請改用本人的地址。"
    UNIT_UNKNOWN = "unit_unknown", "單位代碼", "查無這個單位代碼。請先匯入單位，或更正代碼。"
    TITLE = "title", "職稱", "職稱超過 60 個字。請縮短。"
    DATES = "dates", "到期日期", "到期日期早於啟用日期。請更正其中一個日期。"
    SCHOOL_PERMISSION = (
        "school_permission",
        "權限",
        "學校只能申請 90097（各局處社工）與 2462（幸福保衛站檢核作業）。請刪除其他權限代碼。",
    )
    PASSWORD_SHORT = "password_short", "密碼", "密碼至少要 12 個字。請加長，例如用幾個不相干的詞連成一句。"
    PASSWORD_LONG = "password_long", "密碼", "密碼最多 128 個字。請縮短。"
    DIGEST_TIME = "digest_time", "提醒時間", "這個時間不送提醒，請選 07:30 到 21:00 之間的時間，例如 08:30。"
    ACCOUNT_UNKNOWN = "account_unknown", "帳號", "查無這個帳號。請核對帳號。"
