"""What was dropped: whether its reason was true, and whether what it spoke of is told all the same.

Asked right after it was dropped, while all stands as it stood then, and once more at the end of the month: of a duty
somebody hears later, or will, or it ended; a card is said later, or waits, or its person is gone from its unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, or_, select

from core.context import Context
from core.duties.models import Duty
from core.notices.models import Notice, NoticeState
from tests.city.cards import Cards
from tests.city.reasons import is_true
from tests.city.told import Stand, in_words

TOLD_ALL_THE_SAME = frozenset({"newer_digest", "day_off", "not_theirs", "account_ended", "changed"})


@dataclass(frozen=True)
class Promise:
    """Somebody who is to hear of a duty, for a notice of it was dropped."""

    account_id: int
    duty_id: int
    after: int
    """The notice that was dropped: one written later is needed."""
    at: datetime
    since: datetime | None
    """To others one written from here on, for the duty's newest stage, is enough as well."""


@dataclass
class Dropped:
    """What is known of what was dropped."""

    cards: Cards
    promises: set[Promise] = field(default_factory=set)
    parted: set[Promise] = field(default_factory=set)
    """Those whose person saw the duty no more for a while: then it is enough that anybody is told."""
    excused: set[tuple[int, int]] = field(default_factory=set)
    """Accounts and cards that were dropped when their person no longer worked for the unit."""
    reasons: list[str] = field(default_factory=list)
    """Why each was dropped."""
    _known: set[int] = field(default_factory=set)

    def look(self, ctx: Context) -> Iterator[str]:
        """Yield what is wrong with what was dropped, or parted, since the last look."""
        set_aside = and_(Notice.state == NoticeState.GIVEN_UP, Notice.reason == "parted")
        ids = set(ctx.session.scalars(select(Notice.id).where(or_(Notice.state == NoticeState.DROPPED, set_aside))))
        new, self._known = ids - self._known, ids
        stand = Stand(ctx, self.cards)
        for notice in (stand.notices[each] for each in sorted(new)):
            self.reasons.append(notice.reason)
            if not is_true(stand, notice):
                yield f"{notice.state} for no good reason: {in_words(notice)}"
            if notice.state is NoticeState.DROPPED and notice.reason in TOLD_ALL_THE_SAME:
                promised = set(_promised(stand, notice))
                self.promises |= promised
                lost = [*(_lost(stand, each) for each in promised), *self._lost_cards(stand, notice)]
                yield from (f"{each}, since {in_words(notice)}" for each in lost if each)

    def turn(self, ctx: Context) -> None:
        """Note who sees no more what they were to hear of, now that something changed."""
        stand = Stand(ctx, self.cards)
        parted = {each for each in self.promises if not stand.sees(each.account_id, each.duty_id)}
        self.promises -= parted
        self.parted |= parted

    def at_the_end(self, ctx: Context) -> Iterator[str]:
        """Yield what was to be heard of and is not, nor will be; and cards that are lost or were said twice."""
        stand = Stand(ctx, self.cards)
        for each in sorted(self.promises | self.parted, key=repr):
            if lost := _lost(stand, each, has_parted=each in self.parted):
                yield f"{lost} in the end, since {each.at} and notice {each.after}"
        for card, people in self.cards.told.items():
            for account_id in people:
                said, waits = stand.said(account_id, card), stand.waiting_cards[account_id, card]
                if waits + len(said) > 1:
                    yield f"card {card} is to account {account_id} more than once: {[in_words(each) for each in said]}"
                if not waits and not said and (account_id, card) not in self.excused:
                    yield f"card {card} is lost to account {account_id} in the end"

    def _lost_cards(self, stand: Stand, notice: Notice) -> Iterator[str]:
        """Yield the cards of a dropped notice that its person is to see, and that wait nowhere."""
        mine = notice.account_id or 0
        for card in self.cards.in_notice(stand.ctx, notice):
            if not stand.works_for(mine, card):
                self.excused.add((mine, card))
            elif (mine, card) not in stand.waiting_cards and not stand.said(mine, card):
                yield f"card {card} is lost to account {mine}"


def _promised(stand: Stand, notice: Notice) -> Iterator[Promise]:
    """Yield who is to hear of the duties that stand: the same person, or those whose they are now (DUTY-4)."""
    mine, now = notice.account_id or 0, stand.ctx.now
    for duty in stand.duties_of(notice):
        if duty.ended_at is not None or stand.has_moved(notice, duty):
            continue
        if stand.sees(mine, duty.id):
            yield Promise(mine, duty.id, notice.id, now, None)
        elif duty.reminded_at is not None:
            others = [each for each in stand.people.of(duty).accounts if each != mine]
            yield from (Promise(each, duty.id, notice.id, now, duty.reminded_at) for each in others)


def _lost(stand: Stand, promise: Promise, *, has_parted: bool = False) -> str:
    """Return that somebody hears no more of a duty; "" if they do, or will, or it ended or is told anew."""
    duty = stand.duties[promise.duty_id]
    is_kept = stand.untold.get(duty.id, promise.at) > promise.at
    if duty.ended_at is not None or is_kept or _is_told_anew(duty, promise.at) or _hears(stand, promise):
        return ""
    if stand.sees(promise.account_id, duty.id) and not has_parted:
        return f"account {promise.account_id} hears no more of duty {duty.id} {duty.kind}"
    is_anyones = bool(set(stand.people.of(duty).accounts) - {promise.account_id})
    return f"nobody hears any more of duty {duty.id} {duty.kind}" if is_anyones and not _is_told(stand, duty) else ""


def _is_told_anew(duty: Duty, at: datetime) -> bool:
    """Say whether a duty that moved since was told anew, or is to be."""
    return duty.arose_at > at and (duty.reminded_at is not None or duty.remind_at is not None)


def _hears(stand: Stand, promise: Promise) -> bool:
    """Say whether a person was told of a duty after all, or waits to be."""
    if (promise.account_id, promise.duty_id) in stand.waits:
        return True
    return any(
        each.account_id == promise.account_id
        and (each.id > promise.after or (promise.since is not None and each.created_at >= promise.since))
        for each in stand.told_in[promise.duty_id]
    )


def _is_told(stand: Stand, duty: Duty) -> bool:
    """Say whether anybody was told of a duty's newest stage, or is to be."""
    if duty.reminded_at is None or any(each == duty.id for _, each in stand.waits):
        return True
    return any(each.created_at >= duty.reminded_at for each in stand.told_in[duty.id])
