"""The outlook says what the jobs then say: run against them over some days, whatever stands open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from core.access import system
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.audit import Door
from core.clock import FixedClock, start_of_day, taipei_date, taipei_moment
from core.closures.notices import look_card
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty
from core.duties.outlook import Expected, outlook
from core.duties.priced import priced
from core.duties.riding import say_with_digest
from core.notices.models import Notice, NoticeKind, Via
from scheduler.audits import audit_records
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import a_bound_account, a_check, a_dispatch, a_unit, an_account
from tests.duties import owe
from tests.services import a_serving_school

BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
OWN_TIMES = (None, None, time(6, 0), time(7, 45), time(8, 31), time(13, 0), time(21, 30))
DAYS = 11


@dataclass(frozen=True)
class Town:
    """A bureau with schools, some without anybody, and what they owe."""

    bureau: Unit
    accounts: tuple[Account, ...]


def a_town(core: Core, random: Random) -> Town:
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    over = [
        an_account(core, bureau, role=Role.CONTACT, permissions=(Permission.CONTACT,)),
        an_account(core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,)),
    ]
    workers: list[Account] = []
    for number in range(5):
        school = a_unit(core, f"第{number}國小", parent=bureau)
        workers += [
            an_account(core, school, permissions=BOTH, digest_at=random.choice(OWN_TIMES))
            for _ in range(random.randrange(3))
        ]
        for _ in range(random.randrange(4)):
            ago = timedelta(days=random.randrange(25))
            owe(core, a_dispatch(core, school, dispatched_on=taipei_date(core.clock.now() - ago)))
        for _ in range(random.randrange(3)):
            owe(core, a_check(core, school, assigned_at=core.clock.now() - timedelta(hours=random.randrange(60))))
    return Town(bureau, (*over, *workers))


def expected(core: Core, last: date) -> list[Expected]:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return list(outlook(ctx, last))


def events(core: Core, town: Town, last: date) -> Iterator[datetime]:
    """Yield the moments at which anything can happen, each in its turn: stages, times of digests, the end of night."""
    chosen = (*(each.digest_at for each in town.accounts), None)
    times = {core.policy.digest_time(each) for each in chosen} | {core.policy.quiet_until}
    today = taipei_date(core.clock.now())
    days = [today + timedelta(days=each) for each in range((last - today).days + 1)]
    fixed = [taipei_moment(day, at) for day in days for at in times]
    now, end = core.clock.now(), start_of_day(last + timedelta(days=1))
    while now < end:
        yield now
        with core.store.reading() as session:
            stage = session.scalar(select(func.min(Duty.remind_at)).where(Duty.remind_at > now))
        now = min(each for each in (*fixed, stage, end) if each is not None and each > now)


def said(core: Core, clock: FixedClock, town: Town, last: date) -> set[tuple[datetime, int | None, NoticeKind]]:
    for moment in events(core, town, last):
        clock.at = moment
        audit_records(core, moment)
        collect_reminders(core, moment)
        say_digests(core, moment)
    with core.store.reading() as session:
        rows = session.execute(select(Notice.created_at, Notice.account_id, Notice.kind))
        return {(row.created_at, row.account_id, row.kind) for row in rows}


@pytest.mark.parametrize("start", ["2026-03-06 22:15", "2026-02-11 07:30"])
def test_what_is_expected_is_what_is_said(core_sqlite: Core, clock: FixedClock, start: str) -> None:
    clock.at = parse_moment(start)
    town = a_town(core_sqlite, Random(start))  # noqa: S311 (no secret)
    last = taipei_date(clock.now()) + timedelta(days=DAYS - 1)
    looked_out = {(each.at, each.account_id, each.kind) for each in expected(core_sqlite, last)}
    assert len(looked_out) > 20
    assert looked_out == said(core_sqlite, clock, town, last)


def test_what_was_gathered_before_is_expected_too(core_sqlite: Core, clock: FixedClock) -> None:
    town = a_town(core_sqlite, Random(4))  # noqa: S311 (no secret)
    collect_reminders(core_sqlite, clock.now())
    last = taipei_date(clock.now()) + timedelta(days=DAYS - 1)
    before = {each.id for each in _notices(core_sqlite)}
    looked_out = {(each.at, each.account_id, each.kind) for each in expected(core_sqlite, last)}
    said(core_sqlite, clock, town, last)
    after = {(each.created_at, each.account_id, each.kind) for each in _notices(core_sqlite) if each.id not in before}
    assert looked_out == after


def test_a_digest_said_today_is_not_expected_again(core_sqlite: Core, clock: FixedClock) -> None:
    worker = an_account(core_sqlite)
    clock.at = parse_moment("2026-03-05 08:00")
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        unit = ctx.session.get_one(Unit, worker.unit_id)
        owe(ctx, a_dispatch(ctx, unit, dispatched_on=date(2026, 2, 20)))
    clock.at = parse_moment("2026-03-05 09:00")
    assert [each.at for each in expected(core_sqlite, date(2026, 3, 5))] == [clock.now()]  # late, but of this day
    collect_reminders(core_sqlite, clock.now())
    say_digests(core_sqlite, clock.now())
    assert expected(core_sqlite, date(2026, 3, 5)) == []
    assert [each.at for each in expected(core_sqlite, date(2026, 3, 6))] == [parse_moment("2026-03-06 08:30")]


def test_duties_alike_are_counted_each(core_sqlite: Core, clock: FixedClock) -> None:
    worker = an_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        unit = ctx.session.get_one(Unit, worker.unit_id)
        for _ in range(3):
            owe(ctx, a_dispatch(ctx, unit))
    assert [each.duties for each in expected(core_sqlite, date(2026, 3, 5))] == [3]
    assert clock.now() < start_of_day(date(2026, 3, 5))


def test_words_that_ride_with_a_digest_are_expected_where_there_is_none(core_sqlite: Core, clock: FixedClock) -> None:
    clock.at = parse_moment("2026-03-05 08:00")
    owes, free = an_account(core_sqlite), an_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        owe(ctx, a_dispatch(ctx, ctx.session.get_one(Unit, owes.unit_id), dispatched_on=date(2026, 2, 20)))
        for account in (owes, free, free):
            say_with_digest(ctx, account.id, look_card("新店國民小學", 3, {}), None)
    at, later = parse_moment("2026-03-05 08:30"), parse_moment("2026-03-06 08:30")
    looked_out = {
        (each.at, each.account_id, each.kind, each.duties) for each in expected(core_sqlite, date(2026, 3, 6))
    }
    assert looked_out == {
        (at, owes.id, NoticeKind.DIGEST, 1),
        (at, free.id, NoticeKind.REMINDER, 0),
        (later, owes.id, NoticeKind.DIGEST, 1),
    }
    for moment in (at, later):
        clock.at = moment
        collect_reminders(core_sqlite, moment)
        say_digests(core_sqlite, moment)
    beside = {(each.created_at, each.account_id, each.kind) for each in _notices(core_sqlite)}
    assert beside == {each[:3] for each in looked_out} | {(at, owes.id, NoticeKind.REMINDER)}


def test_the_audit_of_the_1st_is_expected(core_sqlite: Core, clock: FixedClock) -> None:
    """Nothing of a window goes up but by the audit: on the 2nd, for the 1st is a Sunday."""
    clock.at = start_of_day(date(2026, 2, 23))
    serving = a_serving_school(core_sqlite, date(2026, 1, 5))
    town = Town(serving.bureau, (serving.caseworker, serving.supervisor))
    last = date(2026, 3, 3)
    looked_out = {(each.at, each.account_id, each.kind) for each in expected(core_sqlite, last)}
    over = {each for each in looked_out if each[1] == serving.supervisor.id}
    assert over == {(parse_moment("2026-03-02 08:30"), serving.supervisor.id, NoticeKind.DIGEST)}
    assert looked_out == said(core_sqlite, clock, town, last)


@pytest.mark.parametrize(("is_spared", "via"), [(False, Via.PUSH), (True, Via.MAIL)])
def test_words_that_go_instead_of_a_digest_cost_what_a_digest_costs(
    core_sqlite: Core, is_spared: bool, via: Via
) -> None:
    bound = a_bound_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        say_with_digest(ctx, bound.account.id, look_card("新店國民小學", 3, {}), None)
        found = priced(ctx, outlook(ctx, date(2026, 3, 5)), is_spared=is_spared)
    assert [each.via for each in found] == [via]


def _notices(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice)))
