"""Two workers at an outbox, step by step; each step is held against the plain model as it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Context, Core
from core.notices.channel import Outcome, Sent
from core.notices.claiming import Batch, Claim, Wanted, claim
from core.notices.doorways import door_of
from core.notices.models import NoticeState, Via
from core.notices.settling import Tried, keep, part, settle
from tests.conftest import PLAIN_DAY
from tests.core.notices.heard import Wish, World, drawn
from tests.core.notices.outbox_model import (
    CERTAIN,
    HOUR,
    MINUTE,
    OPEN,
    PAID,
    TOKEN_TRUSTED,
    Course,
    Seen,
    Town,
    follows,
    is_due,
    must_wait,
    rows,
)

T = TypeVar("T")
ACTOR = system("test")
KNOWS_US = frozenset(Outcome) - {Outcome.CLOSED, Outcome.UNREACHED, Outcome.AMBIGUOUS, Outcome.FAILED}
"""A channel that answers so is open again."""
GOES_ALL_THE_SAME = frozenset({"duties_ended", "duties_moved", "newer_digest"})
"""What may be out goes again as it is, for the sake of what rides along."""
GOES_TO_MANY = GOES_ALL_THE_SAME | {"moves", "not_theirs"}
"""The same, where it says the same to many."""
ENDS = {
    "key_expired": NoticeState.GIVEN_UP,
    "too_old": NoticeState.HELD,
    "lease_expired": NoticeState.AMBIGUOUS,
    "parted": NoticeState.GIVEN_UP,
}


class Manner(StrEnum):
    """How a worker does its next step."""

    QUICK = "quick"
    """It draws what it takes at once."""
    STEADY = "steady"
    SLOW = "slow"
    """It looked at the clock before it posts, and stood still after that."""
    CLUMSY = "clumsy"
    """It can draw nothing."""


@dataclass
class Flight:
    """A request in a worker's hands."""

    claim: Claim
    taken_at: datetime
    was: Seen
    """Its carrier as it stood before it was taken."""
    outcome: Outcome | None = None

    @property
    def members(self) -> frozenset[int]:
        return frozenset({self.claim.notice_id, *self.claim.followers})

    @property
    def may_be_drawn_anew(self) -> bool:
        return self.claim.body is None


