"""Why something is not done to an account at the desk, in words for whoever tried."""

from __future__ import annotations

from core.refusals import Refusal


class AccountRefusal(Refusal):
    """One reason why an account is not disabled, or does not hand over (ACC-6, ACC-9)."""

    NO_REASON = "no_reason", "ACC-6", "理由", "沒有寫停用的理由。", "請寫出來，帳號本人會看到。"
    LONG_REASON = "long_reason", "ACC-6", "理由", "理由超過 {at_most} 個字。", "請縮短。"
    OWN = "own", "ACC-6", "帳號", "這是您自己的帳號，不能由您停用。", "請由另一位管理員處理。"
    NO_SUCCESSOR = (
        "no_successor",
        "ACC-9",
        "新承辦人帳號",
        "沒有這個帳號，或它現在不能使用。",
        "新承辦人請先申請帳號；核准後再更換。",
    )
    SAME = "same", "ACC-9", "新承辦人帳號", "新舊承辦人是同一個帳號。", "請輸入接手的人的帳號。"
    OTHER_UNIT = (
        "other_unit",
        "ACC-9",
        "新承辦人帳號",
        "新承辦人不在「{unit}」。",
        "待辦屬於單位，請選同一個單位的帳號，或請他先申請這個單位的帳號。",
    )
    LACKS = (
        "lacks",
        "ACC-9",
        "新承辦人帳號",
        "新承辦人還沒有「{permissions}」。",
        "請先核准他的權限申請，再更換承辦人。",
    )
    NOTHING = "nothing", "ACC-9", "帳號", "原承辦人已經沒有任何權限。", "不必再更換。"
