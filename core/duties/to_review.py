"""How many forms wait for a supervisor: no duty of theirs, so never late, but told beside what is owed.

As many as the lists at the desk hold (DUTY-2). Checks wait for nobody: they are returned where something is amiss.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.access import Action
from core.closures import to_review as closures
from core.context import Context
from core.dispatches import to_review as replies

PATH = "/desk/reviews"
"""Where they are read and decided."""


@dataclass(frozen=True)
class ToReview:
    """The replies and closures that wait for somebody's review."""

    replies: int = 0
    closures: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.replies + self.closures


def to_review(ctx: Context) -> ToReview:
    """Return how many forms wait for the actor's review; none for who reviews none."""
    return ToReview(
        replies.count(ctx) if ctx.actor.may(Action.REVIEW_REPLIES) else 0,
        closures.count(ctx) if ctx.actor.may(Action.REVIEW_CLOSURES) else 0,
    )
