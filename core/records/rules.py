"""REC-1, REC-3, REC-5, REC-6, REC-8: which spans of a case need a record, which lack one, what the records say.

REC-2 holds by what is asked for: work records alone (``queries.contacts_of``). REC-4 is the form's (``form.py``);
REC-7, the light of the whole case, stands with the dispatches it follows from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from core.calendar import MONTHS_A_YEAR, ONE_DAY, add_months
from core.clock import end_of_day, start_of_day
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.records.kinds import EducationLight, ProblemType, Schooling, WindowPolicy

WINDOW_DAYS = 30  # REC-1

LIGHTS = {  # REC-6
    Schooling.UNSTABLE: EducationLight.R,
    Schooling.BECOMING_STABLE: EducationLight.Y,
    Schooling.STABLE: EducationLight.G,
}


@dataclass(frozen=True, order=True)
class Window:
    """A span of days that needs at least one record; both ends belong to it."""

    index: int
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Return whether a day lies in it."""
        return self.first <= day <= self.last


class Tiling(Protocol):
    """A way to cut the time from a start on into windows."""

    def window(self, start: date, index: int) -> Window:
        """Return the window of an index from 0 on."""

    def index(self, start: date, day: date) -> int:
        """Return the index of the window that holds a day on or after the start."""


class ThirtyDays:
    """REC-1: [start + 30k, start + 30(k + 1) - 1 day]."""

    def window(self, start: date, index: int) -> Window:
        """Return the window of an index from 0 on."""
        first = start + timedelta(days=WINDOW_DAYS * index)
        return Window(index, first, first + timedelta(days=WINDOW_DAYS - 1))

    def index(self, start: date, day: date) -> int:
        """Return the index of the window that holds a day on or after the start."""
        return (day - start).days // WINDOW_DAYS


class CalendarMonths:
    """REC-3's other policy: one record each month, the first from the start to that month's end."""

    def window(self, start: date, index: int) -> Window:
        """Return the window of an index from 0 on."""
        month = add_months(start.replace(day=1), index)
        return Window(index, max(start, month), add_months(month, 1) - ONE_DAY)

    def index(self, start: date, day: date) -> int:
        """Return the index of the window that holds a day on or after the start."""
        return (day.year - start.year) * MONTHS_A_YEAR + day.month - start.month


TILINGS: dict[WindowPolicy, Tiling] = {
    WindowPolicy.THIRTY_DAYS: ThirtyDays(),
    WindowPolicy.CALENDAR_MONTH: CalendarMonths(),
}


@dataclass(frozen=True)
class Windows:
    """The windows of an opened case: they tile the time from ``start`` on, without gap or overlap (REC-1)."""

    start: date
    policy: WindowPolicy = WindowPolicy.THIRTY_DAYS
    known_from: date | None = None
    """The case was open elsewhere before it came in here on this day; None: all its records are here."""

    def window(self, index: int) -> Window:
        """Return a window by its index; raises ``ValueError`` below 0."""
        if index < 0:
            raise ValueError("windows count from 0")
        return TILINGS[self.policy].window(self.start, index)

    def holding(self, day: date) -> Window | None:
        """Return the window that holds a day, a service date as well as today; None before the start."""
        if day < self.start:
            return None
        return self.window(TILINGS[self.policy].index(self.start, day))

    def begun_by(self, day: date) -> tuple[Window, ...]:
        """Return the windows that began on or before a day, oldest first."""
        current = self.holding(day)
        return () if current is None else tuple(self.window(index) for index in range(current.index + 1))

    def owed(self, served_on: Iterable[date], today: date) -> tuple[Window, ...]:
        """Return the windows begun by today that hold no service date, oldest first: those missing, and today's.

        What ended before the case came in is owed by nobody here: its records, if any, are where it was open then.
        """
        return tuple(window for window in self._without_date(served_on, today) if self._is_known(window))

    def unknown(self, served_on: Iterable[date], today: date) -> tuple[Window, ...]:
        """Return the windows that ended before the case came in and hold no service date that is known here."""
        return tuple(window for window in self._without_date(served_on, today) if not self._is_known(window))

    def missing(self, served_on: Iterable[date], today: date) -> tuple[Window, ...]:
        """Return the windows that ended before today and hold no service date, oldest first (REC-1).

        The service date counts, not the day of typing: a gap is filled by entering what was done.
        """
        return tuple(window for window in self.owed(served_on, today) if window.last < today)

    def _without_date(self, served_on: Iterable[date], today: date) -> tuple[Window, ...]:
        held = {TILINGS[self.policy].index(self.start, day) for day in served_on if day >= self.start}
        return tuple(window for window in self.begun_by(today) if window.index not in held)

    def _is_known(self, window: Window) -> bool:
        return self.known_from is None or window.last >= self.known_from


@dataclass(frozen=True)
class Contact:
    """What later rules need of a work record; ``number`` grows in the order of typing."""

    served_on: date
    schooling: Schooling
    number: int = 0


def windows_of(
    dispatches: Collection[date], policy: WindowPolicy = WindowPolicy.THIRTY_DAYS, known_from: date | None = None
) -> Windows:
    """Return the windows of a case after all its dispatches to the unit: the last moves the start (REC-1, REC-8).

    Raises ``ValueError`` where there is no dispatch.
    """
    return Windows(max(dispatches), policy, known_from)


def owing(window: Window) -> Owing:
    """Return what a window owes: one record by its last day (REC-1)."""
    return Owing(DutyKind.RECORD_WINDOW, start_of_day(window.first), end_of_day(window.last))


def audit_day(today: date) -> date:
    """Return the day of the newest audit: the 1st of the month (REC-3)."""
    return today.replace(day=1)


def audit(windows: Windows, served_on: Iterable[date], day: date) -> tuple[Window, ...]:
    """Return what the audit of a day lists: windows that ended before it and lack a record (REC-3).

    Raises ``ValueError`` for a day other than the 1st.
    """
    if day != audit_day(day):
        raise ValueError("units are audited on the 1st of a month")
    return windows.missing(served_on, day)


def carried_problems(reported: Collection[ProblemType]) -> tuple[ProblemType, ...]:
    """Return the problem types a new record carries: those ticked in the report, in its order (REC-5)."""
    return tuple(each for each in ProblemType if each in reported)


def latest(contacts: Iterable[Contact]) -> Contact | None:
    """Return the latest record by service date; of one day, the one typed last."""
    return max(contacts, key=lambda each: (each.served_on, each.number), default=None)


def education_light(contacts: Iterable[Contact]) -> EducationLight | None:
    """Return the education light: the latest record decides; None while there is none (REC-6)."""
    newest = latest(contacts)
    return None if newest is None else LIGHTS[newest.schooling]
