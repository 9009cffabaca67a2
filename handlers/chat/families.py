"""查 NAME, 查 ID, 王小明那個案子現在怎樣: the families of a person, by a part of the name too, and their history.

Each only as far as one serves them.
"""

from __future__ import annotations

from core.access import Action
from core.accounts.rules import is_national_id
from core.buttons import ShowFamily
from core.cards import Answer
from core.context import Context
from core.dispatches.finding import FamilyRow, find_families
from core.dispatches.forms_notices import families_answer, history_answer
from core.dispatches.history import history
from core.dispatches.parts import families_like
from core.paging import Page
from handlers.chat.looking_up import shown_case
from handlers.chat.named import named_person
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import cases as views
from handlers.chat.whose import NamedWish
from handlers.chat.words import AskedPerson, asked_person

ENTRIES = 12

router = Router()


@router.matches(asked_person)
def family(turn: Turn, person: AskedPerson) -> Answer:
    """Show the families of a person, else those in which a name has this part; none there and not theirs are alike."""
    return families_answer(_found(turn.ctx, person.text))


@router.matches(named_person)
def how_it_stands(turn: Turn, person: AskedPerson) -> Answer:
    """Show the one case that is meant by a name; where more may be meant, the families to choose from."""
    return _stands(turn, _found(turn.ctx, person.text))


def by_name(turn: Turn, person: AskedPerson) -> Answer | None:
    """Return how the case of a name stands, for who may see families; None where nobody of theirs is called so."""
    found = _found(turn.ctx, person.text) if turn.ctx.actor.may(Action.SEE_FAMILIES) else Page(0, ())
    return _stands(turn, found) if found.rows else None


def _stands(turn: Turn, found: Page[FamilyRow]) -> Answer:
    if found.total != 1 or _cases(found) != 1:
        return families_answer(found)
    row = found.rows[0]
    shown = shown_case(turn.ctx, row.cases[0])
    return shown.model_copy(update={"choices": (views.history_of(row.family_id), *shown.choices)})


def whose_case(ctx: Context, asked: NamedWish) -> str | Answer | None:
    """Return the number of the one case that is meant by a name, else the question which, or that there is none.

    None where nobody was found and it may be no name at all. Raises ``NotAllowed``.
    """
    whole, *shorter = asked.names
    pages = (_found(ctx, whole), *(find_families(ctx, name) for name in shorter))  # no 王小安 for 王小明
    found = next((page for page in pages if page.rows), None)
    if found is None:
        return families_answer(Page(0, ())) if asked.is_sure else None
    if _cases(found) == 1:
        return found.rows[0].cases[0]
    return views.which_of(found.rows, asked.rest)


def _found(ctx: Context, text: str) -> Page[FamilyRow]:
    found = find_families(ctx, text)
    return found if found.rows or is_national_id(text) else families_like(ctx, text)


def _cases(found: Page[FamilyRow]) -> int:
    return sum(len(row.cases) for row in found.rows)


@router.says("服務歷程", "案家", "家庭")
def ask_name(_: Turn) -> Answer:
    """Say how a family's history is found."""
    return views.name_question()


@router.pressed(ShowFamily)
def service_history(turn: Turn, button: ShowFamily) -> Answer:
    """Show the service history of a button's family."""
    return history_answer(history(turn.ctx, button.family_id, button.start, ENTRIES))
