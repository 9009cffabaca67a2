"""How long is left, in words, at both edges."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from core.cards import Tone
from core.clock import TICK, end_of_day, taipei_moment
from core.due_words import days_words, due_day, due_minute, hours_words, tone_of

DUE_DAY = date(2022, 8, 7)
DUE = end_of_day(DUE_DAY)
DUE_MINUTE = taipei_moment(DUE_DAY, time(14, 5))


def noon(days_before: int) -> datetime:
    return taipei_moment(DUE_DAY - timedelta(days=days_before), time(12))


@pytest.mark.parametrize(
    ("now", "words", "tone"),
    [
        (noon(4), "剩 4 天", Tone.PLAIN),
        (noon(3), "剩 3 天", Tone.SOON),
        (noon(1), "明天到期", Tone.SOON),
        (noon(0), "今天到期", Tone.SOON),
        (DUE, "今天到期", Tone.SOON),
        (DUE + TICK, "已逾期 1 天", Tone.LATE),
        (noon(-2), "已逾期 2 天", Tone.LATE),
    ],
)
def test_days_are_counted_by_the_day_in_taipei(now: datetime, words: str, tone: Tone) -> None:
    assert (days_words(DUE, now), tone_of(DUE, now)) == (words, tone)


def test_what_is_late_on_its_own_day_is_late() -> None:
    assert days_words(DUE_MINUTE, DUE_MINUTE + TICK) == "已逾期"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=23, minutes=59), "剩 23 小時"),
        (timedelta(hours=1), "剩 1 小時"),
        (timedelta(minutes=59), "剩不到 1 小時"),
        (timedelta(), "剩不到 1 小時"),
        (-TICK, "剛逾期"),
        (timedelta(hours=-1), "已逾期 1 小時"),
    ],
)
def test_hours_are_counted_whole(left: timedelta, words: str) -> None:
    assert hours_words(DUE_MINUTE, DUE_MINUTE - left) == words


def test_due_is_shown_in_the_roc_calendar() -> None:
    assert due_day(DUE) == "111/08/07（日）"
    assert due_minute(DUE_MINUTE) == "111/08/07 14:05"
