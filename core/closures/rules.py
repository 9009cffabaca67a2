"""CLOSE-2 to CLOSE-5, CLOSE-9, CLOSE-10, CLOSE-12: the dates, steps and states of closing a case.

CLOSE-7 is the form's (``form.py``); whether a case may be closed, and from when, is ``earliest.py`` (CLOSE-11).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.calendar import ONE_DAY, add_months
from core.clock import end_of_day, start_of_day, taipei_date
from core.closures.facts import Facts, Leaving, Statement
from core.closures.kinds import (
    Act,
    ClosureBucket,
    ClosureState,
    Destination,
    Finding,
    JulyReason,
    OnwardStep,
    Remaining,
)
from core.closures.refusals import ClosureRefusal as Refused
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.errors import Broken
from core.records.kinds import EducationLight
from core.records.rules import education_light
from core.wording import characters, is_blank

FOLLOWED_MONTHS = 6  # CLOSE-2: from the last dispatch on
JULY_FIRST = (7, 1)  # CLOSE-4: the duty arises
LOOK_LATE_AT_MOST = timedelta(days=30)  # CLOSE-12
JULY_LAST = (7, 31)  # CLOSE-4: graduates are followed to this day
REASON_AT_MOST = 1000  # CLOSE-9: characters of a return, as people count

OUT_OF_REACH = frozenset({Destination.COLLEGE, Destination.OTHER_COUNTY_SCHOOL})  # CLOSE-5: no dispatch reaches these

_AFTER = {  # CLOSE-9
    (ClosureState.APPLIED, Act.APPROVE): ClosureState.APPROVED,
    (ClosureState.APPLIED, Act.RETURN): ClosureState.RETURNED,
    (ClosureState.RETURNED, Act.RESEND): ClosureState.APPLIED,
    (ClosureState.RETURNED, Act.DELETE): ClosureState.DELETED,
}

_BUCKETS = {  # CLOSE-10
    None: ClosureBucket.IN_PROGRESS,
    ClosureState.DELETED: ClosureBucket.IN_PROGRESS,
    ClosureState.APPLIED: ClosureBucket.APPLIED,
    ClosureState.RETURNED: ClosureBucket.RETURNED,
    ClosureState.APPROVED: ClosureBucket.CLOSED,
}


@dataclass(frozen=True)
class MonthDay:
    """A day of every year; not 29 February."""

    month: int
    day: int

    def __post_init__(self) -> None:
        """Refuse a day that some year does not have."""
        self.of(2023)

    def of(self, year: int) -> date:
        """Return it in a year."""
        return date(year, self.month, self.day)


def six_months_on(last_dispatch: date) -> date:
    """Return the first day on which six months have passed: 2023-08-31 -> 2024-02-29 (CLOSE-2)."""
    return add_months(last_dispatch, FOLLOWED_MONTHS)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return add_months(day.replace(day=1), 1) - ONE_DAY


def leaving_owes(leaving: Leaving) -> Owing | None:
    """Return that the closure is owed by the end of the month in which a pupil left; on leave owes none (CLOSE-3)."""
    if not leaving.is_gone:
        return None
    return Owing(DutyKind.CLOSURE_IN_MONTH, start_of_day(leaving.on), end_of_day(month_end(leaving.on)))


def july_reasons(facts: Facts) -> tuple[JulyReason, ...]:
    """Return why a graduating pupil is followed to 31 July; none: CLOSE-2 applies at once (CLOSE-4).

    Before graduation the newest record stands for what schooling will be; without a record nothing is stable.
    Raises ``ValueError`` where the day of graduation is not known.
    """
    graduates_on = facts.statement.graduates_on
    if graduates_on is None:
        raise ValueError("no day of graduation")
    light = education_light(facts.contacts_until(graduates_on))
    found = {
        JulyReason.TOO_SHORT: six_months_on(facts.start) > graduates_on,
        JulyReason.UNSTABLE: light is not EducationLight.G,
        JulyReason.RISK: facts.statement.has_risk,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def july_owes(facts: Facts) -> Owing | None:
    """Return that a graduating pupil is to be followed to 31 July and then closed, or None (CLOSE-4)."""
    graduates_on = facts.statement.graduates_on
    if graduates_on is None or not july_reasons(facts):
        return None
    arises, due = date(graduates_on.year, *JULY_FIRST), july_end(graduates_on)
    return Owing(DutyKind.FOLLOW_TO_JULY, start_of_day(arises), end_of_day(due))


def july_end(graduates_on: date) -> date:
    """Return 31 July of the year of graduation (CLOSE-4)."""
    return date(graduates_on.year, *JULY_LAST)


def onward_step(said: Statement) -> OnwardStep | None:
    """Return what must happen first when a family moves on; None where no risk remains (CLOSE-5)."""
    if not said.has_risk:
        return None
    if said.remaining is Remaining.SCHOOLING_ONLY and said.destination in OUT_OF_REACH:
        return OnwardStep.SCHOOL_TRANSFER
    is_served = said.social_affairs_serves if said.moves_county else said.receiver_serves
    return OnwardStep.HAND_OVER if is_served else OnwardStep.NEW_REPORT


def comes_back(reported_on: date, graduates_on: date) -> bool:
    """Return whether a new report of a graduating pupil comes back to the same school: before 31 July (CLOSE-5)."""
    return reported_on < july_end(graduates_on)


def returned_owes(returned_at: datetime, days: int) -> Owing:
    """Return that a returned closure form is to be corrected or deleted, ``days`` (policy) after the return (CLOSE-9).

    No source gives the number; returned replies have three days (REPLY-11).
    """
    returned_on = taipei_date(returned_at)
    due = end_of_day(returned_on + timedelta(days=days))
    return Owing(DutyKind.RETURNED_CLOSURE, start_of_day(returned_on), due)


def after(state: ClosureState, act: Act) -> ClosureState | None:
    """Return the state after an act, or None where the act is not possible (CLOSE-9).

    After a deleted form the case goes on, and a new form may be written.
    """
    return _AFTER.get((state, act))


def broken_by(state: ClosureState, act: Act, *, reason: str = "", is_own: bool = False) -> tuple[Broken, ...]:
    """Return every rule that an act breaks: its state, a return's reason, a review of one's own (CLOSE-9)."""
    return tuple(_broken_by(state, act, reason, is_own=is_own))


def _broken_by(state: ClosureState, act: Act, reason: str, *, is_own: bool) -> Iterator[Broken]:
    if after(state, act) is None:
        yield Refused.WRONG_STATE.broken(state=state.label, act=act.label)
    if act is Act.RETURN and is_blank(reason):
        yield Refused.NO_RETURN_REASON.broken()
    length = characters(reason)
    if act is Act.RETURN and length > REASON_AT_MOST:
        yield Refused.LONG_RETURN_REASON.broken(length=str(length), at_most=str(REASON_AT_MOST))
    if act in {Act.APPROVE, Act.RETURN} and is_own:
        yield Refused.OWN_FORM.broken()


def bucket(state: ClosureState | None) -> ClosureBucket:
    """Return the one bucket an opened case counts in; None: no form was sent (CLOSE-10)."""
    return _BUCKETS[state]


def look_due(today: date, days: Iterable[MonthDay]) -> date | None:
    """Return the day on which units are to look their cases over, today or lately, or None (CLOSE-12).

    ``days`` (policy) are 1 February and 30 August by default. A look missed is made up for within a month; after that
    it would come in the middle of the semester.
    """
    looks = (day for each in days for day in (each.of(today.year - 1), each.of(today.year)))
    return max((day for day in looks if day <= today <= day + LOOK_LATE_AT_MOST), default=None)


def findings(facts: Facts, state: ClosureState | None, today: date) -> tuple[Finding, ...]:
    """Return what a unit is asked to put right in one opened case before the semester (CLOSE-12)."""
    leaving, graduates_on = facts.statement.leaving, facts.statement.graduates_on
    has_left = leaving is not None and leaving.is_gone and leaving.on <= today
    found = {
        Finding.PUPIL_LEFT: has_left or (graduates_on is not None and graduates_on <= today),
        Finding.MISSING_RECORDS: bool(facts.windows.missing(facts.served_on, today)),
        Finding.RETURNED_FORM: state is ClosureState.RETURNED,
    }
    return tuple(finding for finding, holds in found.items() if holds)
