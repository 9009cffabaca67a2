"""When a notice may go out, and what follows from each outcome. Pure: facts and ``now`` in, a decision out.

The states of a notice, and the edges between them::

    created ──a worker takes a lease──> claimed ──┬─ accepted, or accepted before ──> accepted
       ^                                          ├─ refused ──> refused
       ├── later (rate, unreached, same person) ──┤
       ├── other way (token dead: push;           ├─ a reply nobody knows the fate of ──> ambiguous
       │   quota spent: mail)                     └─ older than a day, or too many tries ──> given up
       ├── same key (push or e-mail of unknown fate)
       └── lease ran out (push, mail)      created ──facts changed──> dropped
           (a reply whose lease ran out is ambiguous: it may have been said)

A push of unknown fate is safe to repeat: LINE knows its retry key for 24 hours. An e-mail is repeated too, under the
same Message-ID: one lost is worse than one seen twice. A reply has no such key, so it is never followed by a blind
push.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import TAIPEI, taipei_moment
from core.notices.channel import Outcome
from core.notices.models import NoticeState, Urgency, Via
from core.policy import Policy

RETRY_KEY_LIFE = timedelta(hours=24)  # after that the same key is a new message
LEASE = timedelta(seconds=60)  # longer than a call to LINE with all its time-outs
MAIL_LEASE = timedelta(minutes=5)  # a mail server may take its time-out over each step of one mail
BACKOFF_FIRST = timedelta(seconds=2)
BACKOFF_LONGEST = timedelta(minutes=30)
CLOSED_WAIT = timedelta(minutes=5)
SAME_PERSON_WAIT = timedelta(minutes=10)

SETTLES = {
    Outcome.ACCEPTED: NoticeState.ACCEPTED,
    Outcome.ACCEPTED_BEFORE: NoticeState.ACCEPTED,
    Outcome.REFUSED: NoticeState.REFUSED,
}


@dataclass(frozen=True)
class Attempt:
    """One try to send, as far as the next step depends on it."""

    via: Via
    tries: int
    first_tried_at: datetime
    has_mail: bool
    """Whether the person can be reached by e-mail instead."""


@dataclass(frozen=True)
class Next:
    """What becomes of a notice: its state, the way it goes next, and when."""

    state: NoticeState
    reason: str
    via: Via
    at: datetime | None = None


def not_before(urgency: Urgency, now: datetime, policy: Policy) -> datetime:
    """Return the first moment a notice of this urgency may go out: at once, or at the end of the quiet hours."""
    local = now.astimezone(TAIPEI)
    clock = local.time()
    is_quiet = clock >= policy.quiet_from or clock < policy.quiet_until
    if urgency is Urgency.ALWAYS or not is_quiet:
        return now
    day = local.date() + timedelta(days=1) if clock >= policy.quiet_from else local.date()
    return taipei_moment(day, policy.quiet_until)


def rank(urgency: Urgency) -> int:
    """Return the order in which notices that are due go out: the most urgent first."""
    return (Urgency.ALWAYS, Urgency.AT_ONCE, Urgency.ROUTINE).index(urgency)


def route(reply_token_at: datetime | None, now: datetime, policy: Policy) -> Via:
    """Return reply while the token is young enough, else push."""
    if reply_token_at is None:
        return Via.PUSH
    age = now - reply_token_at
    return Via.REPLY if age < timedelta(seconds=policy.reply_token_seconds) else Via.PUSH


def lease(via: Via) -> timedelta:
    """Return how long a worker may take over sending by this way before another one steps in."""
    return MAIL_LEASE if via is Via.MAIL else LEASE


def has_dead_key(via: Via, first_tried_at: datetime | None, now: datetime) -> bool:
    """Return whether another push would be a new message to LINE, although an earlier try may have been accepted."""
    return via is Via.PUSH and first_tried_at is not None and now - first_tried_at >= RETRY_KEY_LIFE


def backoff(tries: int) -> timedelta:
    """Return how long to wait after so many tries: doubling, up to half an hour."""
    doublings: int = min(max(tries - 1, 0), 12)
    return min(BACKOFF_FIRST * (1 << doublings), BACKOFF_LONGEST)


def follow(attempt: Attempt, outcome: Outcome, now: datetime) -> Next:
    """Return what follows from the outcome of one try."""
    if outcome in SETTLES:
        return Next(SETTLES[outcome], outcome.value, attempt.via)
    if outcome is Outcome.TOKEN_DEAD:
        return Next(NoticeState.CREATED, outcome.value, Via.PUSH, now)
    if outcome is Outcome.AMBIGUOUS and attempt.via is Via.REPLY:
        return Next(NoticeState.AMBIGUOUS, outcome.value, attempt.via)
    if outcome is Outcome.QUOTA:
        return _by_mail(attempt, now)
    return _later(attempt, outcome, now)


def follow_expired_lease(via: Via, now: datetime) -> Next:
    """Return what becomes of a notice whose worker vanished while sending it."""
    if via is Via.REPLY:
        return Next(NoticeState.AMBIGUOUS, "lease_expired", via)
    return Next(NoticeState.CREATED, "lease_expired", via, now)


def _by_mail(attempt: Attempt, now: datetime) -> Next:
    if attempt.has_mail:
        return Next(NoticeState.CREATED, Outcome.QUOTA.value, Via.MAIL, now)
    return Next(NoticeState.GIVEN_UP, Outcome.QUOTA.value, attempt.via)


def _later(attempt: Attempt, outcome: Outcome, now: datetime) -> Next:
    wait = {Outcome.CLOSED: CLOSED_WAIT, Outcome.SAME_PERSON: SAME_PERSON_WAIT}.get(outcome, backoff(attempt.tries))
    if now + wait - attempt.first_tried_at >= RETRY_KEY_LIFE:
        return Next(NoticeState.GIVEN_UP, outcome.value, attempt.via)
    return Next(NoticeState.CREATED, outcome.value, attempt.via, now + wait)
