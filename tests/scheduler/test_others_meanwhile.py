"""What became somebody else's between writing and sending, with a day, or others in its request, in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, select

from core.access import system
from core.accounts.links import unbind
from core.accounts.models import Account, BindingEnd, Grant, Permission
from core.amendments import CalendarAmendment
from core.audit import Door
from core.clock import FixedClock
from core.closures.notices import look_card
from core.context import Core
from core.dates import parse_moment
from core.duties.models import Duty
from core.duties.riding import say_with_digest
from core.duties.service import NewDuty, open_duty
from core.notices.channel import Outcome
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import Bound, a_bound_account, a_unit
from tests.scheduler.mornings import at, digests, end, owes
from tests.scheduler.post import Post, a_post

BOTH = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
MORNING, LATER, NEXT, SOON_AFTER = "2026-03-05 08:30", "2026-03-05 08:35", "2026-03-06 08:30", "2026-03-06 08:35"
NOT_THEIRS = (NoticeState.DROPPED, "not_theirs")


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


@pytest.fixture
def ann(post: Post) -> Bound:
    """Somebody with a phone; it is Wednesday, after the digest."""
    return a_bound_account(post.core, permissions=BOTH)


def a_colleague(post: Post, ann: Bound) -> Bound:
    """Let somebody else work for a person's unit."""
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unit = ctx.session.get_one(Account, ann.account.id).unit
    return a_bound_account(post.core, unit, permissions=BOTH)


def leaves(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, ann.account.id).unit_id = a_unit(ctx, "秀朗國民小學").id


def loses_all(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.execute(delete(Grant).where(Grant.account_id == ann.account.id))


def closes(post: Post, ann: Bound) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, ann.account.id).disabled_at = ctx.now


def today_is_off(post: Post) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        day = {"day": ctx.today, "reason": "颱風", "decided_by": "AA0001", "decided_at": ctx.now}
        ctx.session.add(CalendarAmendment(**day, is_working=False))


@pytest.mark.parametrize("goes", [leaves, loses_all, closes])
@pytest.mark.parametrize(("reason", "is_off"), [("newer_digest", False), ("day_off", True)])
def test_a26_a_digest_of_another_day_is_told_to_whose_it_is_by_then(
    post: Post, ann: Bound, goes: Callable[[Post, Bound], None], reason: str, *, is_off: bool
) -> None:
    owes(post, ann)
    post.line.next.append(Outcome.UNREACHED)
    at(post, MORNING)
    bob = a_colleague(post, ann)
    goes(post, ann)
    if is_off:
        today_is_off(post)
        at(post, LATER)
    at(post, NEXT, SOON_AFTER)
    told = [(each.account_id, each.state, each.reason) for each in digests(post)]
    dropped, accepted = (NoticeState.DROPPED, reason), (NoticeState.ACCEPTED, "accepted")
    assert told == [(ann.account.id, *dropped), (bob.account.id, *accepted)]


def a_request_of_two(post: Post, ann: Bound) -> Duty:
    """Send a digest and a decision together, with no word from LINE whether it took them; return the digest's duty."""
    duty = owes(post, ann)
    post.clock.at = parse_moment(MORNING)
    collect_reminders(post.core, post.clock.now())
    say_digests(post.core, post.clock.now())
    post.say(ToAccount(ann.account.id), "decision", kind=NoticeKind.DECISION, urgency=Urgency.ROUTINE)
    post.line.next.append(Outcome.AMBIGUOUS)
    post.run()
    assert len(post.line.said) == 1
    return duty


def fates(post: Post) -> list[tuple[NoticeKind, NoticeState, str]]:
    with post.core.store.reading() as session:
        rows = session.scalars(select(Notice).order_by(Notice.id))
        return [(each.kind, each.state, each.reason) for each in rows]


def test_a26_a_request_of_which_a_duty_moved_to_another_unit_does_not_go_again(post: Post, ann: Bound) -> None:
    """The decision alone would let it go again as it is: with words of what another unit owes by now."""
    duty = a_request_of_two(post, ann)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        other = a_unit(ctx, "秀朗國民小學").id
        post.clock.at = parse_moment("2026-03-05 08:31")
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        open_duty(
            ctx,
            NewDuty(duty.kind, duty.subject_kind, duty.subject_id, other, None, duty.counted_from, duty.due_at),
        )
    at(post, LATER)
    assert fates(post) == [(NoticeKind.DIGEST, *NOT_THEIRS), (NoticeKind.DECISION, NoticeState.GIVEN_UP, "parted")]
    assert len(post.line.said) == 1


def test_a27_a_request_of_which_a_duty_ended_goes_to_no_phone_that_was_left(post: Post, ann: Bound) -> None:
    duty = a_request_of_two(post, ann)
    end(post, duty.id)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unbind(ctx, ann.account.id, BindingEnd.BY_STAFF)
    at(post, LATER, "2026-03-05 08:40")
    assert len(post.line.said) == 1
    with post.core.store.reading() as session:
        decision = session.scalars(select(Notice).where(Notice.kind == NoticeKind.DECISION)).one()
    assert (decision.via, decision.state) == (Via.MAIL, NoticeState.ACCEPTED)


def test_a26_every_card_that_is_said_to_nobody_is_kept_though_there_be_several_a_day(post: Post, ann: Bound) -> None:
    other = a_unit(post.core, "秀朗國民小學").id
    for moment, number in ((MORNING, 101), (LATER, 102)):
        with post.core.transaction(system("test"), Door.JOB) as ctx:
            say_with_digest(ctx, ann.account.id, look_card("秀朗國民小學", number, {}), other)
        at(post, moment)
    with post.core.store.reading() as session:
        kept = [post.core.vault.open(each.said) for each in session.scalars(select(Notice).order_by(Notice.id))]
    assert ["101" in each for each in kept] == [True, False]
    assert ["102" in each for each in kept] == [False, True]
    assert [fate for _, *fate in fates(post)] == [[*NOT_THEIRS]] * 2


def test_a26_whose_own_notice_was_dropped_while_they_were_away_is_told_when_it_is_theirs_again(
    post: Post, ann: Bound
) -> None:
    bob = a_colleague(post, ann)
    owes(post, ann)
    post.line.next.extend([Outcome.UNREACHED] * 3)
    at(post, MORNING)
    leaves(post, bob)
    at(post, LATER)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, bob.account.id).unit_id = ctx.session.get_one(Account, ann.account.id).unit_id
    leaves(post, ann)
    at(post, "2026-03-05 08:45", NEXT)
    told = [(each.account_id, each.state) for each in digests(post)]
    assert sorted(told[:2]) == [(ann.account.id, NoticeState.DROPPED), (bob.account.id, NoticeState.DROPPED)]
    assert told[2:] == [(bob.account.id, NoticeState.ACCEPTED)]
