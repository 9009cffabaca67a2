"""A digest that was not said on its day is not said late: the next one holds what it told, in one push (A46)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import select, update

from core.access import system
from core.accounts.links import mark_blocked, mark_unblocked, unbind
from core.accounts.models import Account, BindingEnd, Permission, Role, UnitKind
from core.audit import Door
from core.cards import said
from core.clock import FixedClock
from core.context import Core
from core.dates import parse_moment
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeKind, NoticeState, Via
from core.notices.service import ToAccount
from scheduler.bindings import mail_what_did_not_arrive
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import Bound, a_bound_account, a_dispatch, a_unit, bind
from tests.duties import owe
from tests.scheduler.mornings import (
    DROPPED,
    MAILED,
    PUSHED,
    at,
    away,
    digests,
    end,
    fates,
    owes,
    spoken_of,
    waiting,
)
from tests.scheduler.post import Post, a_post


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


@pytest.fixture
def ann(post: Post) -> Bound:
    """Somebody with a phone, whose unit owes something new; it is Wednesday, after the digest."""
    bound = a_bound_account(post.core)
    owes(post, bound)
    return bound


@pytest.mark.usefixtures("ann")
def test_it_is_dropped_in_the_morning_and_that_days_goes_at_its_time_and_holds_everything(post: Post) -> None:
    away(post, "2026-03-05")
    at(post, "2026-03-06 07:30", "2026-03-06 08:29")
    assert (fates(post), post.line.said, post.mail.said) == ([DROPPED], [], [])
    at(post, "2026-03-06 08:30", "2026-03-06 09:00")
    assert fates(post) == [DROPPED, PUSHED]
    assert len(post.line.said) == 1
    old, new = digests(post)
    assert spoken_of(post, old) == spoken_of(post, new)


def test_what_is_new_since_stands_in_it_as_well(post: Post, ann: Bound) -> None:
    away(post, "2026-03-05")
    duty = owes(post, ann)
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    old, new = digests(post)
    assert spoken_of(post, new) == spoken_of(post, old) | {duty.id}
    assert len(post.line.said) == 1


@pytest.mark.usefixtures("ann")
def test_fridays_waits_for_mondays_and_nothing_is_said_at_the_weekend(post: Post) -> None:
    away(post, "2026-03-06")
    at(post, "2026-03-07 07:30", "2026-03-07 08:30", "2026-03-08 08:30", "2026-03-09 08:29")
    assert (fates(post), post.line.said) == ([DROPPED], [])
    at(post, "2026-03-09 08:30")
    assert fates(post) == [DROPPED, PUSHED]


@pytest.mark.usefixtures("ann")
def test_a_house_that_was_down_over_the_weekend_holds_none_for_a_person(post: Post) -> None:
    away(post, "2026-03-06")
    at(post, "2026-03-09 08:00", "2026-03-09 08:30")
    assert fates(post) == [DROPPED, PUSHED]


def test_one_that_goes_by_mail_is_not_sent_late_either(post: Post) -> None:
    unit = a_unit(post.core)
    a_bound_account(post.core, unit, blocked_at=post.clock.now())
    owe(post.core, a_dispatch(post.core, unit))
    away(post, "2026-03-05")
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    assert fates(post) == [(Via.MAIL, NoticeState.DROPPED, "newer_digest"), MAILED]
    assert len(post.mail.said) == 1


@pytest.mark.usefixtures("ann")
def test_what_was_done_meanwhile_is_told_no_more(post: Post) -> None:
    away(post, "2026-03-05")
    at(post, "2026-03-06 07:30")
    (told,) = waiting(post)
    end(post, told)
    at(post, "2026-03-06 08:30")
    assert fates(post) == [DROPPED]


@pytest.mark.usefixtures("ann")
def test_on_its_own_day_it_goes_however_late(post: Post) -> None:
    away(post, "2026-03-05")
    at(post, "2026-03-05 20:59")
    assert fates(post) == [PUSHED]


def test_where_that_days_is_written_before_it_is_looked_at_nothing_is_lost_or_told_twice(
    post: Post, ann: Bound
) -> None:
    """The house is down until that day's hour: what the new one does not hold waits for the one after it."""
    away(post, "2026-03-05")
    owes(post, ann)
    at(post, "2026-03-06 08:30")
    assert fates(post) == [DROPPED, PUSHED]
    old, new = digests(post)
    assert {*waiting(post)} == spoken_of(post, old) - spoken_of(post, new) != set()
    at(post, "2026-03-09 08:30")
    assert fates(post) == [DROPPED, PUSHED, PUSHED]
    assert spoken_of(post, digests(post)[-1]) >= spoken_of(post, old) - spoken_of(post, new)


def test_one_that_may_have_come_is_tried_with_its_key_and_followed_by_no_second_push(post: Post) -> None:
    """Said at one o'clock, LINE answered nothing: half past seven is within its key's life, and may be its first."""
    bound = a_bound_account(post.core, digest_at=time(13))
    owes(post, bound)
    post.line.next.extend([Outcome.AMBIGUOUS] * 3)
    at(post, "2026-03-05 13:00", "2026-03-05 13:01", "2026-03-05 20:00")
    at(post, "2026-03-06 07:30")
    assert len({(each.key, each.body) for each in post.line.said}) == 1
    owes(post, bound)
    at(post, "2026-03-06 13:00")
    assert fates(post) == [PUSHED, MAILED]


