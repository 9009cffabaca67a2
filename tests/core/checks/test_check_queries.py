"""Buckets of checks: each stands in exactly one, counts equal lists, and nobody sees another's (CHK-2, DUTY-2)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import Actor, Units, system
from core.accounts.models import Permission, Role
from core.audit import Door
from core.checks import rules
from core.checks.models import CheckBucket, CheckState
from core.checks.queries import CheckRow, buckets, in_bucket
from core.checks.service import CheckFacts, put_check
from core.clock import TICK, FixedClock
from core.context import Context, Core
from core.errors import NotAllowed
from tests.builders import a_check, a_unit
from tests.duties import owe


class Undo(Exception):
    """Ends a transaction that is to leave nothing."""


@dataclass(frozen=True)
class Move:
    """One import: which of three checks, its state and result, after so many hours."""

    check: int
    state: CheckState
    has_need: bool | None
    hours: int


moves = st.lists(
    st.builds(
        Move, st.integers(0, 2), st.sampled_from(CheckState), st.sampled_from([None, True, False]), st.integers(0, 20)
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=moves)
def test_buckets_part_all_checks_and_count_what_they_list(core: Core, history: Sequence[Move]) -> None:
    with suppress(Undo), core.transaction(system("tests"), Door.COMMAND) as ctx:
        a_unit(ctx, code="H1")
        present = ctx
        for move in history:
            present = replace(present, now=present.now + timedelta(hours=move.hours))
            put_check(present, _facts(ctx, move))
        listed = {bucket: _all_rows(present, bucket) for bucket in CheckBucket}
        assert buckets(present) == {bucket: len(rows) for bucket, rows in listed.items()}
        numbers = [row.number for rows in listed.values() for row in rows]
        assert sorted(numbers) == sorted({f"H{move.check}" for move in history})
        for bucket, rows in listed.items():
            assert {rules.bucket(row.state, row.has_need, row.due_at, present.now) for row in rows} <= {bucket}
        raise Undo


def _facts(ctx: Context, move: Move) -> CheckFacts:
    return CheckFacts(
        number=f"H{move.check}",
        unit_code="H1",
        assigned_at=ctx.now,
        happened_at=ctx.now,
        child_name="林小華",
        state=move.state,
        already_high_risk=False,
        has_need=move.has_need,
    )


def _all_rows(ctx: Context, bucket: CheckBucket) -> list[CheckRow]:
    rows: list[CheckRow] = []
    start: int | None = 0
    while start is not None:
        found = in_bucket(ctx, bucket, start, 2)
        rows += found.rows
        start = found.next_start
    return rows


def test_check_leaves_waiting_for_late_one_tick_after_24_hours(core: Core, clock: FixedClock) -> None:
    owe(core, a_check(core))
    clock.move(timedelta(hours=24))
    assert _count(core, CheckBucket.WAITING) == 1
    clock.move(TICK)
    assert (_count(core, CheckBucket.WAITING), _count(core, CheckBucket.LATE)) == (0, 1)


def test_returned_check_counts_as_returned_however_late(core: Core, clock: FixedClock) -> None:
    owe(core, a_check(core, state=CheckState.RETURNED, returned_at=clock.now()))
    clock.move(timedelta(days=400))
    assert _count(core, CheckBucket.RETURNED) == 1


def _count(core: Core, bucket: CheckBucket) -> int:
    with core.reading(system("tests"), Door.CHAT) as ctx:
        return buckets(ctx)[bucket]


def test_another_schools_checks_are_neither_counted_nor_listed(core: Core) -> None:
    mine, other = a_unit(core), a_unit(core)
    for unit in (mine, other):
        owe(core, a_check(core, unit))
        a_check(core, unit, state=CheckState.CHECKED)
    mine_only = Units(ids=frozenset({mine.id}))
    actor = Actor("AB1234", 1, mine.id, Role.CASEWORKER, frozenset({Permission.MEAL_CHECKS}), mine_only)
    with core.transaction(actor, Door.CHAT) as ctx:
        assert sum(buckets(ctx).values()) == 2
        rows = [row for bucket in CheckBucket for row in in_bucket(ctx, bucket).rows]
    assert {row.unit_name for row in rows} == {mine.name}
    assert {row.child for row in rows} == {"林○華"}


def test_somebody_without_the_permission_is_refused(core: Core) -> None:
    actor = Actor("AB1234", role=Role.CASEWORKER, permissions=frozenset({Permission.CASEWORKER}))
    with core.transaction(actor, Door.CHAT) as ctx:
        with pytest.raises(NotAllowed):
            buckets(ctx)
        with pytest.raises(NotAllowed):
            in_bucket(ctx, CheckBucket.LATE)
