"""What is said about messages themselves: one that may not have come, mail that was refused, and why it is a mail."""

from __future__ import annotations

from core.cards import Text
from core.notices.models import WhyMail

AGAIN = Text(text="上一則回覆可能沒有送到，以下再提供一次：")
ASK_AGAIN = Text(text="上一則回覆可能沒有送到；若您沒看到，請再輸入一次。")
UNREACHED = Text(
    text="先前有通知寄不到您登記的信箱。目前要處理的事項，輸入「待辦」都看得到；信箱有誤，請輸入「改信箱」。"
)
BY_MAIL = {
    WhyMail.UNBOUND: "您的帳號目前沒有綁定 LINE，所以寄到信箱；綁定後會改傳到 LINE。",
    WhyMail.BLOCKED: "您在 LINE 封鎖了我們的官方帳號，所以寄到信箱；解除封鎖後會改傳到 LINE。",
    WhyMail.SPARED: "本月 LINE 訊息額度所剩不多，每日提醒改寄到信箱；急件仍會傳到 LINE。",
    WhyMail.QUOTA: "本月 LINE 訊息額度已經用完，所以寄到信箱；下個月會恢復傳到 LINE。",
    WhyMail.PUSHED: "今天的 LINE 提醒可能已經傳過一則，所以這一則寄到信箱。",
    WhyMail.REFUSED: "LINE 沒有收下這一則，所以寄到信箱。",
    WhyMail.IN_VAIN: "這一則一直傳不到 LINE，所以寄到信箱。",
}
"""Why something comes by mail, and what ends that: a quiet line at the mail's foot."""
