"""工作紀錄: which windows of one's open cases still want a record; to all others, how often one is written (REC-1)."""

from __future__ import annotations

import re

from core.access import Action
from core.buttons import ShowBucket
from core.cards import Answer
from core.dispatches.queries import case_of
from core.records.missing import open_windows_of
from core.records.notices import AREA, LIST, windows_answer
from handlers.chat.dialogs import goes_on
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.understanding.intents import Intent
from handlers.chat.views import faq
from handlers.chat.views.faq_topics import TOPICS
from handlers.chat.words import asked_case

router = Router()
_OF_ONE = re.compile("([A-Z]{1,4}-?[0-9]{3,}[0-9A-Z-]*)的?[^A-Z]{0,6}紀錄[^A-Z]{0,8}")
_TYPED = re.compile("工作紀錄:?([A-Z]{1,4}-?[0-9]{3,}[0-9A-Z-]*)")
_ABOUT_WRITING = re.compile("怎麼[寫填]|範例|多久|期限|算不算|內容")
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


def records_of(text: str) -> str | None:
    """Return the number in a normal text that asks for the work records of one case: WK00030還缺哪些紀錄."""
    found = None if _ABOUT_WRITING.search(text) else _OF_ONE.fullmatch(text) or _TYPED.fullmatch(text)
    return asked_case(found[1]) if found else None


@router.matches(records_of)
def missing_of(turn: Turn, number: str) -> Answer:
    """Show the windows without a record of one case; raises ``NotFound`` alike for none, and another unit's."""
    seen = case_of(turn.ctx, number)
    return windows_answer(open_windows_of(turn.ctx, number=seen.number), turn.ctx.now)


def page(turn: Turn, start: int) -> Answer:
    """Show the windows from a place on; from the beginning where fewer are left by now."""
    found = open_windows_of(turn.ctx, start)
    if start and not found.page.rows:
        return page(turn, 0)
    following = found.page.next_start
    goes_on(turn, None if following is None else ShowBucket(AREA, LIST, following))
    return windows_answer(found, turn.ctx.now)
