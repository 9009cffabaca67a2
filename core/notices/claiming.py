"""Taking what is due out of the outbox: a batch of requests, under one lease, in one short transaction.

Only the first of a person's notices can be taken, with those that may ride along with it (``merging.py``). While it is
under way, or soon tried again, the person's next ones wait, so that each person hears things in order whatever number
of workers there is; what is more urgent waits for nothing. What whoever asks can draw at once, it draws here, and it is
kept as about to leave by the statement that takes it: the lease and the bytes cost one write, not two. Nothing here
sends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from core.context import Context
from core.duties.retelling import pass_on, wait_for_the_next
from core.duties.riding import wait_again
from core.notices import doorways, due, facts, merging, rules, unsent, writing
from core.notices.facts import Facts, Move, PutOff, Settle, Waiting
from core.notices.models import NoticeState, Via, WhyMail
from core.notices.opening import Ask, Part, attempt_of, opened
from core.notices.writing import Held
from core.secrets import new_token

SAID_LATER = frozenset({facts.NEWER_DIGEST, facts.DAY_OFF, facts.NOT_THEIRS, facts.CHANGED})
"""Dropped so: what still concerns its person stands in their next digest, which of what changed is today's anew."""
SAID_TO_OTHERS = frozenset({facts.NOT_THEIRS, facts.ACCOUNT_ENDED})
"""Dropped so: what nobody else was told is told to those whose it is now."""


@dataclass(frozen=True)
class Wanted:
    """What a worker asks for."""

    limit: int
    ways: Collection[Via]
    at: datetime
    """The machine's present, for the pace."""


@dataclass(frozen=True)
class Claim:
    """One request a worker holds the lease of, opened for sending. The first of its notices is the carrier."""

    notice_id: int
    lease: str
    until: datetime
    """When sending may no longer begin: the lease is over, or the reply token too old."""
    via: Via
    attempt: rules.Attempt
    retry_key: UUID
    parts: tuple[Part, ...]
    body: bytes | None
    """The bytes an earlier try posted; then ``parts`` need not be drawn."""
    followers: tuple[int, ...] = ()
    """The other notices of this request."""
    person: str = ""
    address: str = ""
    why_mail: WhyMail | None = None
    reply_token: str = ""
    is_alone: bool = False
    """Whether it may hold a code or a binding page."""
    is_trial: bool = False
    """Whether it tries if a channel that was shut is open again."""

    def held(self, body: bytes | None = None) -> Held:
        """Return what is written down of it; ``body`` are the bytes to keep for a retry."""
        return Held(self.notice_id, self.lease, self.via, self.followers, self.retry_key, body)


@dataclass(frozen=True)
class Batch:
    """What was taken. Nothing due: nothing looked at and nothing to wait for."""

    claims: tuple[Claim, ...] = ()
    looked_at: int = 0
    wait: float = 0.0
    """Seconds until the pace allows more."""


Draw = Callable[[Sequence[Claim]], Sequence[tuple[Claim, bytes | None]]]
"""Draws what waits for nobody; returns what is ready to leave, each with the bytes to keep, if any."""


def _draw_later(_: Sequence[Claim]) -> Sequence[tuple[Claim, bytes | None]]:
    return ()


def claim(ctx: Context, wanted: Wanted, draw: Draw = _draw_later) -> Batch:
    """Take up to ``limit`` requests that are due by these ways; what ``draw`` makes ready may be out from now on.

    What is no longer true is dropped with its reason; what cannot be read is put off, and set aside in the end (A57).
    """
    open_ways, trials = _ways(ctx, wanted.ways)
    for name in trials:
        first = _heads(ctx, 1, doorways.WAYS[name])
        if first and doorways.may_try(ctx, name):
            return _tried(ctx, name, first, wanted, draw)
    first = _heads(ctx, wanted.limit, open_ways) if open_ways else []
    return _taken(ctx, first, wanted, draw, is_trial=False) if first else Batch()


def _tried(ctx: Context, name: str, first: Sequence[Waiting], wanted: Wanted, draw: Draw) -> Batch:
    """Take what tries a shut channel; where it is no longer to be said, the next one may try at once."""
    batch = _taken(ctx, first, wanted, draw, is_trial=True)
    if not batch.claims:
        doorways.leave_untried(ctx, name)
    return batch


