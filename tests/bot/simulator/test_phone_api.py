"""What the phone page may ask and do, and who else may not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.simulator.clocks import ClockStandsError, move_clock, next_half_past_eight
from bot.simulator.jsons import Json
from bot.simulator.platform import Platform
from bot.simulator.world import Friendship, SimUser
from core.clock import TAIPEI, FixedClock, ShiftedClock, SystemClock
from tests.bot.simulator.listening import MORNING, LineCaller

HERE = {"Origin": "http://localhost"}


def send(http: FlaskClient, path: str, body: Json) -> TestResponse:
    return http.post(path, json=body, headers=HERE)


def test_the_state_is_small_while_nothing_changes(http: FlaskClient, teacher: SimUser) -> None:
    state = http.get(f"/phone/state?person={teacher.user_id}").get_json()
    assert [person["name"] for person in state["people"]] == ["林怡君老師"]
    assert state["clock"]["taipei"] == "2026-11-23T09:00:00"
    same = http.get(f"/phone/state?person={teacher.user_id}&version={state['version']}").get_json()
    assert set(same) == {"version", "clock", "loading"}


def test_a_chat_list_shows_alt_texts(http: FlaskClient, line: LineCaller, teacher: SimUser) -> None:
    bubble: Json = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": []}}
    message: Json = {"type": "flex", "altText": "今天有 3 件待辦。", "contents": bubble}
    line.post("message/push", {"to": teacher.user_id, "messages": [message]})
    (person,) = http.get("/phone/state").get_json()["people"]
    assert (person["last"], person["received"]) == ("今天有 3 件待辦。", 1)


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "http://localhost:1"])
def test_changes_come_from_this_page_alone(http: FlaskClient, platform: Platform, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    for path in ("/phone/people", "/phone/act", "/phone/upload", "/phone/faults", "/phone/webhooks", "/clock"):
        assert http.post(path, json={"name": "駭客"}, headers=headers).status_code == 403
    assert http.delete("/phone/faults", headers=headers).status_code == 403
    assert platform.users() == ()


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_changes_are_nothing_a_form_can_send(http: FlaskClient, media_type: str | None) -> None:
    answer = http.post("/clock", data=b'{"forward": 3600}', content_type=media_type, headers=HERE)
    assert answer.status_code == 415


def test_another_host_name_is_refused(http: FlaskClient) -> None:
    assert http.get("/phone/state", headers={"Host": "rebound.example"}).status_code == 403


def test_a_person_is_added_and_acts(http: FlaskClient, platform: Platform) -> None:
    added = send(http, "/phone/people", {"name": " 王小明 "}).get_json()["id"]
    person = platform.user(added)
    for act, more in (("follow", {}), ("say", {"text": "嗨"}), ("sticker", {}), ("location", {}), ("block", {})):
        assert send(http, "/phone/act", {"person": added, "act": act, **more}).status_code == 200
    assert (person.display_name, person.friendship) == ("王小明", Friendship.BLOCKED)
    assert [message.json["type"] for message in platform.messages(person)] == ["text", "sticker", "location"]
    assert send(http, "/phone/act", {"person": added, "act": "say", "text": "嗨"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [({"act": "dance"}, 400), ({"act": "say", "text": ""}, 400), ({"act": "say", "text": "字" * 5001}, 400),
     ({"act": "unsend", "message": "1"}, 409), ({"act": "press", "action": {}}, 409)],
)  # fmt: skip
def test_acts_that_cannot_be_are_refused(http: FlaskClient, teacher: SimUser, body: Json, status: int) -> None:
    assert send(http, "/phone/act", {"person": teacher.user_id, **body}).status_code == status


@pytest.mark.parametrize(("name", "status"), [("", 400), ("字", 201), ("字" * 20, 201), ("字" * 21, 400)])
def test_a_name_has_one_to_twenty_characters(http: FlaskClient, name: str, status: int) -> None:
    assert send(http, "/phone/people", {"name": name}).status_code == status


def test_only_plain_pictures_are_shown(http: FlaskClient, platform: Platform, teacher: SimUser) -> None:
    for media_type in ("image/png", "image/svg+xml", "text/html"):
        path = f"/phone/upload?person={teacher.user_id}&name=x"
        assert http.post(path, data=b"<svg/>", content_type=media_type, headers=HERE).status_code == 200
    shown = [http.get(f"/phone/content/{message.message_id}") for message in platform.messages(teacher)]
    assert [answer.mimetype for answer in shown] == ["image/png", *["application/octet-stream"] * 2]
    assert ["Content-Disposition" in answer.headers for answer in shown] == [False, True, True]
    assert {answer.headers["X-Content-Type-Options"] for answer in shown} == {"nosniff"}


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_video_or_voice_is_sent_as_such_and_never_shown(
    http: FlaskClient, platform: Platform, teacher: SimUser, kind: str
) -> None:
    path = f"/phone/upload?person={teacher.user_id}&name=x"
    assert http.post(path, data=b"0", content_type=f"{kind}/mp4", headers=HERE).status_code == 200
    (message,) = platform.messages(teacher)
    assert message.json["type"] == kind
    assert http.get(f"/phone/content/{message.message_id}").mimetype == "application/octet-stream"


def test_pages_run_only_their_own_scripts(http: FlaskClient) -> None:
    for path in ("/phone/", "/mailbox/", "/dialog/bot/accountLink"):
        with http.get(path) as page:
            policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy


def test_no_script_of_the_page_parses_markup() -> None:
    scripts = Path(__file__).parents[3].glob("bot/simulator/static/*.js")
    forbidden = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "srcdoc")
    read = {script.name: script.read_text(encoding="utf-8") for script in scripts}
    assert len(read) > 5
    assert [(name, word) for name, text in read.items() for word in forbidden if word in text] == []


@pytest.mark.parametrize(
    ("body", "shows"),
    [
        ({"forward": 3600}, "2026-11-23T10:00:00"),
        ({"to": "08:30"}, "2026-11-24T08:30:00"),
        ({"at": "2026-12-01T07:00"}, "2026-12-01T07:00:00"),
        ({"at": "2026-12-01T07:00+00:00"}, "2026-12-01T15:00:00"),
    ],
)
def test_the_clock_is_moved(http: FlaskClient, body: Json, shows: str) -> None:
    assert send(http, "/clock", body).get_json()["taipei"] == shows
    assert http.get("/clock").get_json()["taipei"] == shows


@pytest.mark.parametrize("body", [{"at": "明天"}, {"at": ""}, {"forward": 1e30}, {}])
def test_a_moment_that_cannot_be_read_moves_nothing(http: FlaskClient, body: Json) -> None:
    assert send(http, "/clock", body).status_code == 400
    assert http.get("/clock").get_json()["taipei"] == "2026-11-23T09:00:00"


@pytest.mark.parametrize(("hour", "minute", "day"), [(8, 29, 23), (8, 30, 24), (23, 59, 24)])
def test_the_next_half_past_eight(hour: int, minute: int, day: int) -> None:
    now = MORNING.replace(hour=hour, minute=minute)
    assert next_half_past_eight(now) == datetime(2026, 11, day, 8, 30, tzinfo=TAIPEI)


def test_only_a_movable_clock_moves(tmp_path: Path) -> None:
    shifted, fixed = ShiftedClock(tmp_path / "shift"), FixedClock(MORNING)
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    move_clock(shifted, moment)
    move_clock(fixed, moment)
    assert abs((shifted.now() - moment).total_seconds()) < 5
    assert fixed.now() == moment
    with pytest.raises(ClockStandsError):
        move_clock(SystemClock(), moment)


def test_faults_are_switched_from_the_page(http: FlaskClient, platform: Platform) -> None:
    assert send(http, "/phone/faults", {"endpoint": "push", "kind": "rate", "times": None}).status_code == 201
    assert send(http, "/phone/faults", {"endpoint": "no", "kind": "rate"}).status_code == 400
    assert [fault.times for fault in platform.faults.active()] == [None]
    assert http.delete("/phone/faults", json={}, headers=HERE).status_code == 200
    assert platform.faults.active() == ()
    send(http, "/phone/webhooks", {"twice": True, "redelivery": True})
    assert (platform.webhooks.twice, platform.webhooks.redelivery, platform.phones.is_standby) == (True, True, False)
