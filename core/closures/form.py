"""CLOSE-6 to CLOSE-8: the closure form as it is typed, and what is wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.closures.earliest import Condition, assess
from core.closures.facts import Facts
from core.closures.kinds import ClosingReason, Destination
from core.closures.refusals import ClosureRefusal as Refused
from core.dates import roc
from core.dispatches.kinds import Uncooperative
from core.errors import Broken
from core.records.rules import Window
from core.wording import characters, is_blank

SUMMARY_AT_MOST = 1000  # CLOSE-7: characters, as people count, over all parts

PLACES = frozenset(
    {Destination.CITY_SCHOOL, Destination.OTHER_COUNTY_SCHOOL, Destination.COLLEGE, Destination.OTHER}
)  # where the pupil goes has a name


@dataclass(frozen=True)
class Summary:
    """The summary's three parts: state now, services given, goals reached (CLOSE-7)."""

    schooling: str = ""
    care: str = ""
    place: str = ""
    """The name of where the pupil goes."""
    siblings: str = ""
    """Their schooling and care (CLOSE-6)."""
    services: str = ""
    goals: str = ""
    leftover: str = ""
    """Which risk is left."""

    @property
    def length(self) -> int:
        """The characters of all parts."""
        parts = (self.schooling, self.care, self.place, self.siblings, self.services, self.goals, self.leftover)
        return sum(characters(each) for each in parts)


@dataclass(frozen=True)
class ClosureForm:
    """A closure form's own answers; what the ground asks for stands in ``Facts.statement``."""

    closing_on: date | None = None
    reasons: frozenset[ClosingReason] = frozenset()
    uncooperative: frozenset[Uncooperative] = frozenset()
    summary: Summary = Summary()


def broken_rules(form: ClosureForm, facts: Facts, today: date) -> tuple[Broken, ...]:
    """Return every rule that a closure form breaks; none: it may be sent (CLOSE-1 to CLOSE-8).

    The conditions are held against the closing date; where that is missing or yet to come, against today.
    """
    closing_on = min(form.closing_on or today, today)
    unmet = assess(facts, closing_on).unmet
    return (
        *_date(form, today),
        *(broken_condition(condition, facts) for condition in unmet),
        *_reasons(form, facts),
        *_state_now(form.summary, facts),
        *_work_done(form.summary, facts),
    )


def broken_condition(condition: Condition, facts: Facts) -> Broken:
    """Return an unmet condition of closing as the rule it breaks, with what is missing."""
    broken = Refused[condition.need.name].broken(
        met_from=roc(condition.met_from) if condition.met_from else "",
        windows="、".join(_span(window) for window in condition.windows),
        light=condition.light.label if condition.light else "尚無工作紀錄",
        reasons="、".join(reason.label for reason in condition.july_reasons),
        last=roc(facts.last_served_on) if facts.last_served_on else "無",
    )
    return Broken(condition.rule, broken.field, broken.what, broken.remedy)


def _span(window: Window) -> str:
    return f"{roc(window.first)}–{roc(window.last)}"


def _date(form: ClosureForm, today: date) -> Iterator[Broken]:
    if form.closing_on is None:
        yield Refused.NO_CLOSING_DATE.broken()
    elif form.closing_on > today:
        yield Refused.CLOSING_IN_FUTURE.broken(closing_on=roc(form.closing_on), today=roc(today))


def _reasons(form: ClosureForm, facts: Facts) -> Iterator[Broken]:
    if not form.reasons:
        yield Refused.NO_REASON.broken()
    if facts.statement.remaining is None:
        yield Refused.NO_REMAINING.broken()


def _state_now(summary: Summary, facts: Facts) -> Iterator[Broken]:
    """Yield what the first part lacks: schooling, care, where the pupil goes, siblings (CLOSE-6, CLOSE-7)."""
    destination = facts.statement.destination
    if is_blank(summary.schooling):
        yield Refused.NO_SCHOOLING.broken()
    if is_blank(summary.care):
        yield Refused.NO_CARE.broken()
    if destination is None:
        yield Refused.NO_DESTINATION.broken()
    if destination in PLACES and is_blank(summary.place):
        yield Refused.NO_PLACE.broken()
    if facts.has_sibling_here and is_blank(summary.siblings):
        yield Refused.NO_SIBLINGS.broken()


def _work_done(summary: Summary, facts: Facts) -> Iterator[Broken]:
    """Yield what the second and third part lack, and a summary that is too long (CLOSE-7)."""
    if is_blank(summary.services):
        yield Refused.NO_SERVICES.broken()
    if is_blank(summary.goals):
        yield Refused.NO_GOALS.broken()
    if facts.statement.remaining is not None and facts.statement.has_risk and is_blank(summary.leftover):
        yield Refused.NO_LEFTOVER.broken()
    if summary.length > SUMMARY_AT_MOST:
        yield Refused.LONG_SUMMARY.broken(length=str(summary.length))
