"""HELP-6, A45: a typhoon day or a make-up workday moves the helpdesk's open deadlines, once somebody confirmed it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from core.access import system
from core.amendments import DayStatus
from core.audit import AuditRow, Door
from core.calendar_changes import AmendmentPlan, DayChange, apply_amendment, plan_amendment
from core.clock import FixedClock
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.recomputing import What
from core.helpdesk.clocks import clocks_of, set_clocks
from core.helpdesk.entries import Written
from core.helpdesk.models import HelpKind, HelpRequest
from core.helpdesk.rules import answered, pause
from core.helpdesk.service import Asker, ask

WEDNESDAY, SATURDAY = date(2026, 11, 25), date(2026, 11, 28)
OFF = DayChange(WEDNESDAY, DayStatus.OFF, "颱風停班")
WORKED = DayChange(SATURDAY, DayStatus.WORKING, "補行上班")
PUBLISHED = DayChange(WEDNESDAY, DayStatus.PUBLISHED)


def at(text: str) -> datetime:
    return parse_moment(f"2026-11-{text}")


def asked(core: Core, clock: FixedClock, moment: str, who: str = "ann") -> int:
    clock.at = at(moment)
    with core.transaction(system("tests"), Door.CHAT) as ctx:
        asker = Asker(who, ctx.vault.seal(f"U{who}"))
        return ask(ctx, asker, HelpKind.FAULT, "", Written("畫面是白的")).number


def planned(core: Core, *changes: DayChange) -> AmendmentPlan:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return plan_amendment(ctx, changes)


def amended(core: Core, *changes: DayChange) -> AmendmentPlan:
    plan = planned(core, *changes)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        assert apply_amendment(ctx, plan) == len(plan.moves)
    return plan


def stands(core: Core, number: int) -> list[datetime | None]:
    """Return when the first answer and the solution are due, which the duties say too."""
    with core.store.reading() as session:
        row = session.get_one(HelpRequest, number)
        dues = session.scalars(
            select(Duty.due_at).where(Duty.subject_id == number, Duty.ended_at.is_(None)).order_by(Duty.due_at)
        ).all()
    found = [row.answer_due_at, row.solve_due_at]
    assert [each for each in found if each] == list(dues)
    return found


@pytest.mark.parametrize(
    ("moment", "change", "before", "after"),
    [
        ("24 16:00", OFF, ("25 11:00", "27 16:00"), ("26 11:00", "30 16:00")),
        ("24 09:00", OFF, ("24 13:00", "27 09:00"), ("24 13:00", "30 09:00")),
        ("20 09:00", OFF, ("20 13:00", "25 09:00"), ("20 13:00", "26 09:00")),
        ("19 09:00", OFF, ("19 13:00", "24 09:00"), ("19 13:00", "24 09:00")),
        ("27 16:00", WORKED, ("30 11:00", "2026-12-02 16:00"), ("28 11:00", "2026-12-01 16:00")),
    ],
)
def test_a45_deadlines_in_working_time_move_with_the_days(
    core: Core, clock: FixedClock, moment: str, change: DayChange, *, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    was, now = ([parse_moment(each) if len(each) > 9 else at(each) for each in texts] for texts in (before, after))
    number = asked(core, clock, moment)
    assert stands(core, number) == was
    plan = planned(core, change)
    assert [(each.what, each.before, each.after) for each in plan.moves] == [
        (What.DUE, old, new) for old, new in zip(was, now, strict=True) if old != new
    ]
    assert stands(core, number) == was
    amended(core, change)
    assert stands(core, number) == now


def test_taking_the_day_back_takes_the_deadlines_back(core: Core, clock: FixedClock) -> None:
    number = asked(core, clock, "24 16:00")
    before = stands(core, number)
    amended(core, OFF)
    assert stands(core, number) != before
    amended(core, PUBLISHED)
    assert stands(core, number) == before
    assert planned(core, PUBLISHED).moves == ()


def test_the_next_alarm_moves_along(core: Core, clock: FixedClock) -> None:
    number = asked(core, clock, "24 16:00")
    amended(core, OFF)
    with core.store.reading() as session:
        assert session.get_one(HelpRequest, number).warn_at == at("26 10:00")  # an hour of the four is left


def test_what_waits_for_who_asked_has_no_deadline_that_moves(core: Core, clock: FixedClock) -> None:
    number = asked(core, clock, "24 16:00")
    with core.transaction(system("tests"), Door.DESK) as ctx:
        row = ctx.session.get_one(HelpRequest, number)
        set_clocks(ctx, row, pause(answered(clocks_of(row)), ctx.now, ctx.calendar))
    assert planned(core, OFF).moves == ()


def test_what_moved_stands_in_the_audit(core_sqlite: Core, clock: FixedClock) -> None:
    asked(core_sqlite, clock, "24 16:00")
    plan = amended(core_sqlite, OFF)
    assert {each.kind for each in plan.moves} == {DutyKind.REQUEST_ANSWER, DutyKind.REQUEST_SOLUTION}
    with core_sqlite.store.reading() as session:
        (subject,) = session.scalars(select(AuditRow.subject).where(AuditRow.act == "calendar.moved_deadlines"))
    assert subject == f"duties:{','.join(str(each.duty_id) for each in plan.moves)}"
