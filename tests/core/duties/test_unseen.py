"""Notices nobody has seen by the due day go up to the supervisor's digest, once."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.access import system
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty, Ending
from core.duties.service import end_duty
from core.notices.models import Notice, NoticeKind, NoticeState, Via
from scheduler.reminders import collect_reminders, say_digests, tell_unseen
from tests.builders import a_check, a_dispatch, bind
from tests.duties import owe
from tests.schools import School, a_school

UNSEEN = "承辦人可能還沒看到提醒"


@pytest.fixture
def school(core_sqlite: Core) -> School:
    school = a_school(core_sqlite)
    bind(core_sqlite, school.worker)
    return school


@pytest.fixture
def reply(core_sqlite: Core, school: School) -> Duty:
    """Due on Friday the 13th."""
    return owe(core_sqlite, a_dispatch(core_sqlite, school.unit, dispatched_on=date(2026, 3, 3)))


def run(core: Core, clock: FixedClock, *moments: str) -> None:
    for moment in moments:
        clock.at = parse_moment(moment)
        for job in (collect_reminders, tell_unseen, say_digests):
            job(core, clock.now())


def settle(core: Core, state: NoticeState = NoticeState.ACCEPTED, *, seen: bool = False, **columns: object) -> None:
    """Let everything said to the worker end like this."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        for notice in ctx.session.scalars(select(Notice)):
            notice.state, notice.seen_at = state, ctx.now if seen else None
            for name, value in columns.items():
                setattr(notice, name, value)


def told_over(core: Core, school: School) -> list[str]:
    with core.store.reading() as session:
        rows = session.scalars(select(Notice).where(Notice.account_id == school.supervisor.id)).all()
    return [core.vault.open(each.said) for each in rows]


def test_what_nobody_saw_by_the_due_day_goes_up_once(
    core_sqlite: Core, clock: FixedClock, school: School, reply: Duty
) -> None:
    run(core_sqlite, clock, "2026-03-05 08:30")
    settle(core_sqlite)
    run(core_sqlite, clock, "2026-03-12 23:59")
    assert told_over(core_sqlite, school) == []
    run(core_sqlite, clock, "2026-03-13 08:30", "2026-03-13 09:00", "2026-03-16 08:30")
    (digest,) = told_over(core_sqlite, school)
    assert f"有 1 件到期了，{UNSEEN}" in digest
    assert reply.look_at is not None


@pytest.mark.parametrize(
    ("state", "columns", "goes_up"),
    [
        (NoticeState.ACCEPTED, {"seen": True}, False),
        (NoticeState.ACCEPTED, {"via": Via.MAIL}, False),  # nobody can know whether it was read
        (NoticeState.UNREACHABLE, {"via": Via.MAIL}, True),
        (NoticeState.HELD, {"via": Via.MAIL}, True),
        (NoticeState.CREATED, {"via": Via.MAIL}, True),
        (NoticeState.DROPPED, {"via": Via.MAIL}, False),  # what was said instead counts
        (NoticeState.GIVEN_UP, {}, True),
        (NoticeState.AMBIGUOUS, {}, True),
    ],
)
def test_only_what_is_known_to_be_unseen_goes_up(
    core_sqlite: Core, clock: FixedClock, school: School, reply: Duty, *, state: NoticeState,
    columns: dict[str, object], goes_up: bool
) -> None:  # fmt: skip
    run(core_sqlite, clock, "2026-03-05 08:30")
    settle(core_sqlite, state, **columns)  # type: ignore[arg-type]
    run(core_sqlite, clock, "2026-03-13 08:30")
    assert bool(told_over(core_sqlite, school)) is goes_up
    assert reply.id


def test_one_of_two_notices_seen_is_enough(core_sqlite: Core, clock: FixedClock, school: School, reply: Duty) -> None:
    run(core_sqlite, clock, "2026-03-05 08:30")
    settle(core_sqlite, seen=True)
    run(core_sqlite, clock, "2026-03-10 08:30", "2026-03-13 08:30")
    assert told_over(core_sqlite, school) == []
    assert reply.id


def test_met_late_or_never_told_is_not_looked_for(core_sqlite: Core, clock: FixedClock, school: School) -> None:
    arisen_today = owe(core_sqlite, a_dispatch(core_sqlite, school.unit, dispatched_on=date(2026, 2, 22)))  # due today
    met = owe(core_sqlite, a_dispatch(core_sqlite, school.unit, dispatched_on=date(2026, 3, 3)))
    assert arisen_today.look_at is None
    run(core_sqlite, clock, "2026-03-05 08:30")
    settle(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        end_duty(ctx, met.kind, met.subject_kind, met.subject_id, Ending.MET)
    run(core_sqlite, clock, "2026-03-13 08:30")
    assert not any(UNSEEN in each for each in told_over(core_sqlite, school))


def test_a_look_that_comes_too_late_leaves_it_to_what_is_late(
    core_sqlite: Core, clock: FixedClock, school: School, reply: Duty
) -> None:
    run(core_sqlite, clock, "2026-03-05 08:30")
    settle(core_sqlite)
    run(core_sqlite, clock, "2026-03-16 08:30")
    assert told_over(core_sqlite, school) == []
    with core_sqlite.store.reading() as session:
        assert session.get_one(Duty, reply.id).look_at is None


def test_an_urgent_notice_of_a_check_counts_too(core_sqlite: Core, clock: FixedClock, school: School) -> None:
    owe(core_sqlite, a_check(core_sqlite, school.unit))
    run(core_sqlite, clock, "2026-03-04 10:00")
    settle(core_sqlite)
    run(core_sqlite, clock, "2026-03-05 08:30")
    (digest,) = told_over(core_sqlite, school)
    assert UNSEEN in digest
    with core_sqlite.store.reading() as session:
        kinds = session.scalars(select(Notice.kind).where(Notice.account_id == school.worker.id)).all()
    assert NoticeKind.REMINDER in kinds
