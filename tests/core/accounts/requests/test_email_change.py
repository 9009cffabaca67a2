"""Another e-mail address, from the question to the old mailbox that stops it (ACC-7, A19, A25, A26)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts import sessions
from core.accounts.models import Account, Binding, Role
from core.accounts.requests import stopping
from core.accounts.requests.models import RequestState
from core.accounts.requests.service import send_address_code
from core.accounts.service import disable_account
from core.audit import AuditRow, Door
from core.clock import FixedClock
from core.context import Core
from core.errors import Conflict, Expired, NotAllowed, NotFound, RuleBroken
from core.otp.models import Purpose
from core.otp.service import CodeRefused, CodeVoid, CodeWrong, code_of, send_code, verify
from tests.builders import a_bound_account, an_account
from tests.core.accounts.requests.asking import HERE, NEW, Asking, address_of, challenges, filed, mails, row, somebody

OLD = "ak1551@ntpc.gov.tw"
TICK = timedelta(microseconds=1)
DAY = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
VISITOR = Actor(name="visitor")


@pytest.fixture
def ann(core: Core) -> Asking:
    return Asking(core, a_bound_account(core, email=OLD).account)


@pytest.fixture
def agent(core: Core) -> Asking:
    return somebody(core, Role.HELPDESK)


def stop_link(core: Core) -> tuple[int, str]:
    found = re.search(r"/p/email-stop/(\d+)/([0-9a-f]+)", mails(core, OLD)[-1])
    assert found
    return int(found[1]), found[2]


def stops(core: Core, number: int, signature: str) -> None:
    with core.transaction(VISITOR, Door.PAGE) as ctx:
        stopping.stop_email_change(ctx, number, signature)


def bound_phones(core: Core) -> int:
    with core.store.reading() as session:
        return len(session.scalars(select(Binding).where(Binding.ended_at.is_(None))).all())


def test_acc_7_the_code_goes_to_the_new_mailbox_and_the_change_waits_for_approval(core: Core, ann: Asking) -> None:
    number = ann.files_email()
    assert challenges(core)[0].id in mails(core, NEW)[0]
    assert row(core, number).state is RequestState.FILED
    assert address_of(core, ann.account) == OLD


def test_acc_7_approved_the_new_address_holds_and_codes_and_sessions_are_void(
    core: Core, ann: Asking, agent: Asking, clock: FixedClock
) -> None:
    with core.transaction(VISITOR, Door.DESK) as ctx:
        session = sessions.begin(ctx, ann.account.id)
        sent = send_code(ctx, ann.account.id, Purpose.SIGN_IN, "a browser")
    assert not isinstance(sent, CodeRefused)
    clock.move(MINUTE)
    agent.approves(ann.files_email())
    assert address_of(core, ann.account) == NEW
    with core.transaction(VISITOR, Door.DESK) as ctx:
        assert sessions.resume(ctx, session) is None
        code = code_of(core.vault, sent.challenge)
        assert isinstance(verify(ctx, sent.challenge, code, Purpose.SIGN_IN, "a browser"), CodeVoid)


def test_acc_7_the_old_address_is_told_when_it_is_asked_and_when_it_is_done(
    core: Core, ann: Asking, agent: Asking
) -> None:
    number = ann.files_email()
    assert "有人申請變更您的登記信箱" in mails(core, OLD)[-1]
    agent.approves(number)
    assert "您的登記信箱已變更" in mails(core, OLD)[-1]
    assert NEW not in mails(core, OLD)[-1]


def test_a25_the_old_mailbox_stops_it_before_it_is_approved(core: Core, ann: Asking, agent: Asking) -> None:
    number = ann.files_email()
    stops(core, *stop_link(core))
    assert row(core, number).state is RequestState.STOPPED
    assert bound_phones(core) == 0
    with pytest.raises(Conflict, match="已由原信箱攔下"):
        agent.approves(number)
    assert "已攔下信箱變更" in mails(core, OLD)[-1]


def test_a25_the_old_mailbox_stops_it_after_it_is_approved(core: Core, ann: Asking, agent: Asking) -> None:
    number = ann.files_email()
    agent.approves(number)
    link = stop_link(core)
    stops(core, *link)
    assert address_of(core, ann.account) == OLD
    assert row(core, number).state is RequestState.STOPPED
    assert bound_phones(core) == 0
    with pytest.raises(Expired):
        stops(core, *link)


@pytest.mark.parametrize(("after", "works"), [(DAY - TICK, True), (DAY, False)])
def test_a25_it_can_be_stopped_for_twenty_four_hours(
    core: Core, ann: Asking, clock: FixedClock, after: timedelta, works: bool
) -> None:
    somebody(core, Role.HELPDESK).approves(ann.files_email())
    clock.move(after)
    if works:
        stops(core, *stop_link(core))
    else:
        with pytest.raises(Expired, match="24 小時"):
            stops(core, *stop_link(core))
    assert (address_of(core, ann.account) == OLD) is works


def test_a25_from_the_approval_on_it_can_be_stopped_for_twenty_four_hours_again(
    core: Core, ann: Asking, agent: Asking, clock: FixedClock
) -> None:
    number = ann.files_email()
    clock.move(DAY - MINUTE)
    agent.approves(number)
    clock.move(DAY - TICK)
    stops(core, *stop_link(core))
    assert address_of(core, ann.account) == OLD


def test_a25_a_link_that_was_altered_stops_nothing(core: Core, ann: Asking, clock: FixedClock) -> None:
    number = ann.files_email()
    _, signature = stop_link(core)
    other = Asking(core, a_bound_account(core).account)
    clock.move(MINUTE)
    others = other.files_email("another@ntpc.gov.tw")
    for wrong in ((number, signature[:-1] + "x"), (others, signature), (number, ""), (number + 99, "é")):
        with pytest.raises(Expired):
            stops(core, *wrong)
    assert row(core, number).state is row(core, others).state is RequestState.FILED


def test_an_old_address_that_another_took_is_not_put_back(core: Core, ann: Asking, agent: Asking) -> None:
    agent.approves(ann.files_email())
    an_account(core, email=OLD)
    with pytest.raises(Conflict, match="另一個帳號"):
        stops(core, *stop_link(core))
    assert address_of(core, ann.account) == NEW


def test_a_refused_or_withdrawn_change_has_nothing_to_stop(core: Core, ann: Asking, agent: Asking) -> None:
    agent.refuses(ann.files_email())
    with pytest.raises(Expired):
        stops(core, *stop_link(core))


def test_acc_7_an_address_another_account_uses_is_refused_to_who_proves_its_mailbox(core: Core, ann: Asking) -> None:
    challenge = ann.mails_code()
    an_account(core, email=NEW)
    with pytest.raises(RuleBroken, match="ACC-7"):
        ann.proves_email(NEW, challenge)


def test_acc_7_an_address_another_account_took_meanwhile_is_not_approved(
    core: Core, ann: Asking, agent: Asking
) -> None:
    number = ann.files_email()
    an_account(core, email=NEW.upper())
    with pytest.raises(RuleBroken, match="另一個帳號"):
        agent.approves(number)
    assert row(core, number).state is RequestState.FILED


def test_a24_asking_tells_nobody_whether_an_address_is_used(core: Core, ann: Asking) -> None:
    an_account(core, email=NEW)
    assert ann.mails_code()


@pytest.mark.parametrize("address", ["a@b.tw\r\nBcc: c@d.tw", "ak@xn--tpc-5cd.gov.tw", "ak@ntpc.g0v.tw", OLD])
def test_a25_an_address_that_is_refused_gets_no_code(core: Core, ann: Asking, address: str) -> None:
    with pytest.raises(RuleBroken):
        ann.mails_code(address)
    assert challenges(core) == []


def test_a_code_proves_the_mailbox_it_was_sent_to_and_no_other(ann: Asking) -> None:
    challenge = ann.mails_code()
    assert isinstance(ann.proves_email("other@ntpc.gov.tw", challenge), CodeVoid)
    assert isinstance(ann.proves_email(NEW, challenge, asker="another chat"), CodeVoid)
    assert filed(ann.proves_email(NEW, challenge))


def test_a_wrong_code_is_counted_and_files_nothing(core: Core, ann: Asking) -> None:
    challenge = ann.mails_code()
    wrong = f"{(int(code_of(core.vault, challenge)) + 1) % 10**8:08}"
    for left in (2, 1, 0):
        outcome = ann.proves_email(NEW, challenge, wrong)
        assert isinstance(outcome, CodeWrong)
        assert outcome.tries_left == left
    assert isinstance(ann.proves_email(NEW, challenge), CodeVoid)


def test_a19_other_addresses_are_no_way_around_the_limits(core: Core, ann: Asking, clock: FixedClock) -> None:
    def asks(number: int) -> object:
        with core.transaction(ann.actor, Door.CHAT) as ctx:
            return send_address_code(ctx, f"new{number}@ntpc.gov.tw", HERE)

    asks(0)
    assert isinstance(asks(1), CodeRefused)
    for number in range(1, 5):
        clock.move(MINUTE)
        asks(number)
    clock.move(MINUTE)
    assert isinstance(asks(5), CodeRefused)
    assert len(challenges(core)) == 5


def test_a26_somebody_disabled_meanwhile_files_nothing(core: Core, ann: Asking) -> None:
    actor, challenge = ann.actor, ann.mails_code()
    with core.transaction(actor, Door.COMMAND) as ctx:
        disable_account(ctx, ann.account.code)
    with core.transaction(actor, Door.CHAT) as ctx, pytest.raises(NotAllowed):
        send_address_code(ctx, NEW, HERE)
    assert challenge


def test_a_second_change_waits_for_the_first(ann: Asking, clock: FixedClock) -> None:
    number = ann.files_email()
    clock.move(MINUTE)
    with pytest.raises(RuleBroken, match=f"撤回申請 {number}"):
        ann.mails_code("other@ntpc.gov.tw")
    ann.withdraws(number)
    assert ann.files_email("other@ntpc.gov.tw") != number


def test_another_cannot_withdraw_it(ann: Asking, agent: Asking) -> None:
    number = ann.files_email()
    with pytest.raises(NotFound):
        agent.withdraws(number)


def test_nothing_of_it_lies_open_in_the_database(core: Core, ann: Asking, agent: Asking) -> None:
    number = ann.files_email()
    agent.refuses(number, "請改用公務信箱")
    stored = row(core, number)
    for text in (NEW, OLD, "公務信箱"):
        assert text.encode() not in stored.asked.token + (stored.reason.token if stored.reason else b"")
    with core.store.reading() as session:
        acts = session.scalars(
            select(AuditRow.act).where(AuditRow.subject == f"request:{number}").order_by(AuditRow.id)
        ).all()
    assert acts == ["request.filed", "request.refused"]


def test_the_account_is_the_one_that_asked(core: Core, ann: Asking) -> None:
    with core.store.reading() as session:
        assert session.get_one(Account, row(core, ann.files_email()).account_id).code == ann.account.code
