"""What is asked about closing: the buckets of a unit's services, one form, and whether a case may be closed (ACC-10).

Each bucket is one condition, used by its count and by its list (CLOSE-10, DUTY-2); how many are over is a sum that is
kept (``tallies``), so that what was closed long ago costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from core.access import Action, require
from core.closures import tallies
from core.closures.earliest import Assessment, assess
from core.closures.facts import Facts, Statement
from core.closures.filing import Filing, opened
from core.closures.form import broken_condition
from core.closures.kinds import Act, ClosureBucket, ClosureState, Finding, Ground, Remaining
from core.closures.loading import completed, facts_of, live_closure, sibling_names
from core.closures.models import Closure, ClosureDraft, SemesterFinding, SemesterLook
from core.closures.steps import steps_of
from core.context import Context
from core.dispatches.models import Case, Opened
from core.duties.plans import DutyKind
from core.duties.returns import returned_because
from core.errors import Broken, NotFound
from core.masking import mask_name
from core.newest import Pile, newest
from core.paging import Page, clamped
from core.records.kinds import EducationLight
from core.records.opened import seen_service
from core.records.queries import ServiceWindows, windows_of_service
from core.scoping import within

Asked = TypeVarTuple("Asked")


@dataclass(frozen=True)
class ServiceRow:
    """One service as a list shows it; the name is masked."""

    opened_id: int
    number: str
    child: str
    unit_name: str
    opened_on: date
    last_dispatched_on: date
    closed_on: date | None
    state: ClosureState | None
    """Of the form that counts, if one was sent."""
    closing_on: date | None


@dataclass(frozen=True)
class StepRow:
    """What was done with a form; who did it is masked."""

    act: Act
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class ClosureView:
    """One closure form in full, for the unit's applicants and its supervisors."""

    closure_id: int
    opened_id: int
    state: ClosureState
    filing: Filing
    sent_at: datetime
    steps: tuple[StepRow, ...]


@dataclass(frozen=True)
class ClosingAnswer:
    """Whether a case may be closed: every condition, and the earliest date (CLOSE-11)."""

    opened_id: int
    number: str
    child: str
    unit_name: str
    ground: Ground
    assumes_no_risk: bool
    """Nobody has said yet whether a risk remains: the answer is for the case that none does."""
    state: ClosureState | None
    assessment: Assessment
    broken: tuple[Broken, ...]
    """The unmet conditions as the rules they break, in their order: what is missing, what to do."""
    windows: ServiceWindows
    light: EducationLight | None
    siblings: tuple[str, ...]
    """Other children of the family at the unit, masked."""
    reason: str = ""
    """Why its form was returned, masked; empty where it was not."""


@dataclass(frozen=True)
class FindingRow:
    """What there was to put right in one service at a look before a semester."""

    unit_name: str
    number: str
    child: str
    finding: Finding


_GOES_ON: dict[ClosureBucket, ColumnElement[bool]] = {
    ClosureBucket.IN_PROGRESS: or_(Closure.state.is_(None), Closure.state == ClosureState.APPROVED),
    ClosureBucket.APPLIED: Closure.state == ClosureState.APPLIED,
    ClosureBucket.RETURNED: Closure.state == ClosureState.RETURNED,
}
"""What is not over, by the form that counts; what is over is one bucket (CLOSE-10)."""
_LIVE = and_(Closure.opened_id == Opened.id, Closure.state != ClosureState.DELETED)
BY_END = Pile(Opened.unit_id, Opened.closed_on, Opened.id)


def buckets(ctx: Context) -> dict[ClosureBucket, int]:
    """Return how many services stand in each bucket (CLOSE-10)."""
    require(ctx.actor, Action.SEE_SERVICES)
    columns = [func.count().filter(holds) for holds in _GOES_ON.values()]
    counted = _going_on(ctx, select(*columns))
    closed = {ClosureBucket.CLOSED: tallies.SUMS.counted(ctx.session, ctx.actor.units, (ClosureBucket.CLOSED,))}
    return dict(zip(_GOES_ON, ctx.session.execute(counted).one(), strict=True)) | closed


