"""CLOSE-11: may this case be closed, what is missing, and from which day it could be. Pure.

Each condition knows the first day on which it can hold once the missing work is done, and holds on every later day
too; so the case can be closed on the latest of these days, and on none before it.

Missing work is: a record in each window that lacks one (what was done then is entered now), records from today on,
and the new report, hand-over or transfer. That a risk ends or a pupil leaves is no work: then there is no such day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.clock import taipei_date
from core.closures.facts import Facts, Statement
from core.closures.kinds import Ground, JulyReason, Need, OnwardStep
from core.closures.rules import (
    JULY_FIRST,
    comes_back,
    july_end,
    july_reasons,
    month_end,
    onward_step,
    six_months_on,
)
from core.records.kinds import EducationLight, Schooling
from core.records.rules import Contact, Window, latest
from core.wording import is_blank

_ONWARD_NEEDS = {
    OnwardStep.NEW_REPORT: Need.NEW_REPORT,
    OnwardStep.HAND_OVER: Need.HAND_OVER,
    OnwardStep.SCHOOL_TRANSFER: Need.SCHOOL_TRANSFER,
}


@dataclass(frozen=True)
class Condition:
    """One condition of closing, and what is missing where it is not met."""

    rule: str
    need: Need
    is_met: bool
    met_from: date | None
    """The first day, from the one asked about on, on which it can hold; None: no work brings it about."""
    windows: tuple[Window, ...] = ()
    """The windows that lack a record."""
    light: EducationLight | None = None
    """The education light as it is; None where there is no record, or where it does not matter."""
    july_reasons: tuple[JulyReason, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """The answer to "can it be closed on this day?"."""

    conditions: tuple[Condition, ...]
    earliest: date | None
    """The first day, from the one asked about on, on which it could be closed if the missing work is done."""
    apply_by: date | None
    """The day by which closing is owed (CLOSE-3, CLOSE-4); late does not mean barred."""

    @property
    def can_close(self) -> bool:
        """Whether every condition is met."""
        return all(condition.is_met for condition in self.conditions)

    @property
    def unmet(self) -> tuple[Condition, ...]:
        """The conditions that are not met."""
        return tuple(condition for condition in self.conditions if not condition.is_met)


def assess(facts: Facts, today: date) -> Assessment:
    """Return every condition of closing a case today, and the first day from today on on which it could be (CLOSE-11).

    Asked about another closing date, it answers for that date with all records known.
    """
    conditions = _conditions(facts, today)
    ways = [_earliest(conditions)]
    mended = _mended(facts, today)
    if mended is not None:
        ways.append(_earliest(_conditions(mended, today)))
    return Assessment(conditions, min((day for day in ways if day is not None), default=None), _apply_by(facts))


def _earliest(conditions: tuple[Condition, ...]) -> date | None:
    days = [condition.met_from for condition in conditions if condition.met_from is not None]
    return max(days) if len(days) == len(conditions) else None


def _conditions(facts: Facts, today: date) -> tuple[Condition, ...]:
    return (*_of_ground(facts, today), _no_sibling_at_risk(facts, today), _month_record(facts, today))


def _of_ground(facts: Facts, today: date) -> tuple[Condition, ...]:
    match facts.statement.ground:
        case None:
            return (Condition("CLOSE-1", Need.GROUND, is_met=False, met_from=None),)
        case Ground.NO_RISK:
            return _no_more_risk(facts, today)
        case Ground.LEFT:
            windows = _no_window_missing(facts, today, "REC-1")
            return (_has_left(facts.statement, today), windows, *_moved_on(facts.statement, today, today))
        case Ground.GRADUATING:
            return _graduating(facts, today)


def _no_more_risk(facts: Facts, today: date) -> tuple[Condition, ...]:
    """Return the conditions of CLOSE-2."""
    is_gone, ripe_on = not facts.statement.has_risk, six_months_on(facts.start)
    is_stable = facts.light is EducationLight.G
    return (
        Condition("CLOSE-2", Need.NO_RISK, is_gone, today if is_gone else None),
        Condition("CLOSE-2", Need.SIX_MONTHS, today >= ripe_on, max(today, ripe_on)),
        Condition("CLOSE-2", Need.STABLE, is_stable, today, light=facts.light),
        _no_window_missing(facts, today, "CLOSE-2"),
    )


def _no_window_missing(facts: Facts, today: date, rule: str) -> Condition:
    missing = facts.windows.missing(facts.served_on, today)
    return Condition(rule, Need.WINDOWS, not missing, today, windows=missing)


def _has_left(said: Statement, today: date) -> Condition:
    """Return CLOSE-3's condition; being on leave is not leaving."""
    if said.leaving is None or not said.leaving.is_gone:
        return Condition("CLOSE-3", Need.LEFT, is_met=False, met_from=None)
    return Condition("CLOSE-3", Need.LEFT, today >= said.leaving.on, max(today, said.leaving.on))


