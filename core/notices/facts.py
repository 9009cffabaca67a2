"""The facts again, just before sending: what is no longer true, or no longer reaches its person, does not go out.

All facts of a batch are asked for at once; what follows from them is decided notice by notice, without the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, select

from core.accounts import queries as accounts
from core.accounts.queries import Reach
from core.among import among
from core.clock import start_of_day
from core.context import Context
from core.database import UtcDateTime
from core.duties import queries as duties
from core.notices import rules
from core.notices.models import NOTICES, NoticeDuty, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import reach_columns
from core.secrets import Sealed

DUTIES_ENDED, ACCOUNT_ENDED, NEWER_DIGEST = "duties_ended", "account_ended", "newer_digest"


class Waiting(NamedTuple):
    """What is asked of a notice before it is sent: the columns of ``COLUMNS``, in their order."""

    id: int
    kind: NoticeKind
    urgency: Urgency
    account_id: int | None
    person: str | None
    line_user: Sealed | None
    address: Sealed | None
    said: Sealed
    alike: str | None
    via: Via
    reply_token: Sealed | None
    reply_token_at: datetime | None
    created_at: datetime
    released_at: datetime | None
    state: NoticeState
    tries: int
    failures: int
    retry_key: UUID | None
    first_tried_at: datetime | None
    may_be_out: bool
    body: Sealed | None

    @property
    def by_line(self) -> bool:
        """Whether it goes to a phone."""
        return self.via is not Via.MAIL


COLUMNS = tuple(NOTICES.c[name] for name in Waiting._fields)


@dataclass(frozen=True)
class Facts:
    """What is true now of everything a batch speaks of."""

    reaches: Mapping[int, tuple[Reach, bool]]
    """How each account is reached, and whether it may be used today."""
    spoken_of: Mapping[int, Sequence[int]]
    """Which duties each notice speaks of."""
    open_duties: frozenset[int]
    outdated: frozenset[int]
    """Digests of an earlier day that may be out, whose person was written today's."""


@dataclass(frozen=True)
class Settle:
    """It is over, with its reason."""

    state: NoticeState
    reason: str


@dataclass(frozen=True)
class PutOff:
    """This is no moment to send it."""

    until: datetime


@dataclass(frozen=True)
class Move:
    """Its person is reached elsewhere now: it goes there as a message of its own (A27)."""

    reach: Mapping[str, object]


Verdict = Settle | PutOff | Move | None
"""None: it goes out now."""


_LINKS = NoticeDuty.__table__.c
_NEWER = NOTICES.alias().c
_OUTDATED = select(NOTICES.c.id).where(
    among(NOTICES.c.id, "ids"),
    exists().where(
        _NEWER.account_id == NOTICES.c.account_id,
        _NEWER.kind == NoticeKind.DIGEST,
        _NEWER.created_at >= bindparam("since", type_=UtcDateTime()),
    ),
)
_SPOKEN_OF = select(_LINKS.notice_id, _LINKS.duty_id).where(among(_LINKS.notice_id, "ids"))


def look(ctx: Context, waiting: Sequence[Waiting]) -> Facts:
    """Ask for all facts of a batch at once."""
    spoken_of, still_open = _spoken_of(ctx, [each.id for each in waiting])
    owners = {each.account_id for each in waiting if each.account_id is not None}
    reaches = accounts.reaches_of(ctx.session, owners, ctx.today) if owners else {}
    return Facts(reaches, spoken_of, still_open, _outdated(ctx, waiting))


def say_anything(ctx: Context, notice_ids: Collection[int]) -> bool:
    """Return whether one of these notices speaks of an open duty, or of no duty at all."""
    spoken_of, still_open = _spoken_of(ctx, notice_ids)
    return any(not spoken_of.get(each) or not still_open.isdisjoint(spoken_of[each]) for each in notice_ids)


