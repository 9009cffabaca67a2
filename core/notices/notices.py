"""What is said about messages themselves: one that may not have come, and mail that was refused."""

from __future__ import annotations

from core.cards import Text

AGAIN = Text(text="上一則回覆可能沒有送到，以下再提供一次：")
ASK_AGAIN = Text(text="上一則回覆可能沒有送到；若您沒看到，請再輸入一次。")
UNREACHED = Text(
    text="先前有通知寄不到您登記的信箱。目前要處理的事項，輸入「待辦」都看得到；信箱有誤，請輸入「改信箱」。"
)
