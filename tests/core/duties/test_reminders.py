"""Telling duties: who is told, at once or in the digest, and each thing once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account, Permission, Unit
from core.audit import AuditRow, Door
from core.calendar import Amendment, WorkCalendar
from core.cards import Answer, from_json
from core.checks.models import Check
from core.clock import TAIPEI, FixedClock, end_of_day, start_of_day
from core.context import Core
from core.database import Store
from core.dates import parse_moment
from core.dispatches.models import Dispatch
from core.duties import digests
from core.duties.digests import say_digests
from core.duties.models import DigestItem, Duty, Ending, SubjectKind
from core.duties.plans import DutyKind
from core.duties.reminders import collect_reminders
from core.duties.service import NewDuty, end_duty, open_duty
from core.duties.telling import say_reminders
from core.notices.models import Notice, NoticeDuty, NoticeKind, Urgency
from core.secrets import Sealed
from tests.builders import a_check, a_dispatch, a_unit
from tests.databases import Beginnings
from tests.schools import School, a_school, a_worker


@pytest.fixture
def school(core: Core, beginnings: Beginnings) -> School:
    return beginnings.of(core, a_school)


def a_reply(core: Core, unit: Unit, due: date, named: Account | None = None) -> int:
    return _a_dispatch_duty(core, DutyKind.REPLY, unit, due, named)


def a_returned_reply(core: Core, unit: Unit, due: date) -> int:
    return _a_dispatch_duty(core, DutyKind.RETURNED_REPLY, unit, due)


def _a_dispatch_duty(core: Core, kind: DutyKind, unit: Unit, due: date, named: Account | None = None) -> int:
    about, counted_from = a_dispatch(core, unit), start_of_day(due - timedelta(days=10))
    named_id = named.id if named else None
    new = NewDuty(kind, SubjectKind.DISPATCH, about.id, unit.id, named_id, counted_from, end_of_day(due))
    return _opened(core, new)


def a_waiting_check(core: Core, unit: Unit, assigned_at: datetime) -> int:
    about = a_check(core, unit, assigned_at=assigned_at)
    due = assigned_at + timedelta(hours=24)
    return _opened(core, NewDuty(DutyKind.CHECK, SubjectKind.CHECK, about.id, unit.id, None, assigned_at, due))


def _opened(core: Core, new: NewDuty) -> int:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return open_duty(ctx, new)


def run(core: Core, clock: FixedClock, moment: str, limit: int = 50) -> None:
    """Move the clock and gather and say until nothing is left."""
    clock.at = parse_moment(moment)
    for job in (collect_reminders, say_reminders, say_digests):
        for _ in range(20):
            with core.transaction(system("tests"), Door.JOB) as ctx:
                if not job(ctx, limit):
                    break
        else:
            pytest.fail("the job never ends")


def notices(core: Core, kind: NoticeKind | None = None) -> list[Notice]:
    with core.store.reading() as session:
        every = session.scalars(select(Notice).order_by(Notice.id)).all()
    return [each for each in every if kind in (None, each.kind)]


def told(core: Core, kind: NoticeKind | None = None) -> list[int | None]:
    return [each.account_id for each in notices(core, kind)]


def said(core: Core, notice: Notice) -> Answer:
    return from_json(core.vault.open(notice.said))


def spoken_of(core: Core, notice: Notice) -> set[int]:
    with core.store.reading() as session:
        return set(session.scalars(select(NoticeDuty.duty_id).where(NoticeDuty.notice_id == notice.id)))


def waiting_items(core: Core) -> list[tuple[int, str]]:
    with core.store.reading() as session:
        found: Iterable[DigestItem] = session.scalars(select(DigestItem).order_by(DigestItem.account_id))
        return [(item.account_id, item.stage) for item in found]


def test_new_reply_waits_for_the_next_digest(core: Core, clock: FixedClock, school: School) -> None:
    duty = a_reply(core, school.unit, date(2026, 3, 14))  # it is 10:00 of a Wednesday: today's digest is over
    run(core, clock, "2026-03-04 10:01")
    run(core, clock, "2026-03-05 08:29")
    assert (told(core), waiting_items(core)) == ([], [(school.worker.id, "arises")])
    run(core, clock, "2026-03-05 08:30")
    (digest,) = notices(core)
    assert (digest.kind, digest.urgency, digest.account_id) == (NoticeKind.DIGEST, Urgency.ROUTINE, school.worker.id)
    assert spoken_of(core, digest) == {duty}
    assert waiting_items(core) == []


def test_digest_is_one_a_day_and_holds_everything_pressing(core: Core, clock: FixedClock, school: School) -> None:
    late = a_reply(core, school.unit, date(2026, 3, 3))
    soon = a_reply(core, school.unit, date(2026, 3, 10))
    far = a_reply(core, school.unit, date(2026, 3, 31))
    run(core, clock, "2026-03-05 08:30")
    run(core, clock, "2026-03-05 12:00")
    run(core, clock, "2026-03-06 08:30")
    first, second = notices(core, NoticeKind.DIGEST)[0], notices(core, NoticeKind.DIGEST)[-1]
    assert spoken_of(core, first) == {late, soon, far}  # the far one is new
    assert spoken_of(core, second) == {late, soon}
    assert told(core, NoticeKind.DIGEST).count(school.worker.id) == 2


def test_digest_counts_late_checks_as_its_figures_do(core: Core, clock: FixedClock, school: School) -> None:
    check = a_waiting_check(core, school.unit, parse_moment("2026-03-03 10:00"))
    reply = a_reply(core, school.unit, date(2026, 3, 3))
    run(core, clock, "2026-03-05 08:30")
    digest = next(each for each in notices(core, NoticeKind.DIGEST) if each.account_id == school.worker.id)
    assert spoken_of(core, digest) == {check, reply}
    assert said(core, digest).messages[0].preview == "今天有 2 件待辦要留意，都已逾期。"


def test_what_comes_after_todays_digest_waits_for_tomorrows(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 14))
    run(core, clock, "2026-03-05 08:30")
    a_reply(core, school.unit, date(2026, 3, 15))
    run(core, clock, "2026-03-05 09:00")
    assert len(notices(core)) == 1
    run(core, clock, "2026-03-06 08:30")
    assert len(notices(core)) == 2


def test_digest_that_was_missed_is_said_the_same_day(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 14))
    run(core, clock, "2026-03-05 16:00")
    assert len(notices(core)) == 1


def test_no_digest_on_days_off_and_none_for_yesterday(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 31))
    run(core, clock, "2026-03-07 09:00")
    assert notices(core) == []
    run(core, clock, "2026-03-09 08:30")
    assert len(notices(core)) == 1


def test_typhoon_day_has_no_digest(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 31))
    clock.at = parse_moment("2026-03-05 09:00")
    off = Amendment(date(2026, 3, 5), is_working=False, reason="颱風停止上班")
    with core.transaction(system("tests"), Door.JOB) as ctx:
        collect_reminders(ctx, 10)
        assert say_digests(replace(ctx, reckoned_by=WorkCalendar({off.day: off})), 10) == 0
        assert say_digests(ctx, 10) == 1


def test_own_time_of_the_digest_counts(core: Core, clock: FixedClock, school: School) -> None:
    unit = a_unit(core, "秀朗國民小學", parent=school.bureau)
    a_worker(core, unit, digest_at=time(13, 0))
    a_reply(core, unit, date(2026, 3, 31))
    run(core, clock, "2026-03-05 12:59")
    assert notices(core) == []
    run(core, clock, "2026-03-05 13:00")
    (digest,) = notices(core)
    assert "每天 13:00 提醒；完成後就不再提醒。" in said(core, digest).to_json()


def test_duty_met_meanwhile_is_in_no_digest(core: Core, clock: FixedClock, school: School) -> None:
    about = a_dispatch(core, school.unit)
    new = NewDuty(
        DutyKind.REPLY, SubjectKind.DISPATCH, about.id, school.unit.id, None, clock.now(), end_of_day(date(2026, 3, 14))
    )
    _opened(core, new)
    run(core, clock, "2026-03-05 08:00")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        end_duty(ctx, new.kind, new.subject_kind, about.id, Ending.MET)
    run(core, clock, "2026-03-05 08:30")
    assert notices(core) == []


def test_ended_account_gets_no_digest_and_whose_it_is_then_does(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 31))
    run(core, clock, "2026-03-05 08:00")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, school.worker.id).disabled_at = ctx.now
    run(core, clock, "2026-03-05 08:30")
    assert (told(core), waiting_items(core)) == ([school.contact.id], [])


def test_check_is_told_at_once_to_all_who_check(core: Core, clock: FixedClock, school: School) -> None:
    other = a_worker(core, school.unit)
    a_worker(core, school.unit, permissions=(Permission.CASEWORKER,))
    duty = a_waiting_check(core, school.unit, clock.now())
    run(core, clock, "2026-03-04 10:00")
    assert told(core) == [school.worker.id, other.id]
    (first, _) = notices(core)
    assert (first.kind, first.urgency, spoken_of(core, first)) == (NoticeKind.REMINDER, Urgency.AT_ONCE, {duty})


def test_checks_of_one_moment_are_one_notice_a_person(core: Core, clock: FixedClock, school: School) -> None:
    duties = {a_waiting_check(core, school.unit, clock.now()) for _ in range(3)}
    run(core, clock, "2026-03-04 10:00")
    (notice,) = notices(core)
    assert spoken_of(core, notice) == duties


def test_late_check_is_told_every_half_day(core: Core, clock: FixedClock, school: School) -> None:
    a_waiting_check(core, school.unit, parse_moment("2026-03-04 10:00"))
    for moment in ("2026-03-04 10:00", "2026-03-04 22:00", "2026-03-05 06:00", "2026-03-05 07:30", "2026-03-05 10:01"):
        run(core, clock, moment)
    assert told(core, NoticeKind.REMINDER) == [school.worker.id] * 2  # 12 h and 4 h before both slept until 07:30
    run(core, clock, "2026-03-05 22:01")
    run(core, clock, "2026-03-06 07:29")
    assert len(notices(core, NoticeKind.REMINDER)) == 2
    run(core, clock, "2026-03-06 07:30")
    run(core, clock, "2026-03-06 09:59")
    assert told(core, NoticeKind.REMINDER) == [school.worker.id] * 3


def test_late_check_goes_up_at_once_on_a_day_off_too(core: Core, clock: FixedClock, school: School) -> None:
    a_waiting_check(core, school.unit, parse_moment("2026-03-05 10:00"))  # late from Friday at ten
    run(core, clock, "2026-03-07 09:59")
    assert school.supervisor.id not in told(core)
    run(core, clock, "2026-03-07 10:00")
    (notice,) = [each for each in notices(core) if each.account_id == school.supervisor.id]
    assert (notice.kind, notice.urgency) == (NoticeKind.REMINDER, Urgency.AT_ONCE)
    assert "請督導協助處理" in said(core, notice).to_json()
    for moment in ("2026-03-07 22:00", "2026-03-08 07:30", "2026-03-09 08:30"):
        run(core, clock, moment)
    assert told(core).count(school.supervisor.id) == 1
    assert NoticeKind.DIGEST not in {each.kind for each in notices(core)}


@pytest.mark.parametrize(("moment", "count"), [("20:59", 1), ("21:00", 0)])
def test_urgent_ones_sleep_from_nine(core: Core, clock: FixedClock, school: School, moment: str, count: int) -> None:
    clock.at = parse_moment(f"2026-03-04 {moment}")
    a_waiting_check(core, school.unit, clock.now())
    run(core, clock, f"2026-03-04 {moment}")
    assert len(notices(core)) == count
    run(core, clock, "2026-03-05 07:30")
    assert len(notices(core)) == 1


def test_returned_reply_is_told_at_once(core: Core, clock: FixedClock, school: School) -> None:
    a_returned_reply(core, school.unit, date(2026, 3, 7))
    run(core, clock, "2026-03-04 10:00")
    assert told(core, NoticeKind.REMINDER) == [school.worker.id]


def test_due_on_a_day_off_is_told_that_morning(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 8))
    for moment in ("2026-03-06 08:30", "2026-03-08 08:29"):
        run(core, clock, moment)
    assert told(core, NoticeKind.REMINDER) == []
    run(core, clock, "2026-03-08 08:30")
    (notice,) = notices(core, NoticeKind.REMINDER)
    assert "今天到期" in said(core, notice).messages[0].preview


def test_person_named_is_told_alone(core: Core, clock: FixedClock, school: School) -> None:
    named = a_worker(core, school.unit)
    a_reply(core, school.unit, date(2026, 3, 31), named)
    run(core, clock, "2026-03-05 08:30")
    assert told(core) == [named.id]


def test_named_person_without_the_permission_leaves_it_to_the_unit(
    core: Core, clock: FixedClock, school: School
) -> None:
    named = a_worker(core, school.unit, permissions=(Permission.MEAL_CHECKS,))
    a_reply(core, school.unit, date(2026, 3, 31), named)
    run(core, clock, "2026-03-05 08:30")
    assert told(core) == [school.worker.id]


def test_named_person_who_moved_to_another_unit_leaves_it_to_the_unit(
    core: Core, clock: FixedClock, school: School
) -> None:
    named = a_worker(core, a_unit(core, "新的國民小學", parent=school.bureau))
    a_reply(core, school.unit, date(2026, 3, 31), named)
    run(core, clock, "2026-03-05 08:30")
    assert told(core) == [school.worker.id]


def test_nobody_to_tell_is_told_to_the_contact(core: Core, clock: FixedClock, school: School) -> None:
    empty = a_unit(core, "空白國民小學", parent=school.bureau)
    a_reply(core, empty, date(2026, 3, 31))
    a_waiting_check(core, empty, parse_moment("2026-03-05 08:00"))
    run(core, clock, "2026-03-05 08:30")
    assert told(core) == [school.contact.id] * 2
    for notice in notices(core):
        assert "沒有可以通知的承辦人" in said(core, notice).to_json()


def test_late_reply_goes_up_after_three_days(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 8))
    for day in ("09", "10", "11"):
        run(core, clock, f"2026-03-{day} 08:30")
    assert school.supervisor.id not in told(core)
    run(core, clock, "2026-03-12 08:30")
    (digest,) = [each for each in notices(core) if each.account_id == school.supervisor.id]
    assert "請督導協助處理" in said(core, digest).to_json()
    assert all("請督導" not in said(core, each).to_json() for each in notices(core) if each.id != digest.id)
    run(core, clock, "2026-03-13 08:30")
    assert told(core).count(school.supervisor.id) == 1


def test_without_supervisor_it_goes_up_to_the_contact(core: Core, clock: FixedClock, school: School) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, school.supervisor.id).disabled_at = ctx.now
    a_reply(core, school.unit, date(2026, 2, 1))
    run(core, clock, "2026-03-05 08:30")
    assert sorted(told(core), key=str) == sorted([school.worker.id, school.contact.id], key=str)


def test_account_end_is_told_to_its_owner(core: Core, clock: FixedClock, school: School) -> None:
    account, ends_on = school.worker, date(2026, 4, 3)
    due = end_of_day(ends_on)
    _opened(
        core,
        NewDuty(DutyKind.ACCOUNT_END, SubjectKind.ACCOUNT, account.id, None, account.id, start_of_day(ends_on), due),
    )
    run(core, clock, "2026-03-04 10:00")  # 30 days before, but today's digest is over
    assert notices(core) == []
    run(core, clock, "2026-03-05 08:30")
    (digest,) = notices(core)
    assert digest.account_id == account.id
    assert "到期前申請展延" in said(core, digest).to_json()


def test_batches_of_one_tell_the_same(core: Core, clock: FixedClock, school: School) -> None:
    for day in (10, 11, 12):
        a_reply(core, school.unit, date(2026, 3, day))
    run(core, clock, "2026-03-05 08:30", limit=1)
    assert told(core) == [school.worker.id]
    with core.store.reading() as session:
        assert all(duty.remind_at and duty.remind_at > clock.now() for duty in session.scalars(select(Duty)))


def test_previews_hold_no_personal_data(core: Core, clock: FixedClock, school: School) -> None:
    a_reply(core, school.unit, date(2026, 3, 8))
    a_waiting_check(core, school.unit, clock.now())
    run(core, clock, "2026-03-04 10:00")
    run(core, clock, "2026-03-09 08:30")
    for notice in notices(core):
        for message in said(core, notice).messages:
            assert not any(word in message.preview for word in ("王", "林", "○", "A115", "M115", "國民小學"))


def test_moments_are_taipeis(core: Core, clock: FixedClock, school: School) -> None:
    a_waiting_check(core, school.unit, clock.now())
    run(core, clock, "2026-03-04 10:00")
    (notice,) = notices(core)
    assert notice.dedupe_key.split(":")[3] == f"{clock.now().astimezone(TAIPEI):%Y%m%dT%H%M%S}"


def test_row_that_cannot_be_read_keeps_nobody_else_waiting(core: Core, clock: FixedClock, school: School) -> None:
    """The name of one school's child was altered in the database (A57)."""
    other = a_unit(core, "秀朗國民小學", parent=school.bureau)
    worker = a_worker(core, other)
    spoilt = [a_reply(core, school.unit, date(2026, 3, 14)), a_waiting_check(core, school.unit, clock.now())]
    a_reply(core, other, date(2026, 3, 14))
    a_waiting_check(core, other, clock.now())
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        reply, check = (ctx.session.get_one(Duty, duty_id) for duty_id in spoilt)
        case = ctx.session.get_one(Dispatch, reply.subject_id).case
        case.child_name = ctx.session.get_one(Check, check.subject_id).child_name = Sealed(b"spoilt")
    with structlog.testing.capture_logs() as logged:
        run(core, clock, "2026-03-04 10:00")
        run(core, clock, "2026-03-05 08:30")
    assert set(told(core)) == {worker.id}
    assert told(core, NoticeKind.DIGEST) == [worker.id]
    assert {(line["event"], line["account"]) for line in logged} == {("telling_failed", school.worker.id)}
    assert waiting_items(core) == [(school.worker.id, "arises")]  # tried again with the next digest


