"""A mailbox of nobody is proved by a code: the limits of OTP hold, and nobody learns who has an account (A18, A24)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.accounts.registration.proving import MailboxAsked, MailboxProved, MailboxRefused, ask_mailbox, proved_mailbox
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.errors import RuleBroken
from core.notices.models import Notice
from core.otp.service import code_of
from core.policy import Policy
from tests.builders import an_account
from tests.core.accounts.registration.registering import HERE, MAILBOX, VISITOR, asks, codes, proved, proves
from tests.core.accounts.requests.asking import mails

MINUTE = timedelta(minutes=1)
WRONG = "00000000"


def asked(core: Core, address: str = MAILBOX) -> object:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        return ask_mailbox(ctx, address, HERE)


def test_a_code_goes_to_the_mailbox_and_its_return_proves_it(core: Core) -> None:
    challenge = asks(core)
    (mail,) = mails(core, MAILBOX)
    assert challenge in mail
    assert code_of(core.vault, challenge) not in mail
    assert isinstance(proves(core, challenge), MailboxProved)
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        assert proved_mailbox(ctx, challenge, HERE)
        assert proved_mailbox(ctx, challenge, "elsewhere") is None
        assert proved_mailbox(ctx, "no challenge", HERE) is None


def test_a_code_works_once_and_only_where_it_was_asked_for(core_sqlite: Core) -> None:
    challenge = asks(core_sqlite)
    assert isinstance(proves(core_sqlite, challenge, asker="elsewhere"), MailboxRefused)
    assert isinstance(proves(core_sqlite, challenge), MailboxProved)
    assert isinstance(proves(core_sqlite, challenge), MailboxRefused)


def test_a_code_lives_fifteen_minutes(core_sqlite: Core, clock: FixedClock) -> None:
    challenge, sent = asks(core_sqlite), clock.now()
    clock.at = sent + 15 * MINUTE
    refused = proves(core_sqlite, challenge)
    assert isinstance(refused, MailboxRefused)
    assert "逾時" in refused.text
    clock.at = sent + 15 * MINUTE - timedelta(microseconds=1)
    assert isinstance(proves(core_sqlite, challenge), MailboxProved)


def test_a18_the_third_wrong_try_voids_it(core_sqlite: Core) -> None:
    challenge = asks(core_sqlite)
    for left in ("2 次", "1 次", "作廢"):
        refused = proves(core_sqlite, challenge, WRONG)
        assert isinstance(refused, MailboxRefused)
        assert left in refused.text
    assert isinstance(proves(core_sqlite, challenge), MailboxRefused)


def test_what_is_no_code_costs_no_try(core_sqlite: Core) -> None:
    challenge = asks(core_sqlite)
    assert isinstance(proves(core_sqlite, challenge, "123"), MailboxRefused)
    assert [each.tries for each in codes(core_sqlite)] == [0]


def test_a18_of_ten_tries_at_once_three_are_counted(core: Core) -> None:
    challenge = asks(core)
    with ThreadPoolExecutor(5) as many:
        list(many.map(lambda _: proves(core, challenge, WRONG), range(10)))
    assert [each.tries for each in codes(core)] == [3]


def test_sending_again_waits_a_minute_and_voids_the_older(core_sqlite: Core, clock: FixedClock) -> None:
    first = asks(core_sqlite)
    clock.at = clock.now() + MINUTE - timedelta(microseconds=1)
    assert isinstance(asked(core_sqlite), MailboxRefused)
    clock.at = clock.now() + timedelta(microseconds=1)
    second = asks(core_sqlite)
    assert isinstance(proves(core_sqlite, first), MailboxRefused)
    assert isinstance(proves(core_sqlite, second), MailboxProved)


def test_five_an_hour_go_to_one_mailbox(core_sqlite: Core, clock: FixedClock) -> None:
    for _ in range(5):
        asks(core_sqlite)
        clock.at = clock.now() + MINUTE
    assert isinstance(asked(core_sqlite), MailboxRefused)
    assert isinstance(asked(core_sqlite, "other@ntpc.gov.tw"), MailboxAsked)


def test_a19_wrong_tries_add_up_over_codes(core_sqlite: Core, clock: FixedClock) -> None:
    for _ in range(3):
        challenge = asks(core_sqlite)
        for _ in range(3):
            proves(core_sqlite, challenge, WRONG)
        clock.at = clock.now() + MINUTE
    challenge = asks(core_sqlite)
    proves(core_sqlite, challenge, WRONG)  # the tenth
    refused = proves(core_sqlite, challenge)
    assert isinstance(refused, MailboxRefused)
    assert "錯太多次" in refused.text
    clock.at = clock.now() + 14 * MINUTE
    assert isinstance(proves(core_sqlite, challenge), MailboxRefused)


def test_a_right_code_sets_the_count_to_zero(core_sqlite: Core, clock: FixedClock) -> None:
    for _ in range(4):
        challenge = asks(core_sqlite)
        for _ in range(2):
            proves(core_sqlite, challenge, WRONG)
        assert isinstance(proves(core_sqlite, challenge), MailboxProved)
        clock.at = clock.now() + MINUTE
    clock.at = clock.now() + timedelta(hours=1)
    challenge = asks(core_sqlite)
    for _ in range(2):
        proves(core_sqlite, challenge, WRONG)
    assert isinstance(proves(core_sqlite, challenge), MailboxProved)


def test_a24_a_mailbox_with_an_account_is_told_itself_and_nobody_else(core_sqlite: Core, clock: FixedClock) -> None:
    account = an_account(core_sqlite, email=MAILBOX)
    known, unknown = asked(core_sqlite), asked(core_sqlite, "nobody@ntpc.gov.tw")
    assert type(known) is type(unknown) is MailboxAsked
    (mail,) = mails(core_sqlite, MAILBOX)
    assert account.code in mail
    assert "已經有帳號" in mail
    assert '"kind":"code"' not in mail
    clock.at = clock.now() + MINUTE
    assert isinstance(asked(core_sqlite), MailboxAsked)
    assert len(mails(core_sqlite, MAILBOX)) == 1


def test_a24_strangers_are_mailed_so_much_an_hour_and_no_more(core_sqlite: Core) -> None:
    core = Core(core_sqlite.store, core_sqlite.vault, Policy(registration_codes_an_hour=2), core_sqlite.clock)
    asks(core, "one@ntpc.gov.tw")
    asks(core, "two@ntpc.gov.tw")
    refused = asked(core, "three@ntpc.gov.tw")
    assert isinstance(refused, MailboxRefused)
    assert "一小時後" in refused.text


def test_a_private_mailbox_proves_nobody_and_nothing_is_sent(core_sqlite: Core) -> None:
    with pytest.raises(RuleBroken, match="私立學校"):
        asked(core_sqlite, "somebody@gmail.com")
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Notice)).all() == []


def test_a_mailbox_proved_is_proved_for_half_an_hour(core_sqlite: Core, clock: FixedClock) -> None:
    challenge = proved(core_sqlite)
    at = clock.now()
    for after, still in ((30 * MINUTE - timedelta(microseconds=1), True), (30 * MINUTE, False)):
        clock.at = at + after
        with core_sqlite.transaction(VISITOR, Door.PAGE) as ctx:
            assert (proved_mailbox(ctx, challenge, HERE) is not None) is still


def test_no_address_stands_in_the_audit(core_sqlite: Core) -> None:
    proved(core_sqlite)
    with core_sqlite.store.reading() as session:
        rows = session.scalars(select(AuditRow)).all()
    assert {row.act for row in rows} == {"registration.code_sent", "registration.mailbox_proved"}
    assert all("@" not in row.subject + row.fields for row in rows)
