"""What the chat says around duties: that there is nothing to explain, and that a list is no more."""

from __future__ import annotations

from core.cards import Answer, said

BUCKET_GONE = "這個清單的按鈕已經過期了。請輸入「待辦」看目前的數字。"


def nothing_owed() -> Answer:
    """Return that no deadline is open, so none can be explained."""
    return said("目前沒有待辦，所以沒有期限可以說明。輸入「待辦」可以看各項數字。")