def test_a46_a_digest_missed_until_the_quiet_hours_is_left_to_the_next(
    core: Core, clock: FixedClock, school: School
) -> None:
    a_reply(core, school.unit, date(2026, 3, 6))
    run(core, clock, "2026-03-06 20:59")
    assert told(core, NoticeKind.DIGEST) == [school.worker.id]
    a_reply(core, school.unit, date(2026, 3, 10))
    run(core, clock, "2026-03-09 21:00")
    assert told(core, NoticeKind.DIGEST) == [school.worker.id]
    run(core, clock, "2026-03-10 08:30")
    assert told(core, NoticeKind.DIGEST).count(school.worker.id) == 2


@pytest.mark.parametrize("chosen", [time(20, 55), time(21, 0), time(21, 30)])
def test_somebody_who_chose_the_night_gets_a_digest_just_before_it(
    core: Core, clock: FixedClock, school: School, chosen: time
) -> None:
    owl = a_worker(core, school.unit, digest_at=chosen)
    a_reply(core, school.unit, date(2026, 3, 9), owl)  # what is due today does not wait for the evening
    run(core, clock, "2026-03-06 20:54")
    assert told(core, NoticeKind.DIGEST) == []
    run(core, clock, "2026-03-06 20:55")
    assert told(core, NoticeKind.DIGEST) == [owl.id]
    (digest,) = notices(core, NoticeKind.DIGEST)
    assert digest.not_before == clock.now()  # a Friday: in the morning it would come on a day off


