"""A calendar that changes with duties open: what would move, doing it once, and keeping what was decided (A45)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from core import amendments
from core.access import Actor, system
from core.accounts.models import Role
from core.amendments import CalendarAmendment, DayStatus
from core.audit import AuditRow, Door, verify
from core.calendar_changes import (
    DAYS_A_PLAN,
    LONGEST_REASON,
    AmendmentPlan,
    DayChange,
    VersionRow,
    apply_amendment,
    decisions,
    plan_amendment,
)
from core.clock import FixedClock, end_of_day
from core.context import Context, Core
from core.dates import parse_moment
from core.duties.courses import course_of
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.recomputing import What
from core.duties.rules import next_stage
from core.errors import Conflict, InvalidInput, NotAllowed
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import a_duty

AROSE = "2026-11-16 10:00"
TYPHOON = date(2026, 11, 25)  # a Wednesday
SATURDAY = date(2026, 11, 28)
OFF = DayChange(TYPHOON, DayStatus.OFF, "颱風停班")
WORKED = DayChange(SATURDAY, DayStatus.WORKING, "補行上班")
BY_DAY = (
    DutyKind.REPLY,
    DutyKind.RETURNED_REPLY,
    DutyKind.RECORD_WINDOW,
    DutyKind.CLOSURE_IN_MONTH,
    DutyKind.FOLLOW_TO_JULY,
)


@pytest.fixture(autouse=True)
def november(clock: FixedClock) -> None:
    clock.at = parse_moment(AROSE)


def owed(core: Core, due: date, told: str | None = None, kind: DutyKind = DutyKind.REPLY) -> int:
    """Store an open duty as the jobs leave it: told last at ``told``, its next reminder reckoned."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        duty = a_duty(ctx, a_dispatch(ctx), due_at=end_of_day(due), kind=kind, reminded_at=told and parse_moment(told))
        following = next_stage(course_of(ctx, duty), duty.reminded_at)
        duty.remind_at = following.at if following else None
        return duty.id


def planned(core: Core, *changes: DayChange, actor: Actor | None = None) -> AmendmentPlan:
    with core.transaction(actor or system("tests"), Door.COMMAND) as ctx:
        return plan_amendment(ctx, changes)


def applied(core: Core, plan: AmendmentPlan, name: str = "tests") -> int:
    with core.transaction(system(name), Door.COMMAND) as ctx:
        return apply_amendment(ctx, plan)


def amended(core: Core, *changes: DayChange) -> AmendmentPlan:
    plan = planned(core, *changes)
    assert applied(core, plan) == len(plan.moves)
    return plan


def remind_at(core: Core, duty_id: int) -> datetime | None:
    with core.store.reading() as session:
        return session.get_one(Duty, duty_id).remind_at


@dataclass(frozen=True)
class Case:
    """A duty's due day, when it was told last, and how the next reminder moves; all in 2026."""

    due: str
    told: str
    before: str
    after: str
    kind: DutyKind = DutyKind.REPLY


def at(text: str) -> datetime:
    return parse_moment(f"2026-{text}")


@pytest.mark.parametrize(
    ("change", "case"),
    [
        pytest.param(OFF, Case("11-28", "11-16 10:00", "11-25 00:00", "11-24 00:00"), id="day before"),
        pytest.param(OFF, Case("11-25", "11-24 00:00", "11-25 00:00", "11-25 08:30"), id="due day"),
        pytest.param(OFF, Case("11-25", "11-25 00:00", "11-26 00:00", "11-25 08:30"), id="due day, in the digest"),
        pytest.param(OFF, Case("11-24", "11-24 00:00", "11-25 00:00", "11-26 00:00"), id="digest day, late"),
        pytest.param(
            OFF, Case("11-17", "11-18 00:00", "11-25 00:00", "11-26 00:00", DutyKind.RECORD_WINDOW), id="weekly"
        ),
        pytest.param(WORKED, Case("12-01", "11-16 10:00", "11-27 00:00", "11-28 00:00"), id="make-up, day before"),
        pytest.param(WORKED, Case("11-28", "11-27 00:00", "11-28 08:30", "11-28 00:00"), id="make-up, due day"),
        pytest.param(WORKED, Case("11-27", "11-27 00:00", "11-30 00:00", "11-28 00:00"), id="make-up, late"),
    ],
)
def test_reminders_around_the_day_move(core: Core, change: DayChange, case: Case) -> None:
    duty = owed(core, at(f"{case.due} 12:00").date(), f"2026-{case.told}", case.kind)
    assert remind_at(core, duty) == at(case.before)
    (move,) = amended(core, change).moves
    assert (move.duty_id, move.kind, move.what) == (duty, case.kind, What.NEXT_REMINDER)
    assert (move.before, move.after) == (at(case.before), at(case.after))
    assert remind_at(core, duty) == at(case.after)


