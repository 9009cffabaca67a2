"""The sentences of the phone pages that do not stand in a template."""

from __future__ import annotations

from core.helpdesk.words import HOTLINES, NOBODY_THERE

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
HELP_ASKED = "問題 {number} 已送出，最晚 {by} 前會回覆。"
HELP_CLOSED = f"{NOBODY_THERE}上班後依序處理。{HOTLINES}"
HELP_ADDED = "已補充，最晚 {by} 前會回覆。"
HELP_RATED = "謝謝您的回饋！"
HELP_RATED_BAD = "謝謝您告訴我們。還沒解決的話，可以在下面接著寫。"
HELP_UNKNOWN = "找不到這件問題。"
HELP_UNKNOWN_WHY = "連結可能不完整。請從信裡重新點一次；或提出新的問題。"
