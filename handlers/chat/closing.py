"""可以結案嗎: each condition of closing a case, met or with what to do, and the earliest date (CLOSE-11)."""

from __future__ import annotations

import re

from core.buttons import AskClosing, ExplainClosing
from core.cards import Answer
from core.closures.explain import explain_closing
from core.closures.kinds import ClosureBucket
from core.closures.notices import closing_answer
from core.closures.queries import can_close, in_bucket
from core.decision_words import decision_answer
from core.errors import InvalidInput, NotFound
from core.records.opened import services_of_case
from handlers.chat.dialogs import Step
from handlers.chat.looking_up import shown_case
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import cases as case_views
from handlers.chat.views import closing as views
from handlers.chat.words import asked_case, normal

LISTED = 8  # open cases to choose from; a number may be typed for any other
_MAY = "(?:可不可以|能不能|可以|可|能|想|要|申請)"
_ASKED = re.compile(rf"(?:請問)?(?:這件|這個案子|本案)?(?:何時|什麼時候)?{_MAY}?結案[了嗎呢嘛]*:?")

router = Router()


def asked_closing(text: str) -> str | None:
    """Return the case number in a normal text like 可以結案嗎案件WK00017 or WK00017可以結案嗎, or None."""
    rest, times = _ASKED.subn("", text, count=1)
    return asked_case(rest) if times else None


def read_number(text: str) -> str:
    """Return a typed case number; raises ``InvalidInput`` that says what one looks like."""
    number = asked_closing(normal(text)) or asked_case(normal(text))
    if number is None:
        raise InvalidInput(case_views.NUMBER_EXPECTED)
    return number


NUMBER = Step("closing", "number", views.number_question, read_number)


@router.says(
    "可以結案嗎", "可以結案了嗎", "可以結案", "能結案嗎", "能不能結案", "可不可以結案", "何時可以結案",
    "什麼時候可以結案", "我要結案", "申請結案", "結案",
)  # fmt: skip
def ask_number(turn: Turn) -> Answer:
    """Answer about the one case that is open; of several, ask which."""
    page = in_bucket(turn.ctx, ClosureBucket.IN_PROGRESS, limit=LISTED)
    if page.total == 1:
        return _answer(turn, page.rows[0].number)
    NUMBER.begin(turn)
    return views.which_case(page)


@router.step(NUMBER)
@router.matches(asked_closing)
def closing(turn: Turn, number: str) -> Answer:
    """Show whether a case may be closed; one that is not there and one of another unit are answered alike."""
    shown = _answer(turn, number)
    turn.dialog.leave()
    return shown


@router.pressed(AskClosing)
def closing_pressed(turn: Turn, button: AskClosing) -> Answer:
    """Show whether the case of a button may be closed."""
    return _answer(turn, button.number)


@router.pressed(ExplainClosing)
def closing_why(turn: Turn, button: ExplainClosing) -> Answer:
    """Show how the answer for the service of a button came about."""
    return decision_answer(*explain_closing(turn.ctx, button.opened_id))


def _answer(turn: Turn, number: str) -> Answer:
    """Return whether a case may be closed; of one that is open nowhere in the units, how it stands."""
    try:
        services = services_of_case(turn.ctx, number)
    except NotFound:
        return views.nothing_open(shown_case(turn.ctx, number))
    return closing_answer([can_close(turn.ctx, each) for each in services])