def test_what_is_gathered_while_a_digest_is_written_is_kept_for_the_next(
    postgres_store: Store, core_sqlite: Core, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = replace(core_sqlite, store=postgres_store)
    unit = a_unit(core)
    worker = a_worker(core, unit)
    first, second = (a_reply(core, unit, date(2026, 3, 6)) for _ in range(2))
    gather(core, worker, first)
    taken = digests._taken

    def meanwhile(*given: Any) -> Any:
        found = taken(*given)
        gather(core, worker, second)
        return found

    monkeypatch.setattr(digests, "_taken", meanwhile)
    clock.at = parse_moment("2026-03-06 08:30")
    with core.transaction(system("tests"), Door.JOB) as ctx:
        say_digests(ctx, 1)
    with core.store.reading() as session:
        assert list(session.scalars(select(DigestItem.duty_id))) == [second]


def test_one_that_cannot_be_told_leaves_no_trace_in_a_batch(core: Core, clock: FixedClock, school: School) -> None:
    """What was said before the row that cannot be read is undone with its audit, and said again without it (A57)."""
    other = a_worker(core, school.unit)
    elsewhere = a_unit(core, "秀朗國民小學", parent=school.bureau)
    a_worker(core, elsewhere)
    a_reply(core, school.unit, date(2026, 3, 6))
    spoilt = a_reply(core, school.unit, date(2026, 3, 31), other), a_reply(core, elsewhere, date(2026, 3, 31))
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        for duty_id in spoilt:
            about = ctx.session.get_one(Duty, duty_id).subject_id
            ctx.session.get_one(Dispatch, about).case.child_name = Sealed(b"spoilt")
    run(core, clock, "2026-03-05 08:30")
    assert told(core) == [school.worker.id]
    with core.store.reading() as session:
        shown = session.scalars(select(AuditRow.actor).where(AuditRow.act == "show_duties")).all()
    assert list(shown) == [school.worker.code]


def gather(core: Core, account: Account, duty_id: int) -> None:
    item = DigestItem(account_id=account.id, duty_id=duty_id, stage="due_day", on_day=date(2026, 3, 6))
    with core.transaction(system("tests"), Door.JOB) as ctx:
        ctx.session.add(item)
