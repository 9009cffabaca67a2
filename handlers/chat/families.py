"""查 NAME, 查 ID, 王小明那個案子現在怎樣: the families of a person, by a part of the name too, and their history.

Each only as far as one serves them.
"""

from __future__ import annotations

from core.accounts.rules import is_national_id
from core.buttons import ShowFamily
from core.cards import Answer
from core.dispatches.finding import find_families
from core.dispatches.forms_notices import families_answer, history_answer
from core.dispatches.history import history
from core.dispatches.parts import families_like
from handlers.chat.named import named_person
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import cases as views
from handlers.chat.words import AskedPerson, asked_person

ENTRIES = 12

router = Router()


@router.matches(named_person)
@router.matches(asked_person)
def family(turn: Turn, person: AskedPerson) -> Answer:
    """Show the families of a person, else those in which a name has this part; none there and not theirs are alike."""
    found = find_families(turn.ctx, person.text)
    if not found.rows and not is_national_id(person.text):
        found = families_like(turn.ctx, person.text)
    return families_answer(found)


@router.says("服務歷程", "案家", "家庭")
def ask_name(_: Turn) -> Answer:
    """Say how a family's history is found."""
    return views.name_question()


@router.pressed(ShowFamily)
def service_history(turn: Turn, button: ShowFamily) -> Answer:
    """Show the service history of a button's family."""
    return history_answer(history(turn.ctx, button.family_id, button.start, ENTRIES))
