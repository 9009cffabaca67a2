"""What became of a call to LINE, for every way it can end."""

from __future__ import annotations

import json
import logging
import socket
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from uuid import UUID

import pytest

from bot.channels.line import LineChannel, TimeOuts
from core.cards import Card, Press, said
from core.notices.channel import Fill, LineDoor, Outcome, Request, Sent, Unsent
from core.notices.models import Via
from tests.bot.channels.stub import Stub, a_closed_port, a_stub

TOKEN = "channel-token"
USER = "U" + "0123456789abcdef" * 2
KEY = UUID("6f1d2c3b-4a59-4687-9a0b-1c2d3e4f5061")
MESSAGE = '{"type":"text","text":"您好"}'.encode()
RATE = "The API rate limit has been exceeded. Try again later."
QUOTA = "You have reached your monthly limit."


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as running:
        yield running


@pytest.fixture
def channel(stub: Stub) -> Iterator[LineChannel]:
    opened = LineChannel(TOKEN, stub.url, TimeOuts(connect=0.5, read=2.0))
    yield opened
    opened.close()


def posted(channel: LineChannel, *requests: Request) -> list[Sent]:
    """What became of requests that were posted side by side, in the order they came back."""
    landed: SimpleQueue[Sent] = SimpleQueue()
    channel.post(requests, lambda _, sent: landed.put(sent))
    return [landed.get(timeout=30) for _ in requests]


def reply(channel: LineChannel) -> Sent:
    return posted(channel, Request(1, Via.REPLY, channel.reply("r-1", [MESSAGE])))[0]


def push(channel: LineChannel) -> Sent:
    return posted(channel, Request(1, Via.PUSH, channel.push([USER], [MESSAGE]), KEY))[0]


def a_fill() -> Fill:
    return Fill(link_url=lambda: "https://example.test/link", code=lambda _: "40718263")


def said_by_line(text: str) -> bytes:
    return json.dumps({"message": text}).encode()


def test_the_channel_is_a_line_door(channel: LineChannel) -> None:
    door: LineDoor = channel
    assert door is channel


@pytest.mark.parametrize(
    ("status", "text", "outcome"),
    [
        (200, "", Outcome.ACCEPTED),
        (202, "", Outcome.ACCEPTED),
        (302, "", Outcome.CLOSED),
        (400, "Failed to send messages", Outcome.REFUSED),
        (400, "Invalid reply token", Outcome.TOKEN_DEAD),
        (401, "Authentication failed", Outcome.CLOSED),
        (403, "Access to this API is not available for your account", Outcome.CLOSED),
        (404, "Not found", Outcome.REFUSED),
        (408, "", Outcome.AMBIGUOUS),
        (409, "The retry key is already accepted", Outcome.ACCEPTED_BEFORE),
        (410, "Gone", Outcome.REFUSED),
        (413, "Too large", Outcome.REFUSED),
        (415, "The content type is not supported", Outcome.REFUSED),
        (429, RATE, Outcome.RATE),
        (429, QUOTA, Outcome.QUOTA),
        (429, "Too many messages have been sent to the same user.", Outcome.SAME_PERSON),
        (429, "something new", Outcome.RATE),
        (499, "", Outcome.REFUSED),
        (500, "Internal", Outcome.AMBIGUOUS),
        (503, "", Outcome.AMBIGUOUS),
    ],
)
def test_each_status_has_its_outcome(
    stub: Stub, channel: LineChannel, status: int, text: str, outcome: Outcome
) -> None:
    stub.status, stub.body = status, said_by_line(text)
    assert reply(channel).outcome is outcome
    assert push(channel).outcome is outcome


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"<html>", b"\xff"])
def test_an_accepted_message_is_accepted_whatever_the_body_says(stub: Stub, channel: LineChannel, body: bytes) -> None:
    stub.body = body
    assert push(channel).outcome is Outcome.ACCEPTED


def test_a_page_that_is_not_lines_says_nothing_of_the_message(stub: Stub, channel: LineChannel) -> None:
    stub.headers, stub.body = {"Content-Type": "text/html; charset=utf-8"}, b"<html>Please sign in</html>"
    assert push(channel) == Sent(Outcome.AMBIGUOUS, "200 text/html")
    stub.headers |= {"X-Line-Request-Id": "q-1"}
    assert push(channel).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"\xff", b'{"message":5,"details":{"a":1}}', b"[" * 50_000])
