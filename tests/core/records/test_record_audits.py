"""The audit of the 1st (REC-3), on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.clock import TAIPEI, FixedClock, start_of_day
from core.context import Core
from core.duties.models import DigestItem
from core.notices.models import Notice
from core.records.models import RecordAudit
from core.records.queries import AuditRow, audit_rows
from scheduler.audits import audit_records
from scheduler.reminders import say_digests
from tests.builders import a_case, a_unit, an_account
from tests.services import Serving, a_service, a_serving_school, acting

DISPATCHED = date(2026, 1, 5)
"""Windows: 1/5 to 2/3, 2/4 to 3/5, 3/6 to 4/4."""
FEBRUARY, MARCH, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(start_of_day(MARCH))


@pytest.fixture
def serving(core: Core) -> Serving:
    return a_serving_school(core, DISPATCHED)


def run(core: Core) -> int:
    return audit_records(core, core.clock.now())


def found(serving: Serving, day: date) -> list[tuple[date, date]]:
    with serving.acting() as ctx:
        page = audit_rows(ctx, day)
    assert page.total == len(page.rows)
    return [(row.first, row.last) for row in page.rows]


def test_windows_that_ended_before_the_1st_are_listed(core: Core, serving: Serving) -> None:
    assert run(core) == 1
    with serving.acting() as ctx:
        rows = audit_rows(ctx, MARCH).rows
    assert rows == (AuditRow("永平國民小學", "WK00017", "王○明", date(2026, 1, 5), date(2026, 2, 3), is_filled=False),)


@pytest.mark.parametrize(("dispatched_on", "count"), [(date(2026, 1, 30), 1), (date(2026, 1, 31), 0)])
def test_a_window_counts_that_ended_the_day_before(core: Core, dispatched_on: date, count: int) -> None:
    serving = a_serving_school(core, dispatched_on)
    assert run(core) == count
    assert len(found(serving, MARCH)) == count


def test_an_audit_is_once_a_month(core: Core, serving: Serving, clock: FixedClock) -> None:
    assert (run(core), run(core)) == (1, 0)
    clock.at = start_of_day(APRIL)
    assert (run(core), run(core)) == (1, 0)
    assert found(serving, APRIL) == [(date(2026, 1, 5), date(2026, 2, 3)), (date(2026, 2, 4), date(2026, 3, 5))]
    assert found(serving, MARCH) == [(date(2026, 1, 5), date(2026, 2, 3))]


def test_an_audit_that_comes_late_is_still_that_of_the_1st(core: Core, serving: Serving, clock: FixedClock) -> None:
    clock.at = start_of_day(date(2026, 3, 20))
    assert run(core) == 1
    assert found(serving, MARCH) == [(date(2026, 1, 5), date(2026, 2, 3))]


def test_nobody_is_audited_who_lacks_nothing(core: Core, serving: Serving) -> None:
    serving.records([date(2026, 2, 3)])
    assert run(core) == 0
    with core.store.reading() as session:
        assert session.scalars(select(RecordAudit)).all() == []


def test_what_is_filled_afterwards_is_seen_as_filled(core: Core, serving: Serving) -> None:
    run(core)
    serving.records([date(2026, 1, 20)])
    with serving.acting() as ctx:
        assert [row.is_filled for row in audit_rows(ctx, MARCH).rows] == [True]


def test_the_unit_and_its_supervisor_are_told_in_the_next_digest(
    core: Core, serving: Serving, clock: FixedClock
) -> None:
    run(core)
    with core.store.reading() as session:
        items = session.scalars(select(DigestItem).order_by(DigestItem.account_id)).all()
    told = sorted([serving.caseworker.id, serving.supervisor.id])
    assert [(item.account_id, item.stage, item.on_day) for item in items] == [(each, "audit", MARCH) for each in told]
    clock.at = datetime(2026, 3, 2, 9, tzinfo=TAIPEI)  # the 1st is a Sunday
    say_digests(core, clock.now())
    with core.store.reading() as session:
        notices = session.scalars(select(Notice).order_by(Notice.account_id)).all()
    assert [notice.account_id for notice in notices] == told
    for notice in notices:
        said = core.vault.open(notice.said)
        assert "1 日稽核查到的工作紀錄缺漏" in said
        assert "王小明" not in said


def test_a_bureau_sees_its_units_and_a_school_only_itself(core: Core, serving: Serving) -> None:
    other = a_unit(core, "海山國民小學", parent=serving.bureau)
    a_service(core, other, a_case(core, number="WK00018"), DISPATCHED)
    foreign = a_unit(core, "新店高級中學")
    a_service(core, foreign, a_case(core, number="WK00019"), DISPATCHED)
    assert run(core) == 3
    with serving.acting(serving.supervisor) as ctx:
        assert [row.number for row in audit_rows(ctx, MARCH).rows] == ["WK00017", "WK00018"]
    with acting(core, an_account(core, foreign)) as ctx:
        assert [row.number for row in audit_rows(ctx, MARCH).rows] == ["WK00019"]


def test_two_audits_at_once_are_one(core: Core, serving: Serving) -> None:
    start, done = Barrier(2), list[int]()

    def work() -> None:
        start.wait()
        done.append(run(core))

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1
    assert len(found(serving, MARCH)) == 1


def test_the_first_month_has_no_window_that_ended(core: Core, clock: FixedClock) -> None:
    clock.at = start_of_day(FEBRUARY) + timedelta(hours=9)
    serving = a_serving_school(core, DISPATCHED)
    assert run(core) == 0
    assert found(serving, FEBRUARY) == []
