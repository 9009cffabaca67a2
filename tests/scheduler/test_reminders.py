"""The reminder jobs: run twice, late, or by several at once, each thing is said once."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Permission
from core.audit import Door, verify
from core.clock import FixedClock, end_of_day, start_of_day
from core.context import Context, Core
from core.dates import parse_moment
from core.duties import reminders as collecting
from core.duties.models import Duty, SubjectKind
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, open_duty
from core.notices.models import Notice, NoticeDuty, NoticeKind
from scheduler import batches, reminders
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import a_check, a_dispatch, a_unit, an_account
from tests.duties import owe

WORKERS = 4


def some_duties(core: Core, count: int) -> list[int]:
    """Open a check and a reply in each of ``count`` schools with one caseworker."""
    opened: list[int] = []
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        for _ in range(count):
            unit = a_unit(ctx)
            an_account(ctx, unit, permissions=(Permission.CASEWORKER, Permission.MEAL_CHECKS))
            check, dispatch = a_check(ctx, unit), a_dispatch(ctx, unit)
            due = check.assigned_at + timedelta(hours=24)
            counted_from = start_of_day(ctx.today)
            reply_due = end_of_day(date(2026, 3, 14))
            for new in (
                NewDuty(DutyKind.CHECK, SubjectKind.CHECK, check.id, unit.id, None, check.assigned_at, due),
                NewDuty(DutyKind.REPLY, SubjectKind.DISPATCH, dispatch.id, unit.id, None, counted_from, reply_due),
            ):
                opened += [open_duty(ctx, new)]
    return opened


def said(core: Core) -> list[tuple[NoticeKind, int | None]]:
    with core.store.reading() as session:
        return sorted((row.kind, row.account_id) for row in session.execute(select(Notice.kind, Notice.account_id)))


def spoken_of(core: Core, kind: NoticeKind) -> list[int]:
    with core.store.reading() as session:
        ids = select(NoticeDuty.duty_id).join(Notice, Notice.id == NoticeDuty.notice_id).where(Notice.kind == kind)
        return sorted(session.scalars(ids))


def test_jobs_count_what_they_did_and_then_find_nothing(core: Core, clock: FixedClock) -> None:
    some_duties(core, 2)
    assert (collect_reminders(core, clock.now()), collect_reminders(core, clock.now())) == (4 + 2, 0)  # and two people
    tomorrow = parse_moment("2026-03-05 08:30")
    assert collect_reminders(core, tomorrow) == 2 + 2  # the checks, 12 and 4 hours before as one
    assert (say_digests(core, tomorrow), say_digests(core, tomorrow)) == (2, 0)


def test_given_moment_is_the_one_that_counts(core: Core, clock: FixedClock) -> None:
    some_duties(core, 1)
    collect_reminders(core, clock.now())
    before = clock.now()
    say_digests(core, parse_moment("2026-03-05 08:30"))
    with core.store.reading() as session:
        created = session.scalars(select(Notice.created_at).where(Notice.kind == NoticeKind.DIGEST)).all()
    assert created == [parse_moment("2026-03-05 08:30")]
    assert clock.now() == before


def test_small_batches_reach_the_end(core: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "DUTIES_A_BATCH", 1)
    some_duties(core, 3)
    assert collect_reminders(core, clock.now()) == 6 + 3


def test_bound_leaves_the_rest_to_the_next_run(
    core_sqlite: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "DUTIES_A_BATCH", 1)
    monkeypatch.setattr(batches, "BATCHES", 2)
    some_duties(core_sqlite, 2)
    done = [collect_reminders(core_sqlite, clock.now()) for _ in range(3)]
    assert done == [2, 2 + 2, 0]  # said once all is gathered


def test_many_late_checks_of_one_import_are_one_notice_a_person(
    core_sqlite: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "DUTIES_A_BATCH", 3)
    unit = a_unit(core_sqlite)
    people = [an_account(core_sqlite, unit, permissions=(Permission.MEAL_CHECKS,)) for _ in range(2)]
    late = clock.now() - timedelta(hours=40)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        checks = [a_check(ctx, unit, assigned_at=late + timedelta(minutes=each)) for each in range(11)]
        duties = [owe(ctx, each).id for each in checks]
    collect_reminders(core_sqlite, clock.now())
    assert said(core_sqlite) == [(NoticeKind.REMINDER, each.id) for each in people]
    assert spoken_of(core_sqlite, NoticeKind.REMINDER) == sorted(duties * 2)


def test_a_sweep_that_fails_half_way_still_says_what_it_gathered(
    core_sqlite: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "DUTIES_A_BATCH", 2)
    some_duties(core_sqlite, 2)
    spoilt = [collecting.collect_reminders]

    def once(ctx: Context, limit: int) -> int:
        if not spoilt:
            raise OSError("no room")
        return spoilt.pop()(ctx, limit)

    with monkeypatch.context() as patch:
        patch.setattr(collecting, "collect_reminders", once)  # the first batch passes, those after it do not
        with pytest.raises(OSError, match="no room"):
            collect_reminders(core_sqlite, clock.now())
        assert said(core_sqlite) == []  # the rest of the sweep is waited for
        clock.move(timedelta(minutes=1))
        with pytest.raises(OSError, match="no room"):
            collect_reminders(core_sqlite, clock.now())
    assert len(said(core_sqlite)) == 1


def test_four_workers_at_once_say_each_thing_once(
    core: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminders, "DUTIES_A_BATCH", 2)
    monkeypatch.setattr(reminders, "PEOPLE_A_BATCH", 2)
    monkeypatch.setattr(reminders, "DIGESTS_A_BATCH", 2)
    duties = some_duties(core, 6)
    now, tomorrow, start, failed = (
        clock.now(),
        parse_moment("2026-03-05 08:30"),
        Barrier(WORKERS, timeout=30),
        list[Exception](),
    )

    def work() -> None:
        start.wait()
        try:
            collect_reminders(core, now)
            start.wait()
            say_digests(core, tomorrow)
        except Exception as error:  # noqa: BLE001 (shown below)
            failed.append(error)

    threads = [Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    collect_reminders(core, now)
    say_digests(core, tomorrow)  # what one worker skipped because another held it
    assert [kind for kind, _ in said(core)] == [NoticeKind.DIGEST] * 6 + [NoticeKind.REMINDER] * 6
    assert spoken_of(core, NoticeKind.REMINDER) == sorted(duties[::2])
    assert spoken_of(core, NoticeKind.DIGEST) == sorted(duties)  # of a check, too, which presses as much
    with core.store.reading() as session:
        assert verify(session, core.vault) is None
        assert len({account for _, account in said(core)}) == 6
        assert all(duty.remind_at is None or duty.remind_at > now for duty in session.scalars(select(Duty)))


def test_failing_batch_leaves_nothing_half_done(core: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    some_duties(core, 1)

    def broken(*_: object, **__: object) -> bool:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr("core.duties.telling.say", broken)
        with pytest.raises(OSError, match="no room"):
            collect_reminders(core, clock.now())
    assert said(core) == []
    assert collect_reminders(core, clock.now()) == 1  # gathered before, said now
    assert len(said(core)) == 1