def _taken(ctx: Context, first: Sequence[Waiting], wanted: Wanted, draw: Draw, *, is_trial: bool) -> Batch:
    waiting = [*first, *due.companions(ctx, first)]
    known = facts.look(ctx, waiting)
    fit = _fit(ctx, waiting, known)
    asked = merging.gather(ctx, fit, partial(_crowd, ctx))
    granted, wait = _within_pace(ctx, asked, wanted.at)
    claims = _claims(ctx, granted, known, is_trial=is_trial)
    _write(ctx, claims, draw(claims))
    return Batch(claims, len(first), 0.0 if claims else wait)


def _ways(ctx: Context, ways: Collection[Via]) -> tuple[list[Via], list[str]]:
    """Return the ways that are open, and the shut channels among them that one request may try now."""
    shut = doorways.shut_since(ctx)
    trials = [
        name for name, try_at in shut.items() if try_at and try_at <= ctx.now and set(doorways.WAYS[name]) & {*ways}
    ]
    return [via for via in ways if doorways.door_of(via) not in shut], trials


def _heads(ctx: Context, most: int, ways: Collection[Via]) -> list[Waiting]:
    """Return the first notice of each person that is due, as it stands now.

    A request that was tried and certainly is not out is taken apart: all in it is looked at again, as if it were new.
    """
    found = due.heads(ctx, most, ways)
    first = [_after_lease(ctx, each) for each in found]
    not_out = [
        each.id for each in found if not each.may_be_out and (each.retry_key or each.state is NoticeState.CLAIMED)
    ]
    if together := unsent.followers_of(ctx, not_out):
        unsent.take_apart(ctx, together)
        first = [_after_lease(ctx, each) for each in due.heads(ctx, most, ways)]
    return first


def _after_lease(ctx: Context, notice: Waiting) -> Waiting:
    """Return an abandoned notice as it stands once its lease ran out."""
    if notice.state is not NoticeState.CLAIMED:
        return notice
    after = rules.follow_expired_lease(notice.via, ctx.now, may_be_out=notice.may_be_out)
    if after.state is not NoticeState.CREATED:
        unsent.settle_now(ctx, notice.id, after.state, after.reason)
        return notice._replace(state=after.state)
    return notice._replace(state=after.state)


def _fit(ctx: Context, waiting: Iterable[Waiting], known: Facts) -> list[Waiting]:
    """Return those that go out now; write down what becomes of the others."""
    fit: list[Waiting] = []
    dropped: dict[int, str] = {}
    for notice in waiting:
        if notice.state is not NoticeState.CREATED:
            continue  # settled when its lease was found to be over
        found = facts.verdict(ctx, notice, known)
        if found is not None and _goes_all_the_same(ctx, notice, found):
            found = facts.for_the_others(ctx, notice, known)
        if found is None:
            fit.append(notice)
        elif isinstance(found, Settle):
            dropped |= _settled(ctx, notice, found, known)
        elif isinstance(found, PutOff):
            unsent.put_off(ctx, notice.id, found.until)
        elif isinstance(found, Move):
            unsent.move(ctx, notice.id, found.reach)
    _see_to(ctx, dropped)
    return fit


def _settled(ctx: Context, notice: Waiting, found: Settle, known: Facts) -> dict[int, str]:
    """Settle what is not sent; return the notices that are dropped, each with its reason.

    Where only one of several in a request that may be out is no longer its person's, a person decides about the others:
    whether they were said nobody knows. Where it was an answer or a code to a phone that is not theirs any more, the
    others follow their person, as they do when the first of them is moved (A27).
    """
    together = (notice.id, *known.riders.get(notice.id, ()))
    if found.reason == facts.UNBOUND:
        unsent.loosen(ctx, [notice.id])
        together = (notice.id,)
    unsent.settle_now(ctx, notice.id, found.state, found.reason)
    if found.reason == facts.CHANGED:
        unsent.free_key(ctx, notice.id)
    actor = known.actors.get(notice.account_id or 0)
    if found.reason != facts.NOT_THEIRS or actor is None:
        return dict.fromkeys(together, found.reason)
    theirs = [each for each in together if known.is_theirs(each, actor)]
    unsent.set_aside(ctx, theirs)
    return {each: found.reason for each in together if each not in theirs}


