"""What may ride along: nothing that would be heard before its turn, and nothing that an old lease still speaks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.access import system
from core.audit import Door
from core.cards import Answer, Card, Code, said
from core.clock import FixedClock
from core.context import Core
from core.notices.claiming import Claim, claim
from core.notices.merging import MULTICAST_LEAST
from core.notices.models import NoticeKind
from core.notices.service import ToAccount
from core.notices.settling import keep
from tests.builders import Bound, a_bound_account
from tests.scheduler.post import WANTED, Post, a_post

ACTOR = system("test")
CODE = Answer(messages=(Card(title="通知", preview="驗證碼", blocks=(Code(challenge="challenge"),)),))


@pytest.fixture
def post(core: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core, clock) as office:
        yield office


def tells(post: Post, bound: Bound, key: str, answer: Answer) -> int:
    kind = NoticeKind.CODE if answer is CODE else NoticeKind.REMINDER
    assert post.say(ToAccount(bound.account.id), key, answer=answer, kind=kind)
    return post.notice(key).id


def takes(post: Post) -> tuple[Claim, ...]:
    with post.core.transaction(ACTOR, Door.JOB) as ctx:
        return claim(ctx, WANTED).claims


def test_nothing_rides_along_past_what_goes_alone(post: Post) -> None:
    bound = a_bound_account(post.core)
    first, second = tells(post, bound, "first", said("一")), tells(post, bound, "second", said("二"))
    tells(post, bound, "code", CODE)
    tells(post, bound, "behind", said("三"))
    (taken,) = takes(post)
    assert (taken.notice_id, taken.followers) == (first, (second,))


def test_nothing_rides_along_past_what_has_no_room(post: Post) -> None:
    bound = a_bound_account(post.core)
    first = tells(post, bound, "first", said("一", "二", "三"))
    tells(post, bound, "too much", said("四", "五", "六"))
    tells(post, bound, "would fit", said("七"))
    (taken,) = takes(post)
    assert (taken.notice_id, taken.followers) == (first, ())


def test_a56_who_lost_a_notice_to_a_request_to_many_no_longer_speaks_for_it(post: Post) -> None:
    people = [a_bound_account(post.core) for _ in range(MULTICAST_LEAST)]
    for number in range(2):
        tells(post, people[number], f"key {number}", said("您好"))
    lost = takes(post)
    assert [each.followers for each in lost] == [(), ()]
    for number in range(2, MULTICAST_LEAST):
        tells(post, people[number], f"key {number}", said("您好"))
    post.clock.move(timedelta(seconds=61))
    (taken,) = takes(post)
    assert lost[1].notice_id in taken.followers
    with post.core.transaction(ACTOR, Door.JOB) as ctx:
        assert keep(ctx, [(each, None) for each in lost]) == set()
