"""The ways out as all workers share them: booking requests on one line of time, and shutting a channel that refuses us.

The row of LINE is locked from the booking of a batch until that batch is drawn and written down: workers claim one
after the other, and send beside each other. Pace is reckoned by the machine's clock, whatever the core's clock shows: a
moment that stands still (``tick --now``) must not stop the line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import structlog
from sqlalchemy import select, update

from core.context import Context
from core.database import insert_once
from core.notices import pace, rules
from core.notices.channel import Outcome
from core.notices.models import Doorway, Via
from core.notices.pace import Grant, Pace

LINE, MAIL = "line", "mail"
_SHUT = select(Doorway.name, Doorway.try_at).where(Doorway.shut_at.is_not(None))
"""Built once: every claim asks it."""
WAYS = {LINE: (Via.REPLY, Via.PUSH, Via.MULTICAST), MAIL: (Via.MAIL,)}

log = structlog.get_logger(__name__)


def door_of(via: Via) -> str:
    """Return the name of the channel a way belongs to."""
    return MAIL if via is Via.MAIL else LINE


def shut_since(ctx: Context) -> dict[str, datetime | None]:
    """Return the channels that refuse us, each with the moment when one request may try again."""
    return {row.name: row.try_at for row in ctx.session.execute(_SHUT)}


def may_try(ctx: Context, name: str) -> bool:
    """Return whether this worker is the one that tries a shut channel now; the next try is put off for all."""
    taken = ctx.session.execute(
        update(Doorway)
        .where(Doorway.name == name, Doorway.shut_at.is_not(None), Doorway.try_at <= ctx.now)
        .values(try_at=ctx.now + rules.CLOSED_WAIT)
        .returning(Doorway.name),
        execution_options={"synchronize_session": False},
    )
    return taken.first() is not None


def leave_untried(ctx: Context, name: str) -> None:
    """Give back a try that nothing came of: whoever is next may try now."""
    _locked(ctx, name).try_at = ctx.now


def book(ctx: Context, wanted: int, at: datetime) -> Grant:
    """Book requests to LINE on the line of time all workers share; ``at`` is the machine's present."""
    door = _locked(ctx, LINE)
    granted = pace.grant(_pace(door), wanted, at, ctx.policy.line_requests_a_second)
    door.free_at = granted.free_at
    return granted


def note(ctx: Context, name: str, outcomes: Iterable[tuple[Outcome, str]], at: datetime, *, is_trial: bool) -> None:
    """Note what outcomes say of the channel itself: refused, too fast, the month spent, or open again."""
    kinds = dict(outcomes)
    if Outcome.CLOSED in kinds:
        _shut(ctx, name, kinds[Outcome.CLOSED])
    elif is_trial and kinds.keys() & _OPEN:
        _open(ctx, name)
    if Outcome.RATE in kinds and name == LINE:
        _slow(ctx, at)
    if Outcome.QUOTA in kinds and name == LINE:
        _locked(ctx, LINE).spent_at = ctx.now


_OPEN = frozenset(Outcome) - {Outcome.CLOSED, Outcome.UNREACHED, Outcome.AMBIGUOUS, Outcome.FAILED}
"""Whoever answers so knows us again."""


def _shut(ctx: Context, name: str, reason: str) -> None:
    door = _locked(ctx, name)
    if door.shut_at is None:
        log.error("channel.closed", channel=name, reason=reason)
    door.shut_at = door.shut_at or ctx.now
    door.try_at = ctx.now + rules.CLOSED_WAIT
    door.reason = reason[:80]


def _open(ctx: Context, name: str) -> None:
    door = _locked(ctx, name)
    door.shut_at = door.try_at = None
    door.reason = ""
    log.info("channel.open", channel=name)


def _slow(ctx: Context, at: datetime) -> None:
    door = _locked(ctx, LINE)
    slower = pace.slowed(_pace(door), at, ctx.policy.line_requests_a_second)
    door.free_at, door.slowed_at, door.rate = slower.free_at, slower.slowed_at, slower.rate
    log.warning("channel.slowed", channel=LINE, rate=slower.rate)


def _pace(door: Doorway) -> Pace:
    return Pace(door.free_at, door.slowed_at, door.rate)


def _locked(ctx: Context, name: str) -> Doorway:
    found = ctx.session.get(Doorway, name, with_for_update=True, populate_existing=True)
    if found is not None:
        return found
    insert_once(ctx.session, Doorway, {"name": name, "reason": ""}, key="name")
    return ctx.session.get_one(Doorway, name, with_for_update=True, populate_existing=True)
