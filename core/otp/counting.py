"""Counting wrong tries: over all codes of an account (OTP-6), one asker, everybody, and one network (A19, A20).

The account's row is locked by who comes here; the tallies are locked in the order of their keys, those that are shared
by many last, so that nobody waits in a circle. Right or wrong, the same statements run: time tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select, update

from core.accounts import queries as accounts
from core.context import Context
from core.database import insert_once
from core.otp import rules, sources
from core.otp.models import Purpose, Tally, WrongCodes
from core.otp.rules import Counted, WrongSoFar

EVERYBODY = "3"
MANY_BEHIND_ONE = frozenset({Purpose.MAIN_SYSTEM})
"""Asked for by a system for whoever sits before it: its wrong tries are those of many people."""
UNSYNCED = {"synchronize_session": False}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Asking:
    """Who asks for, or tries, a code of which account."""

    account_id: int
    asker: str
    """Keyed hash of where it is asked for: the browser's session, the LINE person, the API key."""
    known_as: str | None
    """Keyed hash of what the account knows the asker by; None: a stranger."""
    source: str | None
    """The tally of the network a stranger comes from; None where that does not count."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the tallies in the order of their locks: own, the asker's, everybody's, the network's."""
        own = f"1:{self.account_id}:{self.known_as or self.asker}"
        return (own, f"2:{self.asker}", EVERYBODY, *([self.source] if self.source else []))


@dataclass(frozen=True)
class Counts:
    """What was counted so far against one asker of one account."""

    of: Asking
    account: WrongSoFar
    own: WrongSoFar
    by_asker: Counted
    by_anyone: Counted
    from_here: Counted

    def standing(self, purpose: Purpose) -> WrongSoFar:
        """Return the wrong tries this asker answers for."""
        elsewhere = (self.from_here,) if purpose in MANY_BEHIND_ONE else (self.by_asker, self.from_here)
        return rules.standing(self.account, self.own, elsewhere, is_known=self.of.known_as is not None)

    def is_slowed(self, now: datetime) -> bool:
        """Return whether the alarm lasts and the asker is a stranger."""
        return self.by_anyone.weighs(now) and self.of.known_as is None


def asking(ctx: Context, account_id: int, asker: str, known_as: str = "") -> Asking:
    """Return who asks. The account's bound LINE person is known to it without being named so (A20)."""
    reach = accounts.reach_of(ctx.session, account_id)
    is_bound = reach is not None and reach.person == asker
    name = known_as or (asker if is_bound else "")
    return asking_as(
        ctx, account_id, asker_key(ctx, asker), ctx.vault.derive("known-asker", name).hex() if name else None
    )


def asking_as(ctx: Context, account_id: int, asker: str, known_as: str | None) -> Asking:
    """Return who asks by the keys that a challenge keeps; a stranger also comes from somewhere."""
    return Asking(account_id, asker, known_as, sources.key_of(ctx) if known_as is None else None)


def asker_key(ctx: Context, asker: str) -> str:
    """Return what stands for the asker in the database: the browser's session, the LINE person, the API key."""
    return ctx.vault.derive("asker", asker).hex()


def counts(ctx: Context, of: Asking, *, to_count: bool = False) -> Counts:
    """Return what was counted so far; ``to_count`` locks the rows and makes those that are missing."""
    if to_count:
        _begin(ctx, of)
    rows = _rows(ctx, of, lock=to_count)
    wrong = ctx.session.get(WrongCodes, of.account_id, populate_existing=True)
    own, by_asker, by_anyone, from_here = (rows.get(key or "") for key in (*of.keys[:3], of.source))
    return Counts(
        of,
        account=WrongSoFar(wrong.in_a_row, wrong.wait_until, wrong.closed_at is not None) if wrong else WrongSoFar(),
        own=WrongSoFar(own.wrong, own.wait_until, own.closed_at is not None) if own else WrongSoFar(),
        by_asker=_counted(by_asker, ctx.now),
        by_anyone=_counted(by_anyone, ctx.now),
        from_here=_counted(from_here, ctx.now),
    )