def test_one_whose_key_is_too_old_is_parked_and_followed_by_no_second_push(post: Post, ann: Bound) -> None:
    away(post, "2026-03-05", Outcome.AMBIGUOUS)
    owes(post, ann)
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    assert fates(post) == [(Via.PUSH, NoticeState.GIVEN_UP, "key_expired"), MAILED]
    assert post.line.said == []


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.UNREACHED, [DROPPED, PUSHED]),
        (Outcome.AMBIGUOUS, [(Via.PUSH, NoticeState.GIVEN_UP, "key_expired"), MAILED]),
    ],
)
def test_one_that_rides_in_a_reminders_request_is_looked_at_where_that_is_not_out(
    post: Post, ann: Bound, outcome: Outcome, expected: list[tuple[Via, NoticeState, str]]
) -> None:
    post.clock.at = parse_moment("2026-03-05 08:30")
    collect_reminders(post.core, post.clock.now())
    say_digests(post.core, post.clock.now())
    post.say(ToAccount(ann.account.id), "urgent", answer=said("急"))
    away(post, "2026-03-05", outcome)
    assert digests(post)[0].carried_by == post.notice("urgent").id
    owes(post, ann)
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    assert fates(post) == expected
    assert [each.body.decode() for each in post.line.said[:1]] == ['["\\u6025"]'] * (outcome is Outcome.UNREACHED)


def test_who_stands_over_a_unit_learns_again_why_they_are_told(post: Post) -> None:
    bureau = a_unit(post.core, "教育局", kind=UnitKind.BUREAU)
    school = a_unit(post.core, parent=bureau)
    above = a_bound_account(post.core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    owe(post.core, a_dispatch(post.core, school, dispatched_on=date(2026, 2, 10)))
    away(post, "2026-03-05")
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    mine = [each for each in digests(post) if each.account_id == above.account.id]
    assert [each.state for each in mine] == [NoticeState.DROPPED, NoticeState.ACCEPTED]
    assert all("請督導協助處理" in post.core.vault.open(each.said) for each in mine)


def test_who_was_given_another_phone_meanwhile_is_pushed_to_there(post: Post, ann: Bound) -> None:
    away(post, "2026-03-05")
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unbind(ctx, ann.account.id, BindingEnd.BY_USER)
    other = bind(post.core, ann.account, line_user=f"U{7:032x}")
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    assert fates(post) == [DROPPED, PUSHED]
    assert [each.to for each in post.line.said] == [other.line_user]


def test_one_that_may_have_come_by_mail_leaves_todays_push_to_todays(post: Post, ann: Bound) -> None:
    """Blocked yesterday, back today: what a mail server may have taken cost nothing."""
    with post.core.transaction(system("test"), Door.CHAT) as ctx:
        mark_blocked(ctx, ann.person)
    away(post, "2026-03-05", Outcome.AMBIGUOUS)
    with post.core.transaction(system("test"), Door.CHAT) as ctx:
        mark_unblocked(ctx, ann.person)
    owes(post, ann)
    at(post, "2026-03-06 07:30", "2026-03-06 08:30")
    assert fates(post) == [MAILED, PUSHED]


def test_in_either_database_it_gives_way_and_what_rode_along_with_it_goes_on(core: Core, clock: FixedClock) -> None:
    with a_post(core, clock) as post:
        bound = a_bound_account(core)
        owes(post, bound)
        post.line.next.append(Outcome.UNREACHED)
        clock.at = parse_moment("2026-03-05 08:30")
        collect_reminders(core, clock.now())
        say_digests(core, clock.now())
        post.say(ToAccount(bound.account.id), "urgent", answer=said("急"))
        post.run()
        at(post, "2026-03-06 07:30", "2026-03-06 08:30")
        assert (fates(post), post.notice("urgent").state) == ([DROPPED, PUSHED], NoticeState.ACCEPTED)
        with core.transaction(system("test"), Door.CHAT) as ctx:
            mark_blocked(ctx, bound.person)
        assert mail_what_did_not_arrive(core, clock.now()) == 1
        post.run()
        assert fates(post) == [DROPPED, MAILED]


@pytest.mark.parametrize("drops", ["2026-03-06 07:30", "2026-03-06 08:45"])
def test_what_is_due_today_and_stood_in_yesterdays_is_told_in_the_morning_alone(
    core_sqlite: Core, clock: FixedClock, drops: str
) -> None:
    """Whose digest comes in the evening is told of it at the hour of the house, whenever yesterday's gives way."""
    with a_post(core_sqlite, clock) as post:
        ann = a_bound_account(core_sqlite, digest_at=time(20))
        with core_sqlite.store.reading() as session:
            unit = session.get_one(Account, ann.account.id).unit
        owe(core_sqlite, a_dispatch(core_sqlite, unit, dispatched_on=date(2026, 2, 24)))
        post.line.next.append(Outcome.UNREACHED)
        at(post, "2026-03-05 20:00")
        with core_sqlite.transaction(system("test"), Door.JOB) as ctx:
            ctx.session.execute(update(Notice).values(not_before=parse_moment(drops)))
        post.line.said.clear()
        at(post, "2026-03-06 00:00", "2026-03-06 07:30", "2026-03-06 08:30", "2026-03-06 08:45", "2026-03-06 20:00")
        with core_sqlite.store.reading() as session:
            told = session.execute(select(Notice.kind, Notice.state).order_by(Notice.id)).all()
        assert [(each.kind, each.state) for each in told] == [
            (NoticeKind.DIGEST, NoticeState.DROPPED),
            (NoticeKind.REMINDER, NoticeState.ACCEPTED),
        ]
        assert len(post.line.said) == 1
