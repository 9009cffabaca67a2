"""The sample's cases: each unit has some in every bucket; the main school's are chosen one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bot.sample.names import names, national_ids
from bot.sample.units import CENTRES, MAIN_SCHOOL, SCHOOLS
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import DispatchState, Opening

OLD_DISPATCH = date(2022, 7, 28)
"""Dispatched then and never answered: due 111/08/07 (REPLY-1)."""
OLD_CASE = "WK00728"
FIRST_CASE = 10001
REPORTERS = (
    "(衛福部資料介接) 社政 3. 家防中心",
    "(衛福部資料介接) 民政 4. 區公所",
    "教育 1. 國民小學",
    "警政 2. 派出所",
    "衛生 5. 醫院",
)
AREAS = ("板橋區", "三重區", "中和區", "永和區", "新莊區", "新店區", "土城區", "蘆洲區", "汐止區", "淡水區", "林口區")
SHARED_EVERY = 6  # every sixth case of a school goes to a centre as well


@dataclass(frozen=True)
class Plot:
    """How one dispatch stands: when it was made, in days before today, its state, and what the reply decided."""

    days_ago: int
    state: DispatchState = DispatchState.WAITING
    opening: Opening | None = None
    needs_assessment: bool = False
    was_returned_before: bool = False
    """The reply was returned some days ago, so that its correction is late."""


def _replied(days_ago: int, opening: Opening) -> Plot:
    return Plot(days_ago, DispatchState.ANSWERED, opening)


def _closed(days_ago: int, opening: Opening) -> Plot:
    return Plot(days_ago, DispatchState.CLOSED, opening)


_SETTLED = (
    _replied(16, Opening.NEW),
    _replied(21, Opening.IN_PROGRESS),
    _replied(24, Opening.NOT_OPEN),
    _replied(33, Opening.REOPENED),
    _replied(47, Opening.NEW),
    _replied(62, Opening.NOT_OPEN),
    _replied(95, Opening.IN_PROGRESS),
    _closed(230, Opening.NEW),
    _closed(260, Opening.REOPENED),
    _closed(310, Opening.NEW),
)
_RETURNED = Plot(13, DispatchState.RETURNED, Opening.NEW)
MAIN = (
    Plot(14),
    Plot(25, needs_assessment=True),
    Plot(10),
    Plot(10, needs_assessment=True),
    Plot(9),
    Plot(7),
    Plot(5, needs_assessment=True),
    Plot(3),
    Plot(1),
    _RETURNED,
    *_SETTLED,
)
ORDINARY = (
    Plot(0),
    Plot(2, needs_assessment=True),
    Plot(6),
    Plot(7),
    Plot(10),
    Plot(12),
    Plot(44, needs_assessment=True),
    _RETURNED,
    replace(_RETURNED, days_ago=27, was_returned_before=True),
    *_SETTLED,
)


@dataclass(frozen=True)
class Dispatches:
    """The case list as it is today, and the part of it that was seen as returned some days ago."""

    now: tuple[DispatchFacts, ...]
    before: tuple[DispatchFacts, ...]


def dispatches(today: date, random: Random, people: Mapping[str, Sequence[str]]) -> Dispatches:
    """Return the sample's dispatches; ``people`` are the names of each unit's caseworkers, the main one first."""
    made = list(_made(today, random, people))
    now = tuple(facts for _, facts in made)
    before = tuple(facts for plot, facts in made if plot.was_returned_before)
    return Dispatches(now, before)


def _made(today: date, random: Random, people: Mapping[str, Sequence[str]]) -> Iterator[tuple[Plot, DispatchFacts]]:
    families = _families(random)
    yield Plot(0), _old(next(families), people)
    for unit in (*SCHOOLS, *CENTRES):
        for place, plot in enumerate(MAIN if unit.code == MAIN_SCHOOL else ORDINARY):
            facts = _dispatched(next(families), plot, today, random)
            responsible = people[unit.code][0 if unit.code == MAIN_SCHOOL else place % 2]
            yield plot, replace(facts, unit_code=unit.code, responsible=responsible)
            if unit in SCHOOLS and place % SHARED_EVERY == 0:
                centre = random.choice(CENTRES).code
                yield plot, replace(facts, unit_code=centre, responsible=people[centre][place % 2], served=None)


def _old(family: DispatchFacts, people: Mapping[str, Sequence[str]]) -> DispatchFacts:
    return replace(
        family,
        case_number=OLD_CASE,
        unit_code=MAIN_SCHOOL,
        dispatched_on=OLD_DISPATCH,
        received_on=OLD_DISPATCH,
        responsible=people[MAIN_SCHOOL][0],
    )


def _dispatched(family: DispatchFacts, plot: Plot, today: date, random: Random) -> DispatchFacts:
    """Return a family's case as the plot has it; some serve a sibling instead of the child reported (REPLY-9)."""
    dispatched_on = today - timedelta(days=plot.days_ago)
    return replace(
        family,
        dispatched_on=dispatched_on,
        received_on=dispatched_on - timedelta(days=random.randint(0, 2)),
        state=plot.state,
        opening=plot.opening,
        needs_assessment=plot.needs_assessment,
        served=family.household[-1] if random.random() < 0.15 else None,  # noqa: PLR2004 (about one in seven)
    )


def _families(random: Random) -> Iterator[DispatchFacts]:
    """Yield families with everything but the dispatch: the child, its mother and a sibling of one surname."""
    children, ids = names(random), national_ids("F")
    for number, (child, national_id) in enumerate(zip(children, ids, strict=False), start=FIRST_CASE):
        mother, sibling = next(children), child[0] + next(children)[1:]
        yield DispatchFacts(
            case_number=f"WK{number}",
            unit_code="",
            dispatched_on=OLD_DISPATCH,
            received_on=OLD_DISPATCH,
            child_name=child,
            state=DispatchState.WAITING,
            needs_assessment=False,
            reported_by=random.choice(REPORTERS),
            national_id=national_id if number % 5 else None,
            household=(child, mother, sibling),
            area=random.choice(AREAS),
        )
