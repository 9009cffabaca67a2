"""All that somebody owes on one screen: the figures of each bucket, and the rows that are most pressing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.access import Action
from core.checks import queries as checks
from core.checks.models import CheckBucket
from core.context import Context
from core.dispatches import queries as dispatches
from core.dispatches.models import DispatchBucket
from core.duties.counts import KindCount, counts_by_kind
from core.duties.plans import DutyKind
from core.duties.queries import CHECK_KINDS, Owed, owed
from core.duties.to_review import ToReview, to_review
from core.duties.watch import SEVERAL_UNITS, Count, units_owing

ROWS_A_SCREEN = 10
IN_BUCKETS = CHECK_KINDS | {DutyKind.REPLY, DutyKind.RETURNED_REPLY}


@dataclass(frozen=True)
class Overview:
    """The buckets an account may see (None: not its business), and a page of what is owed."""

    dispatches: Mapping[DispatchBucket, int] | None
    checks: Mapping[CheckBucket, int] | None
    owed: Owed
    start: int = 0
    kinds: Mapping[DutyKind, KindCount] = field(default_factory=dict)
    """What is owed by kind, and how much of it is late; empty in a digest by unit."""
    units: tuple[Count, ...] = ()
    """What each unit owes, worst first, of a digest for who stands over units."""
    reviews: ToReview = field(default_factory=ToReview)
    """What waits for who reads a digest to review it."""

    @property
    def left(self) -> int:
        """How many rows come after this page."""
        return self.owed.total - self.start - len(self.owed.rows)

    @property
    def others(self) -> Mapping[DutyKind, KindCount]:
        """What is owed and stands in no bucket, by kind: with the buckets it makes up the whole (DUTY-2)."""
        return {kind: count for kind, count in self.kinds.items() if kind not in IN_BUCKETS}

    def late_in(self, bucket: DispatchBucket | CheckBucket) -> int:
        """Return how much is late of a bucket that also holds what is not: of returned checks (CHK-2)."""
        count = self.kinds.get(DutyKind.RETURNED_CHECK)
        return count.late if count and bucket is CheckBucket.RETURNED else 0


def overview(ctx: Context, start: int = 0, limit: int = ROWS_A_SCREEN) -> Overview:
    """Return everything the actor owes: the figures, and the rows from ``start`` on, worst first (DUTY-2)."""
    return Overview(_dispatches(ctx), _checks(ctx), owed(ctx, start, limit), start, counts_by_kind(ctx))


def figures_of(ctx: Context, owed: Owed) -> Overview:
    """Return the figures that the actor may see, with what is owed: by unit for who stands over several."""
    units = units_owing(ctx) if ctx.actor.may(Action.WATCH_UNITS) else ()
    kinds = {} if len(units) >= SEVERAL_UNITS else counts_by_kind(ctx)
    return Overview(_dispatches(ctx), _checks(ctx), owed, kinds=kinds, units=units, reviews=to_review(ctx))


def _dispatches(ctx: Context) -> Mapping[DispatchBucket, int] | None:
    return dispatches.buckets(ctx) if ctx.actor.may(Action.SEE_DISPATCHES) else None


def _checks(ctx: Context) -> Mapping[CheckBucket, int] | None:
    return checks.buckets(ctx) if ctx.actor.may(Action.SEE_CHECKS) else None
