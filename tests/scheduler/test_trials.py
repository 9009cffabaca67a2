"""A channel that was shut is tried again, whatever else is due by the other one: one request in five minutes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.audit import Door
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.duties.models import Ending
from core.notices import doorways, queries
from core.notices.channel import Outcome, Sent
from core.notices.models import Doorway, NoticeState, Urgency
from core.notices.rules import CLOSED_WAIT
from core.notices.service import ToAccount
from core.notices.settling import Tried, settle
from tests.builders import Bound, a_bound_account, a_dispatch, an_account
from tests.duties import a_duty
from tests.scheduler.post import ACTOR, Post, a_post

BEFORE = timedelta(seconds=1)


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


@pytest.fixture
def ann(core_sqlite: Core) -> Bound:
    return a_bound_account(core_sqlite)


def shut_mail(post: Post) -> None:
    """Let the mail server refuse us; two letters wait."""
    for key in ("letter", "another"):
        post.say(ToAccount(an_account(post.core).id), key)
    post.mail.next.append(Outcome.CLOSED)
    post.run()


def test_a53_mail_is_tried_again_although_line_always_has_something_to_say(post: Post, ann: Bound) -> None:
    shut_mail(post)
    tried = len(post.mail.said)
    post.say(ToAccount(ann.account.id), "first")
    post.run(after=CLOSED_WAIT - BEFORE)
    assert len(post.mail.said) == tried
    post.say(ToAccount(ann.account.id), "second")
    post.run(after=BEFORE)
    assert {post.notice(key).state for key in ("first", "second", "letter", "another")} == {NoticeState.ACCEPTED}


def test_a53_line_is_tried_again_although_mail_always_has_something_to_say(post: Post, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id), "push")
    post.line.next.append(Outcome.CLOSED)
    post.run()
    post.say(ToAccount(an_account(post.core).id), "letter")
    post.run(after=CLOSED_WAIT)
    assert {post.notice(key).state for key in ("push", "letter")} == {NoticeState.ACCEPTED}


def test_a53_a_trial_is_not_spent_on_what_is_no_longer_to_be_said(post: Post) -> None:
    post.say(ToAccount(an_account(post.core).id), "letter", urgency=Urgency.ROUTINE)
    post.mail.next.append(Outcome.CLOSED)
    post.run()
    now = post.clock.now()
    met = a_duty(post.core, a_dispatch(post.core), due_at=now, ended_at=now, ending=Ending.MET)
    for key in ("first", "second"):
        post.say(ToAccount(an_account(post.core).id), key, duties=[met.id])
    post.run(after=CLOSED_WAIT)
    assert {post.notice(key).state for key in ("first", "second")} == {NoticeState.DROPPED}
    assert post.notice("letter").state is NoticeState.ACCEPTED


def test_a53_a_trial_that_is_refused_holds_up_nothing_of_the_other_channel(post: Post, ann: Bound) -> None:
    shut_mail(post)
    tried = len(post.mail.said)
    post.mail.next.append(Outcome.CLOSED)
    post.say(ToAccount(ann.account.id), "push")
    post.run(after=CLOSED_WAIT)
    assert (post.notice("push").state, len(post.mail.said)) == (NoticeState.ACCEPTED, tried + 1)
    assert post.notice("letter").state is NoticeState.CREATED


def test_a53_what_was_under_way_when_the_channel_was_shut_does_not_open_it(post: Post, ann: Bound) -> None:
    """A request that left before the refusal is answered after it: only the one that tries says that it is open."""
    late = a_bound_account(post.core)
    post.say(ToAccount(late.account.id), "under way")
    under_way = post.take()
    post.say(ToAccount(ann.account.id), "refused")
    post.line.next.append(Outcome.CLOSED)
    post.run()
    with post.core.transaction(ACTOR, Door.JOB) as ctx:
        settle(ctx, [Tried(under_way, Sent(Outcome.ACCEPTED))], SystemClock().now(), lambda: 1.0)
        assert [each.name for each in queries.shut_channels(ctx)] == [doorways.LINE]
    assert post.run(after=CLOSED_WAIT - BEFORE) == 0


def test_a53_of_two_workers_one_tries_a_shut_channel(post: Post) -> None:
    """The other one asks a moment later, having found the channel's hour come as well."""
    shut_mail(post)
    with post.core.transaction(ACTOR, Door.JOB) as ctx:
        later = replace(ctx, now=ctx.now + CLOSED_WAIT)
        assert [doorways.may_try(later, doorways.MAIL) for _ in range(2)] == [True, False]


def test_a48_a_mail_server_that_asks_to_wait_slows_nothing_of_line(post: Post) -> None:
    post.say(ToAccount(an_account(post.core).id), "letter")
    post.mail.next.append(Outcome.RATE)
    post.run()
    with post.core.store.reading() as session:
        slowed = [each.name for each in session.scalars(select(Doorway).where(Doorway.slowed_at.is_not(None)))]
    assert slowed == []
