"""Hostile files at the helpdesk, from the webhook to the desk: addresses to the inside, bombs, polyglots (A35 to A38).

What each part does is held beside it: ``tests/bot/channels/test_line_content.py`` (the fetching),
``tests/core/helpdesk/test_file_kinds.py`` and ``test_pictures.py``. Here the way as a whole.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot.channels.line_content import LineContent
from bot.conversation import Conversations
from bot.events import read_webhook
from bot.help_worker import HelpWorker
from core.access import Actor, system
from core.accounts.models import Account, Role
from core.accounts.queries import actor_of
from core.audit import Door
from core.context import Core
from core.helpdesk.door import NotHad
from core.helpdesk.files import ShownFile, shown_file
from core.helpdesk.models import FileState, HelpFile, HelpRequest
from core.inbox import arriving
from core.notices.channel import Outcome, Sent
from tests.bot.channels.stub import Stub, a_stub
from tests.builders import an_account
from tests.core.helpdesk.sending import DOCX_PARTS, PDF, archive, photo_of_a_place, picture

ANN = "U" + "a" * 32
JOB = system("tests")
PACKED_NAME = 26
"""Where a part of an archive says how long its name is, and what else stands before its content."""


@dataclass
class Contents:
    """LINE's data host, with one content for whatever is asked for."""

    content_of_all: bytes = b""
    asked: list[str] = field(default_factory=list)

    def content(self, message_id: str, at_most: int) -> bytes | NotHad:
        self.asked.append(message_id)
        return self.content_of_all if len(self.content_of_all) <= at_most else NotHad.TOO_LARGE

    def mark_as_read(self, token: str) -> Sent:
        return Sent(Outcome.ACCEPTED if token else Outcome.REFUSED)


@dataclass
class Phone:
    """Somebody whose request talks, and the agent who looks at it."""

    core: Core
    agent: Actor
    talks: Conversations
    events: int = 0

    def sends(self, message: dict[str, object]) -> None:
        self.events += 1
        event = {
            "type": "message", "mode": "active", "webhookEventId": f"e{self.events}", "replyToken": f"t{self.events}",
            "timestamp": int(self.core.clock.now().timestamp() * 1000), "source": {"type": "user", "userId": ANN},
            "message": {"id": str(self.events), **message},
        }  # fmt: skip
        raw = json.dumps({"destination": "U0", "events": [event]}).encode()
        with arriving.intake(self.core) as into:
            arriving.store(into, read_webhook(raw, into.now).events)
        self.talks.run()

    def file(self) -> HelpFile:
        with self.core.reading(JOB, Door.JOB) as ctx:
            return ctx.session.scalars(select(HelpFile).order_by(HelpFile.id.desc()).limit(1)).one()

    def at_the_desk(self) -> ShownFile:
        with self.core.transaction(self.agent, Door.DESK) as ctx:
            return shown_file(ctx, ctx.session.scalars(select(HelpRequest.id)).one(), self.file().id)


@pytest.fixture
def phone(core_sqlite: Core) -> Iterator[Phone]:
    agent: Account = an_account(core_sqlite, role=Role.HELPDESK)
    with core_sqlite.reading(JOB, Door.JOB) as ctx:
        actor = actor_of(ctx.session, agent.id, ctx.today)
    assert actor is not None
    phone = Phone(core_sqlite, actor, Conversations(core_sqlite))
    for text in ("報修", "畫面是白的"):
        phone.sends({"type": "text", "text": text})
    yield phone
    phone.talks.close()


def arrives(phone: Phone, content: bytes, name: str = "畫面.pdf") -> HelpFile:
    """Let a file be sent and fetched."""
    phone.sends({"type": "file", "fileName": name, "fileSize": 1})
    fetched(phone, Contents(content))
    return phone.file()


def fetched(phone: Phone, door: Contents | LineContent) -> None:
    worker = HelpWorker(phone.core, door)
    worker.run()
    worker.close()


