"""案件 NUMBER: one case, by its number or a part of it, only as far as the asker may see it."""

from __future__ import annotations

from collections.abc import Sequence

from core.access import Action
from core.buttons import ExplainDispatch, ExplainLight, ShowCase
from core.cards import Answer
from core.decision_words import decision_answer
from core.dispatches.explain import explain_bucket, explain_light, explain_opening
from core.dispatches.parts import CasePart, cases_like
from core.errors import InvalidInput, NotAllowed, NotFound
from handlers.chat.dialogs import Step
from handlers.chat.families import by_name
from handlers.chat.looking_up import look_up, shown_case
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import cases as views
from handlers.chat.words import (
    AskedPerson,
    asked_case,
    asked_light,
    is_part,
    normal,
    odd_number,
    short_number,
    unclear_case,
)

router = Router()


def read_number(text: str) -> str:
    """Return a typed case number or a part of one; raises ``InvalidInput`` that says what one looks like."""
    compared = normal(text)
    number = asked_case(compared) or short_number(compared) or odd_number(compared)
    if number is None:
        raise InvalidInput(views.NUMBER_EXPECTED)
    return number


NUMBER = Step("case", "number", views.number_question, read_number)


@router.says(
    "案件", "查案件", "查詢案件", "個案", "查個案", "查詢", "查", "查案", "查案子", "找案件", "案號", "案件編號",
)  # fmt: skip
def ask_number(turn: Turn) -> Answer:
    """Ask which case."""
    return NUMBER.begin(turn)


@router.step(NUMBER)
@router.matches(asked_case)
def case(turn: Turn, number: str) -> Answer:
    """Show a case or a check; one that is not there and one of another unit are answered alike."""
    shown = _looked_up(turn, number)
    turn.dialog.leave()
    return shown


def exactly(turn: Turn, text: str) -> Answer | None:
    """Return what of one's own has a text as its whole number, of whatever form: EDGE2. None: nothing has."""
    number = odd_number(normal(text)) if turn.account else None
    if number is None:
        return None
    try:
        return look_up(turn.ctx, number)
    except (NotFound, NotAllowed):
        return None


def _looked_up(turn: Turn, number: str) -> Answer:
    """Return what has this number, else what of one's own has it as a part; raises ``NotFound`` for a whole one."""
    try:
        return look_up(turn.ctx, number)
    except NotFound:
        if "-" in number:
            return _looked_up(turn, number.replace("-", ""))  # WK-00017, as some write it
        if not is_part(number) or not turn.ctx.actor.may(Action.SEE_DISPATCHES):
            raise
        return _of_part(turn, cases_like(turn.ctx, number))


def _of_part(turn: Turn, like: Sequence[CasePart]) -> Answer:
    if len(like) != 1:
        return views.which_case(like) if like else views.no_such_part()
    return shown_case(turn.ctx, like[0].number)


@router.pressed(ShowCase)
def case_pressed(turn: Turn, button: ShowCase) -> Answer:
    """Show the case of a button."""
    return shown_case(turn.ctx, button.number)


@router.matches(asked_light)
def light_by_number(turn: Turn, number: str) -> Answer:
    """Show how a case came to its light."""
    return decision_answer(explain_light(turn.ctx, number))


@router.pressed(ExplainLight)
def light(turn: Turn, button: ExplainLight) -> Answer:
    """Show how the case of a button came to its light."""
    return decision_answer(explain_light(turn.ctx, button.number))


@router.pressed(ExplainDispatch)
def dispatch(turn: Turn, button: ExplainDispatch) -> Answer:
    """Show how the dispatch of a button came to its bucket, and which kind of opening is true for it."""
    number = button.dispatch_id
    return decision_answer(explain_bucket(turn.ctx, number), explain_opening(turn.ctx, number))


@router.matches(unclear_case)
def no_number(turn: Turn, asked: AskedPerson) -> Answer:
    """Show the case of who is named instead of a number; where nobody is, say what a case number looks like."""
    return by_name(turn, asked) or views.number_unclear()
