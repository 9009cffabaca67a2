"""The table of reminder plans, line by line: what is policy, what the sweep then tells, and to whom it goes up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.clock import FixedClock, end_of_day, start_of_day, taipei_date
from core.context import Core
from core.dates import parse_moment
from core.duties.models import DigestItem, Duty, SubjectKind, UrgentItem
from core.duties.plans import DEFAULT_PLANS, Arises, DutyKind, Late
from core.duties.reminders import collect_reminders
from core.duties.service import NewDuty, open_duty
from tests.builders import a_check, a_dispatch
from tests.databases import Beginnings
from tests.schools import School, a_school

DAY = timedelta(days=1)
ARISEN = parse_moment("2026-03-02 09:00")


@dataclass(frozen=True)
class Line:
    """One line of the table: hours and days before (0 is the day itself), and hours late until it goes up."""

    arises: Arises
    late: Late
    goes_up: int | None
    hours: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


RETURNED = Line(Arises.AT_ONCE, Late.EVERY_WORKING_DAY, 3 * 24, days=(1,))
TABLE = {
    DutyKind.CHECK: Line(Arises.AT_ONCE, Late.EVERY_12_HOURS, 24, hours=(12, 4)),
    DutyKind.RETURNED_CHECK: RETURNED,
    DutyKind.RETURNED_REPLY: RETURNED,
    DutyKind.RETURNED_CLOSURE: RETURNED,
    DutyKind.REPLY: Line(Arises.NEXT_DIGEST, Late.EVERY_WORKING_DAY, 3 * 24, days=(3, 1, 0)),
    DutyKind.RECORD_WINDOW: Line(Arises.NOT, Late.WEEKLY, None, days=(7, 1, 0)),  # it goes up in the audit of the 1st
    DutyKind.CLOSURE_IN_MONTH: Line(Arises.AT_ONCE, Late.EVERY_WORKING_DAY, 3 * 24, days=(7, 1, 0)),
    DutyKind.FOLLOW_TO_JULY: Line(Arises.NEXT_DIGEST, Late.WEEKLY, 7 * 24, days=(7,)),
    DutyKind.ACCOUNT_END: Line(Arises.NOT, Late.ON_THE_DAY, None, days=(30, 14, 7, 1)),
    DutyKind.CERTIFICATE_END: Line(Arises.NOT, Late.NOT, None, days=(30, 7)),
    DutyKind.REQUEST_ANSWER: Line(Arises.NOT, Late.NOT, None),  # told by the helpdesk itself, in its working time
    DutyKind.REQUEST_SOLUTION: Line(Arises.NOT, Late.NOT, None),
}
GO_UP = [kind for kind, line in TABLE.items() if line.goes_up]


@pytest.mark.parametrize("kind", DutyKind)
def test_each_kind_has_the_plan_of_its_line(kind: DutyKind) -> None:
    plan = DEFAULT_PLANS[kind]
    found = Line(plan.arises, plan.late, plan.goes_up_after_hours, plan.hours_before, plan.days_before)
    assert found == TABLE[kind]


@pytest.fixture
def school(core_sqlite: Core, beginnings: Beginnings) -> School:
    return beginnings.of(core_sqlite, a_school)


def open_one(core: Core, clock: FixedClock, school: School, kind: DutyKind) -> Duty:
    """Open a duty of a kind in the school, arisen on a Monday morning, due on the 16th (a check: in a day)."""
    clock.at = ARISEN
    is_check = kind in (DutyKind.CHECK, DutyKind.RETURNED_CHECK)
    about = a_check(core, school.unit) if is_check else a_dispatch(core, school.unit)
    subject = SubjectKind.CHECK if is_check else SubjectKind.DISPATCH
    due = ARISEN + DAY if is_check else end_of_day(date(2026, 3, 16))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        new = NewDuty(kind, subject, about.id, school.unit.id, None, start_of_day(taipei_date(ARISEN)), due)
        return ctx.session.get_one(Duty, open_duty(ctx, new))


def gathered(core: Core, clock: FixedClock, until: datetime) -> list[tuple[datetime, bool, int, str]]:
    """Run the sweep at each moment that comes up to a time; return when, whether at once, whom and why."""
    found: list[tuple[datetime, bool, int, str]] = []
    while True:
        with core.store.reading() as session:
            at = session.scalars(select(Duty.remind_at)).one()
        if at is None or at > until:
            return found
        clock.at = at
        with core.transaction(system("tests"), Door.JOB) as ctx:
            collect_reminders(ctx, 10)
            for urgent in ctx.session.scalars(select(UrgentItem)):
                found.append((at, True, urgent.account_id, urgent.stage))
                ctx.session.delete(urgent)
            for item in ctx.session.scalars(select(DigestItem).order_by(DigestItem.account_id)):
                found.append((at, False, item.account_id, item.stage))
                ctx.session.delete(item)


@pytest.mark.parametrize("kind", GO_UP)
def test_it_goes_up_once_to_the_supervisor_after_its_hours(
    core_sqlite: Core, clock: FixedClock, school: School, kind: DutyKind
) -> None:
    duty = open_one(core_sqlite, clock, school, kind)
    told = gathered(core_sqlite, clock, duty.due_at + 16 * DAY)
    hours = TABLE[kind].goes_up
    assert hours is not None
    ((at, is_urgent, _, _),) = [each for each in told if each[2] == school.supervisor.id]
    assert is_urgent == (kind is DutyKind.CHECK)  # those go at once, whoever is told
    assert at >= duty.due_at + timedelta(hours=hours)
    before = [each[0] for each in told if each[0] < duty.due_at + timedelta(hours=hours)]
    assert at == min(each[0] for each in told if each[0] not in before)  # with the first stage from then on
    assert {each[2] for each in told} == {school.worker.id, school.supervisor.id}


@pytest.mark.parametrize("kind", GO_UP)
def test_without_a_supervisor_it_goes_up_to_the_contact(
    core_sqlite: Core, clock: FixedClock, school: School, kind: DutyKind
) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, school.supervisor.id).disabled_at = ctx.now
    duty = open_one(core_sqlite, clock, school, kind)
    told = gathered(core_sqlite, clock, duty.due_at + 16 * DAY)
    assert [each[3] for each in told if each[2] == school.contact.id] == ["goes_up"]


@pytest.mark.parametrize("kind", [kind for kind in DutyKind if kind not in GO_UP])
def test_what_has_no_hours_never_goes_up(core_sqlite: Core, clock: FixedClock, school: School, kind: DutyKind) -> None:
    duty = open_one(core_sqlite, clock, school, kind)
    told = gathered(core_sqlite, clock, duty.due_at + 60 * DAY)
    assert {each[2] for each in told} <= {school.worker.id}


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (DutyKind.REPLY, [2, 13, 16, 17, 18, 19, 20, 23]),  # three days and one day before: a weekend, told on Friday
        (DutyKind.RETURNED_REPLY, [2, 13, 17, 18, 19, 20, 23]),
        (DutyKind.RECORD_WINDOW, [9, 13, 16, 17, 24]),
        (DutyKind.CLOSURE_IN_MONTH, [2, 9, 13, 16, 17, 18, 19, 20, 23]),
        (DutyKind.FOLLOW_TO_JULY, [2, 9, 17, 24]),
        (DutyKind.ACCOUNT_END, [2, 9, 13, 16]),  # fourteen days before is the day it arose
        (DutyKind.CERTIFICATE_END, [9]),
        (DutyKind.REQUEST_ANSWER, []),
    ],
)
def test_the_days_on_which_its_people_are_told(
    core_sqlite: Core, clock: FixedClock, school: School, kind: DutyKind, days: list[int]
) -> None:
    open_one(core_sqlite, clock, school, kind)
    told = gathered(core_sqlite, clock, end_of_day(date(2026, 3, 24)))
    found = sorted({taipei_date(each[0]).day for each in told if each[2] == school.worker.id})
    assert [day for day in found if day < 24 or kind in (DutyKind.RECORD_WINDOW, DutyKind.FOLLOW_TO_JULY)] == days


@pytest.mark.parametrize(
    "kind", [kind for kind, line in TABLE.items() if 0 in line.days or line.late is Late.ON_THE_DAY]
)
@pytest.mark.parametrize(("chosen", "is_urgent"), [(time(8, 30), False), (time(8, 31), True)])
def test_the_due_day_is_told_by_the_hour_of_the_house(
    core_sqlite: Core, clock: FixedClock, school: School, kind: DutyKind, chosen: time, *, is_urgent: bool
) -> None:
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, school.worker.id).digest_at = chosen
    duty = open_one(core_sqlite, clock, school, kind)
    told = gathered(core_sqlite, clock, duty.due_at)
    due_day = start_of_day(taipei_date(duty.due_at))
    assert [each[1] for each in told if each[2] == school.worker.id and each[0] >= due_day] == [is_urgent]
    assert not any(each[1] for each in told if due_day > each[0] > ARISEN)  # before it, all wait for the digest
