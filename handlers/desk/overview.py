"""總覽: what each role starts from. Every number leads to its list (DUTY-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from werkzeug.wrappers import Response

from core.access import Action
from core.accounts.finding import own_account
from core.accounts.registration.models import RegistrationState
from core.accounts.registration.queries import queued_registrations
from core.accounts.requests.models import RequestState
from core.accounts.requests.queries import queued_requests
from core.cards import Tone
from core.checks.models import CheckBucket
from core.context import Context
from core.dispatches.models import DispatchBucket
from core.duties.counts import KindCount
from core.duties.notices import LATE_BUCKETS, OWED_BUCKETS
from core.duties.overview import Overview, overview
from core.duties.plans import DutyKind
from core.duties.watch import Watch, watch
from core.helpdesk.queries import DeskList, counts
from handlers.desk import views
from handlers.desk.review_kinds import KINDS, Kind
from handlers.desk.reviews import counted
from handlers.desk.rows import of_duty


@dataclass(frozen=True)
class Tile:
    """A number that matters, with its word and the list behind it; ``late`` of it where the word does not say so."""

    label: str
    value: int
    tone: Tone
    url: str
    late: int = 0


Group = tuple[str, tuple[Tile, ...]]
"""Tiles and the words over them."""
HELP_TILES = {
    DeskList.LATE: Tone.LATE,
    DeskList.UNASSIGNED: Tone.SOON,
    DeskList.MINE: Tone.SOON,
    DeskList.WAITING: Tone.PLAIN,
}
"""The lists of the helpdesk that an agent starts from, and how each feels when it is not empty."""


def show(ctx: Context) -> Response:
    """Show what the actor's role starts from: units watched, own duties, or accounts to be looked after."""
    start, may = views.start(), ctx.actor.may
    watched = watch(ctx, views.asked_id("bureau"), start, views.ROWS) if may(Action.WATCH_UNITS) else None
    rows = 0 if watched else views.ROWS
    own = overview(ctx, start, rows) if may(Action.SEE_DUTIES) else None
    return views.page(
        "overview.html",
        account=own_account(ctx),
        groups=(
            *_to_review(ctx),
            *_of_helpdesk(ctx),
            *(_groups(own) if own else ()),
        ),
        own=own,
        rows=tuple(of_duty(row) for row in own.owed.rows) if own else (),
        watched=watched,
        pager=_pager(watched, own, start),
        waiting=queued_requests(ctx, None, RequestState.FILED, 0, 1).total if may(Action.DECIDE_REQUESTS) else None,
        registering=_registering(ctx) if may(Action.DECIDE_REGISTRATIONS) else None,
        finds_accounts=may(Action.SEE_ACCOUNTS),
    )


def _registering(ctx: Context) -> int:
    """Return how many registrations wait for their decision."""
    return queued_registrations(ctx, RegistrationState.FILED, 0, 1).total


def _pager(watched: Watch | None, own: Overview | None, start: int) -> views.Pager | None:
    if watched:
        return views.pager(watched.units.total, start, len(watched.units.rows))
    return views.pager(own.owed.total, start, len(own.owed.rows)) if own else None


def _to_review(ctx: Context) -> tuple[Group, ...]:
    """Return how many forms wait for the actor's review, kind by kind; checks wait for nobody."""
    tiles = tuple(
        Tile(kind.label, count, Tone.SOON if count else Tone.PLAIN, url_for("desk.reviews", of=kind.value))
        for kind, count in counted(ctx).items()
        if KINDS[kind].approve
    )
    return (("等您審核", tiles),) if tiles else ()


def _of_helpdesk(ctx: Context) -> tuple[Group, ...]:
    """Return how many requests wait for an agent: the late ones first."""
    if not ctx.actor.may(Action.ANSWER_HELP):
        return ()
    found = counts(ctx)
    tiles = (
        Tile(which.label, found[which], tone if found[which] else Tone.PLAIN, url_for("desk.help", list=which.value))
        for which, tone in HELP_TILES.items()
    )
    return (("客服", tuple(tiles)),)


def _groups(own: Overview) -> tuple[Group, ...]:
    groups = []
    if own.dispatches is not None:
        groups.append(("派案回覆", _tiles("desk.dispatches", own.dispatches, own)))
    if own.checks is not None:
        groups.append(("幸福保衛站檢核", _tiles("desk.checks", own.checks, own)))
    if own.others:
        tiles = (_of_kind(kind, count) for kind, count in own.others.items())
        groups.append(("其他待辦", tuple(tiles)))
    return tuple(groups)


def _of_kind(kind: DutyKind, count: KindCount) -> Tile:
    tone = Tone.LATE if count.late else Tone.SOON
    return Tile(kind.label, count.owed, tone, url_for("desk.duties", kind=kind.value), count.late)


def _tiles(
    endpoint: str, counts: Mapping[DispatchBucket, int] | Mapping[CheckBucket, int], own: Overview
) -> tuple[Tile, ...]:
    return tuple(
        Tile(
            bucket.label,
            count,
            Tone.LATE if own.late_in(bucket) else _tone(bucket, count),
            _behind(endpoint, bucket),
            own.late_in(bucket),
        )
        for bucket, count in counts.items()
    )


def _behind(endpoint: str, bucket: DispatchBucket | CheckBucket) -> str:
    """Return where the list behind a number stands: what waits for a review, where it is decided."""
    if bucket is DispatchBucket.TO_REVIEW:
        return url_for("desk.reviews", of=Kind.REPLIES.value)
    return url_for(endpoint, bucket=bucket.value)


def _tone(bucket: DispatchBucket | CheckBucket, count: int) -> Tone:
    if not count or bucket not in OWED_BUCKETS:
        return Tone.PLAIN
    return Tone.LATE if bucket in LATE_BUCKETS else Tone.SOON
