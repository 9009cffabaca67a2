"""What every call passes: bearer, size, request id, and the faults that spoil it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from bot.simulator.faults import ERRORS, FaultKind, Faults
from bot.simulator.platform import Platform
from bot.simulator.world import SimUser
from tests.bot.simulator.listening import LineCaller


@pytest.mark.parametrize("bearer", ["", "Bearer wrong", "Basic a-channel-access-token", "Bearer 權杖"])
def test_a_wrong_token_is_refused(http: FlaskClient, bearer: str) -> None:
    answer = http.get("/v2/bot/info", headers={"Authorization": bearer})
    assert answer.status_code == 401
    assert answer.get_json()["message"].startswith("Authentication failed")
    assert answer.headers["x-line-request-id"]


def test_the_account_introduces_itself(platform: Platform, line: LineCaller) -> None:
    info = line.call("GET", "info").get_json()
    assert (info["userId"], info["displayName"]) == (platform.bot_user_id, "社政小幫手")


def test_a_profile_is_for_friends(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    assert line.call("GET", f"profile/{teacher.user_id}").get_json()["displayName"] == "林怡君老師"
    platform.block(teacher)
    assert line.call("GET", f"profile/{teacher.user_id}").status_code == 404


@pytest.mark.parametrize(("size", "status"), [(2 * 1024 * 1024, 400), (2 * 1024 * 1024 + 1, 413)])
def test_a_body_holds_two_megabytes(line: LineCaller, size: int, status: int) -> None:
    assert line.call("POST", "message/push", b"x" * size, "application/json").status_code == status


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(line: LineCaller, body: bytes) -> None:
    assert line.call("POST", "message/push", body, "application/json").status_code == 400


def test_another_content_type_is_refused(line: LineCaller) -> None:
    assert line.call("POST", "message/push", b"{}", "text/plain").status_code == 415


@pytest.mark.parametrize("kind", sorted(set(ERRORS) - {FaultKind.SERVER_ERROR_AFTER}))
def test_an_error_is_answered_once_and_nothing_accepted(
    platform: Platform, teacher: SimUser, line: LineCaller, kind: FaultKind
) -> None:
    platform.set_fault("push", kind)
    answer = line.push(teacher.user_id, "嗨")
    assert (answer.status_code, answer.get_json()["message"]) == ERRORS[kind]
    assert platform.accepted() == ()
    assert line.push(teacher.user_id, "嗨").status_code == 200


def test_an_error_after_acceptance_still_shows_the_message(
    platform: Platform, teacher: SimUser, line: LineCaller
) -> None:
    platform.set_fault("push", "server_error_after")
    assert line.push(teacher.user_id, "嗨").status_code == 500
    assert [message.text for message in platform.received(teacher)] == ["嗨"]


@pytest.mark.parametrize(("kind", "body"), [("empty_body", b"{}"), ("junk_body", b"<html>It works</html>")])
def test_an_accepted_call_may_be_answered_with_nonsense(
    platform: Platform, teacher: SimUser, line: LineCaller, kind: str, body: bytes
) -> None:
    platform.set_fault("push", kind)
    answer = line.push(teacher.user_id, "嗨")
    assert (answer.status_code, answer.data) == (200, body)
    assert len(platform.received(teacher)) == 1


def test_a_slow_answer_is_an_answer(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    platform.set_fault("push", "slow", seconds=0.0)
    assert line.push(teacher.user_id, "嗨").status_code == 200


def test_faults_strike_in_turn_and_only_their_endpoint(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    platform.set_fault("push", "rate", times=2)
    platform.set_fault("push", "quota")
    token = platform.say(teacher, "嗨").reply_token
    assert line.reply(token, "嗨").status_code == 200
    assert [line.push(teacher.user_id, "嗨").status_code for _ in range(4)] == [429, 429, 429, 200]


def test_a_fault_may_stay_until_it_is_cleared(platform: Platform, teacher: SimUser, line: LineCaller) -> None:
    platform.set_fault("any", "unauthorized", times=None)
    assert {line.push(teacher.user_id, "嗨").status_code for _ in range(3)} == {401}
    assert line.call("GET", "info").status_code == 401
    platform.clear_faults()
    assert line.push(teacher.user_id, "嗨").status_code == 200


@pytest.mark.parametrize(("endpoint", "kind", "times"), [("no", "rate", 1), ("push", "no", 1), ("push", "rate", 0)])
def test_a_fault_that_does_not_exist_is_refused(platform: Platform, endpoint: str, kind: str, times: int) -> None:
    with pytest.raises(ValueError, match=r"fault|endpoint"):
        platform.set_fault(endpoint, kind, times)
    assert platform.faults.active() == Faults().active()


def test_even_an_unknown_path_is_answered_under_an_id(line: LineCaller) -> None:
    answer = line.call("GET", "no/such/path")
    assert (answer.status_code, bool(answer.headers["x-line-request-id"])) == (404, True)
