"""The rules of one-time passwords: what may be typed, when one is sent, what wrong tries lead to (OTP-1 to OTP-6)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
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
    """Return why no code may be sent now, or None when one may (OTP-3, OTP-6).

    ``sent`` are the moments of earlier sends, newest first; those a day old or older do not count.
    """
    if wrong.is_closed:
        return MayNotSend(Stop.CLOSED)
    if wrong.wait_until is not None and now < wrong.wait_until:
        return MayNotSend(Stop.WAIT, wrong.wait_until)
    gap = timedelta(seconds=policy.otp_resend_seconds)
    if sent and now < sent[0] + gap:
        return MayNotSend(Stop.TOO_SOON, sent[0] + gap)
    free = [_free_again(sent, policy.otp_sends_an_hour, HOUR), _free_again(sent, policy.otp_sends_a_day, DAY)]
    until = max((each for each in free if each is not None and now < each), default=None)
    return MayNotSend(Stop.TOO_MANY, until) if until else None


def why_void(state: State, wrong: WrongSoFar, now: datetime) -> VoidReason | None:
    """Return why a code works no more, or None while it does; what the person can do least about comes first."""
    if wrong.is_closed:
        return VoidReason.CLOSED
    if wrong.wait_until is not None and now < wrong.wait_until:
        return VoidReason.WAIT
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


def _free_again(sent: Sequence[datetime], at_most: int, span: timedelta) -> datetime | None:
    """Return when one of the last ``at_most`` sends falls out of the span, or None when there were fewer."""
    return sent[at_most - 1] + span if len(sent) >= at_most else None
