"""The rules of one-time passwords: what may be typed, when one is sent, what wrong tries lead to (OTP-1 to OTP-6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.policy import Policy

DIGITS = 8  # OTP-1
TRIES = 3  # OTP-2: the third wrong one makes it void
TYPED_AT_MOST = 64  # longer is no code, and is not worth folding
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_CODE = re.compile(rf"[0-9]{{{DIGITS}}}", re.ASCII)


class Stop(StrEnum):
    """Why no code is sent now."""

    TOO_SOON = "too_soon"
    TOO_MANY = "too_many"
    WAIT = "wait"
    CLOSED = "closed"
    ACCOUNT = "account"


class VoidReason(StrEnum):
    """Why a code works no more, or does not work here."""

    UNKNOWN = "unknown"
    """No such code, or asked for elsewhere or for something else: the three are not told apart (OTP-7)."""
    USED = "used"
    EXPIRED = "expired"
    REPLACED = "replaced"
    TRIES = "tries"
    WAIT = "wait"
    CLOSED = "closed"


@dataclass(frozen=True)
class WrongSoFar:
    """Wrong tries over all codes of an account, and what they led to (OTP-6)."""

    in_a_row: int = 0
    wait_until: datetime | None = None
    is_closed: bool = False

    def stops(self, now: datetime) -> bool:
        """Return whether no code may be sent or tried now."""
        return self.is_closed or (self.wait_until is not None and now < self.wait_until)


@dataclass(frozen=True)
class Counted:
    """Wrong tries within a span of time, by one asker or by everybody, and until when they weigh (A19)."""

    wrong: int
    since: datetime
    wait_until: datetime | None = None

    def weighs(self, now: datetime) -> bool:
        """Return whether too many were counted: the asker waits, or the alarm lasts."""
        return self.wait_until is not None and now < self.wait_until


@dataclass(frozen=True)
class MayNotSend:
    """No code is sent; ``until`` is the first moment at which one may ask again, where there is one."""

    why: Stop
    until: datetime | None = None


@dataclass(frozen=True)
class State:
    """One code as it stands."""

    tries: int
    expires_at: datetime
    is_used: bool
    is_replaced: bool


def read_code(typed: str) -> str | None:
    """Return the eight ASCII digits somebody typed, or None when it is no code, which costs no try (A23).

    Full width is folded, white space and format characters are dropped; digits of other scripts are refused.
    """
    if len(typed) > TYPED_AT_MOST:
        return None
    folded = unicodedata.normalize("NFKC", typed)
    bare = "".join(each for each in folded if not each.isspace() and unicodedata.category(each) != "Cf")
    return bare if _CODE.fullmatch(bare) else None


def expires_at(sent_at: datetime, policy: Policy) -> datetime:
    """Return the moment from which a code sent then is void: the limit is exclusive (OTP-1)."""
    return sent_at + timedelta(minutes=policy.otp_minutes)


def may_not_send(sent: Sequence[datetime], wrong: WrongSoFar, now: datetime, policy: Policy) -> MayNotSend | None:
    """Return why no code may be sent now, or None when one may (OTP-3, OTP-6); of several reasons the longest.

    ``sent`` are the moments of earlier sends, newest first; those a day old or older do not count.
    """
    if wrong.is_closed:
        return MayNotSend(Stop.CLOSED)
    gap = timedelta(seconds=policy.otp_resend_seconds)
    reasons = (
        (Stop.WAIT, wrong.wait_until),
        (Stop.TOO_MANY, _free_again(sent, policy.otp_sends_an_hour, HOUR)),
        (Stop.TOO_MANY, _free_again(sent, policy.otp_sends_a_day, DAY)),
        (Stop.TOO_SOON, _free_again(sent, 1, gap)),
    )
    waits = [(why, until) for why, until in reasons if until is not None and now < until]
    longest = max(waits, key=lambda each: each[1], default=None)
    return None if longest is None else MayNotSend(*longest)


def why_void(state: State, wrong: WrongSoFar, now: datetime) -> VoidReason | None:
    """Return why a code works no more, or None while it does; what the person can do least about comes first."""
    if wrong.stops(now):
        return VoidReason.CLOSED if wrong.is_closed else VoidReason.WAIT
    if state.is_used:
        return VoidReason.USED
    if state.is_replaced:
        return VoidReason.REPLACED
    if state.tries >= TRIES:
        return VoidReason.TRIES
    return VoidReason.EXPIRED if now >= state.expires_at else None


def after_wrong(in_a_row: int, now: datetime, policy: Policy) -> WrongSoFar:
    """Return what so many wrong tries in a row lead to, the last just now (OTP-6).

    Each full ten make the account wait, 15 minutes first and twice as long each time, up to a day; a hundred close it.
    """
    if in_a_row >= policy.otp_wrong_until_closed:
        return WrongSoFar(in_a_row, None, is_closed=True)
    rounds, rest = divmod(in_a_row, policy.otp_wrong_in_a_row)
    if rest or not rounds:
        return WrongSoFar(in_a_row)
    doubled = timedelta(minutes=policy.otp_wait_minutes) * 2 ** min(rounds - 1, 20)
    return WrongSoFar(in_a_row, now + min(doubled, timedelta(hours=policy.otp_wait_hours_at_most)))


def after_try(before: WrongSoFar, now: datetime, policy: Policy, *, is_right: bool) -> WrongSoFar:
    """Return what stands after one more try (OTP-6).

    A right one sets the count to zero, but opens nothing that is waiting or closed: it came from an asker whom that did
    not concern (A20).
    """
    if is_right:
        return before if before.stops(now) else WrongSoFar()
    after = after_wrong(before.in_a_row + 1, now, policy)
    is_closed = before.is_closed or after.is_closed
    return WrongSoFar(after.in_a_row, None if is_closed else after.wait_until or before.wait_until, is_closed)


def standing(account: WrongSoFar, own: WrongSoFar, elsewhere: Iterable[Counted], *, is_known: bool) -> WrongSoFar:
    """Return which wrong tries an asker answers for (A19, A20).

    One known to the account answers for their own only: strangers cannot lock them out. A stranger answers for all of
    the account's. Either answers for what was tried ``elsewhere``: by them, or from where they are.
    """
    so_far = own if is_known else account
    waits = [so_far.wait_until, *(each.wait_until for each in elsewhere)]
    return replace(so_far, wait_until=max((each for each in waits if each), default=None))


def after_wrong_of_asker(before: Counted, now: datetime, policy: Policy) -> Counted:
    """Return what one asker's wrong tries over all accounts come to, the last just now (A19)."""
    return _one_more(before, now, policy.otp_asker_wrong, timedelta(minutes=policy.otp_asker_minutes))


