"""The account link: token, dialog, event (line.md 1.8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bot.simulator.platform import Platform
from bot.simulator.world import SimUser
from core.clock import FixedClock
from tests.bot.simulator.listening import LineCaller, ListeningBot

NONCE = "bm9uY2Utb2YtYS10ZXN0"
TEN_MINUTES = timedelta(minutes=10)


def finish(http: FlaskClient, token: str, nonce: str = NONCE) -> int:
    return http.get("/dialog/bot/accountLink", query_string={"linkToken": token, "nonce": nonce}).status_code


@pytest.fixture
def token(line: LineCaller, teacher: SimUser) -> str:
    answer = line.call("POST", f"user/{teacher.user_id}/linkToken")
    return str(answer.get_json()["linkToken"])


def test_the_dialog_tells_the_bot(http: FlaskClient, bot: ListeningBot, teacher: SimUser, token: str) -> None:
    page = http.get("/dialog/bot/accountLink", query_string={"linkToken": token, "nonce": NONCE})
    assert (page.status_code, f"/phone/?person={teacher.user_id}" in page.text) == (200, True)
    assert bot.events[-1]["link"] == {"result": "ok", "nonce": NONCE}
    assert bot.events[-1]["source"] == {"type": "user", "userId": teacher.user_id}
    assert bot.events[-1]["replyToken"]


def test_a_token_works_once(http: FlaskClient, bot: ListeningBot, token: str) -> None:
    assert [finish(http, token), finish(http, token)] == [200, 400]
    assert len(bot.events) == 2


@pytest.mark.parametrize(
    ("age", "status", "events"), [(TEN_MINUTES, 200, 2), (TEN_MINUTES + timedelta.resolution, 400, 1)]
)
def test_a_token_lives_ten_minutes_and_a_dead_one_is_silent(
    *, http: FlaskClient, bot: ListeningBot, token: str, clock: FixedClock, age: timedelta, status: int, events: int
) -> None:
    clock.move(age)
    assert (finish(http, token), len(bot.events)) == (status, events)


@pytest.mark.parametrize(("length", "status"), [(9, 400), (10, 200), (255, 200), (256, 400)])
def test_a_nonce_has_ten_to_255_characters(http: FlaskClient, token: str, length: int, status: int) -> None:
    assert finish(http, token, "n" * length) == status


def test_a_failed_link_names_nobody(platform: Platform, http: FlaskClient, bot: ListeningBot, token: str) -> None:
    platform.set_fault("account_link", "link_failed")
    finish(http, token)
    event = bot.events[-1]
    assert event["link"] == {"result": "failed", "nonce": NONCE}
    assert not {"source", "replyToken"} & set(event)


def test_a_fault_of_every_call_is_not_one_of_the_dialog(
    platform: Platform, http: FlaskClient, bot: ListeningBot, token: str
) -> None:
    platform.set_fault("any", "rate", times=None)
    finish(http, token)
    assert bot.events[-1]["link"] == {"result": "ok", "nonce": NONCE}


def test_an_unknown_person_gets_no_token(line: LineCaller) -> None:
    assert line.call("POST", "user/U0/linkToken").status_code == 404
