"""What certainly did not leave, what may have, and what waited too long: told apart before anything is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from core.audit import Door
from core.cards import Answer, Card, OpenAccountLink
from core.clock import FixedClock
from core.context import Core
from core.notices import rules
from core.notices.channel import Outcome, Sent
from core.notices.models import NoticeKind, NoticeState, Via
from core.notices.service import ToAccount, mark_seen
from scheduler.delivery import MAIL_TAKES
from scheduler.delivery_drawing import Drawn
from tests.builders import Bound, a_bound_account, an_account
from tests.scheduler.post import ACTOR, Post, a_post

SECOND = timedelta(seconds=1)


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


@pytest.fixture
def ann(post: Post) -> Bound:
    return a_bound_account(post.core)


def test_a_reply_that_waited_too_long_lost_its_token_and_a_push_was_not_sent(post: Post, ann: Bound) -> None:
    post.reply_to(ann)
    assert Drawn(post.take(kept=False)).too_late().sent == Sent(Outcome.TOKEN_DEAD, "waited")
    post.say(ToAccount(a_bound_account(post.core).account.id), "push")
    assert Drawn(post.take(kept=False)).too_late().sent == Sent(Outcome.UNREACHED, "waited")


@pytest.mark.parametrize(
    ("waited", "sent"), [(rules.MAIL_LEASE - MAIL_TAKES - SECOND, 1), (rules.MAIL_LEASE - MAIL_TAKES, 0)]
)
def test_a_mail_that_waited_for_its_turn_until_it_would_outlive_its_lease_is_left_to_another(
    post: Post, monkeypatch: pytest.MonkeyPatch, waited: timedelta, sent: int
) -> None:
    submit = post.delivery._threads.submit

    def slowly(work: Callable[..., object], *given: Any) -> object:
        post.clock.move(waited)
        return submit(work, *given)

    monkeypatch.setattr(post.delivery._threads, "submit", slowly)
    post.say(ToAccount(an_account(post.core).id))
    post.run()
    assert len(post.mail.said) == sent
    assert (post.notice().reason, post.notice().may_be_out) == [("unreached", False), ("accepted", True)][sent]


def test_a_mail_that_meets_the_unforeseen_may_have_been_taken(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Sent:
        raise RuntimeError

    monkeypatch.setattr(post.mail, "send", fail)
    post.say(ToAccount(an_account(post.core).id))
    post.run()
    assert (post.notice().state, post.notice().reason) == (NoticeState.CREATED, "ambiguous")
    assert post.notice().may_be_out


@pytest.mark.parametrize(
    ("refused", "reason"),
    [(Outcome.AMBIGUOUS, "unreached"), (Outcome.UNREACHED, "unreached"), (Outcome.RATE, "rate")],
)
def test_what_waits_for_a_link_token_is_not_out_whatever_line_said_to_that(
    post: Post, ann: Bound, refused: Outcome, reason: str
) -> None:
    card = Card(title="綁定", preview="請綁定帳號。", actions=(OpenAccountLink(label="綁定"),))
    post.line.link_refused = refused
    post.say(ToAccount(ann.account.id), answer=Answer(messages=(card,)), kind=NoticeKind.BINDING)
    post.run()
    assert (post.notice().state, post.notice().reason) == (NoticeState.CREATED, reason)
    assert not post.notice().may_be_out
    assert post.line.said == []


def test_nobody_has_seen_what_line_took_after_they_wrote(post: Post, ann: Bound) -> None:
    """Their word is handled by a clock that is a second behind."""
    post.say(ToAccount(ann.account.id))
    post.run()
    post.clock.move(-SECOND)
    with post.core.transaction(ACTOR, Door.CHAT) as ctx:
        mark_seen(ctx, ann.person)
    assert post.notice().seen_at is None


def test_nobody_is_known_to_have_read_a_mail(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.QUOTA)
    post.say(ToAccount(ann.account.id))
    post.run()
    with post.core.transaction(ACTOR, Door.CHAT) as ctx:
        mark_seen(ctx, ann.person)
    assert (post.notice().via, post.notice().state, post.notice().seen_at) == (Via.MAIL, NoticeState.ACCEPTED, None)
