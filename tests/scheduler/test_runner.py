"""Running the jobs: the ticker, and everything that is due once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

import pytest
import structlog

from core.clock import FixedClock
from core.context import Core
from scheduler import runner
from scheduler.jobs import JOBS, Job

SECONDS = 20  # how long a test waits for the ticker's thread before it fails


def a_job(function: Callable[[Core, datetime], int], name: str = "job", every: timedelta = timedelta(hours=1)) -> Job:
    return Job(name, every, function, "Does something.")


def test_jobs_have_their_own_names_and_a_sentence() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(job.sentence.endswith(".") and job.cadence > timedelta() for job in JOBS)


def test_run_due_goes_on_until_nothing_is_left_in_order(core_sqlite: Core) -> None:
    left, order = [2, 1, 0], list[str]()

    def first(_core: Core, _now: datetime) -> int:
        order.append("first")
        return left.pop(0)

    def second(_core: Core, _now: datetime) -> int:
        order.append("second")
        return 0

    assert runner.run_due(core_sqlite, (a_job(first, "first"), a_job(second, "second"))) == 3
    assert order == ["first", "second", "first", "second", "first"]


def test_moment_stands_still_in_run_due(core_sqlite: Core, clock: FixedClock) -> None:
    seen: list[datetime] = []

    def job(core: Core, now: datetime) -> int:
        clock.move(timedelta(minutes=1))
        seen.extend((now, core.clock.now()))
        return int(len(seen) < 5)

    begun = clock.now()
    runner.run_due(core_sqlite, (a_job(job),))
    assert set(seen) == {begun}


def test_jobs_that_feed_each_other_for_ever_are_stopped(core_sqlite: Core) -> None:
    assert runner.run_due(core_sqlite, (a_job(lambda *_: 1),)) == runner.PASSES


def test_failing_job_does_not_keep_the_others_from_running(core_sqlite: Core) -> None:
    left = [1, 0]

    def broken(_core: Core, _now: datetime) -> int:
        raise ValueError("王小明")

    with pytest.raises(ExceptionGroup, match="jobs failed: broken") as failed:
        runner.run_due(core_sqlite, (a_job(broken, "broken"), a_job(lambda *_: left.pop(0), "other")))
    assert left == []
    assert len(failed.value.exceptions) == 1


def test_real_jobs_find_nothing_on_an_empty_database(core: Core) -> None:
    assert runner.run_due(core) == 0


def test_ticker_runs_each_job_at_once_and_wakes_who_sends(core_sqlite: Core, clock: FixedClock) -> None:
    seen, woken = list[datetime](), Event()

    def job(_core: Core, now: datetime) -> int:
        seen.append(now)
        return 1

    ticker = runner.start(core_sqlite, (a_job(job),), after=woken.set)
    try:
        assert woken.wait(SECONDS)
    finally:
        ticker.shutdown(wait=True)
    assert seen == [clock.now()]


def test_ticker_wakes_nobody_for_nothing(core_sqlite: Core) -> None:
    ran, woken = Event(), Event()

    def job(_core: Core, _now: datetime) -> int:
        ran.set()
        return 0

    ticker = runner.start(core_sqlite, (a_job(job),), after=woken.set)
    try:
        assert ran.wait(SECONDS)
    finally:
        ticker.shutdown(wait=True)
    assert not woken.is_set()


def test_failing_job_is_logged_without_its_words_and_the_others_run(core_sqlite: Core) -> None:
    ran = Event()

    def broken(_core: Core, _now: datetime) -> int:
        raise ValueError("王小明")

    def other(_core: Core, _now: datetime) -> int:
        ran.set()
        return 0

    with structlog.testing.capture_logs() as logged:
        ticker = runner.start(core_sqlite, (a_job(broken, "broken"), a_job(other, "other")))
        try:
            assert ran.wait(SECONDS)
        finally:
            ticker.shutdown(wait=True)
    (line,) = [each for each in logged if each["event"] == "job_failed"]
    assert (line["job"], line["error"]) == ("broken", "ValueError")
    assert line["at"].startswith("test_runner.py:")
    assert "王小明" not in str(logged)


def test_failing_job_is_tried_again_at_the_next_tick(core_sqlite: Core) -> None:
    tries, again = list[int](), Event()

    def job(_core: Core, _now: datetime) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError
        again.set()
        return 0

    ticker = runner.start(core_sqlite, (a_job(job, every=timedelta(milliseconds=20)),))
    try:
        assert again.wait(SECONDS)
    finally:
        ticker.shutdown(wait=True)
