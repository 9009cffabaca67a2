"""Sessions at the desk: sixty minutes without use, and whatever ends them sooner (ACC-3, A26, A27, A62)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts import sessions
from core.accounts.links import unbind
from core.accounts.models import Account, BindingEnd, WebSession
from core.accounts.service import disable_account, set_password
from core.accounts.sessions import Session
from core.audit import AuditRow, Door
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.otp.models import Purpose
from core.otp.service import CodeSent, CodeVoid, code_of, send_code, verify
from tests.builders import a_bound_account, an_account

HOUR = timedelta(minutes=60)
TICK = timedelta(microseconds=1)
VISITOR = Actor(name="visitor")


def begins(core: Core, account: Account) -> str:
    with core.transaction(VISITOR, Door.DESK) as ctx:
        return sessions.begin(ctx, account.id)


def resumes(core: Core, token: str) -> Session | None:
    with core.reading(VISITOR, Door.DESK) as ctx:
        return sessions.resume(ctx, token)


def renews(core: Core, token: str) -> Session | None:
    with core.transaction(VISITOR, Door.DESK) as ctx:
        return sessions.renew(ctx, token)


@pytest.fixture
def account(core: Core) -> Account:
    return an_account(core)


def test_a_session_knows_who_acts_and_when_it_ends(core: Core, clock: FixedClock, account: Account) -> None:
    session = resumes(core, begins(core, account))
    assert session is not None
    assert (session.account_id, session.actor.name) == (account.id, account.code)
    assert session.ends_at == clock.now() + HOUR


def test_a_session_ends_after_sixty_minutes_without_use(core: Core, clock: FixedClock, account: Account) -> None:
    token = begins(core, account)
    clock.move(HOUR - TICK)
    assert resumes(core, token)
    clock.move(TICK)
    assert resumes(core, token) is None
    assert renews(core, token) is None


def test_use_begins_the_sixty_minutes_anew(core: Core, clock: FixedClock, account: Account) -> None:
    token = begins(core, account)
    clock.move(HOUR - TICK)
    used = renews(core, token)
    assert used is not None
    assert used.ends_at == clock.now() + HOUR
    clock.move(HOUR - TICK)
    assert resumes(core, token)
    clock.move(TICK)
    assert resumes(core, token) is None


def test_looking_whether_one_is_signed_in_is_no_use(core: Core, clock: FixedClock, account: Account) -> None:
    token = begins(core, account)
    clock.move(HOUR - TICK)
    assert resumes(core, token)
    clock.move(TICK)
    assert resumes(core, token) is None


def test_signing_out_ends_one_session_only(core: Core, account: Account) -> None:
    here, there = begins(core, account), begins(core, account)
    with core.transaction(VISITOR, Door.DESK) as ctx:
        sessions.end(ctx, here)
        sessions.end(ctx, here)
    assert resumes(core, here) is None
    assert renews(core, here) is None
    assert resumes(core, there)
    with core.store.reading() as session:
        acts = session.scalars(select(AuditRow.act)).all()
    assert acts.count("session.ended") == 1


def test_a_new_password_ends_all_sessions_of_the_account(core: Core, account: Account) -> None:
    colleague = begins(core, an_account(core))
    tokens = [begins(core, account), begins(core, account)]
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        set_password(ctx, account.code, "correct horse battery")
    assert [resumes(core, token) for token in tokens] == [None, None]
    assert resumes(core, colleague)


def test_a26_a_disabled_account_has_no_session(core: Core, account: Account) -> None:
    token = begins(core, account)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, account.code)
    assert resumes(core, token) is None
    with core.store.reading() as session:
        assert session.scalars(select(WebSession.ended_at)).one() is not None


def test_a27_an_unbound_phone_ends_the_sessions_of_its_account(core: Core) -> None:
    owner = a_bound_account(core).account
    token = begins(core, owner)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        unbind(ctx, owner.id, BindingEnd.BY_STAFF)
    assert resumes(core, token) is None


@pytest.mark.parametrize("ended_by", ["password", "disabled", "unbound"])
def test_a27_a_code_under_way_begins_no_session_once_all_are_ended(core: Core, ended_by: str) -> None:
    account = a_bound_account(core).account
    with core.transaction(VISITOR, Door.DESK) as ctx:
        sent = send_code(ctx, account.id, Purpose.SIGN_IN, "browser")
    assert isinstance(sent, CodeSent)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        match ended_by:
            case "password":
                set_password(ctx, account.code, "another one of theirs")
            case "disabled":
                disable_account(ctx, account.code)
            case _:
                unbind(ctx, account.id, BindingEnd.BY_STAFF)
    with core.transaction(VISITOR, Door.DESK) as ctx:
        verdict = verify(ctx, sent.challenge, code_of(ctx.vault, sent.challenge), Purpose.SIGN_IN, "browser")
    assert isinstance(verdict, CodeVoid)


def test_a26_a_session_does_not_outlive_the_accounts_last_day(core: Core, clock: FixedClock) -> None:
    clock.at = datetime(2026, 3, 4, 23, 59, tzinfo=TAIPEI)
    token = begins(core, an_account(core, ends_on=date(2026, 3, 4)))
    assert resumes(core, token)
    clock.at = datetime(2026, 3, 5, 0, 0, tzinfo=TAIPEI)
    assert resumes(core, token) is None
    assert renews(core, token) is None


def test_a62_no_token_opens_a_session_but_the_one_that_was_given(core: Core, account: Account) -> None:
    token = begins(core, account)
    with core.store.reading() as session:
        stored = session.scalars(select(WebSession.token_key)).one()
    assert token != stored
    assert [resumes(core, guess) for guess in ("", stored, token[:-1], token.swapcase())] == [None] * 4


def test_a62_each_sign_in_has_a_token_of_its_own(core: Core, account: Account) -> None:
    assert begins(core, account) != begins(core, account)
