"""How the duties of closing follow what is known of a service and its form (CLOSE-3, CLOSE-4, CLOSE-9).

Before a form is sent, leaving or graduating owes one; a returned one is owed again. Sending meets what was owed, and
deleting lets it be owed anew. ``follow_service`` may be called after anything happened, and twice does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from core.calendar import ONE_DAY
from core.closures.filing import Filing
from core.closures.kinds import Act, ClosureState
from core.closures.loading import facts_of, leaving_of, live_closure
from core.closures.models import Closure, ClosureStep
from core.closures.rules import JULY_FIRST, july_owes, leaving_owes, returned_owes
from core.context import Context
from core.dispatches.models import Opened
from core.duties.following import Subject, begin
from core.duties.models import Duty, Ending, SubjectKind
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.service import end_duty
from core.records.following import follow_windows

KINDS = (DutyKind.CLOSURE_IN_MONTH, DutyKind.FOLLOW_TO_JULY, DutyKind.RETURNED_CLOSURE)
_UNSENT = frozenset({None, ClosureState.DELETED})


def follow_service(ctx: Context, service: Opened) -> None:
    """Bring all duties of a service in line: those of its windows and those of its closing."""
    follow_windows(ctx, service)
    follow_closing(ctx, service)


def follow_closing(ctx: Context, service: Opened) -> DutyKind | None:
    """Bring the duties of closing a service in line, and return the kind that is owed."""
    ctx.session.flush()
    closure = live_closure(ctx, service)
    owing = _owing(ctx, service, closure)
    for kind in KINDS:
        if owing is None or kind is not owing.kind:
            end_duty(ctx, kind, SubjectKind.OPENED, service.id, _ending(service, closure, kind))
    begin(ctx, Subject(SubjectKind.OPENED, service.id, service.unit_id, service.responsible_id), owing)
    return owing.kind if owing else None


@dataclass(frozen=True)
class Graduates:
    """A batch of graduates' services: the id of the last, 0 where there was none, and how many owe something now."""

    last: int
    opened: int


def follow_graduates(ctx: Context, behind: int, limit: int) -> Graduates:
    """Open what graduates owe from 1 July on, for up to ``limit`` services behind an id (CLOSE-4)."""
    until = ctx.today.replace(year=ctx.today.year + int((ctx.today.month, ctx.today.day) >= JULY_FIRST), month=1, day=1)
    has_duty = exists().where(
        Duty.subject_kind == SubjectKind.OPENED,
        Duty.subject_id == Opened.id,
        Duty.kind == DutyKind.FOLLOW_TO_JULY,
        Duty.ended_at.is_(None),
    )
    wanted = (Opened.id > behind, Opened.closed_on.is_(None), Opened.graduates_on <= until - ONE_DAY, ~has_duty)
    asked = select(Opened).where(*wanted).order_by(Opened.id).limit(limit)
    services = ctx.session.scalars(asked.with_for_update(of=Opened, key_share=True, skip_locked=True)).all()
    owed = [follow_closing(ctx, service) for service in services]
    return Graduates(services[-1].id if services else 0, owed.count(DutyKind.FOLLOW_TO_JULY))


def _owing(ctx: Context, service: Opened, closure: Closure | None) -> Owing | None:
    if service.closed_on is not None:
        return None
    if closure is not None:
        return _of_returned(ctx, closure) if closure.state is ClosureState.RETURNED else None
    leaving = leaving_of(ctx, service)
    owing = leaving_owes(leaving) if leaving else None
    if owing is None and service.graduates_on is not None:
        owing = july_owes(facts_of(ctx, service, Filing()))
    return owing if owing is not None and owing.counted_from <= ctx.now else None


def _of_returned(ctx: Context, closure: Closure) -> Owing | None:
    is_return = (ClosureStep.closure_id == closure.id, ClosureStep.act == Act.RETURN)
    returned_at = ctx.session.scalar(select(func.max(ClosureStep.at)).where(*is_return))
    return None if returned_at is None else returned_owes(returned_at, ctx.policy.returned_closure_days)


def _ending(service: Opened, closure: Closure | None, kind: DutyKind) -> Ending:
    """Return whether a duty that is not owed any more was met by sending or deleting a form, or became void."""
    state = closure.state if closure else None
    if service.closed_on is not None:
        return Ending.MET if state is ClosureState.APPROVED else Ending.VOID
    return Ending.VOID if state in _UNSENT and kind is not DutyKind.RETURNED_CLOSURE else Ending.MET
