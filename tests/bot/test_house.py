"""The parts of one process, put together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.house import build
from bot.settings import load_settings
from core.access import system
from core.audit import Door
from core.cards import said
from core.context import Core
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, say
from scheduler.jobs import Job
from tests.builders import an_account


@pytest.mark.parametrize(("clock_file", "watched"), [("", True), ("moved", False)])
def test_a44_the_machines_clock_is_watched_but_one_that_is_moved_on_purpose_is_not(
    core_sqlite: Core, *, clock_file: str, watched: bool
) -> None:
    house = build(load_settings(smtp_url="", clock_file=clock_file, policy=""), core_sqlite)
    assert ("watch_clock" in {job.name for job in house.jobs}) is watched
    house.close()


def test_what_is_due_does_not_keep_a_house_from_closing(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    house = build(load_settings(smtp_url="", clock_file="", policy=""), core_sqlite)
    house.close()
    with core_sqlite.transaction(system("test"), Door.JOB) as ctx:
        to = ToAccount(account.id)
        say(ctx, to=to, answer=said("您好"), kind=NoticeKind.REMINDER, key="key", urgency=Urgency.ALWAYS)
    assert house.delivery.run() == 0


def test_a_job_that_fails_keeps_nothing_that_is_to_be_said_from_going_out(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    with core_sqlite.transaction(system("test"), Door.JOB) as ctx:
        to = ToAccount(account.id)
        say(ctx, to=to, answer=said("您好"), kind=NoticeKind.DIGEST, key="key", urgency=Urgency.ROUTINE)

    def fails(_: Core, __: datetime) -> int:
        raise ValueError

    house = build(load_settings(smtp_url="", clock_file="", policy=""), core_sqlite)
    with pytest.raises(ExceptionGroup):
        house.tick([Job("fails", timedelta(minutes=1), fails, "Fails.")])
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Notice.state)).all() == [NoticeState.ACCEPTED]
    house.close()
