"""The job that reads the month's quota: LINE is asked between two transactions, never inside one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.quota import service
from core.quota.door import QuotaDoor
from scheduler.jobs import Job

ACTOR = system("read_quota")
CADENCE = timedelta(minutes=10)  # once an hour one reading is kept; what failed is tried again sooner

log = structlog.get_logger(__name__)


def reading_quota(door: QuotaDoor) -> Job:
    """Return the job for a channel; whoever wires the process adds it to the table."""
    return Job("read_quota", CADENCE, _reading(door), "Asks LINE once an hour how many paid messages are left.")


def _reading(door: QuotaDoor) -> Callable[[Core, datetime], int]:
    def read_quota(core: Core, now: datetime) -> int:
        """Keep this hour's reading, unless it is kept; return how many were kept."""
        at_now = replace(core, clock=FixedClock(now))
        with at_now.reading(ACTOR, Door.JOB) as ctx:
            if not service.needs_reading(ctx):
                return 0
        try:
            seen = door.consumption()
        except ConnectionError as error:
            log.warning("quota.unread", error=str(error))
            return 0
        with at_now.transaction(ACTOR, Door.JOB) as ctx:
            return int(service.keep_reading(ctx, seen))

    return read_quota
