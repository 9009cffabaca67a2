"""A digest that is not out yet, and of which something ended or moved: it is said as things stand now, in one push."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.access import system
from core.accounts.models import Account
from core.audit import Door
from core.cards import from_json
from core.clock import FixedClock
from core.closures.notices import look_card
from core.context import Core
from core.duties.models import Duty, Ending
from core.duties.outlook import outlook
from core.duties.riding import say_with_digest
from core.duties.service import NewDuty, end_duty, open_duty
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeKind, NoticeState, Via
from core.notices.service import release
from tests.builders import Bound, a_bound_account
from tests.scheduler.mornings import MAILED, PUSHED, at, digests, owes, spoken_of
from tests.scheduler.post import Post, a_post

MORNING, LATER, AFTER, NEXT = "2026-03-05 08:30", "2026-03-05 08:35", "2026-03-05 08:36", "2026-03-06 08:30"


CHANGED = (NoticeState.DROPPED, "changed")
DROPPED = (Via.PUSH, *CHANGED)


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


@pytest.fixture
def ann(post: Post) -> Bound:
    return a_bound_account(post.core)


def waits(post: Post, ann: Bound, outcome: Outcome = Outcome.UNREACHED) -> tuple[Duty, Duty]:
    """Let somebody owe two replies, and the digest about them not come through in the morning."""
    both = owes(post, ann), owes(post, ann)
    post.line.next.append(outcome)
    at(post, MORNING)
    assert len(digests(post)) == 1
    for door in (post.line, post.mail):
        door.said.clear()
    return both


def is_met(post: Post, duty: Duty) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        end_duty(ctx, duty.kind, duty.subject_kind, duty.subject_id, Ending.MET)


def is_moved(post: Post, duty: Duty) -> None:
    post.clock.at += timedelta(minutes=1)
    new = NewDuty(duty.kind, duty.subject_kind, duty.subject_id, duty.unit_id, None, duty.counted_from,
                  duty.due_at + timedelta(days=1))  # fmt: skip
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        open_duty(ctx, new)


def fates(post: Post) -> list[tuple[Via, NoticeState, str]]:
    return [(each.via, each.state, each.reason) for each in digests(post)]


def words(post: Post, notice: Notice) -> str:
    return from_json(post.core.vault.open(notice.said)).to_json()


@pytest.mark.parametrize("change", [is_met, is_moved])
def test_it_is_said_once_as_things_stand_now(post: Post, ann: Bound, change: Callable[[Post, Duty], None]) -> None:
    """What moved is told tomorrow, as what is new; it is due in many days."""
    stays, changes = waits(post, ann)
    change(post, changes)
    at(post, LATER, AFTER, "2026-03-05 12:00")
    assert fates(post) == [DROPPED, PUSHED]
    old, new = digests(post)
    assert (spoken_of(post, old), spoken_of(post, new)) == ({stays.id, changes.id}, {stays.id})
    assert "今天有 2 件待辦要留意" in words(post, old)
    assert "今天有 1 件待辦要留意" in words(post, new)
    assert new.dedupe_key == f"digest:{ann.account.id}:2026-03-05"  # the day's, so that it is said once
    assert len(post.line.said) == 1


def test_what_stands_as_it_was_goes_as_it_was(post: Post, ann: Bound) -> None:
    waits(post, ann)
    at(post, LATER, AFTER)
    assert fates(post) == [PUSHED]


def test_where_nothing_is_left_nothing_is_said(post: Post, ann: Bound) -> None:
    for duty in waits(post, ann):
        is_met(post, duty)
    at(post, LATER, AFTER)
    assert [each.reason for each in digests(post)] == ["duties_ended"]


def test_one_that_may_be_out_goes_again_as_it_was(post: Post, ann: Bound) -> None:
    _, met = waits(post, ann, Outcome.AMBIGUOUS)
    is_met(post, met)
    at(post, LATER, AFTER)
    assert fates(post) == [PUSHED]


def test_one_that_somebody_released_goes_as_they_saw_it(post: Post, ann: Bound) -> None:
    _, met = waits(post, ann)
    is_met(post, met)
    with post.core.transaction(system("test"), Door.DESK) as ctx:
        ctx.session.execute(update(Notice).values(state=NoticeState.HELD))
        assert release(ctx, [each.id for each in digests(post)]) == 1
    at(post, LATER, AFTER)
    assert fates(post) == [PUSHED]


def test_a_mail_is_made_anew_as_well(post: Post) -> None:
    ann = a_bound_account(post.core, blocked_at=post.clock.now())
    post.mail.next.append(Outcome.UNREACHED)
    _, met = waits(post, ann)
    is_met(post, met)
    at(post, LATER, AFTER)
    assert fates(post) == [(Via.MAIL, *CHANGED), MAILED]
    assert len(post.mail.said) == 1


def test_what_rides_with_it_goes_with_the_new_one(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit_id = ctx.session.get_one(Account, ann.account.id).unit_id
        say_with_digest(ctx, ann.account.id, look_card("永平國民小學", 3, {}), unit_id)
    _, met = waits(post, ann)
    is_met(post, met)
    at(post, LATER, AFTER)
    with post.core.store.reading() as session:
        every = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(each.kind, each.state) for each in every] == [
        (NoticeKind.DIGEST, NoticeState.DROPPED),
        (NoticeKind.REMINDER, NoticeState.DROPPED),
        (NoticeKind.DIGEST, NoticeState.ACCEPTED),
        (NoticeKind.REMINDER, NoticeState.ACCEPTED),
    ]
    assert every[3].carried_by == every[2].id  # one request, one paid message


def test_the_next_morning_is_a_morning_like_any_other(post: Post, ann: Bound) -> None:
    _, met = waits(post, ann)
    is_met(post, met)
    at(post, LATER)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        today = [each.kind for each in outlook(ctx, ctx.today)]
    assert today == [NoticeKind.DIGEST]  # foretold, and then said
    at(post, AFTER)
    owes(post, ann)
    at(post, NEXT)
    assert fates(post) == [DROPPED, PUSHED, PUSHED]


def test_in_either_database_its_key_is_left_to_the_new_one(core: Core, clock: FixedClock) -> None:
    with a_post(core, clock) as post:
        ann = a_bound_account(core)
        _, met = waits(post, ann)
        is_met(post, met)
        at(post, LATER, AFTER)
        assert fates(post) == [DROPPED, PUSHED]
