"""What becomes of an event that comes: handled, answered once with a request to slow down, or dropped (A3, A11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.policy import Policy

MINUTE = timedelta(minutes=1)


class Way(StrEnum):
    """What is done with one message of a person."""

    HANDLE = "handle"
    SLOW_DOWN = "slow_down"
    """The first one too many: it gets the one answer that says so."""
    DROP = "drop"


@dataclass(frozen=True)
class Minute:
    """How many messages of a person came since the minute began."""

    since: datetime
    count: int


def one_more(before: Minute | None, now: datetime) -> Minute:
    """Return the minute with one more message, or a new one where it is over."""
    if before is None or now >= before.since + MINUTE:
        return Minute(now, 1)
    return Minute(before.since, before.count + 1)


def way(minute: Minute, policy: Policy) -> Way:
    """Return what is done with the newest message of a minute (A11)."""
    if minute.count <= policy.inbox_a_minute:
        return Way.HANDLE
    return Way.SLOW_DOWN if minute.count == policy.inbox_a_minute + 1 else Way.DROP


def may_be_too_many(before: Minute | None, number: int, now: datetime, policy: Policy) -> bool:
    """Return whether so many messages more may be too many for this minute: then none may be counted twice (A11)."""
    return (before.count if before and now < before.since + MINUTE else 0) + number > policy.inbox_a_minute


def is_too_old(happened_at: datetime, now: datetime, policy: Policy) -> bool:
    """Return whether an event is older than ids are kept: it may have been handled and forgotten (A3)."""
    return happened_at < now - timedelta(days=policy.inbox_kept_days)
