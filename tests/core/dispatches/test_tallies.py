"""The sums that are kept equal what is there, whatever is done, undone or done at once (DUTY-2)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.access import Units, system
from core.audit import Door
from core.context import Context, Core
from core.dispatches.models import Dispatch, DispatchState, Tally
from core.dispatches.tallies import SUMS
from core.tallies import ROWS_A_UNIT
from tests.builders import a_case, a_dispatch, a_unit

EVERYTHING = Units(everything=True)
STATES = list(DispatchState)


def really(ctx: Context) -> Counter[DispatchState]:
    return Counter(ctx.session.scalars(select(Dispatch.state)))


def kept(ctx: Context) -> Counter[DispatchState]:
    return +SUMS.by_state(ctx.session, EVERYTHING)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(STATES), st.sampled_from(["set", "move", "delete", "undo"])),
        max_size=12,
    )
)
def test_the_sums_equal_the_rows_after_any_moves(core: Core, moves: list[tuple[int, DispatchState, str]]) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        units = [a_unit(ctx), a_unit(ctx)]
        rows = [a_dispatch(ctx, units[0]) for _ in range(4)]
        for place, state, act in moves:
            savepoint = ctx.session.begin_nested()
            row = rows[place]
            row.state = state
            if act == "move":
                row.unit_id = units[1].id if row.unit_id == units[0].id else units[0].id
            if act == "delete":
                ctx.session.delete(row)
                rows[place] = a_dispatch(ctx, units[0])
            ctx.session.flush()
            if act == "undo":
                savepoint.rollback()
            else:
                savepoint.commit()
            assert kept(ctx) == really(ctx)
        SUMS.count_anew(ctx.session)
        assert kept(ctx) == really(ctx)
        for row in rows:
            ctx.session.delete(row)


def test_many_changes_are_folded_and_stay_right(core: Core) -> None:
    school, other = a_unit(core), a_unit(core)
    dispatch = a_dispatch(core, school)
    a_dispatch(core, other)
    for number in range(ROWS_A_UNIT * 2):
        with core.transaction(system("tests"), Door.COMMAND) as ctx:
            ctx.session.get_one(Dispatch, dispatch.id).state = STATES[number % len(STATES)]
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        rows = ctx.session.scalar(select(func.count()).select_from(Tally))
        assert rows is not None
        assert rows <= ROWS_A_UNIT + 2 * len(STATES)
        assert kept(ctx) == really(ctx)
        assert SUMS.counted(ctx.session, Units(ids=frozenset({other.id})), STATES) == 1


def test_many_at_once_wait_for_nobody_and_stay_right(core: Core) -> None:
    school = a_unit(core)
    case = a_case(core)
    days = [case.received_on.replace(day=day) for day in range(1, 9)]
    dispatches = [a_dispatch(core, school, case=case, dispatched_on=day).id for day in days]

    def change(dispatch_id: int) -> None:
        for number in range(25):
            with core.transaction(system("tests"), Door.COMMAND) as ctx:
                ctx.session.get_one(Dispatch, dispatch_id).state = STATES[number % len(STATES)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(change, dispatches))
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert kept(ctx) == really(ctx)
