"""A file's way: waits, is fetched, kept sealed or refused with a word to its sender, shown, deleted by policy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Actor
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.errors import NotAllowed, NotFound
from core.helpdesk import files, service
from core.helpdesk.door import NotHad
from core.helpdesk.entries import Written
from core.helpdesk.files import WAITS, Looked, ToFetch
from core.helpdesk.models import EntryKind, FileKind, FileReason, FileState, HelpFile, HelpRequest
from core.helpdesk.thread import FileRow, thread
from core.notices.models import Notice, NoticeKind, Urgency, Via
from tests.core.helpdesk.conftest import Desk
from tests.core.helpdesk.sending import DOCX_PARTS, JOB, PDF, archive, arrives, photo_of_a_place, picture, sends, taken

KEPT = Looked(FileKind.PDF, PDF)


def is_due(desk: Desk) -> bool:
    with desk.core.reading(JOB, Door.JOB) as ctx:
        return files.is_due(ctx)


def the_file(desk: Desk) -> HelpFile:
    with desk.core.reading(JOB, Door.JOB) as ctx:
        row = ctx.session.scalars(select(HelpFile)).one()
        assert row.content is None or row.content.token  # it is loaded only when it is asked for
        return row


def settled(desk: Desk, waiting: ToFetch, why: NotHad) -> HelpFile:
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        files.not_had(ctx, waiting, why)
    return the_file(desk)


def shown(desk: Desk, number: int, file: int) -> files.ShownFile:
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        return files.shown_file(ctx, number, file)


def row_at_the_desk(desk: Desk, number: int) -> FileRow:
    with desk.core.transaction(desk.ann, Door.DESK) as ctx:
        found = thread(ctx, number).entries[-1].file
    assert found is not None
    return found


def told(desk: Desk) -> list[Notice]:
    with desk.core.reading(JOB, Door.JOB) as ctx:
        rows = ctx.session.scalars(select(Notice).where(Notice.kind == NoticeKind.HELP).order_by(Notice.id))
        return list(rows)


def said(desk: Desk) -> str:
    return desk.core.vault.open(told(desk)[-1].said)


def takes_back(desk: Desk, message_id: str) -> bool:
    with desk.core.transaction(JOB, Door.CHAT) as ctx:
        return service.take_back(ctx, desk.person, message_id)


def later(desk: Desk, span: timedelta) -> None:
    assert isinstance(desk.core.clock, FixedClock)
    desk.core.clock.at += span


def test_a_picture_is_kept_sealed_made_anew_and_shown(desk: Desk) -> None:
    number = desk.asks().number
    photo = photo_of_a_place()
    sends(desk.core, desk.person)
    assert row_at_the_desk(desk, number).state is FileState.TO_FETCH
    file = arrives(desk.core, photo)
    row = the_file(desk)
    assert (row.state, row.media_type, row.message_id) == (FileState.KEPT, "image/jpeg", None)
    assert row.content is not None
    assert b"JFIF" not in row.content.token
    found = shown(desk, number, file)
    assert (found.name, found.kind, found.is_picture) == ("照片.jpg", FileKind.JPEG, True)
    assert b"Camera" not in found.content
    at_desk = row_at_the_desk(desk, number)
    assert (at_desk.is_picture, at_desk.kind_label, at_desk.kilobytes, at_desk.why) == (True, "照片", 1, "")
    assert told(desk) == []
    assert not is_due(desk)


def test_a_document_is_kept_as_it_came(desk_sqlite: Desk) -> None:
    number, content = desk_sqlite.asks().number, archive(DOCX_PARTS)
    sends(desk_sqlite.core, desk_sqlite.person, "說明.exe", EntryKind.FILE)
    found = shown(desk_sqlite, number, arrives(desk_sqlite.core, content))
    assert (found.name, found.content, found.is_picture) == ("說明.docx", content, False)


def test_what_is_not_taken_is_said_with_what_is(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    sends(desk_sqlite.core, desk_sqlite.person, "程式.exe", EntryKind.FILE)
    file = arrives(desk_sqlite.core, b"MZ\x90")
    row = the_file(desk_sqlite)
    assert (row.state, row.reason, row.content) == (FileState.REFUSED, "not_taken", None)
    assert row_at_the_desk(desk_sqlite, number).why == "不是可接收的檔案種類"
    for word in ("程式.exe", "不是可接收的檔案種類", "PDF", "docx", "xlsx", "txt", "10 MB", str(number)):
        assert word in said(desk_sqlite)
    assert [(each.via, each.urgency, each.account_id) for each in told(desk_sqlite)] == [
        (Via.PUSH, Urgency.ALWAYS, desk_sqlite.account_id)
    ]
    with pytest.raises(NotFound):
        shown(desk_sqlite, number, file)


def test_a_refusal_is_free_while_the_reply_token_lives(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    with desk_sqlite.core.transaction(JOB, Door.CHAT) as ctx:
        sent = Written(kind=EntryKind.FILE, message_id="17", reply_token="token", reply_token_at=ctx.now)
        service.write(ctx, desk_sqlite.person, sent)
    arrives(desk_sqlite.core, b"MZ")
    assert [each.via for each in told(desk_sqlite)] == [Via.REPLY]
    assert desk_sqlite.row(number).reply_token is None


@pytest.mark.parametrize("reason", FileReason)
def test_every_reason_is_said(desk_sqlite: Desk, reason: FileReason) -> None:
    desk_sqlite.asks()
    sends(desk_sqlite.core, desk_sqlite.person)
    with desk_sqlite.core.transaction(JOB, Door.JOB) as ctx:
        waiting = files.take_next(ctx)
        assert waiting is not None
        assert files.refuse(ctx, waiting, reason)
    assert reason.label in said(desk_sqlite)
    assert ("請再傳一次" in said(desk_sqlite)) is (reason is FileReason.NOT_FETCHED)


def test_what_is_still_prepared_is_asked_for_again_after_longer_and_longer_waits(desk_sqlite: Desk) -> None:
    desk_sqlite.asks()
    sends(desk_sqlite.core, desk_sqlite.person)
    for wait in WAITS:
        row = settled(desk_sqlite, taken(desk_sqlite.core), NotHad.NOT_YET)
        assert row.not_before - desk_sqlite.core.clock.now() == wait
        later(desk_sqlite, wait - timedelta(microseconds=1))
        assert not is_due(desk_sqlite)
        later(desk_sqlite, timedelta(microseconds=1))
        assert is_due(desk_sqlite)
    row = settled(desk_sqlite, taken(desk_sqlite.core), NotHad.UNREACHED)
    assert (row.state, row.reason) == (FileState.REFUSED, "not_fetched")
    assert "請再傳一次" in said(desk_sqlite)


@pytest.mark.parametrize(("why", "reason"), [(NotHad.GONE, "not_fetched"), (NotHad.TOO_LARGE, "too_large")])
def test_what_will_never_come_is_let_go_at_once(desk_sqlite: Desk, why: NotHad, reason: str) -> None:
    desk_sqlite.asks()
    sends(desk_sqlite.core, desk_sqlite.person)
    row = settled(desk_sqlite, taken(desk_sqlite.core), why)
    assert (row.state, row.reason) == (FileState.REFUSED, reason)
    assert len(told(desk_sqlite)) == 1


def test_a_taken_file_is_nobody_elses_until_its_lease_ends(desk: Desk) -> None:
    desk.asks()
    sends(desk.core, desk.person)
    first = taken(desk.core)
    later(desk, files.LEASE - timedelta(seconds=1))
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        assert files.take_next(ctx) is None
    later(desk, timedelta(seconds=1))
    second = taken(desk.core)
    assert (second.number, second.tries) == (first.number, 2)
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        assert not files.keep(ctx, first, KEPT)
        assert not files.refuse(ctx, first, FileReason.NOT_TAKEN)
        files.not_had(ctx, first, NotHad.NOT_YET)
        assert files.keep(ctx, second, KEPT)
    assert the_file(desk).state is FileState.KEPT


def test_a13_a_picture_taken_back_is_erased_and_one_under_way_is_never_kept(desk: Desk) -> None:
    number = desk.asks().number
    sends(desk.core, desk.person, "王小明.png", message_id="1")
    file = arrives(desk.core, picture())
    sends(desk.core, desk.person, message_id="2")
    under_way = taken(desk.core)
    assert takes_back(desk, "1")
    assert takes_back(desk, "2")
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        assert not files.keep(ctx, under_way, KEPT)
        assert not files.refuse(ctx, under_way, FileReason.NOT_TAKEN)
        rows = ctx.session.scalars(select(HelpFile)).all()
        assert [(row.state, row.content, row.message_id, row.size) for row in rows] == [
            (FileState.GONE, None, None, 0)
        ] * 2
        assert [ctx.vault.open(row.name) for row in rows] == ["", ""]
    assert row_at_the_desk(desk, number).why == "已由提問人收回"
    assert told(desk) == []
    with pytest.raises(NotFound):
        shown(desk, number, file)


def test_a13_taken_back_in_the_very_moment_it_is_kept_it_is_erased(desk: Desk) -> None:
    desk.asks()
    sends(desk.core, desk.person, message_id="1")
    waiting = taken(desk.core)
    with ThreadPoolExecutor(1) as other:
        with desk.core.transaction(JOB, Door.JOB) as ctx:
            assert files.keep(ctx, waiting, KEPT)
            taking_back = other.submit(takes_back, desk, "1")
        assert taking_back.result(10)
    row = the_file(desk)
    assert (row.state, row.content) == (FileState.GONE, None)


def test_only_agents_see_a_file_and_each_showing_is_audited(desk_sqlite: Desk) -> None:
    number = desk_sqlite.asks().number
    sends(desk_sqlite.core, desk_sqlite.person)
    file = arrives(desk_sqlite.core, picture())
    stranger = Actor(name="stranger")
    with desk_sqlite.core.transaction(stranger, Door.DESK) as ctx, pytest.raises(NotAllowed):
        files.shown_file(ctx, number, file)
    with pytest.raises(NotFound):
        shown(desk_sqlite, number + 1, file)
    for _ in range(2):
        shown(desk_sqlite, number, file)
    with desk_sqlite.core.store.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.act == "show_help_file")).all()
    assert [(row.actor, row.subject) for row in rows] == [(desk_sqlite.ann.name, f"help:{number}")] * 2


def test_files_are_kept_180_days_and_not_longer(desk: Desk) -> None:
    number = desk.asks().number
    sends(desk.core, desk.person, "王小明.pdf", EntryKind.FILE)
    arrives(desk.core, PDF)
    later(desk, timedelta(days=180))
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        assert files.forget_files(ctx, 10) == 0
    later(desk, timedelta(microseconds=1))
    with desk.core.transaction(JOB, Door.JOB) as ctx:
        assert files.forget_files(ctx, 10) == 1
        assert files.forget_files(ctx, 10) == 0
    at_desk = row_at_the_desk(desk, number)
    assert (at_desk.state, at_desk.name, at_desk.size, at_desk.why) == (FileState.GONE, "", 0, "已超過保存期限")
    assert the_file(desk).content is None
    with desk.core.reading(JOB, Door.JOB) as ctx:
        assert ctx.session.scalar(select(HelpRequest.id)) == number
