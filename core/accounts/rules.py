"""The rules of accounts: codes, national IDs, permissions, sign-in locks, who is told (ACC-1 to ACC-6, DUTY-4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.accounts.flaws import Flaw
from core.accounts.models import Permission, UnitKind

WRONG_PASSWORDS = 3  # ACC-2: in a row
LOCK = timedelta(minutes=30)  # ACC-2: exclusive; at its last moment one may try again
SESSION_IDLE = timedelta(minutes=60)  # ACC-3: without use; exclusive, at its last moment the session is over
CODE_DIGITS = 4  # ACC-1: the last ones of the national ID
SCHOOL_PERMISSIONS = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})  # ACC-4
INTRANET_ONLY = frozenset({Permission.ANALYSIS})  # ACC-4: asked for in the main system, within the intranet
PASSWORD_AT_LEAST = 12
PASSWORD_AT_MOST = 128
NAME_AT_MOST = 60
EMAIL_AT_MOST = 254  # RFC 5321: a path without its brackets
MAILBOX_AT_MOST = 64  # RFC 5321: what stands before the @

_CODE = re.compile(r"[A-Z]{2}[0-9]{4}", re.ASCII)
# python-stdnum, 2.2 included, knows Taiwan's company numbers only, so the check digit is worked out here.
_NATIONAL_ID = re.compile(r"[A-Z][1289][0-9]{8}", re.ASCII)  # 8 and 9: residents, in the form of 2021
_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # the letter of a place counts as its position here plus ten
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+'-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


class Standing(StrEnum):
    """Whether an account may be used on a day."""

    ACTIVE = "active"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    DISABLED = "disabled"


@dataclass(frozen=True)
class Lock:
    """Wrong passwords in a row, and until when nobody may try (ACC-2)."""

    wrong: int = 0
    until: datetime | None = None

    def is_closed(self, now: datetime) -> bool:
        """Return whether the lock holds at a moment; the moment it ends is free."""
        return self.until is not None and now < self.until


def is_account_code(code: str) -> bool:
    """Return whether a code is two letters and four digits (ACC-1)."""
    return _CODE.fullmatch(code) is not None


def is_national_id(national_id: str) -> bool:
    """Return whether a national ID, or a resident's number of the form of 2021, is right to its check digit (ACC-1)."""
    if _NATIONAL_ID.fullmatch(national_id) is None:
        return False
    place = _LETTERS.index(national_id[0]) + 10
    digits = [*divmod(place, 10), *(int(digit) for digit in national_id[1:])]
    return sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 10 == 0


def is_email(address: str) -> bool:
    """Return whether an address is plain: ASCII only (no look-alike letters), no line breaks, a name and a host."""
    if len(address) > EMAIL_AT_MOST or _EMAIL.fullmatch(address) is None:
        return False
    name = address.partition("@")[0]
    return len(name) <= MAILBOX_AT_MOST and not (name.startswith(".") or name.endswith(".") or ".." in name)


def flaw_of_identity(code: str, national_id: str) -> Flaw | None:
    """Return what is wrong with an account code and the national ID it belongs to, or None (ACC-1)."""
    if not is_account_code(code):
        return Flaw.CODE_FORM
    if not is_national_id(national_id):
        return Flaw.NATIONAL_ID
    return Flaw.CODE_DIGITS if code[-CODE_DIGITS:] != national_id[-CODE_DIGITS:] else None


def flaw_of_term(starts_on: date, ends_on: date) -> Flaw | None:
    """Return what is wrong with an account's first and last day, or None; both may be the same day (ACC-6)."""
    return Flaw.DATES if ends_on < starts_on else None


def flaw_of_permissions(kind: UnitKind, permissions: Collection[Permission]) -> Flaw | None:
    """Return what is wrong with the permissions of somebody of such a unit, or None: schools may hold two (ACC-4)."""
    if kind is UnitKind.SCHOOL and not SCHOOL_PERMISSIONS.issuperset(permissions):
        return Flaw.SCHOOL_PERMISSION
    return None


def flaw_of_password(password: str) -> Flaw | None:
    """Return what is wrong with a new password, or None: its length alone decides, in characters."""
    if len(password) < PASSWORD_AT_LEAST:
        return Flaw.PASSWORD_SHORT
    return Flaw.PASSWORD_LONG if len(password) > PASSWORD_AT_MOST else None


def standing(starts_on: date, ends_on: date, *, disabled: bool, today: date) -> Standing:
    """Return whether an account may be used today; its last day counts (ACC-6)."""
    if disabled:
        return Standing.DISABLED
    if today < starts_on:
        return Standing.NOT_BEGUN
    return Standing.ENDED if today > ends_on else Standing.ACTIVE


def after_wrong_password(lock: Lock, now: datetime) -> Lock:
    """Return the lock after one more wrong password: the third in a row closes it for half an hour (ACC-2)."""
    wrong = 1 if lock.until is not None else lock.wrong + 1
    return Lock(wrong, now + LOCK if wrong >= WRONG_PASSWORDS else None)


def minutes_left(until: datetime, now: datetime) -> int:
    """Return the minutes until a moment, begun ones counted whole."""
    return -((now - until) // timedelta(minutes=1))


def nearest(candidates: Sequence[tuple[int, int]], chain: Sequence[int]) -> tuple[int, ...]:
    """Return who of (account, unit) pairs stands nearest at or above a unit; ``chain`` goes from it upwards.

    The first unit of the chain that has somebody gives all of its own; where none has, everybody is returned.
    """
    for unit_id in chain:
        found = tuple(account for account, unit in candidates if unit == unit_id)
        if found:
            return found
    return tuple(account for account, _ in candidates)
