"""What holds after every step, whoever did what: buckets, duties, services, lights, sums, scopes, the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from core.audit import Door, verify
from core.checks import queries as checks
from core.checks import tallies as check_sums
from core.checks.models import Check, CheckBucket, CheckState
from core.closures import queries as closures
from core.closures import tallies as closed_sums
from core.closures.kinds import ClosureBucket, ClosureState
from core.context import Context
from core.dispatches import queries as dispatches
from core.dispatches.models import CaseLight, Dispatch, DispatchBucket, DispatchState, Opened, Tally
from core.duties import queries as duties
from core.duties.models import SubjectKind
from core.paging import Page
from tests.core.life.stand import OPENS, Stand, owed_by, owed_in, stand
from tests.core.life.town import SCOPES, SUPERVISORS, SYSTEM, Town

A_PAGE = 50
SENT = {ClosureState.APPLIED: ClosureBucket.APPLIED, ClosureState.RETURNED: ClosureBucket.RETURNED}
VIEWERS = ("s1", "s2", "w1", "edu", "social", "center")
"""Everybody who sees something else than another: the head sees what the supervisor does."""


@dataclass(frozen=True)
class Seen:
    """What decides on what somebody sees, and in which bucket: their units, what is late, whether they review."""

    who: str
    units: frozenset[int]
    late: frozenset[tuple[object, ...]]

    @property
    def reviews(self) -> bool:
        return self.who in SUPERVISORS

    def is_late(self, *about: object) -> bool:
        return about in self.late


Asked = dict[tuple[str, str], object]
"""What somebody was shown of an area when it was asked last: asked again only where it ought to differ."""


def holds(town: Town, asked: Asked, viewers: Sequence[str] = VIEWERS) -> Stand:
    """Hold everything against the tables and return them; with nothing ``asked`` before, all views are asked for."""
    with town.core.reading(town.actors[SYSTEM], Door.DESK) as ctx:
        rows = stand(ctx.session)
        owed = owed_by(rows, ctx.now)
        assert owed_in(rows) == owed
        _services_are_one(rows)
        _sums_are_counts(ctx)
        _lights_follow_parts(ctx, rows, asked)
        late = frozenset(each.about for each in owed if each.due_at < ctx.now)
        for who in viewers:
            units = frozenset(town.units[code] for code in SCOPES[who])
            _sees(ctx.as_actor(town.actors[who]), rows, Seen(who, units, late), asked)
    return rows


def chain_holds(town: Town) -> None:
    """The audit's chain is whole."""
    with town.core.store.reading() as session:
        assert verify(session, town.core.vault) is None


def nothing_went_back(before: Stand, after: Stand) -> None:
    """A later event lets no deadline that is still open come earlier; what is closed stays closed."""
    for duty_id in before.duties.keys() & after.duties.keys():
        assert after.duties[duty_id].due_at >= before.duties[duty_id].due_at, after.duties[duty_id]
    for service_id, was in before.services.items():
        assert was.closed_on is None or after.services[service_id].closed_on == was.closed_on


def _services_are_one(rows: Stand) -> None:
    """A unit serves a family once at a time, from its newest dispatch on (REC-8); answered openings have a service."""
    going_on = Counter((each.family_id, each.unit_id) for each in rows.services.values() if each.closed_on is None)
    assert set(going_on.values()) <= {1}
    newest: dict[tuple[int, int], Any] = {}
    for row in rows.dispatches.values():
        place = (row.family_id, row.unit_id)
        newest[place] = max(newest.get(place, row.dispatched_on), row.dispatched_on)
        if row.state is DispatchState.ANSWERED and row.opening in OPENS:
            assert rows.of_family(*place), row
    for each in rows.services.values():
        if each.closed_on is None:
            assert each.last_dispatched_on == newest[each.family_id, each.unit_id], each
        else:
            assert each.closed_on >= each.opened_on


def _sums_are_counts(ctx: Context) -> None:
    """The sums that are kept are the numbers of rows, unit by unit (DUTY-2)."""
    kept = select(Tally.unit_id, Tally.state, func.sum(Tally.change)).group_by(Tally.unit_id, Tally.state)
    found = select(Dispatch.unit_id, Dispatch.state, func.count()).group_by(Dispatch.unit_id, Dispatch.state)
    sums = {(unit_id, state): int(change) for unit_id, state, change in ctx.session.execute(kept) if change}
    assert sums == {(unit_id, state): number for unit_id, state, number in ctx.session.execute(found)}
    checks_kept = check_sums.SUMS.by_state(ctx.session, ctx.actor.units)
    services_kept = closed_sums.SUMS.by_state(ctx.session, ctx.actor.units)
    assert +checks_kept == Counter(
        check_sums.RESULTS[has_need]
        for has_need in ctx.session.scalars(select(Check.has_need).where(Check.state == CheckState.CHECKED))
    )
    over = ctx.session.scalar(select(func.count()).where(Opened.closed_on.is_not(None)))
    assert services_kept[ClosureBucket.CLOSED] == over


