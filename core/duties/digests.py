"""The daily digest: one a person and working day, of what was gathered for it and all that presses.

A batch of people is said at once, those of one unit behind each other: they see the same, so it is looked up, drawn and
sealed once for all of them. The people and what waits for them are held until the transaction ends, and notices have
unique keys, so nothing is said twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from functools import partial
from operator import attrgetter

import structlog
from sqlalchemy import Time, and_, case, delete, func, literal, or_, select, update

from core.access import Actor
from core.accounts.models import Account, Role
from core.accounts.queries import actors_of
from core.among import among_these
from core.clock import TAIPEI
from core.context import Context
from core.duties.models import DigestCard, DigestItem, WhyNot
from core.duties.notices import digest_answer
from core.duties.overview import Overview
from core.duties.reached import Way, beside_key, digest_key, ways
from core.duties.retelling import pass_on_to_others, seen_by_each
from core.duties.riding import Riding, cards_taken, keep_said, keep_unsaid, together, works_for
from core.duties.rules import Stage, StageKind
from core.duties.shared import SharedOverviews
from core.duties.telling import apart
from core.duties.told import KEPT, Why
from core.duties.untold import keep_untold
from core.language.models import Language
from core.many import measure_anew
from core.notices.facts import ACCOUNT_ENDED, NOT_THEIRS
from core.notices.models import Notice, NoticeDuty, NoticeKind, Urgency
from core.notices.rules import not_before
from core.notices.saying import Saying, say_each
from core.notices.service import Words, words
from core.quota.queries import is_spared

ONE_DAY = timedelta(days=1)
BEGINNING = (0, 0)
_STAGES = frozenset(StageKind)
_REASONS = frozenset({Why.NOBODY.value, Why.GOES_UP.value, Why.AUDIT.value, Why.UNSEEN.value})

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Person:
    """Somebody whose time of the digest has come."""

    account_id: int
    unit_id: int
    at: time

    @property
    def place(self) -> tuple[int, int]:
        """Where they stand among all: those of a unit behind each other."""
        return self.unit_id, self.account_id


@dataclass
class Round:
    """One run through all whose time has come: each batch goes on where the last one ended.

    First through those to whom a duty is to be told, then through those for whom only words of other areas wait: asked
    about both at once, the database goes through everybody.
    """

    place: tuple[int, int] = BEGINNING
    waits: type[DigestItem | DigestCard] = DigestItem

    def say(self, ctx: Context, limit: int) -> int:
        """Say the digest to up to ``limit`` accounts; return how many were looked at, 0 at the end of the round.

        One a person and working day; what is gathered after it waits for the next. A digest missed is not said late:
        the next one holds everything.
        """
        is_night = not_before(Urgency.ROUTINE, ctx.now, ctx.policy) > ctx.now
        if is_night or not ctx.calendar.is_working_day(ctx.today):
            return 0
        measure_anew(ctx.session, DigestItem, Notice, NoticeDuty)
        people = self._next(ctx, limit)
        if not people:
            return 0
        said = _said_today(ctx, people)
        _put_off(ctx, said)
        if unsaid := [each for each in people if each.account_id not in said]:
            _say_to(ctx, unsaid, by_mail=is_spared(ctx))
        self.place = people[-1].place
        return len(people)

    def _next(self, ctx: Context, limit: int) -> list[_Person]:
        people = _waiting(ctx, self.waits, self.place, limit)
        if people or self.waits is DigestCard:
            return people
        self.waits, self.place = DigestCard, BEGINNING
        return _waiting(ctx, self.waits, self.place, limit)


def say_digests(ctx: Context, limit: int) -> int:
    """Say the digest to the first of those whose time has come, as ``Round.say`` does."""
    return Round().say(ctx, limit)


def _waiting(ctx: Context, waits: type[DigestItem | DigestCard], place: tuple[int, int], limit: int) -> list[_Person]:
    """Return the accounts behind a place for whom something waits today and whose time has come, held."""
    clock = ctx.now.astimezone(TAIPEI).time()
    chosen, latest = func.coalesce(Account.digest_at, literal(ctx.policy.digest_at, Time)), ctx.policy.digest_until
    at = case((chosen > literal(latest, Time), literal(latest, Time)), else_=chosen)
    has_items = select(waits.id).where(waits.account_id == Account.id, waits.on_day <= ctx.today)
    unit_id, account_id = place
    is_behind = or_(Account.unit_id > unit_id, and_(Account.unit_id == unit_id, Account.id > account_id))
    rows = ctx.session.execute(
        select(Account.id, Account.unit_id, at)
        .where(Account.unit_id >= unit_id, is_behind, has_items.exists(), at <= literal(clock, Time))
        .where(Account.role.in_(tuple(Role)))  # what one of another role sees, a newer version knows (A61)
        .order_by(Account.unit_id, Account.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=Account)
    )
    return [_Person(*row) for row in rows]


def _said_today(ctx: Context, people: Sequence[_Person]) -> set[int]:
    keys = {digest_key(each.account_id, ctx.today): each.account_id for each in people}
    found = ctx.session.scalars(select(Notice.dedupe_key).where(among_these(Notice.dedupe_key, keys)))
    return {keys[key] for key in found}


def _put_off(ctx: Context, account_ids: Collection[int]) -> None:
    """Leave what waits for these people to the next day's digest."""
    if account_ids:
        for table in (DigestItem, DigestCard):
            waits = and_(table.account_id.in_(account_ids), table.on_day <= ctx.today)
            ctx.session.execute(update(table).where(waits).values(on_day=ctx.today + ONE_DAY))


