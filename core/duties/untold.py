"""What was not told of a duty, and why: kept where it happens, and answered for whoever may see the duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, select

from core.accounts.models import Account
from core.context import Context
from core.duties.courses import course_of
from core.duties.models import DigestItem, Duty, Ending, UntoldStage, UrgentItem, WhyNot
from core.duties.queries import seen_duty
from core.duties.rules import Stage, StageKind, next_stage, past_stages, stage_at
from core.many import inserting
from core.notices.models import Notice, NoticeDuty, NoticeState

ROWS_AT_MOST = 100  # a page shows them all: a duty has few stages, merged ones of a long outage more
UNSENT = (NoticeState.DROPPED, NoticeState.REFUSED, NoticeState.GIVEN_UP, NoticeState.UNREACHABLE)
ENDED = {Ending.MET: WhyNot.MET, Ending.VOID: WhyNot.VOID}

_KEPT = inserting(cast("Table", UntoldStage.__table__), ("duty_id", "account_id", "stage", "at", "why", "noted_at"))


@dataclass(frozen=True)
class NotTold:
    """One stage that was not told, and why; without ``account`` nobody was told."""

    stage: StageKind | None
    """None: a notice, whatever stage it was of."""
    at: datetime
    why: WhyNot
    account: str = ""
    """The code of the account it was not told to."""


def why_not_told(ctx: Context, duty_id: int) -> tuple[NotTold, ...]:
    """Return all that was not told of a duty, in order of time; raises ``NotFound`` when it is not the actor's."""
    duty = seen_duty(ctx, duty_id)
    found = [*_kept(ctx, duty), *_past(ctx, duty), *_ended(ctx, duty), *_unsent(ctx, duty)]
    return tuple(sorted(found, key=lambda each: each.at))


def keep_untold(ctx: Context, stages: Iterable[tuple[int, Stage]], why: WhyNot, account_id: int | None = None) -> None:
    """Write down stages that are not told, each with its duty's id."""
    rows = [
        {"duty_id": duty_id, "account_id": account_id, "stage": stage.kind, "at": stage.at, "why": why}
        | {"noted_at": ctx.now}
        for duty_id, stage in stages
    ]
    _KEPT.run(ctx.session, rows)


def forget_waiting(ctx: Context, duty: Duty, ending: Ending | None = None) -> None:
    """Take what waits to be told of a duty away; ``ending`` is why, None: it arises anew and is told as it is then."""
    waiting = [
        account_id
        for table in (DigestItem, UrgentItem)
        for account_id in ctx.session.scalars(delete(table).where(table.duty_id == duty.id).returning(table.account_id))
    ]
    if waiting and ending is not None and duty.reminded_at is not None:
        stage = Stage(stage_at(course_of(ctx, duty), duty.reminded_at), duty.reminded_at, is_urgent=False)
        keep_untold(ctx, [(duty.id, stage)], ENDED[ending])


def _kept(ctx: Context, duty: Duty) -> Iterator[NotTold]:
    rows = ctx.session.execute(
        select(UntoldStage.stage, UntoldStage.at, UntoldStage.why, Account.code)
        .outerjoin(Account, Account.id == UntoldStage.account_id)
        .where(UntoldStage.duty_id == duty.id)
        .order_by(UntoldStage.at, UntoldStage.id)
        .limit(ROWS_AT_MOST)
    )
    for row in rows:
        yield NotTold(StageKind(row.stage), row.at, row.why, row.code or "")


def _past(ctx: Context, duty: Duty) -> Iterator[NotTold]:
    for stage in past_stages(course_of(ctx, duty)):
        yield NotTold(stage.kind, stage.at, WhyNot.PAST)


def _ended(ctx: Context, duty: Duty) -> Iterator[NotTold]:
    """Yield the stage that would have come next, had the duty not ended."""
    if duty.ending is None:
        return
    following = next_stage(course_of(ctx, duty), duty.reminded_at)
    if following is not None:
        yield NotTold(following.kind, following.at, ENDED[duty.ending])


def _unsent(ctx: Context, duty: Duty) -> Iterator[NotTold]:
    """Yield the notices about it that did not go out; one dropped because the duty had ended says so."""
    rows = ctx.session.execute(
        select(Notice.created_at, Notice.state, Account.code)
        .join(NoticeDuty, NoticeDuty.notice_id == Notice.id)
        .outerjoin(Account, Account.id == Notice.account_id)
        .where(NoticeDuty.duty_id == duty.id, Notice.state.in_(UNSENT))
        .order_by(Notice.created_at)
        .limit(ROWS_AT_MOST)
    )
    for row in rows:
        is_over = duty.ending is not None and row.state is NoticeState.DROPPED
        why = ENDED[duty.ending] if duty.ending is not None and is_over else WhyNot.UNSENT
        yield NotTold(None, row.created_at, why, row.code or "")
