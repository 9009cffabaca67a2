"""Codes as they are sent and checked: OTP-1 to OTP-7; how they are attacked stands in ``tests/abuse``."""

from __future__ import annotations

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from core.access import system
from core.accounts.models import Account, CodeChannel
from core.accounts.service import disable_account
from core.audit import Door
from core.cards import Code, CopyCode, from_json
from core.clock import FixedClock
from core.context import Core
from core.dates import roc_moment
from core.notices.models import Notice, NoticeKind, Urgency, Via
from core.otp import service
from core.otp.models import Purpose, WrongCodes
from core.otp.queries import live_codes
from core.otp.rules import VoidReason
from core.otp.service import CodeRefused, CodeRight, CodeSent, CodeVoid, CodeWrong, code_of
from core.secrets import Vault
from tests.builders import a_bound_account, an_account
from tests.core.otp.codes import HERE, MINUTE, TICK, WHO, checks, row, sends, sent, spoil, wrong_code, wrong_in_a_row


@pytest.fixture
def account(core: Core) -> Account:
    return an_account(core, email="ak1551@ntpc.gov.tw")


def test_otp_1_a_code_has_eight_digits_and_works_once(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    code = code_of(core.vault, challenge)
    assert re.fullmatch(r"[0-9]{8}", code)
    assert checks(core, challenge, code) == CodeRight(account.id)
    again = checks(core, challenge, code)
    assert isinstance(again, CodeVoid)
    assert again.reason is VoidReason.USED


def test_otp_2_the_third_wrong_try_voids_it(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    outcomes = [checks(core, challenge, wrong_code(core.vault, challenge)) for _ in range(3)]
    assert [each.tries_left for each in outcomes if isinstance(each, CodeWrong)] == [2, 1, 0]
    dead = checks(core, challenge, code_of(core.vault, challenge))
    assert isinstance(dead, CodeVoid)
    assert dead.reason is VoidReason.TRIES


def test_otp_2_the_third_try_may_still_be_right(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    for _ in range(2):
        checks(core, challenge, wrong_code(core.vault, challenge))
    assert checks(core, challenge, code_of(core.vault, challenge)) == CodeRight(account.id)


def test_otp_3_sent_again_from_elsewhere_it_works_where_the_old_one_was_asked_for(
    core: Core, account: Account, clock: FixedClock
) -> None:
    old = sent(core, account, Purpose.SIGN_IN)
    clock.move(MINUTE)
    with core.transaction(WHO, Door.CHAT) as ctx:
        new = service.send_again(ctx, account.id, CodeChannel.MAIL)
    assert isinstance(new, CodeSent)
    assert isinstance(checks(core, old, code_of(core.vault, old), Purpose.SIGN_IN), CodeWrong)
    elsewhere = checks(core, old, code_of(core.vault, new.challenge), Purpose.SIGN_IN, "another browser")
    assert isinstance(elsewhere, CodeVoid)
    assert checks(core, old, code_of(core.vault, new.challenge), Purpose.SIGN_IN) == CodeRight(account.id)


def test_otp_3_sent_again_twice_the_newest_works_and_the_limits_hold(
    core: Core, account: Account, clock: FixedClock
) -> None:
    old = sent(core, account)
    codes = [old]
    for _ in range(4):
        clock.move(MINUTE)
        with core.transaction(WHO, Door.CHAT) as ctx:
            again = service.send_again(ctx, account.id, CodeChannel.MAIL)
        assert isinstance(again, CodeSent)
        codes.append(again.challenge)
    clock.move(MINUTE)
    with core.transaction(WHO, Door.CHAT) as ctx:
        assert isinstance(service.send_again(ctx, account.id, CodeChannel.MAIL), CodeRefused)
    assert checks(core, codes[0], code_of(core.vault, codes[-1])) == CodeRight(account.id)


def test_what_no_page_waits_for_is_not_sent_again(core: Core, account: Account, clock: FixedClock) -> None:
    sent(core, account, Purpose.EXTENSION)
    clock.move(MINUTE)
    with core.transaction(WHO, Door.CHAT) as ctx:
        assert service.send_again(ctx, account.id, CodeChannel.MAIL) is None


@pytest.mark.parametrize(("purpose", "by"), [(Purpose.SIGN_IN, CodeChannel.LINE), (Purpose.LINK, CodeChannel.MAIL)])
def test_otp_4_sent_again_by_line_where_the_purpose_allows_it(
    core: Core, clock: FixedClock, purpose: Purpose, by: CodeChannel
) -> None:
    owner = a_bound_account(core).account
    sent(core, owner, purpose)
    clock.move(MINUTE)
    with core.transaction(WHO, Door.CHAT) as ctx:
        again = service.send_again(ctx, owner.id, CodeChannel.LINE)
    assert isinstance(again, CodeSent)
    assert again.channel is by


def test_a_code_may_go_to_an_address_of_its_own_under_the_same_limits(core: Core, account: Account) -> None:
    address = core.vault.seal("new@ntpc.gov.tw")
    with core.transaction(WHO, Door.CHAT) as ctx:
        first = service.send_code(ctx, account.id, Purpose.EMAIL_CHANGE, HERE, address=address)
        second = service.send_code(ctx, account.id, Purpose.EMAIL_CHANGE, HERE, address=core.vault.seal("b@c.tw"))
    assert isinstance(first, CodeSent)
    assert (first.to_hint, first.channel) == ("n***@ntpc.gov.tw", CodeChannel.MAIL)
    assert isinstance(second, CodeRefused)
    with core.store.reading() as session:
        (notice,) = session.scalars(select(Notice))
    assert notice.address is not None
    assert core.vault.open(notice.address) == "new@ntpc.gov.tw"


def test_voided_codes_of_all_purposes_open_nothing(core: Core, account: Account, clock: FixedClock) -> None:
    challenges = dict.fromkeys((Purpose.LINK, Purpose.SIGN_IN), "")
    for purpose in challenges:
        challenges[purpose] = sent(core, account, purpose)
        clock.move(MINUTE)
    with core.transaction(WHO, Door.DESK) as ctx:
        service.void_codes(ctx, account.id)
    for purpose, challenge in challenges.items():
        assert isinstance(checks(core, challenge, code_of(core.vault, challenge), purpose), CodeVoid)


def test_codes_for_different_purposes_live_beside_each_other(core: Core, account: Account, clock: FixedClock) -> None:
    link = sent(core, account)
    clock.move(MINUTE)
    sent(core, account, Purpose.SIGN_IN)
    with core.reading(WHO, Door.PAGE) as ctx:
        assert [each.purpose for each in live_codes(ctx, account.id)] == [Purpose.SIGN_IN, Purpose.LINK]
    assert checks(core, link, code_of(core.vault, link)) == CodeRight(account.id)


def test_otp_3_sixty_seconds_lie_between_two_sends(core: Core, account: Account, clock: FixedClock) -> None:
    sent(core, account)
    clock.move(MINUTE - TICK)
    refused = sends(core, account)
    assert isinstance(refused, CodeRefused)
    assert refused.wait_until == clock.now() + TICK
    clock.move(TICK)
    assert isinstance(sends(core, account), CodeSent)


def test_otp_3_the_sixth_within_an_hour_and_the_twenty_first_within_a_day_wait(
    core: Core, account: Account, clock: FixedClock
) -> None:
    start = clock.now()
    for _ in range(4):
        for _ in range(5):
            sent(core, account)
            clock.move(MINUTE)
        sixth = sends(core, account)
        assert isinstance(sixth, CodeRefused)
        clock.move(timedelta(hours=1))
    refused = sends(core, account)
    assert isinstance(refused, CodeRefused)
    assert refused.wait_until == start + timedelta(days=1)
    clock.at = start + timedelta(days=1)
    assert isinstance(sends(core, account), CodeSent)


def test_otp_3_of_ten_sends_at_once_one_goes_out(core: Core, account: Account) -> None:
    barrier = Barrier(10)
    outcomes: list[CodeSent | CodeRefused] = []

    def ask() -> None:
        barrier.wait()
        outcomes.append(sends(core, account))

    threads = [Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, CodeSent) for each in outcomes) == 1


def test_otp_6_ten_wrong_over_all_codes_make_the_account_wait(core: Core, clock: FixedClock) -> None:
    account = an_account(core)
    spoil(core, account, clock, 9)
    clock.move(timedelta(hours=25))
    challenge = sent(core, account)
    tenth = checks(core, challenge, wrong_code(core.vault, challenge))
    assert isinstance(tenth, CodeWrong)
    refused = checks(core, challenge, code_of(core.vault, challenge))
    assert isinstance(refused, CodeVoid)
    assert refused.reason is VoidReason.WAIT
    until = roc_moment(clock.now() + 15 * MINUTE)
    assert tenth.text == refused.text
    assert tenth.text.startswith(f"驗證碼錯太多次，{until} 之後才能再試。")
    stopped = sends(core, account)
    assert isinstance(stopped, CodeRefused)
    assert stopped.wait_until == clock.now() + 15 * MINUTE
    clock.move(15 * MINUTE)
    again = sent(core, account)
    assert checks(core, again, code_of(core.vault, again)) == CodeRight(account.id)
    assert wrong_in_a_row(core) == 0


def test_otp_6_a_new_code_does_not_reset_the_count_and_a_right_one_does(core: Core, clock: FixedClock) -> None:
    account = an_account(core)
    spoil(core, account, clock, 4)
    assert wrong_in_a_row(core) == 4
    clock.move(MINUTE)
    challenge = sent(core, account)
    assert wrong_in_a_row(core) == 4
    checks(core, challenge, code_of(core.vault, challenge))
    assert wrong_in_a_row(core) == 0


def test_otp_6_a_hundred_wrong_close_until_a_person_opens(core: Core, clock: FixedClock) -> None:
    account = an_account(core, ends_on=clock.now().date() + timedelta(days=365))
    spoil(core, account, clock, 1)
    with core.transaction(WHO, Door.COMMAND) as ctx:
        ctx.session.get_one(WrongCodes, account.id).in_a_row = 98
    spoil(core, account, clock, 1)
    clock.move(timedelta(hours=25))
    challenge = sent(core, account)
    checks(core, challenge, wrong_code(core.vault, challenge))
    clock.move(timedelta(hours=48))
    closed = sends(core, account)
    assert isinstance(closed, CodeRefused)
    assert closed.wait_until is None
    with core.transaction(system("helpdesk"), Door.COMMAND) as ctx:
        assert service.reopen(ctx, account.id)
    assert isinstance(sends(core, account), CodeSent)


BY_LINE = {Purpose.SIGN_IN, Purpose.MAIN_SYSTEM}
"""By LINE where it was chosen; what binds a phone, sets a password or proves somebody goes by mail (A25, A27)."""


@pytest.mark.parametrize("purpose", Purpose)
def test_otp_4_it_goes_to_the_mailbox_or_by_line_where_chosen(core: Core, clock: FixedClock, purpose: Purpose) -> None:
    chosen = a_bound_account(core, code_channel=CodeChannel.LINE)
    outcome = sends(core, chosen.account, purpose)
    assert isinstance(outcome, CodeSent)
    by_line = purpose in BY_LINE
    assert outcome.channel is (CodeChannel.LINE if by_line else CodeChannel.MAIL)
    with core.store.reading() as session:
        notice = session.scalars(select(Notice)).one()
    assert notice.via is (Via.PUSH if by_line else Via.MAIL)
    assert (notice.kind, notice.urgency, notice.not_before) == (NoticeKind.CODE, Urgency.ALWAYS, clock.now())


def test_otp_4_by_mail_where_line_is_blocked_or_not_bound(core: Core) -> None:
    blocked = a_bound_account(core, code_channel=CodeChannel.LINE, blocked_at=core.clock.now()).account
    bare = an_account(core, code_channel=CodeChannel.LINE)
    for account in (blocked, bare):
        outcome = sends(core, account, Purpose.SIGN_IN)
        assert isinstance(outcome, CodeSent)
        assert outcome.channel is CodeChannel.MAIL


def test_the_hint_does_not_tell_the_address(core: Core, account: Account) -> None:
    outcome = sends(core, account)
    assert isinstance(outcome, CodeSent)
    assert outcome.to_hint == "a***@ntpc.gov.tw"


def test_otp_5_the_text_says_what_for_how_long_once_and_what_to_do_if_it_was_not_you(
    core: Core, account: Account
) -> None:
    challenge = sent(core, account)
    with core.store.reading() as session:
        answer = from_json(core.vault.open(session.scalars(select(Notice.said)).one()))
    (card,) = answer.messages
    shown = card.model_dump_json()
    for word in ("綁定 LINE", "15 分鐘", "只能用一次", "2960-3456 分機 3718", "公務雲密碼", "沒有人會向您要"):
        assert word in shown
    assert Code(challenge=challenge) in getattr(card, "blocks", ())
    assert CopyCode(label="複製驗證碼", challenge=challenge) in getattr(card, "actions", ())
    assert answer.carries_code()


def test_otp_7_neither_code_nor_seed_is_stored_or_shown(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    code, seed = code_of(core.vault, challenge), core.vault.derive("otp", challenge).hex()
    checks(core, challenge, code)
    with core.store.reading() as session:
        said = core.vault.open(session.scalars(select(Notice.said)).one())
        rows = [
            str(tuple(found))
            for table in ("otp_challenges", "otp_wrong_codes", "audit_rows", "notices")
            for found in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 (names of our own)
        ]
    for shown in [said, *rows]:
        assert code not in shown
        assert seed not in shown
        assert HERE not in shown


def test_otp_7_another_server_makes_other_codes() -> None:
    keys = ["A" * 43 + "="]
    codes = {code_of(Vault(secret * 32, keys), "challenge") for secret in "ab"}
    assert len(codes) == 2


def test_a26_a_disabled_account_gets_no_code_and_its_code_is_void(core: Core, account: Account) -> None:
    challenge = sent(core, account)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, account.code)
    assert isinstance(sends(core, account), CodeRefused)
    assert isinstance(checks(core, challenge, code_of(core.vault, challenge)), CodeVoid)
    assert row(core, challenge).used_at is None


def test_an_unknown_account_gets_no_code(core: Core) -> None:
    with core.transaction(WHO, Door.PAGE) as ctx:
        assert isinstance(service.send_code(ctx, 999, Purpose.LINK, HERE), CodeRefused)
