"""The helpdesk's worker: what people send is fetched at once and what was read is told, with LINE at its worst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot.help_worker import HelpWorker
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.helpdesk.answering import mark_read
from core.helpdesk.door import NotHad
from core.helpdesk.entries import Written
from core.helpdesk.file_kinds import BYTES_AT_MOST
from core.helpdesk.files import LEASE, WAITS
from core.helpdesk.models import EntryKind, FileState, HelpFile
from core.helpdesk.service import take_back
from core.notices.channel import Outcome, Sent
from tests.core.helpdesk.conftest import Desk, a_desk
from tests.core.helpdesk.sending import JOB, PDF, picture, sends


@dataclass
class FakeLine:
    """LINE with these contents; whatever is not among them it does not have yet."""

    contents: dict[str, bytes | NotHad] = field(default_factory=dict)
    outcome: Outcome = Outcome.ACCEPTED
    asked: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def content(self, message_id: str, at_most: int) -> bytes | NotHad:
        assert at_most == BYTES_AT_MOST
        self.asked.append(message_id)
        self.meanwhile()
        return self.contents.get(message_id, NotHad.NOT_YET)

    def mark_as_read(self, token: str) -> Sent:
        self.read.append(token)
        return Sent(self.outcome)


@pytest.fixture
def desk(core_sqlite: Core) -> Desk:
    return a_desk(core_sqlite)


def states(core: Core) -> list[FileState]:
    with core.reading(JOB, Door.JOB) as ctx:
        return list(ctx.session.scalars(select(HelpFile.state).order_by(HelpFile.id)))


def worked(core: Core, line: FakeLine) -> tuple[int, int]:
    """Let the worker run; return how much it did, and how often it woke the senders."""
    woken: list[int] = []
    worker = HelpWorker(core, line, lambda: woken.append(1))
    try:
        return worker.run(), len(woken)
    finally:
        worker.close()


def test_nothing_to_do_asks_nobody(desk: Desk) -> None:
    line = FakeLine()
    assert worked(desk.core, line) == (0, 0)
    assert line.asked == line.read == []


def test_several_files_are_each_fetched_once(desk: Desk) -> None:
    desk.asks()
    line = FakeLine({"1": picture(), "2": PDF, "3": b"MZ", "4": NotHad.GONE})
    for message_id in "12345":
        sends(desk.core, desk.person, kind=EntryKind.FILE, message_id=message_id)
    assert worked(desk.core, line) == (5, 5)
    assert states(desk.core) == [
        FileState.KEPT, FileState.KEPT, FileState.REFUSED, FileState.REFUSED, FileState.TO_FETCH
    ]  # fmt: skip
    assert worked(desk.core, line) == (0, 0)
    assert sorted(line.asked) == list("12345")


def test_a_film_is_refused_without_being_fetched(desk: Desk) -> None:
    desk.asks()
    sends(desk.core, desk.person, kind=EntryKind.MEDIA)
    line = FakeLine()
    assert worked(desk.core, line) == (1, 1)
    assert (line.asked, states(desk.core)) == ([], [FileState.REFUSED])


def test_a13_what_is_taken_back_while_it_is_fetched_is_not_kept(desk: Desk) -> None:
    desk.asks()
    sends(desk.core, desk.person, message_id="1")

    def takes_back() -> None:
        with desk.core.transaction(JOB, Door.CHAT) as ctx:
            assert take_back(ctx, desk.person, "1")

    assert worked(desk.core, FakeLine({"1": picture()}, meanwhile=takes_back)) == (1, 1)
    assert states(desk.core) == [FileState.GONE]


def test_a57_a_file_over_which_every_worker_breaks_is_let_go_and_its_sender_told(desk: Desk, clock: FixedClock) -> None:
    desk.asks()
    sends(desk.core, desk.person, message_id="1")

    def breaks() -> None:
        raise MemoryError

    line = FakeLine({"1": picture()}, meanwhile=breaks)
    for _ in range(len(WAITS) + 1):
        with pytest.raises(MemoryError):
            worked(desk.core, line)
        clock.move(LEASE)
    assert states(desk.core) == [FileState.TO_FETCH]
    assert worked(desk.core, line) == (1, 1)
    assert states(desk.core) == [FileState.REFUSED]


def test_what_was_read_is_told_once(desk: Desk) -> None:
    number = desk.asks().number
    sends(desk.core, desk.person, message_id="1")
    line = FakeLine({"1": picture()})
    worked(desk.core, line)
    assert line.read == []
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        assert mark_read(ctx, number) == 2
    assert [worked(desk.core, line)[0] for _ in range(2)] == [1, 0]
    assert line.read == ["mark"]


def test_two_workers_fetch_nothing_twice(desk: Desk) -> None:
    desk.asks()
    for number in range(6):
        sends(desk.core, desk.person, message_id=str(number))
    line = FakeLine({str(number): picture() for number in range(6)})
    line.meanwhile = lambda: None if len(line.asked) > 1 else worked(desk.core, line)
    assert worked(desk.core, line)[0] <= 6
    assert sorted(line.asked) == [str(number) for number in range(6)]
    assert set(states(desk.core)) == {FileState.KEPT}


def test_a_request_without_a_file_waits_for_nothing(desk: Desk) -> None:
    desk.asks()
    with desk.core.transaction(JOB, Door.CHAT) as ctx:
        assert not Written("文字", message_id="1").has_file
        assert ctx.session.scalars(select(HelpFile)).all() == []
