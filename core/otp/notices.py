"""What is said with and about one-time passwords (OTP-5). The code itself is filled in only when it is sent (OTP-7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.cards import Answer, Card, Code, CopyCode, Line, Row, said
from core.dates import roc_moment
from core.otp.models import Challenge, Purpose
from core.otp.rules import Stop, VoidReason, WrongSoFar

ALMOST_A_MINUTE = timedelta(minutes=1, microseconds=-1)
HELPDESK = "(02)2960-3456 分機 3718"

_STOPS = {
    Stop.TOO_SOON: "剛剛才寄過驗證碼，請先看看收件匣與垃圾信件匣；要再寄一次，請等到 {clock}。",
    Stop.TOO_MANY: "寄送次數已達上限，{until} 之後才能再寄。還收不到請洽系統客服 " + HELPDESK + "。",
    Stop.WAIT: "驗證碼錯太多次，{until} 之後才能再試。如果不是您本人操作，請洽系統客服 " + HELPDESK + "。",
    Stop.CLOSED: "這個帳號的驗證碼錯太多次，已經停用。請洽系統客服 " + HELPDESK + " 開通。",
    Stop.ACCOUNT: "這個帳號目前不能使用。請洽系統客服 " + HELPDESK + "。",
}
_VOIDS = {
    VoidReason.UNKNOWN: "這組驗證碼不能用在這裡。請按「重新寄送」，再輸入新的一組。",
    VoidReason.USED: "這組驗證碼已經用過了，每組只能用一次。請按「重新寄送」。",
    VoidReason.EXPIRED: "驗證碼已逾時（{minutes} 分鐘）。請按「重新寄送」。",
    VoidReason.REPLACED: "已經寄出新的驗證碼，這一組作廢了。請輸入最新收到的那一組。",
    VoidReason.TRIES: "這組驗證碼已經錯 3 次，作廢了。請按「重新寄送」。",
    VoidReason.WAIT: _STOPS[Stop.WAIT],
    VoidReason.CLOSED: _STOPS[Stop.CLOSED],
}
_WHERE = {
    Purpose.LINK: "綁定 LINE 的網頁",
    Purpose.SIGN_IN: "登入管理台的網頁",
    Purpose.PASSWORD: "首次設定密碼的網頁",
    Purpose.EMAIL_CHANGE: "LINE 聊天室（變更信箱）",
    Purpose.EXTENSION: "LINE 聊天室（申請展延）",
    Purpose.MAIN_SYSTEM: "社政系統的登入畫面",
}
MALFORMED = "驗證碼是 8 個數字。請照收到的數字輸入，這次不算錯。"


def code_answer(challenge: Challenge, account_code: str, minutes: int) -> Answer:
    """Return the message that carries a code: what for, who asked where and when, and that nobody asks for it (A21).

    It also says how long, that it works once, and what to do if it was not you (OTP-5). ``minutes`` is how long codes
    are good. The preview names neither code nor person (ACC-10).
    """
    until = roc_moment(challenge.expires_at)[-5:]
    card = Card(
        title="驗證碼",
        preview=f"社政小幫手的驗證碼到了，{minutes} 分鐘內有效。",
        badge=f"{minutes} 分鐘內有效",
        blocks=(
            Row(label="用途", value=challenge.purpose.label),
            Row(label="帳號", value=account_code),
            Row(label="申請時間", value=roc_moment(challenge.sent_at)),
            Row(label="來源", value=_WHERE[challenge.purpose]),
            Code(challenge=challenge.id),
            Line(text=f"有效 {minutes} 分鐘，到 {until} 為止，只能用一次，請在申請的畫面輸入。"),
            Line(text="沒有人會向您要這組驗證碼，客服也不會。請不要告訴任何人。", strong=True),
            Line(text=f"如果不是您本人申請的，請儘快電洽系統客服 {HELPDESK}，並變更公務雲密碼。"),
        ),
        actions=(CopyCode(label="複製驗證碼", challenge=challenge.id),),
    )
    return said(card)


def stop_text(why: Stop, until: datetime | None) -> str:
    """Return why no code is sent now, and from when one may be."""
    moment = _clock(until)
    return _STOPS[why].format(until=moment, clock=moment[-5:])


def void_text(reason: VoidReason, minutes: int, until: datetime | None = None) -> str:
    """Return why a code works no more; ``minutes`` is how long codes are good, ``until`` the end of a wait."""
    return _VOIDS[reason].format(minutes=minutes, until=_clock(until))


def wrong_text(tries_left: int, after: WrongSoFar, now: datetime) -> str:
    """Return what a wrong code means: how often one may still try it, or the wait that it begins (OTP-6)."""
    if after.stops(now):
        return stop_text(Stop.CLOSED if after.is_closed else Stop.WAIT, after.wait_until)
    if tries_left == 0:
        return _VOIDS[VoidReason.TRIES]
    return f"驗證碼不正確，還可以試 {tries_left} 次。請輸入最新收到的那一組。"


def _clock(until: datetime | None) -> str:
    """Return the moment to the minute, begun ones counted whole, so that nobody comes back too early."""
    return roc_moment(until + ALMOST_A_MINUTE) if until else ""