def after_wrong_of_source(before: Counted, now: datetime, policy: Policy) -> Counted:
    """Return what strangers' wrong tries from one network come to, the last just now (A19)."""
    return _one_more(before, now, policy.source_wrong, timedelta(minutes=policy.source_minutes))


def after_wrong_of_anyone(before: Counted, now: datetime, policy: Policy) -> Counted:
    """Return what everybody's wrong tries come to, the last just now (A19): an alarm, which locks nobody out."""
    return _one_more(before, now, policy.otp_alarm_wrong, timedelta(minutes=policy.otp_alarm_minutes))


def slowed(policy: Policy) -> Policy:
    """Return the policy by which strangers get codes while the alarm lasts."""
    gap = max(policy.otp_resend_seconds, policy.otp_alarm_resend_seconds)
    an_hour = min(policy.otp_sends_an_hour, policy.otp_alarm_sends_an_hour)
    return policy.model_copy(update={"otp_resend_seconds": gap, "otp_sends_an_hour": an_hour})


def _one_more(before: Counted, now: datetime, at_most: int, span: timedelta) -> Counted:
    """Count one more within the span, or as the first of a new one; the last that may be weighs as long as the span."""
    is_over = now >= before.since + span
    wrong, since = (1, now) if is_over else (before.wrong + 1, before.since)
    return Counted(wrong, since, now + span if wrong >= at_most else before.wait_until)


def _free_again(sent: Sequence[datetime], at_most: int, span: timedelta) -> datetime | None:
    """Return when one of the last ``at_most`` sends falls out of the span, or None when there were fewer."""
    return sent[at_most - 1] + span if len(sent) >= at_most else None
