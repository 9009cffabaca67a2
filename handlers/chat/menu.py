"""選單: what can be done, by role. It leaves any dialog."""

from __future__ import annotations

from core.cards import Answer
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.views import menu as views

router = Router()


@router.says(
    "選單", "?", "menu", "help", "功能", "功能表", "目錄", "說明", "使用說明", "幫助", "怎麼用", "可以做什麼",
    "全部功能", "服務台", "管理台", "開啟管理台", "開啟服務台網頁", "到管理台處理",
    gate=Gate.EVERYBODY, leaves=True,
)  # fmt: skip
def menu(turn: Turn) -> Answer:
    """Show what can be done."""
    turn.dialog.leave()
    return views.menu(turn.account.actor if turn.account else None)
