"""The webhook's door: only what LINE signed is stored, every event of it, once, before 200 is answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bot.webhook import MAX_BODY, signature_of, webhook
from core.context import Core
from core.inbox.models import Conversation, EventState, InboxEvent

SECRET = "channel secret for tests"
ANN, BEN = "U" + "a" * 32, "U" + "b" * 32


class Line:
    """LINE's side of the webhook."""

    def __init__(self, core: Core) -> None:
        self.woken = 0
        app = Flask("test")
        app.register_blueprint(webhook(core, SECRET, self._wake))
        self.client: FlaskClient = app.test_client()
        self.core = core

    def _wake(self) -> None:
        self.woken += 1

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
    return {"destination": "U" + "d" * 32, "events": list(events)}


def test_lines_own_example_of_a_signature() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    expected = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
    assert signature_of(body, "8c570fa6dd201bb328f1c1eac23a96d8") == expected


@pytest.mark.parametrize("signature", ["", "wrong", "x" * 44, "簽章", "=" * 10_000])
def test_a1_a_forged_signature_changes_nothing(line: Line, signature: str) -> None:
    answer = line.posts(webhook_of(a_message()), signature.encode().decode("latin-1"))
    assert (answer.status_code, line.stored(), line.woken) == (400, [], 0)


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
