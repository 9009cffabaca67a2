"""One row of a list at the desk, whatever it is about: so that every list reads alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.cards import Tone
from core.checks import notices as check_notices
from core.checks.queries import CheckRow
from core.clock import taipei_date
from core.dates import roc, roc_moment
from core.dispatches import notices as dispatch_notices
from core.dispatches.queries import DispatchRow
from core.due_words import days_words, due_day, due_minute, hours_words, tone_of
from core.duties.notices import due_text, due_tone, due_words
from core.duties.queries import OwedRow
from core.watch.kept import LateRow


@dataclass(frozen=True)
class ListRow:
    """A row as it is read; names are masked."""

    number: str
    child: str
    unit_name: str
    what: str
    """The kind of duty, or since when."""
    due: str
    """Empty: nothing is owed."""
    left: str
    """How long is left, or the state of what is settled."""
    tone: Tone
    following: str
    """What comes next; empty where the list says it."""
    duty_id: int | None


def of_duty(row: OwedRow) -> ListRow:
    """Return a duty as a row."""
    return ListRow(
        number=row.number,
        child=row.child,
        unit_name=row.unit_name,
        what=row.kind.label,
        due=due_text(row),
        left=due_words(row),
        tone=due_tone(row),
        following="",
        duty_id=row.duty_id,
    )


def of_late(late: LateRow) -> ListRow:
    """Return what was not done in time as a row: how late it was done, or how late it is."""
    row = of_duty(late.row)
    if late.done_at is None:
        return row
    days = (taipei_date(late.done_at) - taipei_date(late.row.due_at)).days
    return replace(row, left=f"逾期 {days} 天完成" if days else "當天逾時完成", tone=Tone.SOON)


def of_dispatch(row: DispatchRow, now: datetime) -> ListRow:
    """Return a dispatch as a row."""
    return ListRow(
        number=row.number,
        child=row.served or row.child,
        unit_name=row.unit_name,
        what=f"{roc(row.dispatched_on)} 派案",
        due=due_day(row.due_at) if row.due_at else "",
        left=days_words(row.due_at, now) if row.due_at else row.state.label,
        tone=tone_of(row.due_at, now) if row.due_at else Tone.GOOD,
        following=dispatch_notices.next_step(row, now),
        duty_id=row.duty_id,
    )


def of_check(row: CheckRow, now: datetime) -> ListRow:
    """Return a meal-station check as a row."""
    return ListRow(
        number=row.number,
        child=row.child,
        unit_name=row.unit_name,
        what=f"{row.shop} {_unbroken(roc_moment(row.happened_at))}",
        due=due_minute(row.due_at) if row.due_at else "",
        left=hours_words(row.due_at, now) if row.due_at else row.state.label,
        tone=tone_of(row.due_at, now) if row.due_at else Tone.GOOD,
        following=check_notices.next_step(row, now),
        duty_id=row.duty_id,
    )


def _unbroken(moment: str) -> str:
    """Return a moment whose day and time stay on one line."""
    return moment.replace(" ", "\N{NO-BREAK SPACE}")