def count(ctx: Context, before: Counts, *, is_right: bool) -> Counts:
    """Count one try wherever it counts, and return what stands after it; the rows were locked by ``counts``."""
    account = rules.after_try(before.account, ctx.now, ctx.policy, is_right=is_right)
    own = rules.after_try(before.own, ctx.now, ctx.policy, is_right=is_right)
    by_asker, by_anyone, from_here = before.by_asker, before.by_anyone, before.from_here
    if not is_right:
        by_asker = rules.after_wrong_of_asker(by_asker, ctx.now, ctx.policy)
        by_anyone = rules.after_wrong_of_anyone(by_anyone, ctx.now, ctx.policy)
        from_here = rules.after_wrong_of_source(from_here, ctx.now, ctx.policy)
    closed_at = func.coalesce(WrongCodes.closed_at, ctx.now) if account.is_closed else None
    ctx.session.execute(
        update(WrongCodes)
        .where(WrongCodes.account_id == before.of.account_id)
        .values(in_a_row=account.in_a_row, wait_until=account.wait_until, closed_at=closed_at),
        execution_options=UNSYNCED,
    )
    rows = [_values(ctx, before.of.keys[0], Counted(own.in_a_row, ctx.now, own.wait_until), is_closed=own.is_closed)]
    shared = zip(before.of.keys[1:], (by_asker, by_anyone, from_here), strict=False)
    ctx.session.execute(update(Tally), [*rows, *(_values(ctx, key, counted) for key, counted in shared)])
    _tell(ctx, before, by_asker, by_anyone)
    if before.of.source:
        sources.tell(ctx, before.from_here, from_here)
    return Counts(before.of, account, own, by_asker, by_anyone, from_here)


def forget(ctx: Context, account_id: int) -> bool:
    """Set an account's counts to zero and open it; False when none were kept."""
    own = update(Tally).where(Tally.account_id == account_id).values(wrong=0, wait_until=None, closed_at=None)
    ctx.session.execute(own, execution_options=UNSYNCED)
    opened = (
        update(WrongCodes)
        .where(WrongCodes.account_id == account_id)
        .values(in_a_row=0, wait_until=None, closed_at=None)
        .returning(WrongCodes.account_id)
    )
    return ctx.session.scalar(opened, execution_options=UNSYNCED) is not None


def _rows(ctx: Context, of: Asking, *, lock: bool) -> dict[str, Tally]:
    wanted = select(Tally).where(Tally.key.in_(of.keys)).order_by(Tally.key)
    wanted = wanted.execution_options(populate_existing=True)
    return {row.key: row for row in ctx.session.scalars(wanted.with_for_update() if lock else wanted)}


def _begin(ctx: Context, of: Asking) -> None:
    """Make the rows that are missing, in the order of the locks: a first try takes the statements of a later one."""
    insert_once(ctx.session, WrongCodes, {"account_id": of.account_id, "in_a_row": 0}, key="account_id")
    for place, key in enumerate(of.keys):
        owner = None if place else of.account_id
        row: dict[str, object] = {"key": key, "account_id": owner, "wrong": 0, "since": ctx.now, "tried_at": ctx.now}
        insert_once(ctx.session, Tally, row, key="key")


def _counted(row: Tally | None, now: datetime) -> Counted:
    return Counted(row.wrong, row.since, row.wait_until) if row else Counted(0, now)


def _values(ctx: Context, key: str, counted: Counted, *, is_closed: bool = False) -> dict[str, object]:
    return {
        "key": key,
        "wrong": counted.wrong,
        "since": counted.since,
        "wait_until": counted.wait_until,
        "closed_at": ctx.now if is_closed else None,
        "tried_at": ctx.now,
    }


def _tell(ctx: Context, before: Counts, by_asker: Counted, by_anyone: Counted) -> None:
    """Log and note the moment at which an asker begins to wait or the alarm begins."""
    if by_asker.weighs(ctx.now) and not before.by_asker.weighs(ctx.now):
        log.warning("otp.asker_waits", wrong=by_asker.wrong)
        ctx.note("otp.asker_waits", f"account:{before.of.account_id}")
    if by_anyone.weighs(ctx.now) and not before.by_anyone.weighs(ctx.now):
        log.error("otp.alarm", wrong=by_anyone.wrong)
        ctx.note("otp.alarm", "otp:everybody")
