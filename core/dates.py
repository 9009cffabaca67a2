"""Reading and writing dates as people in Taiwan do: the ROC calendar first, the Western one too.

One parser for chat, forms, imports and the command line (A42). What can be read in two ways is refused, never
guessed; dialogs echo what was understood. It knows nothing of working days: that is ``core/calendar.py``.

A year of four digits is Western, one of one to three digits is ROC. A year of one or two digits up to 31 without 民國
or 年 could as well be a day (11/12/13), so it is refused; ``roc`` therefore writes three digits (099/01/01).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, date, datetime, time, tzinfo

from core.clock import TAIPEI
from core.errors import InvalidInput

ROC_OFFSET = 1911  # ROC 1 is 1912
FIRST_YEAR, LAST_YEAR = 1912, 2100  # later than any duty, and the last year whose holidays are known
LAST_DAY_NUMBER = 31
LONGEST_INPUT = 60  # characters; a date with the weekday, a time and an offset has fewer than 40
NOON = 12
WEEKDAYS = "一二三四五六日"

_DIGITS = frozenset("0123456789０１２３４５６７８９")
_DASHES = str.maketrans(dict.fromkeys("‐‒–—−", "-") | {"∕": "/"})  # what phones type for them
_IDLE_SPACE = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")  # a space between two digits parts them, others mean nothing

_ERA = r"(?P<era>(?:中華)?民國|西元|公元)?"
_WEEKDAY = rf"(?:\((?:星期|禮拜|週|周)?(?P<weekday>[{WEEKDAYS}天])\))?"
_FORMS = tuple(
    re.compile(_ERA + form + _WEEKDAY)
    for form in (
        r"(?P<year>[0-9]{1,4})(?P<mark>年)(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日號号]?",
        r"(?P<year>[0-9]{1,4})(?P<mark>[-/. ])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})",
        r"(?P<year>[0-9]{2,4})(?P<mark>)(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    )
)
_MOMENT = re.compile(
    r"(?P<date>.+?)(?:[Tt ]|(?<=[日號号)])|(?=[上下]午))"
    r"(?P<half>[上下]午)?(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,6}))?)?"
    r"|[時點](?:(?P<minutes>[0-9]{1,2})分)?)"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)

_UNREADABLE = (
    "看不懂這個日期。請依年、月、日的順序寫，例如民國 114/11/21、114年11月21日、1141121，"
    "或西元 2025-11-21；全形、半形數字都可以。"
)
_NO_TIME = "看不懂這個日期時間。請先寫日期、空一格再寫 24 小時制的時間，例如 114/11/21 14:05。"
_WRONG_TIME = "沒有這個時間。時應為 0 到 23，分、秒應為 0 到 59，例如 114/11/21 14:05。"
_UNCLEAR_YEAR = (
    "年份不明確：31 以內的一、兩位數可能是年，也可能是月或日。"
    "請寫三位數民國年（例如 011/12/13）、加上「民國」，或寫四位數西元年（例如 2011/12/13）。"
)
_YEAR_OUT_OF_RANGE = (
    f"年份超出範圍：可輸入民國 1 年到 {LAST_YEAR - ROC_OFFSET} 年，"
    f"即西元 {FIRST_YEAR} 年到 {LAST_YEAR} 年。請確認後再輸入一次。"
)


def parse_date(text: str, *, field: str = "") -> date:
    """Return the date somebody typed (A42).

    Accepted: 114/11/21 with / - . or spaces between, 民國114年11月21日, 1141121, 991231, 2025-11-21, 20251121, each in
    half or full width, with its weekday in brackets if wanted. Years 1912 to 2100.

    Raises InvalidInput with a sentence that says what is wrong and what is accepted; ``field`` is passed on.
    """
    try:
        return _date_in(_cleaned(text))
    except InvalidInput as refused:
        raise InvalidInput(str(refused), field=field) from None


def parse_moment(text: str, *, field: str = "") -> datetime:
    """Return the moment somebody typed, as an aware UTC instant; without an offset it is Taipei's wall clock.

    Accepted: a date as in ``parse_date``, then 14:05, 14:05:30, 14時5分 or 下午2時5分, and an ISO offset (Z, +08:00).

    Raises InvalidInput as ``parse_date`` does.
    """
    try:
        return _moment_in(_cleaned(text))
    except InvalidInput as refused:
        raise InvalidInput(str(refused), field=field) from None


def roc(day: date) -> str:
    """Return a date as people read it: 113/07/22, 099/01/01. Before ROC 1 it is the ISO date."""
    if day.year < FIRST_YEAR:
        return f"{day:%Y-%m-%d}"
    return f"{day.year - ROC_OFFSET:03d}/{day:%m/%d}"


def roc_moment(instant: datetime) -> str:
    """Return an aware instant as Taipei's wall clock shows it: 113/07/22 10:15. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"naive instant {instant!r}: give it a time zone")
    local = instant.astimezone(TAIPEI)
    return f"{roc(local)} {local:%H:%M}"


