"""Reading LINE's events: tolerant of anything, exact where it matters."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import BadWebhook, read_event, read_webhook
from handlers.chat.turn import (
    AccountLinked,
    ChatEvent,
    Followed,
    OtherSaid,
    Pressed,
    TextSaid,
    Unfollowed,
    Unsent,
)

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["type", "webhookEventId", "timestamp", "mode", "source", "replyToken", "message", "postback", "link", "userId"]
)


@pytest.mark.parametrize(
    ("raw", "event"),
    [
        ({"type": "message", "message": {"type": "text", "text": "待辦"}}, TextSaid("待辦")),
        ({"type": "message", "message": {"type": "text", "text": "半\ud83d"}}, TextSaid("半\ufffd")),
        (
            {"type": "message", "message": {"type": "text", "text": "待辦", "id": "17", "markAsReadToken": "t"}},
            TextSaid("待辦", "17", "t"),
        ),
        ({"type": "message", "message": {"type": "sticker"}}, OtherSaid("sticker")),
        (
            {"type": "message", "message": {"type": "sticker", "keywords": ["哭", 7, "難過"]}},
            OtherSaid("sticker", "哭、難過"),
        ),
        (
            {"type": "message", "message": {"type": "file", "id": "18", "fileName": "畫面.pdf"}},
            OtherSaid("file", "畫面.pdf", "18"),
        ),
        (
            {"type": "message", "message": {"type": "location", "title": "校門", "address": "新北市"}},
            OtherSaid("location", "校門 新北市"),
        ),
        ({"type": "postback", "postback": {"data": "1|more|5"}}, Pressed("1|more|5")),
        (
            {"type": "postback", "postback": {"data": "d", "params": {"date": "2026-03-04"}}},
            Pressed("d", "2026-03-04"),
        ),
        ({"type": "follow", "follow": {"isUnblocked": True}}, Followed(again=True)),
        ({"type": "follow"}, Followed(again=False)),
        ({"type": "unfollow"}, Unfollowed()),
        ({"type": "unsend", "unsend": {"messageId": "17"}}, Unsent("17")),
        ({"type": "accountLink", "link": {"result": "ok", "nonce": "n"}}, AccountLinked("n")),
        ({"type": "accountLink", "link": {"result": "failed"}}, OtherSaid("accountLink")),
        ({"type": "videoPlayComplete"}, OtherSaid("videoPlayComplete")),
        ({}, OtherSaid("")),
    ],
)
def test_each_event_is_read_as_the_chat_takes_it(raw: dict[str, object], event: ChatEvent) -> None:
    assert read_event(json.dumps(raw)).event == event


def test_the_time_of_an_event_is_lines_own() -> None:
    (event,) = read_webhook(b'{"events": [{"timestamp": 1772589600123}]}', NOW).events
    assert event.happened_at == datetime(2026, 3, 4, 2, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize("timestamp", [None, "soon", True, 10**30, -(10**30), 1.5])
def test_an_odd_time_is_the_time_it_came(timestamp: object) -> None:
    (event,) = read_webhook(json.dumps({"events": [{"timestamp": timestamp}]}).encode(), NOW).events
    assert event.happened_at == NOW


@pytest.mark.parametrize(
    ("params", "is_said"), [({"newRichMenuAliasId": "tab", "status": "SUCCESS"}, False), ({"date": "2026-03-04"}, True)]
)
def test_turning_to_another_tab_of_the_menu_says_nothing(params: dict[str, str], is_said: bool) -> None:
    pressed = {"type": "postback", "source": {"userId": "U1"}, "postback": {"data": "d", "params": params}}
    (event,) = read_webhook(json.dumps({"events": [pressed]}).encode(), NOW).events
    assert event.to_handle is is_said


@pytest.mark.parametrize("source", [{"type": "group", "groupId": "C1"}, {"type": "room", "roomId": "R1"}])
def test_a12_a_group_is_told_from_a_person(source: dict[str, str]) -> None:
    assert read_event(json.dumps({"type": "message", "source": source})).in_group
    assert not read_event(json.dumps({"type": "message", "source": {"type": "user"}})).in_group


@given(st.lists(st.dictionaries(NAMES, ANYTHING, max_size=8), max_size=4))
def test_a7_whatever_comes_is_kept_and_can_be_read_again(events: list[dict[str, object]]) -> None:
    kept = read_webhook(json.dumps({"events": events}).encode(), NOW).events
    assert len(kept) == len(events)
    for event in kept:
        assert event.webhook_event_id
        assert len(event.webhook_event_id) <= 64
        read_event(event.body)


@given(st.binary(max_size=200))
def test_a2_bytes_that_are_no_webhook_are_refused_and_nothing_else_happens(raw: bytes) -> None:
    try:
        read_webhook(raw, NOW)
    except BadWebhook:
        return
    assert isinstance(json.loads(raw), dict)
