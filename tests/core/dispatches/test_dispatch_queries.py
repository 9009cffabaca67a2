"""Buckets: every dispatch stands in exactly one, counts equal lists, and nobody sees another's (DUTY-2, ACC-10)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access import Action, Actor, Units, system
from core.accounts.models import Permission, Role, Unit
from core.audit import AuditRow, Door
from core.clock import TICK, FixedClock, end_of_day, taipei_date
from core.context import Context, Core
from core.dispatches import rules
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import CaseLight, Dispatch, DispatchBucket, DispatchState, FormState, Opening
from core.dispatches.queries import DispatchRow, Latest, buckets, case_of, in_bucket
from core.dispatches.service import put_dispatch
from core.errors import NotAllowed, NotFound
from tests.builders import a_case, a_dispatch, a_unit, an_account
from tests.duties import owe

DISPATCHED = date(2026, 2, 22)  # its reply is due on the day the clock stands at


def a_caseworker(*units: Unit) -> Actor:
    ids = frozenset(unit.id for unit in units)
    return Actor("AB1234", 1, None, Role.CASEWORKER, frozenset({Permission.CASEWORKER}), Units(ids=ids))


def all_rows(ctx: Context, bucket: DispatchBucket) -> list[DispatchRow]:
    rows: list[DispatchRow] = []
    start: int | None = 0
    while start is not None:
        found = in_bucket(ctx, bucket, start, 3)
        rows += found.rows
        start = found.next_start
    return rows


class Undo(Exception):
    """Ends a transaction that is to leave nothing."""


@dataclass(frozen=True)
class Move:
    """One import: which of three cases, its state, after so many days."""

    case: int
    state: DispatchState
    days: int


moves = st.lists(
    st.builds(Move, st.integers(0, 2), st.sampled_from(DispatchState), st.integers(0, 6)), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=moves)
def test_buckets_part_all_dispatches_and_count_what_they_list(core: Core, history: Sequence[Move]) -> None:
    with suppress(Undo), core.transaction(system("tests"), Door.COMMAND) as ctx:
        a_unit(ctx, code="H1")
        now = ctx.now
        for move in history:
            now += timedelta(days=move.days)
            put_dispatch(replace(ctx, now=now), _facts(move))
        present = replace(ctx, now=now)
        listed = {bucket: all_rows(present, bucket) for bucket in DispatchBucket}
        assert buckets(present) == {bucket: len(rows) for bucket, rows in listed.items()}
        numbers = [row.number for rows in listed.values() for row in rows]
        assert sorted(numbers) == sorted({f"H{move.case}" for move in history})
        for bucket, rows in listed.items():
            assert {rules.bucket(row.state, row.due_at, now, reviews=True) for row in rows} <= {bucket}
        raise Undo


def _facts(move: Move) -> DispatchFacts:
    return DispatchFacts(f"H{move.case}", "H1", DISPATCHED, DISPATCHED, "王小明", move.state, needs_assessment=False)


def test_dispatch_leaves_waiting_for_late_one_tick_after_its_due_day(core: Core, clock: FixedClock) -> None:
    owe(core, a_dispatch(core, dispatched_on=DISPATCHED))
    clock.at = end_of_day(date(2026, 3, 4))
    assert _count(core, DispatchBucket.WAITING) == 1
    clock.move(TICK)
    assert _count(core, DispatchBucket.WAITING) == 0
    assert _count(core, DispatchBucket.LATE) == 1


def _count(core: Core, bucket: DispatchBucket) -> int:
    with core.reading(system("tests"), Door.CHAT) as ctx:
        return buckets(ctx)[bucket]


def test_late_ones_are_listed_however_old(core: Core) -> None:
    owe(core, a_dispatch(core, dispatched_on=date(2022, 7, 28), number="WK00728"))
    owe(core, a_dispatch(core, dispatched_on=date(2026, 2, 1)))
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        page = in_bucket(ctx, DispatchBucket.LATE)
    assert page.total == 2
    assert page.rows[0].number == "WK00728"
    assert page.rows[0].due_at == end_of_day(date(2022, 8, 7))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answered=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from(sorted(rules.ANSWERED))), max_size=12
    )
)
@example([(0, days, DispatchState.ANSWERED) for days in range(4)])
def test_what_is_settled_is_listed_newest_first_over_all_units_asked_for(
    core: Core, answered: Sequence[tuple[int, int, DispatchState]]
) -> None:
    with suppress(Undo), core.transaction(system("tests"), Door.COMMAND) as ctx:
        units = [a_unit(ctx), a_unit(ctx), a_unit(ctx)]
        for place, days, state in answered:
            a_dispatch(ctx, units[place], dispatched_on=DISPATCHED + timedelta(days=days), state=state)
        rows = ctx.session.scalars(select(Dispatch)).all()
        for actor, seen in ((a_caseworker(*units[:2]), {units[0].id, units[1].id}), (ctx.actor, {u.id for u in units})):
            reviews = actor.may(Action.REVIEW_REPLIES)
            expected = sorted(
                ((row.dispatched_on, row.id) for row in rows if row.unit_id in seen
                 and not (reviews and row.state is DispatchState.SUBMITTED)),
                reverse=True,
            )  # fmt: skip
            for start in range(len(expected)):
                page = in_bucket(ctx.as_actor(actor), DispatchBucket.ANSWERED, start, 3)
                shown = [(row.dispatched_on, row.dispatch_id) for row in page.rows]
                assert (page.total, shown) == (len(expected), expected[start : start + 3])
        raise Undo


def test_another_units_dispatches_are_neither_counted_nor_listed(core: Core) -> None:
    mine, other = a_unit(core), a_unit(core)
    for unit in (mine, other):
        owe(core, a_dispatch(core, unit))
        a_dispatch(core, unit, state=DispatchState.ANSWERED)
    with core.transaction(a_caseworker(mine), Door.CHAT) as ctx:
        counts = buckets(ctx)
        assert (counts[DispatchBucket.WAITING], counts[DispatchBucket.ANSWERED]) == (1, 1)
        names = {row.unit_name for bucket in counts for row in in_bucket(ctx, bucket).rows}
    assert names == {mine.name}


def test_somebody_without_the_permission_is_refused(core: Core) -> None:
    actor = Actor("AB1234", role=Role.CASEWORKER, permissions=frozenset({Permission.MEAL_CHECKS}))
    with core.transaction(actor, Door.CHAT) as ctx:
        for ask in (lambda: buckets(ctx), lambda: in_bucket(ctx, DispatchBucket.LATE), lambda: case_of(ctx, "WK1")):
            with pytest.raises(NotAllowed):
                ask()


def test_names_leave_masked_and_the_showing_is_in_the_audit(core: Core) -> None:
    unit = a_unit(core)
    worker = an_account(core, unit, name="陳怡君")
    owe(core, a_dispatch(core, unit, child="王小明", served="王小華", responsible=worker))
    with core.transaction(a_caseworker(unit), Door.CHAT) as ctx:
        row = in_bucket(ctx, DispatchBucket.WAITING).rows[0]
    assert (row.child, row.served, row.responsible) == ("王○明", "王○華", "陳○君")
    with core.store.reading() as session:
        shown = session.scalars(select(AuditRow).where(AuditRow.act == "list_dispatches")).one()
    assert (shown.actor, shown.subject, shown.fields) == (
        "AB1234",
        f"dispatches:{row.dispatch_id}",
        "child_name,served",
    )


def test_case_shows_the_askers_part_and_the_light_of_all(core: Core) -> None:
    mine, other = a_unit(core), a_unit(core)
    case = a_case(core, number="WK7")
    a_dispatch(core, mine, case=case, state=DispatchState.ANSWERED, opening=Opening.NOT_OPEN)
    owe(core, a_dispatch(core, other, case=case))
    with core.transaction(a_caseworker(mine), Door.CHAT) as ctx:
        view = case_of(ctx, " ｗｋ７ ")
    assert [part.unit_name for part in view.parts] == [mine.name]
    assert (view.light, view.child) == (CaseLight.R, "王○明")
    assert view.parts[0].due_at is None


def test_case_shows_a_return_that_is_known_from_the_main_system_alone(core: Core) -> None:
    mine = a_unit(core)
    at = core.clock.now()
    a_dispatch(core, mine, case=a_case(core, number="WK7"), state=DispatchState.RETURNED, returned_at=at)
    with core.transaction(a_caseworker(mine), Door.CHAT) as ctx:
        assert case_of(ctx, "WK7").parts[0].latest == Latest(taipei_date(at), FormState.RETURNED)


def test_case_that_is_not_there_and_case_of_others_are_answered_alike(core: Core) -> None:
    mine, other = a_unit(core), a_unit(core)
    a_dispatch(core, other, number="WK8")
    texts = []
    for number in ("WK8", "WK9"):
        with core.transaction(a_caseworker(mine), Door.CHAT) as ctx, pytest.raises(NotFound) as refused:
            case_of(ctx, number)
        texts.append(str(refused.value))
    assert texts[0] == texts[1]


def test_what_is_owed_is_found_over_the_index_of_open_duties(core_sqlite: Core) -> None:
    with core_sqlite.store.reading() as session:
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT count(*) FROM duties JOIN dispatches ON dispatches.id = duties.subject_id "
            "WHERE duties.ended_at IS NULL AND duties.subject_kind = 'dispatch' AND duties.kind = 'reply' "
            "AND duties.due_at < '2026-03-04' AND duties.unit_id IN (1, 2)"
        )
        text = " ".join(str(row) for row in plan)
    assert "ix_duties_open_unit_due" in text
