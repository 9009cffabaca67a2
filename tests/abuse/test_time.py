"""Abuse of time: clocks that step, calendars that change, a house that was down. Nothing twice, nothing lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.amendments import DayStatus
from core.audit import AuditRow, Door
from core.calendar_changes import DayChange, apply_amendment, plan_amendment
from core.cards import from_json
from core.clock import FixedClock, end_of_day
from core.clock_watch import behind
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty, SubjectKind, WhyNot
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, open_duty
from core.duties.untold import why_not_told
from core.notices.models import Notice, NoticeDuty, NoticeKind
from scheduler.runner import run_due
from tests.builders import a_check, a_dispatch
from tests.databases import Beginnings
from tests.duties import owe
from tests.schools import School, a_school

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def school(core: Core, beginnings: Beginnings) -> School:
    return beginnings.of(core, a_school)


def a_reply(core: Core, school: School, due: date) -> int:
    about = a_dispatch(core, school.unit)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        kind, subject = DutyKind.REPLY, SubjectKind.DISPATCH
        return open_duty(ctx, NewDuty(kind, subject, about.id, school.unit.id, None, ctx.now, end_of_day(due)))


def run(core: Core, clock: FixedClock, moment: str) -> None:
    """Do all jobs that are due at a moment."""
    clock.at = parse_moment(moment)
    run_due(core)


def notices(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def spoken_of(core: Core, notice: Notice) -> set[int]:
    with core.store.reading() as session:
        return set(session.scalars(select(NoticeDuty.duty_id).where(NoticeDuty.notice_id == notice.id)))


def test_a44_the_clock_an_hour_back_says_nothing_twice_and_is_noticed(
    core: Core, clock: FixedClock, school: School
) -> None:
    owe(core, a_check(core, school.unit))
    a_reply(core, school, date(2026, 3, 31))
    run(core, clock, "2026-03-05 08:30")
    said = [(each.dedupe_key, each.account_id) for each in notices(core)]
    with core.store.reading() as session:
        assert behind(session, clock.now() - HOUR) == HOUR
        assert not behind(session, clock.now())
    for moment in ("2026-03-05 07:30", "2026-03-05 08:00", "2026-03-05 08:30", "2026-03-05 08:31"):
        run(core, clock, moment)
    assert [(each.dedupe_key, each.account_id) for each in notices(core)] == said


def test_a44_what_comes_in_while_the_clock_is_back_is_said_once_all_the_same(
    core: Core, clock: FixedClock, school: School
) -> None:
    run(core, clock, "2026-03-04 11:00")
    clock.move(-HOUR)
    owe(core, a_check(core, school.unit))
    for moment in ("2026-03-04 10:00", "2026-03-04 10:59", "2026-03-04 11:00"):
        run(core, clock, moment)
    assert [each.kind for each in notices(core)] == [NoticeKind.REMINDER]


def test_a44_the_clock_a_day_forward_and_back_again_loses_nothing(
    core: Core, clock: FixedClock, school: School
) -> None:
    """Forward by mistake on Thursday, put right an hour later: each stage is told, none twice."""
    duties = {a_reply(core, school, date(2026, 3, day)) for day in (9, 10, 11)}
    run(core, clock, "2026-03-05 09:00")
    run(core, clock, "2026-03-06 09:00")
    run(core, clock, "2026-03-05 10:00")
    for day in range(6, 14):
        run(core, clock, f"2026-03-{day:02} 08:30")
    mine = [each for each in notices(core) if each.account_id == school.worker.id]
    digests = [each for each in mine if each.kind is NoticeKind.DIGEST]
    days = [each.dedupe_key.rpartition(":")[2] for each in digests]
    assert len(set(days)) == len(days)
    assert {duty for each in digests for duty in spoken_of(core, each)} == duties
    assert {"2026-03-10", "2026-03-11", "2026-03-12"} <= set(days)


def test_a45_a_day_made_free_with_duties_open_moves_no_deadline_and_only_what_was_confirmed(
    core: Core, clock: FixedClock, school: School
) -> None:
    """Due on Sunday the 15th: told on Friday the 13th, or on Thursday when Friday is a typhoon day."""
    duty = a_reply(core, school, date(2026, 3, 15))
    run(core, clock, "2026-03-05 08:30")
    run(core, clock, "2026-03-12 08:00")
    typhoon = DayChange(date(2026, 3, 16), DayStatus.OFF, "颱風停班")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        plan = plan_amendment(ctx, (typhoon,))
        before = ctx.session.get_one(Duty, duty)
        due_at, remind_at = before.due_at, before.remind_at
    with core.store.reading() as session:  # planned is not confirmed
        assert session.get_one(Duty, duty).remind_at == remind_at
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        apply_amendment(ctx, plan)
    for moment in ("2026-03-13 08:30", "2026-03-15 08:30", "2026-03-16 09:00"):
        run(core, clock, moment)
    said_on_the_day_off = [each for each in notices(core) if each.dedupe_key.endswith("2026-03-16")]
    assert said_on_the_day_off == []
    run(core, clock, "2026-03-17 08:30")
    with core.store.reading() as session:
        assert session.get_one(Duty, duty).due_at == due_at
        assert session.scalars(select(AuditRow.act).where(AuditRow.act == "calendar.amended")).all()
    last = notices(core)[-1]
    assert "已逾期 2 天" in core.vault.open(last.said)


def test_a46_seventy_two_hours_down_tells_each_late_duty_once_in_its_newest_state(
    core: Core, clock: FixedClock, school: School
) -> None:
    """Down from Friday noon to Monday noon; deadlines passed on each day between.

    The checks are told at once by a message of their own; the one digest lists all that its numbers count (DUTY-2).
    """
    clock.at = parse_moment("2026-03-06 12:00")
    replies = {a_reply(core, school, date(2026, 3, day)) for day in (6, 7, 8)}
    checks = {owe(core, a_check(core, school.unit, assigned_at=clock.now() - 20 * HOUR)).id for _ in range(2)}
    run(core, clock, "2026-03-06 12:00")
    before = {each.id for each in notices(core)}
    run(core, clock, "2026-03-09 12:00")
    run(core, clock, "2026-03-09 12:01")
    mine = [each for each in notices(core) if each.id not in before and each.account_id == school.worker.id]
    reminder, digest = sorted(mine, key=lambda each: each.kind, reverse=True)
    assert (reminder.kind, spoken_of(core, reminder)) == (NoticeKind.REMINDER, checks)
    assert (digest.kind, spoken_of(core, digest)) == (NoticeKind.DIGEST, replies | checks)
    drawn = from_json(core.vault.open(digest.said)).to_json()
    assert "已逾期 1 天" in drawn
    assert "今天到期" not in drawn


def test_a46_stages_skipped_are_merged_and_can_be_answered_for(core: Core, clock: FixedClock, school: School) -> None:
    clock.at = parse_moment("2026-03-04 10:00")
    duty = a_reply(core, school, date(2026, 3, 9))
    run(core, clock, "2026-03-12 12:00")  # it arose, came near and was due while everything was down
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        merged = [each for each in why_not_told(ctx, duty) if each.why is WhyNot.MERGED]
    assert len(merged) >= 4
    assert len([each for each in notices(core) if each.account_id == school.worker.id]) == 1


def test_a46_digests_of_past_days_are_not_sent_late(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school, date(2026, 3, 31))
    run(core, clock, "2026-03-04 12:00")
    run(core, clock, "2026-03-09 08:29")
    assert notices(core) == []
    run(core, clock, "2026-03-09 08:30")
    assert [each.dedupe_key for each in notices(core)] == [f"digest:{school.worker.id}:2026-03-09"]


def test_a46_a_supervisor_hears_once_of_what_went_up_meanwhile(core: Core, clock: FixedClock, school: School) -> None:
    clock.at = parse_moment("2026-03-04 12:00")
    a_reply(core, school, date(2026, 3, 5))
    for moment in ("2026-03-10 12:00", "2026-03-11 08:30", "2026-03-12 08:30"):
        run(core, clock, moment)
    over = [each for each in notices(core) if each.account_id == school.supervisor.id]
    assert len(over) == 1
    assert "請督導協助處理" in core.vault.open(over[0].said)
