"""The facts again, just before sending: what is no longer true, or no longer reaches its person, does not go out.

All facts of a batch are asked for at once; what follows from them is decided notice by notice, without the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, select

from core.access import Actor
from core.accounts import queries as accounts
from core.accounts.queries import Reach
from core.among import among
from core.clock import start_of_day
from core.context import Context
from core.database import UtcDateTime
from core.duties.riding import units_of_cards, works_for
from core.duties.standing import Standing, sees_all, standings_of
from core.notices import rules
from core.notices.models import NOTICES, NoticeDuty, NoticeKind, NoticeState, Urgency, Via, WhyMail
from core.notices.service import reach_columns
from core.notices.unsent import followers_of
from core.secrets import Sealed

DUTIES_ENDED, ACCOUNT_ENDED, NEWER_DIGEST = "duties_ended", "account_ended", "newer_digest"
DUTIES_MOVED, NOT_THEIRS, DAY_OFF, CHANGED = "duties_moved", "not_theirs", "day_off", "changed"
EXPIRED, UNBOUND = "expired", "unbound"
OF_THE_WORK = (NoticeKind.DIGEST, NoticeKind.REMINDER, NoticeKind.URGENT, NoticeKind.DECISION, NoticeKind.ANSWER)
"""Said to who works here, by whatever way. Other mails may well go to an account that is over: what was decided about
it, its binding, a code, what the helpdesk answers."""


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
    why_mail: WhyMail | None
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
    actors: Mapping[int, Actor]
    """What each account that may be used today sees, of those that are spoken to of duties or units."""
    spoken_of: Mapping[int, Sequence[Standing]]
    """The duties each notice speaks of, as they stand."""
    cards: Mapping[int, Sequence[int | None]]
    """Of notices that say routine cards: whose cases each card is about."""
    riders: Mapping[int, Sequence[int]]
    """What rides along in requests to one person that may be out."""
    outdated: frozenset[int]
    """Digests of an earlier day that may be out, whose person was written today's."""
    changed: frozenset[int]
    """Whose digest speaks of something that has ended or moved since, and of something else that stands."""

    def is_theirs(self, notice_id: int, actor: Actor) -> bool:
        """Return whether its person still sees all that a notice speaks of, were it done or not (A26)."""
        duties, units = self.spoken_of.get(notice_id, ()), self.cards.get(notice_id, ())
        return sees_all(actor, duties) and all(works_for(actor, each) for each in units)


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
    riders = followers_of(ctx, [each.id for each in waiting if each.may_be_out and each.via is Via.PUSH])
    ids = [*(each.id for each in waiting), *(rider for each in riders.values() for rider in each)]
    spoken_of = _spoken_of(ctx, ids, min((each.created_at for each in waiting), default=ctx.now))
    cards = units_of_cards(ctx, ids) if riders or any(_may_say_cards(each) for each in waiting) else {}
    owners = {each.account_id for each in waiting if each.account_id is not None}
    reaches = accounts.reaches_of(ctx.session, owners, ctx.today) if owners else {}
    asked = {each.account_id for each in waiting if each.account_id and _speaks(each.id, riders, spoken_of, cards)}
    actors = accounts.actors_of(ctx.session, asked, ctx.today) if asked else {}
    return Facts(reaches, actors, spoken_of, cards, riders, _outdated(ctx, waiting), _changed(ctx, waiting, spoken_of))


def say_anything(ctx: Context, notice_ids: Collection[int]) -> bool:
    """Return whether one of these notices speaks of an open duty, or of no duty at all."""
    spoken_of = _spoken_of(ctx, notice_ids, ctx.now)
    return any(each not in spoken_of or any(duty.is_open for duty in spoken_of[each]) for each in notice_ids)


def _may_say_cards(notice: Waiting) -> bool:
    return notice.kind is NoticeKind.REMINDER and notice.urgency is Urgency.ROUTINE


def _speaks(notice_id: int, riders: Mapping[int, Sequence[int]], *of: Mapping[int, object]) -> bool:
    """Return whether a notice, or what rides with it, speaks of anything."""
    return any(each in known for each in (notice_id, *riders.get(notice_id, ())) for known in of)


def _spoken_of(ctx: Context, notice_ids: Collection[int], since: datetime) -> Mapping[int, Sequence[Standing]]:
    """Return the duties that each notice speaks of, as they stand; ``since`` is when the first was written."""
    rows = ctx.session.connection().execute(_SPOKEN_OF, {"ids": list(notice_ids)}).all()
    standings = standings_of(ctx.session, {row.duty_id for row in rows}, since)
    found: dict[int, list[Standing]] = defaultdict(list)
    for notice_id, duty_id in rows:
        found[notice_id].append(standings[duty_id])
    return found


def _outdated(ctx: Context, waiting: Sequence[Waiting]) -> frozenset[int]:
    """Return which digests are of an earlier day, may be out, and are followed by today's."""
    old = [each.id for each in waiting if each.may_be_out and each.kind is NoticeKind.DIGEST and _is_past(ctx, each)]
    asked = {"ids": old, "since": start_of_day(ctx.today)}
    return frozenset(ctx.session.connection().scalars(_OUTDATED, asked)) if old else frozenset()


def _changed(ctx: Context, waiting: Sequence[Waiting], spoken_of: Mapping[int, Sequence[Standing]]) -> frozenset[int]:
    """Return whose digest says some things that are so no more, and others that are."""
    stands = (
        (each.account_id, {_stands(ctx, each, duty) for duty in spoken_of.get(each.id, ())})
        for each in waiting
        if each.kind is NoticeKind.DIGEST
    )
    return frozenset(account_id for account_id, found in stands if account_id and found == {True, False})


