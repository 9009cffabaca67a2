"""Read marks: LINE is told of the newest that was read, once; what fails is tried again for an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.audit import Door
from core.clock import FixedClock
from core.helpdesk import answering, marks
from core.helpdesk.entries import Written
from core.helpdesk.marks import LEASE, LET_GO_AFTER, SHORTEST_WAIT, Mark
from core.helpdesk.models import HelpEntry
from core.helpdesk.service import take_back, write
from core.notices.channel import Outcome
from tests.core.helpdesk.conftest import Desk
from tests.core.helpdesk.sending import JOB

SECOND = timedelta(seconds=1)
DONE = (Outcome.ACCEPTED, Outcome.ACCEPTED_BEFORE, Outcome.REFUSED)


def says(desk: Desk, text: str, token: str) -> None:
    with desk.core.transaction(JOB, Door.CHAT) as ctx:
        assert write(ctx, desk.person, Written(text, message_id=text, read_token=token))


def reads(desk: Desk, number: int) -> None:
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        answering.mark_read(ctx, number)


def to_tell(desk: Desk) -> list[str]:
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        is_due, found = marks.is_due(ctx), marks.take_marks(ctx, 10)
        assert is_due is bool(found)
        return [each.token for each in found]


def settles(desk: Desk, outcome: Outcome) -> None:
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        newest = ctx.session.scalars(select(HelpEntry.id).order_by(HelpEntry.id.desc()).limit(1)).one()
        marks.settle(ctx, Mark(newest, ""), outcome)


def later(desk: Desk, span: timedelta) -> None:
    assert isinstance(desk.core.clock, FixedClock)
    desk.core.clock.at += span


def test_nothing_is_told_before_an_agent_has_read_it(desk: Desk) -> None:
    number = desk.asks().number
    says(desk, "第一句", "one")
    says(desk, "第二句", "two")
    assert to_tell(desk) == []
    reads(desk, number)
    assert to_tell(desk) == ["two"]


@pytest.mark.parametrize("outcome", DONE)
def test_line_is_told_once(desk_sqlite: Desk, outcome: Outcome) -> None:
    number = desk_sqlite.asks().number
    says(desk_sqlite, "第一句", "one")
    reads(desk_sqlite, number)
    assert to_tell(desk_sqlite) == ["one"]
    settles(desk_sqlite, outcome)
    later(desk_sqlite, LET_GO_AFTER)
    assert to_tell(desk_sqlite) == []
    says(desk_sqlite, "第二句", "two")
    reads(desk_sqlite, number)
    assert to_tell(desk_sqlite) == ["two"]


def test_each_request_is_told_of(desk_sqlite: Desk) -> None:
    for token in ("one", "two"):
        number = desk_sqlite.asks(token).number
        says(desk_sqlite, f"{token}!", token)
        reads(desk_sqlite, number)
    assert to_tell(desk_sqlite) == ["one", "two"]


def test_a_taken_mark_is_nobody_elses_until_its_lease_ends(desk: Desk) -> None:
    number = desk.asks().number
    says(desk, "第一句", "one")
    reads(desk, number)
    assert to_tell(desk) == ["one"]
    later(desk, LEASE - SECOND)
    assert to_tell(desk) == []
    later(desk, SECOND)
    assert to_tell(desk) == ["one"]


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - set(DONE)))
def test_what_fails_is_tried_again_for_an_hour_and_then_let_go(desk_sqlite: Desk, outcome: Outcome) -> None:
    number = desk_sqlite.asks().number
    says(desk_sqlite, "第一句", "one")
    reads(desk_sqlite, number)
    assert to_tell(desk_sqlite) == ["one"]
    settles(desk_sqlite, outcome)
    later(desk_sqlite, SHORTEST_WAIT - SECOND)
    assert to_tell(desk_sqlite) == []
    later(desk_sqlite, SECOND)
    assert to_tell(desk_sqlite) == ["one"]
    later(desk_sqlite, LET_GO_AFTER - SHORTEST_WAIT - SECOND)
    settles(desk_sqlite, outcome)
    later(desk_sqlite, LET_GO_AFTER)
    assert to_tell(desk_sqlite) == ["one"]
    settles(desk_sqlite, outcome)
    later(desk_sqlite, 10 * LET_GO_AFTER)
    assert to_tell(desk_sqlite) == []


def test_a13_what_was_taken_back_is_told_of_no_more(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    says(desk_sqlite, "第一句", "one")
    reads(desk_sqlite, number)
    with desk_sqlite.core.transaction(JOB, Door.CHAT) as ctx:
        assert take_back(ctx, desk_sqlite.person, "第一句")
    settles(desk_sqlite, Outcome.UNREACHED)
    assert to_tell(desk_sqlite) == []
