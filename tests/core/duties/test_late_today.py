"""What is due today waits for no digest that comes later than the house's (DUTY-5): who hears it when, and once."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Unit
from core.audit import Door
from core.cards import from_json
from core.clock import FixedClock, end_of_day, taipei_moment
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Ending, SubjectKind
from core.duties.outlook import outlook
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duty, open_duty
from core.notices.models import Notice, NoticeKind, Urgency
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import a_dispatch
from tests.databases import Beginnings
from tests.schools import School, a_school, a_worker

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)
DIGEST, REMINDER = NoticeKind.DIGEST, NoticeKind.REMINDER


@pytest.fixture
def school(core: Core, beginnings: Beginnings) -> School:
    return beginnings.of(core, a_school)


def a_reply(core: Core, clock: FixedClock, unit: Unit, due: date, arose: str = "2026-03-02 09:00") -> NewDuty:
    """Open what is owed from a moment on until the end of a day."""
    clock.at = parse_moment(arose)
    about = a_dispatch(core, unit)
    new = NewDuty(DutyKind.REPLY, SubjectKind.DISPATCH, about.id, unit.id, None, clock.at, end_of_day(due))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        open_duty(ctx, new)
    return new


def run(core: Core, clock: FixedClock, *moments: str) -> None:
    for moment in moments:
        clock.at = parse_moment(moment)
        collect_reminders(core, clock.at)
        say_digests(core, clock.at)


def told(core: Core, account_id: int, day: date) -> list[tuple[NoticeKind, datetime]]:
    """Return what was said to somebody on a day, in order."""
    with core.store.reading() as session:
        rows = session.scalars(select(Notice).where(Notice.account_id == account_id).order_by(Notice.id)).all()
    first, last = taipei_moment(day, time()), end_of_day(day)
    return [(each.kind, each.created_at) for each in rows if first <= each.created_at <= last]


def at(day: date, hour: int, minute: int) -> datetime:
    return taipei_moment(day, time(hour, minute))


ALL_DAY = ("00:00", "07:30", "08:00", "08:29", "08:30", "08:31", "12:00", "20:00", "20:55")


@pytest.mark.parametrize(
    ("chosen", "heard"),
    [
        (None, (DIGEST, at(FRIDAY, 8, 30))),
        (time(8, 0), (DIGEST, at(FRIDAY, 8, 0))),
        (time(8, 30), (DIGEST, at(FRIDAY, 8, 30))),
        (time(8, 31), (REMINDER, at(FRIDAY, 8, 30))),
        (time(20, 0), (REMINDER, at(FRIDAY, 8, 30))),
        (time(21, 30), (REMINDER, at(FRIDAY, 8, 30))),
    ],
)
def test_it_is_heard_by_the_hour_of_the_house_and_once(
    core: Core, clock: FixedClock, school: School, chosen: time | None, heard: tuple[NoticeKind, datetime]
) -> None:
    worker = a_worker(core, school.unit, digest_at=chosen)
    a_reply(core, clock, school.unit, FRIDAY)
    run(core, clock, "2026-03-05 00:00", "2026-03-05 08:30", "2026-03-05 20:55")
    run(core, clock, *(f"2026-03-06 {clock_time}" for clock_time in ALL_DAY))
    assert told(core, worker.id, FRIDAY) == [heard]


def test_several_are_one_notice_that_says_so_and_goes_at_once(core: Core, clock: FixedClock, school: School) -> None:
    worker = a_worker(core, school.unit, digest_at=time(20, 0))
    for _ in range(3):
        a_reply(core, clock, school.unit, FRIDAY)
    run(core, clock, "2026-03-05 20:00", "2026-03-06 00:00", "2026-03-06 08:30", "2026-03-06 20:00")
    with core.store.reading() as session:
        said = session.scalars(select(Notice).where(Notice.account_id == worker.id, Notice.kind == REMINDER)).one()
    assert said.urgency is Urgency.AT_ONCE
    words = from_json(core.vault.open(said.said)).to_json()
    assert "有 3 件待辦今天到期。" in words
    assert "下次：115/03/09（一）的每日提醒。" in words


def test_the_digest_of_the_evening_tells_of_the_others_only(core: Core, clock: FixedClock, school: School) -> None:
    worker = a_worker(core, school.unit, digest_at=time(20, 0))
    a_reply(core, clock, school.unit, FRIDAY)
    a_reply(core, clock, school.unit, MONDAY)  # three days before: told in the digest of the same Friday
    run(core, clock, "2026-03-05 20:00", "2026-03-06 00:00", "2026-03-06 08:30", "2026-03-06 20:00")
    assert told(core, worker.id, FRIDAY) == [(REMINDER, at(FRIDAY, 8, 30)), (DIGEST, at(FRIDAY, 20, 0))]


def test_what_waits_since_yesterday_evening_is_told_this_morning_and_not_again(
    core: Core, clock: FixedClock, school: School
) -> None:
    worker = a_worker(core, school.unit, digest_at=time(20, 0))
    a_reply(core, clock, school.unit, FRIDAY, arose="2026-03-05 20:30")
    run(core, clock, "2026-03-05 20:30", "2026-03-06 00:00", "2026-03-06 08:30", "2026-03-06 20:00")
    assert told(core, worker.id, FRIDAY) == [(REMINDER, at(FRIDAY, 8, 30))]


def test_what_arises_after_an_early_digest_is_heard_on_its_due_day(
    core: Core, clock: FixedClock, school: School
) -> None:
    early = a_worker(core, school.unit, digest_at=time(7, 45))
    usual = a_worker(core, school.unit)
    a_reply(core, clock, school.unit, FRIDAY, arose="2026-03-06 08:00")
    run(core, clock, "2026-03-06 08:00", "2026-03-06 08:30")
    assert told(core, early.id, FRIDAY) == [(REMINDER, at(FRIDAY, 8, 30))]
    assert told(core, usual.id, FRIDAY) == [(DIGEST, at(FRIDAY, 8, 30))]


def test_what_is_done_before_the_hour_is_not_told(core: Core, clock: FixedClock, school: School) -> None:
    worker = a_worker(core, school.unit, digest_at=time(20, 0))
    new = a_reply(core, clock, school.unit, FRIDAY)
    run(core, clock, "2026-03-05 20:00", "2026-03-06 00:00")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        end_duty(ctx, new.kind, new.subject_kind, new.subject_id, Ending.MET)
    run(core, clock, "2026-03-06 08:30", "2026-03-06 20:00")
    assert told(core, worker.id, FRIDAY) == []


@pytest.mark.parametrize(
    ("back", "heard"),
    [
        ("2026-03-06 12:00", [(REMINDER, at(FRIDAY, 12, 0))]),
        ("2026-03-06 20:59", [(REMINDER, at(FRIDAY, 20, 59))]),
        ("2026-03-06 21:00", []),  # in the morning it is late: the next digest tells that
    ],
)
def test_a46_after_an_outage_it_is_heard_as_long_as_the_day_lasts(
    core: Core, clock: FixedClock, school: School, back: str, heard: list[tuple[NoticeKind, datetime]]
) -> None:
    worker = a_worker(core, school.unit, digest_at=time(20, 0))
    a_reply(core, clock, school.unit, FRIDAY)
    run(core, clock, "2026-03-05 20:00", back, "2026-03-06 23:59", "2026-03-07 07:30")
    assert told(core, worker.id, FRIDAY) == heard
    run(core, clock, "2026-03-09 00:00", "2026-03-09 08:30", "2026-03-09 20:00")
    assert told(core, worker.id, MONDAY) == [(DIGEST, at(MONDAY, 20, 0))]


def test_a_day_off_is_told_at_the_hour_of_the_house_to_everybody(core: Core, clock: FixedClock, school: School) -> None:
    late, saturday = a_worker(core, school.unit, digest_at=time(20, 0)), date(2026, 3, 7)
    a_reply(core, clock, school.unit, saturday)
    run(core, clock, "2026-03-06 20:00", "2026-03-07 00:00", "2026-03-07 08:30", "2026-03-07 20:00")
    heard = [(REMINDER, at(saturday, 8, 30))]
    assert told(core, late.id, saturday) == told(core, school.worker.id, saturday) == heard


def test_whoever_is_told_instead_hears_it_by_then_too(core: Core, clock: FixedClock, school: School) -> None:
    """Nobody of the unit can be told: the contact is, whose digest comes late (DUTY-4)."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.merge(school.worker).disabled_at = ctx.now
        ctx.session.merge(school.contact).digest_at = time(20, 0)
    a_reply(core, clock, school.unit, FRIDAY)
    run(core, clock, "2026-03-05 20:00", "2026-03-06 00:00", "2026-03-06 08:30")
    assert told(core, school.contact.id, FRIDAY) == [(REMINDER, at(FRIDAY, 8, 30))]


def test_the_outlook_foretells_it(core_sqlite: Core, clock: FixedClock, beginnings: Beginnings) -> None:
    """Also that what waited for the evening is told in the morning, and what the evening then still says."""
    core, school = core_sqlite, beginnings.of(core_sqlite, a_school)
    late = a_worker(core, school.unit, digest_at=time(20, 0))
    a_reply(core, clock, school.unit, FRIDAY, arose="2026-03-05 20:30")
    run(core, clock, "2026-03-05 20:30")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        found = outlook(ctx, MONDAY)
    theirs = [(each.kind, each.at, each.duties) for each in found if each.account_id == late.id]
    assert theirs == [(REMINDER, at(FRIDAY, 8, 30), 1), (DIGEST, at(MONDAY, 20, 0), 1)]