def test_an_odd_error_body_is_still_an_outcome(stub: Stub, channel: LineChannel, body: bytes) -> None:
    stub.status, stub.body = 400, body
    assert reply(channel) == Sent(Outcome.REFUSED, "400")


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("without_length", [False, True])
def test_an_answer_without_end_is_not_read_to_it(
    stub: Stub, channel: LineChannel, status: int, *, without_length: bool
) -> None:
    stub.status, stub.body, stub.without_length = status, b"x" * 50_000_000, without_length
    expected = Outcome.ACCEPTED if status == 200 else Outcome.REFUSED
    tracemalloc.start()
    assert push(channel).outcome is expected
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_the_request_id_is_kept(stub: Stub, channel: LineChannel) -> None:
    stub.headers = {"X-Line-Request-Id": "q-1"}
    assert push(channel).request_id == "q-1"


def test_of_a_repeated_push_the_request_id_that_was_accepted_is_kept(stub: Stub, channel: LineChannel) -> None:
    stub.status = 409
    stub.headers = {"x-line-request-id": "q-2", "x-line-accepted-request-id": "q-1"}
    assert push(channel) == Sent(Outcome.ACCEPTED_BEFORE, "409", "q-1")


def test_a_refusal_names_the_place_but_quotes_nothing(stub: Stub, channel: LineChannel) -> None:
    details = [
        {"property": "messages[0].text", "message": f"{USER} is no text"},
        {"property": "王小明", "message": "?"},
    ]
    stub.status, stub.body = 400, json.dumps({"message": f"bad {USER}", "details": details}).encode()
    assert push(channel).detail == "400 messages[0].text"


def test_a_reset_after_sending_is_ambiguous_and_sent_once(stub: Stub, channel: LineChannel) -> None:
    stub.behaviour = "reset"
    assert push(channel).outcome is Outcome.AMBIGUOUS
    assert len(stub.requests) == 1


def test_no_answer_in_time_is_ambiguous_and_sent_once(stub: Stub) -> None:
    stub.behaviour = "hang"
    channel = LineChannel(TOKEN, stub.url, time_outs=TimeOuts(connect=0.5, read=0.2))
    assert reply(channel).outcome is Outcome.AMBIGUOUS
    assert len(stub.requests) == 1
    channel.close()


@pytest.mark.parametrize("every", [0.05, 60.0])
def test_half_an_answer_is_ambiguous_in_time_whether_more_drips_or_nothing_comes(every: float) -> None:
    over = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection = server.accept()[0]
            with connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n")
                while not over.wait(every):
                    connection.sendall(b"{")

        dripping = Thread(target=drip)
        dripping.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        channel = LineChannel(TOKEN, address, TimeOuts(connect=0.5, read=0.3, whole=0.6))
        begun = monotonic()
        assert push(channel).outcome is Outcome.AMBIGUOUS
        assert monotonic() - begun < 10
        over.set()
        dripping.join(30)
        channel.close()


def test_a_display_name_is_not_waited_for_as_long_as_a_sending(stub: Stub) -> None:
    stub.behaviour = "hang"
    channel = LineChannel(TOKEN, stub.url, time_outs=TimeOuts(read=60, profile=0.2))
    begun = monotonic()
    assert channel.profile_name(USER) is None
    assert monotonic() - begun < 3
    channel.close()


def test_a_refused_connection_is_unreached() -> None:
    channel = LineChannel(TOKEN, f"http://127.0.0.1:{a_closed_port()}")
    assert push(channel) == Sent(Outcome.UNREACHED, "ClientConnectorError")
    channel.close()


def test_a_host_without_address_is_unreached() -> None:
    channel = LineChannel(TOKEN, "http://nowhere.invalid", time_outs=TimeOuts(connect=0.5))
    assert push(channel).outcome is Outcome.UNREACHED
    channel.close()


def test_a_reply_carries_its_token_and_no_retry_key(stub: Stub, channel: LineChannel) -> None:
    reply(channel)
    (request,) = stub.requests
    assert (request.method, request.path) == ("POST", "/v2/bot/message/reply")
    assert request.body == b'{"replyToken":"r-1","messages":[' + MESSAGE + b"]}"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json"
    assert "x-line-retry-key" not in request.headers


def test_a_push_tried_again_is_the_same_to_the_byte(stub: Stub, channel: LineChannel) -> None:
    push(channel)
    push(channel)
    first, second = stub.requests
    assert first == second
    assert first.path == "/v2/bot/message/push"
    assert first.body == f'{{"to":"{USER}","messages":['.encode() + MESSAGE + b"]}"
    assert first.headers["x-line-retry-key"] == str(KEY)


