"""Readings of the month: one an hour, only this month's counts, and below the reserve the digest goes by mail."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Permission, Unit
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.dates import parse_moment
from core.notices import doorways
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeKind, NoticeState, Via, WhyMail
from core.quota.door import Consumption
from core.quota.queries import is_spared, newest, quota_view, spent_at
from core.quota.service import keep_reading, needs_reading
from scheduler.quota import reading_quota
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import a_bound_account, a_check, a_dispatch
from tests.duties import owe

HOUR = timedelta(hours=1)


class Line:
    """A channel that says how the month stands, or does not."""

    def __init__(self, *seen: Consumption | None) -> None:
        self.seen = list(seen)

    def consumption(self) -> Consumption:
        seen = self.seen.pop(0)
        if seen is None:
            raise ConnectionError("no answer")
        return seen


def keep(core: Core, allowed: int | None = 1000, used: int = 0) -> bool:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        return keep_reading(ctx, Consumption(allowed, used))


def test_one_reading_an_hour_whoever_asks(core: Core, clock: FixedClock) -> None:
    assert [keep(core, used=1), keep(core, used=2)] == [True, False]
    clock.move(HOUR - timedelta(microseconds=1))  # it is 10:00 to the instant
    assert not keep(core, used=3)
    clock.move(timedelta(microseconds=1))
    assert keep(core, used=4)
    with core.store.reading() as session:
        found = newest(session, clock.now())
    assert found is not None
    assert found.used == 4


def test_a_reading_of_last_month_says_nothing_of_this_one(core_sqlite: Core, clock: FixedClock) -> None:
    clock.at = parse_moment("2026-03-31 23:59")
    keep(core_sqlite, used=1000)
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        assert is_spared(ctx)
    clock.at = parse_moment("2026-04-01 00:00")
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        assert (is_spared(ctx), quota_view(ctx), newest(ctx.session, ctx.now)) == (False, None, None)


def line_says(core: Core, outcome: Outcome) -> None:
    with core.transaction(system("tests"), Door.JOB) as ctx:
        doorways.note(ctx, doorways.LINE, [(outcome, "")], ctx.now, is_trial=False)


def test_a_month_that_line_calls_spent_is_spared_until_the_next_reading(core_sqlite: Core, clock: FixedClock) -> None:
    keep(core_sqlite, used=100)
    clock.move(HOUR / 2)
    for outcome, expected in ((Outcome.RATE, None), (Outcome.QUOTA, clock.now())):
        line_says(core_sqlite, outcome)
        with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
            view = quota_view(ctx)
            assert view is not None
            assert (spent_at(ctx), is_spared(ctx), view.is_spared) == (expected, bool(expected), bool(expected))
    clock.move(HOUR / 2)
    keep(core_sqlite, used=100)
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        assert (spent_at(ctx), is_spared(ctx)) == (None, False)


def test_a_spent_month_is_over_with_the_month_and_needs_no_reading(core_sqlite: Core, clock: FixedClock) -> None:
    clock.at = parse_moment("2026-03-31 23:59")
    line_says(core_sqlite, Outcome.QUOTA)
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        assert (spent_at(ctx), is_spared(ctx)) == (clock.now(), True)
    clock.at = parse_moment("2026-04-01 00:00")
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        assert (spent_at(ctx), is_spared(ctx)) == (None, False)


def test_the_job_asks_once_an_hour_and_again_when_it_was_not_answered(core_sqlite: Core, clock: FixedClock) -> None:
    line = Line(None, Consumption(200, 7), Consumption(None, 8))
    job = reading_quota(line)
    assert [job.function(core_sqlite, clock.now()) for _ in range(3)] == [0, 1, 0]
    assert len(line.seen) == 1
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        assert not needs_reading(ctx)
    assert job.function(core_sqlite, clock.now() + HOUR) == 1


@pytest.mark.parametrize(("moment", "is_needed"), [("10:59:59", False), ("11:00:00", True)])
def test_a_reading_serves_to_the_end_of_its_hour(
    core_sqlite: Core, clock: FixedClock, moment: str, *, is_needed: bool
) -> None:
    clock.at = parse_moment("2026-03-04 10:01")
    keep(core_sqlite)
    clock.at = datetime.fromisoformat(f"2026-03-04T{moment}+08:00")
    with core_sqlite.reading(system("test"), Door.JOB) as ctx:
        assert needs_reading(ctx) is is_needed


def test_a_reading_knows_what_the_plans_will_take_and_took(core_sqlite: Core, clock: FixedClock) -> None:
    """A reply due on the 14th, told by LINE: tomorrow, and on every working day from the 11th on but the 15th."""
    bound = a_bound_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        owe(ctx, a_dispatch(ctx, ctx.session.get_one(Unit, bound.account.unit_id)))
    keep(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        view = quota_view(ctx)
    assert view is not None
    before_due, late = 3, 12  # the 5th, 11th and 13th, the 14th at once as it is a Saturday; the 16th to the 31st
    assert view.reading.planned == before_due + 1 + late
    assert (view.forecast.used, view.forecast.left, view.is_spared) == (16, 984, False)
    for moment in ("2026-03-05 08:30", "2026-03-05 10:00"):
        clock.at = parse_moment(moment)
        collect_reminders(core_sqlite, clock.now())
        say_digests(core_sqlite, clock.now())
    with core_sqlite.transaction(system("tests"), Door.JOB) as ctx:
        notice = ctx.session.scalars(select(Notice)).one()
        notice.state, notice.settled_at = NoticeState.ACCEPTED, ctx.now
    keep(core_sqlite)
    with core_sqlite.store.reading() as session:
        found = newest(session, clock.now())
    assert found is not None
    assert (found.planned, found.told) == (15, 1)


@pytest.mark.parametrize(("used", "via"), [(900, Via.PUSH), (901, Via.MAIL)])
def test_below_the_reserve_the_digest_goes_by_mail_and_says_why(
    core_sqlite: Core, clock: FixedClock, used: int, via: Via
) -> None:
    bound = a_bound_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        owe(ctx, a_dispatch(ctx, ctx.session.get_one(Unit, bound.account.unit_id)))
    clock.at = parse_moment("2026-03-05 08:30")
    keep(core_sqlite, used=used)
    collect_reminders(core_sqlite, clock.now())
    say_digests(core_sqlite, clock.now())
    with core_sqlite.store.reading() as session:
        (notice,) = session.scalars(select(Notice))
    assert (notice.kind, notice.via, notice.account_id) == (NoticeKind.DIGEST, via, bound.account.id)
    assert notice.why_mail is (WhyMail.SPARED if via is Via.MAIL else None)


def test_what_is_urgent_keeps_line(core_sqlite: Core, clock: FixedClock) -> None:
    bound = a_bound_account(core_sqlite, permissions=(Permission.MEAL_CHECKS,))
    keep(core_sqlite, used=1000)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        owe(ctx, a_check(ctx, ctx.session.get_one(Unit, bound.account.unit_id)))
    collect_reminders(core_sqlite, clock.now())
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Notice.via)).all() == [Via.PUSH]