def verdict(ctx: Context, notice: Waiting, facts: Facts) -> Verdict:
    """Return what becomes of a notice that is due, by the facts as they are now."""
    if rules.has_dead_key(notice.via, notice.first_tried_at, ctx.now, may_be_out=notice.may_be_out):
        return Settle(NoticeState.GIVEN_UP, "key_expired")
    if rules.is_over(notice.kind, notice.created_at, ctx.now, ctx.policy):
        return Settle(NoticeState.DROPPED, EXPIRED)
    spoken_of = facts.spoken_of.get(notice.id, ())
    if spoken_of and not any(_stands(ctx, notice, each) for each in spoken_of):
        return Settle(NoticeState.DROPPED, DUTIES_MOVED if any(each.is_open for each in spoken_of) else DUTIES_ENDED)
    found = _about_day(ctx, notice, facts) or _about_person(notice, facts) or _about_change(notice, facts)
    return found or about_time(ctx, notice)


def for_the_others(ctx: Context, notice: Waiting, facts: Facts) -> Verdict:
    """Return what becomes of a request that goes again for what rides along: at night it goes no more than any other,
    and never to a phone, or with words, that are its person's no longer (A26, A27).
    """
    found = None if notice.via is Via.MULTICAST else _about_person(notice, facts)
    return found or about_time(ctx, notice)


def _stands(ctx: Context, notice: Waiting, duty: Standing) -> bool:
    """Return whether a duty is open, and as it was when it was written of: one that moved meanwhile is told anew.

    One that arose in the future was written of before the clock stepped back.
    """
    has_moved = duty.arose_at is not None and notice.created_at < duty.arose_at <= ctx.now
    return duty.is_open and not has_moved


def _about_day(ctx: Context, notice: Waiting, facts: Facts) -> Settle | None:
    """Return why what is of one working day is not said on this one (DUTY-5)."""
    if notice.released_at is not None or not (notice.kind is NoticeKind.DIGEST or notice.id in facts.cards):
        return None
    if _is_past(ctx, notice):
        return Settle(NoticeState.DROPPED, NEWER_DIGEST) if _gives_way(notice, facts) else None
    is_off = not notice.may_be_out and not ctx.calendar.is_working_day(ctx.today)
    return Settle(NoticeState.DROPPED, DAY_OFF) if is_off else None


def _is_past(ctx: Context, notice: Waiting) -> bool:
    return rules.is_of_a_past_day(notice.created_at, ctx.now)


def _gives_way(notice: Waiting, facts: Facts) -> bool:
    """Return whether a newer digest says it: the newest holds everything, and one push a day is enough (A46).

    What may be out is tried on with its key until today's is written, for to say it once more would cost another push.
    """
    return not notice.may_be_out or notice.id in facts.outdated


def _about_change(notice: Waiting, facts: Facts) -> Settle | None:
    """Return why a digest that is not out gives way to one that says how things stand now, with all beside it."""
    is_of_digest = notice.kind is NoticeKind.DIGEST or notice.id in facts.cards
    is_fixed = notice.may_be_out or notice.released_at is not None
    if not is_of_digest or is_fixed or notice.account_id not in facts.changed:
        return None
    return Settle(NoticeState.DROPPED, CHANGED)


def _about_person(notice: Waiting, facts: Facts) -> Verdict:
    if notice.account_id is None or notice.kind is NoticeKind.BINDING:
        return None
    speaks = _speaks(notice.id, facts.riders, facts.spoken_of, facts.cards)
    if not (speaks or notice.by_line or notice.kind in OF_THE_WORK):
        return None
    reach, is_active = facts.reaches.get(notice.account_id, (None, False))
    if reach is None or not is_active:
        return Settle(NoticeState.DROPPED, ACCOUNT_ENDED)
    if speaks and not _is_theirs(notice, facts, notice.account_id):
        return Settle(NoticeState.DROPPED, NOT_THEIRS)
    return _about_phone(notice, reach, notice.account_id) if notice.by_line else None


def _is_theirs(notice: Waiting, facts: Facts, account_id: int) -> bool:
    """Return whether all that a notice, and what rides along with it, speaks of is still its person's (A26)."""
    actor = facts.actors.get(account_id)
    together = (notice.id, *facts.riders.get(notice.id, ()))
    return actor is not None and all(facts.is_theirs(each, actor) for each in together)


def _about_phone(notice: Waiting, reach: Reach, account_id: int) -> Verdict:
    """Return why nothing goes to this phone any more (A27); what is not an answer follows its person."""
    is_theirs = reach.person == notice.person
    if notice.kind in (NoticeKind.ANSWER, NoticeKind.CODE):
        return None if is_theirs else Settle(NoticeState.DROPPED, UNBOUND)
    if is_theirs and not reach.blocked:
        return None
    is_paid_for = notice.may_be_out and notice.urgency is Urgency.ROUTINE  # one such push a day, whatever the phone
    return Move(reach_columns(account_id, reach, WhyMail.PUSHED if is_paid_for else None))


def about_time(ctx: Context, notice: Waiting) -> Verdict:
    """Return what becomes of a notice by the hour alone: it goes, waits for the morning, or is held as too old."""
    is_released = notice.released_at is not None
    if not is_released and rules.is_held(notice.kind, notice.urgency, notice.created_at, ctx.now, ctx.policy):
        return Settle(NoticeState.HELD, "too_old")
    goes_at = rules.not_before(notice.urgency, ctx.now, ctx.policy)
    return PutOff(goes_at) if goes_at > ctx.now else None
