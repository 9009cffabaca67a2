"""Which days people mean: as they are said on Wednesday, 4 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import WorkCalendar
from core.watch.rules import Span
from handlers.chat.understanding.folding import fold
from handlers.chat.understanding.spoken_days import is_spoken, span_of, spoken

TODAY = date(2026, 3, 4)


def day(month: int, number: int, year: int = 2026) -> Span:
    return Span(date(year, month, number), date(year, month, number))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("今天", day(3, 4)),
        ("明天", day(3, 5)),
        ("大後天", day(3, 7)),
        ("前天", day(3, 2)),
        ("這禮拜", Span(date(2026, 3, 2), date(2026, 3, 8))),
        ("下週", Span(date(2026, 3, 9), date(2026, 3, 15))),
        ("下個禮拜一", day(3, 9)),
        ("下下星期日", day(3, 22)),
        ("上週五", day(2, 27)),
        ("禮拜三", day(3, 4)),
        ("禮拜二", day(3, 10)),
        ("這週末", Span(date(2026, 3, 7), date(2026, 3, 8))),
        ("這個月", Span(date(2026, 3, 1), date(2026, 3, 31))),
        ("下個月", Span(date(2026, 4, 1), date(2026, 4, 30))),
        ("月底前", Span(date(2026, 3, 1), date(2026, 3, 31))),
        ("3/9", day(3, 9)),
        ("3/3", day(3, 3, 2027)),
        ("115/06/19", day(6, 19)),
        ("11號", day(3, 11)),
        ("3號", day(4, 3)),
        ("端午節", day(6, 19)),
        ("清明", day(4, 5)),
        ("過年", day(2, 4, 2027)),
        ("雙十", day(10, 9)),
        ("2/30", None),
        ("115/13/41", None),
    ],
)
def test_what_is_said_means_these_days(words: str, meant: Span | None) -> None:
    assert span_of(words, TODAY, WorkCalendar()) == meant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("明仔載要交啥", "明天"),
        ("下禮拜一要上班嗎", "下禮拜一"),
        ("3/9要補班嗎", "3/9"),
        ("WK00017 的期限", ""),
        ("案件 1151231", ""),
        ("7天前", ""),
    ],
)
def test_the_words_for_a_day_are_found_in_a_text(text: str, words: str) -> None:
    assert spoken(fold(text)) == words


def test_a_name_of_days_is_nothing_else() -> None:
    assert is_spoken("下禮拜一")
    assert not is_spoken("下禮拜一的")
