"""The look before a semester: once a unit, with what is to be put right (CLOSE-12)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.clock import FixedClock
from core.closures.facts import Leaving
from core.closures.kinds import Finding, Leave
from core.closures.queries import look_rows
from core.closures.service import note_leaving
from core.context import Core
from core.duties.models import DigestCard
from core.notices.models import Notice
from scheduler.audits import look_before_semester, open_windows
from tests.builders import a_case
from tests.core.closures.test_closure_service import DAYS, DISPATCHED, RIPE, noon, returned
from tests.services import a_service, a_serving_school


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(noon(RIPE))


@pytest.mark.parametrize(
    ("today", "count"),
    [(date(2026, 1, 31), 0), (date(2026, 2, 1), 1), (date(2026, 3, 3), 1), (date(2026, 3, 4), 0)],
)
def test_a_look_before_the_semester_is_once(core: Core, clock: FixedClock, today: date, count: int) -> None:
    clock.at = noon(today)
    school = a_serving_school(core, date(2026, 1, 1))
    a_service(core, school.unit, a_case(core, number="WK00021"), today)
    assert look_before_semester(core, clock.now()) == count
    assert look_before_semester(core, clock.now()) == 0
    with core.store.reading() as session:
        assert len(session.scalars(select(DigestCard)).all()) == count
        assert not session.scalars(select(Notice)).all()  # a push of its own would be a second one that day


def test_a_look_lists_what_is_to_be_put_right(core: Core, clock: FixedClock) -> None:
    school = a_serving_school(core, DISPATCHED)
    school.records([*DAYS, RIPE])
    returned(school)
    with school.acting() as ctx:
        note_leaving(ctx, school.service.id, Leaving(Leave.GAVE_UP, date(2026, 7, 4)))
    clock.at = noon(date(2026, 8, 30))
    open_windows(core, clock.now())
    assert look_before_semester(core, clock.now()) == 1
    with school.acting(school.supervisor) as ctx:
        found = [row.finding for row in look_rows(ctx, date(2026, 8, 30)).rows]
    assert found == [Finding.PUPIL_LEFT, Finding.RETURNED_FORM]
    with core.store.reading() as session:
        look = session.scalars(select(DigestCard)).one()
    assert (look.account_id, look.on_day) == (school.caseworker.id, date(2026, 8, 30))
    assert "學籍已不在貴校" in core.vault.open(look.said)
