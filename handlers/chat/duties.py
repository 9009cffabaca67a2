"""待辦: the figures and the rows of what is owed, the rows of one bucket, and how a deadline was reckoned."""

from __future__ import annotations

from core.access import Action
from core.buttons import ExplainDuty, MoreDuties, MoreUnits
from core.cards import Answer, said
from core.duties.explain import explain
from core.duties.notices import duties_answer
from core.duties.numbered import number_of, owed_about
from core.duties.overview import Overview, overview
from core.duties.queries import OwedRow, owed
from core.duties.to_review import to_review
from core.duties.unit_notices import ONE_BY_ONE
from core.duties.working_notices import working_answer
from core.helpdesk.queries import DeskList
from core.helpdesk.queries import counts as desk_counts
from handlers.chat import units
from handlers.chat.dialogs import goes_on
from handlers.chat.looking_up import look_up
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.views import duties as views
from handlers.chat.views.choices import MENU
from handlers.chat.views.desk import at_the_desk
from handlers.chat.views.reviews import with_reviews
from handlers.chat.words import asked_working

router = Router()


@router.says(
    "待辦", "代辦", "待辦事項", "我的待辦", "還有什麼沒回", "還有哪些沒回", "有什麼沒回", "還有什麼要做", "有什麼要做",
    "沒回的", "未完成", "各單位", "各單位待辦", "todo",
)  # fmt: skip
def duties(turn: Turn) -> Answer:
    """Show all that is owed: figures, then the worst first; unit by unit for who stands over several.

    Whoever answers at the desk sees first what waits there, and who reviews sees last what waits for that.
    """
    return with_reviews(_at_the_desk(turn) or units.listed(turn) or _page(turn, 0), to_review(turn.ctx))


@router.says(ONE_BY_ONE, "逐案看", "全部待辦", "不分單位")
def one_by_one(turn: Turn) -> Answer:
    """Show all that is owed case by case, whatever unit owes it."""
    return _page(turn, 0)


@router.pressed(MoreUnits)
def more_units(turn: Turn, button: MoreUnits) -> Answer:
    """Show the units from a place on; from the beginning where fewer are left by now."""
    return units.listed(turn, button.start) or _page(turn, 0)


@router.pressed(MoreDuties)
def more(turn: Turn, button: MoreDuties) -> Answer:
    """Show the rows from a place on; from the beginning where fewer are left by now."""
    return _page(turn, button.start)


@router.pressed(ExplainDuty)
def explained(turn: Turn, button: ExplainDuty) -> Answer:
    """Show how one deadline was reckoned."""
    return working_answer(explain(turn.ctx, button.duty_id), number_of(turn.ctx, button.duty_id))


@router.says("怎麼算的", "怎麼算", "期限怎麼算", "怎麼算出來的", "為什麼", "為什麼是這天")
def worst_explained(turn: Turn) -> Answer:
    """Show how the deadline of the case spoken of was reckoned, else the most pressing one."""
    if turn.dialog.seen.is_about:
        return one_explained(turn, turn.dialog.seen.about)
    worst = owed(turn.ctx, 0, 1).rows
    return _working(turn, worst[0]) if worst else views.nothing_owed()


@router.matches(asked_working)
def one_explained(turn: Turn, number: str) -> Answer:
    """Show how the deadline of one case or check was reckoned: never that of another one."""
    found = owed_about(turn.ctx, number, 1).rows
    return _working(turn, found[0]) if found else look_up(turn.ctx, number)


def _at_the_desk(turn: Turn) -> Answer | None:
    """Return what waits at the desk, and behind it what the agent's own account owes; None: nothing waits there."""
    if not turn.ctx.actor.may(Action.ANSWER_HELP):
        return None
    counts = desk_counts(turn.ctx)
    if not counts[DeskList.UNSOLVED]:
        return None
    own = overview(turn.ctx)
    behind = _drawn(turn, own).messages if own.owed.total else ()
    return said(at_the_desk(counts), *behind, choices=(MENU,))


def _working(turn: Turn, row: OwedRow) -> Answer:
    return working_answer(explain(turn.ctx, row.duty_id), row.number)


def _page(turn: Turn, start: int) -> Answer:
    page = overview(turn.ctx, start)
    if turn.ctx.actor.may(Action.SEE_DUTIES) and _lacks_permission(page):
        return views.no_permission_yet()
    if start and not page.owed.rows:
        return _page(turn, 0)
    return _drawn(turn, page)


def _lacks_permission(page: Overview) -> bool:
    """Return whether nothing is owed where nothing may be seen either: no work that is done."""
    return not page.owed.total and page.dispatches is None and page.checks is None


def _drawn(turn: Turn, page: Overview) -> Answer:
    """Return a page of what is owed, behind which 更多 goes on."""
    goes_on(turn, MoreDuties(page.start + len(page.owed.rows)) if page.left > 0 else None)
    return duties_answer(page)
