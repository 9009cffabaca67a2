"""Binding by account link: tokens, nonces, and who gives way to whom (A15, A17)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts import sessions
from core.accounts.links import (
    Bound,
    LinkRefused,
    begin_link,
    complete_link,
    end_bindings_of_ended,
    mark_blocked,
    mark_unblocked,
    remember_link_token,
    token_line_user,
    token_person,
    unbind,
)
from core.accounts.models import Account, Binding, BindingEnd, LinkNonce, LinkToken
from core.accounts.notices import LinkRefusal
from core.accounts.queries import bound_account, reach_of
from core.accounts.service import disable_account
from core.audit import Door
from core.clock import FixedClock, taipei_date
from core.context import Core
from core.errors import Expired
from core.inbox.models import Conversation
from core.notices.models import Notice, Via
from tests.builders import a_bound_account, an_account

TEN_MINUTES = timedelta(minutes=10)
TICK = timedelta(microseconds=1)
ACTOR = Actor(name="visitor")


def token_of(core: Core, person: str) -> str:
    token = f"token of {person} {core.clock.now()}"
    with core.transaction(ACTOR, Door.JOB) as ctx:
        remember_link_token(ctx, person, token)
    return token


def nonce_for(core: Core, account: Account, person: str) -> str:
    token = token_of(core, person)
    with core.transaction(ACTOR, Door.PAGE) as ctx:
        return begin_link(ctx, account.id, token)


def completes(core: Core, person: str, nonce: str) -> Bound | LinkRefused:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        return complete_link(ctx, person, ctx.vault.seal(f"U of {person}"), nonce)


def open_bindings(core: Core) -> set[tuple[int, str]]:
    with core.store.reading() as session:
        rows = session.scalars(select(Binding).where(Binding.ended_at.is_(None)))
        return {(row.account_id, row.person) for row in rows}


def told(core: Core) -> list[Notice]:
    with core.store.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_a_signed_in_account_is_bound_to_whoever_began(core: Core) -> None:
    account = an_account(core)
    assert completes(core, "wang", nonce_for(core, account, "wang")) == Bound(account.id, replaced=False)
    assert open_bindings(core) == {(account.id, "wang")}


def test_a16_the_owner_is_told_by_mail_how_to_undo_it(core: Core) -> None:
    account = an_account(core)
    completes(core, "wang", nonce_for(core, account, "wang"))
    (notice,) = told(core)
    assert notice.via is Via.MAIL
    assert "解除綁定" in core.vault.open(notice.said)


def test_a15_a_nonce_works_once(core: Core) -> None:
    account = an_account(core)
    nonce = nonce_for(core, account, "wang")
    completes(core, "wang", nonce)
    assert completes(core, "wang", nonce) == LinkRefused(LinkRefusal.USED)


def test_a15_a_guessed_nonce_is_refused(core: Core) -> None:
    assert completes(core, "wang", "guessed") == LinkRefused(LinkRefusal.UNKNOWN)


@pytest.mark.parametrize(("age", "is_bound"), [(TEN_MINUTES - TICK, True), (TEN_MINUTES, False)])
def test_a15_a_nonce_lives_ten_minutes(core: Core, clock: FixedClock, age: timedelta, is_bound: bool) -> None:
    nonce = nonce_for(core, an_account(core), "wang")
    clock.move(age)
    outcome = completes(core, "wang", nonce)
    assert isinstance(outcome, Bound) if is_bound else outcome == LinkRefused(LinkRefusal.EXPIRED)


def test_a15_another_persons_nonce_is_refused_and_stays_good_for_its_own(core: Core) -> None:
    account = an_account(core)
    nonce = nonce_for(core, account, "wang")
    assert completes(core, "mallory", nonce) == LinkRefused(LinkRefusal.OTHER_PERSON)
    assert completes(core, "wang", nonce) == Bound(account.id, replaced=False)


def test_a_nonce_is_long_enough_for_line_and_not_stored(core: Core) -> None:
    nonce = nonce_for(core, an_account(core), "wang")
    assert 10 <= len(nonce) <= 255
    with core.store.reading() as session:
        assert session.get(LinkNonce, nonce) is None


@pytest.mark.parametrize(("age", "is_known"), [(TEN_MINUTES - TICK, True), (TEN_MINUTES, False)])
def test_a_link_token_lives_ten_minutes(core: Core, clock: FixedClock, age: timedelta, is_known: bool) -> None:
    token = token_of(core, "wang")
    clock.move(age)
    with core.reading(ACTOR, Door.PAGE) as ctx:
        assert token_person(ctx, token) == ("wang" if is_known else None)


def test_a15_a_link_token_that_is_too_old_gives_no_nonce(core: Core, clock: FixedClock) -> None:
    account, token = an_account(core), token_of(core, "wang")
    clock.move(TEN_MINUTES)
    with pytest.raises(Expired), core.transaction(ACTOR, Door.PAGE) as ctx:
        begin_link(ctx, account.id, token)


def test_old_link_tokens_are_forgotten(core: Core, clock: FixedClock) -> None:
    token_of(core, "wang")
    clock.move(TEN_MINUTES)
    token_of(core, "lin")
    with core.store.reading() as session:
        assert [token.person for token in session.scalars(select(LinkToken))] == ["lin"]


def test_no_nonce_is_made_for_an_unknown_token(core: Core) -> None:
    account = an_account(core)
    with pytest.raises(Expired), core.transaction(ACTOR, Door.PAGE) as ctx:
        begin_link(ctx, account.id, "unknown")


def test_a15_a_link_token_gives_one_nonce_and_no_second_account_may_use_it(core: Core) -> None:
    account, other = an_account(core), an_account(core)
    token = token_of(core, "wang")
    with core.transaction(ACTOR, Door.PAGE) as ctx:
        nonce = begin_link(ctx, account.id, token)
    with pytest.raises(Expired), core.transaction(ACTOR, Door.PAGE) as ctx:
        begin_link(ctx, other.id, token)
    with core.reading(ACTOR, Door.PAGE) as ctx:
        assert token_person(ctx, token) is None
    assert completes(core, "wang", nonce) == Bound(account.id, replaced=False)


def test_a15_of_two_that_use_a_link_token_at_once_one_gets_a_nonce(core: Core) -> None:
    accounts = [an_account(core) for _ in range(2)]
    token, start, outcomes = token_of(core, "wang"), Barrier(2, timeout=30), list[str]()

    def use(account: Account) -> None:
        start.wait()
        with suppress(Expired), core.transaction(ACTOR, Door.PAGE) as ctx:
            outcomes.append(begin_link(ctx, account.id, token))

    threads = [Thread(target=use, args=(each,)) for each in accounts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 1


def test_whose_phone_began_can_be_asked_of_line(core: Core) -> None:
    token = token_of(core, "wang")
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        assert token_line_user(ctx, token) is None
        ctx.session.add(Conversation(person="wang", line_user=ctx.vault.seal("U1")))
    with core.reading(ACTOR, Door.PAGE) as ctx:
        assert token_line_user(ctx, token) == "U1"
        assert token_line_user(ctx, "unknown") is None


def test_a17_a_new_phone_replaces_the_old_one_which_is_told(core: Core) -> None:
    bound = a_bound_account(core)
    outcome = completes(core, "new", nonce_for(core, bound.account, "new"))
    assert outcome == Bound(bound.account.id, replaced=True)
    assert open_bindings(core) == {(bound.account.id, "new")}
    old_phone, mail = told(core)
    assert (old_phone.person, old_phone.via) == (bound.person, Via.PUSH)
    assert mail.via is Via.MAIL


def test_a27_who_gives_way_loses_the_sessions_in_all_browsers(core: Core) -> None:
    bound, other = a_bound_account(core), a_bound_account(core)
    with core.transaction(ACTOR, Door.DESK) as ctx:
        tokens = [sessions.begin(ctx, each.account.id) for each in (bound, other)]
    completes(core, other.person, nonce_for(core, bound.account, other.person))
    with core.reading(ACTOR, Door.DESK) as ctx:
        assert [sessions.resume(ctx, token) for token in tokens] == [None, None]


def test_a17_a_line_user_leaves_the_older_account_whose_owner_is_told(core: Core) -> None:
    bound, other = a_bound_account(core), an_account(core)
    outcome = completes(core, bound.person, nonce_for(core, other, bound.person))
    assert outcome == Bound(other.id, replaced=True)
    assert open_bindings(core) == {(other.id, bound.person)}
    assert {notice.account_id for notice in told(core)} == {bound.account.id, other.id}


def test_a17_binding_the_same_phone_again_changes_nothing_but_takes_the_block_away(core: Core) -> None:
    bound = a_bound_account(core, blocked_at=core.clock.now())
    outcome = completes(core, bound.person, nonce_for(core, bound.account, bound.person))
    assert outcome == Bound(bound.account.id, replaced=False)
    assert told(core) == []
    with core.store.reading() as session:
        reach = reach_of(session, bound.account.id)
    assert reach is not None
    assert not reach.blocked


def test_a26_an_account_closed_meanwhile_is_not_bound(core: Core) -> None:
    account = an_account(core)
    nonce = nonce_for(core, account, "wang")
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, account.code)
    assert completes(core, "wang", nonce) == LinkRefused(LinkRefusal.ACCOUNT_CLOSED)
    assert open_bindings(core) == set()


@pytest.mark.parametrize(
    ("ending", "mails"), [(BindingEnd.BY_USER, 0), (BindingEnd.BY_STAFF, 1), (BindingEnd.ACCOUNT_ENDED, 1)]
)
def test_a27_a_binding_can_be_ended_by_anybody_who_may(core: Core, ending: BindingEnd, mails: int) -> None:
    bound = a_bound_account(core)
    for expected in (True, False):
        with core.transaction(system("tests"), Door.COMMAND) as ctx:
            assert unbind(ctx, bound.account.id, ending) is expected
    with core.reading(ACTOR, Door.CHAT) as ctx:
        assert bound_account(ctx.session, bound.person, ctx.today) is None
    assert len(told(core)) == mails


def test_a_block_stops_pushes_and_following_again_resumes_them(core: Core) -> None:
    bound = a_bound_account(core)
    seen = []
    for mark in (mark_blocked, mark_unblocked):
        with core.transaction(ACTOR, Door.CHAT) as ctx:
            mark(ctx, bound.person)
            mark(ctx, "nobody")
            reach = reach_of(ctx.session, bound.account.id)
            assert reach is not None
            seen.append(reach.blocked)
    assert seen == [True, False]
    assert open_bindings(core) == {(bound.account.id, bound.person)}


def test_a26_a_binding_ends_by_itself_the_day_after_its_account(core: Core, clock: FixedClock) -> None:
    today = taipei_date(clock.now())
    bound = a_bound_account(core, ends_on=today)
    ended = []
    for _ in range(3):
        with core.transaction(system("tests"), Door.JOB) as ctx:
            ended.append(end_bindings_of_ended(ctx))
        clock.move(timedelta(days=1))
    assert ended == [0, 1, 0]
    with core.store.reading() as session:
        assert session.get_one(Binding, bound.binding.id).ending is BindingEnd.ACCOUNT_ENDED


@pytest.mark.parametrize("contest", ["one account", "one phone", "one nonce"])
def test_a17_of_two_that_bind_at_once_one_stands(core: Core, contest: str) -> None:
    for attempt in range(1, 6):
        outcomes = _both_bind(core, contest, attempt)
        assert len(outcomes) == 2
        assert len(open_bindings(core)) == attempt
        assert (LinkRefused(LinkRefusal.USED) in outcomes) is (contest == "one nonce")


def _both_bind(core: Core, contest: str, attempt: int) -> list[Bound | LinkRefused]:
    first, second = an_account(core), an_account(core)
    wang, lin = f"wang {attempt}", f"lin {attempt}"
    nonce = nonce_for(core, first, wang)
    claims = {
        "one account": lambda: (lin, nonce_for(core, first, lin)),
        "one phone": lambda: (wang, nonce_for(core, second, wang)),
        "one nonce": lambda: (wang, nonce),
    }
    barrier = Barrier(2)
    outcomes: list[Bound | LinkRefused] = []

    def claim(person: str, nonce: str) -> None:
        barrier.wait()
        outcomes.append(completes(core, person, nonce))

    threads = [Thread(target=claim, args=each) for each in ((wang, nonce), claims[contest]())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
