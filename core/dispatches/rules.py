"""REPLY-1, REPLY-2, REPLY-11, REC-7: what a dispatch owes, in which bucket it counts, and the light of its case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import end_of_day, start_of_day, taipei_date
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, Opening
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.rules import is_late

REPLY_DAYS = 10  # REPLY-1: the count starts the day after dispatch, holidays counted

OWES_REPLY = frozenset({DispatchState.WAITING, DispatchState.RETURNED})
OPENS = frozenset({Opening.IN_PROGRESS, Opening.NEW, Opening.REOPENED})  # REPLY-6


@dataclass(frozen=True)
class Part:
    """One unit's part in a case."""

    state: DispatchState
    opening: Opening | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the unit has the case open: it answered that it opens it, and has not closed it."""
        return self.state is DispatchState.ANSWERED and self.opening in OPENS


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


def bucket(state: DispatchState, due: datetime | None, now: datetime) -> DispatchBucket:
    """Return the one bucket a dispatch counts in (REPLY-2); ``due`` is its open duty's last moment."""
    past_due = due is not None and is_late(due, now)
    if state is DispatchState.WAITING:
        return DispatchBucket.LATE if past_due else DispatchBucket.WAITING
    if state is DispatchState.RETURNED:
        return DispatchBucket.RETURNED_LATE if past_due else DispatchBucket.RETURNED
    return DispatchBucket.CLOSED if state is DispatchState.CLOSED else DispatchBucket.ANSWERED


def case_light(parts: Iterable[Part]) -> CaseLight:
    """Return the light of a case: R while a unit owes a reply, Y when none does and one has it open, else G (REC-7)."""
    known = tuple(parts)
    if any(part.state in OWES_REPLY for part in known):
        return CaseLight.R
    return CaseLight.Y if any(part.is_open for part in known) else CaseLight.G
