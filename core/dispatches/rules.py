"""REPLY-1, -2, -11, -13, -16, REC-7: what a dispatch owes, where it counts, who may receive it, its case's light.

What an assessment and a reply must hold stands with their forms (``assessment.py``, ``reply_form.py``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.accounts.models import UnitKind
from core.clock import end_of_day, start_of_day, taipei_date
from core.dispatches.kinds import ONE_SPELLING, OTHER_COUNTIES, Urgency
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, Opening
from core.dispatches.refusals import ReplyRefusal
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.rules import is_late
from core.errors import Broken

REPLY_DAYS = 10  # REPLY-1: the count starts the day after dispatch, holidays counted
INTAKE_URGENT = timedelta(hours=24)  # REPLY-16
INTAKE_ORDINARY = timedelta(days=3)

OWES_REPLY = frozenset({DispatchState.WAITING, DispatchState.RETURNED})
ANSWERED = frozenset({DispatchState.SUBMITTED, DispatchState.ANSWERED})
UNANSWERED = frozenset(  # DUTY-3
    {DispatchBucket.WAITING, DispatchBucket.LATE, DispatchBucket.RETURNED, DispatchBucket.RETURNED_LATE}
)
OPENS = frozenset({Opening.IN_PROGRESS, Opening.NEW, Opening.REOPENED})  # REPLY-6


@dataclass(frozen=True)
class Part:
    """One unit's part in a case."""

    state: DispatchState
    opening: Opening | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the unit has the case open: it answered that it opens it, and has not closed it.

        What still waits for the supervisor counts already: the light would else be green in between.
        """
        return self.state in ANSWERED and self.opening in OPENS


@dataclass(frozen=True)
class Receiver:
    """A unit that is to receive a dispatch (REPLY-13)."""

    name: str
    kind: UnitKind
    is_social_affairs: bool
    """It belongs to the bureau that has the welfare centres."""


@dataclass(frozen=True)
class Assignment:
    """When a report came in, when it was first dispatched, and the last day for that (REPLY-16)."""

    received_on: date
    assigned_on: date
    last_day: date

    @property
    def is_late(self) -> bool:
        """Whether it was dispatched after the last day."""
        return self.assigned_on > self.last_day


def due_on(dispatched_on: date) -> date:
    """Return the last day for the reply: 2022-07-28 -> 2022-08-07 (REPLY-1)."""
    return dispatched_on + timedelta(days=REPLY_DAYS)


def returned_due_on(returned_on: date, days: int) -> date:
    """Return the last day for correcting a returned reply, ``days`` (policy) after the return (REPLY-11)."""
    return returned_on + timedelta(days=days)


def owed(state: DispatchState, dispatched_on: date, returned_at: datetime | None, returned_days: int) -> Owing | None:
    """Return what a dispatch in this state owes, or None (REPLY-1, REPLY-11)."""
    if state is DispatchState.WAITING:
        return Owing(DutyKind.REPLY, start_of_day(dispatched_on), end_of_day(due_on(dispatched_on)))
    if state is DispatchState.RETURNED and returned_at is not None:
        returned_on = taipei_date(returned_at)
        due = end_of_day(returned_due_on(returned_on, returned_days))
        return Owing(DutyKind.RETURNED_REPLY, start_of_day(returned_on), due)
    return None


def bucket(state: DispatchState, due: datetime | None, now: datetime, *, reviews: bool = False) -> DispatchBucket:
    """Return the one bucket a dispatch counts in (REPLY-2); ``due`` is its open duty's last moment.

    A reply that waits for its supervisor is answered for its unit, and to be reviewed for who ``reviews``.
    """
    past_due = due is not None and is_late(due, now)
    if state is DispatchState.WAITING:
        return DispatchBucket.LATE if past_due else DispatchBucket.WAITING
    if state is DispatchState.RETURNED:
        return DispatchBucket.RETURNED_LATE if past_due else DispatchBucket.RETURNED
    if state is DispatchState.SUBMITTED and reviews:
        return DispatchBucket.TO_REVIEW
    return DispatchBucket.CLOSED if state is DispatchState.CLOSED else DispatchBucket.ANSWERED


def everything_answered(counts: Mapping[DispatchBucket, int]) -> bool:
    """Return whether nothing waits, is late, returned or returned-late; ``counts`` by bucket (DUTY-3)."""
    return not any(counts.get(bucket, 0) for bucket in UNANSWERED)


def assign_by(came_at: datetime, urgency: Urgency) -> datetime:
    """Return until when the intake assigns a report: 24 hours, or the end of the third day after it came (REPLY-16)."""
    if urgency is Urgency.ORDINARY:
        return end_of_day(taipei_date(came_at) + INTAKE_ORDINARY)
    return came_at + INTAKE_URGENT


def assignment(received_on: date, dispatches: Iterable[date]) -> Assignment | None:
    """Return how the intake assigned a report, by its first dispatch; None: by none yet (REPLY-16).

    The list has days, and neither the hour nor the urgency: this is the clock of ordinary reports, which no report may
    exceed. Whether one that law wants within 24 hours was in time, the main system alone knows.
    """
    first = min(dispatches, default=None)
    if first is None:
        return None
    last_day = taipei_date(assign_by(start_of_day(received_on), Urgency.ORDINARY))
    return Assignment(received_on, first, last_day)


def can_hand_over_on(dispatched_on: date, today: date) -> bool:
    """Return whether a dispatch may still go to another unit: on the day it was made (REPLY-16)."""
    return today == dispatched_on


def is_other_county(area: str) -> bool:
    """Return whether an address begins with the name of another county (REPLY-13)."""
    plain = "".join(unicodedata.normalize("NFKC", area).split()).translate(ONE_SPELLING)
    return plain.startswith(OTHER_COUNTIES)


def why_not_receive(receiver: Receiver, *, other_county: bool) -> Broken | None:
    """Return the rule by which a unit cannot receive a dispatch, or None (REPLY-13)."""
    if receiver.kind is UnitKind.COLLEGE:
        return ReplyRefusal.COLLEGE.broken(unit=receiver.name)
    if receiver.kind is UnitKind.OUTSIDE_SCHOOL:
        return ReplyRefusal.OUTSIDE_SCHOOL.broken(unit=receiver.name)
    if other_county and not receiver.is_social_affairs:
        return ReplyRefusal.OTHER_COUNTY.broken(unit=receiver.name)
    return None


def case_light(parts: Iterable[Part]) -> CaseLight:
    """Return the light of a case: R while a unit owes a reply, Y when none does and one has it open, else G (REC-7)."""
    known = tuple(parts)
    if any(part.state in OWES_REPLY for part in known):
        return CaseLight.R
    return CaseLight.Y if any(part.is_open for part in known) else CaseLight.G