def _spoken_of(ctx: Context, notice_ids: Collection[int]) -> tuple[Mapping[int, Sequence[int]], frozenset[int]]:
    """Return the duties that each notice speaks of, and which of all these are open."""
    spoken_of: dict[int, list[int]] = defaultdict(list)
    for notice_id, duty_id in ctx.session.connection().execute(_SPOKEN_OF, {"ids": list(notice_ids)}).all():
        spoken_of[notice_id].append(duty_id)
    asked = {duty for each in spoken_of.values() for duty in each}
    return spoken_of, frozenset(duties.still_open(ctx.session, asked)) if asked else frozenset()


def _outdated(ctx: Context, waiting: Sequence[Waiting]) -> frozenset[int]:
    """Return which digests are of an earlier day, may be out, and are followed by today's."""
    old = [
        each.id for each in waiting if each.may_be_out and rules.is_of_a_past_day(each.kind, each.created_at, ctx.now)
    ]
    asked = {"ids": old, "since": start_of_day(ctx.today)}
    return frozenset(ctx.session.connection().scalars(_OUTDATED, asked)) if old else frozenset()


def verdict(ctx: Context, notice: Waiting, facts: Facts) -> Verdict:
    """Return what becomes of a notice that is due, by the facts as they are now."""
    if rules.has_dead_key(notice.via, notice.first_tried_at, ctx.now, may_be_out=notice.may_be_out):
        return Settle(NoticeState.GIVEN_UP, "key_expired")
    if rules.is_over(notice.kind, notice.created_at, ctx.now, ctx.policy):
        return Settle(NoticeState.DROPPED, "expired")
    spoken_of = facts.spoken_of.get(notice.id, ())
    if spoken_of and facts.open_duties.isdisjoint(spoken_of):
        return Settle(NoticeState.DROPPED, DUTIES_ENDED)
    if _gives_way(ctx, notice, facts):
        return Settle(NoticeState.DROPPED, NEWER_DIGEST)
    found = _about_person(notice, facts, speaks_of_duties=bool(spoken_of))
    return found or about_time(ctx, notice)


def _gives_way(ctx: Context, notice: Waiting, facts: Facts) -> bool:
    """Return whether a newer digest says it: the newest holds everything, and one push a day is enough (A46).

    What may be out is tried on with its key until today's is written, for to say it once more would cost another push.
    """
    if notice.released_at is not None or not rules.is_of_a_past_day(notice.kind, notice.created_at, ctx.now):
        return False
    return not notice.may_be_out or notice.id in facts.outdated


def _about_person(notice: Waiting, facts: Facts, *, speaks_of_duties: bool) -> Verdict:
    if notice.account_id is None or notice.kind is NoticeKind.BINDING or not (speaks_of_duties or notice.by_line):
        return None
    reach, is_active = facts.reaches.get(notice.account_id, (None, False))
    if reach is None or not is_active:
        return Settle(NoticeState.DROPPED, ACCOUNT_ENDED)
    return _about_phone(notice, reach, notice.account_id) if notice.by_line else None


def _about_phone(notice: Waiting, reach: Reach, account_id: int) -> Verdict:
    """Return why nothing goes to this phone any more (A27); what is not an answer follows its person."""
    is_theirs = reach.person == notice.person
    if notice.kind in (NoticeKind.ANSWER, NoticeKind.CODE):
        return None if is_theirs else Settle(NoticeState.DROPPED, "unbound")
    if is_theirs and not reach.blocked:
        return None
    is_paid_for = notice.may_be_out and notice.urgency is Urgency.ROUTINE  # one such push a day, whatever the phone
    return Move(reach_columns(account_id, replace(reach, person=None) if is_paid_for else reach))


def about_time(ctx: Context, notice: Waiting) -> Verdict:
    """Return what becomes of a notice by the hour alone: it goes, waits for the morning, or is held as too old."""
    is_released = notice.released_at is not None
    if not is_released and rules.is_held(notice.kind, notice.urgency, notice.created_at, ctx.now, ctx.policy):
        return Settle(NoticeState.HELD, "too_old")
    goes_at = rules.not_before(notice.urgency, ctx.now, ctx.policy)
    return PutOff(goes_at) if goes_at > ctx.now else None
