"""Attacks on one-time passwords: guessing, locking others out, reading codes out, odd input (A18 to A23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from prometheus_client import generate_latest
from sqlalchemy import select

from bot.metrics import registry
from core.access import system
from core.accounts.models import Account, CodeChannel
from core.audit import AuditRow, Door
from core.cards import Card, from_json
from core.clock import FixedClock
from core.context import Core
from core.notices.models import Notice
from core.otp import service
from core.otp.models import Purpose
from core.otp.rules import VoidReason
from core.otp.service import CodeMalformed, CodeRefused, CodeRight, CodeSent, CodeVoid, CodeWrong, code_of
from core.policy import Policy
from tests.builders import a_bound_account, an_account
from tests.core.otp.codes import (
    MINUTE,
    TICK,
    at_once,
    checks,
    right,
    row,
    sends,
    sent,
    spoil,
    wrong,
    wrong_in_a_row,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def account(core: Core) -> Account:
    return an_account(core, email="ak1551@ntpc.gov.tw")


@pytest.fixture
def ann(core_sqlite: Core) -> Account:
    return an_account(core_sqlite)


def is_refused(outcome: object, reason: VoidReason = VoidReason.WAIT) -> bool:
    return isinstance(outcome, CodeVoid) and outcome.reason is reason


def guesses_on_many(core: Core, asker: str, number: int) -> None:
    """Let one asker try a wrong code on so many accounts, once each."""
    for _ in range(number):
        victim = an_account(core)
        wrong(core, sent(core, victim, asker=asker), asker=asker)


def alarm(core: Core) -> str:
    shown = generate_latest(registry(core)).decode()
    return next(line for line in shown.splitlines() if line.startswith("frontdoor_codes_alarm "))


def test_a18_the_third_wrong_code_is_the_last(core_sqlite: Core, ann: Account) -> None:
    challenge = sent(core_sqlite, ann)
    outcomes = [wrong(core_sqlite, challenge) for _ in range(3)]
    assert [each.tries_left for each in outcomes if isinstance(each, CodeWrong)] == [2, 1, 0]
    assert is_refused(right(core_sqlite, challenge), VoidReason.TRIES)


def test_a18_of_fifty_wrong_codes_at_once_exactly_three_are_counted(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    outcomes = at_once([partial(wrong, core, challenge)] * 50)
    assert len(outcomes) == 50
    assert sorted(each.tries_left for each in outcomes if isinstance(each, CodeWrong)) == [0, 1, 2]
    assert row(core, challenge).tries == 3
    assert wrong_in_a_row(core) == 3


def test_a18_of_fifty_right_codes_at_once_one_wins(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    outcomes = at_once([partial(right, core, challenge)] * 50)
    assert len(outcomes) == 50
    assert sum(isinstance(each, CodeRight) for each in outcomes) == 1


def test_a19_over_resends_a_new_code_does_not_reset_the_count(
    core_sqlite: Core, ann: Account, clock: FixedClock
) -> None:
    spoil(core_sqlite, ann, clock, 9)
    clock.move(HOUR)
    challenge = sent(core_sqlite, ann)
    assert isinstance(wrong(core_sqlite, challenge), CodeWrong)
    assert is_refused(right(core_sqlite, challenge))
    assert isinstance(sends(core_sqlite, ann), CodeRefused)


def test_a19_at_once_over_several_codes_of_an_account_ten_are_counted(
    core: Core, account: Account, clock: FixedClock
) -> None:
    tries = []
    for purpose in list(Purpose)[:5]:
        tries += [partial(wrong, core, sent(core, account, purpose), purpose)] * 5
        clock.move(MINUTE)
    at_once(tries)
    assert wrong_in_a_row(core) == 10


def test_a19_over_accounts_the_tenth_wrong_try_within_an_hour_makes_the_asker_wait(
    core_sqlite: Core, ann: Account, clock: FixedClock
) -> None:
    guesses_on_many(core_sqlite, "a guesser", 9)
    challenge = sent(core_sqlite, ann, asker="a guesser")
    assert isinstance(wrong(core_sqlite, challenge, asker="a guesser"), CodeWrong)
    assert is_refused(right(core_sqlite, challenge, asker="a guesser"))
    refused = sends(core_sqlite, an_account(core_sqlite), asker="a guesser")
    assert isinstance(refused, CodeRefused)
    assert refused.wait_until == clock.now() + HOUR
    assert isinstance(sends(core_sqlite, an_account(core_sqlite)), CodeSent)
    clock.move(HOUR)
    assert isinstance(sends(core_sqlite, ann, asker="a guesser"), CodeSent)


def test_a19_over_accounts_at_once_no_more_than_ten_are_counted(core: Core) -> None:
    challenges = [sent(core, an_account(core)) for _ in range(15)]
    outcomes = at_once([partial(wrong, core, each) for each in challenges])
    assert sum(isinstance(each, CodeWrong) for each in outcomes) == 10
    assert sum(is_refused(each) for each in outcomes) == 5


def test_a19_a_right_code_of_ones_own_between_does_not_reset_what_one_tried_elsewhere(
    core_sqlite: Core, ann: Account
) -> None:
    guesses_on_many(core_sqlite, "a guesser", 9)
    assert isinstance(right(core_sqlite, sent(core_sqlite, ann, asker="a guesser"), asker="a guesser"), CodeRight)
    guesses_on_many(core_sqlite, "a guesser", 1)
    assert isinstance(sends(core_sqlite, an_account(core_sqlite), asker="a guesser"), CodeRefused)


def test_a19_over_line_users_and_browsers_the_count_of_the_account_holds(
    core_sqlite: Core, ann: Account, clock: FixedClock
) -> None:
    for number in range(10):
        clock.move(HOUR)
        wrong(core_sqlite, sent(core_sqlite, ann, asker=f"asker {number}"), asker=f"asker {number}")
    assert isinstance(sends(core_sqlite, ann, asker="a fresh one"), CodeRefused)


def test_a19_what_a_system_asks_for_many_people_does_not_count_as_one_asker(core_sqlite: Core) -> None:
    main = Purpose.MAIN_SYSTEM
    for _ in range(11):
        challenge = sent(core_sqlite, an_account(core_sqlite), main, "the main system")
        assert isinstance(wrong(core_sqlite, challenge, main, "the main system"), CodeWrong)


def test_a19_over_everybody_many_raise_an_alarm_and_slow_strangers_but_lock_nobody(
    core_sqlite: Core, clock: FixedClock, ann: Account
) -> None:
    core_sqlite = replace(core_sqlite, policy=Policy(otp_alarm_wrong=12))
    colleague = a_bound_account(core_sqlite)
    for number in range(11):
        guesses_on_many(core_sqlite, f"guesser {number}", 1)
    assert alarm(core_sqlite) == "frontdoor_codes_alarm 0.0"
    guesses_on_many(core_sqlite, "one more", 1)
    assert alarm(core_sqlite) == "frontdoor_codes_alarm 1.0"
    with core_sqlite.store.reading() as session:
        assert len(session.scalars(select(AuditRow).where(AuditRow.act == "otp.alarm")).all()) == 1
    begun = clock.now()
    assert isinstance(right(core_sqlite, sent(core_sqlite, ann)), CodeRight)
    sent(core_sqlite, colleague.account, Purpose.EXTENSION, colleague.person)
    clock.move(5 * MINUTE - TICK)
    assert isinstance(sends(core_sqlite, ann), CodeRefused)
    sent(core_sqlite, colleague.account, Purpose.EXTENSION, colleague.person)
    clock.move(TICK)
    sent(core_sqlite, ann)
    clock.at = begun + HOUR - TICK
    assert isinstance(sends(core_sqlite, ann), CodeRefused)
    clock.move(TICK)
    assert alarm(core_sqlite) == "frontdoor_codes_alarm 0.0"
    assert isinstance(sends(core_sqlite, ann), CodeSent)


def test_a20_a_stranger_who_closes_the_account_does_not_lock_the_bound_colleague(
    core_sqlite: Core, clock: FixedClock
) -> None:
    core_sqlite = replace(core_sqlite, policy=Policy(otp_wrong_until_closed=12))
    colleague = a_bound_account(core_sqlite)
    owner, person, extension = colleague.account, colleague.person, Purpose.EXTENSION
    spoil(core_sqlite, owner, clock, 12, asker="a stranger")
    assert isinstance(sends(core_sqlite, owner, asker="a stranger"), CodeRefused)
    assert isinstance(sends(core_sqlite, owner, asker="another browser"), CodeRefused)
    challenge = sent(core_sqlite, owner, extension, person)
    assert isinstance(wrong(core_sqlite, challenge, extension, person), CodeWrong)
    assert right(core_sqlite, challenge, extension, person) == CodeRight(owner.id)
    assert isinstance(sends(core_sqlite, owner, asker="a stranger"), CodeRefused)


def test_a20_a_browser_the_account_knows_answers_for_its_own_tries_only(
    core_sqlite: Core, ann: Account, clock: FixedClock
) -> None:
    spoil(core_sqlite, ann, clock, 10, asker="a stranger")
    assert isinstance(sends(core_sqlite, ann), CodeRefused)
    for number in range(10):
        clock.move(HOUR)
        asker = f"flow {number}"
        challenge = sent(core_sqlite, ann, asker=asker, known_as="a known browser")
        assert isinstance(wrong(core_sqlite, challenge, asker=asker), CodeWrong)
    assert isinstance(sends(core_sqlite, ann, asker="one more flow", known_as="a known browser"), CodeRefused)


def test_a20_codes_a_stranger_asks_for_do_not_use_up_the_bound_colleagues(core_sqlite: Core) -> None:
    colleague = a_bound_account(core_sqlite)
    sent(core_sqlite, colleague.account, asker="a stranger")
    assert isinstance(sends(core_sqlite, colleague.account), CodeRefused)
    assert isinstance(sends(core_sqlite, colleague.account, Purpose.EXTENSION, colleague.person), CodeSent)


def test_a20_once_unbound_the_phone_is_a_stranger(core_sqlite: Core, clock: FixedClock) -> None:
    colleague = a_bound_account(core_sqlite)
    spoil(core_sqlite, colleague.account, clock, 10, asker="a stranger")
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        ctx.session.merge(colleague.binding).ended_at = ctx.now
    assert isinstance(sends(core_sqlite, colleague.account, Purpose.EXTENSION, colleague.person), CodeRefused)


def test_a20_who_opens_codes_again_opens_them_for_the_colleague_too(core_sqlite: Core, clock: FixedClock) -> None:
    colleague = a_bound_account(core_sqlite)
    owner, person, extension = colleague.account, colleague.person, Purpose.EXTENSION
    spoil(core_sqlite, owner, clock, 9, person)
    clock.move(HOUR)
    challenge = sent(core_sqlite, owner, extension, person)
    wrong(core_sqlite, challenge, extension, person)
    assert is_refused(right(core_sqlite, challenge, extension, person))
    clock.move(MINUTE)
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        assert service.reopen(ctx, owner.id)
    assert isinstance(right(core_sqlite, sent(core_sqlite, owner, extension, person), extension, person), CodeRight)


@pytest.mark.parametrize(
    ("purpose", "where"),
    [
        (Purpose.SIGN_IN, "登入管理台的網頁"),
        (Purpose.EXTENSION, "LINE 聊天室（申請展延）"),
        (Purpose.MAIN_SYSTEM, "社政系統的登入畫面"),
    ],
)
def test_a21_the_text_says_what_for_who_asked_and_that_nobody_asks_for_it(
    core_sqlite: Core, ann: Account, purpose: Purpose, where: str
) -> None:
    sent(core_sqlite, ann, purpose)
    with core_sqlite.store.reading() as session:
        (card,) = from_json(core_sqlite.vault.open(session.scalars(select(Notice.said)).one())).messages
    assert isinstance(card, Card)
    shown = card.model_dump_json()
    for words in (purpose.label, where, ann.code, "115/03/04 10:00", "沒有人會向您要", "客服也不會"):
        assert words in shown
    assert purpose.label not in card.preview
    assert ann.code not in card.preview


def test_a21_a_code_read_out_to_a_caller_works_only_where_it_was_asked_for(core_sqlite: Core) -> None:
    victim = an_account(core_sqlite, code_channel=CodeChannel.LINE)
    challenge = sent(core_sqlite, victim, Purpose.SIGN_IN)
    read_out = code_of(core_sqlite.vault, challenge)
    elsewhere = checks(core_sqlite, challenge, read_out, Purpose.SIGN_IN, "the caller's browser")
    assert is_refused(elsewhere, VoidReason.UNKNOWN)
    own = sent(core_sqlite, an_account(core_sqlite), Purpose.SIGN_IN, "the caller's browser")
    assert isinstance(checks(core_sqlite, own, read_out, Purpose.SIGN_IN, "the caller's browser"), CodeWrong)


@pytest.mark.parametrize(("age", "works"), [(15 * MINUTE - TICK, True), (15 * MINUTE, False)])
def test_a22_at_exactly_fifteen_minutes_a_code_is_void(
    core: Core, account: Account, clock: FixedClock, age: timedelta, works: bool
) -> None:
    challenge = sent(core, account)
    clock.move(age)
    outcome = right(core, challenge)
    assert isinstance(outcome, CodeRight if works else CodeVoid)
    if isinstance(outcome, CodeVoid):
        assert outcome.reason is VoidReason.EXPIRED
        assert "逾時" in outcome.text


def test_a22_an_old_code_is_void_once_a_new_one_is_sent(core: Core, account: Account, clock: FixedClock) -> None:
    old = sent(core, account)
    clock.move(MINUTE)
    new = sent(core, account)
    assert is_refused(right(core, old), VoidReason.REPLACED)
    assert right(core, new) == CodeRight(account.id)


@pytest.mark.parametrize(
    ("purpose", "asker"), [(Purpose.SIGN_IN, "this browser"), (Purpose.LINK, "another browser"), (Purpose.LINK, "")]
)
def test_a22_elsewhere_or_for_something_else_a_code_is_unknown_and_costs_no_try(
    core: Core, account: Account, purpose: Purpose, asker: str
) -> None:
    challenge = sent(core, account)
    assert right(core, challenge, purpose, asker) == checks(core, "no such challenge", "12345678")
    assert row(core, challenge).tries == 0


@pytest.mark.parametrize("typed", ["1234567", "١٢٣٤٥٦٧٨", "", "abcdefgh"])
def test_a23_what_is_no_code_costs_no_try(core: Core, account: Account, typed: str) -> None:
    challenge = sent(core, account)
    assert isinstance(checks(core, challenge, typed), CodeMalformed)
    assert row(core, challenge).tries == 0
    assert wrong_in_a_row(core) is None


def test_a23_full_width_and_spaces_are_accepted(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    code = code_of(core.vault, challenge)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert checks(core, challenge, f" {wide[:4]}\u200b {wide[4:]}\n") == CodeRight(account.id)
