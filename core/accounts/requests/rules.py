"""The rules of requests: when an extension may be asked for and what it gives, which address is plain (ACC-4 to ACC-7).

Pure: days, addresses and permissions in, a refusal or a new day out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.accounts.models import Permission, Role, UnitKind
from core.accounts.requests.models import RequestKind
from core.accounts.requests.refusals import RequestRefusal
from core.accounts.rules import INTRANET_ONLY, flaw_of_permissions, is_email
from core.errors import Broken
from core.wording import characters, is_blank

STOP_FOR = timedelta(hours=24)  # ACC-7: so long the old mailbox can stop a change of address; exclusive
REASON_AT_MOST = 300
PUNYCODE = "xn--"  # a host with a part that begins so is written in another script

DECIDERS: dict[RequestKind, frozenset[Role]] = {
    RequestKind.EMAIL: frozenset({Role.HELPDESK}),
    RequestKind.EXTENSION: frozenset({Role.ADMIN}),
    RequestKind.PERMISSION: frozenset({Role.ADMIN}),
    RequestKind.REMOVAL: frozenset({Role.ADMIN}),
}
"""Who decides what (ACC-5 to ACC-7)."""

_LOOKS_LIKE = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"), ("-", ""), (".", ""), ("_", ""))


@dataclass(frozen=True)
class TooEarly:
    """An extension cannot be asked for yet; ``first_on`` is the first day on which it can (ACC-6)."""

    first_on: date


def too_early(ends_on: date, today: date, days_before: int) -> TooEarly | None:
    """Return since when an extension may be asked for, or None when it may be today (ACC-6)."""
    first_on = ends_on - timedelta(days=days_before)
    return TooEarly(first_on) if today < first_on else None


def extended_to(ends_on: date, approved_on: date, years: int) -> date:
    """Return the last day after an extension: from the old end, or from the approval if that is over (ACC-6).

    A 29 February ends on the 28th where the later year has none.
    """
    start = max(ends_on, approved_on)
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def read_address(typed: str) -> str:
    """Return an address as it was meant: full width as half width, white space around it dropped, nothing inside."""
    return unicodedata.normalize("NFKC", typed).strip()


def broken_by_address(address: str, present: str) -> Broken | None:
    """Return why an address cannot be asked for in place of the present one, or None (ACC-7).

    Refused are what is no plain address (line breaks, other scripts), punycode, and hosts that only look like the
    present one's: an odd letter, digit or dot.
    """
    host = address.rpartition("@")[2]
    if not address.isascii():
        return RequestRefusal.FOREIGN.broken(host=_shown(host))
    if not is_email(address):
        return RequestRefusal.NO_ADDRESS.broken()
    if any(part.startswith(PUNYCODE) for part in host.lower().split(".")):
        return RequestRefusal.FOREIGN.broken(host=host.lower())
    if address.lower() == present.lower():
        return RequestRefusal.SAME_ADDRESS.broken()
    if is_look_alike(host, present.rpartition("@")[2]):
        return RequestRefusal.LOOK_ALIKE.broken(host=host.lower())
    return None


def is_look_alike(host: str, known: str) -> bool:
    """Return whether a host differs from a known one, but not to the eye."""
    return host.lower() != known.lower() and _outline(host) == _outline(known)


def broken_by_permission(kind: UnitKind, held: Collection[Permission], permission: Permission) -> Broken | None:
    """Return why a permission cannot be asked for here, or None: schools hold two, one is the intranet's (ACC-4)."""
    if permission in held:
        return RequestRefusal.HELD.broken(permission=permission.label)
    if flaw_of_permissions(kind, (permission,)) is not None:
        return RequestRefusal.SCHOOL.broken(permission=permission.label)
    if permission in INTRANET_ONLY:
        return RequestRefusal.INTRANET.broken(permission=permission.label)
    return None


def broken_by_removal(held: Collection[Permission], permission: Permission) -> Broken | None:
    """Return why a permission's removal cannot be asked for, or None."""
    return None if permission in held else RequestRefusal.NOT_HELD.broken(permission=permission.label)


def broken_by_reason(reason: str) -> Broken | None:
    """Return what is wrong with the reason of a refusal, or None: the person reads it."""
    if is_blank(reason):
        return RequestRefusal.NO_REASON.broken()
    if characters(reason) > REASON_AT_MOST:
        return RequestRefusal.LONG_REASON.broken(at_most=str(REASON_AT_MOST))
    return None


def may_stop(stop_until: datetime | None, stopped_at: datetime | None, now: datetime) -> bool:
    """Return whether the old mailbox may still stop a change of address (ACC-7)."""
    return stopped_at is None and stop_until is not None and now < stop_until


def _outline(host: str) -> str:
    """Return what the eye keeps of a host."""
    seen = host.lower()
    for looks, like in _LOOKS_LIKE:
        seen = seen.replace(looks, like)
    return seen


def _shown(host: str) -> str:
    """Return a host in its ASCII form, so that a look-alike shows what it is; what has none is not repeated."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return PUNYCODE + "…"