def in_bucket(ctx: Context, bucket: ClosureBucket, start: int = 0, limit: int = 10) -> Page[ServiceRow]:
    """Return some services of a bucket: what goes on by the last dispatch, what is closed newest first.

    Raises ``NotAllowed`` without the permission.
    """
    require(ctx.actor, Action.SEE_SERVICES)
    is_over = bucket is ClosureBucket.CLOSED
    total, rows = _closed_page(ctx, start, limit) if is_over else _open_page(ctx, bucket, start, limit)
    ctx.note_rows("list_services", "services", [row.opened_id for row in rows], ("served",))
    return Page(total, rows, start)


def _going_on(ctx: Context, asked: Select[*Asked]) -> Select[*Asked]:
    """Return the question asked of the actor's services that are not over, with the form that counts."""
    mine = (Opened.closed_on.is_(None), within(ctx.actor.units, Opened.unit_id))
    return asked.select_from(Opened).outerjoin(Closure, _LIVE).where(*mine)


def _open_page(ctx: Context, bucket: ClosureBucket, start: int, limit: int) -> tuple[int, tuple[ServiceRow, ...]]:
    holds = _GOES_ON[bucket]
    total = ctx.session.scalar(_going_on(ctx, select(func.count())).where(holds)) or 0
    listed = _going_on(ctx, select(Opened, Closure, Case.number)).join(Case, Case.id == Opened.case_id).where(holds)
    oldest = listed.order_by(Opened.last_dispatched_on, Opened.id).offset(start).limit(clamped(limit))
    return total, tuple(_row(ctx, service, closure, number) for service, closure, number in ctx.session.execute(oldest))


def _closed_page(ctx: Context, start: int, limit: int) -> tuple[int, tuple[ServiceRow, ...]]:
    """Return the newest rows; only those that are shown are loaded."""
    units = ctx.actor.units
    total = tallies.SUMS.counted(ctx.session, units, (ClosureBucket.CLOSED,))
    places = newest(ctx.session, units, BY_END, Opened.closed_on.is_not(None), start + clamped(limit))[start:]
    ids = [opened_id for _, opened_id in places]
    listed = select(Opened, Closure, Case.number).join(Case, Case.id == Opened.case_id).outerjoin(Closure, _LIVE)
    rows = {row[0].id: row for row in ctx.session.execute(listed.where(Opened.id.in_(ids)))}
    return total, tuple(_row(ctx, rows[each][0], rows[each][1], rows[each][2]) for each in ids)


def closure_of(ctx: Context, closure_id: int) -> ClosureView:
    """Return one form in full, with what was done with it; raises ``NotFound``."""
    require(ctx.actor, Action.SEE_SERVICES)
    closure = ctx.session.get(Closure, closure_id)
    if closure is None:
        raise NotFound
    seen_service(ctx, closure.opened_id)
    steps = tuple(
        StepRow(each.act, mask_name(ctx.vault.open(each.account.name)), each.at,
                ctx.vault.open(each.reason) if each.reason else "")
        for each in steps_of(ctx, closure)
    )  # fmt: skip
    ctx.note("show_closure", f"closure:{closure.id}", ("form", "reason"))
    filing = opened(ctx.vault, closure.form)
    return ClosureView(closure.id, closure.opened_id, closure.state, filing, closure.sent_at, steps)


def closure_draft(ctx: Context, opened_id: int) -> Filing | None:
    """Return what the actor has typed of a closure and not sent, or None."""
    service = seen_service(ctx, opened_id)
    mine = (ClosureDraft.opened_id == service.id, ClosureDraft.written_by == ctx.actor.account_id)
    draft = ctx.session.scalar(select(ClosureDraft).where(*mine))
    return opened(ctx.vault, draft.form) if draft else None


