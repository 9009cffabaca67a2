"""What is old is forgotten at night, what is younger or waits for a person stays, and the audit stays for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.access import Actor, system
from core.accounts.models import LinkNonce, LinkToken, WebSession
from core.accounts.registration.models import MailboxCode, ProofKind
from core.audit import AuditRow, Door
from core.cards import said
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.database import Base
from core.duties.models import SaidCard
from core.helpdesk.by_mail import MailRequest, ask_by_mail
from core.helpdesk.models import HelpKind, HelpRequest
from core.inbox.models import EventState, InboxEvent
from core.machines.models import ApiKey, ApiWrite, CodeAsk, UnsentWrong
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say
from core.otp import service as otp
from core.otp.models import Challenge, Purpose, Tally
from scheduler.purging import forget_old
from tests.builders import an_account, inside

NIGHT = datetime(2026, 3, 5, 3, 0, tzinfo=TAIPEI)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def left(core: Core, table: type[Base]) -> int:
    with core.store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def an_event(core: Core, received_at: datetime, state: EventState = EventState.DONE) -> None:
    with inside(core) as ctx:
        number = ctx.session.scalar(select(func.count()).select_from(InboxEvent))
        ctx.session.add(
            InboxEvent(
                webhook_event_id=f"event-{number}",
                person="ann",
                kind="message",
                body=ctx.vault.seal("{}"),
                happened_at=received_at,
                received_at=received_at,
                state=state,
            )
        )


def a_challenge(core: Core, account_id: int, number: int, sent_at: datetime) -> None:
    with inside(core) as ctx:
        ctx.session.add(
            Challenge(
                id=str(number),
                account_id=account_id,
                purpose=Purpose.LINK,
                asker="a browser",
                channel="mail",
                sent_at=sent_at,
                expires_at=sent_at,
            )
        )


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [(EventState.DONE, 0), (EventState.IGNORED, 0), (EventState.PARKED, 1), (EventState.WAITING, 1)],
)
def test_handled_events_are_forgotten_a_day_after_they_could_come_again(
    core: Core, state: EventState, is_kept: int
) -> None:
    an_event(core, NIGHT - 31 * DAY - TICK, state)
    an_event(core, NIGHT - 31 * DAY, state)
    assert forget_old(core, NIGHT) == 1 - is_kept
    assert left(core, InboxEvent) == 1 + is_kept


def test_codes_are_forgotten_after_thirty_days(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    a_challenge(core_sqlite, account.id, 1, NIGHT - 30 * DAY - TICK)
    a_challenge(core_sqlite, account.id, 2, NIGHT - 30 * DAY)
    assert forget_old(core_sqlite, NIGHT) == 1
    assert left(core_sqlite, Challenge) == 1


def test_counts_of_wrong_codes_are_forgotten_unless_they_closed_something(core_sqlite: Core) -> None:
    old, young = NIGHT - 30 * DAY - TICK, NIGHT - 30 * DAY
    with inside(core_sqlite) as ctx:
        ctx.session.add(Tally(key="1", since=old, tried_at=old))
        ctx.session.add(Tally(key="2", since=old, tried_at=young))
        ctx.session.add(Tally(key="3", since=old, tried_at=old, closed_at=old))
    assert forget_old(core_sqlite, NIGHT) == 1
    assert left(core_sqlite, Tally) == 2


def test_link_tokens_and_nonces_are_forgotten_a_day_after_their_end(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    with inside(core_sqlite) as ctx:
        for number, at in enumerate((NIGHT - DAY - TICK, NIGHT - DAY)):
            ctx.session.add(LinkToken(token_key=str(number), person="ann", expires_at=at))
            ctx.session.add(LinkNonce(nonce_key=str(number), account_id=account.id, person="ann", expires_at=at))
    assert forget_old(core_sqlite, NIGHT) == 2
    assert (left(core_sqlite, LinkToken), left(core_sqlite, LinkNonce)) == (1, 1)


def test_sessions_are_forgotten_thirty_days_after_they_were_over(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    over = NIGHT - 30 * DAY
    hour = timedelta(hours=1)
    facts = [(over, over - TICK), (over, over), (over - hour - TICK, None), (over - hour, None)]
    with inside(core_sqlite) as ctx:
        for number, (used_at, ended_at) in enumerate(facts):
            row = WebSession(token_key=str(number), account_id=account.id, started_at=used_at, last_used_at=used_at)
            row.ended_at = ended_at
            ctx.session.add(row)
    assert forget_old(core_sqlite, NIGHT) == 2
    assert left(core_sqlite, WebSession) == 2


def test_codes_to_mailboxes_are_forgotten_after_thirty_days(core_sqlite: Core) -> None:
    with inside(core_sqlite) as ctx:
        for number, at in enumerate((NIGHT - 30 * DAY - TICK, NIGHT - 30 * DAY)):
            code = MailboxCode(id=str(number), email_key="k", asker="a", proof=ProofKind.MAILBOX, sent_at=at)
            code.expires_at, code.address = at, ctx.vault.seal("a@example.gov.tw")
            ctx.session.add(code)
    assert forget_old(core_sqlite, NIGHT) == 1
    assert left(core_sqlite, MailboxCode) == 1


def test_what_other_systems_asked_for_and_wrote_is_forgotten_after_a_day(core_sqlite: Core) -> None:
    with inside(core_sqlite) as ctx:
        key = ApiKey(name="main-system", key_hash="h", scopes="otp", created_at=NIGHT - 2 * DAY)
        ctx.session.add(key)
        ctx.session.flush()
        for number, at in enumerate((NIGHT - DAY, NIGHT - DAY + TICK)):
            ctx.session.add(ApiWrite(marker=str(number), request="r", lease="l", begun_at=at))
            ask = CodeAsk(id=str(number), key_id=key.id, account_key="k", purpose=Purpose.MAIN_SYSTEM, asked_at=at)
            ask.expires_at, ask.is_sent = at, False
            ctx.session.add(ask)
    assert forget_old(core_sqlite, NIGHT) == 2
    assert (left(core_sqlite, CodeAsk), left(core_sqlite, ApiWrite)) == (1, 1)


def test_a24_wrong_codes_of_nobody_are_forgotten_unless_they_closed_something(core_sqlite: Core) -> None:
    old, young = NIGHT - 30 * DAY - TICK, NIGHT - 30 * DAY
    with inside(core_sqlite) as ctx:
        ctx.session.add(UnsentWrong(account_key="1", tried_at=old))
        ctx.session.add(UnsentWrong(account_key="2", tried_at=young))
        ctx.session.add(UnsentWrong(account_key="3", tried_at=old, closed_at=old))
    assert forget_old(core_sqlite, NIGHT) == 1
    assert left(core_sqlite, UnsentWrong) == 2


@pytest.mark.parametrize(("hour", "minute", "forgotten"), [(1, 59, 0), (2, 0, 1), (4, 59, 1), (5, 0, 0), (14, 0, 0)])
def test_it_is_done_at_night_in_taipei(core_sqlite: Core, hour: int, minute: int, forgotten: int) -> None:
    an_event(core_sqlite, NIGHT - 40 * DAY)
    assert forget_old(core_sqlite, NIGHT.replace(hour=hour, minute=minute)) == forgotten


def test_more_than_a_batch_is_forgotten_in_one_night_and_nothing_the_second_time(core_sqlite: Core) -> None:
    with inside(core_sqlite) as ctx:
        for number in range(501):
            ctx.session.add(LinkToken(token_key=str(number), person="ann", expires_at=NIGHT - 2 * DAY))
    assert (forget_old(core_sqlite, NIGHT), forget_old(core_sqlite, NIGHT)) == (501, 0)


def test_the_audit_is_never_forgotten(core_sqlite: Core) -> None:
    account = an_account(core_sqlite)
    with core_sqlite.transaction(system("tests"), Door.PAGE) as ctx:
        otp.send_code(ctx, account.id, Purpose.LINK, "a browser")
    before = left(core_sqlite, AuditRow)
    forget_old(core_sqlite, NIGHT + 20 * 365 * DAY)
    assert left(core_sqlite, AuditRow) == before > 0
    assert left(core_sqlite, Challenge) == 0


@pytest.mark.parametrize(("age", "is_kept"), [(DAY - TICK, True), (DAY, False)])
def test_the_network_of_a_request_by_mail_is_forgotten_after_a_day_and_the_request_stays(
    core_sqlite: Core, age: timedelta, *, is_kept: bool
) -> None:
    asked = MailRequest("林書豪", "清溪國小", "lin@ntpc.example", HelpKind.LOGIN, "登入不了")
    core = replace(core_sqlite, clock=FixedClock(NIGHT - age))
    with core.transaction(Actor(name="visitor", source="203.0.113.9"), Door.PAGE) as ctx:
        ask_by_mail(ctx, asked, asked.email)
    forget_old(core_sqlite, NIGHT)
    with core_sqlite.store.reading() as session:
        kept = session.scalars(select(HelpRequest.network_key)).one()
    assert (kept is not None) is is_kept


@pytest.mark.parametrize(("age", "is_kept"), [(30 * DAY, 1), (30 * DAY + TICK, 0)])
def test_cards_are_forgotten_when_what_said_them_has_long_gone(
    core_sqlite: Core, clock: FixedClock, age: timedelta, is_kept: int
) -> None:
    clock.at = NIGHT
    to = ToAccount(an_account(core_sqlite).id)
    with inside(core_sqlite) as ctx:
        urgency = Urgency.ROUTINE
        notice_id = say(ctx, to=to, answer=said("您好"), kind=NoticeKind.REMINDER, key="cards", urgency=urgency)
        ctx.session.add(SaidCard(notice_id=notice_id, said=ctx.vault.seal("{}"), said_at=NIGHT - age))
    forget_old(core_sqlite, NIGHT)
    assert left(core_sqlite, SaidCard) == is_kept
