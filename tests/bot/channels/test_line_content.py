"""What people sent, fetched from LINE's data host and nowhere else, within a size and a time (A37)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.channels.line import TimeOuts
from bot.channels.line_content import LineContent
from core.helpdesk.door import HelpDoor, NotHad
from core.notices.channel import Outcome
from tests.bot.channels.stub import Stub, a_closed_port, a_stub

TOKEN = "channel-token"
QUICK = TimeOuts(connect=0.5, read=2.0)
MOST = 1000


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as running:
        yield running


@pytest.fixture
def content(stub: Stub) -> Iterator[LineContent]:
    opened = LineContent(TOKEN, f"{stub.url}/", f"{stub.url}/", QUICK)
    yield opened
    opened.close()


def test_a_content_is_asked_of_the_data_host_by_its_id(stub: Stub, content: HelpDoor) -> None:
    stub.body = b"\xff\xd8 picture"
    assert content.content("17", MOST) == b"\xff\xd8 picture"
    assert content.content("18", MOST) == b"\xff\xd8 picture"
    assert [(each.method, each.path) for each in stub.requests] == [
        ("GET", "/v2/bot/message/17/content"),
        ("GET", "/v2/bot/message/18/content"),
    ]
    assert {each.headers["authorization"] for each in stub.requests} == {f"Bearer {TOKEN}"}
    assert stub.connections == 1


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (202, NotHad.NOT_YET),
        (404, NotHad.GONE),
        (410, NotHad.GONE),
        (401, NotHad.UNREACHED),
        (429, NotHad.UNREACHED),
        (500, NotHad.UNREACHED),
    ],
)
def test_what_is_not_had_is_told_apart(stub: Stub, content: LineContent, status: int, why: NotHad) -> None:
    stub.status = status
    assert content.content("17", MOST) is why


@pytest.mark.parametrize(("size", "taken"), [(MOST, True), (MOST + 1, False)])
def test_what_is_announced_as_too_large_is_not_read(stub: Stub, content: LineContent, size: int, taken: bool) -> None:
    stub.body = b"x" * size
    had = content.content("17", MOST)
    assert (had == stub.body) if taken else (had is NotHad.TOO_LARGE)


def test_what_is_larger_than_announced_is_cut_off() -> None:
    with a_stub() as stub:
        stub.headers = {"Transfer-Encoding": "chunked"}
        stub.without_length = True
        stub.body = b"".join(b"%x\r\n%b\r\n" % (500, b"x" * 500) for _ in range(200)) + b"0\r\n\r\n"
        assert LineContent(TOKEN, stub.url, stub.url, QUICK).content("17", MOST) is NotHad.TOO_LARGE


def test_what_is_packed_is_not_unpacked(stub: Stub, content: LineContent) -> None:
    stub.headers = {"Content-Encoding": "gzip"}
    stub.body = b"\x1f\x8b not even packed"
    assert content.content("17", MOST) == stub.body


def test_who_takes_too_long_is_left(stub: Stub) -> None:
    stub.body = b"x" * 100
    assert LineContent(TOKEN, stub.url, stub.url, QUICK, whole_seconds=-1).content("17", MOST) is NotHad.UNREACHED


def test_no_redirect_is_followed(stub: Stub, content: LineContent) -> None:
    with a_stub() as inside:
        stub.status, stub.headers = 302, {"Location": f"{inside.url}/latest/meta-data"}
        assert content.content("17", MOST) is NotHad.UNREACHED
        assert inside.requests == []
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "odd", ["", "..", "../../message/push", "http://127.0.0.1/", "17?x=", "17/../18", "1" * 65, "七"]
)
def test_what_is_no_id_is_asked_of_nobody(stub: Stub, content: LineContent, odd: str) -> None:
    assert content.content(odd, MOST) is NotHad.GONE
    assert stub.requests == []


def test_nobody_there_is_unreached(stub: Stub) -> None:
    closed = LineContent(TOKEN, f"http://127.0.0.1:{a_closed_port()}", f"http://127.0.0.1:{a_closed_port()}", QUICK)
    assert closed.content("17", MOST) is NotHad.UNREACHED
    assert closed.mark_as_read("m").outcome is Outcome.UNREACHED
    stub.behaviour = "reset"
    reset = LineContent(TOKEN, stub.url, stub.url, QUICK)
    assert reset.content("17", MOST) is NotHad.UNREACHED
    assert reset.mark_as_read("m").outcome is Outcome.AMBIGUOUS


def test_a_read_mark_is_told(stub: Stub, content: HelpDoor) -> None:
    assert content.mark_as_read("m-1").outcome is Outcome.ACCEPTED
    stub.status = 400
    assert content.mark_as_read("m-2").outcome is Outcome.REFUSED
    first = stub.requests[0]
    assert (first.path, json.loads(first.body)) == ("/v2/bot/chat/markAsRead", {"markAsReadToken": "m-1"})
    assert first.headers["content-type"] == "application/json"