def can_close(ctx: Context, opened_id: int, filing: Filing | None = None) -> ClosingAnswer:
    """Answer whether a service may be closed today (CLOSE-11).

    It is answered for ``filing``, else for the form that was sent, else for the actor's draft. What none of them says
    is presumed: the ground from what is known of the pupil, and that no risk remains.
    """
    service = seen_service(ctx, opened_id)
    closure = live_closure(ctx, service)
    said = filing or (opened(ctx.vault, closure.form) if closure else None) or closure_draft(ctx, opened_id) or Filing()
    presumed = replace(said, statement=_presumed(ctx, service, said.statement))
    facts = facts_of(ctx, service, presumed)
    assessment = assess(facts, ctx.today)
    reason = returned_because(ctx, DutyKind.RETURNED_CLOSURE, (service.id,)).get(service.id, "")
    fields = ("served", "conditions", "reason") if reason else ("served", "conditions")
    ctx.note("ask_closing", f"opened:{service.id}", fields)
    return ClosingAnswer(
        opened_id=service.id,
        number=ctx.session.scalar(select(Case.number).where(Case.id == service.case_id)) or "",
        child=mask_name(ctx.vault.open(service.served)),
        unit_name=service.unit.name,
        ground=_ground(facts),
        assumes_no_risk=said.statement.remaining is None,
        state=closure.state if closure else None,
        assessment=assessment,
        broken=tuple(broken_condition(condition, facts) for condition in assessment.unmet),
        windows=windows_of_service(ctx, opened_id),
        light=facts.light,
        siblings=tuple(mask_name(ctx.vault.open(name)) for name in sibling_names(ctx, service)),
        reason=reason,
    )


def look_rows(ctx: Context, day: date, start: int = 0, limit: int = 50) -> Page[FindingRow]:
    """Return what the look of a day before a semester found in the actor's units, unit by unit (CLOSE-12)."""
    require(ctx.actor, Action.SEE_SERVICES)
    mine = and_(SemesterLook.day == day, within(ctx.actor.units, SemesterLook.unit_id))
    looks = SemesterLook.id == SemesterFinding.look_id
    total = ctx.session.scalar(select(func.count()).select_from(SemesterFinding).join(SemesterLook, looks).where(mine))
    listed = (
        select(SemesterFinding, Case.number)
        .join(SemesterLook, looks)
        .join(Opened, Opened.id == SemesterFinding.opened_id)
        .join(Case, Case.id == Opened.case_id)
        .where(mine)
        .order_by(SemesterLook.unit_id, SemesterFinding.id)
    )
    found = ctx.session.execute(listed.offset(start).limit(clamped(limit))).all()
    ctx.note_rows("list_semester_look", "services", [row.opened_id for row, _ in found], ("served",))
    rows = (
        FindingRow(row.look.unit.name, number, mask_name(ctx.vault.open(row.opened.served)), row.finding)
        for row, number in found
    )
    return Page(total or 0, tuple(rows), start)


def _presumed(ctx: Context, service: Opened, said: Statement) -> Statement:
    known = completed(ctx, service, said)
    return replace(known, ground=known.ground or _likely(known, ctx.today), remaining=known.remaining or Remaining.NONE)


def _likely(known: Statement, today: date) -> Ground:
    """Return the ground that what is known of the pupil speaks for."""
    if known.leaving is not None and known.leaving.is_gone:
        return Ground.LEFT
    is_last_year = known.graduates_on is not None and known.graduates_on.year <= today.year
    return Ground.GRADUATING if is_last_year else Ground.NO_RISK


def _ground(facts: Facts) -> Ground:
    if facts.statement.ground is None:
        raise ValueError("a ground is presumed where none is stated")
    return facts.statement.ground


def _row(ctx: Context, service: Opened, closure: Closure | None, number: str) -> ServiceRow:
    return ServiceRow(
        opened_id=service.id,
        number=number,
        child=mask_name(ctx.vault.open(service.served)),
        unit_name=service.unit.name,
        opened_on=service.opened_on,
        last_dispatched_on=service.last_dispatched_on,
        closed_on=service.closed_on,
        state=closure.state if closure else None,
        closing_on=closure.closing_on if closure else None,
    )
