"""The outbox as delivery works it: take a lease, look at the facts again, keep the body, settle the outcome.

Nothing here sends. Each function is one short transaction's work, so that no network call ever happens inside one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy import and_, or_, select

from core.accounts import queries as accounts
from core.cards import Answer, from_json
from core.clock import taipei_date
from core.context import Context
from core.duties import queries as duties
from core.errors import SetupError
from core.notices import rules
from core.notices.channel import Outcome, Sent
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState, Via
from core.notices.service import reach_facts
from core.secrets import new_token

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Claim:
    """One notice a worker holds the lease of, opened for sending."""

    notice_id: int
    lease: str
    until: datetime
    """When sending may no longer begin: the lease is over, or the reply token too old."""
    via: Via
    person: str
    line_user: str
    address: str
    reply_token: str
    retry_key: UUID
    answer: Answer
    body: bytes | None
    """The bytes an earlier try posted."""


def claim(ctx: Context, limit: int, ways: Collection[Via] = tuple(Via)) -> tuple[Claim, ...] | None:
    """Take up to ``limit`` notices due by these ways, or None when none is due.

    Those no longer true are dropped, with the reason kept; one that cannot be read is put off (A57). Neither is
    among those taken, so that there may be none although others are due behind them.
    """
    due = _due(ctx, limit, ways)
    taken = [_taken(ctx, notice) for notice in due]
    return tuple(each for each in taken if each is not None) if due else None


def keep_body(ctx: Context, kept: Claim, body: bytes) -> None:
    """Keep the drawn messages of a push, so that a retry posts the same bytes."""
    notice = _held(ctx, kept)
    if notice is not None:
        notice.body = ctx.vault.seal(body.decode())


def settle(ctx: Context, done: Claim, sent: Sent) -> NoticeState | None:
    """Write down the outcome of a try; None when the lease was lost meanwhile and another worker decides."""
    notice = _held(ctx, done)
    if notice is None:
        return None
    attempt = rules.Attempt(done.via, notice.tries, notice.first_tried_at or ctx.now, _can_mail(ctx, notice))
    notice.request_id = sent.request_id[:80]
    _move(notice, rules.follow(attempt, sent.outcome, ctx.now), ctx.now)
    if notice.via is Via.MAIL and notice.address is None and notice.account_id is not None:
        reach = accounts.reach_of(ctx.session, notice.account_id)
        notice.address = reach.email if reach else None
    return notice.state


def _due(ctx: Context, limit: int, ways: Collection[Via]) -> Sequence[Notice]:
    waiting = and_(Notice.state == NoticeState.CREATED, Notice.not_before <= ctx.now)
    abandoned = and_(Notice.state == NoticeState.CLAIMED, Notice.lease_until <= ctx.now)
    return ctx.session.scalars(
        select(Notice)
        .where(or_(waiting, abandoned), Notice.via.in_(ways))
        .order_by(Notice.rank, Notice.not_before, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def _taken(ctx: Context, notice: Notice) -> Claim | None:
    """Take one notice that is due, unless it is settled or put off on the way."""
    if notice.state is NoticeState.CLAIMED:
        _move(notice, rules.follow_expired_lease(notice.via, ctx.now), ctx.now)
    if notice.state is not NoticeState.CREATED or _dropped(ctx, notice) or _parked(ctx, notice):
        return None
    try:
        return _leased(ctx, notice)
    except (SetupError, ValueError) as error:  # a key that is missing, or a card of another version: it may come back
        log.error("notice.unreadable", notice=notice.id, error=type(error).__name__)  # noqa: TRY400 (no texts in logs)
        attempt = rules.Attempt(notice.via, notice.tries, notice.first_tried_at or ctx.now, has_mail=False)
        _move(notice, replace(rules.follow(attempt, Outcome.UNREACHED, ctx.now), reason="unreadable"), ctx.now)
        return None


def _parked(ctx: Context, notice: Notice) -> bool:
    """Return whether this is no moment to send it: its retry key has died (A50), or people sleep."""
    if rules.has_dead_key(notice.via, notice.first_tried_at, ctx.now):
        _move(notice, rules.Next(NoticeState.GIVEN_UP, "key_expired", notice.via), ctx.now)
        return True
    notice.not_before = rules.not_before(notice.urgency, ctx.now, ctx.policy)
    return notice.not_before > ctx.now


def _dropped(ctx: Context, notice: Notice) -> bool:
    reason = _obsolete(ctx, notice)
    if reason:
        _move(notice, rules.Next(NoticeState.DROPPED, reason, notice.via), ctx.now)
    return bool(reason)


def _obsolete(ctx: Context, notice: Notice) -> str:
    """Return why a notice need not be sent any more, or an empty string; reroutes it when its person moved."""
    spoken_of = ctx.session.scalars(select(NoticeDuty.duty_id).where(NoticeDuty.notice_id == notice.id)).all()
    if spoken_of and not duties.still_open(ctx.session, spoken_of):
        return "duties_ended"
    if notice.account_id is None or notice.kind is NoticeKind.BINDING or not (spoken_of or _by_line(notice)):
        return ""
    if accounts.actor_of(ctx.session, notice.account_id, taipei_date(ctx.now)) is None:
        return "account_ended"
    return _moved(ctx, notice, notice.account_id) if _by_line(notice) else ""


def _moved(ctx: Context, notice: Notice, account_id: int) -> str:
    """Return why nothing goes to this phone any more (A27); what is not an answer follows its person."""
    reach = accounts.reach_of(ctx.session, account_id)
    is_theirs = reach is not None and reach.person == notice.person
    if notice.kind in (NoticeKind.ANSWER, NoticeKind.CODE):
        return "" if is_theirs else "unbound"
    if notice.tries == 0 or not is_theirs or (reach and reach.blocked):
        _reroute(notice, reach_facts(ctx, account_id))
    return ""


def _by_line(notice: Notice) -> bool:
    return notice.via in (Via.REPLY, Via.PUSH)


def _reroute(notice: Notice, facts: dict[str, object]) -> None:
    """Send it where its person is reached now, as a message of its own: nothing of it goes to an older phone (A27)."""
    for column, value in facts.items():
        setattr(notice, column, value)
    notice.body = notice.retry_key = notice.first_tried_at = None


def _leased(ctx: Context, notice: Notice) -> Claim:
    notice.via = rules.route(notice.reply_token_at, ctx.now, ctx.policy) if notice.via is Via.REPLY else notice.via
    notice.state = NoticeState.CLAIMED
    notice.lease = new_token()
    notice.lease_until = ctx.now + rules.lease(notice.via)
    notice.tries += 1
    notice.first_tried_at = notice.first_tried_at or ctx.now
    notice.retry_key = notice.retry_key or uuid4()
    opened = ctx.vault.open
    return Claim(
        notice_id=notice.id,
        lease=notice.lease,
        until=_until(ctx, notice, notice.lease_until),
        via=notice.via,
        person=notice.person or "",
        line_user=opened(notice.line_user) if notice.line_user else "",
        address=opened(notice.address) if notice.address else "",
        reply_token=opened(notice.reply_token) if notice.reply_token else "",
        retry_key=notice.retry_key,
        answer=from_json(opened(notice.said)),
        body=opened(notice.body).encode() if notice.body else None,
    )


def _until(ctx: Context, notice: Notice, lease_until: datetime) -> datetime:
    if notice.via is not Via.REPLY or notice.reply_token_at is None:
        return lease_until
    return min(lease_until, notice.reply_token_at + timedelta(seconds=ctx.policy.reply_token_seconds))


def _held(ctx: Context, claim: Claim) -> Notice | None:
    """Return the notice if this claim still holds its lease: an old lease is refused."""
    return ctx.session.scalar(
        select(Notice).where(Notice.id == claim.notice_id, Notice.lease == claim.lease).with_for_update()
    )


def _can_mail(ctx: Context, notice: Notice) -> bool:
    return notice.account_id is not None and accounts.reach_of(ctx.session, notice.account_id) is not None


def _move(notice: Notice, following: rules.Next, now: datetime) -> None:
    notice.state, notice.reason, notice.via = following.state, following.reason, following.via
    notice.lease = notice.lease_until = None
    if following.at is not None:
        notice.not_before = following.at
    if following.state is not NoticeState.CREATED:
        notice.settled_at = now
        notice.reply_token = None
        notice.body = None