def _see_to(ctx: Context, dropped: Mapping[int, str]) -> None:
    """See to it that what dropped notices spoke of is told all the same, where it still is to be.

    What is of another day may be somebody else's by now as well, whatever its reason.
    """
    later = [each for each, reason in dropped.items() if reason in SAID_LATER]
    wait_for_the_next(ctx, later)
    wait_again(ctx, later)
    pass_on(ctx, [each for each, reason in dropped.items() if reason in SAID_LATER | SAID_TO_OTHERS])


def _goes_all_the_same(ctx: Context, notice: Waiting, found: Settle | PutOff | Move) -> bool:
    """Return whether a request that may be out goes again as it is: for what rides along, or for its many others.

    To part a multicast of unknown fate would say it twice; it says the same to all, so nothing personal is in it.
    """
    if not notice.may_be_out or isinstance(found, PutOff):
        return False
    to_many = notice.via is Via.MULTICAST
    if isinstance(found, Move):
        return to_many
    is_over = {facts.DUTIES_ENDED, facts.DUTIES_MOVED, facts.NEWER_DIGEST, facts.EXPIRED}
    reasons = is_over | (SAID_TO_OTHERS if to_many else set())
    riders = unsent.followers_of(ctx, [notice.id]).get(notice.id, ()) if found.reason in reasons else ()
    return bool(riders) and (found.reason != facts.DUTIES_ENDED or facts.say_anything(ctx, riders))


def _crowd(ctx: Context, text: str, same: Sequence[Ask]) -> list[Ask]:
    """Take more people to whom the same is to be said, and nothing else."""
    more = due.crowd(ctx, text, [each.carrier.id for each in same], max(merging.MULTICAST_MOST - len(same), 0))
    fit = _fit(ctx, more, facts.look(ctx, more)) if more else []
    return [ask for each in fit if (ask := opened(ctx, each, ())) is not None]


def _within_pace(ctx: Context, asked: Sequence[Ask], at: datetime) -> tuple[list[Ask], float]:
    """Return the requests that may leave now, and how long to wait where none may; the others stay due."""
    cost = sum(each.cost for each in asked)
    if not cost:
        return list(asked), 0.0
    granted = doorways.book(ctx, cost, at)
    left = granted.cost
    kept: list[Ask] = []
    for ask in asked:
        if ask.cost <= left or (granted.cost and not kept):
            kept.append(ask)
            left -= ask.cost
    return kept, granted.wait


def _write(ctx: Context, claims: Sequence[Claim], ready: Sequence[tuple[Claim, bytes | None]]) -> None:
    """Write down the leases, and of what is ready that it may be out."""
    leaving = {each.notice_id for each, _ in ready}
    writing.lease(ctx, [each.held() for each in claims if each.notice_id not in leaving])
    writing.leave(ctx, [each.held(body) for each, body in ready])


def _claims(ctx: Context, asked: Sequence[Ask], known: Facts, *, is_trial: bool) -> tuple[Claim, ...]:
    lease = new_token()
    return tuple(
        Claim(
            notice_id=each.carrier.id,
            lease=lease,
            until=_until(ctx, each),
            via=each.via,
            attempt=attempt_of(ctx, each.carrier, each.via),
            retry_key=each.carrier.retry_key or uuid4(),
            parts=tuple(each.parts),
            body=each.body,
            followers=tuple(each.followers),
            person=each.carrier.person or "",
            address=each.address or _address(ctx, each, known),
            why_mail=each.carrier.why_mail if each.via is Via.MAIL else None,
            reply_token=each.reply_token,
            is_alone=each.carrier.alike is None,
            is_trial=is_trial,
        )
        for each in asked
    )


def _address(ctx: Context, ask: Ask, known: Facts) -> str:
    """Return the account's own address for a notice that came to the mail from LINE."""
    reach, _ = known.reaches.get(ask.carrier.account_id or 0, (None, False))
    return ctx.vault.open(reach.email) if reach and ask.via is Via.MAIL else ""


def _until(ctx: Context, ask: Ask) -> datetime:
    lease_until = ctx.now + rules.lease(ask.via)
    if ask.via is not Via.REPLY or ask.carrier.reply_token_at is None:
        return lease_until
    return min(lease_until, ask.carrier.reply_token_at + timedelta(seconds=ctx.policy.reply_token_seconds))
