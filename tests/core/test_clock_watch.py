"""A clock that steps back is noticed by the audit's newest act (A44)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.clock_watch import behind
from core.context import Core

MINUTE, TICK = timedelta(minutes=1), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("step", "seen"),
    [
        (timedelta(days=1), timedelta()),
        (-MINUTE, timedelta()),
        (-MINUTE - TICK, MINUTE + TICK),
        (timedelta(hours=-1), timedelta(hours=1)),
    ],
)
def test_a_step_back_of_more_than_a_minute_is_seen(
    core: Core, clock: FixedClock, step: timedelta, seen: timedelta
) -> None:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        ctx.note("act", "subject")
    clock.move(step)
    with core.store.reading() as session:
        assert behind(session, clock.now()) == seen


def test_without_any_act_nothing_is_seen(core_sqlite: Core, clock: FixedClock) -> None:
    with core_sqlite.store.reading() as session:
        assert behind(session, clock.now()) == timedelta()