class Workers:
    """The outbox, two workers, and who holds what."""

    def __init__(self, core: Core, clock: FixedClock) -> None:
        self.core, self.clock = core, clock
        self.world, self.town = World(), Town()
        self.rows: dict[int, Seen] = {}
        self.moved: set[int] = set()
        """What went on to another place, as a message of its own."""
        self._hands: tuple[list[Flight], list[Flight]] = ([], [])
        self._stage = ["claims", "claims"]
        self._holder: dict[int, Flight] = {}
        self._machine = PLAIN_DAY

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def does(self, act: Callable[[Context], T]) -> T:
        """Do something in a transaction of its own."""
        with self.core.transaction(ACTOR, Door.JOB) as ctx:
            return act(ctx)

    def look(self) -> dict[int, Seen]:
        """Read the outbox anew; return how it stood before."""
        before, self.rows = self.rows, rows(self.core.store)
        return before

    def goes_on(self, worker: int, wishes: Sequence[Wish], manner: Manner = Manner.QUICK) -> None:
        """Let a worker do its next step."""
        match self._stage[worker]:
            case "claims":
                self._claims(worker, at_once=manner is Manner.QUICK)
            case "keeps":
                self._keeps(worker, is_clumsy=manner is Manner.CLUMSY)
            case "posts":
                self._posts(worker, wishes, is_slow=manner is Manner.SLOW)
            case "settles":
                self._settles(worker)

    def dies(self, worker: int) -> None:
        """Whatever it had in hand is left lying."""
        self._hands[worker].clear()
        self._stage[worker] = "claims"

    def _next(self, worker: int, stage: str) -> None:
        self._stage[worker] = stage if self._hands[worker] else "claims"

    def _claims(self, worker: int, *, at_once: bool) -> None:
        """Take what is due; ``at_once``: all of it is drawn meanwhile, and about to leave."""
        self._machine += HOUR  # what the channel thought too fast is forgotten
        draw = _all if at_once else _nothing
        batch = self.does(lambda ctx: claim(ctx, Wanted(200, tuple(Via), self._machine), draw))
        before = self.look()
        self._check_batch(before, batch)
        for each in batch.claims:
            for follower in each.followers:
                self._holder.pop(follower, None)
            flight = Flight(each, self.now, _alone(before, before[each.notice_id]))
            self._hands[worker].append(flight)
            self._holder[each.notice_id] = flight
        self._next(worker, "posts" if at_once else "keeps")

    def _keeps(self, worker: int, *, is_clumsy: bool) -> None:
        """Write down what is about to leave. A clumsy worker can draw nothing: what is together parts."""
        hand = self._hands[worker]
        undrawn = [each for each in hand if is_clumsy and each.may_be_drawn_anew]
        several = [each for each in undrawn if len(each.claim.parts) > 1]
        for each in undrawn:
            each.outcome = Outcome.FAILED
        apart = [each.claim for each in several]
        kept = [(each.claim, _stored(each.claim)) for each in hand if each not in undrawn]
        self.does(lambda ctx: part(ctx, apart))
        mine = self.does(lambda ctx: keep(ctx, kept))
        self.look()
        assert mine == {claim.notice_id for claim, _ in kept if self._holder.get(claim.notice_id) in hand}
        for each in several:
            if self._holder.get(each.claim.notice_id) is each:
                self._is_settled(each, Course(NoticeState.CREATED, Via.PUSH, is_new=True))
        hand[:] = [each for each in hand if each.claim.notice_id in mine or (each in undrawn and each not in several)]
        self._next(worker, "posts")

    def _posts(self, worker: int, wishes: Sequence[Wish], *, is_slow: bool) -> None:
        """Post everything; who is slow looked at the clock before, and stood still after that."""
        for number, flight in enumerate(self._hands[worker]):
            late = self.now - flight.claim.until
            if flight.outcome is not None:
                continue
            if late >= HOUR or (late.total_seconds() >= 0 and not is_slow):
                flight.outcome = Outcome.TOKEN_DEAD if flight.claim.via is Via.REPLY else Outcome.UNREACHED
                continue
            wish = wishes[number % len(wishes)] if wishes else Wish(Outcome.ACCEPTED)
            flight.outcome = self.world.take(flight.claim, drawn(flight.claim), self.now, wish)
        self._next(worker, "settles")

    def _settles(self, worker: int) -> None:
        hand = self._hands[worker]
        tried = [Tried(each.claim, Sent(each.outcome)) for each in hand if each.outcome is not None]
        states = self.does(lambda ctx: settle(ctx, tried, self._machine, lambda: 1.0))
        self.look()
        mine = [each for each in hand if self._holder.get(each.claim.notice_id) is each]
        assert states.keys() == {each.claim.notice_id for each in mine}, "an old lease is refused, a good one is not"
        for each in mine:
            assert each.outcome is not None
            course = follows(each.was, each.claim.via, each.outcome, self.now, each.taken_at)
            self._is_settled(each, course)
        self._hear_of_channels(hand)
        self.dies(worker)

    def _is_settled(self, flight: Flight, course: Course) -> None:
        """Hold all notices of a request against what ought to have become of it."""
        del self._holder[flight.claim.notice_id]
        doubt = flight.was.may_be_out or flight.outcome not in CERTAIN
        for each in flight.members:
            row = self.rows[each]
            assert (row.state, row.via, row.lease) == (course.state, course.via, None), (row, course)
            if course.due is not None:
                assert row.not_before == course.due, (row, course)
            if course.is_new:
                assert (row.retry_key, row.may_be_out, row.carried_by) == (None, False, None), row
            elif course.state is NoticeState.CREATED:
                assert row.may_be_out is doubt, row

    def _hear_of_channels(self, hand: Collection[Flight]) -> None:
        for name in ("line", "mail"):
            through = [each for each in hand if door_of(each.claim.via) == name]
            outcomes = {each.outcome for each in through}
            if Outcome.CLOSED in outcomes:
                self.town.try_at[name] = self.now + 5 * MINUTE
            elif outcomes & KNOWS_US and any(each.claim.is_trial for each in through):
                self.town.try_at.pop(name, None)

    def _check_batch(self, before: Mapping[int, Seen], batch: Batch) -> None:
        """Hold everything that a claim did, and what it left lying, against the model."""
        self._check_channels(batch.claims)
        taken = {each: one for one in batch.claims for each in (one.notice_id, *one.followers)}
        is_trial = any(at <= self.now for at in self.town.try_at.values())
        for one in batch.claims:
            assert _carried(before, one) <= set(one.followers), "what rides along is in the request again"
        riding = {each for each, row in self.rows.items() if row.carried_by is not None} - taken.keys()
        apart = {each: one if each in riding else _alone(before, one) for each, one in before.items()}
        for number, was in before.items():
            if number in taken:
                self._may_be_taken(_alone(before, was), taken[number], before)
            elif self.rows[number] != was:
                self._may_be_set_aside(_alone(before, was), self.rows[number], before)
            elif not is_trial and door_of(was.via) not in self.town.try_at:
                assert not self._ought_to_go(was, apart), f"left lying: {was}"
        for one in batch.claims:
            if one.is_trial:
                self.town.try_at[door_of(one.via)] = self.now + 5 * MINUTE

    def _check_channels(self, claims: Sequence[Claim]) -> None:
        for name, try_at in self.town.try_at.items():
            through = [each for each in claims if door_of(each.via) == name]
            assert len(through) <= 1, "a shut channel is tried by one request"
            assert not through or (through[0].is_trial and try_at <= self.now)

    def _may_be_taken(self, was: Seen, by: Claim, before: Mapping[int, Seen]) -> None:
        carrier = before[by.notice_id]
        members = {by.notice_id, *by.followers}
        assert was.state in OPEN
        assert not (was.via is Via.REPLY and was.may_be_out), "never after a reply of unknown fate"
        assert by.via in self._ways(was), (was, by.via)
        row = self.rows[was.id]
        assert (row.state, row.via) == (NoticeState.CLAIMED, by.via)
        if carrier.may_be_out:
            assert by.retry_key == carrier.retry_key
            assert by.notice_id in (was.id, was.carried_by), "nothing joins what may be out"
        if was.carried_by == by.notice_id and carrier.may_be_out:
            return  # the same request again: it goes with its carrier
        others = {each: one for each, one in before.items() if each not in members and self._still_waits(one)}
        assert is_due(was, self.now), was
        first = must_wait(was, others, self.now)
        assert first is None, (was, "goes before what its person is to hear first", before[first])
        is_again = was.may_be_out and (bool(by.followers) or by.via is Via.MULTICAST)
        if row.person != was.person:
            self.moved.add(was.id)
        reasons = set(self.town.why_over(was._replace(person=row.person), self.now, before))
        kept = GOES_TO_MANY if by.via is Via.MULTICAST else GOES_ALL_THE_SAME
        assert not reasons - (kept if is_again else frozenset()), (reasons, was)

    def _still_waits(self, was: Seen) -> bool:
        """Return whether a notice was not set aside just now, nor moved elsewhere."""
        row = self.rows[was.id]
        return row.state in OPEN and row.via is was.via and row.not_before <= max(was.not_before, self.now)

    def _ways(self, was: Seen) -> tuple[Via, ...]:
        if was.via is Via.REPLY and was.reply_token_at is not None:
            return (Via.REPLY,) if self.now - was.reply_token_at < TOKEN_TRUSTED else (Via.PUSH,)
        if was.via in PAID and not was.may_be_out:
            return PAID
        return (was.via,)

    def _may_be_set_aside(self, was: Seen, row: Seen, before: Mapping[int, Seen]) -> None:
        """Hold what became of a notice that was looked at and not taken against what is true of it."""
        carrier = before[was.carried_by] if was.carried_by is not None else was
        reasons = set(self.town.why_over(carrier, self.now, before))
        reasons |= {"lease_expired"} if carrier.via is Via.REPLY and carrier.may_be_out else set()
        if "not_theirs" in reasons and carrier.may_be_out and row.reason in ("not_theirs", "parted"):
            reasons = {"not_theirs"} if self.town.is_hidden(was._replace(via=Via.MAIL), before) else {"parted"}
        assert was.state in OPEN, (was, row)
        if was.state is NoticeState.CLAIMED:
            assert is_due(carrier, self.now), "its lease still holds"
            self._holder.pop(carrier.id, None)
        if row.state is not NoticeState.CREATED:
            assert row.reason in reasons, (reasons, row)
            assert row.state is ENDS.get(row.reason, NoticeState.DROPPED)
        elif row.not_before > self.now:
            assert "night" in reasons, (was, row)
        else:
            assert "moves" in reasons or not carrier.may_be_out, "what may be out is not made new"
            assert row.retry_key is None, row
            if "moves" in self.town.why_over(was, self.now, before):
                self.moved.add(was.id)

    def _ought_to_go(self, was: Seen, before: Mapping[int, Seen]) -> bool:
        is_open = was.state in OPEN and was.carried_by is None
        return is_open and is_due(was, self.now) and must_wait(was, before, self.now) is None


def _all(taken: Sequence[Claim]) -> list[tuple[Claim, bytes | None]]:
    return [(each, _stored(each)) for each in taken]


def _nothing(_: Sequence[Claim]) -> list[tuple[Claim, bytes | None]]:
    return []


def _stored(taken: Claim) -> bytes | None:
    """Return the bytes that are kept for a retry: no reply's, no e-mail's, and none with a code in them."""
    return drawn(taken) if taken.via in PAID and not taken.is_alone else None


def _alone(before: Mapping[int, Seen], was: Seen) -> Seen:
    """Return what rode along as it stands once its request is taken apart: where that certainly is not out."""
    carrier = before.get(was.carried_by or 0)
    if carrier is None or carrier.may_be_out:
        return was
    return was._replace(carried_by=None, tries=carrier.tries, first_tried_at=carrier.first_tried_at)


def _carried(before: Mapping[int, Seen], by: Claim) -> set[int]:
    if not before[by.notice_id].may_be_out:
        return set()
    return {each.id for each in before.values() if each.carried_by == by.notice_id and each.state in OPEN}
