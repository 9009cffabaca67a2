"""What is written of notices that do not go now, or not together: settled, put off, moved, taken out of a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.sql.dml import Update

from core.context import Context
from core.notices.models import NOTICES, NoticeState, Via
from core.notices.rules import Next
from core.notices.writing import AS_NEW, FREE

PARTED = "parted"
"""Something else in its request is no longer its person's."""


def follow_now(ctx: Context, notice_id: int, following: Next) -> None:
    """Write down what follows from a failure at a notice that was not taken."""
    is_over = following.state is not NoticeState.CREATED
    values: dict[str, object] = FREE | {"state": following.state, "reason": following.reason}
    values |= {"settled_at": ctx.now, "body": None} if is_over else {"not_before": following.at}
    values["failures"] = NOTICES.c.failures + 1
    _update(ctx, NOTICES.update().where(NOTICES.c.id == notice_id).values(**values))


def settle_now(ctx: Context, notice_id: int, state: NoticeState, reason: str) -> None:
    """Settle a notice that is not sent, with all that ride along in its request."""
    is_held = state is NoticeState.HELD
    values: dict[str, object] = FREE | {"state": state, "reason": reason, "settled_at": ctx.now}
    values |= {} if is_held else {"body": None, "reply_token": None}
    _update(ctx, NOTICES.update().where(_in_requests([notice_id])).values(**values))


def free_key(ctx: Context, notice_id: int) -> None:
    """Leave the key of a notice that is not sent to the one that is written in its place."""
    own = NOTICES.c.dedupe_key + f":{notice_id}"
    _update(ctx, NOTICES.update().where(NOTICES.c.id == notice_id).values(dedupe_key=own))


def set_aside(ctx: Context, notice_ids: Collection[int]) -> None:
    """Let a person decide about notices that may be out, and do not go again as they are."""
    aside = {"state": NoticeState.GIVEN_UP, "reason": PARTED}
    _update(ctx, NOTICES.update().where(NOTICES.c.id.in_(notice_ids)).values(**aside))


def put_off(ctx: Context, notice_id: int, until: datetime) -> None:
    """Let a notice wait for a better moment."""
    waiting = FREE | {"state": NoticeState.CREATED, "not_before": until}
    _update(ctx, NOTICES.update().where(_in_requests([notice_id])).values(**waiting))


def move(ctx: Context, notice_id: int, reach: Mapping[str, object]) -> None:
    """Send a notice where its person is reached now, as a message of its own; what rode along goes on its own too."""
    own = AS_NEW | {"state": NoticeState.CREATED, **reach}
    loosen(ctx, [notice_id])
    _update(ctx, NOTICES.update().where(NOTICES.c.id == notice_id).values(**own))


def part(ctx: Context, carriers: Collection[int]) -> None:
    """Let the notices of requests that cannot be made of them all go one by one."""
    alone = AS_NEW | {"state": NoticeState.CREATED, "via": Via.PUSH, "alike": None}
    _update(ctx, NOTICES.update().where(_in_requests(carriers)).values(**alone))


def take_apart(ctx: Context, carriers: Collection[int]) -> None:
    """Make requests new of which nothing is out: what rode along goes on its own, as often tried as its carrier."""
    loosen(ctx, carriers)
    by_push = case((NOTICES.c.via == Via.MULTICAST, Via.PUSH), else_=NOTICES.c.via)
    anew = {"retry_key": None, "body": None, "via": by_push}
    _update(ctx, NOTICES.update().where(NOTICES.c.id.in_(carriers)).values(**anew))


def loosen(ctx: Context, carriers: Collection[int]) -> None:
    """Let what rides along in requests go on its own, as new."""
    own = AS_NEW | {"state": NoticeState.CREATED, "via": Via.PUSH} | _OF_CARRIER
    _update(ctx, NOTICES.update().where(NOTICES.c.carried_by.in_(carriers)).values(**own))


def followers_of(ctx: Context, carriers: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the notices that ride along in requests made before."""
    if not carriers:
        return {}
    found: dict[int, list[int]] = defaultdict(list)
    rows = ctx.session.execute(
        select(NOTICES.c.id, NOTICES.c.carried_by).where(NOTICES.c.carried_by.in_(carriers)).order_by(NOTICES.c.id)
    )
    for row in rows:
        found[row.carried_by].append(row.id)
    return {carrier: tuple(ids) for carrier, ids in found.items()}


def _in_requests(carriers: Collection[int]) -> ColumnElement[bool]:
    return or_(NOTICES.c.id.in_(carriers), NOTICES.c.carried_by.in_(carriers))


def _update(ctx: Context, statement: Update) -> None:
    ctx.session.connection().execute(statement)


_CARRIER = NOTICES.alias()
_OF_CARRIER = {
    name: select(_CARRIER.c[name]).where(_CARRIER.c.id == NOTICES.c.carried_by).scalar_subquery()
    for name in ("tries", "first_tried_at")
}