@pytest.mark.parametrize("due", [date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 29)])
def test_reminders_of_other_days_stay(core: Core, due: date) -> None:
    duty = owed(core, due, AROSE)
    before = remind_at(core, duty)
    assert amended(core, OFF).moves == ()
    assert remind_at(core, duty) == before


def test_deadline_itself_never_moves(core: Core) -> None:
    duty = owed(core, TYPHOON)
    amended(core, OFF)
    with core.store.reading() as session:
        assert session.get_one(Duty, duty).due_at == end_of_day(TYPHOON)


def test_account_on_its_last_day_is_told_at_once_where_the_digest_falls_away(core: Core) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        holder = an_account(ctx)
        told = parse_moment("2026-11-25 00:00")
        duty = a_duty(ctx, holder, due_at=end_of_day(TYPHOON), reminded_at=told)
    (move,) = amended(core, OFF).moves
    assert (move.number, move.before, move.after) == (holder.code, None, parse_moment("2026-11-25 08:30"))
    assert remind_at(core, duty.id) == move.after


def test_checks_run_by_the_hour_and_ended_duties_by_nothing(core: Core, clock: FixedClock) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        early = at("11-25 04:00")
        a_duty(ctx, a_check(ctx), due_at=early + timedelta(hours=4), remind_at=early)
        a_duty(ctx, a_dispatch(ctx), due_at=end_of_day(SATURDAY), remind_at=early, ended_at=clock.now())
    assert planned(core, OFF).moves == ()


def test_moment_put_off_by_night_stays_where_nothing_moves(core: Core) -> None:
    awake = parse_moment("2026-11-25 07:30")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        a_duty(ctx, a_dispatch(ctx), kind=DutyKind.RETURNED_REPLY, due_at=end_of_day(SATURDAY), remind_at=awake)
    assert planned(core, OFF).moves == ()


def test_move_names_the_case_and_nobody(core: Core) -> None:
    duty = owed(core, SATURDAY, AROSE)
    (move,) = planned(core, OFF).moves
    assert (move.duty_id, move.number) == (duty, "A11503000001")
    assert "王" not in repr(move)


def test_plan_changes_nothing(core: Core) -> None:
    duty = owed(core, SATURDAY, AROSE)
    before = remind_at(core, duty)
    plan = planned(core, OFF)
    assert [(each.was_working, each.is_working, each.reason) for each in plan.days] == [(True, False, "颱風停班")]
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert ctx.calendar.amendments == {}
        assert decisions(ctx, TYPHOON, TYPHOON, 0, 50).total == 0
    assert remind_at(core, duty) == before


def test_same_again_changes_nothing(core: Core) -> None:
    owed(core, SATURDAY, AROSE)
    amended(core, OFF)
    again = planned(core, OFF)
    assert (again.days, again.moves) == ((), ())
    assert applied(core, again) == 0
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert decisions(ctx, TYPHOON, TYPHOON, 0, 50).total == 1


def test_other_reason_is_a_decision_that_moves_nothing(core: Core) -> None:
    owed(core, SATURDAY, AROSE)
    amended(core, OFF)
    plan = amended(core, replace(OFF, reason="颱風停止上班上課"))
    assert (len(plan.days), plan.moves) == (1, ())
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert ctx.calendar.why_not(TYPHOON) == "颱風停止上班上課"


def test_every_decision_is_kept_with_what_held_before(core: Core, clock: FixedClock) -> None:
    first = clock.now()
    applied(core, planned(core, OFF), "AB0001")
    clock.move(timedelta(hours=1))
    applied(core, planned(core, DayChange(TYPHOON, DayStatus.PUBLISHED)), "AB0002")
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        assert ctx.calendar.is_working_day(TYPHOON)
        page = decisions(ctx, TYPHOON, TYPHOON, 0, 50)
        assert decisions(ctx, TYPHOON + timedelta(days=1), SATURDAY, 0, 50).total == 0
        assert decisions(ctx, TYPHOON, TYPHOON, 1, 1).rows == page.rows[1:]
    off, published = DayStatus.OFF, DayStatus.PUBLISHED
    assert page.rows == (
        VersionRow(TYPHOON, off, "颱風停班", published, "", "AB0001", first),
        VersionRow(TYPHOON, published, "", off, "颱風停班", "AB0002", first + timedelta(hours=1)),
    )


