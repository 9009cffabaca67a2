"""Read marks: what an agent has read is shown as read on the phone. LINE is told once, up to the newest that was read.

``answering.mark_read`` notes that an agent read it; a worker takes what is to be told, calls LINE outside of any
transaction, and settles it. What fails is tried again after as long a wait as it has waited, for an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from core.context import Context
from core.helpdesk.models import HelpEntry
from core.notices.channel import Outcome

LEASE = timedelta(minutes=1)
SHORTEST_WAIT = timedelta(seconds=30)
LET_GO_AFTER = timedelta(hours=1)  # by then somebody has answered or will: the mark says nothing new
_SETTLED = (Outcome.ACCEPTED, Outcome.ACCEPTED_BEFORE, Outcome.REFUSED)


@dataclass(frozen=True)
class Mark:
    """An entry that LINE is to be told of."""

    entry: int
    token: str


def is_due(ctx: Context) -> bool:
    """Return whether LINE is to be told of anything."""
    return ctx.session.scalar(select(HelpEntry.id).where(_due(ctx)).limit(1)) is not None


def take_marks(ctx: Context, limit: int) -> Sequence[Mark]:
    """Take what LINE is to be told now: of each request the newest, for it marks all before it. Commit, then tell."""
    rows = ctx.session.scalars(
        select(HelpEntry).where(_due(ctx)).order_by(HelpEntry.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    newest = {row.request_id: row for row in rows}
    marks = []
    for row in rows:
        if row is newest[row.request_id] and row.read_token is not None:
            row.tell_after = ctx.now + LEASE
            marks.append(Mark(row.id, ctx.vault.open(row.read_token)))
        else:
            row.read_token = None
    ctx.session.flush()
    return marks


def settle(ctx: Context, mark: Mark, outcome: Outcome) -> None:
    """Settle one try: done, refused for good, or once more later; after an hour it is let go."""
    row = ctx.session.get(HelpEntry, mark.entry)
    if row is None or row.read_at is None or row.read_token is None:
        return
    waited = ctx.now - row.read_at
    if outcome in _SETTLED or waited >= LET_GO_AFTER:
        row.read_token = None
    else:
        row.tell_after = ctx.now + max(waited, SHORTEST_WAIT)
    ctx.session.flush()


def _due(ctx: Context) -> ColumnElement[bool]:
    is_read = and_(HelpEntry.read_token.is_not(None), HelpEntry.read_at.is_not(None))
    return and_(is_read, or_(HelpEntry.tell_after.is_(None), HelpEntry.tell_after <= ctx.now))
