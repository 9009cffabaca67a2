"""查 NAME, 查 ID: the families of a person, and a family's service history, as far as the asker serves them."""

from __future__ import annotations

from core.buttons import ShowFamily
from core.cards import Answer
from core.dispatches.finding import find_families
from core.dispatches.forms_notices import families_answer, history_answer
from core.dispatches.history import history
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.words import AskedPerson, asked_person

ENTRIES = 12

router = Router()


@router.matches(asked_person)
def family(turn: Turn, person: AskedPerson) -> Answer:
    """Show the families of a person; one that is not there and one of another unit are answered alike."""
    return families_answer(find_families(turn.ctx, person.text))


@router.pressed(ShowFamily)
def service_history(turn: Turn, button: ShowFamily) -> Answer:
    """Show the service history of a button's family."""
    return history_answer(history(turn.ctx, button.family_id, button.start, ENTRIES))
