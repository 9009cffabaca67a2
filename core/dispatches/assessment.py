"""REPLY-3, REPLY-14: the assessment as it is typed, its score, and what is wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from pydantic import ConfigDict

from core.dates import roc
from core.dispatches.kinds import Risk, RiskGroup, VisitWay
from core.dispatches.refusals import ReplyRefusal as Refused
from core.errors import Broken
from core.wording import characters, is_blank

NOTE_AT_MOST = 1000  # characters, as people count

POINTS: dict[RiskGroup, tuple[int, ...]] = {  # REPLY-14: of the items of a group, in the order of the form
    RiskGroup.ECONOMY: (3, 1, 1, 1),
    RiskGroup.SUPPORT: (1, 1, 1),
    RiskGroup.RELATIONS: (4, 3, 3, 1, 1),
    RiskGroup.HEALTH: (4, 4, 4, 4, 4),
    RiskGroup.CARE: (4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3),
}


@dataclass(frozen=True)
class AssessmentForm:
    """An assessment's answers; what is not answered yet is None or empty."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    visited_on: date | None = None
    visitor: str = ""
    visitor_phone: str = ""
    way: VisitWay | None = None
    other_way: str = ""
    risks: frozenset[Risk] = frozenset()
    no_risks: bool = False
    """All items were looked at, and none applies: an empty form is not taken for that."""
    note: str = ""


@dataclass(frozen=True)
class Score:
    """The points of an assessment, by group and in all (REPLY-14)."""

    groups: Mapping[RiskGroup, int]

    @property
    def total(self) -> int:
        """The points of all groups."""
        return sum(self.groups.values())


def points(risk: Risk) -> int:
    """Return the points of one item (REPLY-14)."""
    return POINTS[risk.group][risk.place - 1]


def score(risks: Collection[Risk]) -> Score:
    """Return the points of the items that were found; each item counts once (REPLY-14)."""
    found = frozenset(risks)
    return Score({group: sum(points(risk) for risk in found if risk.group is group) for group in RiskGroup})


def broken_rules(form: AssessmentForm, today: date) -> tuple[Broken, ...]:
    """Return every rule that an assessment breaks, in the order of the form; none: it may be sent (REPLY-3)."""
    return (*_visit(form, today), *_risks(form))


def _visit(form: AssessmentForm, today: date) -> Iterator[Broken]:
    if form.visited_on is None:
        yield Refused.NO_VISIT_DATE.broken()
    elif form.visited_on > today:
        yield Refused.VISIT_IN_FUTURE.broken(day=roc(form.visited_on), today=roc(today))
    if is_blank(form.visitor):
        yield Refused.NO_VISITOR.broken()
    if is_blank(form.visitor_phone):
        yield Refused.NO_VISITOR_PHONE.broken()
    if form.way is None:
        yield Refused.NO_VISIT_WAY.broken()
    elif form.way is VisitWay.OTHER and is_blank(form.other_way):
        yield Refused.NO_OTHER_WAY.broken()


def _risks(form: AssessmentForm) -> Iterator[Broken]:
    if not form.risks and not form.no_risks:
        yield Refused.RISKS_UNCLEAR.broken()
    if form.risks and form.no_risks:
        yield Refused.RISKS_BOTH.broken()
    length = characters(form.note)
    if length > NOTE_AT_MOST:
        yield Refused.LONG_NOTE.broken(length=str(length))
