"""The calendar as it stands in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.amendments import CalendarAmendment, load
from core.calendar import WorkCalendar
from core.database import Base, Store

TYPHOON = date(2026, 9, 29)
SATURDAY = date(2026, 10, 3)
DECIDED = datetime(2026, 9, 28, 12, 0, tzinfo=UTC)


def an_amendment(day: date = TYPHOON, *, is_working: bool = False, reason: str = "颱風停止上班") -> CalendarAmendment:
    return CalendarAmendment(day=day, is_working=is_working, reason=reason, decided_by="AB1234", decided_at=DECIDED)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'calendar.db'}")
    Base.metadata.create_all(opened.engine, tables=[Base.metadata.tables["calendar_amendments"]])
    yield opened
    opened.close()


def test_without_amendments_it_is_the_plain_calendar(store: Store) -> None:
    with store.reading() as session:
        assert load(session) == WorkCalendar()


def test_what_was_decided_is_in_the_calendar(store: Store) -> None:
    with store.transaction() as session:
        session.add_all([an_amendment(), an_amendment(SATURDAY, is_working=True, reason="補行上班")])
    with store.reading() as session:
        calendar = load(session)
    assert calendar.why_not(TYPHOON) == "颱風停止上班"
    assert calendar.is_working_day(SATURDAY)
    assert not calendar.is_working_day(date(2026, 10, 4))


def test_a_day_holds_one_decision_and_who_took_it_when(store: Store) -> None:
    with store.transaction() as session:
        session.add(an_amendment())
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.add(an_amendment(is_working=True))
    with store.reading() as session:
        kept = session.execute(select(CalendarAmendment)).scalar_one()
        assert (kept.is_working, kept.decided_by, kept.decided_at) == (False, "AB1234", DECIDED)
