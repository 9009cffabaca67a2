"""Writes that come with an Idempotency-Key: done once, and answered again for a day.

``begin_write`` is committed before the work: of two at once the unique key of the database lets one in, and the other
learns that it is under way. The answer is kept in the transaction of the work itself, so there is no moment at which
the one stands without the other. A process that died in between leaves a lease that runs out; whoever takes over holds
another one, and the first, should it wake, is rolled back.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from core.clearing import clear_away
from core.context import Context
from core.database import insert_once
from core.errors import Conflict
from core.machines import rules
from core.machines.models import ApiWrite
from core.machines.refusals import TAKEN_OVER
from core.machines.rules import Again
from core.secrets import new_token


@dataclass(frozen=True)
class Write:
    """A write as it was asked for."""

    mark: str
    """The Idempotency-Key."""
    request: str
    """What is asked: method, path and body; two requests that mean the same are the same text."""


@dataclass(frozen=True)
class Begun:
    """The write may be done now, by who holds this."""

    marker: str
    lease: str


@dataclass(frozen=True)
class Answered:
    """It was done before; this is what was answered."""

    status: int
    body: str


def begin_write(ctx: Context, write: Write) -> Begun | Answered | Again:
    """Begin a write of the key that acts, or return what was answered before, or why it may not be done now."""
    clear_away(ctx, ApiWrite.marker, ApiWrite.begun_at <= ctx.now - rules.REMEMBERED)
    marker, request = _marker(ctx, write.mark), ctx.vault.derive("api-request", write.request).hex()
    begun = Begun(marker, new_token())
    values = {"request": request, "lease": begun.lease, "begun_at": ctx.now, "status": None, "answer": None}
    if insert_once(ctx.session, ApiWrite, {"marker": marker, **values}, key="marker") is not None:
        return begun
    row = ctx.session.scalars(
        select(ApiWrite).where(ApiWrite.marker == marker).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:  # refused and let go of between the two statements
        return Again.UNDER_WAY
    again = rules.found_again(rules.Kept(row.request, row.begun_at, row.status is not None), request, ctx.now)
    if again is Again.OVER:
        ctx.session.execute(update(ApiWrite).where(ApiWrite.marker == marker).values(**values))
        return begun
    if again is Again.ANSWERED and row.status is not None and row.answer is not None:
        return Answered(row.status, ctx.vault.open(row.answer))
    return again


def keep_answer(ctx: Context, begun: Begun, status: int, body: str) -> None:
    """Keep what is answered, in the transaction of the work; raises ``Conflict`` where somebody else took it over."""
    kept = ctx.session.scalar(
        update(ApiWrite)
        .where(ApiWrite.marker == begun.marker, ApiWrite.lease == begun.lease)
        .values(status=status, answer=ctx.vault.seal(body))
        .returning(ApiWrite.marker),
        execution_options={"synchronize_session": False},
    )
    if kept is None:
        raise Conflict(TAKEN_OVER)


def let_go(ctx: Context, begun: Begun) -> None:
    """Forget a write that was refused: nothing was done, so the same may be asked again, and will be judged anew."""
    ctx.session.execute(
        delete(ApiWrite).where(
            ApiWrite.marker == begun.marker, ApiWrite.lease == begun.lease, ApiWrite.status.is_(None)
        ),
        execution_options={"synchronize_session": False},
    )


def _marker(ctx: Context, mark: str) -> str:
    return ctx.vault.derive("api-write", f"{ctx.actor.key_id}\0{mark}").hex()
