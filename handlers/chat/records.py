"""工作紀錄: which windows of one's open cases still want a record; to all others, how often one is written (REC-1)."""

from __future__ import annotations

from core.access import Action
from core.buttons import ShowBucket
from core.cards import Answer
from core.records.missing import open_windows_of
from core.records.notices import AREA, LIST, windows_answer
from handlers.chat.dialogs import goes_on
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import faq
from handlers.chat.views.faq_topics import TOPICS

router = Router()
_RULES = next(topic for topic in TOPICS if topic.intent is Intent.FAQ_WINDOWS)


@router.says(
    "工作紀錄", "我的工作紀錄", "還缺哪些工作紀錄", "缺哪些工作紀錄", "工作紀錄缺漏", "缺漏的工作紀錄",
    "缺紀錄", "補紀錄", gate=Gate.EVERYBODY,
)  # fmt: skip
def missing(turn: Turn) -> Answer:
    """Show the windows without a record; to who has no cases, the rule."""
    if not turn.ctx.actor.may(Action.SEE_SERVICES):
        return faq.answered(_RULES, turn.ctx.policy)
    return page(turn, 0)


def page(turn: Turn, start: int) -> Answer:
    """Show the windows from a place on; from the beginning where fewer are left by now."""
    found = open_windows_of(turn.ctx, start)
    if start and not found.page.rows:
        return page(turn, 0)
    following = found.page.next_start
    goes_on(turn, None if following is None else ShowBucket(AREA, LIST, following))
    return windows_answer(found, turn.ctx.now)
