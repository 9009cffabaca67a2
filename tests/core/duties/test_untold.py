"""What was not told of a duty, and why: every stage left out can be answered for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Account, Permission, Unit
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty, Ending, WhyNot
from core.duties.reminders import collect_reminders as gather
from core.duties.rules import StageKind
from core.duties.service import end_duty
from core.duties.untold import why_not_told
from core.errors import NotFound
from core.notices.models import Notice, NoticeState
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import owe

MET, NOBODY, MERGED, PAST = WhyNot.MET, WhyNot.NOBODY, WhyNot.MERGED, WhyNot.PAST


def tell(core: Core, clock: FixedClock, moment: str) -> None:
    clock.at = parse_moment(moment)
    collect_reminders(core, clock.now())
    say_digests(core, clock.now())


def why_not(core: Core, duty: Duty) -> list[tuple[StageKind | None, WhyNot]]:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return [(each.stage, each.why) for each in why_not_told(ctx, duty.id)]


def end(core: Core, duty: Duty, ending: Ending = Ending.MET) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        assert end_duty(ctx, duty.kind, duty.subject_kind, duty.subject_id, ending)


@pytest.fixture
def school(core_sqlite: Core) -> Unit:
    return a_unit(core_sqlite)


@pytest.fixture
def worker(core_sqlite: Core, school: Unit) -> Account:
    return an_account(core_sqlite, school, permissions=(Permission.CASEWORKER, Permission.MEAL_CHECKS))


@pytest.fixture
def reply(core_sqlite: Core, worker: Account, school: Unit) -> Duty:
    """Dispatched today, a Wednesday, due on Saturday the 14th."""
    assert worker.unit_id == school.id
    return owe(core_sqlite, a_dispatch(core_sqlite, school))


def test_of_a_duty_that_runs_its_course_nothing_is_left_out(core_sqlite: Core, clock: FixedClock, reply: Duty) -> None:
    for moment in ("2026-03-04 10:00", "2026-03-05 08:30", "2026-03-11 08:30"):
        tell(core_sqlite, clock, moment)
    assert why_not(core_sqlite, reply) == []


@pytest.mark.parametrize(("ending", "why"), [(Ending.MET, MET), (Ending.VOID, WhyNot.VOID)])
def test_what_ended_before_its_digest_says_so(
    core_sqlite: Core, clock: FixedClock, reply: Duty, ending: Ending, why: WhyNot
) -> None:
    tell(core_sqlite, clock, "2026-03-04 10:00")
    end(core_sqlite, reply, ending)
    tell(core_sqlite, clock, "2026-03-05 08:30")
    assert why_not(core_sqlite, reply) == [(StageKind.ARISES, why), (StageKind.BEFORE, why)]


def test_skipped_stages_are_merged_into_the_newest(core_sqlite: Core, clock: FixedClock, reply: Duty) -> None:
    tell(core_sqlite, clock, "2026-03-13 09:00")
    assert why_not(core_sqlite, reply) == [(StageKind.ARISES, MERGED), (StageKind.BEFORE, MERGED)]


def test_nobody_at_all_to_tell_is_kept(core_sqlite: Core, clock: FixedClock) -> None:
    duty = owe(core_sqlite, a_check(core_sqlite, a_unit(core_sqlite)))
    tell(core_sqlite, clock, "2026-03-04 10:00")
    assert why_not(core_sqlite, duty) == [(StageKind.ARISES, NOBODY)]


@pytest.mark.parametrize("urgent", [True, False])
def test_an_account_that_ended_meanwhile_is_kept_as_not_told(
    core_sqlite: Core, clock: FixedClock, worker: Account, school: Unit, *, urgent: bool
) -> None:
    about = a_check(core_sqlite, school) if urgent else a_dispatch(core_sqlite, school)
    duty = owe(core_sqlite, about)
    clock.at = parse_moment("2026-03-05 08:00")
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        gather(ctx, 10)
        ctx.session.get_one(Account, worker.id).disabled_at = ctx.now
    tell(core_sqlite, clock, "2026-03-05 08:30")
    assert (why_not(core_sqlite, duty)[-1][1]) is NOBODY


def test_days_that_were_over_when_it_arose_are_past(core_sqlite: Core, clock: FixedClock, school: Unit) -> None:
    late_in = a_dispatch(core_sqlite, school, dispatched_on=date(2026, 2, 23))  # due on the 5th: two days before
    duty = owe(core_sqlite, late_in)
    assert why_not(core_sqlite, duty) == [(StageKind.BEFORE, PAST)]
    hours = owe(core_sqlite, a_check(core_sqlite, school, assigned_at=clock.now() - timedelta(hours=12)))
    assert why_not(core_sqlite, hours) == []  # the stage of this very moment is told
    hours = owe(core_sqlite, a_check(core_sqlite, school, assigned_at=clock.now() - timedelta(hours=21)))
    assert why_not(core_sqlite, hours) == [(StageKind.BEFORE, PAST), (StageKind.BEFORE, PAST)]


@pytest.mark.parametrize(
    ("state", "ends", "why"),
    [
        (NoticeState.GIVEN_UP, False, WhyNot.UNSENT),
        (NoticeState.REFUSED, True, WhyNot.UNSENT),
        (NoticeState.DROPPED, True, MET),
        (NoticeState.DROPPED, False, WhyNot.UNSENT),
    ],
)
def test_a_notice_that_did_not_go_out_is_told_too(
    core_sqlite: Core, clock: FixedClock, school: Unit, state: NoticeState, *, ends: bool, why: WhyNot
) -> None:
    an_account(core_sqlite, school, permissions=(Permission.MEAL_CHECKS,))
    duty = owe(core_sqlite, a_check(core_sqlite, school))
    tell(core_sqlite, clock, "2026-03-04 10:00")
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.scalars(select(Notice)).one().state = state
    if ends:
        end(core_sqlite, duty)
    assert (None, why) in why_not(core_sqlite, duty)


def test_anothers_duty_is_as_if_it_did_not_exist(core_sqlite: Core, reply: Duty) -> None:
    with core_sqlite.transaction(Actor("stranger"), Door.DESK) as ctx, pytest.raises(NotFound):
        why_not_told(ctx, reply.id)
