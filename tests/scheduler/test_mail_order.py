"""Mails to one address go in their order, whatever one of them meets; codes wait for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.notices.channel import Outcome
from core.notices.models import NoticeKind, NoticeState, Urgency
from core.notices.service import ToAccount, ToAddress
from tests.builders import an_account
from tests.scheduler.post import Post, a_post

SECOND = timedelta(seconds=1)


@pytest.fixture
def post(core: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core, clock) as office:
        yield office


def test_mails_of_an_account_go_in_their_order(post: Post, core: Core) -> None:
    account = ToAccount(an_account(core).id)
    for word in "一二三":
        post.say(account, word, answer=said(word))
    assert post.run() == 3
    assert [each.body.decode() for each in post.mail.said] == ["一", "二", "三"]


def test_what_is_soon_tried_again_holds_up_the_next_mail(post: Post, core: Core) -> None:
    account = ToAccount(an_account(core).id)
    post.mail.next.append(Outcome.UNREACHED)
    post.say(account, "first", answer=said("一"))
    post.run()
    post.say(account, "second", answer=said("二"))
    assert post.run(after=SECOND) == 0
    assert post.run(after=SECOND) == 2
    assert [post.notice(key).state for key in ("first", "second")] == [NoticeState.ACCEPTED] * 2


def test_mails_pass_one_that_failed_for_the_fifth_time(post: Post, core: Core) -> None:
    account = ToAccount(an_account(core).id)
    post.mail.next.extend([Outcome.UNREACHED] * 5)
    post.say(account, "first", answer=said("一"))
    post.run()
    post.say(account, "second", answer=said("二"))
    tried = [post.run(after=seconds * SECOND) for seconds in (2, 4, 8, 16)]
    assert tried == [1, 1, 1, 2]
    assert [post.notice(key).state for key in ("first", "second")] == [NoticeState.CREATED, NoticeState.ACCEPTED]


def test_a_mail_of_another_worker_holds_up_the_next_until_its_lease_is_over(post: Post, core: Core) -> None:
    account = ToAccount(an_account(core).id)
    post.say(account, "first")
    post.take()
    post.say(account, "second")
    assert post.run() == 0
    assert post.run(after=timedelta(minutes=5)) == 2


def test_nobody_elses_mail_is_held_up(post: Post, core: Core) -> None:
    post.mail.next.append(Outcome.UNREACHED)
    post.say(ToAccount(an_account(core).id), "first")
    post.run()
    post.say(ToAccount(an_account(core).id), "second")
    assert post.run(after=SECOND) == 1


def test_what_is_more_urgent_is_not_held_up(post: Post, core: Core) -> None:
    account = ToAccount(an_account(core).id)
    post.mail.next.append(Outcome.UNREACHED)
    post.say(account, "first", urgency=Urgency.ROUTINE)
    post.run()
    post.say(account, "second", urgency=Urgency.ALWAYS)
    assert post.run(after=SECOND) == 1


@pytest.mark.parametrize(("before", "after"), [(NoticeKind.CODE, NoticeKind.HELP), (NoticeKind.HELP, NoticeKind.CODE)])
def test_a_code_neither_waits_nor_holds_up(post: Post, core: Core, before: NoticeKind, after: NoticeKind) -> None:
    account = ToAccount(an_account(core).id)
    post.mail.next.append(Outcome.UNREACHED)
    post.say(account, "first", kind=before)
    post.run()
    post.say(account, "second", kind=after)
    assert post.run(after=SECOND) == 1


@pytest.mark.parametrize(
    ("other", "tried"), [("citizen@example.org", 0), ("Citizen@Example.org", 0), ("somebody@example.org", 1)]
)
def test_a_mailbox_of_no_account_keeps_its_order_too(post: Post, core: Core, other: str, tried: int) -> None:
    post.mail.next.append(Outcome.UNREACHED)
    post.say(ToAddress(None, core.vault.seal("citizen@example.org")), "first", kind=NoticeKind.HELP)
    post.run()
    post.say(ToAddress(None, core.vault.seal(other)), "second", kind=NoticeKind.HELP)
    assert post.run(after=SECOND) == tried
