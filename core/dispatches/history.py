"""A family's service history: all that happened in its cases, at every unit, in order (S0).

A unit that serves the family sees the entries of all of them: what others do there is what it must know. Each kind of
entry has its source; an area that adds to the history adds one to ``SOURCES``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Account, Unit
from core.clock import start_of_day, taipei_date
from core.closures.entries import closing_entries
from core.context import Context
from core.dispatches.finding import is_served
from core.dispatches.kinds import Decision
from core.dispatches.models import Assessment, Case, Dispatch, Family, FormState, HandOver, Opening, Reply
from core.dispatches.stored import REPLY, opened
from core.errors import NotFound
from core.masking import mask_name
from core.paging import Page, clamped
from core.records.entries import record_entries
from core.records.kinds import EntryKind

ENTRIES_AT_MOST = 1000  # of one kind in one family
LISTED_AS_CLOSED = "依主系統名冊"


@dataclass(frozen=True)
class Entry:
    """Something that happened in a family's cases; who did it is masked."""

    at: datetime
    """For what has a date only, the first instant of the day."""
    kind: EntryKind
    number: str
    """The case it belongs to."""
    unit_name: str
    by: str = ""
    state: FormState | None = None
    decision: Decision | None = None
    opening: Opening | None = None
    score: int | None = None
    note: str = ""
    """More, in the words of whoever adds the entry: services of a record, where a dispatch went."""

    @property
    def on(self) -> date:
        """The day in Taipei."""
        return taipei_date(self.at)


@dataclass(frozen=True)
class History:
    """A family and a page of its entries, oldest first."""

    family_id: int
    child: str
    """The child it is named after, masked."""
    number: str
    entries: Page[Entry]


Source = Callable[[Context, int], Iterable[Entry]]


def history(ctx: Context, family_id: int, start: int = 0, limit: int = 50) -> History:
    """Return what happened in a family, of all units; raises ``NotFound`` for who does not serve it."""
    require(ctx.actor, Action.SEE_FAMILIES)
    family = ctx.session.scalar(select(Family).where(Family.id == family_id, is_served(ctx)))
    if family is None:
        raise NotFound
    entries = sorted((entry for source in SOURCES for entry in source(ctx, family_id)), key=lambda entry: entry.at)
    ctx.note("show_history", f"family:{family_id}", ("index_child", "entries"))
    shown = tuple(entries[start : start + clamped(limit)])
    return History(
        family_id=family_id,
        child=mask_name(ctx.vault.open(family.index_child)),
        number=family.named_after,
        entries=Page(len(entries), shown, start),
    )


def _reports(ctx: Context, family_id: int) -> Iterator[Entry]:
    asked = select(Case).where(Case.family_id == family_id).order_by(Case.received_on, Case.id).limit(ENTRIES_AT_MOST)
    for case in ctx.session.scalars(asked):
        yield Entry(start_of_day(case.received_on), EntryKind.REPORT, case.number, case.reported_by)


def _dispatches(ctx: Context, family_id: int) -> Iterator[Entry]:
    for row in _parts(ctx, family_id).values():
        yield Entry(start_of_day(row.dispatched_on), EntryKind.DISPATCH, row.case.number, row.unit.name)


def _hand_overs(ctx: Context, family_id: int) -> Iterator[Entry]:
    parts = _parts(ctx, family_id)
    rows = ctx.session.execute(
        select(HandOver, Unit.name)
        .join(Unit, Unit.id == HandOver.to_unit_id)
        .where(HandOver.dispatch_id.in_(parts))
        .order_by(HandOver.id)
        .limit(ENTRIES_AT_MOST)
    ).all()
    names = _names(ctx, {row.account_id for row, _ in rows})
    for row, unit_name in rows:
        number = parts[row.dispatch_id].case.number
        yield Entry(row.at, EntryKind.HAND_OVER, number, unit_name, names.get(row.account_id or 0, ""))


def _assessments(ctx: Context, family_id: int) -> Iterator[Entry]:
    parts = _parts(ctx, family_id)
    sent = (Assessment.dispatch_id.in_(parts), Assessment.submitted_at.is_not(None))
    rows = ctx.session.scalars(select(Assessment).where(*sent).order_by(Assessment.id).limit(ENTRIES_AT_MOST)).all()
    names = _names(ctx, {row.written_by for row in rows})
    for row in rows:
        part = parts[row.dispatch_id]
        yield Entry(
            at=row.submitted_at or row.saved_at,
            kind=EntryKind.ASSESSMENT,
            number=part.case.number,
            unit_name=part.unit.name,
            by=names[row.written_by],
            state=row.state,
            score=row.score,
        )


def _replies(ctx: Context, family_id: int) -> Iterator[Entry]:
    parts = _parts(ctx, family_id)
    sent = (Reply.dispatch_id.in_(parts), Reply.submitted_at.is_not(None))
    rows = ctx.session.scalars(select(Reply).where(*sent).order_by(Reply.id).limit(ENTRIES_AT_MOST)).all()
    names = _names(ctx, {row.written_by for row in rows})
    for row in rows:
        part, form = parts[row.dispatch_id], opened(ctx.vault, REPLY, row.form)
        yield Entry(
            at=row.submitted_at or row.saved_at,
            kind=EntryKind.REPLY,
            number=part.case.number,
            unit_name=part.unit.name,
            by=names[row.written_by],
            state=row.state,
            decision=form.decision,
            opening=form.opening,
        )


def _parts(ctx: Context, family_id: int) -> dict[int, Dispatch]:
    """Return the family's dispatches by id, oldest first."""
    asked = select(Dispatch).join(Case, Case.id == Dispatch.case_id).where(Case.family_id == family_id)
    rows = ctx.session.scalars(asked.order_by(Dispatch.dispatched_on, Dispatch.id).limit(ENTRIES_AT_MOST))
    return {row.id: row for row in rows}


def _names(ctx: Context, accounts: set[int] | set[int | None]) -> dict[int, str]:
    """Return the masked names of accounts."""
    rows = ctx.session.execute(select(Account.id, Account.name).where(Account.id.in_(accounts - {None})))
    return {row.id: mask_name(ctx.vault.open(row.name)) for row in rows}


def _records(ctx: Context, family_id: int) -> Iterator[Entry]:
    for each in record_entries(ctx, family_id):
        note = "、".join(service.label for service in each.services)
        yield Entry(
            each.at, EntryKind.RECORD, each.number, each.unit_name, mask_name(ctx.vault.open(each.by)), note=note
        )


def _closings(ctx: Context, family_id: int) -> Iterator[Entry]:
    for each in closing_entries(ctx, family_id):
        why = "、".join(reason.label for reason in each.reasons)
        note = f"{each.ground.label}：{why}" if each.ground else LISTED_AS_CLOSED
        by = mask_name(ctx.vault.open(each.by)) if each.by else ""
        yield Entry(each.at, EntryKind.CLOSURE, each.number, each.unit_name, by, note=note)


SOURCES: list[Source] = [_reports, _dispatches, _hand_overs, _assessments, _replies, _records, _closings]
