"""A channel that was shut is tried again, whatever else is due by the other one: one request in five minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.clock import FixedClock
from core.context import Core
from core.duties.models import Ending
from core.notices.channel import Outcome
from core.notices.models import NoticeState, Urgency
from core.notices.rules import CLOSED_WAIT
from core.notices.service import ToAccount
from tests.builders import Bound, a_bound_account, a_dispatch, an_account
from tests.duties import a_duty
from tests.scheduler.post import Post, a_post

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