def test_days_and_moved_duties_stand_in_the_audit(core: Core) -> None:
    duties = [owed(core, SATURDAY, AROSE) for _ in range(12)]
    amended(core, OFF)
    with core.store.reading() as session:
        assert verify(session, core.vault) is None
        rows = session.scalars(select(AuditRow).where(AuditRow.act.like("calendar.%")).order_by(AuditRow.id)).all()
        shown = session.scalars(select(AuditRow.subject).where(AuditRow.act == "show_duties")).all()
    first, last = (",".join(map(str, part)) for part in (duties[:10], duties[10:]))
    assert [(row.act, row.subject, row.fields) for row in rows] == [
        ("calendar.amended", "calendar:2026-11-25", "status,reason"),
        ("calendar.moved_reminders", f"duties:{first}", "remind_at"),
        ("calendar.moved_reminders", f"duties:{last}", "remind_at"),
    ]
    assert shown == [f"duties:{first}", f"duties:{last}"]


def test_plan_overtaken_by_another_decision_says_whose(core: Core) -> None:
    duty = owed(core, SATURDAY, AROSE)
    plan = planned(core, OFF)
    applied(core, planned(core, replace(OFF, reason="豪雨停班")), "AB0001")
    moved = remind_at(core, duty)
    with pytest.raises(Conflict, match=r"115/11/25 已由 AB0001 在 115/11/16 10:00 改為「不上班」"):
        applied(core, plan)
    assert remind_at(core, duty) == moved


def test_of_two_at_once_one_is_done(core: Core) -> None:
    owed(core, SATURDAY, AROSE)
    plan, start = planned(core, OFF), Barrier(2)

    def apply(name: str) -> str:
        start.wait()
        try:
            applied(core, plan, name)
        except Conflict as refused:
            return str(refused)
        return "done"

    with ThreadPoolExecutor(2) as both:
        refused, done = sorted(both.map(apply, ("AB0001", "AB0002")))
    assert done == "done"
    assert "已由 AB000" in refused


def a_new_duty(core: Core, _: int) -> None:
    owed(core, SATURDAY, AROSE)


def an_ended_duty(core: Core, duty_id: int) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Duty, duty_id).ended_at = ctx.now


def a_told_duty(core: Core, duty_id: int) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Duty, duty_id).reminded_at = parse_moment("2026-11-25 00:00")


@pytest.mark.parametrize("happens", [a_new_duty, an_ended_duty, a_told_duty])
def test_plan_overtaken_by_the_duties_is_refused_whole(core: Core, happens: Callable[[Core, int], None]) -> None:
    duty = owed(core, SATURDAY, AROSE)
    plan = planned(core, OFF)
    happens(core, duty)
    with pytest.raises(Conflict, match="請重新試算"):
        applied(core, plan)
    with core.store.reading() as session:
        assert amendments.load(session).amendments == {}
        assert session.scalar(select(CalendarAmendment)) is None


