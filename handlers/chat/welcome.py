"""Following, coming back, greeting and thanking."""

from __future__ import annotations

from core.accounts.links import mark_blocked, mark_unblocked
from core.cards import Answer
from core.helpdesk.service import take_back
from core.inbox.speaking import mark_reached
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Followed, Turn, Unfollowed, Unsent
from handlers.chat.views import welcome as views

router = Router()


@router.on(Followed, gate=Gate.EVERYBODY)
def followed(turn: Turn, _: Followed) -> Answer:
    """Greet; a binding that stood before still stands, and its pushes go on."""
    turn.dialog.leave()
    mark_unblocked(turn.ctx, turn.person)
    mark_reached(turn.ctx, turn.person, is_reached=True)
    return views.welcome_back(turn.account.actor) if turn.account else views.welcome()


@router.on(Unfollowed, gate=Gate.EVERYBODY)
def unfollowed(turn: Turn, _: Unfollowed) -> None:
    """Stop the pushes and keep the binding; nobody is there to answer."""
    turn.dialog.leave()
    mark_blocked(turn.ctx, turn.person)
    mark_reached(turn.ctx, turn.person, is_reached=False)


@router.on(Unsent, gate=Gate.EVERYBODY)
def unsent(turn: Turn, event: Unsent) -> None:
    """Say nothing: what was taken back is erased where it is stored, at the helpdesk too (A13)."""
    take_back(turn.ctx, turn.person, event.message_id)


@router.says("你好", "您好", "哈囉", "嗨", "hi", "hello", "早", "早安", "午安", "晚安", "開始", gate=Gate.EVERYBODY)
def greeted(turn: Turn) -> Answer:
    """Greet back."""
    return views.welcome_bound(turn.account.actor) if turn.account else views.welcome()


@router.says("謝謝", "謝謝你", "謝謝您", "感謝", "感恩", "謝啦", "thanks", "thank you", gate=Gate.EVERYBODY)
def thanked(_: Turn) -> Answer:
    """Answer thanks."""
    return views.thanks()
