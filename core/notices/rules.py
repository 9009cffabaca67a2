"""When a notice may go out, and what follows from each outcome. Pure: facts and ``now`` in, a decision out.

The states of a notice, and the edges between them::

    created ──a worker takes a lease──> claimed ──┬─ accepted, or accepted before (409) ──> accepted
     ^ ^ ^                                        ├─ a reply nobody knows the fate of ──> ambiguous
     │ │ └── later, same way, key and bytes ──────┤     (the next word of its person gets it once more)
     │ │     rate, same person, unreached,        ├─ refused, and no mail address known ──> refused
     │ │     closed, unknown fate of a push       ├─ refused by the mail server ──> unreachable
     │ └──── other way, as a new message ─────────┤
     │       token dead: push; a multicast        └─ it may be out and its key is a day old,
     │       refused: a push each; quota spent,         or it failed here five times ──> given up
     │       refused, a day in vain: mail
     └────── the lease ran out                    created ──facts changed, code or digest too old──> dropped
             (a reply that may be out: ambiguous) created ──due a day ago, a person must decide──> held ──> created

Of what is tried again and certainly is not out the facts are asked anew, also of what rode along: it goes as a new
message. A push of unknown fate is safe to repeat: LINE knows its retry key for 24 hours, of which we use 22. An e-mail
is repeated too, under the same Message-ID: one lost is worse than one seen twice. A reply has no such key, so it is
never followed by a blind push. That a request may be out is written down before it leaves; a lease that ends before
that loses and doubles nothing. Where one of several in a request that may be out is no longer its person's, it is
dropped, and the others are given up to a person: neither said twice, nor with what is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import TAIPEI, taipei_date, taipei_moment
from core.notices.channel import Outcome
from core.notices.models import NoticeKind, NoticeState, Urgency, Via, WhyMail
from core.policy import Policy

RETRY_KEY_LIFE = timedelta(hours=22)  # of LINE's 24, after which it is a new message: our clock may step back by one
LIFE = timedelta(hours=24)  # so long one way is tried; a code's life is shorter (OTP-1)
LEASE = timedelta(seconds=60)  # longer than a call to LINE with all its time-outs
MAIL_LEASE = timedelta(minutes=5)  # a mail server may take its time-out over each step of one mail
BACKOFF_FIRST = timedelta(seconds=2)
BACKOFF_LONGEST = timedelta(minutes=30)
CLOSED_WAIT = timedelta(minutes=5)
SAME_PERSON_WAIT = timedelta(minutes=10)
FAILURES = 5  # A57: then it is set aside
TRIES_IN_ORDER = 5  # what failed so often lets later words of the same person pass

SETTLES = {
    Outcome.ACCEPTED: NoticeState.ACCEPTED,
    Outcome.ACCEPTED_BEFORE: NoticeState.ACCEPTED,
}
WHY_MAIL = {Outcome.QUOTA: WhyMail.QUOTA, Outcome.REFUSED: WhyMail.REFUSED}


@dataclass(frozen=True)
class Attempt:
    """One try to send, as far as the next step depends on it."""

    via: Via
    tries: int
    first_tried_at: datetime
    """When this way was tried first."""
    may_be_out: bool = False
    """Whether an earlier try with the same key may have been accepted."""
    has_mail: bool = True
    """Whether the person can be reached by e-mail instead."""
    failures: int = 0
    life: timedelta = LIFE


@dataclass(frozen=True)
class Next:
    """What becomes of a notice: its state, the way it goes next, and when."""

    state: NoticeState
    reason: str
    via: Via
    at: datetime | None = None
    is_new: bool = False
    """Whether it goes on as a message of its own: with a new key and body, and nothing that rides along."""
    why_mail: WhyMail | None = None
    """Why it goes on by mail."""


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


def life(kind: NoticeKind, policy: Policy) -> timedelta:
    """Return how long a notice is worth sending by one way: a code no longer than it works (OTP-1, A52)."""
    return timedelta(minutes=policy.otp_minutes) if kind is NoticeKind.CODE else LIFE


def is_over(kind: NoticeKind, created_at: datetime, now: datetime, policy: Policy) -> bool:
    """Return whether a notice says nothing any more when it comes: a code that no longer works."""
    return kind is NoticeKind.CODE and now - created_at >= life(kind, policy)


def is_held(kind: NoticeKind, urgency: Urgency, created_at: datetime, now: datetime, policy: Policy) -> bool:
    """Return whether a notice should have gone so long ago that a person decides about it first (A60).

    After a restored backup it was said already, after a long outage it may be past. A sign of danger goes at any age.
    """
    limit = timedelta(hours=policy.hold_after_hours)
    if kind is NoticeKind.URGENT or now - created_at < limit:  # it was due when it was made, or later
        return False
    return now - not_before(urgency, created_at, policy) >= limit


def is_of_a_past_day(created_at: datetime, now: datetime) -> bool:
    """Return whether it was written on an earlier day in Taipei: then a digest is not said late (A46)."""
    return taipei_date(created_at) < taipei_date(now)


def has_dead_key(via: Via, first_tried_at: datetime | None, now: datetime, *, may_be_out: bool) -> bool:
    """Return whether another push would be a new message to LINE, although an earlier try may have been accepted."""
    if via not in (Via.PUSH, Via.MULTICAST) or first_tried_at is None:
        return False
    return may_be_out and now - first_tried_at >= RETRY_KEY_LIFE


def backoff(tries: int, spread: float = 1.0) -> timedelta:
    """Return how long to wait after so many tries: doubling, up to half an hour.

    ``spread``, from 0 to 1, shortens it by up to a half, so that what failed together does not come back together.
    """
    doublings: int = min(max(tries - 1, 0), 12)
    return min(BACKOFF_FIRST * (1 << doublings), BACKOFF_LONGEST) * (0.5 + spread / 2)


def follow(attempt: Attempt, outcome: Outcome, now: datetime, spread: float = 1.0) -> Next:
    """Return what follows from the outcome of one try; ``spread`` is a random number from 0 to 1."""
    if outcome in SETTLES:
        return Next(SETTLES[outcome], outcome.value, attempt.via)
    if outcome is Outcome.TOKEN_DEAD:
        return Next(NoticeState.CREATED, outcome.value, Via.PUSH, now, is_new=True)
    if outcome is Outcome.FAILED:
        return _after_failure(attempt, now, spread)
    if outcome is Outcome.AMBIGUOUS and attempt.via is Via.REPLY:
        return Next(NoticeState.AMBIGUOUS, outcome.value, attempt.via)
    if outcome in (Outcome.QUOTA, Outcome.REFUSED):
        return _otherwise(attempt, outcome, now)
    return _later(attempt, outcome, now, spread)


def follow_expired_lease(via: Via, now: datetime, *, may_be_out: bool) -> Next:
    """Return what becomes of a notice whose worker vanished while sending it."""
    if via is Via.REPLY and may_be_out:
        return Next(NoticeState.AMBIGUOUS, "lease_expired", via)
    return Next(NoticeState.CREATED, "lease_expired", via, now)


def _after_failure(attempt: Attempt, now: datetime, spread: float) -> Next:
    """Nothing has left this house: try again, and set it aside after the fifth time (A57)."""
    failures = attempt.failures + 1
    if failures >= FAILURES:
        return Next(NoticeState.GIVEN_UP, Outcome.FAILED.value, attempt.via)
    return Next(NoticeState.CREATED, Outcome.FAILED.value, attempt.via, now + backoff(failures, spread))


def _otherwise(attempt: Attempt, outcome: Outcome, now: datetime) -> Next:
    """Return the other way it goes, or the end where there is none."""
    if attempt.via is Via.MAIL:
        return Next(NoticeState.UNREACHABLE, outcome.value, attempt.via)
    if attempt.via is Via.MULTICAST and outcome is Outcome.REFUSED:
        return Next(NoticeState.CREATED, outcome.value, Via.PUSH, now, is_new=True)
    if attempt.has_mail:
        why = WHY_MAIL.get(outcome, WhyMail.IN_VAIN)
        return Next(NoticeState.CREATED, outcome.value, Via.MAIL, now, is_new=True, why_mail=why)
    return Next(NoticeState.REFUSED, outcome.value, attempt.via)


def _later(attempt: Attempt, outcome: Outcome, now: datetime, spread: float) -> Next:
    fixed = {Outcome.CLOSED: CLOSED_WAIT, Outcome.SAME_PERSON: SAME_PERSON_WAIT}
    at = now + fixed.get(outcome, backoff(attempt.tries, spread))
    if outcome is Outcome.CLOSED or at - attempt.first_tried_at < attempt.life:
        return Next(NoticeState.CREATED, outcome.value, attempt.via, at)
    if attempt.may_be_out or outcome is Outcome.AMBIGUOUS:
        return Next(NoticeState.GIVEN_UP, outcome.value, attempt.via)
    return _otherwise(attempt, outcome, now)
