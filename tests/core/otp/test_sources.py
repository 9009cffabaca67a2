"""A19: wrong passwords and codes of strangers, counted by the network they come from; A20: who is known goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.identity import askers
from core.accounts.identity.askers import Asker
from core.accounts.models import Account
from core.accounts.notices import Refusal, refusal_text
from core.accounts.passwords import Refused, SignedIn, check_password
from core.accounts.registration import proving
from core.accounts.registration.proving import MailboxAsked, MailboxProved, MailboxRefused
from core.accounts.service import set_password
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.otp import service, sources
from core.otp.models import Purpose, Tally
from core.otp.rules import VoidReason
from core.otp.service import CodeRefused, CodeSent, CodeVoid, Verdict, code_of
from core.policy import Policy
from tests.builders import a_bound_account, an_account
from tests.core.otp.codes import HERE, wrong_code

LIMIT = 4
HOUR, TICK = timedelta(hours=1), timedelta(microseconds=1)
RIGHT, WRONG = "correct horse battery", "wrong horse battery"
THERE = Actor(name="visitor", source="203.0.113.9")
ELSEWHERE = Actor(name="visitor", source="198.51.100.7")
NOWHERE = Actor(name="visitor")


@pytest.fixture
def policy() -> Policy:
    return Policy(argon2_memory_kib=8, argon2_passes=1, source_wrong=LIMIT)


def owner(core: Core) -> Account:
    made = an_account(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, made.code, RIGHT)
    return made


def signs_in(core: Core, code: str, password: str, who: Actor = THERE, asker: Asker | None = None) -> object:
    with core.transaction(who, Door.PAGE) as ctx:
        return check_password(ctx, code, password, asker or Asker())


def asks(core: Core, account: Account, who: Actor = THERE, asker: str = HERE, known_as: str = "") -> object:
    with core.transaction(who, Door.PAGE) as ctx:
        return service.send_code(ctx, account.id, Purpose.PASSWORD, asker, known_as=known_as)


def types(core: Core, asked: object, who: Actor = THERE, asker: str = HERE, *, is_right: bool = False) -> Verdict:
    assert isinstance(asked, CodeSent), asked
    code = code_of(core.vault, asked.challenge) if is_right else wrong_code(core.vault, asked.challenge)
    with core.transaction(who, Door.PAGE) as ctx:
        return service.verify(ctx, asked.challenge, code, Purpose.PASSWORD, asker)


def is_held_up(outcome: object) -> bool:
    return isinstance(outcome, Refused) and outcome.text.startswith(Refusal.NETWORK.label[:10])


def sprays(core: Core, tries: int = LIMIT) -> None:
    """Try one password each on so many accounts nobody has."""
    for number in range(tries):
        assert not is_held_up(signs_in(core, f"ZZ{number:04}", WRONG))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("203.0.113.10", "203.0.113.10"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.9, 10.0.0.1", ""),
    ],
)
def test_an_address_stands_for_its_network(address: str, network: str) -> None:
    for is_proxy_told in (True, False):
        assert sources.network_of(address, is_proxy_told=is_proxy_told) == network


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fc00::1", "::ffff:10.1.2.3"]
)
def test_an_address_inside_the_house_counts_only_where_the_proxies_are_told_of(address: str) -> None:
    assert sources.network_of(address, is_proxy_told=True) != ""
    assert sources.network_of(address, is_proxy_told=False) == ""


@pytest.mark.parametrize("address", ["9.255.255.255", "11.0.0.1", "172.15.255.255", "172.32.0.1", "192.169.0.1"])
def test_beside_the_houses_own_addresses_all_count(address: str) -> None:
    assert sources.network_of(address, is_proxy_told=False) == address


def test_a19_passwords_tried_on_many_accounts_from_one_address_wait_for_an_hour(core: Core, clock: FixedClock) -> None:
    ann = owner(core)
    sprays(core)
    held = signs_in(core, ann.code, RIGHT)
    assert held == Refused(refusal_text(Refusal.NETWORK, 60), clock.now() + HOUR)
    assert signs_in(core, "ZZ9999", RIGHT) == held
    assert signs_in(core, ann.code, RIGHT, ELSEWHERE) == SignedIn(ann.id)
    clock.move(HOUR - TICK)
    assert is_held_up(signs_in(core, ann.code, RIGHT))
    clock.move(TICK)
    assert signs_in(core, ann.code, RIGHT) == SignedIn(ann.id)


def test_a19_one_fewer_waits_for_nothing_and_right_ones_do_not_count(core_sqlite: Core) -> None:
    ann = owner(core_sqlite)
    sprays(core_sqlite, LIMIT - 1)
    for _ in range(LIMIT):
        assert signs_in(core_sqlite, ann.code, RIGHT) == SignedIn(ann.id)


def test_a19_codes_tried_on_many_accounts_from_one_address_wait_whatever_browser_they_come_from(
    core: Core, clock: FixedClock
) -> None:
    for number in range(LIMIT):
        flow = f"flow {number}"
        assert not isinstance(types(core, asks(core, an_account(core), asker=flow), asker=flow), CodeVoid)
    ann = an_account(core)
    refused = asks(core, ann, asker="one more flow")
    assert isinstance(refused, CodeRefused)
    assert refused.wait_until == clock.now() + HOUR
    asked = asks(core, ann, ELSEWHERE)
    held = types(core, asked, is_right=True)
    assert isinstance(held, CodeVoid)
    assert held.reason is VoidReason.WAIT
    assert isinstance(types(core, asked, ELSEWHERE, is_right=True), service.CodeRight)


def test_a19_wrong_passwords_and_codes_of_one_address_add_up_and_mailboxes_too(core_sqlite: Core) -> None:
    core = core_sqlite
    sprays(core, LIMIT - 2)
    types(core, asks(core, an_account(core)))
    with core.transaction(THERE, Door.PAGE) as ctx:
        one, other = (proving.ask_mailbox(ctx, f"{name}@ntpc.gov.tw", HERE) for name in ("ann", "ben"))
    assert isinstance(one, MailboxAsked)
    assert isinstance(other, MailboxAsked)
    with core.transaction(THERE, Door.PAGE) as ctx:
        proving.prove_mailbox(ctx, one.challenge, wrong_code(core.vault, one.challenge), HERE)
    assert is_held_up(signs_in(core, "ZZ9999", WRONG))
    with core.transaction(THERE, Door.PAGE) as ctx:
        held = proving.prove_mailbox(ctx, other.challenge, code_of(core.vault, other.challenge), HERE)
        assert isinstance(held, MailboxRefused)
        assert "之後才能再試" in held.text
        assert isinstance(proving.ask_mailbox(ctx, "cat@ntpc.gov.tw", HERE), MailboxRefused)
    with core.transaction(ELSEWHERE, Door.PAGE) as ctx:
        proved = proving.prove_mailbox(ctx, other.challenge, code_of(core.vault, other.challenge), HERE)
        assert isinstance(proved, MailboxProved)


def test_a20_who_is_known_is_neither_held_up_nor_counted(core_sqlite: Core) -> None:
    core = core_sqlite
    ann, ben = owner(core), a_bound_account(core)
    with core.transaction(THERE, Door.PAGE) as ctx:
        home = Asker(askers.remember(ctx, ann.id, ""))
    asked = asks(core, ann, known_as="home")
    for _ in range(2):
        signs_in(core, ann.code, WRONG, asker=home)
        types(core, asked)
    sprays(core)
    assert signs_in(core, ann.code, RIGHT, asker=home) == SignedIn(ann.id)
    assert isinstance(asks(core, ben.account, asker=ben.person), CodeSent)


def test_this_machine_and_what_is_no_address_are_not_counted(core_sqlite: Core) -> None:
    for number in range(2 * LIMIT):
        assert not is_held_up(signs_in(core_sqlite, f"ZZ{number:04}", WRONG, NOWHERE))
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Tally.key).where(Tally.key.startswith("4:"))).all() == []


def test_no_address_is_kept_and_the_first_moment_is_noted_once(core_sqlite: Core) -> None:
    sprays(core_sqlite)
    signs_in(core_sqlite, "ZZ9999", WRONG)
    with core_sqlite.store.reading() as session:
        (key,) = session.scalars(select(Tally.key)).all()
        noted = session.scalars(select(AuditRow.subject).where(AuditRow.act == "sign_in.source_waits")).all()
    assert THERE.source not in key
    assert noted == ["source:one"]


def test_a19_of_many_at_once_from_one_address_no_more_learn_what_they_tried_than_may(core: Core) -> None:
    tries = 3 * LIMIT
    start, outcomes = Barrier(tries, timeout=30), list[object]()

    def one(code: str) -> None:
        start.wait()
        outcomes.append(signs_in(core, code, WRONG))

    threads = [Thread(target=partial(one, f"ZZ{number:04}")) for number in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == tries
    assert sum(not is_held_up(each) for each in outcomes) == LIMIT


def test_the_default_is_a_hundred_an_hour() -> None:
    assert (Policy().source_wrong, Policy().source_minutes) == (100, 60)


def test_a_policy_of_fewer_is_held(core_sqlite: Core) -> None:
    strict = replace(core_sqlite, policy=core_sqlite.policy.model_copy(update={"source_wrong": 1}))
    sprays(strict, 1)
    assert is_held_up(signs_in(strict, "ZZ9999", WRONG))