def _lights_follow_parts(ctx: Context, rows: Stand, asked: Asked) -> None:
    """R while a unit owes a reply, Y while one has it open, else G (REC-7); what waits for review is answered."""
    for number in {row.number for row in rows.dispatches.values()}:
        parts = [row for row in rows.dispatches.values() if row.number == number]
        is_open = [row for row in parts if row.state in {"submitted", "answered"} and row.opening in OPENS]
        light = CaseLight.Y if is_open else CaseLight.G
        if any(row.state in {DispatchState.WAITING, DispatchState.RETURNED} for row in parts):
            light = CaseLight.R
        if asked.get(("light", number)) != parts:
            assert dispatches.case_of(ctx, number).light is light
            asked["light", number] = parts


def _sees(ctx: Context, rows: Stand, seen: Seen, asked: Asked) -> None:
    """Whoever asks sees all of their units and nothing else, each thing in one bucket; counts equal lists (DUTY-2)."""
    cases = {row.id: _case_bucket(row, seen) for row in _mine(rows.dispatches, seen)}
    meals = {row.number: _check_bucket(row, seen) for row in _mine(rows.checks, seen)}
    served = {row.id: _closing_bucket(row, rows) for row in _mine(rows.services, seen)}
    views = (
        View("dispatches", cases, dispatches.buckets, dispatches.in_bucket, "dispatch_id"),
        View("checks", meals, checks.buckets, checks.in_bucket, "number"),
        View("services", served, closures.buckets, closures.in_bucket, "opened_id"),
    )
    for view in views:
        if asked.get((seen.who, view.area)) != view.expected:
            _parts(ctx, view)
            asked[seen.who, view.area] = view.expected
    mine = {each.id: each.due_at < ctx.now for each in _mine(rows.duties, seen)}
    if asked.get((seen.who, "owed")) != mine:
        found = duties.owed(ctx, 0, A_PAGE)
        assert (found.total, found.late) == (len(mine), sum(mine.values()))
        assert {each.duty_id for each in found.rows} <= mine.keys()
        asked[seen.who, "owed"] = mine


@dataclass(frozen=True)
class View:
    """What somebody ought to see of an area, and where it is asked."""

    area: str
    expected: Mapping[Any, Any]
    buckets: Callable[[Context], Mapping[Any, int]]
    in_bucket: Callable[[Context, Any, int, int], Page[Any]]
    key: str


def _parts(ctx: Context, view: View) -> None:
    counted = view.buckets(ctx)
    assert +Counter(counted) == Counter(view.expected.values())
    for bucket, count in counted.items():
        if count:
            found = view.in_bucket(ctx, bucket, 0, A_PAGE)
            ids = {key for key, its in view.expected.items() if its is bucket}
            assert found.total == count
            assert (
                {getattr(row, view.key) for row in found.rows} == ids if count <= A_PAGE else len(found.rows) == A_PAGE
            )


def _mine(rows: Mapping[Any, Row[Any]], seen: Seen) -> list[Row[Any]]:
    return [row for row in rows.values() if row.unit_id in seen.units]


def _case_bucket(row: Row[Any], seen: Seen) -> DispatchBucket:
    """Return where a dispatch counts (REPLY-2)."""
    is_late = seen.is_late(SubjectKind.DISPATCH, row.id)
    if row.state is DispatchState.WAITING:
        return DispatchBucket.LATE if is_late else DispatchBucket.WAITING
    if row.state is DispatchState.RETURNED:
        return DispatchBucket.RETURNED_LATE if is_late else DispatchBucket.RETURNED
    if row.state is DispatchState.CLOSED:
        return DispatchBucket.CLOSED
    is_to_review = row.state is DispatchState.SUBMITTED and seen.reviews
    return DispatchBucket.TO_REVIEW if is_to_review else DispatchBucket.ANSWERED


def _check_bucket(row: Row[Any], seen: Seen) -> CheckBucket:
    """Return where a check counts (CHK-2)."""
    if row.state is CheckState.WAITING:
        return CheckBucket.LATE if seen.is_late(SubjectKind.CHECK, row.id) else CheckBucket.WAITING
    if row.state is CheckState.RETURNED:
        return CheckBucket.RETURNED
    if row.has_need is None:
        return CheckBucket.NEED_UNKNOWN
    return CheckBucket.WITH_NEED if row.has_need else CheckBucket.WITHOUT_NEED


def _closing_bucket(row: Row[Any], rows: Stand) -> ClosureBucket:
    """Return where a service counts (CLOSE-10)."""
    if row.closed_on is not None:
        return ClosureBucket.CLOSED
    closure = rows.closures.get(row.id)
    return SENT[closure.state] if closure else ClosureBucket.IN_PROGRESS
