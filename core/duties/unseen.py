"""Notices that nobody has seen by the due day: those who stand over the unit are told in their digest, once a duty.

It is looked as the due day begins. Whether an e-mail was read cannot be known, so one that was accepted is not held
against anybody; a notice that LINE took and nobody answered or tapped, or that reached nobody at all, is.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from core.context import Context
from core.duties.models import Duty
from core.duties.queries import is_known
from core.duties.reminders import tell_those_over
from core.duties.rules import is_late
from core.duties.told import Why
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState, Via

OF_DUTIES = (NoticeKind.REMINDER, NoticeKind.DIGEST)
REACHED_NOBODY = frozenset(NoticeState) - {NoticeState.ACCEPTED, NoticeState.DROPPED}
"""Also what still waits: for a mail server, or for a person who decides whether it is said at all."""


def tell_unseen(ctx: Context, limit: int) -> int:
    """Look at up to ``limit`` duties whose due day has begun; return how many there were.

    One that is late by now is left out: that is told by itself.
    """
    duties = ctx.session.scalars(
        select(Duty)
        .where(Duty.ended_at.is_(None), Duty.look_at <= ctx.now, is_known())
        .order_by(Duty.look_at, Duty.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    unseen = _unseen(ctx, [duty.id for duty in duties if not is_late(duty.due_at, ctx.now)])
    with ctx.session.no_autoflush:
        tell_those_over(ctx, [duty for duty in duties if duty.id in unseen], Why.UNSEEN)
    for duty in duties:
        duty.look_at = None
    ctx.session.flush()
    return len(duties)


def _unseen(ctx: Context, duty_ids: Sequence[int]) -> set[int]:
    """Return which of these were told in a notice that could have been seen, and none of them was."""
    may_be_seen = or_(Notice.via != Via.MAIL, Notice.state.in_(tuple(REACHED_NOBODY)))
    found = (
        select(NoticeDuty.duty_id)
        .join(Notice, Notice.id == NoticeDuty.notice_id)
        .where(NoticeDuty.duty_id.in_(duty_ids), Notice.kind.in_(OF_DUTIES))
        .group_by(NoticeDuty.duty_id)
        .having(func.max(Notice.seen_at).is_(None))
    )
    return set(ctx.session.scalars(found.where(may_be_seen)))
