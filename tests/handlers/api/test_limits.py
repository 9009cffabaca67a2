"""What the door holds back: bodies too large, too deep or not JSON, keys that call too fast, a store that fails."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from core.clock import FixedClock
from core.context import Core
from core.otp.service import code_of
from core.policy import Policy
from handlers.api.gate import MAX_BODY
from tests.builders import an_account
from tests.handlers.api.conftest import PROBLEM, Caller, Keyed, said

NOTICE = {"account": "AB1000", "kind": "account", "title": "通知", "text": "請補正。"}
BURST = 5


@pytest.fixture
def policy() -> Policy:
    return Policy(api_calls_a_minute=60, api_calls_at_once=BURST)


def padded(size: int) -> bytes:
    body = json.dumps(NOTICE).encode()
    return body + b" " * (size - len(body))


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 404), (MAX_BODY + 1, 413)])
def test_a_body_is_as_long_as_it_may_be(caller: Caller, size: int, status: int) -> None:
    answer = caller.posts("notices", padded(size))
    assert (answer.status_code, answer.mimetype) == (status, PROBLEM)


@pytest.mark.parametrize("body", [
    b"", b"x", b"[]", b"null", b'"text"', b"5", b"{", b"\xff\xfe", b'{"account": "\\ud800"}',
    b"[" * 60_000, b'{"a":' * 10_000, b"[" * 30_000 + b"]" * 30_000,
    b'{"text":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
])  # fmt: skip
def test_what_is_no_json_object_or_too_deep_is_refused(caller: Caller, body: bytes) -> None:
    answer = caller.posts("notices", body)
    assert (answer.status_code, answer.mimetype) == (400, PROBLEM)
    assert said(answer)["errors"] == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                                  "application/jsonx", ""])  # fmt: skip
def test_only_json_is_read(caller: Caller, kind: str) -> None:
    answer = caller.posts("notices", json.dumps(NOTICE).encode(), Content_Type=kind)
    assert (answer.status_code, answer.mimetype) == (415, PROBLEM)


def test_a_key_that_calls_too_fast_waits_and_others_do_not(keyed: Keyed, clock: FixedClock) -> None:
    fast, other = keyed("fast"), keyed("other")
    assert [fast.gets("duties?unit=S01").status_code for _ in range(BURST + 1)] == [404] * BURST + [429]
    refused = fast.gets("duties?unit=S01")
    assert (refused.mimetype, refused.headers["Retry-After"]) == (PROBLEM, "1")
    assert other.gets("duties?unit=S01").status_code == 404
    clock.move(timedelta(seconds=1))
    assert [fast.gets("duties?unit=S01").status_code for _ in range(2)] == [404, 429]


def test_requests_that_cannot_be_read_use_the_rate_up_too(caller: Caller) -> None:
    assert [caller.posts("notices", b"x").status_code for _ in range(BURST + 1)] == [400] * BURST + [429]


def test_where_the_store_fails_nobody_gets_in(caller: Caller, core_sqlite: Core) -> None:
    an_account(core_sqlite, code="AB1000")
    with core_sqlite.store.transaction() as session:
        session.execute(text("ALTER TABLE api_keys RENAME COLUMN full_until TO gone"))
    with capture_logs():
        answer = caller.posts("notices", NOTICE)
    assert (answer.status_code, answer.mimetype, answer.headers["Retry-After"]) == (503, PROBLEM, "5")
    with core_sqlite.store.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM notices")) == 0


def test_what_fails_inside_is_told_without_saying_what_and_may_be_asked_again(
    caller: Caller, core_sqlite: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_account(core_sqlite, code="AB1000")
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("handlers.api.notices.KIND_OF", {})
        answer = caller.posts("notices", NOTICE, Idempotency_Key="a-1")
    assert (answer.status_code, answer.mimetype) == (500, PROBLEM)
    assert "KeyError" not in answer.get_data(as_text=True)
    assert [each["event"] for each in logs] == ["api.failed"]
    assert caller.posts("notices", NOTICE, Idempotency_Key="a-1").status_code == 202


def test_no_key_code_or_text_is_in_the_logs(caller: Caller, core_sqlite: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    account = an_account(core_sqlite, code="AB1000")
    with capture_logs() as logs:
        challenge = said(caller.posts("otp", {"account": account.code, "purpose": "main_system"}))["challenge"]
        code = code_of(core_sqlite.vault, challenge)
        caller.posts(f"otp/{challenge}/verify", {"code": code})
        monkeypatch.setattr("handlers.api.notices.KIND_OF", {})
        caller.posts("notices", NOTICE, Idempotency_Key="a-secret-mark")
        with core_sqlite.store.transaction() as session:
            session.execute(text("ALTER TABLE api_keys RENAME COLUMN full_until TO gone"))
        caller.posts(f"otp/{challenge}/verify", {"code": code})
    written = str([{**each, "exc_info": ""} for each in logs])
    assert len(logs) >= 2
    assert [
        each for each in (caller.key, code, challenge, "請補正", "a-secret-mark", "AB1000") if each in written
    ] == []
