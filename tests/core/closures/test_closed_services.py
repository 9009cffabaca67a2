"""How many services are over is a kept sum, and each page of them is its part of the whole list (CLOSE-10, DUTY-2)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access import Actor, Units, system
from core.accounts.models import Permission, Role
from core.audit import Door
from core.closures.kinds import ClosureBucket
from core.closures.queries import buckets, in_bucket
from core.closures.tallies import SUMS
from core.context import Context, Core
from core.dispatches.models import Case, Family, Opened, Opening
from tests.builders import a_case, a_unit

EVERYTHING = Units(everything=True)
DAY = date(2026, 3, 1)


def a_service_row(ctx: Context, case: Case, unit_id: int, closed_on: date | None) -> Opened:
    """Store a service as a row, without asking any rule."""
    row = Opened(
        family_id=case.family_id, unit_id=unit_id, case_id=case.id, opened_as=Opening.NEW, opened_on=DAY,
        served=case.child_name, last_dispatched_on=DAY, closed_on=closed_on,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    return row


def a_family_case(ctx: Context, number: str) -> Case:
    case = a_case(ctx, number=number)
    ctx.session.flush()
    case.family = Family(index_child=case.child_name, named_after=case.number)
    ctx.session.flush()
    return case


def really(ctx: Context) -> int:
    return len(ctx.session.scalars(select(Opened.id).where(Opened.closed_on.is_not(None))).all())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from(["set", "move", "delete", "undo"])), max_size=12
    )
)
def test_the_sum_equals_the_rows_after_any_moves(core: Core, moves: list[tuple[int, bool, str]]) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        units = [a_unit(ctx), a_unit(ctx)]
        cases = [a_family_case(ctx, f"F{units[0].id}-{place}") for place in range(3)]
        rows = [a_service_row(ctx, case, units[0].id, None) for case in cases]
        before = really(ctx)
        for place, is_over, act in moves:
            savepoint = ctx.session.begin_nested()
            row = rows[place]
            row.closed_on = DAY if is_over else None
            if act == "move":
                row.unit_id = units[1].id if row.unit_id == units[0].id else units[0].id
            if act == "delete":
                ctx.session.delete(row)
                ctx.session.flush()
                rows[place] = a_service_row(ctx, cases[place], units[0].id, DAY)
            ctx.session.flush()
            if act == "undo":
                savepoint.rollback()
            else:
                savepoint.commit()
            ctx.session.expire_all()  # the old value is known although it was never read
            assert SUMS.by_state(ctx.session, EVERYTHING) == Counter({ClosureBucket.CLOSED: really(ctx)})
        SUMS.count_anew(ctx.session)
        assert SUMS.counted(ctx.session, EVERYTHING, (ClosureBucket.CLOSED,)) == really(ctx)
        for row in rows:
            ctx.session.delete(row)
        ctx.session.flush()
        assert really(ctx) == before


def test_pages_of_a_bureau_are_the_whole_list_last_closed_first(core: Core) -> None:
    schools = [a_unit(core) for _ in range(3)]
    other = a_unit(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        for place in range(9):
            case = a_family_case(ctx, f"F{place}")
            unit = schools[place % 4 % 3]
            a_service_row(ctx, case, unit.id, DAY + timedelta(days=place * 5 % 7))
            a_service_row(ctx, case, unit.id, None)
            a_service_row(ctx, case, other.id, DAY)
    mine = Units(ids=frozenset(school.id for school in schools))
    may = frozenset({Permission.SUPERVISOR})
    actor = Actor(name="edu", role=Role.SUPERVISOR, permissions=may, units=mine)
    closed = ClosureBucket.CLOSED
    with core.reading(actor, Door.DESK) as ctx:
        assert buckets(ctx) == {**dict.fromkeys(ClosureBucket, 0), ClosureBucket.IN_PROGRESS: 9, closed: 9}
        for limit in (1, 2, 3, 5):
            shown = [row for start in range(0, 9, limit) for row in in_bucket(ctx, closed, start, limit).rows]
            order = [(row.closed_on or date.max, row.opened_id) for row in shown]
            assert order == sorted(order, reverse=True)
            assert len(set(order)) == in_bucket(ctx, closed).total == 9
        assert in_bucket(ctx, closed, 9).rows == ()
