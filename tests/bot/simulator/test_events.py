"""What the bot gets to hear: signed, in LINE's form, in batches, again."""

from __future__ import annotations

import re

import pytest

from bot.simulator.jsons import object_at, text_at
from bot.simulator.phone import PhoneError
from bot.simulator.platform import Platform
from bot.simulator.webhooks import Target, on_this_machine, sign
from bot.simulator.world import SimUser
from core.errors import SetupError
from tests.bot.simulator.listening import MORNING, SECRET, LineCaller, ListeningBot


def test_the_signature_is_lines_own() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    secret = "8c570fa6dd201bb328f1c1eac23a96d8"
    assert sign(secret, body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


def test_every_webhook_is_signed_over_its_bytes(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    platform.say(teacher, "待辦 🙂")
    assert [sign(SECRET, body) for body in bot.bodies] == bot.signatures


def test_an_event_has_lines_form(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    act = platform.say(teacher, "待辦")
    event = bot.events[-1]
    assert re.fullmatch(r"U[0-9a-f]{32}", teacher.user_id)
    assert event["source"] == {"type": "user", "userId": teacher.user_id}
    assert event["timestamp"] == int(MORNING.timestamp() * 1000)
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", act.event_id)
    assert (event["mode"], event["deliveryContext"]) == ("active", {"isRedelivery": False})
    message = object_at(event, "message")
    assert (message["type"], message["text"], message["id"]) == ("text", "待辦", act.message_id)
    assert text_at(message, "quoteToken")


def test_blocking_and_coming_back(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    platform.block(teacher)
    platform.unblock(teacher)
    first, gone, back = bot.events
    assert object_at(first, "follow") == {"isUnblocked": False}
    assert (gone["type"], "replyToken" in gone) == ("unfollow", False)
    assert object_at(back, "follow") == {"isUnblocked": True}


def test_who_blocked_cannot_write(platform: Platform, teacher: SimUser) -> None:
    platform.block(teacher)
    with pytest.raises(PhoneError):
        platform.say(teacher, "嗨")


def test_a_postback_shows_its_text_but_sends_only_its_data(
    platform: Platform, teacher: SimUser, bot: ListeningBot
) -> None:
    platform.press(teacher, {"type": "postback", "label": "怎麼算的", "data": "how:1", "displayText": "怎麼算的"})
    assert bot.events[-1]["postback"] == {"data": "how:1"}
    assert [message.text for message in platform.messages(teacher)] == ["怎麼算的"]
    assert len(bot.events) == 2


@pytest.mark.parametrize(
    ("mode", "picked"), [("date", "2026-11-25"), ("time", "08:30"), ("datetime", "2026-11-25T08:30")]
)
def test_a_date_picker_sends_what_was_picked(
    platform: Platform, teacher: SimUser, bot: ListeningBot, mode: str, picked: str
) -> None:
    platform.press(teacher, {"type": "datetimepicker", "data": "d", "mode": mode}, picked)
    assert bot.events[-1]["postback"] == {"data": "d", "params": {mode: picked}}


def test_uri_and_clipboard_stay_on_the_phone(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    assert platform.press(teacher, {"type": "uri", "uri": "tel:110"}).opens == "tel:110"
    platform.press(teacher, {"type": "clipboard", "clipboardText": "12345678"})
    assert (teacher.clipboard, len(bot.events)) == ("12345678", 1)


def test_an_unsent_message_is_gone_with_its_content(
    platform: Platform, teacher: SimUser, bot: ListeningBot, line: LineCaller
) -> None:
    act = platform.send_image(teacher, b"\x89PNG\r\n\x1a\n")
    assert line.call("GET", f"message/{act.message_id}/content").data == b"\x89PNG\r\n\x1a\n"
    platform.unsend(teacher, act.message_id)
    assert bot.events[-1]["unsend"] == {"messageId": act.message_id}
    assert line.call("GET", f"message/{act.message_id}/content").status_code == 410
    assert line.call("GET", "message/1/content").status_code == 404
    with pytest.raises(PhoneError):
        platform.unsend(teacher, act.message_id)


def test_other_kinds_of_message(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    platform.send_file(teacher, "成績單.pdf", b"%PDF")
    platform.send_sticker(teacher)
    platform.send_location(teacher, "臺北市", 25.0, 121.5)
    assert [object_at(event, "message")["type"] for event in bot.events[1:]] == ["file", "sticker", "location"]
    assert object_at(bot.events[1], "message")["fileSize"] == 4


def test_one_webhook_may_hold_events_of_several_people(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    other = platform.add_user("陳主任")
    with platform.batch():
        platform.say(teacher, "一")
        platform.say(other, "二")
    assert len(bot.bodies) == 2
    assert [object_at(event, "source")["userId"] for event in bot.events[1:]] == [teacher.user_id, other.user_id]


def test_a_redelivery_is_the_same_event_marked(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    act = platform.say(teacher, "待辦")
    platform.redeliver(act.event_id)
    platform.duplicate(act.event_id)
    first, redelivered, twin = bot.events[1:]
    assert redelivered == {**first, "deliveryContext": {"isRedelivery": True}}
    assert twin == first


def test_a_bot_in_standby_gets_no_reply_token(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    platform.phones.is_standby = True
    platform.say(teacher, "待辦")
    assert (bot.events[-1]["mode"], "replyToken" in bot.events[-1]) == ("standby", False)


def test_what_the_bot_refuses_is_kept(platform: Platform, teacher: SimUser, bot: ListeningBot) -> None:
    bot.status = 500
    act = platform.say(teacher, "待辦")
    (failed,) = platform.webhooks.failures()
    assert (failed.event_ids, failed.status, failed.reason) == ((act.event_id,), 500, "error_status_code")


def test_what_was_refused_comes_again_until_it_is_taken(platform: Platform, bot: ListeningBot) -> None:
    platform.webhooks.redelivery, platform.webhooks.waits = True, (0.0, 0.0, 0.0)
    bot.status = 500
    platform.webhooks.start()
    platform.follow(platform.add_user("林老師"))
    platform.webhooks.finish()
    platform.webhooks.stop()
    flags = [object_at(event, "deliveryContext")["isRedelivery"] for event in bot.events]
    assert flags == [False, True, True, True]


def test_the_verify_button_posts_no_events(platform: Platform, bot: ListeningBot) -> None:
    assert platform.webhooks.post([]).is_taken
    assert bot.events == []


@pytest.mark.parametrize(
    "url", ["https://example.org/x", "http://10.0.0.1/x", "http://127.0.0.1.example.org/x", "file:///x", "x"]
)
def test_webhooks_stay_on_this_machine(url: str, platform: Platform) -> None:
    with pytest.raises(SetupError, match="this machine only"):
        on_this_machine(url)
    with pytest.raises(SetupError):
        platform.webhooks.aim(url)
    assert isinstance(platform.webhooks.target, Target)


def test_reading_by_hand_and_at_once(platform: Platform, teacher: SimUser, bot: ListeningBot, line: LineCaller) -> None:
    platform.say(teacher, "一")
    platform.say(teacher, "二")
    token = text_at(object_at(bot.events[1], "message"), "markAsReadToken")
    assert line.post("chat/markAsRead", {"markAsReadToken": token}).status_code == 200
    assert [message.is_read for message in platform.messages(teacher)] == [True, False]
    platform.phones.reads_by_hand = False
    platform.say(teacher, "三")
    assert [message.is_read for message in platform.messages(teacher)] == [True, True, True]
    assert "markAsReadToken" not in object_at(bot.events[-1], "message")
