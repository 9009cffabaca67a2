"""驗證碼, 沒收到驗證碼: which codes are still good and until when, and sending one again by mail or LINE (OTP-3)."""

from __future__ import annotations

from core.accounts.models import CodeChannel
from core.cards import Answer
from core.otp.queries import live_codes
from core.otp.service import CodeRefused, send_again
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import codes as views

router = Router()


@router.says(
    "驗證碼", "沒收到驗證碼", "收不到驗證碼", "沒有收到驗證碼", "驗證碼沒收到", "驗證碼收不到", "驗證碼沒來", "otp",
    gate=Gate.EVERYBODY,
)  # fmt: skip
def codes(turn: Turn) -> Answer:
    """Show what is still good; to somebody unbound, what helps on the page that waits for a code."""
    if turn.account is None:
        return views.for_unbound()
    return views.live(live_codes(turn.ctx, turn.account.account_id))


@router.says(
    "驗證碼寄到信箱", "重寄驗證碼", "重新寄送", "再寄一次", "驗證碼寄到電子郵件", "重新寄送驗證碼", "再寄到信箱"
)
def again_by_mail(turn: Turn) -> Answer:
    """Send the code a page waits for again, by mail."""
    return _again(turn, CodeChannel.MAIL)


@router.says("驗證碼寄到LINE", "驗證碼送到LINE", "驗證碼傳到LINE", "改送到LINE", "送到LINE")
def again_by_line(turn: Turn) -> Answer:
    """Send the code a page waits for again, to this chat where the purpose allows it."""
    return _again(turn, CodeChannel.LINE)


def _again(turn: Turn, channel: CodeChannel) -> Answer:
    sent = send_again(turn.ctx, turn.account.account_id, channel) if turn.account else None
    if sent is None:
        return views.live(())
    return views.not_sent(sent.text) if isinstance(sent, CodeRefused) else views.sent_again(sent)
