"""What is written of notices on their way: leases, bodies, fates. Statements for many rows at once, none row by row.

A request's carrier has the lease, the key and the body; the notices that ride along are written after it, by
``carried_by``. Every statement that follows a try names the lease: who lost it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, null, select
from sqlalchemy.types import TypeEngine

from core.among import among
from core.context import Context
from core.many import Many, Rows, Values, changing
from core.notices import rules
from core.notices.models import NOTICES, NoticeState, Via
from core.notices.rules import Next

FREE: dict[str, object] = {"lease": None, "lease_until": None}
AS_NEW: dict[str, object] = FREE | {
    "carried_by": None,
    "retry_key": None,
    "first_tried_at": None,
    "may_be_out": False,
    "body": None,
}


@dataclass(frozen=True)
class Held:
    """One request under a lease; ``body`` is None where a code is in it, and until it is drawn."""

    notice_id: int
    lease: str
    via: Via
    followers: tuple[int, ...]
    """The notices that ride along."""
    retry_key: UUID
    body: bytes | None


@dataclass(frozen=True)
class Fate:
    """What becomes of a request after a try, with all notices in it."""

    notice_id: int
    lease: str
    followers: tuple[int, ...]
    following: Next
    failures: int
    may_be_out: bool
    request_id: str


def lease(ctx: Context, taken: Sequence[Held]) -> None:
    """Take notices that are locked, with those that ride along: nothing of them has left."""
    _TAKE.run(ctx.session, [_taken_row(ctx, each) for each in taken])
    _let_ride(ctx, taken)


def leave(ctx: Context, taken: Sequence[Held]) -> None:
    """Take notices that are locked, and write down that they may be out from now on, with their keys and bytes."""
    _LEAVE.run(ctx.session, [_taken_row(ctx, each) | _kept_row(ctx, each) for each in taken])
    _let_ride(ctx, taken)


def _let_ride(ctx: Context, taken: Sequence[Held]) -> None:
    riding = [
        {"its_id": each, "carrier": held.notice_id, "its_via": held.via} for held in taken for each in held.followers
    ]
    _RIDE.run(ctx.session, riding)


def held(ctx: Context, leases: Mapping[int, str]) -> set[int]:
    """Lock the notices whose lease is still the one given; an old lease is refused."""
    asked = {"ids": list(leases), "leases": list(set(leases.values()))}
    rows = ctx.session.connection().execute(_HELD, asked)
    return {row.id for row in rows.all() if leases[row.id] == row.lease}


def keep(ctx: Context, kept: Sequence[Held]) -> set[int]:
    """Write down that these requests may be out from now on, with their keys and bytes; return those still held."""
    rows = [_kept_row(ctx, each) for each in kept]
    return _where_held(ctx, _KEEP, rows, {each.notice_id: each.lease for each in kept})


def finish(ctx: Context, fates: Sequence[Fate]) -> set[int]:
    """Write down what becomes of requests; return those whose lease was still held, the others are left alone."""
    over = [each for each in fates if each.following.state is not NoticeState.CREATED]
    again = [each for each in fates if each.following.state is NoticeState.CREATED and not each.following.is_new]
    anew = [each for each in fates if each.following.state is NoticeState.CREATED and each.following.is_new]
    mine: set[int] = set()
    for statement, carried, chosen in (
        (_OVER, _OVER_CARRIED, over),
        (_AGAIN, _AGAIN_CARRIED, again),
        (_ANEW, _ANEW_CARRIED, anew),
    ):
        leases = {each.notice_id: each.lease for each in chosen}
        mine |= _where_held(ctx, statement, [_row(ctx, each) for each in chosen], leases)
        riding = [_row(ctx, each) for each in chosen if each.followers and each.notice_id in mine]
        carried.run(ctx.session, riding)
    return mine


def _where_held(ctx: Context, statement: Many, rows: Rows, leases: Mapping[int, str]) -> set[int]:
    """Write these rows of carriers whose lease still is the one given; return their ids."""
    return statement.run_where(ctx.session, rows, lambda: held(ctx, leases))


def _taken_row(ctx: Context, held: Held) -> dict[str, object]:
    until = ctx.now + rules.lease(held.via)
    return {"its_id": held.notice_id, "its_lease": held.lease, "its_via": held.via, "until": until}


def _kept_row(ctx: Context, held: Held) -> dict[str, object]:
    return {
        "its_id": held.notice_id,
        "its_lease": held.lease,
        "key": held.retry_key,
        "bytes": ctx.vault.seal_bytes(held.body) if held.body is not None else None,
        "moment": ctx.now,
    }


def _row(ctx: Context, fate: Fate) -> dict[str, object]:
    following = fate.following
    return {
        "its_id": fate.notice_id,
        "its_lease": fate.lease,
        "its_state": following.state,
        "its_reason": following.reason,
        "its_via": following.via,
        "moment": following.at or ctx.now,
        "its_failures": fate.failures,
        "its_doubt": fate.may_be_out,
        "its_request": fate.request_id[:80],
        "its_mail": following.why_mail,
    }


_IDS = among(NOTICES.c.id, "ids")
_HELD = (
    select(NOTICES.c.id, NOTICES.c.lease)
    .where(_IDS, among(NOTICES.c.lease, "leases"))
    .order_by(NOTICES.c.id)
    .with_for_update()
)


def _of_carrier(row: Values) -> ColumnElement[bool]:
    return and_(NOTICES.c.id == row["its_id"], NOTICES.c.lease == row["its_lease"])


def _of_carried(row: Values) -> ColumnElement[bool]:
    return NOTICES.c.carried_by == row["its_id"]


def _takes(row: Values) -> dict[str, Any]:
    taken = {"via": row["its_via"], "lease": row["its_lease"], "lease_until": row["until"]}
    return taken | {"state": NoticeState.CLAIMED, "tries": NOTICES.c.tries + 1}


def _keeps(row: Values) -> dict[str, Any]:
    first = func.coalesce(NOTICES.c.first_tried_at, row["moment"])
    return {"retry_key": row["key"], "body": row["bytes"], "first_tried_at": first, "may_be_out": True}


def _ends(row: Values) -> dict[str, Any]:
    given = {"state": "its_state", "reason": "its_reason", "via": "its_via"}
    given |= {"failures": "its_failures", "request_id": "its_request"}
    return FREE | {column: row[name] for column, name in given.items()}


def _settled(row: Values) -> dict[str, Any]:
    return _ends(row) | {"settled_at": row["moment"], "body": None, "reply_token": None}


def _later(row: Values) -> dict[str, Any]:
    return _ends(row) | {"not_before": row["moment"], "may_be_out": row["its_doubt"]}


def _renewed(row: Values) -> dict[str, Any]:
    """What is refused together goes alone after that."""
    alike = case((NOTICES.c.via == Via.MULTICAST, null()), else_=NOTICES.c.alike)
    anew = AS_NEW | {"not_before": row["moment"], "tries": 0, "alike": alike, "why_mail": row["its_mail"]}
    return _ends(row) | anew


def _fate_of(which: Callable[[Values], ColumnElement[bool]], values: Callable[[Values], dict[str, Any]]) -> Many:
    return changing(_FATE, lambda row: NOTICES.update().where(which(row)).values(**values(row)))


def _types(**names: str) -> dict[str, TypeEngine[Any]]:
    return {name: NOTICES.c[column].type for name, column in names.items()}


# Who rides along is its carrier's: whoever held a lease of it before has lost it.
_RIDE = changing(
    _types(its_id="id", carrier="carried_by", its_via="via"),
    lambda row: (
        NOTICES.update()
        .where(NOTICES.c.id == row["its_id"])
        .values(FREE | {"state": NoticeState.CLAIMED, "carried_by": row["carrier"], "via": row["its_via"]})
    ),
)
_OWN = _types(its_id="id", its_lease="lease")
_TAKEN = _OWN | _types(its_via="via", until="lease_until")
_KEPT = _OWN | _types(key="retry_key", bytes="body", moment="first_tried_at")
_TAKE = changing(_TAKEN, lambda row: NOTICES.update().where(NOTICES.c.id == row["its_id"]).values(**_takes(row)))
_LEAVE = changing(
    _TAKEN | _KEPT,
    lambda row: NOTICES.update().where(NOTICES.c.id == row["its_id"]).values(**_takes(row), **_keeps(row)),
)
_KEEP = changing(_KEPT, lambda row: NOTICES.update().where(_of_carrier(row)).values(**_keeps(row)))
_FATE = _types(
    its_id="id",
    its_lease="lease",
    its_state="state",
    its_reason="reason",
    its_via="via",
    moment="settled_at",
    its_failures="failures",
    its_doubt="may_be_out",
    its_request="request_id",
    its_mail="why_mail",
)
_OVER, _OVER_CARRIED = (_fate_of(each, _settled) for each in (_of_carrier, _of_carried))
_AGAIN, _AGAIN_CARRIED = (_fate_of(each, _later) for each in (_of_carrier, _of_carried))
_ANEW, _ANEW_CARRIED = (_fate_of(each, _renewed) for each in (_of_carrier, _of_carried))
