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
from core.duties.models import DigestItem, Duty, Ending, SubjectKind, UntoldStage, UrgentItem
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, end_duties, end_duty, open_duties, open_duty
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


def test_many_are_opened_as_one_by_one_the_new_the_same_and_the_moved(core: Core, clock: FixedClock) -> None:
    new, same, moved = (a_new_duty(a_dispatch(core)) for _ in range(3))
    before = clock.now()
    opened(core, same)
    opened(core, moved)
    clock.move(timedelta(hours=1))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        open_duties(ctx, [new, same, replace(moved, due_at=end_of_day(date(2026, 3, 20)))])
    with core.store.reading() as session:
        found = {duty.subject_id: duty for duty in session.scalars(select(Duty))}
        acts = session.scalars(select(AuditRow.act).order_by(AuditRow.id)).all()
    assert [found[each.subject_id].arose_at for each in (new, same, moved)] == [clock.now(), before, clock.now()]
    assert found[moved.subject_id].due_at == end_of_day(date(2026, 3, 20))
    alone = the_duty(core, opened(core, a_new_duty(a_dispatch(core))))
    told = [(each.due_at, each.arose_at, each.remind_at, each.look_at) for each in (found[new.subject_id], alone)]
    assert told[0] == told[1]
    assert acts == ["open_duty", "open_duty", "open_duty", "move_duty"]


def test_many_are_ended_as_one_by_one_and_no_other(core: Core, clock: FixedClock) -> None:
    abouts, reader = [a_dispatch(core) for _ in range(3)], an_account(core)
    met, void, other = (opened(core, a_new_duty(each)) for each in abouts)
    returned = opened(core, replace(a_new_duty(abouts[0]), kind=DutyKind.RETURNED_REPLY))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        items = [
            DigestItem(account_id=reader.id, duty_id=each, stage="arises", on_day=ctx.today) for each in (met, other)
        ]
        ctx.session.add_all(
            [
                *items,
                UrgentItem(account_id=reader.id, duty_id=void, stage="late", why="owes", at=ctx.now, say_at=ctx.now),
            ]
        )
        ctx.session.get_one(Duty, met).reminded_at = ctx.now
    clock.move(timedelta(hours=1))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        kind, about = ABOUT
        endings = {(kind, abouts[0].id): Ending.MET, (kind, abouts[1].id): Ending.VOID}
        end_duties(ctx, about, endings | {(DutyKind.RETURNED_REPLY, abouts[2].id): Ending.MET})
    assert [the_duty(core, each).ending for each in (met, void, other, returned)] == [
        Ending.MET,
        Ending.VOID,
        None,
        None,
    ]
    duty = the_duty(core, void)
    assert (duty.ended_at, duty.remind_at, duty.look_at) == (clock.now(), None, None)
    with core.store.reading() as session:
        assert session.scalars(select(DigestItem.duty_id)).all() == [other]
        assert session.scalars(select(UrgentItem.duty_id)).all() == []
        assert session.scalars(select(UntoldStage.duty_id)).all() == [met]
        assert session.scalars(
            select(AuditRow.subject).where(AuditRow.act == "end_duty").order_by(AuditRow.id)
        ).all() == [
            f"duty:{met}",
            f"duty:{void}",
        ]
