"""What is written, waits to be said and is seen by whom, as the tables have it at one moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from sqlalchemy import select

from core.access import Action, Actor
from core.accounts.queries import actors_of
from core.context import Context
from core.duties.models import DigestItem, Duty, UntoldStage, UrgentItem
from core.duties.queries import is_open_to, kinds_seen
from core.duties.told import People
from core.notices.models import Notice, NoticeDuty, NoticeKind, NoticeState
from tests.city.cards import Cards


class Named(Protocol):
    """What of a notice says whether it is a digest."""

    @property
    def kind(self) -> NoticeKind: ...
    @property
    def dedupe_key(self) -> str: ...


def is_of_digest(notice: Named | Notice) -> bool:
    """Say whether a notice is a digest, or what other areas say with one."""
    return notice.kind is NoticeKind.DIGEST or notice.dedupe_key.startswith("digest:")


def is_alive(notice: Notice) -> bool:
    """Say whether a notice was said, will be, waits for a person, or was decided about by one."""
    return notice.state is not NoticeState.DROPPED or notice.reason == "dismissed"


def in_words(notice: Notice) -> str:
    """Return a notice in words."""
    return f"{notice.id} {notice.dedupe_key} {notice.kind} {notice.via} {notice.state} {notice.reason}"


def hidden(ctx: Context, notice_id: int, account_id: int) -> set[int]:
    """Return what a notice speaks of, is still owed, and stands on the list of this account no more."""
    owed = select(Duty.id).join(NoticeDuty, NoticeDuty.duty_id == Duty.id)
    owed = owed.where(NoticeDuty.notice_id == notice_id, Duty.ended_at.is_(None))
    return set(ctx.session.scalars(owed)) - seen_by(ctx, account_id)


def seen_by(ctx: Context, account_id: int) -> set[int]:
    """Return the open duties on the list of somebody who may act today."""
    actor = actors_of(ctx.session, [account_id], ctx.today).get(account_id)
    return set(ctx.session.scalars(select(Duty.id).where(is_open_to(actor)))) if actor else set()


@dataclass
class Stand:
    """Notices, duties, cards and accounts as they stand; each is asked for once."""

    ctx: Context
    cards: Cards

    @cached_property
    def notices(self) -> dict[int, Notice]:
        """All that was written."""
        return {each.id: each for each in self.ctx.session.scalars(select(Notice).order_by(Notice.id))}

    @cached_property
    def duties(self) -> dict[int, Duty]:
        """All that was ever owed."""
        return {each.id: each for each in self.ctx.session.scalars(select(Duty))}

    @cached_property
    def waits(self) -> set[tuple[int, int]]:
        """Which accounts wait to be told of which duties."""
        rows = (self.ctx.session.execute(select(each.account_id, each.duty_id)) for each in (DigestItem, UrgentItem))
        return {(row.account_id, row.duty_id) for found in rows for row in found}

    @cached_property
    def untold(self) -> dict[int, datetime]:
        """When it was written last of each duty that it was not told, and why."""
        asked = select(UntoldStage.duty_id, UntoldStage.noted_at).order_by(UntoldStage.noted_at)
        return {row.duty_id: row.noted_at for row in self.ctx.session.execute(asked)}

    @cached_property
    def told_in(self) -> dict[int, list[Notice]]:
        """The notices of each duty that were not dropped, or only by a person."""
        found: dict[int, list[Notice]] = defaultdict(list)
        for notice_id, duties in self._spoken_of.items():
            for each in duties if is_alive(self.notices[notice_id]) else ():
                found[each].append(self.notices[notice_id])
        return found

    @cached_property
    def waiting_cards(self) -> Counter[tuple[int, int]]:
        """How often each card waits for an account's digest."""
        return Counter(self.cards.waiting(self.ctx))

    @cached_property
    def actors(self) -> dict[int, Actor]:
        """Whoever may act today."""
        ids = {each.account_id for each in self.notices.values() if each.account_id is not None}
        ids |= {account_id for people in self.cards.told.values() for account_id in people}
        return actors_of(self.ctx.session, ids, self.ctx.today)

    @cached_property
    def people(self) -> People:
        """Who is told of what."""
        return People(self.ctx)

    @cached_property
    def _spoken_of(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for row in self.ctx.session.execute(select(NoticeDuty.notice_id, NoticeDuty.duty_id)):
            found[row.notice_id].append(row.duty_id)
        return found

    @cached_property
    def _seen(self) -> dict[int, set[int]]:
        return {}

    def duties_of(self, notice: Notice) -> list[Duty]:
        """Return what a notice speaks of."""
        return [self.duties[each] for each in self._spoken_of.get(notice.id, ())]

    def sees(self, account_id: int, duty_id: int) -> bool:
        """Say whether an open duty stands on the list of somebody who may act today."""
        if account_id not in self._seen:
            self._seen[account_id] = seen_by(self.ctx, account_id)
        return duty_id in self._seen[account_id]

    def works_for(self, account_id: int, card: int) -> bool:
        """Say whether somebody may be told of the cases a card is about."""
        actor = self.actors.get(account_id)
        return actor is not None and actor.units.holds(self.cards.units[card]) and actor.may(Action.SEE_SERVICES)

    def said(self, account_id: int, card: int) -> list[Notice]:
        """Return the notices that say a card to somebody, and were not dropped."""
        return [
            each
            for each in self.notices.values()
            if each.account_id == account_id and is_alive(each) and card in self.cards.in_notice(self.ctx, each)
        ]

    def has_moved(self, notice: Notice, duty: Duty) -> bool:
        """Say whether a duty arose anew since a notice of it was written."""
        return notice.created_at < duty.arose_at <= self.ctx.now

    def has_ended(self, notice: Notice, duty: Duty) -> bool:
        """Say whether a duty had ended when a notice was settled."""
        return duty.ended_at is not None and notice.settled_at is not None and duty.ended_at <= notice.settled_at

    def is_theirs(self, notice: Notice) -> bool:
        """Say whether its person sees all that a notice speaks of."""
        mine, cards = notice.account_id or 0, self.cards.in_notice(self.ctx, notice)
        duties = self.duties_of(notice)
        return all(self._is_of(mine, each) for each in duties) and all(self.works_for(mine, each) for each in cards)

    def _is_of(self, account_id: int, duty: Duty) -> bool:
        """Say whether a duty, ended or not, is one of those that somebody sees (ACC-10)."""
        actor = self.actors.get(account_id)
        if actor is None or duty.unit_id is None:
            return actor is not None and duty.account_id == account_id
        return actor.units.holds(duty.unit_id) and duty.kind in kinds_seen(actor)
