"""Opened cases with defaults, and the work that a unit can still do on one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from core.clock import start_of_day
from core.closures.facts import Facts, HandOver, NewReport, Statement
from core.closures.kinds import Destination, Ground, Remaining
from core.records.kinds import Schooling
from core.records.rules import Contact, Window, windows_of

ONE_DAY = timedelta(days=1)
DISPATCHED = date(2018, 12, 19)
SIX_MONTHS_ON = date(2019, 6, 19)
GONE = Statement(ground=Ground.NO_RISK, remaining=Remaining.NONE, destination=Destination.STAYS)


def contacts(days: Iterable[date], schooling: Schooling = Schooling.STABLE) -> tuple[Contact, ...]:
    return tuple(Contact(day, schooling, number) for number, day in enumerate(days, 1))


def followed(
    until: date, schooling: Schooling = Schooling.STABLE, dispatched: date = DISPATCHED
) -> tuple[Contact, ...]:
    """Return a record on the first day of each window, and one on the day itself."""
    firsts = [window.first for window in windows_of([dispatched]).begun_by(until)]
    return contacts(sorted({*firsts, until}), schooling)


def a_case(until: date, said: Statement = GONE, schooling: Schooling = Schooling.STABLE) -> Facts:
    return Facts((DISPATCHED,), followed(until, schooling), statement=said)


def worked(facts: Facts, day: date) -> Facts:
    """Return the case after all the work that can be done by a day, done as well as it can be (CLOSE-11)."""
    said = facts.statement
    number = max((each.number for each in facts.contacts), default=0) + 1
    owed = facts.windows.owed(facts.served_on, day)
    added = {day} | {_best_day(facts, window, day) for window in owed}
    if said.graduates_on is not None and day >= date(said.graduates_on.year, 7, 1):
        added.add(min(day, date(said.graduates_on.year, 7, 31)))
    added = {each for each in added if each >= facts.start}
    done = tuple(Contact(each, Schooling.STABLE, number) for each in sorted(added))
    noon = start_of_day(day) + timedelta(hours=12)
    written = replace(
        said,
        new_report=NewReport(noon, "AH0000001"),
        hand_over=HandOver("社會局", noon),
        transferred_on=day,
    )
    return replace(facts, contacts=facts.contacts + done, statement=written)


def _best_day(facts: Facts, window: Window, today: date) -> date:
    """Return the day of a window that helps most: the last, but before graduation where the window allows."""
    end = min(window.last, today)
    graduates_on = facts.statement.graduates_on
    return min(end, graduates_on) if graduates_on is not None and graduates_on >= window.first else end
