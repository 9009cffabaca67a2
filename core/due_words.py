"""How long is left, as people say it, and how pressing it feels: the one place for all who show a deadline."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core.cards import Tone
from core.clock import taipei_date
from core.dates import WEEKDAYS, roc, roc_moment
from core.duties.rules import days_left, is_late

SOON_DAYS = 3
ONE_HOUR = timedelta(hours=1)


def days_words(due_at: datetime, now: datetime) -> str:
    """Return what is left of a duty counted in days: 今天到期, 明天到期, 剩 3 天, 已逾期 2 天."""
    return left_words(days_left(due_at, now), late=is_late(due_at, now))


def left_words(days: int, *, late: bool) -> str:
    """Return so many days until the due day (negative: gone) as people say them."""
    if late:
        return f"已逾期 {-days} 天" if days else "已逾期"
    return {0: "今天到期", 1: "明天到期"}.get(days, f"剩 {days} 天")


def hours_words(due_at: datetime, now: datetime) -> str:
    """Return what is left of a duty counted in hours: 剩 5 小時, 剩不到 1 小時, 已逾期 30 小時."""
    if is_late(due_at, now):
        gone = (now - due_at) // ONE_HOUR
        return f"已逾期 {gone} 小時" if gone else "剛逾期"
    left = (due_at - now) // ONE_HOUR
    return f"剩 {left} 小時" if left else "剩不到 1 小時"


def tone_of(due_at: datetime, now: datetime) -> Tone:
    """Return how pressing it is; the words beside it say the same."""
    return left_tone(days_left(due_at, now), late=is_late(due_at, now))


def left_tone(days: int, *, late: bool) -> Tone:
    """Return how pressing so many days until the due day are."""
    if late:
        return Tone.LATE
    return Tone.SOON if days <= SOON_DAYS else Tone.PLAIN


def due_day(due_at: datetime) -> str:
    """Return a due date: 111/08/07（日）."""
    return roc_day(taipei_date(due_at))


def due_minute(due_at: datetime) -> str:
    """Return a due moment to the minute: 111/08/03 14:05."""
    return roc_moment(due_at)


def roc_day(day: date) -> str:
    """Return a day with its weekday, short: 111/08/07（日）."""
    return f"{roc(day)}（{WEEKDAYS[day.weekday()]}）"
