"""Which days a text speaks of, as people say them: 明天, 下禮拜一, 這週, 月底, 3/9, 端午節.

Pure, on folded texts. ``spoken`` finds the words, which are what would be typed; ``span_of`` says which days they mean
on a given day. Nothing is guessed: a text that names no day has none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from core.calendar import WorkCalendar, add_months
from core.dates import ROC_OFFSET, parse_date
from core.errors import InvalidInput
from core.watch.rules import Span

ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(weeks=1)
LOOKED_AHEAD = 400  # days in which the next holiday of a name is looked for
SATURDAY = 5
_NEAR = {"大後天": 3, "後天": 2, "明天": 1, "明日": 1, "今天": 0, "今日": 0, "昨天": -1, "前天": -2}
_WEEKDAYS = {sign: number for number, sign in enumerate("一二三四五六日")} | {"天": 6, "末": SATURDAY}
_HOLIDAYS = {
    "元旦": "開國", "除夕": "除夕", "過年": "除夕", "春節": "春節", "二二八": "和平", "228": "和平",
    "和平紀念日": "和平", "兒童節": "兒童", "清明": "掃墓", "掃墓": "掃墓", "勞動節": "勞動", "五一": "勞動",
    "端午": "端午", "中秋": "中秋", "教師節": "孔子", "國慶": "國慶", "雙十": "國慶", "光復": "光復", "行憲": "行憲",
    "聖誕": "行憲",
}  # fmt: skip
"""What people call a holiday, and what stands of it in the calendar."""
_WEEK = "(?:這|本|下下|下|上)一?個?(?:週|周|禮拜|星期)[一二三四五六日天末]?"
_WEEKDAY = "(?:週|周|禮拜|星期)[一二三四五六日天末]"
_MONTH = "(?:這|本|下|上)個?月底?|月底前?"
_DATE = (
    "(?:[0-9]{2,4}[年/.-])?(?:1[0-2]|0?[1-9])[月/.-](?:3[01]|[12][0-9]|0?[1-9])[日號]?|(?:3[01]|[12][0-9]|[1-9])[號日]"
)
_DAYS = "|".join((*_NEAR, _WEEK, _WEEKDAY, _MONTH))
_SPOKEN = re.compile(f"(?<![0-9A-Z])(?:{_DAYS}|{_DATE}|{'|'.join(_HOLIDAYS)}節?)(?![0-9])")
_OF_WEEK = re.compile("(?P<which>這|本|下下|下|上)?一?個?(?:週|周|禮拜|星期)(?P<day>[一二三四五六日天末])?")
_OF_MONTH = re.compile("(?P<which>這|本|下|上)?個?月底?前?")
_OF_DATE = re.compile("(?:(?P<year>[0-9]{2,4})[年/.-])?(?:(?P<month>[0-9]{1,2})[月/.-])?(?P<day>[0-9]{1,2})[日號]?")
_SHIFT = {"下下": 2, "下": 1, "上": -1}


def spoken(text: str) -> str:
    """Return the first words of a folded text that name a day or some days; empty: none do."""
    found = _SPOKEN.search(text)
    return found[0] if found else ""


def is_spoken(text: str) -> bool:
    """Return whether a folded text is nothing but the name of a day or some days."""
    return bool(_SPOKEN.fullmatch(text))


def span_of(words: str, today: date, calendar: WorkCalendar) -> Span | None:
    """Return which days are meant, seen from today; None: there are none such (13/41), or no next one is known."""
    if words in _NEAR:
        return _one(today + ONE_DAY * _NEAR[words])
    if found := _OF_WEEK.fullmatch(words):
        return _of_week(found, today)
    if found := _OF_MONTH.fullmatch(words):
        first = add_months(today.replace(day=1), _SHIFT.get(found["which"] or "", 0))
        return Span(first, first.replace(day=monthrange(first.year, first.month)[1]))
    if found := _OF_DATE.fullmatch(words):
        return _of_date(found, today)
    return _holiday(words, today, calendar)


def _one(day: date) -> Span:
    return Span(day, day)


def _of_week(found: re.Match[str], today: date) -> Span:
    """Return a week from Monday on, or its day; a bare 禮拜三 is the next one, today among them."""
    monday = today - ONE_DAY * today.weekday() + ONE_WEEK * _SHIFT.get(found["which"] or "", 0)
    if found["day"] is None:
        return Span(monday, monday + ONE_WEEK - ONE_DAY)
    day = monday + ONE_DAY * _WEEKDAYS[found["day"]]
    if found["which"] is None and day < today:
        day += ONE_WEEK
    return Span(day, day + ONE_DAY) if found["day"] == "末" else _one(day)


def _of_date(found: re.Match[str], today: date) -> Span | None:
    """Return a date; without a year, or a month, it is the next such day, today among them."""
    if found["month"] is None:
        months = (add_months(today.replace(day=1), number) for number in range(MONTHS_TRIED))
        tried = ((each.year, each.month) for each in months)
    elif found["year"] is None:
        tried = ((year, int(found["month"])) for year in (today.year, today.year + 1))
    else:
        return _parsed(f"{found['year']}/{found['month']}/{found['day']}")
    days = (_parsed(f"{year - ROC_OFFSET:03d}/{month}/{found['day']}") for year, month in tried)
    return next((span for span in days if span and span.first >= today), None)


MONTHS_TRIED = 3  # one of three months in a row has a 31st


def _parsed(written: str) -> Span | None:
    try:
        return _one(parse_date(written))
    except InvalidInput:
        return None


def _holiday(words: str, today: date, calendar: WorkCalendar) -> Span | None:
    part = _HOLIDAYS.get(words) or _HOLIDAYS.get(words.removesuffix("節"))
    days = (today + ONE_DAY * number for number in range(LOOKED_AHEAD))
    found = next((day for day in days if part and part in (calendar.why_not(day) or "")), None)
    return _one(found) if found else None
