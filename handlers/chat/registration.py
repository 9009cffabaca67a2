"""申請帳號: the way to the page on which somebody without an account asks for one (ACC-5)."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import registration as views

router = Router()


@router.says(
    "申請帳號", "註冊", "註冊帳號", "我要註冊", "沒有帳號", "還沒有帳號", "我沒有帳號", "新承辦人", "重新申請",
    gate=Gate.EVERYBODY,
)  # fmt: skip
def register(turn: Turn) -> Answer:
    """Show the button that opens the page; to somebody bound, that they have an account, and who else needs one."""
    return views.has_account(turn.account.code) if turn.account else views.how_to_register()
