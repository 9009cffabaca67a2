"""ACC-2: three wrong passwords lock for half an hour; nobody learns which accounts exist (A24)."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Account, UnknownSignIn
from core.accounts.passwords import Refused, SignedIn, check_password, hashed
from core.accounts.queries import bound_account
from core.accounts.service import disable_account, set_password
from core.audit import Door
from core.clock import FixedClock
from core.context import Core
from core.otp.models import Purpose
from core.otp.service import CodeSent, send_code
from core.policy import Policy
from tests.builders import a_bound_account, an_account

RIGHT = "correct horse battery"
WRONG = "wrong horse battery"
NOBODY = "ZZ0000"
HALF_AN_HOUR = timedelta(minutes=30)
TICK = timedelta(microseconds=1)


def tries(core: Core, code: str, password: str) -> SignedIn | Refused:
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        return check_password(ctx, code, password)


@pytest.fixture
def account(core: Core) -> Account:
    made = an_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, made.code, RIGHT)
    return made


def test_the_right_password_signs_in(core: Core, account: Account) -> None:
    assert tries(core, f" {account.code.lower()} ", RIGHT) == SignedIn(account.id)


def test_the_third_wrong_password_locks_until_exactly_half_an_hour_later(
    core: Core, account: Account, clock: FixedClock
) -> None:
    outcomes = [tries(core, account.code, WRONG) for _ in range(3)]
    assert [getattr(each, "locked_until", None) for each in outcomes] == [None, None, clock.now() + HALF_AN_HOUR]
    clock.move(HALF_AN_HOUR - TICK)
    assert isinstance(tries(core, account.code, RIGHT), Refused)
    clock.move(TICK)
    assert tries(core, account.code, RIGHT) == SignedIn(account.id)


def test_the_lock_says_how_many_minutes_are_left(core_sqlite: Core, clock: FixedClock) -> None:
    for _ in range(3):
        tries(core_sqlite, NOBODY, WRONG)
    clock.move(timedelta(minutes=10))
    refused = tries(core_sqlite, NOBODY, RIGHT)
    assert isinstance(refused, Refused)
    assert "20 分鐘" in refused.text


def test_a_right_password_between_begins_the_count_anew(core: Core, account: Account) -> None:
    for password in (WRONG, WRONG, RIGHT, WRONG, WRONG):
        tries(core, account.code, password)
    assert tries(core, account.code, RIGHT) == SignedIn(account.id)


def test_after_a_lock_three_more_are_needed(core: Core, account: Account, clock: FixedClock) -> None:
    for _ in range(3):
        tries(core, account.code, WRONG)
    clock.move(HALF_AN_HOUR)
    for _ in range(2):
        tries(core, account.code, WRONG)
    assert tries(core, account.code, RIGHT) == SignedIn(account.id)


def test_a24_unknown_and_known_accounts_are_refused_in_the_same_words(core: Core, account: Account) -> None:
    for _ in range(5):
        assert tries(core, NOBODY, WRONG) == tries(core, account.code, WRONG)


def test_a24_an_account_without_a_password_is_refused_in_the_same_words(core: Core) -> None:
    bare = an_account(core)
    for _ in range(5):
        assert tries(core, NOBODY, WRONG) == tries(core, bare.code, WRONG)


def test_a24_the_same_work_is_done_for_unknown_accounts(
    core: Core, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str | bytes] = []
    verify = PasswordHasher.verify

    def watch(hasher: PasswordHasher, stored: str | bytes, password: str | bytes) -> bool:
        verified.append(stored)
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", watch)
    tries(core, NOBODY, WRONG)
    tries(core, account.code, WRONG)
    unknown, known = (str(each).split("$")[1:4] for each in verified)
    assert unknown == known


def test_what_is_no_account_code_is_refused_without_a_trace(core: Core) -> None:
    assert isinstance(tries(core, "x" * 5000, WRONG), Refused)
    assert isinstance(tries(core, NOBODY, "x" * 129), Refused)
    with core.store.reading() as session:
        assert session.scalars(select(UnknownSignIn)).all() == []


def test_tries_under_unknown_codes_are_forgotten_after_a_day(core: Core, clock: FixedClock) -> None:
    tries(core, NOBODY, WRONG)
    clock.move(timedelta(days=1) + TICK)
    tries(core, "YY0000", WRONG)
    with core.store.reading() as session:
        assert len(session.scalars(select(UnknownSignIn)).all()) == 1


@pytest.mark.parametrize(("state", "word"), [("disabled", "停用"), ("ended", "期限已過"), ("not_begun", "還沒到")])
def test_why_an_account_may_not_be_used_is_told_to_whoever_knows_its_password(
    core: Core, account: Account, clock: FixedClock, state: str, word: str
) -> None:
    if state == "disabled":
        with core.transaction(system("tests"), Door.COMMAND) as ctx:
            disable_account(ctx, account.code)
    clock.move({"disabled": timedelta(), "ended": timedelta(days=365), "not_begun": timedelta(days=-365)}[state])
    refused, unknowing = tries(core, account.code, RIGHT), tries(core, account.code, WRONG)
    assert isinstance(refused, Refused)
    assert word in refused.text
    assert isinstance(unknowing, Refused)
    assert unknowing.text == tries(core, NOBODY, WRONG).text  # type: ignore[union-attr]  # nobody signs in as nobody


def test_a_hash_of_older_parameters_is_renewed(core: Core, account: Account) -> None:
    older = Policy(argon2_memory_kib=16, argon2_passes=1)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.get_one(Account, account.id).password_hash = hashed(older, RIGHT)
    assert tries(core, account.code, RIGHT) == SignedIn(account.id)
    with core.store.reading() as session:
        assert "m=8," in str(session.get_one(Account, account.id).password_hash)


def test_a_password_is_the_same_however_a_keyboard_composes_it(core: Core, account: Account) -> None:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, account.code, "cafe\u0301 cafe\u0301 cafe\u0301")
    assert tries(core, account.code, "caf\u00e9 caf\u00e9 caf\u00e9") == SignedIn(account.id)


@pytest.mark.parametrize("is_known", [True, False])
def test_of_twenty_wrong_passwords_at_once_three_are_compared(
    core: Core, account: Account, is_known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | bytes] = []
    verify = PasswordHasher.verify

    def watch(hasher: PasswordHasher, stored: str | bytes, password: str | bytes) -> bool:
        compared.append(password)
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", watch)
    barrier, code = Barrier(20), account.code if is_known else NOBODY

    def guess() -> None:
        barrier.wait()
        tries(core, code, WRONG)

    threads = [Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compared) == 3


def test_a20_a_stranger_who_locks_the_password_does_not_lock_out_the_bound_colleague(core: Core) -> None:
    bound = a_bound_account(core)
    for _ in range(3):
        tries(core, bound.account.code, WRONG)
    with core.transaction(Actor(name="visitor"), Door.PAGE) as ctx:
        assert bound_account(ctx.session, bound.person, ctx.today) is not None
        assert isinstance(send_code(ctx, bound.account.id, Purpose.MAIN_SYSTEM, bound.person), CodeSent)


def test_the_cost_of_hashing_is_owasps_first_recommendation_until_a_policy_says_otherwise() -> None:
    assert hashed(Policy(), "correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    other = Policy(argon2_memory_kib=16, argon2_passes=3, argon2_lanes=2)
    assert hashed(other, "correct horse battery").startswith("$argon2id$v=19$m=16,t=3,p=2$")
