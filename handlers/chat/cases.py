"""案件 NUMBER: one case, only as far as the asker may see it."""

from __future__ import annotations

from core.buttons import ExplainDispatch, ExplainLight, ShowCase
from core.cards import Answer
from core.decision_words import decision_answer
from core.dispatches.explain import explain_bucket, explain_light, explain_opening
from core.dispatches.notices import case_answer
from core.dispatches.queries import case_of
from core.errors import InvalidInput
from handlers.chat.dialogs import Step
from handlers.chat.looking_up import look_up
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import cases as views
from handlers.chat.words import asked_case, normal, unclear_case

router = Router()


def read_number(text: str) -> str:
    """Return a typed case number; raises ``InvalidInput`` that says what one looks like."""
    number = asked_case(normal(text))
    if number is None:
        raise InvalidInput(views.NUMBER_EXPECTED)
    return number


NUMBER = Step("case", "number", views.number_question, read_number)


@router.says("案件", "查案件", "查詢案件", "個案", "查個案", "查詢", "查", "案號", "案件編號")
def ask_number(turn: Turn) -> Answer:
    """Ask which case."""
    return NUMBER.begin(turn)


@router.step(NUMBER)
@router.matches(asked_case)
def case(turn: Turn, number: str) -> Answer:
    """Show a case or a check; one that is not there and one of another unit are answered alike."""
    shown = look_up(turn.ctx, number)
    turn.dialog.leave()
    return shown


@router.pressed(ShowCase)
def case_pressed(turn: Turn, button: ShowCase) -> Answer:
    """Show the case of a button."""
    return case_answer(case_of(turn.ctx, button.number), turn.ctx.now)


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
def no_number(_: Turn, __: str) -> Answer:
    """Say what a case number looks like."""
    return views.number_unclear()
