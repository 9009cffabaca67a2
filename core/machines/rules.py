"""The rules for other systems: how fast a key may call, what an Idempotency-Key stands for, how a key is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.policy import Policy

REMEMBERED = timedelta(hours=24)  # for so long the same write gets the answer of the first
LEASE = timedelta(seconds=60)  # longer than a write takes; then its process is taken for dead
MINUTE = timedelta(minutes=1)

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?", re.ASCII)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_MARK = re.compile(r"[!-~]{1,200}", re.ASCII)


@dataclass(frozen=True)
class Admitted:
    """The call is taken in; ``full_until`` is kept with the key."""

    full_until: datetime


@dataclass(frozen=True)
class Wait:
    """The call is refused; ``until`` is the first moment at which one will be taken in."""

    until: datetime


class Again(StrEnum):
    """What a write finds under its Idempotency-Key."""

    ANSWERED = "answered"
    UNDER_WAY = "under_way"
    OTHER = "other"
    """Another request came under it."""
    OVER = "over"
    """Forgotten, or left by a process that died: it may be done."""


@dataclass(frozen=True)
class Kept:
    """What is kept of a write."""

    request: str
    begun_at: datetime
    is_answered: bool


def admit(full_until: datetime | None, now: datetime, policy: Policy) -> Admitted | Wait:
    """Return whether one more call of a key is taken in: so many a minute, and so many at once after a pause.

    Each call uses up an equal part of the minute; ``full_until`` is where the used parts end. Where the clock stepped
    back it may lie far ahead, and counts as one full burst.
    """
    part = MINUTE / policy.api_calls_a_minute
    burst = part * policy.api_calls_at_once
    used_until = min(max(full_until or now, now), now + burst)
    if used_until + part > now + burst:
        return Wait(used_until + part - burst)
    return Admitted(used_until + part)


def found_again(kept: Kept, request: str, now: datetime) -> Again:
    """Return what a write finds: within a day the same request its answer, another one a refusal."""
    if now - kept.begun_at >= REMEMBERED:
        return Again.OVER
    if kept.request != request:
        return Again.OTHER
    if kept.is_answered:
        return Again.ANSWERED
    return Again.UNDER_WAY if now - kept.begun_at < LEASE else Again.OVER


def is_name(name: str) -> bool:
    """Return whether a key may be named so: small letters, digits, dots and hyphens, 40 at most."""
    return _NAME.fullmatch(name) is not None


def is_mark(mark: str) -> bool:
    """Return whether a text may be an Idempotency-Key: 1 to 200 visible ASCII characters."""
    return _MARK.fullmatch(mark) is not None


def is_challenge(challenge: str) -> bool:
    """Return whether a text has the form of a challenge: what has not is not even looked up."""
    return _CHALLENGE.fullmatch(challenge) is not None
