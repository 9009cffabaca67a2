"""The webhook's door: only what LINE signed is stored, every event of it, once, before 200 is answered (A1 to A11)."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from http.client import HTTPResponse
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import generate_latest
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.destination import Destination
from bot.metrics import WebhookCounts, registry
from bot.server import WebServer, serving
from bot.webhook import MAX_BODY, add_webhook, signature_of
from core.context import Core
from core.inbox.models import Conversation, EventState, InboxEvent

SECRET = "channel secret for tests"
ANN, BEN = "U" + "a" * 32, "U" + "b" * 32
OURS = "U" + "d" * 32
TICK = timedelta(milliseconds=1)


class Line:
    """LINE's side of the webhook."""

    def __init__(self, core: Core, secret: str = SECRET) -> None:
        self.woken = 0
        self.counts = WebhookCounts()
        self.asked = 0
        self.own_id: str | None = OURS
        self.destination = Destination("", self._own_id)
        self.app = Flask("test")
        add_webhook(self.app, core, secret, self._wake, is_ours=self.destination.is_ours, counts=self.counts)
        self.client: FlaskClient = self.app.test_client()
        self.core = core

    def _wake(self) -> None:
        self.woken += 1

    def _own_id(self) -> str | None:
        self.asked += 1
        return self.own_id

    def refused(self, reason: str) -> float:
        """How often metrics say that a webhook was refused."""
        shown = generate_latest(registry(self.core, *self.counts.collectors)).decode()
        begins = f'frontdoor_webhook_refused_total{{reason="{reason}"}} '
        return next((float(line.removeprefix(begins)) for line in shown.splitlines() if line.startswith(begins)), 0)

    def posts(self, body: bytes | Mapping[str, object], signature: str | None = None) -> TestResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = signature_of(raw, SECRET) if signature is None else signature
        return self.client.post("/line/webhook", data=raw, headers={"X-Line-Signature": given})

    def stored(self) -> list[InboxEvent]:
        with self.core.store.reading() as session:
            return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))


@pytest.fixture
def line(core: Core) -> Line:
    return Line(core)


def a_message(number: int = 1, user: str | None = ANN, **changes: Any) -> dict[str, Any]:
    source = {"type": "user"} | ({"userId": user} if user else {})
    return {
        "type": "message",
        "webhookEventId": f"01HX{number:022}",
        "timestamp": 1772590000000 + number,
        "mode": "active",
        "source": source,
        "replyToken": "r" * 32,
        "deliveryContext": {"isRedelivery": False},
        "message": {"id": str(number), "type": "text", "text": "待辦"},
    } | changes


def webhook_of(*events: object) -> dict[str, object]:
    return {"destination": OURS, "events": list(events)}


def test_lines_own_example_of_a_signature() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    expected = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
    assert signature_of(body, "8c570fa6dd201bb328f1c1eac23a96d8") == expected


@pytest.mark.parametrize("signature", ["", "wrong", "x" * 44, "簽章", "=" * 10_000])
def test_a1_a_forged_signature_changes_nothing(line: Line, signature: str) -> None:
    answer = line.posts(webhook_of(a_message()), signature.encode().decode("latin-1"))
    assert (answer.status_code, line.stored(), line.woken) == (400, [], 0)
    assert answer.text == "bad signature"
    assert line.refused("signature") == 1


def test_a1_a_missing_signature_changes_nothing(line: Line) -> None:
    answer = line.client.post("/line/webhook", json=webhook_of(a_message()))
    assert (answer.status_code, line.stored()) == (400, [])


def test_a2_a_body_altered_by_a_byte_is_refused(line: Line) -> None:
    raw = json.dumps(webhook_of(a_message())).encode()
    for altered in (raw + b" ", raw.replace(b"message", b"messagE", 1), json.dumps(json.loads(raw), indent=1).encode()):
        assert line.posts(altered, signature_of(raw, SECRET)).status_code == 400
    assert line.stored() == []


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b'{"events": {}}', b'"text"', b"[" * 200_000])
def test_a2_a9_a_signed_body_that_is_no_webhook_is_refused(line: Line, body: bytes) -> None:
    assert line.posts(body).status_code == 400
    assert line.stored() == []


def test_a3_a4_the_same_webhook_again_changes_nothing(line: Line) -> None:
    redelivered = a_message() | {"deliveryContext": {"isRedelivery": True}}
    for body in (webhook_of(a_message()), webhook_of(a_message()), webhook_of(redelivered)):
        assert line.posts(body).status_code == 200
    assert len(line.stored()) == 1


@pytest.mark.parametrize(("older", "stored"), [(timedelta(), 1), (TICK, 0)])
def test_a3_what_is_older_than_ids_are_kept_is_answered_and_not_stored(
    line: Line, older: timedelta, stored: int
) -> None:
    happened = line.core.clock.now() - timedelta(days=30) - older
    old = a_message(1) | {"timestamp": round(happened.timestamp() * 1000)}
    answer = line.posts(webhook_of(old, a_message(2)))
    assert answer.status_code == 200
    assert len(line.stored()) == stored + 1


