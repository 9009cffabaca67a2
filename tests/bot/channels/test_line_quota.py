"""How the month stands, asked of LINE: what it says, and what happens when it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.channels.line_quota import LineQuota
from core.quota.door import Consumption, QuotaDoor
from tests.bot.channels.stub import Stub, a_closed_port, a_stub

TOKEN = "channel-token"


@pytest.fixture
def stub() -> Iterator[Stub]:
    with a_stub() as running:
        running.headers = {"Content-Type": "application/json"}
        yield running


@pytest.mark.parametrize(("quota", "allowed"), [({"type": "limited", "value": 1000}, 1000), ({"type": "none"}, None)])
def test_line_says_what_is_allowed_and_what_was_used(stub: Stub, quota: dict[str, object], allowed: int | None) -> None:
    stub.body = json.dumps(quota | {"totalUsage": 7}).encode()  # both questions get this answer
    door: QuotaDoor = LineQuota(TOKEN, stub.url + "/")
    assert door.consumption() == Consumption(allowed, 7)
    assert [(each.method, each.path) for each in stub.requests] == [
        ("GET", "/v2/bot/message/quota"),
        ("GET", "/v2/bot/message/quota/consumption"),
    ]
    assert {each.headers["authorization"] for each in stub.requests} == {f"Bearer {TOKEN}"}


@pytest.mark.parametrize(("status", "body"), [(401, b"{}"), (429, b"{}"), (500, b""), (200, b"[]"), (200, b"<html>")])
def test_whatever_else_line_answers_is_no_reading(stub: Stub, status: int, body: bytes) -> None:
    stub.status, stub.body = status, body
    with pytest.raises(ConnectionError, match="does not say"):
        LineQuota(TOKEN, stub.url).consumption()


def test_no_answer_is_no_reading_and_names_nothing(stub: Stub) -> None:
    stub.behaviour = "reset"
    for url in (stub.url, f"http://127.0.0.1:{a_closed_port()}"):
        with pytest.raises(ConnectionError) as raised:
            LineQuota(TOKEN, url).consumption()
        assert TOKEN not in str(raised.value)
