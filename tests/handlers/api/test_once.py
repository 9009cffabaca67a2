"""A write under an Idempotency-Key is done once, on both databases, whoever sends it how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from core.accounts.models import Account
from core.clock import FixedClock
from core.context import Core
from core.machines.models import ApiWrite
from core.machines.rules import LEASE
from core.notices.models import Notice
from tests.builders import a_unit, an_account
from tests.handlers.api.conftest import CHECK, PROBLEM, Caller, a_key, application, said

AT_ONCE = 6
RACES = 3


@pytest.fixture
def system(core: Core) -> Caller:
    return Caller(application(core).test_client(), a_key(core))


@pytest.fixture
def account(core: Core) -> Account:
    return an_account(core)


def notice(about: Account, text: str = "請補正。") -> dict[str, object]:
    return {"account": about.code, "kind": "account", "title": "通知", "text": text}


def queued(core: Core) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


def test_the_same_again_is_answered_as_the_first_was(core: Core, system: Caller, account: Account) -> None:
    asked = {"account": account.code, "purpose": "main_system"}
    first = system.posts("otp", asked, Idempotency_Key="a-1")
    again = system.posts("otp", asked, Idempotency_Key="a-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert queued(core) == 1


def test_the_same_in_other_bytes_is_the_same(system: Caller, account: Account) -> None:
    body = f'{{"purpose": "main_system",   "account": "{account.code}"}}'.encode()
    first = system.posts("otp", {"account": account.code, "purpose": "main_system"}, Idempotency_Key="a-1")
    assert system.posts("otp", body, Idempotency_Key="a-1").json == first.json


def test_another_request_under_it_is_refused(core: Core, system: Caller, account: Account) -> None:
    system.posts("notices", notice(account), Idempotency_Key="a-1")
    for answer in (
        system.posts("notices", notice(account, "別的話。"), Idempotency_Key="a-1"),
        system.posts("otp", {"account": account.code, "purpose": "main_system"}, Idempotency_Key="a-1"),
    ):
        assert (answer.status_code, answer.mimetype) == (422, PROBLEM)
        assert said(answer)["type"].endswith("#idempotency")
    assert queued(core) == 1


def test_a_refused_one_may_be_corrected_under_the_same_key(core: Core, system: Caller) -> None:
    assert system.puts("checks/C1", CHECK, Idempotency_Key="a-1").status_code == 422
    a_unit(core, code="S01")
    assert system.puts("checks/C1", CHECK, Idempotency_Key="a-1").status_code == 201
    assert said(system.puts("checks/C1", CHECK, Idempotency_Key="a-1")) == {"result": "added"}


def test_one_that_has_to_wait_may_come_again_under_the_same_key(
    system: Caller, account: Account, clock: FixedClock
) -> None:
    asked = {"account": account.code, "purpose": "main_system"}
    system.posts("otp", asked)
    early = system.posts("otp", asked, Idempotency_Key="a-1")
    assert (early.status_code, early.headers["Retry-After"]) == (429, "60")
    clock.move(timedelta(seconds=60))
    assert system.posts("otp", asked, Idempotency_Key="a-1").status_code == 201


def test_while_the_first_is_under_way_the_second_is_told_so(
    core: Core, system: Caller, account: Account, clock: FixedClock
) -> None:
    system.posts("notices", notice(account), Idempotency_Key="a-1")
    with core.store.transaction() as session:  # as it stands between its two transactions
        session.execute(update(ApiWrite).values(status=None, answer=None))
    second = system.posts("notices", notice(account), Idempotency_Key="a-1")
    assert (second.status_code, second.mimetype) == (409, PROBLEM)
    assert int(second.headers["Retry-After"]) > 0
    clock.move(LEASE)
    assert system.posts("notices", notice(account), Idempotency_Key="a-1").status_code == 202
    assert queued(core) == 1


@pytest.mark.parametrize("race", range(RACES))
def test_of_many_at_once_it_is_done_once(core: Core, account: Account, race: int) -> None:
    key, together = a_key(core), Barrier(AT_ONCE)
    app = application(core)

    def sends(_: int) -> int:
        together.wait()
        return Caller(app.test_client(), key).posts("notices", notice(account), Idempotency_Key=f"r-{race}").status_code

    with ThreadPoolExecutor(AT_ONCE) as senders:
        statuses = list(senders.map(sends, range(AT_ONCE)))
    assert set(statuses) <= {202, 409}
    assert 202 in statuses
    assert queued(core) == 1


def test_a_wrong_try_is_counted_once_however_often_it_is_sent(system: Caller, account: Account) -> None:
    challenge = said(system.posts("otp", {"account": account.code, "purpose": "main_system"}))["challenge"]
    path = f"otp/{challenge}/verify"
    for _ in range(4):
        assert said(system.posts(path, {"code": "00000000"}, Idempotency_Key="t-1"))["tries_left"] == 2
    assert said(system.posts(path, {"code": "00000000"}, Idempotency_Key="t-2"))["tries_left"] == 1


@pytest.mark.parametrize("mark", ["", "x" * 201, "two words", "é"])
def test_an_idempotency_key_is_visible_ascii(system: Caller, account: Account, mark: str) -> None:
    answer = system.posts("notices", notice(account), Idempotency_Key=mark)
    assert (answer.status_code, said(answer)["errors"][0]["field"]) == (422, "Idempotency-Key")
