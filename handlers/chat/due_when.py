"""待辦 明天, 待辦 下週, 待辦 3/9: what falls due on some days, in order of the due moment (DUTY-2)."""

from __future__ import annotations

from datetime import date

from core.buttons import MoreDue
from core.cards import Answer
from core.duties.overview import ROWS_A_SCREEN
from core.errors import Expired
from core.watch.due import due_between, late_now
from core.watch.rules import Span
from handlers.chat import duties
from handlers.chat.dialogs import goes_on
from handlers.chat.router import Router
from handlers.chat.turn import Turn
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.spoken_days import is_spoken, span_of
from handlers.chat.views import due_when as views

router = Router()


def asked_days(text: str) -> str | None:
    """Return the days in a normal text like 待辦下禮拜一, as they are said; None: it names none."""
    words = fold(text).removeprefix(Intent.DUTIES.word)
    return words if text.startswith(Intent.DUTIES.word) and is_spoken(words) else None


@router.matches(asked_days)
def due_when(turn: Turn, words: str) -> Answer:
    """Show what falls due on the days that are named; all that is owed where they are over or are none."""
    span = span_of(words, turn.ctx.today, turn.ctx.calendar)
    if span is None or span.last is None or span.last < turn.ctx.today:
        return duties.duties(turn)
    return _page(turn, Span(max(span.first, turn.ctx.today), span.last), 0)


@router.pressed(MoreDue)
def more_due(turn: Turn, button: MoreDue) -> Answer:
    """Show the rows from a place on; raises ``Expired`` for days that are none."""
    try:
        span = Span(date.fromisoformat(button.first), date.fromisoformat(button.last))
    except ValueError:
        raise Expired from None
    return _page(turn, span, button.start)


def _page(turn: Turn, span: Span, start: int) -> Answer:
    """Return a page of what falls due; the first one where fewer are left by now."""
    found = due_between(turn.ctx, span.first, span.last, start, ROWS_A_SCREEN)
    if start and not found.rows:
        return _page(turn, span, 0)
    following = MoreDue(str(span.first), str(span.last), start + len(found.rows))
    goes_on(turn, following if following.start < found.total else None)
    return views.due(span, found, following, late_now(turn.ctx))