def test_a7_what_is_unknown_is_kept_and_the_rest_of_the_batch_waits(line: Line) -> None:
    odd = [
        {"type": "somethingNew", "webhookEventId": "new", "source": {"type": "user", "userId": ANN}},
        {"webhookEventId": "no type"},
        {"type": "message", "webhookEventId": "no source", "message": None},
        {"type": "message", "timestamp": "yesterday", "source": "somebody"},
        {"type": "accountLink", "webhookEventId": "failed", "link": {"result": "failed"}},
        {"type": "mess\ud800age\0", "webhookEventId": "half \udfff", "source": {"type": "user", "userId": "U\ud800"}},
        a_message(7, message={"type": "text", "text": "half a pair \ud83d"}) | {"mode": "standby"},
        a_message(9, mode="standby"),
        a_message(8, mode="newMode"),
    ]
    assert line.posts(webhook_of(*odd, "not an object", a_message(1))).status_code == 200
    states = [event.state for event in line.stored()]
    assert len(states) == 10
    assert states.count(EventState.WAITING) == 1


def test_a8_a_webhook_without_events_is_answered(line: Line) -> None:
    assert line.posts(webhook_of()).status_code == 200
    assert (line.stored(), line.woken) == ([], 0)


def test_a9_a_body_over_a_mebibyte_is_refused(line: Line) -> None:
    fits = json.dumps(webhook_of()).encode()
    assert line.posts(fits + b" " * (MAX_BODY - len(fits))).status_code == 200
    assert line.posts(fits + b" " * (MAX_BODY - len(fits) + 1)).status_code == 413


def test_a9_a_body_that_is_cut_off_is_refused(line: Line) -> None:
    raw = json.dumps(webhook_of(a_message())).encode()
    headers = {"X-Line-Signature": signature_of(raw, SECRET)}
    longer = {"CONTENT_LENGTH": str(len(raw) + 1)}
    answer = line.client.post("/line/webhook", data=raw, headers=headers, environ_overrides=longer)
    assert (answer.status_code, line.stored()) == (400, [])


def test_only_what_is_posted_is_a_webhook_and_other_paths_are_the_applications(line: Line) -> None:
    line.app.add_url_rule("/line/webhooks", view_func=lambda: "the application's")
    assert line.client.get("/line/webhook").status_code == 405
    assert line.client.get("/line/webhooks").text == "the application's"