def _graduating(facts: Facts, today: date) -> tuple[Condition, ...]:
    """Return the conditions of CLOSE-4: those of CLOSE-2 at once, or followed to 31 July."""
    graduates_on = facts.statement.graduates_on
    if graduates_on is None:
        return (Condition("CLOSE-4", Need.GRADUATION, is_met=False, met_from=None),)
    reasons, end = july_reasons(facts), july_end(graduates_on)
    if not reasons:
        return _no_more_risk(facts, today)
    return (
        Condition("CLOSE-4", Need.JULY, today >= end, max(today, end), july_reasons=reasons),
        _july_record(facts, graduates_on, today),
        _no_window_missing(facts, today, "REC-1"),
        *_moved_on(facts.statement, today, max(today, end)),
    )


def _july_record(facts: Facts, graduates_on: date, today: date) -> Condition:
    """Return that records run through July; a case dispatched only after July has none to show."""
    first, end = date(graduates_on.year, *JULY_FIRST), july_end(graduates_on)
    is_met = facts.start > end or any(first <= day <= end for day in facts.served_on)
    return Condition("CLOSE-4", Need.JULY_RECORD, is_met, today if is_met else max(today, first))


def _moved_on(said: Statement, today: date, first: date) -> tuple[Condition, ...]:
    """Return CLOSE-5's condition, if it has one; ``first`` is the first day on which a new report counts."""
    step = onward_step(said)
    if step is None:
        return ()
    done_on = _done_on(said, step)
    is_met = done_on is not None and done_on <= today
    met_from = first if step is OnwardStep.NEW_REPORT and not is_met else today
    return (Condition("CLOSE-5", _ONWARD_NEEDS[step], is_met, met_from),)


def _done_on(said: Statement, step: OnwardStep) -> date | None:
    """Return the day on which a step was taken, where it is recorded with all it needs."""
    match step:
        case OnwardStep.NEW_REPORT:
            return _reported_on(said)
        case OnwardStep.HAND_OVER:
            done = said.hand_over
            return None if done is None or is_blank(done.unit) else taipei_date(done.at)
        case OnwardStep.SCHOOL_TRANSFER:
            return said.transferred_on


def _reported_on(said: Statement) -> date | None:
    """Return the day of the new report; a graduate's made before 31 July comes back here, so it takes nobody on."""
    made = said.new_report
    if made is None or is_blank(made.number):
        return None
    day = taipei_date(made.at)
    graduates_on = said.graduates_on if said.ground is Ground.GRADUATING else None
    return None if graduates_on is not None and comes_back(day, graduates_on) else day


def _no_sibling_at_risk(facts: Facts, today: date) -> Condition:
    """Return CLOSE-6's condition: with risk left, the case goes on for the sibling."""
    is_met = not (facts.has_sibling_here and facts.statement.has_risk)
    return Condition("CLOSE-6", Need.NO_SIBLING_AT_RISK, is_met, today if is_met else None)


def _month_record(facts: Facts, today: date) -> Condition:
    """Return CLOSE-8's condition; no case is closed before it was dispatched either."""
    last = facts.last_served_on
    floor = facts.start if last is None else max(facts.start, last)
    is_met = last is not None and today >= floor and month_end(last) == month_end(today)
    return Condition("CLOSE-8", Need.MONTH_RECORD, is_met, max(today, floor))


def _mended(facts: Facts, today: date) -> Facts | None:
    """Return the facts with a stable record before graduation, where one is still to come and would spare July."""
    said = facts.statement
    if said.ground is not Ground.GRADUATING or said.graduates_on is None:
        return None
    if july_reasons(facts) != (JulyReason.UNSTABLE,):
        return None
    day = _day_before_graduation(facts, said.graduates_on, today)
    if day is None:
        return None
    number = max((each.number for each in facts.contacts), default=0) + 1
    return replace(facts, contacts=(*facts.contacts, Contact(day, Schooling.STABLE, number)))


def _day_before_graduation(facts: Facts, graduates_on: date, today: date) -> date | None:
    """Return a day up to graduation for one more record: from today on, or in a window that lacks one."""
    newest = latest(facts.contacts_until(graduates_on))
    floor = facts.start if newest is None else max(facts.start, newest.served_on)
    if max(today, floor) <= graduates_on:
        return max(today, floor)
    owed = facts.windows.owed(facts.served_on, today)
    days = [min(window.last, graduates_on) for window in owed if window.first <= graduates_on]
    return next((day for day in days if day >= floor), None)


def _apply_by(facts: Facts) -> date | None:
    said = facts.statement
    if said.ground is Ground.LEFT and said.leaving is not None and said.leaving.is_gone:
        return month_end(said.leaving.on)
    if said.ground is Ground.GRADUATING and said.graduates_on is not None and july_reasons(facts):
        return july_end(said.graduates_on)
    return None
