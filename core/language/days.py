"""Dates as English readers write them: 111/08/07（日） is 7 Aug 2022 (Sun). Pure."""

from __future__ import annotations

import re
from datetime import date, time

from babel.dates import format_date, format_time

from core.dates import ROC_OFFSET, WEEKDAYS

ENGLISH = "en_GB"  # the day before the month, and 24 hours
_WEEKDAY = rf"(?P<weekday>（[{WEEKDAYS}]）)?"
_SHORT = re.compile(
    r"(?<![0-9/])(?P<year>[0-9]{3})/(?P<month>[0-9]{2})/(?P<day>[0-9]{2})(?![0-9/])"
    + _WEEKDAY
    + r"(?: (?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?![0-9:]))?"
)
_LONG = re.compile(
    r"(?<![0-9])(?P<year>西元[0-9]{1,4}|[0-9]{1,3})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})日" + _WEEKDAY
)
_BRIEF = re.compile(r"(?<![0-9/])(?P<month>1[0-2]|[1-9])/(?P<day>[12][0-9]|3[01]|[1-9])(?=（| [㐀-鿿])")
"""A day before its name: 3/7 週六, 3/7（校慶）."""
_A_LEAP_YEAR = 2000  # whose days are every year's


def day_at(text: str, start: int) -> tuple[str, int] | None:
    """Return the date that stands in a text at ``start``, in English, and where it ends; None: none does."""
    found = _SHORT.match(text, start) or _LONG.match(text, start)
    if found is None:
        return _brief_at(text, start)
    day = _day(found)
    if day is None:
        return None
    pattern = "d MMM y (EEE)" if found["weekday"] else "d MMM y"
    return format_date(day, pattern, locale=ENGLISH) + _clock(found), found.end()


def _brief_at(text: str, start: int) -> tuple[str, int] | None:
    """Return a month and a day before their name: 3/7 is 7 March here, and would be 3 July to an English reader."""
    found = _BRIEF.match(text, start)
    if found is None:
        return None
    try:
        day = date(_A_LEAP_YEAR, int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return format_date(day, "d MMM", locale=ENGLISH), found.end()


def holds_day(text: str) -> bool:
    """Return whether a date in digits alone stands in a text, which no sign of Chinese gives away."""
    return _SHORT.search(text) is not None


def _day(found: re.Match[str]) -> date | None:
    written = found["year"]
    year = int(written.removeprefix("西元")) + (0 if written.startswith("西元") else ROC_OFFSET)
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _clock(found: re.Match[str]) -> str:
    hour = found.groupdict().get("hour")
    if hour is None or int(hour) >= 24 or int(found["minute"]) >= 60:  # noqa: PLR2004 (hours of a day, minutes of an hour)
        return "" if hour is None else f" {hour}:{found['minute']}"
    return ", " + format_time(time(int(hour), int(found["minute"])), "HH:mm", locale=ENGLISH)
