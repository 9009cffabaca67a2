"""By which rules LINE takes messages: tokens, retry keys, people, money, limits (line.md 1.6)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from bot.simulator.jsons import Json
from bot.simulator.platform import Platform
from bot.simulator.world import SimUser
from core.clock import FixedClock
from tests.bot.simulator.listening import LineCaller, said

MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)


def texts(platform: Platform, user: SimUser) -> list[str]:
    return [message.text for message in platform.received(user)]


def test_a_reply_token_works_once(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    token = platform.say(teacher, "待辦").reply_token
    answer = line.reply(token, "三件")
    assert (answer.status_code, len(answer.get_json()["sentMessages"])) == (200, 1)
    again = line.reply(token, "三件")
    assert (again.status_code, again.get_json()) == (400, {"message": "Invalid reply token"})
    assert texts(platform, teacher) == ["三件"]


@pytest.mark.parametrize(("age", "status"), [(MINUTE, 200), (MINUTE + TICK, 400)])
def test_a_reply_token_lives_one_minute(
    *, platform: Platform, teacher: SimUser, line: LineCaller, clock: FixedClock, age: timedelta, status: int
) -> None:
    token = platform.say(teacher, "待辦").reply_token
    clock.move(age)
    assert line.reply(token, "三件").status_code == status


@pytest.mark.parametrize(("age", "status"), [(timedelta(minutes=20), 200), (timedelta(minutes=20) + TICK, 400)])
def test_redelivery_renews_the_token_for_twenty_minutes(
    *, platform: Platform, teacher: SimUser, line: LineCaller, clock: FixedClock, age: timedelta, status: int
) -> None:
    act = platform.say(teacher, "待辦")
    clock.move(age)
    platform.redeliver(act.event_id)
    assert line.reply(act.reply_token, "三件").status_code == status


def test_redelivery_does_not_renew_a_used_token(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    act = platform.say(teacher, "待辦")
    line.reply(act.reply_token, "三件")
    platform.redeliver(act.event_id)
    assert line.reply(act.reply_token, "三件").status_code == 400


def test_messages_that_break_a_limit_leave_the_token_alive(
    platform: Platform, teacher: SimUser, line: LineCaller
) -> None:
    token = platform.say(teacher, "待辦").reply_token
    broken = line.reply(token, "字" * 5001)
    assert broken.status_code == 400
    assert broken.get_json()["details"][0]["property"] == "messages[0].text"
    assert line.reply(token, "字" * 5000).status_code == 200


def test_a_reply_takes_no_retry_key(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    token = platform.say(teacher, "待辦").reply_token
    assert line.reply(token, "三件", retry_key=str(uuid4())).status_code == 400
    assert line.reply(token, "三件").status_code == 200


def test_a_retry_key_sends_once(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    key = str(uuid4())
    first = line.push(teacher.user_id, "嗨", retry_key=key)
    second = line.push(teacher.user_id, "嗨", retry_key=key)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
    assert second.headers["x-line-request-id"] != first.headers["x-line-request-id"]
    assert second.get_json()["sentMessages"] == first.get_json()["sentMessages"]
    assert texts(platform, teacher) == ["嗨"]


@pytest.mark.parametrize(("age", "status"), [(timedelta(hours=24) - TICK, 409), (timedelta(hours=24), 200)])
def test_a_retry_key_is_forgotten_after_a_day(
    teacher: SimUser, line: LineCaller, clock: FixedClock, age: timedelta, status: int
) -> None:
    key = str(uuid4())
    line.push(teacher.user_id, "嗨", retry_key=key)
    clock.move(age)
    assert line.push(teacher.user_id, "嗨", retry_key=key).status_code == status


def test_a_retry_key_is_a_uuid(teacher: SimUser, line: LineCaller) -> None:
    assert line.push(teacher.user_id, "嗨", retry_key="not-a-uuid").status_code == 400


def test_a_refused_request_leaves_its_retry_key_free(teacher: SimUser, line: LineCaller) -> None:
    key = str(uuid4())
    assert line.push(teacher.user_id, "", retry_key=key).status_code == 400
    assert line.push(teacher.user_id, "嗨", retry_key=key).status_code == 200


def test_an_unknown_person_is_refused(line: LineCaller) -> None:
    answer = line.push("U" + "0" * 32, "嗨")
    assert (answer.status_code, answer.get_json()["message"]) == (400, "Failed to send messages")


def test_who_blocked_gets_nothing_and_costs_nothing(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    platform.block(teacher)
    assert line.push(teacher.user_id, "嗨").status_code == 200
    assert texts(platform, teacher) == []
    assert line.call("GET", "message/quota/consumption").get_json() == {"totalUsage": 0}


@pytest.mark.parametrize(("age", "shown"), [(timedelta(days=7), ["嗨"]), (timedelta(days=7) + TICK, [])])
def test_a_stranger_who_wrote_is_reached_for_seven_days(
    platform: Platform, line: LineCaller, clock: FixedClock, age: timedelta, shown: list[str]
) -> None:
    stranger = platform.add_user("路人")
    platform.say(stranger, "有人嗎")
    clock.move(age)
    assert line.push(stranger.user_id, "嗨").status_code == 200
    assert texts(platform, stranger) == shown


def test_multicast_reaches_friends_and_passes_over_the_rest(
    platform: Platform, teacher: SimUser, line: LineCaller
) -> None:
    other = platform.add_user("陳主任")
    platform.follow(other)
    answer = line.multicast([teacher.user_id, "U" + "0" * 32, other.user_id], "停班停課")
    assert (answer.status_code, answer.get_json()) == (200, {})
    assert texts(platform, teacher) == texts(platform, other) == ["停班停課"]
    assert platform.accepted("multicast")[0].counted == 2


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (500, 200), (501, 400)])
def test_multicast_takes_five_hundred(line: LineCaller, count: int, status: int) -> None:
    assert line.multicast([f"U{number:032x}" for number in range(count)], "嗨").status_code == status


def test_the_quota_counts_people_not_bubbles(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    platform.sending.quota = 2
    assert line.push(teacher.user_id, *"一二三四五").status_code == 200
    assert line.push(teacher.user_id, "六").status_code == 200
    spent = line.push(teacher.user_id, "七")
    assert (spent.status_code, spent.get_json()["message"]) == (429, "You have reached your monthly limit.")
    assert line.reply(platform.say(teacher, "嗨").reply_token, "免費").status_code == 200
    assert line.call("GET", "message/quota").get_json() == {"type": "limited", "value": 2}
    assert line.call("GET", "message/quota/consumption").get_json() == {"totalUsage": 2}


def test_the_quota_begins_anew_with_the_month_in_taipei(teacher: SimUser, line: LineCaller, clock: FixedClock) -> None:
    line.push(teacher.user_id, "嗨")
    clock.at = clock.at.replace(day=30, hour=23, minute=59)
    assert line.call("GET", "message/quota/consumption").get_json() == {"totalUsage": 1}
    clock.move(MINUTE)
    assert line.call("GET", "message/quota/consumption").get_json() == {"totalUsage": 0}


@pytest.mark.parametrize(("count", "status"), [(0, 400), (1, 200), (5, 200), (6, 400)])
@pytest.mark.parametrize("path", ["message/push", "message/validate/push"])
def test_one_request_holds_one_to_five_messages(
    teacher: SimUser, line: LineCaller, path: str, count: int, status: int
) -> None:
    assert line.post(path, {"to": teacher.user_id, "messages": said(*["嗨"] * count)}).status_code == status


def test_validating_sends_nothing(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    line.post("message/validate/reply", {"messages": [{"type": "text", "text": "嗨"}]})
    assert (texts(platform, teacher), platform.accepted()) == ([], ())


@pytest.mark.parametrize(("seconds", "status"), [(0, 400), (5, 202), (7, 400), (60, 202), (65, 400), (True, 400)])
def test_loading_takes_five_to_sixty_seconds_by_fives(
    teacher: SimUser, line: LineCaller, seconds: int, status: int
) -> None:
    body: Json = {"chatId": teacher.user_id, "loadingSeconds": seconds}
    assert line.post("chat/loading/start", body).status_code == status


def test_loading_ends_with_the_next_message(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    line.post("chat/loading/start", {"chatId": teacher.user_id})
    assert teacher.loading_until is not None
    line.push(teacher.user_id, "好了")
    assert platform.user(teacher.user_id).loading_until is None
