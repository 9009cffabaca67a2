"""The kept sums of what was checked equal what is there, and each page is its part of the whole list (DUTY-2)."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access import Actor, Units, system
from core.accounts.models import Permission, Role
from core.audit import Door
from core.checks.models import Check, CheckBucket, CheckState
from core.checks.queries import buckets, in_bucket
from core.checks.tallies import RESULTS, SUMS
from core.context import Context, Core
from tests.builders import a_check, a_unit

EVERYTHING = Units(everything=True)
STATES = [(CheckState.WAITING, None), (CheckState.RETURNED, None), *((CheckState.CHECKED, need) for need in RESULTS)]


def really(ctx: Context) -> Counter[CheckBucket]:
    asked = select(Check.has_need).where(Check.state == CheckState.CHECKED)
    return Counter(RESULTS[has_need] for has_need in ctx.session.scalars(asked))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(STATES), st.sampled_from(["set", "move", "delete", "undo"])),
        max_size=12,
    )
)
def test_the_sums_equal_the_rows_after_any_moves(
    core: Core, moves: list[tuple[int, tuple[CheckState, bool | None], str]]
) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        units = [a_unit(ctx), a_unit(ctx)]
        rows = [a_check(ctx, units[0], number=f"{units[0].id}-{place}") for place in range(4)]
        for step, (place, (state, has_need), act) in enumerate(moves):
            savepoint = ctx.session.begin_nested()
            row = rows[place]
            row.state, row.has_need = state, has_need
            if act == "move":
                row.unit_id = units[1].id if row.unit_id == units[0].id else units[0].id
            if act == "delete":
                ctx.session.delete(row)
                rows[place] = a_check(ctx, units[0], number=f"{units[0].id}-new-{step}")
            ctx.session.flush()
            if act == "undo":
                savepoint.rollback()
            else:
                savepoint.commit()
            assert +SUMS.by_state(ctx.session, EVERYTHING) == really(ctx)
        SUMS.count_anew(ctx.session)
        assert +SUMS.by_state(ctx.session, EVERYTHING) == really(ctx)
        for row in rows:
            ctx.session.delete(row)


@pytest.mark.parametrize("bucket", list(RESULTS.values()))
def test_pages_of_a_bureau_are_the_whole_list_newest_first(core: Core, bucket: CheckBucket) -> None:
    schools = [a_unit(core) for _ in range(3)]
    other = a_unit(core)
    for place in range(9):
        for has_need in RESULTS:
            a_check(core, schools[place % 4 % 3], state=CheckState.CHECKED, has_need=has_need)
        a_check(core, other, state=CheckState.CHECKED, has_need=place % 2 == 0)
    mine = Units(ids=frozenset(school.id for school in schools))
    may = frozenset({Permission.SUPERVISOR, Permission.MEAL_CHECKS})
    actor = Actor(name="edu", role=Role.SUPERVISOR, permissions=may, units=mine)
    with core.reading(actor, Door.DESK) as ctx:
        assert buckets(ctx)[bucket] == 9
        for limit in (1, 2, 3, 5):
            shown = [row.number for start in range(0, 9, limit) for row in in_bucket(ctx, bucket, start, limit).rows]
            assert shown == sorted(shown, reverse=True)
            assert len(shown) == len(set(shown)) == in_bucket(ctx, bucket).total == 9
        assert in_bucket(ctx, bucket, 9).rows == ()