def _cleaned(text: str) -> str:
    """Return the text in half width, without format characters and idle white space."""
    if len(text) > LONGEST_INPUT or any(_is_foreign_digit(each) for each in text):
        raise InvalidInput(_UNREADABLE)
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    visible = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    return _IDLE_SPACE.sub("", visible)


def _is_foreign_digit(character: str) -> bool:
    """Return whether it is a digit of another script, a superscript, a circled one: NFKC would let some pass."""
    return unicodedata.category(character) in {"Nd", "Nl", "No"} and character not in _DIGITS


def _date_in(clean: str) -> date:
    found = next((match for form in _FORMS if (match := form.fullmatch(clean))), None)
    if found is None:
        raise InvalidInput(_UNREADABLE)
    day = _existing_day(_western_year(found), int(found["month"]), int(found["day"]), is_western=_is_western(found))
    written, true = (found["weekday"] or "").replace("天", "日"), WEEKDAYS[day.weekday()]
    if written and written != true:
        raise InvalidInput(f"{roc(day)} 是星期{true}，不是星期{written}。請確認後再輸入一次。")
    return day


def _is_western(found: re.Match[str]) -> bool:
    """Return whether the year is a Western one: it has four digits, or says so."""
    return found["era"] in {"西元", "公元"} or (not found["era"] and len(found["year"]) == len("2025"))


def _western_year(found: re.Match[str]) -> int:
    written, is_named = int(found["year"]), bool(found["era"]) or found["mark"] == "年"
    if not is_named and len(found["year"]) < len("114") and written <= LAST_DAY_NUMBER:
        raise InvalidInput(_UNCLEAR_YEAR)
    year = written if _is_western(found) else written + ROC_OFFSET
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(_YEAR_OUT_OF_RANGE)
    return year


def _existing_day(year: int, month: int, day: int, *, is_western: bool) -> date:
    if not 1 <= month <= 12:  # noqa: PLR2004 (months of a year)
        raise InvalidInput(f"沒有 {month} 月，月份應為 1 到 12。請依年、月、日的順序再輸入一次。")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        shown = f"西元 {year} 年" if is_western else f"民國 {year - ROC_OFFSET} 年"
        raise InvalidInput(f"{shown} {month} 月只有 1 到 {last} 日，沒有 {day} 日。請確認後再輸入一次。")
    return date(year, month, day)


def _moment_in(clean: str) -> datetime:
    found = _MOMENT.fullmatch(clean)
    if found is None:
        raise InvalidInput(_NO_TIME)
    day = _date_in(found["date"])
    try:
        return datetime.combine(day, _time_in(found), _zone_in(found)).astimezone(UTC)
    except ValueError:
        raise InvalidInput(_WRONG_TIME) from None


def _time_in(found: re.Match[str]) -> time:
    minute = found["minute"] or found["minutes"] or "0"
    fraction = (found["fraction"] or "0").ljust(6, "0")
    return time(_hour_in(found), int(minute), int(found["second"] or 0), int(fraction))


def _hour_in(found: re.Match[str]) -> int:
    """Return the hour of the day; 上午12時 is midnight to some and noon to others, so it is no hour."""
    hour = int(found["hour"])
    if found["half"] == "上午" and hour >= NOON:
        raise ValueError("no such hour in the morning")
    if found["half"] == "下午":
        if not 1 <= hour <= NOON:
            raise ValueError("no such hour in the afternoon")
        return hour % NOON + NOON
    return hour


def _zone_in(found: re.Match[str]) -> tzinfo:
    """Return the offset that was written, or Taipei. Raises ValueError for an offset of a day or more."""
    offset = found["offset"]
    return (datetime.strptime(offset.upper(), "%z").tzinfo if offset else None) or TAIPEI
