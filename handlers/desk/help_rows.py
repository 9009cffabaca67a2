"""How a request of the helpdesk reads: its state as agents say it, and its waiting time in working hours (HELP-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.cards import Tone
from core.context import Context
from core.helpdesk.hours import working_between
from core.helpdesk.models import HelpState
from core.helpdesk.queries import RequestRow
from handlers.desk import help_texts

SOON = timedelta(hours=1)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_TONES = {HelpState.NEW: Tone.SOON, HelpState.SOLVED: Tone.GOOD}


@dataclass(frozen=True)
class HelpLine:
    """A request with the words and tones it is shown in."""

    row: RequestRow
    state: str
    tone: Tone
    left: str
    """The working time left or gone; empty where nothing is owed."""
    left_tone: Tone


def line_of(ctx: Context, row: RequestRow) -> HelpLine:
    """Return a request as it is shown."""
    state, tone = help_texts.STATES[row.state], _TONES.get(row.state, Tone.PLAIN)
    if row.due_at is None:
        return HelpLine(row, state, tone, "", Tone.PLAIN)
    return HelpLine(row, state, tone, *_left(ctx, row.due_at, is_late=row.is_late))


def _left(ctx: Context, due_at: datetime, *, is_late: bool) -> tuple[str, Tone]:
    if is_late:
        return help_texts.LATE.format(span=span_words(working_between(due_at, ctx.now, ctx.calendar))), Tone.LATE
    left = working_between(ctx.now, due_at, ctx.calendar)
    return help_texts.LEFT.format(span=span_words(left)), Tone.SOON if left <= SOON else Tone.PLAIN


def span_words(span: timedelta) -> str:
    """Return a working time in hours and minutes: 3 小時 20 分, 12 分, 不到 1 分."""
    hours, minutes = span // HOUR, span % HOUR // MINUTE
    words = [help_texts.HOURS.format(hours=hours)] if hours else []
    words += [help_texts.MINUTES.format(minutes=minutes)] if minutes else []
    return " ".join(words) or help_texts.MOMENT
