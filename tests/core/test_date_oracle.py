"""A43: every rule that makes a date of a date, for each day of 2020 to 2035, against an almanac made without ``date``.

The almanac is a list of days counted off by hand from the lengths of the months; the oracle moves along it and writes
what it finds as text. No rule is asked, and no arithmetic of dates is used, in what is expected. Working days and
months have their own oracles in ``test_calendar.py``, the forms of dates in ``test_dates.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from inspect import getmembers, isfunction, signature
from types import ModuleType

import pytest

from core.accounts.requests import rules as requests
from core.calendar import WorkCalendar
from core.checks import rules as checks
from core.checks.models import CheckState
from core.clock import TAIPEI, start_of_day
from core.closures import rules as closures
from core.closures.facts import Facts, Leaving, Statement
from core.closures.kinds import Ground, Leave
from core.dispatches import rules as dispatches
from core.dispatches.kinds import Urgency
from core.dispatches.models import DispatchState
from core.duties.owing import Owing
from core.helpdesk import rules as helpdesk
from core.policy import Policy
from core.records import rules as records
from core.records.kinds import WindowPolicy
from core.records.rules import Windows

FIRST_YEAR, LAST_YEAR, MARGIN = 2020, 2035, 2
POLICY, CALENDAR = Policy(), WorkCalendar()
LATE_IN_THE_DAY = timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)
TWO_IN_THE_AFTERNOON = timedelta(hours=14, minutes=5)


def lengths(year: int) -> list[int]:
    leap = 29 if year % 4 == 0 else 28  # holds from 1901 to 2099
    return [31, leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def counted_off() -> Iterator[str]:
    for year in range(FIRST_YEAR - MARGIN, LAST_YEAR + MARGIN + 1):
        for month, length in enumerate(lengths(year), 1):
            for day in range(1, length + 1):
                yield f"{year}-{month:02}-{day:02}"


ALMANAC = list(counted_off())
PLACES = {text: place for place, text in enumerate(ALMANAC)}
ASKED = [place for place, text in enumerate(ALMANAC) if FIRST_YEAR <= int(text[:4]) <= LAST_YEAR]


def month_last(text: str) -> str:
    year, month = int(text[:4]), int(text[5:7])
    return f"{text[:8]}{lengths(year)[month - 1]:02}"


def months_on(text: str, months: int) -> str:
    year, month = divmod(int(text[:4]) * 12 + int(text[5:7]) - 1 + months, 12)
    return f"{year}-{month + 1:02}-{min(int(text[8:]), lengths(year)[month]):02}"


def last_moment(place: int) -> str:
    """The last microsecond of a day in Taipei, as UTC writes it."""
    return f"{ALMANAC[place]}T15:59:59.999999+00:00"


def as_utc(moment: datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(UTC).isoformat()


def due(owing: Owing | None) -> str:
    assert owing is not None
    return as_utc(owing.due_at)


def at(day: date, within: timedelta) -> datetime:
    return start_of_day(day) + within


def window(day: date, index: int, policy: WindowPolicy) -> str:
    found = Windows(day, policy).window(index)
    assert Windows(day, policy).holding(found.first) == Windows(day, policy).holding(found.last) == found
    return f"{found.first} {found.last} {due(records.owing(found))}"


def thirty_days(place: int, index: int) -> str:
    last = place + 30 * index + 29
    return f"{ALMANAC[place + 30 * index]} {ALMANAC[last]} {last_moment(last)}"


def a_month(place: int, index: int) -> str:
    first = ALMANAC[place] if index == 0 else f"{months_on(ALMANAC[place], index)[:8]}01"
    return f"{first} {month_last(first)} {last_moment(PLACES[month_last(first)])}"


def graduating(day: date) -> Facts:
    return Facts((day,), statement=Statement(ground=Ground.GRADUATING, graduates_on=day))


def assigned(day: date) -> str:
    found = dispatches.assignment(day, [day])
    assert found is not None
    return str(found.last_day)


def semester_look(place: int) -> str:
    """The newest 1 February or 30 August within the last thirty days, the day itself among them."""
    found = [text for text in ALMANAC[place - 30 : place + 1] if text[5:] in {"02-01", "08-30"}]
    return found[-1] if found else "None"


Case = tuple[str, Callable[[date], str], Callable[[int], str]]
"""The rule, what it makes of a day, and what is expected at a place of the almanac."""

CASES: list[Case] = [
    ("REPLY-1 due_on", lambda day: str(dispatches.due_on(day)), lambda n: ALMANAC[n + 10]),
    (
        "REPLY-1 owed",
        lambda day: due(dispatches.owed(DispatchState.WAITING, day, None, 3)),
        lambda n: last_moment(n + 10),
    ),
    ("REPLY-11 returned_due_on", lambda day: str(dispatches.returned_due_on(day, 3)), lambda n: ALMANAC[n + 3]),
    *(
        (
            f"REPLY-11 owed from {within}",
            lambda day, within=within: due(dispatches.owed(DispatchState.RETURNED, day, at(day, within), 3)),
            lambda n: last_moment(n + 3),
        )
        for within in (timedelta(), LATE_IN_THE_DAY)
    ),
    *(
        (
            f"REPLY-16 assign_by from {within}",
            lambda day, within=within: as_utc(dispatches.assign_by(at(day, within), Urgency.ORDINARY)),
            lambda n: last_moment(n + 3),
        )
        for within in (timedelta(), LATE_IN_THE_DAY)
    ),
    (
        "REPLY-16 assign_by urgent",
        lambda day: as_utc(dispatches.assign_by(at(day, TWO_IN_THE_AFTERNOON), Urgency.BY_LAW)),
        lambda n: f"{ALMANAC[n + 1]}T06:05:00+00:00",
    ),
    ("REPLY-16 assignment", assigned, lambda n: ALMANAC[n + 3]),
    (
        "CHK-1 due_at",
        lambda day: as_utc(checks.due_at(at(day, TWO_IN_THE_AFTERNOON))),
        lambda n: f"{ALMANAC[n + 1]}T06:05:00+00:00",
    ),
    (
        "CHK-10 returned_due_at",
        lambda day: as_utc(checks.returned_due_at(at(day, LATE_IN_THE_DAY), 24)),
        lambda n: last_moment(n + 1),
    ),
    (
        "CHK-10 owed",
        lambda day: due(checks.owed(CheckState.RETURNED, at(day, timedelta()), at(day, TWO_IN_THE_AFTERNOON), 24)),
        lambda n: f"{ALMANAC[n + 1]}T06:05:00+00:00",
    ),
    *(
        (
            f"REC-1 owing, window {index}",
            partial(window, index=index, policy=WindowPolicy.THIRTY_DAYS),
            partial(thirty_days, index=index),
        )
        for index in (0, 1, 6, 12)
    ),
    *(
        (
            f"REC-3 owing, month {index}",
            partial(window, index=index, policy=WindowPolicy.CALENDAR_MONTH),
            partial(a_month, index=index),
        )
        for index in (0, 1, 13)
    ),
    ("REC-3 audit_day", lambda day: str(records.audit_day(day)), lambda n: f"{ALMANAC[n][:8]}01"),
    ("CLOSE-2 six_months_on", lambda day: str(closures.six_months_on(day)), lambda n: months_on(ALMANAC[n], 6)),
    ("CLOSE-3 month_end", lambda day: str(closures.month_end(day)), lambda n: month_last(ALMANAC[n])),
    *(
        (
            f"CLOSE-3 leaving_owes, {how}",
            lambda day, how=how: due(closures.leaving_owes(Leaving(how, day))),
            lambda n: last_moment(PLACES[month_last(ALMANAC[n])]),
        )
        for how in (Leave.TRANSFERRED, Leave.GAVE_UP)
    ),
    ("CLOSE-4 july_end", lambda day: str(closures.july_end(day)), lambda n: f"{ALMANAC[n][:4]}-07-31"),
    (
        "CLOSE-4 july_owes",
        lambda day: due(closures.july_owes(graduating(day))),
        lambda n: last_moment(PLACES[f"{ALMANAC[n][:4]}-07-31"]),
    ),
    (
        "CLOSE-9 returned_owes",
        lambda day: due(closures.returned_owes(at(day, LATE_IN_THE_DAY), 3)),
        lambda n: last_moment(n + 3),
    ),
    ("CLOSE-12 look_due", lambda day: str(closures.look_due(day, POLICY.semester_looks)), semester_look),
    (
        "ACC-6 too_early",
        lambda day: str(requests.too_early(day, date.min, 60)),
        lambda n: f"TooEarly(first_on={date.fromisoformat(ALMANAC[n - 60])!r})",
    ),
    (
        "ACC-6 extended_to, from the old end",
        lambda day: str(requests.extended_to(day, date.min, 1)),
        lambda n: months_on(ALMANAC[n], 12),
    ),
    (
        "ACC-6 extended_to, from the approval",
        lambda day: str(requests.extended_to(date.min, day, 1)),
        lambda n: months_on(ALMANAC[n], 12),
    ),
]

IN_THIS_TABLE = (dispatches, checks, records, closures, requests)
MAKES_A_DATE = {"date", "datetime", "Owing", "TooEarly", "Assignment"}


@pytest.mark.parametrize(("rule", "found", "expected"), CASES, ids=lambda each: each if isinstance(each, str) else "")
def test_a43_a_date_is_right_for_every_day(
    rule: str, found: Callable[[date], str], expected: Callable[[int], str]
) -> None:
    wrong = [
        f"{rule} of {ALMANAC[place]}: {said}"
        for place in ASKED
        if (said := found(date.fromisoformat(ALMANAC[place]))) != expected(place)
    ]
    assert wrong == []
    assert len(ASKED) == 16 * 365 + 4


@pytest.mark.parametrize(("how_far", "may"), [(-1, False), (0, True), (1, False)])
def test_a43_a_dispatch_goes_elsewhere_on_its_own_day_only(how_far: int, may: bool) -> None:
    for place in ASKED:
        day, today = (date.fromisoformat(ALMANAC[each]) for each in (place, place + how_far))
        assert dispatches.can_hand_over_on(day, today) is may


def test_a43_who_asks_the_helpdesk_at_any_hour_is_answered_in_four_and_helped_in_27_working_hours() -> None:
    """At ten on a working day, and at ten on a day off: working days are those of the calendar, counted off here."""
    working = [text for text in ALMANAC[: ASKED[-1] + 60] if CALENDAR.is_working_day(date.fromisoformat(text))]
    places = {text: place for place, text in enumerate(working)}
    coming = -1
    for place in reversed(ASKED):
        coming = places.get(ALMANAC[place], coming)
        coming = coming if coming >= 0 else next(places[text] for text in ALMANAC[place:] if text in places)
        asked = datetime.fromisoformat(f"{ALMANAC[place]}T10:00:00").replace(tzinfo=TAIPEI)
        clocks = helpdesk.begin(asked, CALENDAR, POLICY)
        answer, solution = (
            (f"{working[coming]}T06:00:00+00:00", f"{working[coming + 3]}T02:00:00+00:00")
            if ALMANAC[place] in places
            else (f"{working[coming]}T04:30:00+00:00", f"{working[coming + 2]}T09:30:00+00:00")
        )
        assert (as_utc(clocks.answer_due), as_utc(clocks.solve_due)) == (answer, solution), ALMANAC[place]


def makes_a_date(module: ModuleType) -> set[str]:
    """Return the public functions of a module of rules that return a date, a moment, or what is owed until one."""
    return {
        name
        for name, each in getmembers(module, isfunction)
        if each.__module__ == module.__name__
        if not name.startswith("_")
        if MAKES_A_DATE & set(str(signature(each).return_annotation).replace("|", " ").split())
    }


def test_no_rule_that_makes_a_date_is_left_out() -> None:
    rules = {name for module in IN_THIS_TABLE for name in makes_a_date(module)}
    held = {rule.split()[1].rstrip(",") for rule, _, _ in CASES}
    assert rules - held == set()
