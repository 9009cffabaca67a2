"""取消 leaves any dialog, wherever it stands."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.dialogs import LIST
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import fallback as views

router = Router()


@router.says("取消", "cancel", "離開", "算了", "不要了", "停止", "返回", gate=Gate.EVERYBODY, leaves=True)
def cancel(turn: Turn) -> Answer:
    """Leave the dialog under way, if there is one."""
    if turn.dialog.name in ("", LIST):
        turn.dialog.leave()
        return views.nothing_to_cancel()
    turn.dialog.leave()
    return views.cancelled()
