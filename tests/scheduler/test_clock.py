"""The clock's minute-by-minute watch (A44)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select, text

from core.audit import AuditRow
from core.clock import FixedClock
from core.clock_watch import Step, steps
from core.context import Core
from core.database import Store
from scheduler.clock import CADENCE, watching_clock

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)


def seen(core: Core, clock: FixedClock) -> dict[Step, int]:
    with core.store.reading() as session:
        return steps(session, clock.now())


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (CADENCE, None),
        (HOUR, None),
        (HOUR + TICK, Step.FORWARD),
        (DAY, Step.FORWARD),
        (-MINUTE, None),
        (-MINUTE - TICK, Step.BACK),
        (-HOUR, Step.BACK),
    ],
)
def test_a44_a_step_between_two_looks_is_logged_and_kept(
    core_sqlite: Core, clock: FixedClock, step: timedelta, expected: Step | None
) -> None:
    look = watching_clock().function
    with structlog.testing.capture_logs() as logged:
        assert look(core_sqlite, clock.now()) == 0
        clock.move(step)
        assert look(core_sqlite, clock.now()) == (expected is not None)
        assert look(core_sqlite, clock.now()) == 0
    assert [(line["event"], line["log_level"]) for line in logged] == ([(expected, "error")] if expected else [])
    assert seen(core_sqlite, clock) == {way: int(way is expected) for way in Step}


def test_a_process_that_begins_says_nothing(core_sqlite: Core, clock: FixedClock) -> None:
    watching_clock().function(core_sqlite, clock.now())
    clock.move(DAY)
    assert watching_clock().function(core_sqlite, clock.now()) == 0


@pytest.mark.parametrize(("later", "count"), [(DAY, 1), (DAY + TICK, 0), (-DAY, 1), (-DAY - TICK, 0)])
def test_a_step_is_an_alarm_for_a_day(core: Core, clock: FixedClock, later: timedelta, count: int) -> None:
    look = watching_clock().function
    look(core, clock.now())
    clock.move(-HOUR)
    look(core, clock.now())
    clock.move(later)
    assert seen(core, clock)[Step.BACK] == count
    with core.store.reading() as session:
        kept = session.scalars(select(AuditRow)).one()
    assert (kept.actor, kept.subject) == ("watch_clock", "clock")


@pytest.mark.postgres
@pytest.mark.parametrize(("off", "said"), [(timedelta(seconds=5), []), (3 * MINUTE, [180]), (-3 * MINUTE, [-180])])
def test_a44_a_clock_that_is_not_the_databases_is_told_each_minute(
    postgres_store: Store, core_sqlite: Core, clock: FixedClock, off: timedelta, said: list[int]
) -> None:
    core = replace(core_sqlite, store=postgres_store)
    with core.store.reading() as session:
        clock.at = session.scalars(text("SELECT clock_timestamp()")).one() + off
    with structlog.testing.capture_logs() as logged:
        assert watching_clock().function(core, clock.now()) == 0
        assert watching_clock().function(core_sqlite, clock.now()) == 0  # which has no clock to be apart from
    assert [line["event"] for line in logged] == ["clock.apart"] * len(said)
    assert [round(line["seconds"], -1) for line in logged] == said
