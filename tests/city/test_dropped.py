"""The months' account of what was dropped sees every reason that is not true, and everything that is lost with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account, Permission
from core.amendments import CalendarAmendment
from core.audit import Door
from core.cards import from_json, said
from core.clock import FixedClock
from core.context import Context, Core
from core.duties.models import DigestCard, DigestItem, Duty, Ending
from core.duties.service import end_duty
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from tests.builders import Bound, a_bound_account, a_check, a_unit
from tests.city.cards import FIRST, Cards
from tests.city.dropped import Dropped
from tests.duties import owe

DAY = timedelta(days=1)
BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)


class Place:
    """One person, what their unit owes, and a notice of it that was dropped."""

    def __init__(self, core: Core, clock: FixedClock) -> None:
        self.core, self.clock = core, clock
        self.ann = a_bound_account(core, permissions=BOTH)
        with core.transaction(system("test"), Door.JOB) as ctx:
            self.unit = ctx.session.get_one(Account, self.ann.account.id).unit
        self.duty = owe(core, a_check(core, self.unit))
        self.dropped = Dropped(Cards())

    def does(self, act: Callable[[Context], object]) -> None:
        with self.core.transaction(system("test"), Door.JOB) as ctx:
            act(ctx)

    def writes(self, about: str = "", to: Bound | None = None, kind: NoticeKind = NoticeKind.DIGEST) -> int:
        """Write a notice of the duty, some time after it arose; return its number."""
        self.clock.move(timedelta(minutes=1))
        with self.core.transaction(system("test"), Door.JOB) as ctx:
            account = (to or self.ann).account
            number = say(ctx, to=ToAccount(account.id), answer=said("您好"), kind=kind, key=about or uuid4().hex,
                         urgency=Urgency.ROUTINE, duties=(self.duty.id,))  # fmt: skip
        assert number is not None
        return number

    def drops(self, number: int, reason: str) -> list[str]:
        """Drop a notice; return what the account of it finds, now and in the end."""

        def drop(ctx: Context) -> None:
            notice = ctx.session.get_one(Notice, number)
            notice.state, notice.reason, notice.settled_at = NoticeState.DROPPED, reason, ctx.now

        self.does(drop)
        return self.finds()

    def finds(self) -> list[str]:
        """Return the first words of what is wrong now, and in the end."""
        with self.core.reading(system("test"), Door.JOB) as ctx:
            found = [*self.dropped.look(ctx), *self.dropped.at_the_end(ctx)]
        return [" ".join(each.split(",")[0].split()[:6]) for each in found]

    def waits(self, ctx: Context) -> None:
        """Let the duty wait for the next digest of its person."""
        item = {"account_id": self.ann.account.id, "duty_id": self.duty.id, "stage": "arises", "on_day": ctx.today}
        ctx.session.add(DigestItem(**item))

    def is_off(self, ctx: Context) -> None:
        decided = {"day": ctx.today, "reason": "颱風", "decided_by": "AA0001", "decided_at": ctx.now}
        ctx.session.add(CalendarAmendment(**decided, is_working=False))

    def leaves(self, ctx: Context) -> None:
        ctx.session.get_one(Account, self.ann.account.id).unit_id = a_unit(ctx, "秀朗國民小學").id

    def closes(self, ctx: Context) -> None:
        ctx.session.get_one(Account, self.ann.account.id).disabled_at = ctx.now

    def ends(self, ctx: Context) -> None:
        duty = self.duty
        end_duty(ctx, duty.kind, duty.subject_kind, duty.subject_id, Ending.MET)

    def comes_anew(self, ctx: Context) -> None:
        self.clock.move(timedelta(minutes=1))
        ctx.session.get_one(Duty, self.duty.id).arose_at = self.clock.now()

    def is_next_day(self, _ctx: Context) -> None:
        self.clock.move(DAY)


@pytest.fixture
def place(core_sqlite: Core, clock: FixedClock) -> Place:
    return Place(core_sqlite, clock)


TRUE_OF = {
    "account_ended": Place.closes,
    "day_off": Place.is_off,
    "duties_ended": Place.ends,
    "duties_moved": Place.comes_anew,
    "newer_digest": Place.is_next_day,
    "not_theirs": Place.leaves,
}
"""What makes each reason a good one."""


@pytest.mark.parametrize("reason", [*TRUE_OF, "unbound", "expired", "something new"])
def test_a_reason_that_is_not_true_is_seen(place: Place, reason: str) -> None:
    place.does(place.waits)
    assert place.drops(place.writes(), reason) == ["dropped for no good reason: 1"]


@pytest.mark.parametrize("reason", TRUE_OF)
@pytest.mark.parametrize("other", TRUE_OF)
def test_a_reason_is_true_where_its_fact_is_and_no_other(place: Place, reason: str, other: str) -> None:
    number = place.writes()
    place.does(place.waits)
    place.does(lambda ctx: TRUE_OF[other](place, ctx))
    is_found = "dropped for no good reason: 1" in place.drops(number, reason)
    assert is_found is (reason != other)


@pytest.mark.parametrize("reason", ["day_off", "newer_digest"])
def test_what_its_person_is_told_no_more_is_seen_now_and_in_the_end(place: Place, reason: str) -> None:
    number = place.writes()
    place.does(lambda ctx: TRUE_OF[reason](place, ctx))
    assert place.drops(number, reason) == ["account 1 hears no more of"] * 2


def _told_again(place: Place) -> None:
    place.writes()


def _waiting(place: Place) -> None:
    place.does(place.waits)


def _ended(place: Place) -> None:
    place.does(place.ends)


@pytest.mark.parametrize("then", [_told_again, _waiting, _ended])
def test_what_is_told_again_or_waits_or_ended_is_not_lost(place: Place, then: Callable[[Place], None]) -> None:
    number = place.writes()
    place.clock.move(DAY)
    then(place)
    assert place.drops(number, "newer_digest") == []


def test_what_waited_and_then_was_gone_is_seen_in_the_end(place: Place) -> None:
    number = place.writes()
    place.clock.move(DAY)
    place.does(place.waits)
    assert place.drops(number, "newer_digest") == []
    place.does(lambda ctx: ctx.session.delete(ctx.session.get_one(DigestItem, 1)))
    assert place.finds() == ["account 1 hears no more of"]


@pytest.mark.parametrize("reason", ["not_theirs", "account_ended", "newer_digest"])
@pytest.mark.parametrize("is_told", [True, False])
def test_what_is_somebody_elses_now_must_be_told_to_them(place: Place, reason: str, *, is_told: bool) -> None:
    bob = a_bound_account(place.core, place.unit, permissions=BOTH)
    place.does(lambda ctx: setattr(ctx.session.get_one(Duty, place.duty.id), "reminded_at", ctx.now))
    number = place.writes()
    place.does(place.closes if reason == "account_ended" else place.leaves)
    if reason == "newer_digest":
        place.clock.move(DAY)
    if is_told:
        place.writes(to=bob)
    found = place.drops(number, reason)
    assert found == ([] if is_told else [f"account {bob.account.id} hears no more of"] * 2)


def a_card(place: Place) -> int:
    """Say a card to the person, as a digest of its own; return its notice."""
    cards = place.dropped.cards
    with place.core.transaction(system("test"), Door.JOB) as ctx:
        cards.ask(ctx, place.unit.id)
        (row,) = ctx.session.scalars(select(DigestCard)).all()
        ctx.session.delete(row)
        text = ctx.vault.open(row.said)
        assert str(FIRST) in text
        number = say(ctx, to=ToAccount(row.account_id), answer=from_json(text), kind=NoticeKind.REMINDER,
                     key=f"digest:{uuid4().hex}", urgency=Urgency.ROUTINE)  # fmt: skip
    assert number is not None
    return number


def test_a_card_that_waits_no_more_is_seen_now_and_in_the_end(place: Place) -> None:
    number = a_card(place)
    assert place.finds() == []
    place.clock.move(DAY)
    assert place.drops(number, "newer_digest") == ["card 700001 is lost to account"] * 2


def test_a_card_that_waits_again_is_not_lost(place: Place) -> None:
    number = a_card(place)
    place.clock.move(DAY)
    place.does(lambda ctx: place.dropped.cards.ask(ctx, place.unit.id))
    place.dropped.cards.told.pop(FIRST + 1)
    place.does(lambda ctx: _renumber(place, ctx))
    assert place.drops(number, "newer_digest") == []


def test_a_card_whose_person_left_is_not_lost(place: Place) -> None:
    number = a_card(place)
    place.does(place.leaves)
    assert place.drops(number, "not_theirs") == []


def test_a_card_that_was_said_and_waits_as_well_is_seen(place: Place) -> None:
    a_card(place)
    place.does(lambda ctx: place.dropped.cards.ask(ctx, place.unit.id))
    place.dropped.cards.told.pop(FIRST + 1)
    place.does(lambda ctx: _renumber(place, ctx))
    assert place.finds() == ["card 700001 is to account 1"]


def _renumber(place: Place, ctx: Context) -> None:
    """Let what waits be the first card again."""
    row = ctx.session.scalars(select(DigestCard)).one()
    row.said = ctx.vault.seal(ctx.vault.open(row.said).replace(str(FIRST + 1), str(FIRST)))
    assert place.dropped.cards.waiting(ctx)
