"""What a supervisor is shown to return checks: those that were checked, newest first, and one in full (CHK-10, DUTY-2).

A check waits for nobody's approval: it may be returned as long as it counts as checked, so the newest come first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from core.access import Action, require
from core.checks import tallies
from core.checks.filled import FilledCheck, filled_check
from core.checks.history import last_return, last_sent, seen_check
from core.checks.models import Check, CheckBucket, CheckState, CheckSubmission
from core.checks.queries import AS_THEY_CAME
from core.checks.review import version_of
from core.checks.rules import bucket
from core.context import Context
from core.errors import NotFound
from core.masking import mask_name
from core.newest import newest
from core.paging import Page, clamped
from core.reviews import ReviewRow, Standing

CHECKED = (CheckBucket.WITH_NEED, CheckBucket.WITHOUT_NEED, CheckBucket.NEED_UNKNOWN)


@dataclass(frozen=True)
class CheckToReview:
    """A check as it was sent; its form is empty where the main system alone holds it."""

    version: int
    shown: FilledCheck
    child: str
    """In full for who may see names."""
    result: str
    is_own: bool
    decided: Standing | None
    """None: it may be returned."""


def count(ctx: Context) -> int:
    """Return how many checks the actor may return: as many as ``returnable`` lists (DUTY-2)."""
    require(ctx.actor, Action.RETURN_CHECKS)
    return tallies.SUMS.counted(ctx.session, ctx.actor.units, CHECKED)


def returnable(ctx: Context, start: int = 0, limit: int = 10) -> Page[ReviewRow]:
    """Return some checks that were checked, newest first; only those that are shown are loaded."""
    total = count(ctx)
    checked = Check.state == CheckState.CHECKED
    places = newest(ctx.session, ctx.actor.units, AS_THEY_CAME, checked, start + clamped(limit))[start:]
    ids = [check_id for _, check_id in places]
    checks = {row.id: row for row in ctx.session.scalars(select(Check).where(Check.id.in_(ids)))}
    sent = _last_of(ctx, ids)
    rows = tuple(_row(ctx, checks[each], sent.get(each)) for each in ids)
    ctx.note_rows("list_checks", "checks", [row.key for row in rows], ("child_name",))
    return Page(total, rows, start)


def check_to_review(ctx: Context, number: str) -> CheckToReview:
    """Return a check that was checked, or returned last; raises ``NotFound`` for one that was never sent."""
    require(ctx.actor, Action.RETURN_CHECKS)
    check = seen_check(ctx, number)
    sent = last_sent(ctx, check)
    if check.state is CheckState.WAITING or (check.state is CheckState.RETURNED and sent is None):
        raise NotFound
    shown = filled_check(ctx, check.number)
    return CheckToReview(
        version=version_of(sent),
        shown=shown,
        child=shown.child if ctx.actor.may(Action.SEE_NAMES) else mask_name(shown.child),
        result=bucket(check.state, check.has_need, None, ctx.now).label,
        is_own=sent is not None and sent.writer == ctx.actor.name,
        decided=_standing(ctx, check),
    )


def _standing(ctx: Context, check: Check) -> Standing | None:
    if check.state is CheckState.CHECKED:
        return None
    row = last_return(ctx, check)
    if row is None or row.returned_at != check.returned_at:
        return Standing(check.state.label, "", check.returned_at)
    return Standing(check.state.label, row.reviewer, row.returned_at, ctx.vault.open(row.reason))


def _last_of(ctx: Context, checks: Sequence[int]) -> Mapping[int, CheckSubmission]:
    """Return the newest submission of each of these, where one was sent here."""
    of_these = CheckSubmission.check_id.in_(checks)
    last = select(func.max(CheckSubmission.id)).where(of_these).group_by(CheckSubmission.check_id)
    found = ctx.session.scalars(select(CheckSubmission).where(CheckSubmission.id.in_(last)))
    return {row.check_id: row for row in found}


def _row(ctx: Context, check: Check, sent: CheckSubmission | None) -> ReviewRow:
    return ReviewRow(
        key=check.number,
        number=check.number,
        child=mask_name(ctx.vault.open(check.child_name)),
        unit_name=check.unit.name,
        sent_at=sent.sent_at if sent else None,
        by=sent.writer if sent else "",
        about=bucket(check.state, check.has_need, None, ctx.now).label,
        is_own=sent is not None and sent.writer == ctx.actor.name,
        is_urgent=check.is_urgent,
    )
