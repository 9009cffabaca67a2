"""What LINE took for somebody who had blocked us: it answers 200 and delivers nothing, so it goes by e-mail (A49).

Who unfollows is told of by a webhook, which may come while a push is on its way, or be handled an hour later.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, update

from core.accounts.models import Binding
from core.among import one_of
from core.context import Context
from core.inbox.models import InboxEvent
from core.notices.models import NOTICES, Notice, NoticeKind, NoticeState, Via
from core.notices.writing import AS_NEW

LOOKED_BACK = timedelta(days=1)  # what is older is held for a person if it comes now
REASON = "blocked"
TO_A_CONVERSATION = (NoticeKind.ANSWER, NoticeKind.CODE, NoticeKind.BINDING)
"""Said to whoever had the phone in hand."""


def mail_what_did_not_arrive(ctx: Context, limit: int) -> int:
    """Queue as e-mails up to ``limit`` notices that were pushed to somebody who had blocked us; return how many.

    Whether it is still to be said is asked again before it is sent.
    """
    unfollowed = select(func.max(InboxEvent.happened_at)).where(
        InboxEvent.person == Binding.person, InboxEvent.kind == "unfollow"
    )
    pushed = (
        select(Notice.id)
        .join(Binding, (Binding.person == Notice.person) & (Binding.account_id == Notice.account_id))
        .where(Binding.ended_at.is_(None), Binding.blocked_at > ctx.now - LOOKED_BACK)
        .where(one_of(NOTICES.c.state, [NoticeState.ACCEPTED]), Notice.seen_at.is_(None), Notice.via != Via.MAIL)
        .where(Notice.kind.not_in(TO_A_CONVERSATION))
        .where(Notice.settled_at >= func.coalesce(unfollowed.scalar_subquery(), Binding.blocked_at))
        .limit(limit)  # in no order: sought by it, PostgreSQL would read all that was ever said
        .with_for_update(skip_locked=True, of=Notice)
    )
    by_mail = {"state": NoticeState.CREATED, "reason": REASON, "via": Via.MAIL, "person": None, "line_user": None}
    anew = AS_NEW | by_mail | {"settled_at": None, "not_before": ctx.now, "tries": 0, "failures": 0}
    queued = ctx.session.scalars(
        update(Notice).where(Notice.id.in_(pushed)).values(anew).returning(Notice.id),
        execution_options={"synchronize_session": False},
    )
    return len(queued.all())