def _say_to(ctx: Context, people: Sequence[_Person], *, by_mail: bool) -> None:
    """Say it to all of them; where a row cannot be read, to each apart, so that the others are told (A57)."""
    error = apart(ctx, partial(_write, ctx, people, by_mail=by_mail))
    if not error:
        return
    if len(people) > 1:
        for each in people:
            _say_to(ctx, [each], by_mail=by_mail)
        return
    for each in people:
        log.error("telling_failed", account=each.account_id, error=error)
        _put_off(ctx, [each.account_id])


def _write(ctx: Context, people: Sequence[_Person], *, by_mail: bool) -> None:
    """Say what each owes as it is now; an account that ended, or owes nothing any more, gets nothing.

    What other areas say goes behind it in the same request, or stands for it where there is none.
    """
    accounts = [each.account_id for each in people]
    items, cards = _taken(ctx, accounts), cards_taken(ctx, accounts)
    actors = actors_of(ctx.session, items.keys() | cards.keys(), ctx.today)
    told, riding = _seen(ctx, items, actors), _theirs(ctx, cards, actors)
    shared, drawn = SharedOverviews(ctx), _Drawn(ctx)
    shared.prepare(told)
    owing = {each: overview for each in accounts if told.get(each) and (overview := shared.of(actors[each])).owed.total}
    how = ways(ctx, actors, by_mail=by_mail)
    digests = [
        drawn.digest(each, owing[each.account_id], told[each.account_id], how[each.account_id])
        for each in people
        if each.account_id in owing
    ]
    beside = {each: _riding(ctx, each, riding[each], how[each], is_beside=each in owing) for each in riding}
    say_each(ctx, NoticeKind.DIGEST, Urgency.ROUTINE, digests)
    said = say_each(ctx, NoticeKind.REMINDER, Urgency.ROUTINE, [*beside.values()])
    keep_said(ctx, {said[saying.key]: riding[each] for each, saying in beside.items() if saying.key in said})


def _seen(
    ctx: Context, items: Mapping[int, Mapping[int, str]], actors: Mapping[int, Actor]
) -> Mapping[int, Mapping[int, str]]:
    """Return what of it each still sees; of the rest, those are told who are told now (DUTY-4, A26)."""
    for account_id in items.keys() - actors.keys():
        _keep_unread(ctx, account_id, items[account_id])
    pairs = {(account_id, duty_id) for account_id, told in items.items() for duty_id in told}
    seen = seen_by_each(ctx, pairs, actors)
    pass_on_to_others(ctx, pairs - seen)
    return {each: {duty: why for duty, why in items[each].items() if (each, duty) in seen} for each in items}


