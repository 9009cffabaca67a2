"""What became of requests, written down for a whole batch: the states and their edges are in ``rules.py``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.context import Context
from core.notices import doorways, rules, unsent, writing
from core.notices.channel import NOT_OUT, Outcome, Sent
from core.notices.claiming import Claim
from core.notices.models import NoticeState
from core.notices.writing import Fate


@dataclass(frozen=True)
class Tried:
    """One request and its outcome."""

    claim: Claim
    sent: Sent


def keep(ctx: Context, drawn: Sequence[tuple[Claim, bytes | None]]) -> set[int]:
    """Write down that requests are about to leave, with their keys and bytes; return the carriers still held.

    From here on a request may be out, whatever happens to its worker.
    """
    return writing.keep(ctx, [claim.held(body) for claim, body in drawn])


def settle(ctx: Context, tried: Sequence[Tried], at: datetime, spread: Callable[[], float]) -> dict[int, NoticeState]:
    """Write down the outcomes of a batch; return the new states of those whose lease still held.

    ``at`` is the machine's present, for the pace; ``spread`` gives random numbers from 0 to 1.
    """
    fates = [_fate(each, ctx.now, spread()) for each in tried]
    mine = writing.finish(ctx, fates)
    _note_channels(ctx, tried, at)
    return {each.notice_id: each.following.state for each in fates if each.notice_id in mine}


def part(ctx: Context, claims: Sequence[Claim]) -> None:
    """Let notices that cannot be drawn into one request go one by one."""
    if not claims:
        return
    mine = writing.held(ctx, {each.notice_id: each.lease for each in claims})
    unsent.part(ctx, mine)


def _fate(tried: Tried, now: datetime, spread: float) -> Fate:
    claim, outcome = tried.claim, tried.sent.outcome
    return Fate(
        claim.notice_id,
        claim.lease,
        claim.followers,
        rules.follow(claim.attempt, outcome, now, spread),
        claim.attempt.failures + (outcome is Outcome.FAILED),
        claim.attempt.may_be_out or outcome not in NOT_OUT,
        tried.sent.request_id,
    )


def _note_channels(ctx: Context, tried: Sequence[Tried], at: datetime) -> None:
    outcomes: dict[str, list[tuple[Outcome, str]]] = defaultdict(list)
    for each in tried:
        outcomes[doorways.door_of(each.claim.via)].append((each.sent.outcome, each.sent.detail))
    for name, found in outcomes.items():
        is_trial = any(each.claim.is_trial for each in tried if doorways.door_of(each.claim.via) == name)
        doorways.note(ctx, name, found, at, is_trial=is_trial)
