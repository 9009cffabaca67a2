"""How the helpdesk refuses: each with what happened and what to do next."""

from __future__ import annotations

from core.refusals import Refusal


class HelpRefusal(Refusal):
    """One way to break a rule of the helpdesk."""

    BLANK = "blank", "HELP-2", "內容", "內容是空白的。", "請寫下遇到的問題，越具體越能快些處理。"
    TOO_LONG = "too_long", "HELP-2", "內容", "內容超過 {most} 字。", "請精簡後再送出，或分成幾則。"
    TOO_OLD = (
        "too_old",
        "HELP-5",
        "提問",
        "這件提問已解決超過 {days} 天，不能再接續。",
        "請輸入「客服」提出新的問題，可以附上原來的編號。",
    )
    SOLVED = "solved", "HELP-5", "提問", "這件問題已經解決。", "如要再處理，請先重新開啟。"
    NOT_SOLVED = "not_solved", "HELP-5", "提問", "這件問題還在處理，解決後才能評分。", "要補充請直接寫給客服。"
    NOT_AGENT = "not_agent", "HELP-3", "承辦客服", "這個帳號不是客服人員，或已停用。", "請改派給其他客服。"
    NO_ADDRESS = (
        "no_address",
        "HELP-2",
        "電子郵件",
        "需要電子郵件才能回覆。",
        "請填寫正確的電子郵件，送出前會再讓您確認一次。",
    )
    WHO = "who", "HELP-2", "姓名", "姓名是空白的，或超過 {most} 字。", "請填寫姓名，讓客服知道怎麼稱呼您。"
    WHERE = "where", "HELP-2", "單位", "單位是空白的，或超過 {most} 字。", "請填寫學校或單位名稱。"
    NO_KIND = "no_kind", "HELP-3", "問題種類", "沒有選擇問題種類。", "請選最接近的一種；都不像就選「其他問題」。"
    NOT_SHOWN = "not_shown", "HELP-2", "電子郵件", "電子郵件和剛才確認的不一樣。", "請重新確認一次再送出。"
    TOO_MANY = (
        "too_many",
        "HELP-2",
        "",
        "這一小時內送來的問題太多了，這次沒有送出。",
        "請一小時後再試，急的話請撥客服電話；您填的都還在。",
    )
    SAME_TITLE = "same_title", "HELP-2", "標題", "已經有同名的罐頭回覆。", "請換一個標題，或修改原來那一則。"
    NOT_LEAD = "not_lead", "HELP-2", "權限", "只有客服主管可以修改罐頭回覆。", "請洽客服主管。"
    BLANK_CANNED = "blank_canned", "HELP-2", "內容", "標題與內容都要填寫。", "請補上再儲存。"
    LONG_TITLE = "long_title", "HELP-2", "標題", "標題超過 {most} 字。", "請縮短後再儲存。"
    LONG_CANNED = "long_canned", "HELP-2", "內容", "內容超過 {most} 字。", "請縮短後再儲存。"
    UNFILLED = (
        "unfilled",
        "HELP-2",
        "內容",
        "內容裡的「{{{place}}}」不會自動換成實際的資料。",
        "請改成要說的內容再送出；罐頭回覆要從「罐頭回覆」帶入，欄位才會填好。",
    )
    UNKNOWN_PLACE = (
        "unknown_place",
        "HELP-2",
        "內容",
        "沒有「{{{place}}}」這個欄位。",
        "可以使用：{known}。",
    )


NEWER_STATE = "系統正在更新，這件問題已由新版處理，這裡還不能改。請過幾分鐘再試一次。"
