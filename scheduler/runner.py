"""Running the jobs: by a ticker while the process lives, or all of them once for ``frontdoor tick``.

The ticker keeps nothing: its store is memory, and what a run missed the next one finds in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC
from itertools import cycle, islice
from pathlib import PurePath
from traceback import extract_tb

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core.clock import FixedClock, SystemClock
from core.context import Core
from scheduler.jobs import JOBS, Job

PASSES = 100  # a bound for jobs that feed each other for ever

log = structlog.get_logger(__name__)


def start(core: Core, jobs: Sequence[Job] = JOBS, after: Callable[[], object] | None = None) -> BackgroundScheduler:
    """Start the ticker and return it; its ``shutdown(wait=True)`` ends it after the jobs under way.

    Each job runs at once and then at its cadence, never twice at a time, late rather than not at all. ``after`` is
    called when a job did something: it wakes whoever sends.
    """
    ticker = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(1, len(jobs)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for job in jobs:
        ticker.add_job(
            _run,
            IntervalTrigger(seconds=job.cadence.total_seconds(), timezone=UTC),
            args=(core, job, after),
            id=job.name,
            next_run_time=SystemClock().now(),  # the ticker's own time, whatever the core's clock shows
        )
    ticker.start()
    return ticker


def _run(core: Core, job: Job, after: Callable[[], object] | None) -> None:
    """Run one job for the ticker; a failure is logged, and the next tick tries again."""
    try:
        done = job.function(core, core.clock.now())
    except Exception as error:  # noqa: BLE001 (whatever a job meets, the ticker and the other jobs go on)
        log.error(  # noqa: TRY400 (a traceback's last line is the error's own text, which may hold personal data)
            "job_failed", job=job.name, error=type(error).__name__, at=_place(error)
        )
        return
    if done:
        log.info("job_done", job=job.name, done=done)
        if after is not None:
            after()


def run_due(core: Core, jobs: Sequence[Job] = JOBS) -> int:
    """Run all jobs in their order at the core's moment, round and round until none did anything; return how much.

    The moment stands still meanwhile. A job that fails is left out of the next rounds, so that the others are done;
    then an ``ExceptionGroup`` with the failures is raised.
    """
    standing = replace(core, clock=FixedClock(core.clock.now()))
    failures: dict[str, Exception] = {}
    total = idle = 0
    for job in islice(cycle(jobs), PASSES * len(jobs)):
        done = 0 if job.name in failures else _once(job, standing, failures)
        total += done
        idle = 0 if done else idle + 1
        if idle == len(jobs):
            break
    if failures:
        raise ExceptionGroup(f"jobs failed: {', '.join(failures)}", list(failures.values()))
    return total


def _once(job: Job, core: Core, failures: dict[str, Exception]) -> int:
    try:
        return job.function(core, core.clock.now())
    except Exception as error:  # noqa: BLE001 (raised once the other jobs are done)
        failures[job.name] = error
        return 0


def _place(error: BaseException) -> str:
    """Return the file and line an error came from."""
    frames = extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
