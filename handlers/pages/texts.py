"""The sentences of the phone pages that do not stand in a template."""

from __future__ import annotations

from core.helpdesk.hours import Closed
from core.helpdesk.words import HOTLINES, nobody_there

ACCOUNT_MISSING = "請輸入帳號。"
ACCOUNT_FORM = "帳號是兩個英文字母加四個數字，例如 AB1234。"
PASSWORD_MISSING = "請輸入密碼。"  # noqa: S105 (a sentence)
CODE_MISSING = "請輸入驗證碼。"
PASSWORDS_DIFFER = "兩次輸入的密碼不一樣，請重新輸入。"
SENT_AGAIN = "已重新寄出驗證碼，之前的那一組作廢了。"
SENT_AGAIN_PERHAPS = "若帳號可以設定密碼，已重新寄出驗證碼，之前的那一組作廢了。"
TOO_SOON = "剛剛才寄過驗證碼，請等 {seconds} 秒後再按「重新寄送」。"
CODE_NOT_GOOD = "驗證碼不正確、已作廢或已逾時。請輸入最新收到的那一組；錯 3 次就要按「重新寄送」。"

LINK_OVER = "時間過了，請回 LINE 重新輸入「綁定」。"
LINK_OVER_WHY = "綁定的連結 10 分鐘內有效，而且只能用一次。"
STEP_LOST = "請從第一步重新登入。"
STEP_LOST_WHY = "可能是停留太久，或換了瀏覽器。"
SETUP_LOST = "請重新申請驗證碼。"
REGISTRATION_LOST = "請從第一步重新開始。"
REGISTRATION_LOST_WHY = "可能是停留太久、換了瀏覽器，或已經送出了。"
REGISTERED = "帳號申請 {number} 已送出。"
FORM_OLD = "這個頁面放太久了，請重新開始。"
FORM_OLD_WHY = "為了安全，剛才送出的內容沒有被接受，也沒有任何變更。"
HELP_ASKED = "問題 {number} 已送出，預計 {by} 前回覆。"
HELP_ADDED = "已補充。{expected}"
HELP_RATED = "謝謝您的回饋！"
HELP_RATED_BAD = "謝謝您告訴我們。還沒解決的話，可以在下面接著寫。"
HELP_UNKNOWN = "找不到這件問題。"
HELP_UNKNOWN_WHY = "連結可能不完整。請從信裡重新點一次；或提出新的問題。"
NOWHERE = "找不到這個頁面。"
NOWHERE_WHY = "網址可能不完整，或連結已經過期。"
TOO_LARGE = "送出的內容太大了。"
TOO_LARGE_WHY = "請減少文字，或換小一點的檔案，再送一次。"
NOT_DONE = "沒有完成。"
NOT_DONE_WHY = "送來的內容不完整，沒有任何變更。請回上一頁再試一次。"
FAULT = "系統出了問題，沒有完成。"
FAULT_WHY = "請過幾分鐘再試一次；還是不行，請聯絡系統客服。"
CLOSED = "暫時無法使用。"
CLOSED_WHY = "系統暫時連不上資料庫，請過幾分鐘再試一次。"


def help_closed(closed: Closed | None) -> str:
    """Return why nobody is there now, from when on, and the hotlines; empty while the helpdesk is open (HELP-1)."""
    return f"{nobody_there(closed)}{HOTLINES}" if closed else ""
