"""The helpdesk's jobs: alarms ring once each (HELP-6), files are deleted by policy; both stand in the table."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from core.audit import Door
from core.context import Core
from core.helpdesk.models import FileState, HelpFile
from core.notices.models import Notice, NoticeKind
from scheduler.helpdesk import forget_files, ring_alarms
from scheduler.jobs import JOBS
from tests.core.helpdesk.conftest import a_desk
from tests.core.helpdesk.sending import JOB, arrives, picture, sends


def alarms(core: Core) -> int:
    with core.reading(JOB, Door.JOB) as ctx:
        count = select(func.count()).select_from(Notice).where(Notice.kind == NoticeKind.REMINDER)
        return ctx.session.scalars(count).one()


def test_alarms_ring_when_their_time_has_come_and_once(core_sqlite: Core) -> None:
    desk = a_desk(core_sqlite)
    desk.asks()
    assert ring_alarms(core_sqlite, core_sqlite.clock.now()) == 0
    desk.moves_to("2026-11-23T12:00")
    now = core_sqlite.clock.now()
    assert [ring_alarms(core_sqlite, now) for _ in range(2)] == [1, 0]
    before = alarms(core_sqlite)
    assert before > 0
    desk.moves_to("2026-11-23T13:00")
    assert ring_alarms(core_sqlite, core_sqlite.clock.now()) == 0
    assert ring_alarms(core_sqlite, core_sqlite.clock.now() + timedelta(microseconds=1)) == 1
    assert alarms(core_sqlite) > before


def test_files_are_deleted_once_they_are_old(core_sqlite: Core) -> None:
    desk = a_desk(core_sqlite)
    desk.asks()
    for message_id in "12":
        sends(core_sqlite, desk.person, message_id=message_id)
        arrives(core_sqlite, picture())
    old = core_sqlite.clock.now() + timedelta(days=180)
    assert forget_files(core_sqlite, old) == 0
    assert [forget_files(core_sqlite, old + timedelta(seconds=1)) for _ in range(2)] == [2, 0]
    with core_sqlite.reading(JOB, Door.JOB) as ctx:
        assert set(ctx.session.scalars(select(HelpFile.state))) == {FileState.GONE}


def test_the_jobs_stand_in_the_table() -> None:
    cadences = {job.function: job.cadence for job in JOBS}
    assert (cadences[ring_alarms], cadences[forget_files]) == (timedelta(minutes=1), timedelta(hours=1))
