"""What LINE took for somebody who had blocked us: it answers 200 and delivers nothing, so it goes by e-mail (A49).

Who unfollows is told of by a webhook, which may come while a push is on its way, or be handled an hour later.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, bindparam, func, select, update

from core.accounts.models import Binding
from core.among import among, among_these, one_of
from core.context import Context
from core.database import UtcDateTime
from core.inbox.models import InboxEvent
from core.notices.models import NOTICES, Notice, NoticeKind, NoticeState, Via, WhyMail
from core.notices.writing import AS_NEW

LOOKED_BACK = timedelta(days=1)  # what is older is held for a person if it comes now
REASON = "blocked"
TO_A_CONVERSATION = (NoticeKind.ANSWER, NoticeKind.CODE, NoticeKind.BINDING)
"""Said to whoever had the phone in hand."""


def mail_what_did_not_arrive(ctx: Context, limit: int) -> int:
    """Queue as e-mails up to ``limit`` notices that were pushed to somebody who had blocked us; return how many.

    Whether it is still to be said is asked again before it is sent.
    """
    people = ctx.session.scalars(_BLOCKED, {"since": ctx.now - LOOKED_BACK}).all()
    if not people:
        return 0
    pushed = ctx.session.connection().scalars(_PUSHED, {"people": people, "most": limit}).all()
    by_mail: dict[str, object] = {"via": Via.MAIL, "why_mail": WhyMail.BLOCKED, "person": None, "line_user": None}
    by_mail |= {"state": NoticeState.CREATED, "reason": REASON}
    anew = AS_NEW | by_mail | {"settled_at": None, "not_before": ctx.now, "tries": 0, "failures": 0}
    queued = ctx.session.scalars(
        update(Notice).where(among_these(Notice.id, pushed)).values(anew).returning(Notice.id),
        execution_options={"synchronize_session": False},
    )
    return len(queued.all())


_BLOCKED = select(Binding.person).where(
    Binding.ended_at.is_(None), Binding.blocked_at > bindparam("since", type_=UtcDateTime())
)
"""They are asked for first, for they are few: by their queues, not by all that was ever said, the notices are found."""
_UNFOLLOWED = select(func.max(InboxEvent.happened_at)).where(
    InboxEvent.person == Binding.person, InboxEvent.kind == "unfollow"
)
_PUSHED = (
    select(NOTICES.c.id)
    .join(Binding, and_(Binding.person == NOTICES.c.person, Binding.account_id == NOTICES.c.account_id))
    .where(among(NOTICES.c.person, "people"), Binding.ended_at.is_(None))
    .where(one_of(NOTICES.c.state, [NoticeState.ACCEPTED]), NOTICES.c.seen_at.is_(None), NOTICES.c.via != Via.MAIL)
    .where(~one_of(NOTICES.c.kind, TO_A_CONVERSATION))
    .where(NOTICES.c.settled_at >= func.coalesce(_UNFOLLOWED.scalar_subquery(), Binding.blocked_at))
    .limit(bindparam("most"))  # in no order: sought by it, PostgreSQL would read all that was ever said
    .with_for_update(skip_locked=True, of=NOTICES)
)