def a_bomb() -> bytes:
    """Return a small PNG that says it has 2.5 thousand million pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunks = (header, b"IDAT" + zlib.compress(bytes(10**6)), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each)) for each in chunks
    )


def spoiled(content: bytes) -> bytes:
    """Return an archive whose directory is whole, and whose first part cannot be unpacked."""
    name, more = struct.unpack_from("<HH", content, PACKED_NAME)
    begins = PACKED_NAME + 4 + name + more
    return content[:begins] + b"\xff" * 8 + content[begins + 8 :]


@pytest.mark.parametrize("inside", ["http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "//127.0.0.1/"])
def test_a37_an_address_in_a_message_is_asked_of_nobody(phone: Phone, inside: str) -> None:
    with a_stub() as line, a_stub() as other:
        line.body = picture()
        address = inside.replace("127.0.0.1", other.url.removeprefix("http://"))
        where = {"type": "external", "originalContentUrl": address, "previewImageUrl": address}
        phone.sends({"type": "image", "contentProvider": where, "originalContentUrl": address})
        fetched(phone, LineContent("token", line.url, line.url))
        assert paths(line) == [f"/v2/bot/message/{phone.events}/content"]
        assert other.requests == []
    assert phone.file().state is FileState.KEPT


@pytest.mark.parametrize("message_id", ["../../v2/bot/info", "http://127.0.0.1/", "17/../../info"])
def test_a37_an_id_that_leads_elsewhere_is_asked_of_nobody(phone: Phone, message_id: str) -> None:
    with a_stub() as line:
        phone.sends({"type": "image", "id": message_id})
        fetched(phone, LineContent("token", line.url, line.url))
        assert line.requests == []
    assert phone.file().state is FileState.REFUSED


def paths(stub: Stub) -> list[str]:
    return [each.path for each in stub.requests]


@pytest.mark.parametrize("name", ["照片.jpg", "照片.pdf", "照片.exe"])
def test_a38_a_photo_loses_its_place_and_whatever_else_it_was(phone: Phone, name: str) -> None:
    kept = arrives(phone, photo_of_a_place(6) + archive({"a.class": "x"}) + b"<script>alert(1)</script>", name)
    assert (kept.state, kept.media_type) == (FileState.KEPT, "image/jpeg")
    shown = phone.at_the_desk()
    assert shown.name == "照片.jpg"
    for hidden in (b"Camera", b"Exif", b"PK\x03\x04", b"<script"):
        assert hidden not in shown.content


def test_a38_a_bomb_is_refused_by_its_header(phone: Phone) -> None:
    bomb = a_bomb()
    assert len(bomb) < 2000
    kept = arrives(phone, bomb, "畫面.png")
    assert (kept.state, kept.reason) == (FileState.REFUSED, "too_many_pixels")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (archive(DOCX_PARTS | {"bomb": bytes(2**22)}), "unsafe"),
        (archive({f"{each}.xml": "<a/>" for each in range(201)} | DOCX_PARTS), "unsafe"),
        (archive(DOCX_PARTS | {"../../evil": "a"}), "unsafe"),
        (archive(DOCX_PARTS | {"word/vbaProject.bin": "a"}), "unsafe"),
        (archive({"evil.exe": "MZ"}), "not_taken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office"),
        (spoiled(archive(DOCX_PARTS)), "unreadable"),
    ],
)
def test_a35_a36_an_archive_that_is_no_plain_document_is_refused(phone: Phone, content: bytes, reason: str) -> None:
    kept = arrives(phone, content, "說明.docx")
    assert (kept.state, kept.reason, kept.size) == (FileState.REFUSED, reason, 0)


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"<!doctype html>", b"MZ", b"#!/bin/sh"])
@pytest.mark.parametrize("name", ["說明.html", "說明.svg", "說明.pdf", "說明.jpg"])
def test_a33_what_could_run_is_refused_under_any_name(phone: Phone, content: bytes, name: str) -> None:
    assert arrives(phone, content, name).state is FileState.REFUSED


def test_a33_a_document_is_handed_out_under_the_name_of_what_it_is(phone: Phone) -> None:
    arrives(phone, PDF, '"><img src=x onerror=alert(1)>\r\nX: y\u202egpj.html')
    assert phone.at_the_desk().name == "img src=x onerror=alert(1)X ygpj.pdf"
