"""CHK-1, CHK-2, CHK-10: what a meal-station check owes, in which bucket it counts, and what a return must have.

CHK-3 to CHK-8 are the form's (``form_rules.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.checks.models import CheckBucket, CheckState
from core.checks.refusals import CheckRefusal as Refused
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.rules import is_late
from core.errors import Broken
from core.wording import characters, is_blank

CHECK_HOURS = 24  # CHK-1: nights and holidays count
REASON_AT_MOST = 1000  # characters, as people count


def due_at(assigned_at: datetime) -> datetime:
    """Return when a check is due: 24 hours after it was assigned, to the minute (CHK-1)."""
    return assigned_at + timedelta(hours=CHECK_HOURS)


def returned_due_at(returned_at: datetime, hours: int) -> datetime:
    """Return when a returned check is due again: ``hours`` (policy) after the return (CHK-10)."""
    return returned_at + timedelta(hours=hours)


def owed(state: CheckState, assigned_at: datetime, returned_at: datetime | None, returned_hours: int) -> Owing | None:
    """Return what a check in this state owes, or None (CHK-1, CHK-10)."""
    if state is CheckState.WAITING:
        return Owing(DutyKind.CHECK, assigned_at, due_at(assigned_at))
    if state is CheckState.RETURNED and returned_at is not None:
        return Owing(DutyKind.RETURNED_CHECK, returned_at, returned_due_at(returned_at, returned_hours))
    return None


def bucket(state: CheckState, has_need: bool | None, due: datetime | None, now: datetime) -> CheckBucket:
    """Return the one bucket a check counts in (CHK-2); ``due`` is its open duty's last moment."""
    if state is CheckState.WAITING:
        return CheckBucket.LATE if due is not None and is_late(due, now) else CheckBucket.WAITING
    if state is CheckState.RETURNED:
        return CheckBucket.RETURNED
    if has_need is None:
        return CheckBucket.NEED_UNKNOWN
    return CheckBucket.WITH_NEED if has_need else CheckBucket.WITHOUT_NEED


@dataclass(frozen=True)
class Child:
    """A child of one unit as checks know it: keyed hashes of national ID and name, and the day of birth."""

    id_key: str | None
    name_key: str
    born_on: date | None


def same_child(one: Child, other: Child) -> bool:
    """Return whether two checks of a unit are held to be of one child (CHK-8): by national ID where both have one.

    Else by name, unless the days of birth differ. Nothing but a question hangs on it.
    """
    if one.id_key and other.id_key:
        return one.id_key == other.id_key
    born = {each.born_on for each in (one, other)} - {None}
    return one.name_key == other.name_key and len(born) <= 1


def broken_by_return(state: CheckState, reason: str, *, is_own: bool) -> tuple[Broken, ...]:
    """Return every rule that a return breaks: nothing was sent, no reason or a long one, one's own (CHK-10)."""
    return tuple(_broken_by_return(state, reason, is_own=is_own))


def _broken_by_return(state: CheckState, reason: str, *, is_own: bool) -> Iterator[Broken]:
    if state is not CheckState.CHECKED:
        yield Refused.NOT_CHECKED.broken(state=state.label)
    if is_blank(reason):
        yield Refused.NO_RETURN_REASON.broken()
    length = characters(reason)
    if length > REASON_AT_MOST:
        yield Refused.LONG_RETURN_REASON.broken(length=str(length), at_most=str(REASON_AT_MOST))
    if is_own:
        yield Refused.OWN_FORM.broken()