def _theirs(
    ctx: Context, cards: Mapping[int, Sequence[Riding]], actors: Mapping[int, Actor]
) -> Mapping[int, Sequence[Riding]]:
    """Return the cards that are still their person's; the others are kept as they were, with the reason."""
    theirs: dict[int, Sequence[Riding]] = {}
    for account_id, riding in cards.items():
        actor = actors.get(account_id)
        kept = [each for each in riding if actor is not None and works_for(actor, each.unit_id)]
        if unsaid := [each for each in riding if each not in kept]:
            keep_unsaid(ctx, account_id, unsaid, ACCOUNT_ENDED if actor is None else NOT_THEIRS)
        if kept:
            theirs[account_id] = kept
    return theirs


def _riding(ctx: Context, account_id: int, cards: Sequence[Riding], way: Way, *, is_beside: bool) -> Saying:
    """Return what other areas say to somebody, beside the digest or instead of it."""
    key = (beside_key if is_beside else digest_key)(account_id, ctx.today)
    return Saying(key, words(ctx, together(cards), way.language), way.columns, {})


@dataclass
class _Drawn:
    """The words of a batch's digests: what is the same for several is drawn and sealed once."""

    ctx: Context
    known: dict[tuple[int, time, tuple[Why, ...], Language], Words] = field(default_factory=dict)

    def digest(self, person: _Person, overview: Overview, told: Mapping[int, str], way: Way) -> Saying:
        """Return somebody's digest; it speaks of what it tells and of what it shows."""
        shown: dict[int, str | None] = dict.fromkeys(row.duty_id for row in overview.owed.rows)
        duties = shown | {duty: why if why in KEPT else None for duty, why in told.items()}
        key = digest_key(person.account_id, self.ctx.today)
        return Saying(key, self._words(overview, person.at, told.values(), way.language), way.columns, duties)

    def _words(self, overview: Overview, at: time, stages: Collection[str], language: Language) -> Words:
        reasons = tuple(sorted(Why(stage) for stage in stages if stage in _REASONS))
        key = (id(overview), at, reasons, language)  # overviews of one batch are kept as long as it is written
        if key not in self.known:
            house = self.ctx.policy.digest_time()
            drawn = digest_answer(overview, at, reasons, due_day_at=house if at > house else None)
            self.known[key] = words(self.ctx, drawn, language)
        return self.known[key]


def _taken(ctx: Context, account_ids: Collection[int]) -> Mapping[int, Mapping[int, str]]:
    """Take what waits for each person; what comes now, or is being changed by another worker, stays for the next."""
    waiting = (
        select(DigestItem.id)
        .where(among_these(DigestItem.account_id, account_ids), DigestItem.on_day <= ctx.today)
        .with_for_update(skip_locked=True)
    )
    taken = delete(DigestItem).where(DigestItem.id.in_(waiting)).returning(*_TAKEN)
    rows = ctx.session.execute(taken, execution_options={"synchronize_session": False}).all()
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for row in sorted(rows, key=attrgetter("id")):
        found[row.account_id][row.duty_id] = row.stage
    return found


_TAKEN = (DigestItem.id, DigestItem.account_id, DigestItem.duty_id, DigestItem.stage)


def _keep_unread(ctx: Context, account_id: int, items: Mapping[int, str]) -> None:
    """Keep that an account that ended was not told; a reason for telling is kept as what is told late."""
    stages = (
        (duty_id, Stage(StageKind(stage) if stage in _STAGES else StageKind.LATE, ctx.now, is_urgent=False))
        for duty_id, stage in items.items()
    )
    keep_untold(ctx, stages, WhyNot.NOBODY, account_id)
