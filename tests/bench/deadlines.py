"""Deciding 100,000 deadlines and closure questions, against nothing but the dates they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from core.clock import end_of_day
from core.closures.earliest import assess
from core.closures.facts import Facts, Statement
from core.closures.kinds import Ground, Remaining
from core.dispatches import rules
from core.dispatches.models import DispatchState
from core.records.kinds import Schooling
from core.records.rules import Contact
from tests.bench.figures import Figure, ratio_of

DEADLINES, QUESTIONS = 100_000, 100_000
FIRST = date(2024, 1, 1)
DAYS = tuple(FIRST + timedelta(days=number % 700) for number in range(DEADLINES))
NOW = end_of_day(date(2025, 6, 30))


def figures() -> Iterator[Figure]:
    """Yield the ratio to reckoning the bare dates."""
    yield ratio_of(f"{DEADLINES:,} replies: due and bucket / bare dates", _decide, _bare_dates, rounds=3)
    yield ratio_of(f"{QUESTIONS:,} closure questions / as many deadlines", _ask, _decide_as_many, rounds=3)


def _decide() -> int:
    late = 0
    for day in DAYS:
        owing = rules.owed(DispatchState.WAITING, day, None, 3)
        late += rules.bucket(DispatchState.WAITING, owing.due_at if owing else None, NOW) == "late"
    return late


def _bare_dates() -> int:
    return sum(end_of_day(day + timedelta(days=rules.REPLY_DAYS)) < NOW for day in DAYS)


def _decide_as_many() -> None:
    for day in DAYS[:QUESTIONS]:
        rules.owed(DispatchState.WAITING, day, None, 3)


def _ask() -> None:
    today = date(2025, 6, 30)
    for day in DAYS[:QUESTIONS]:
        contacts = tuple(Contact(day + timedelta(days=30 * k + 3), Schooling.STABLE) for k in range(6))
        statement = Statement(ground=Ground.NO_RISK, remaining=Remaining.NONE)
        assess(Facts(dispatches=(day,), contacts=contacts, statement=statement), max(today, day))