def test_administrators_amend_and_nobody_else(core: Core) -> None:
    people = {role: Actor("AB1234", account_id=1, role=role) for role in Role}
    assert planned(core, OFF, actor=people.pop(Role.ADMIN)).days
    for actor in people.values():
        with pytest.raises(NotAllowed):
            planned(core, OFF, actor=actor)
        with pytest.raises(NotAllowed), core.transaction(actor, Door.DESK) as ctx:
            apply_amendment(ctx, AmendmentPlan((), ()))
        with pytest.raises(NotAllowed), core.reading(actor, Door.DESK) as ctx:
            decisions(ctx, TYPHOON, TYPHOON, 0, 1)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([], "1 到 60 天"),
        ([replace(OFF, day=TYPHOON + timedelta(days=each)) for each in range(DAYS_A_PLAN + 1)], "1 到 60 天"),
        ([OFF, OFF], "同一天"),
        ([replace(OFF, reason=" \u200b\n")], "請填寫原因"),
        ([replace(OFF, reason="颱" * (LONGEST_REASON + 1))], "最多 60 個字，目前 61 個字"),
    ],
)
def test_what_cannot_be_planned_is_refused(core_sqlite: Core, changes: list[DayChange], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        planned(core_sqlite, *changes)


def test_reason_is_one_line_up_to_its_limit(core_sqlite: Core) -> None:
    long = "颱" * LONGEST_REASON
    days = [replace(OFF, reason=" 颱風\n停班\u202e "), replace(WORKED, reason=long)]
    assert [each.reason for each in planned(core_sqlite, *days).days] == ["颱風 停班", long]


def test_most_days_at_once(core_sqlite: Core) -> None:
    days = [replace(OFF, day=TYPHOON + timedelta(days=each)) for each in range(DAYS_A_PLAN)]
    assert len(amended(core_sqlite, *days).days) == DAYS_A_PLAN


def test_far_duties_are_not_even_looked_at(core: Core) -> None:
    for _ in range(3):
        owed(core, date(2026, 12, 31), AROSE)
    near = owed(core, SATURDAY, AROSE)
    seen: list[int] = []

    def note(duty: Duty, _: object) -> None:
        seen.append(duty.id)

    event.listen(Duty, "load", note)
    try:
        planned(core, OFF)
    finally:
        event.remove(Duty, "load", note)
    assert set(seen) == {near}


@contextmanager
def taken_back(core: Core) -> Iterator[Context]:
    """Give a transaction that is rolled back, so that each example finds the same rows."""
    with core.store.transaction() as session:
        yield Context(
            session,
            system("tests"),
            Door.COMMAND,
            core.clock.now(),
            core.policy,
            core.vault,
        )
        session.rollback()


@pytest.fixture
def crowd(core_sqlite: Core) -> Core:
    """Duties of each kind that reminds by days, due before, on and after the days that change, told up to any stage."""
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        unit = a_unit(ctx)
        for day in range(20, 40):
            about, due_at = a_dispatch(ctx, unit), end_of_day(date(2026, 11, 1) + timedelta(days=day))
            for place, kind in enumerate(BY_DAY):
                duty = a_duty(ctx, about, kind=kind, due_at=due_at)
                _tell(ctx, duty, (day * 3 + place * 5) % 9)
            _tell(ctx, a_duty(ctx, an_account(ctx, unit), due_at=due_at), day % 6)
    return core_sqlite


def _tell(ctx: Context, duty: Duty, times: int) -> None:
    for _ in range(times):
        stage = next_stage(course_of(ctx, duty), duty.reminded_at)
        duty.reminded_at = stage.at if stage else duty.reminded_at
    following = next_stage(course_of(ctx, duty), duty.reminded_at)
    duty.remind_at = following.at if following else None


def _state(ctx: Context) -> dict[int, tuple[datetime, datetime | None]]:
    ctx.session.expire_all()
    return {row.id: (row.due_at, row.remind_at) for row in ctx.session.execute(select(*_COLUMNS))}


def _oracle(ctx: Context) -> dict[int, datetime | None]:
    """Return when each duty is told next by the calendar as it stands: all of them, by the rule alone."""
    now = replace(ctx, reckoned_by=amendments.load(ctx.session))
    stages = {duty.id: next_stage(course_of(now, duty), duty.reminded_at) for duty in ctx.session.scalars(select(Duty))}
    return {duty_id: stage.at if stage else None for duty_id, stage in stages.items()}


_COLUMNS = (Duty.id, Duty.due_at, Duty.remind_at)
_DAYS = st.dates(date(2026, 11, 14), date(2026, 12, 18))
_ASKED = st.dictionaries(_DAYS, st.sampled_from([DayStatus.OFF, DayStatus.WORKING]), min_size=1, max_size=6)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=_ASKED)
def test_amending_moves_exactly_what_the_rule_says_and_taking_back_returns_all(
    crowd: Core, asked: dict[date, DayStatus]
) -> None:
    changes = [DayChange(day, status, "颱風停班") for day, status in asked.items()]
    back = [DayChange(day, DayStatus.PUBLISHED) for day in asked]
    with taken_back(crowd) as ctx:
        before = _state(ctx)
        apply_amendment(ctx, plan_amendment(ctx, changes))
        after = _state(ctx)
        assert {duty_id: each[1] for duty_id, each in after.items()} == _oracle(ctx)
        assert {duty_id: each[0] for duty_id, each in after.items()} == {key: each[0] for key, each in before.items()}
        assert plan_amendment(ctx, changes) == AmendmentPlan((), ())
        apply_amendment(ctx, plan_amendment(ctx, back))
        assert _state(ctx) == before
