"""Opening, moving and ending duties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from core.access import system
from core.audit import AuditRow, Door
from core.clock import FixedClock, end_of_day, start_of_day
from core.context import Core
from core.dispatches.models import Dispatch
from core.duties.models import DigestItem, Duty, Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duty, open_duty
from tests.builders import a_dispatch, an_account

DISPATCHED = date(2026, 3, 4)
DUE = date(2026, 3, 14)
ABOUT = (DutyKind.REPLY, SubjectKind.DISPATCH)


def a_new_duty(about: Dispatch, due: date = DUE, account_id: int | None = None) -> NewDuty:
    return NewDuty(
        *ABOUT,
        subject_id=about.id,
        unit_id=about.unit_id,
        account_id=account_id,
        counted_from=start_of_day(DISPATCHED),
        due_at=end_of_day(due),
    )


def opened(core: Core, new: NewDuty) -> int:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return open_duty(ctx, new)


def ended(core: Core, about: Dispatch, ending: Ending = Ending.MET) -> bool:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return end_duty(ctx, *ABOUT, about.id, ending)


def the_duty(core: Core, duty_id: int) -> Duty:
    with core.store.reading() as session:
        return session.get_one(Duty, duty_id)


def count(core: Core, table: type[Duty | DigestItem]) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_new_duty_stands_with_its_first_reminder(core: Core, clock: FixedClock) -> None:
    duty = the_duty(core, opened(core, a_new_duty(a_dispatch(core))))
    assert (duty.due_at, duty.arose_at, duty.remind_at) == (end_of_day(DUE), clock.now(), clock.now())
    assert (duty.ended_at, duty.reminded_at) == (None, None)


def test_same_duty_again_changes_nothing(core: Core, clock: FixedClock) -> None:
    new = a_new_duty(a_dispatch(core))
    first = opened(core, new)
    clock.move(timedelta(hours=1))
    assert opened(core, new) == first
    assert the_duty(core, first).arose_at == clock.now() - timedelta(hours=1)
    with core.store.reading() as session:
        assert session.scalars(select(AuditRow.act)).all() == ["open_duty"]


def test_moved_duty_arises_anew_and_leaves_the_digest(core: Core, clock: FixedClock) -> None:
    about, reader = a_dispatch(core), an_account(core)
    first = opened(core, a_new_duty(about))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.add(DigestItem(account_id=reader.id, duty_id=first, stage="arises", on_day=ctx.today))
        ctx.session.get_one(Duty, first).reminded_at = ctx.now
    clock.move(timedelta(days=1))
    assert opened(core, a_new_duty(about, due=date(2026, 3, 20))) == first
    duty = the_duty(core, first)
    assert (duty.due_at, duty.reminded_at, duty.remind_at) == (end_of_day(date(2026, 3, 20)), None, clock.now())
    assert count(core, DigestItem) == 0


def test_duty_passes_to_the_person_named_later(core: Core) -> None:
    about, named = a_dispatch(core), an_account(core)
    first = opened(core, a_new_duty(about))
    opened(core, a_new_duty(about, account_id=named.id))
    assert the_duty(core, first).account_id == named.id


@pytest.mark.parametrize("ending", list(Ending))
def test_ended_duty_is_told_no_more(core: Core, clock: FixedClock, ending: Ending) -> None:
    about, reader = a_dispatch(core), an_account(core)
    first = opened(core, a_new_duty(about))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.add(DigestItem(account_id=reader.id, duty_id=first, stage="arises", on_day=ctx.today))
    assert ended(core, about, ending)
    duty = the_duty(core, first)
    assert (duty.ended_at, duty.ending, duty.remind_at) == (clock.now(), ending, None)
    assert count(core, DigestItem) == 0


def test_what_is_not_open_cannot_end(core: Core) -> None:
    about = a_dispatch(core)
    assert not ended(core, about)
    opened(core, a_new_duty(about))
    assert ended(core, about)
    assert not ended(core, about)


def test_ended_duty_may_arise_again_as_another(core: Core) -> None:
    about = a_dispatch(core)
    first = opened(core, a_new_duty(about))
    ended(core, about)
    assert opened(core, a_new_duty(about)) != first
    assert count(core, Duty) == 2


def test_duties_of_one_subject_and_different_kinds_stand_side_by_side(core: Core) -> None:
    about = a_dispatch(core)
    first = opened(core, a_new_duty(about))
    assert opened(core, replace(a_new_duty(about), kind=DutyKind.RETURNED_REPLY)) != first


def test_opened_by_four_at_once_there_is_one(core: Core) -> None:
    new, start, ids = a_new_duty(a_dispatch(core)), Barrier(4), list[int]()

    def work() -> None:
        start.wait()
        ids.append(opened(core, new))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ids), len(set(ids)), count(core, Duty)) == (4, 1, 1)