def test_one_connection_serves_many_calls(stub: Stub, channel: LineChannel) -> None:
    for _ in range(5):
        reply(channel)
    assert stub.connections == 1


def test_many_are_under_way_at_once(stub: Stub, channel: LineChannel) -> None:
    stub.behaviour = "hang"
    landed: SimpleQueue[Sent] = SimpleQueue()
    channel.post([Request(number, Via.PUSH, b"{}", KEY) for number in range(20)], lambda _, sent: landed.put(sent))
    assert stub.arrived.wait(30)
    stub.behaviour = "answer"
    stub.released.set()
    assert len([landed.get(timeout=30) for _ in range(20)]) == 20
    assert stub.connections == 20


def test_one_message_to_many_is_one_request(stub: Stub, channel: LineChannel) -> None:
    body = channel.push([USER, "U2"], [MESSAGE])
    posted(channel, Request(1, Via.MULTICAST, body, KEY))
    (request,) = stub.requests
    assert request.path == "/v2/bot/message/multicast"
    assert json.loads(request.body) == {"to": [USER, "U2"], "messages": [json.loads(MESSAGE)]}
    assert request.headers["x-line-retry-key"] == str(KEY)


def test_a_closed_channel_finishes_what_is_under_way_and_opens_again(channel: LineChannel) -> None:
    push(channel)
    channel.close()
    assert push(channel).outcome is Outcome.ACCEPTED


def test_a_link_token_is_asked_for_the_person(stub: Stub, channel: LineChannel) -> None:
    stub.body = b'{"linkToken":"t-1"}'
    assert channel.link_token(USER) == "t-1"
    assert stub.requests[0].path == f"/v2/bot/user/{USER}/linkToken"


@pytest.mark.parametrize(("status", "body"), [(200, b"{}"), (200, b""), (400, b'{"linkToken":"t-1"}'), (500, b"")])
def test_no_link_token_is_a_connection_error_that_names_nobody(
    stub: Stub, channel: LineChannel, status: int, body: bytes
) -> None:
    stub.status, stub.body = status, body
    with pytest.raises(ConnectionError) as raised:
        channel.link_token(USER)
    assert USER not in str(raised.value)


@pytest.mark.parametrize(("status", "outcome"), [(401, Outcome.CLOSED), (403, Outcome.CLOSED), (400, Outcome.REFUSED)])
def test_why_there_is_no_link_token_is_told(stub: Stub, channel: LineChannel, status: int, outcome: Outcome) -> None:
    stub.status = status
    with pytest.raises(Unsent) as raised:
        channel.link_token(USER)
    assert raised.value.sent.outcome is outcome


def test_an_unreached_line_gives_no_link_token() -> None:
    channel = LineChannel(TOKEN, f"http://127.0.0.1:{a_closed_port()}")
    with pytest.raises(ConnectionError):
        channel.link_token(USER)


def test_a_name_is_told_or_not(stub: Stub, channel: LineChannel) -> None:
    stub.body = '{"displayName":"小美"}'.encode()
    assert channel.profile_name(USER) == "小美"
    stub.status = 404
    assert channel.profile_name(USER) is None
    assert {each.method for each in stub.requests} == {"GET"}


def test_an_id_never_reaches_another_path(stub: Stub, channel: LineChannel) -> None:
    channel.profile_name("../../message/push?x=")
    assert stub.requests[0].path == "/v2/bot/profile/..%2F..%2Fmessage%2Fpush%3Fx%3D"


def test_a_card_is_drawn_as_compact_json(channel: LineChannel) -> None:
    drawn = channel.draw(said("您好", Card(title="題", preview="請看。")), a_fill())
    assert drawn[0] == MESSAGE
    assert drawn[1].startswith(b'{"type":"flex",')


def test_a_card_line_would_refuse_is_not_drawn(channel: LineChannel) -> None:
    card = Card(title="題", preview="請看。", actions=(Press(label="a", data="d" * 301),))
    with pytest.raises(ValueError, match="data"):
        channel.draw(said(card), a_fill())


@pytest.mark.parametrize("behaviour", ["answer", "reset"])
def test_nothing_of_a_person_is_logged(
    stub: Stub, channel: LineChannel, caplog: pytest.LogCaptureFixture, behaviour: str
) -> None:
    caplog.set_level(logging.DEBUG)
    stub.behaviour = behaviour
    push(channel)
    channel.profile_name(USER)
    for secret in (USER, TOKEN, "您好"):
        assert secret not in caplog.text
