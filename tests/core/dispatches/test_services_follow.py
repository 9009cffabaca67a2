"""What a unit serves counts from its newest dispatch, wherever that came from or went to (REC-8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import select

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.closures.following import follow_service
from core.context import Core
from core.dispatches.families import know_member
from core.dispatches.handing import hand_over
from core.dispatches.models import DispatchState, Opened, Opening
from core.dispatches.service import put_dispatches
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.records.models import RecordWindow, WindowCourse
from tests.builders import a_national_id
from tests.core.dispatches.replies import FACTS, put
from tests.core.life.town import Town, a_town

LONG_AGO, BEFORE, TODAY = date(2025, 11, 1), date(2026, 2, 20), date(2026, 3, 4)
OPENED = {"state": DispatchState.ANSWERED, "opening": Opening.NEW, "dispatched_on": BEFORE}


@pytest.fixture
def town(core: Core, clock: FixedClock) -> Town:
    return a_town(core, clock)


@dataclass(frozen=True)
class Service:
    """From when it counts, whether it is over, and the first days of the windows it owes."""

    counts_from: date
    is_over: bool
    owed: int


def services(core: Core, town: Town, unit: str) -> list[Service]:
    with core.store.reading() as session:
        windows = (Duty.kind == DutyKind.RECORD_WINDOW, Duty.ended_at.is_(None), Duty.unit_id == town.units[unit])
        owed = len(session.scalars(select(Duty.id).where(*windows)).all())
        rows = session.scalars(select(Opened).where(Opened.unit_id == town.units[unit]).order_by(Opened.id))
        return [Service(row.last_dispatched_on, row.closed_on is not None, owed) for row in rows]


def test_a_dispatch_that_is_handed_over_counts_where_it_went_and_not_where_it_came_from(town: Town, core: Core) -> None:
    put(core, "WK1", **OPENED)
    put(core, "WK1", unit_code="S2", **OPENED)
    again = put(core, "WK1", dispatched_on=TODAY)
    assert services(core, town, "S1") == [Service(TODAY, is_over=False, owed=1)]
    assert town.does("s1", lambda ctx: hand_over(ctx, again, "S2", "學童已轉學")).is_done
    assert services(core, town, "S1") == [Service(BEFORE, is_over=False, owed=1)]
    assert services(core, town, "S2") == [Service(TODAY, is_over=False, owed=1)]


def test_when_families_are_joined_the_service_counts_from_the_newest_dispatch_of_both(town: Town, core: Core) -> None:
    put(core, "WK1", national_id=a_national_id(1), **OPENED)
    put(core, "WK2", national_id=a_national_id(2), child_name="王小華", dispatched_on=TODAY)
    assert town.does("s1", lambda ctx: know_member(ctx, "WK1", "王小華", a_national_id(2))).is_done
    assert services(core, town, "S1") == [Service(TODAY, is_over=False, owed=1)]


def test_another_address_on_an_older_row_opens_nothing_that_was_closed(town: Town, core: Core) -> None:
    put(core, "WK1", **OPENED)
    put(core, "WK1", state=DispatchState.CLOSED, opening=Opening.IN_PROGRESS, dispatched_on=TODAY)
    put(core, "WK1", **OPENED, area="板橋區")
    assert services(core, town, "S1") == [Service(TODAY, is_over=True, owed=0)]


def known_duties(core: Core) -> list[tuple[object, ...]]:
    """Return all that stands of duties, windows and their courses."""
    with core.store.reading() as session:
        return [
            tuple(getattr(row, column.key) for column in table.__table__.columns)
            for table in (Duty, RecordWindow, WindowCourse)
            for row in session.scalars(select(table))
        ]


def test_services_that_begin_together_owe_what_each_of_them_would_owe_alone(town: Town, core: Core) -> None:
    begun = replace(FACTS, state=DispatchState.ANSWERED, opening=Opening.NEW, dispatched_on=BEFORE)
    facts = [
        replace(begun, case_number="WK1", child_name="王小明"),
        replace(begun, case_number="WK2", child_name="林小華", dispatched_on=LONG_AGO, received_on=LONG_AGO),
        replace(begun, case_number="WK3", child_name="陳小美", state=DispatchState.CLOSED),
        replace(begun, case_number="WK4", child_name="張小安", state=DispatchState.WAITING),
    ]
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        put_dispatches(ctx, facts)
    assert services(core, town, "S1") == [
        Service(BEFORE, is_over=False, owed=2),
        Service(LONG_AGO, is_over=False, owed=2),
        Service(BEFORE, is_over=True, owed=2),
    ]
    before = known_duties(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        for service in ctx.session.scalars(select(Opened)).all():
            follow_service(ctx, service)
    assert known_duties(core) == before