def test_a9_a_chunked_body_without_a_length_is_cut_off_at_a_mebibyte(line: Line) -> None:
    line.app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    with serving(line.app, "127.0.0.1", 0) as port, closing(socket.create_connection(("127.0.0.1", port), 10)) as call:
        call.sendall(b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        answer = _sent_until_answered(call, b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n", chunks=64)
    assert b" 413 " in answer.split(b"\r\n")[0]
    assert line.stored() == []


def _sent_until_answered(call: socket.socket, chunk: bytes, chunks: int) -> bytes:
    try:
        for _ in range(chunks):
            call.sendall(chunk)
        return call.recv(1000)
    except (BrokenPipeError, ConnectionResetError):
        return call.recv(1000)


def test_a9_who_sends_too_slowly_is_cut_off() -> None:
    with _a_server(channel_timeout=0) as port, closing(socket.create_connection(("127.0.0.1", port), 20)) as call:
        call.sendall(b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        with suppress(ConnectionResetError):
            assert call.recv(1000) == b""


@pytest.mark.parametrize(
    ("begun", "drop"),
    [
        (b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"a"),
        (b"POST /line/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n", b"{"),
        (b"\r\n", b"\r\n"),
    ],
    ids=["headers", "body", "blank lines"],
)
def test_a9_who_sends_drop_by_drop_is_cut_off_all_the_same(begun: bytes, drop: bytes) -> None:
    with _a_server(channel_timeout=1) as port, closing(socket.create_connection(("127.0.0.1", port), 20)) as call:
        call.sendall(begun)
        call.settimeout(0.05)
        assert any(_is_cut_off(call, drop) for _ in range(200))


def test_a9_a_request_in_pieces_is_answered_and_the_next_on_the_same_connection_too() -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with _a_server(channel_timeout=30) as port, closing(socket.create_connection(("127.0.0.1", port), 20)) as call:
        for pieces in ((request[:20], request[20:]), (b"\r\n" + request,)):
            for piece in pieces:
                call.sendall(piece)
            assert _status(call) == 404


def test_a9_a_hundred_and_fifty_who_send_slowly_keep_nobody_out() -> None:
    app = Flask("test")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    with serving(app, "127.0.0.1", 0) as port, ExitStack() as slow:
        for _ in range(150):
            call = slow.enter_context(closing(socket.create_connection(("127.0.0.1", port), 20)))
            call.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        with closing(socket.create_connection(("127.0.0.1", port), 20)) as other:
            other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert _status(other) == 404


@contextmanager
def _a_server(channel_timeout: int) -> Iterator[int]:
    app = Flask("test").wsgi_app
    server = WebServer(app, host="127.0.0.1", port=0, cleanup_interval=0, channel_timeout=channel_timeout)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def _status(call: socket.socket) -> int:
    with closing(HTTPResponse(call)) as answer:
        answer.begin()
        answer.read()
        return answer.status


def _is_cut_off(call: socket.socket, drop: bytes) -> bool:
    try:
        call.sendall(drop)
        return call.recv(1000) == b""
    except TimeoutError:
        return False
    except (BrokenPipeError, ConnectionResetError):
        return True


def test_a10_what_is_addressed_to_another_bot_is_answered_ignored_and_counted(line: Line) -> None:
    line.posts(webhook_of())
    line.destination.wait()
    other = webhook_of(a_message(1)) | {"destination": "U" + "e" * 32}
    assert line.posts(other).status_code == 200
    assert (line.stored(), line.woken) == ([], 0)
    assert line.refused("another bot's") == 1
    assert line.posts(webhook_of(a_message(1))).status_code == 200
    without = webhook_of(a_message(2))
    del without["destination"]
    line.posts(without)
    assert len(line.stored()) == 2
    assert line.asked == 1


def test_a10_while_the_own_id_is_unknown_everything_signed_is_taken(line: Line) -> None:
    line.own_id = None
    for number in (1, 2):
        line.posts(webhook_of(a_message(number)) | {"destination": "U" + "e" * 32})
        line.destination.wait()
    assert len(line.stored()) == 2
    assert line.asked == 1


def test_a10_an_id_from_the_settings_needs_no_asking() -> None:
    def never() -> str:
        raise AssertionError

    known = Destination(OURS, never)
    assert known.is_ours(OURS)
    assert not known.is_ours("U" + "e" * 32)


def test_a11_of_a_thousand_messages_thirty_are_handled_one_is_answered_and_the_rest_cost_no_row(line: Line) -> None:
    for begun in range(0, 1000, 100):
        line.posts(webhook_of(*(a_message(number) for number in range(begun, begun + 100))))
    line.posts(webhook_of(a_message(2000, BEN)))
    stored = line.stored()
    assert len(stored) == 30 + 1 + 1
    assert [event.reason for event in stored] == [""] * 30 + ["throttled", ""]


def test_a11_what_is_no_message_is_never_dropped(line: Line) -> None:
    line.posts(webhook_of(*(a_message(number) for number in range(100))))
    unfollow = a_message(101) | {"type": "unfollow"}
    unsend = a_message(102) | {"type": "unsend", "unsend": {"messageId": "1"}}
    line.posts(webhook_of(unfollow, unsend))
    assert [event.kind for event in line.stored()][-2:] == ["unfollow", "unsend"]


@pytest.mark.parametrize("secrets", [f"new secret,{SECRET}", f"{SECRET}, new secret"])
def test_a53_while_the_secret_is_changed_the_new_one_and_the_old_are_good_and_no_other(
    core_sqlite: Core, secrets: str
) -> None:
    line = Line(core_sqlite, secrets)
    for number, secret in enumerate((SECRET, "new secret"), 1):
        raw = json.dumps(webhook_of(a_message(number))).encode()
        assert line.posts(raw, signature_of(raw, secret)).status_code == 200
    for secret in ("another secret", "", secrets):
        raw = json.dumps(webhook_of(a_message(3))).encode()
        assert line.posts(raw, signature_of(raw, secret)).status_code == 400
    assert len(line.stored()) == 2


@pytest.mark.parametrize("secrets", ["", ",", " , "])
def test_a1_without_a_secret_nothing_is_taken(core_sqlite: Core, secrets: str) -> None:
    line = Line(core_sqlite, secrets)
    raw = json.dumps(webhook_of(a_message())).encode()
    assert line.posts(raw, signature_of(raw, "")).status_code == 400


def test_one_webhook_may_hold_the_events_of_several_people(line: Line) -> None:
    line.posts(webhook_of(a_message(1, ANN), a_message(2, BEN), a_message(3, ANN)))
    with line.core.store.reading() as session:
        assert len(list(session.scalars(select(Conversation)))) == 2
    assert len(line.stored()) == 3
    assert line.woken == 1


def test_what_a_person_wrote_cannot_be_read_in_the_table(line: Line) -> None:
    line.posts(webhook_of(a_message()))
    (event,) = line.stored()
    assert "待辦".encode() not in event.body.token
    assert ANN not in str(event.person)
    assert json.loads(line.core.vault.open(event.body))["message"]["text"] == "待辦"
