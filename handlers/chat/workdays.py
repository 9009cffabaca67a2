"""上班日: whether a day is worked, by the calendar of reminders and the helpdesk, and what that means (HELP-1)."""

from __future__ import annotations

from datetime import timedelta

from core.access import Action
from core.calendar import WorkCalendar
from core.cards import Answer
from core.watch.rules import Span
from handlers.chat.router import Gate, Router
from handlers.chat.turn import Turn
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.intents import Intent
from handlers.chat.understanding.spoken_days import ONE_DAY, is_spoken, span_of
from handlers.chat.views import workdays as views

AHEAD = timedelta(days=60)

router = Router()


def asked_days(text: str) -> str | None:
    """Return the days in a normal text like 上班日下禮拜一, as they are said; None: it names none."""
    words = fold(text).removeprefix(Intent.WORKDAYS.word)
    return words if text.startswith(Intent.WORKDAYS.word) and is_spoken(words) else None


@router.says(Intent.WORKDAYS.word, "上班日曆", "行事曆", "放假", "補班", "補班日", "連假", gate=Gate.EVERYBODY)
def coming(turn: Turn) -> Answer:
    """Show the days off and the make-up workdays of the next weeks."""
    today = turn.ctx.today
    return _of_span(turn, Span(today, today + AHEAD))


@router.matches(asked_days, gate=Gate.EVERYBODY)
def workday(turn: Turn, words: str) -> Answer:
    """Show whether the day that is named is worked; of several days, which are not."""
    span = span_of(words, turn.ctx.today, turn.ctx.calendar)
    if span is None:
        return coming(turn)
    if span.first != span.last:
        return _of_span(turn, span)
    calendar = turn.ctx.calendar
    off = None if calendar.is_working_day(span.first) else _run_around(span, calendar)
    owes = turn.account is not None and turn.ctx.actor.may(Action.SEE_DUTIES)
    return views.one_day(span.first, calendar, off, owes=owes)


def _of_span(turn: Turn, span: Span) -> Answer:
    last = span.last or span.first
    days = [span.first + ONE_DAY * number for number in range((last - span.first).days + 1)]
    return views.several_days(days, turn.ctx.calendar)


def _run_around(span: Span, calendar: WorkCalendar) -> Span:
    """Return the days off in a row around a day off."""
    first, last = span.first, calendar.next_working_day(span.first) - ONE_DAY
    while not calendar.is_working_day(first - ONE_DAY):
        first -= ONE_DAY
    return Span(first, last)
