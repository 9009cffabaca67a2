"""Two things at once that nobody planned for: nothing is lost, nothing said twice, at most one paid push a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import update

from core.access import system
from core.accounts.links import mark_blocked, mark_unblocked, unbind
from core.accounts.models import Account, BindingEnd, Permission, Role, UnitKind
from core.amendments import DayStatus
from core.audit import Door
from core.calendar_changes import DayChange, apply_amendment, plan_amendment
from core.cards import said
from core.clock import FixedClock, SystemClock
from core.context import Context, Core
from core.dates import parse_moment
from core.duties.models import Duty
from core.inbox.models import EventState, InboxEvent
from core.notices import rules
from core.notices.channel import Outcome
from core.notices.models import NOTICES, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, mark_seen
from scheduler.bindings import mail_what_did_not_arrive
from scheduler.delivery import Delivery
from tests.builders import Bound, a_bound_account, a_dispatch, a_unit, bind
from tests.duties import owe
from tests.scheduler.mornings import DROPPED, MAILED, PUSHED, at, away, digests, fates, owes, spoken_of
from tests.scheduler.post import Post, a_post

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OTHER_PHONE = f"U{7:032x}"


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


def does(post: Post, act: Callable[[Context], object]) -> None:
    with post.core.transaction(system("test"), Door.CHAT) as ctx:
        act(ctx)


def chooses(post: Post, bound: Bound, digest_at: time) -> None:
    """Let somebody choose when their digest comes."""

    def choose(ctx: Context) -> None:
        ctx.session.get_one(Account, bound.account.id).digest_at = digest_at

    does(post, choose)


def under_other_numbers(post: Post, **numbers: object) -> None:
    """Let the house be governed by another policy from now on, without a pause."""
    policy = post.core.policy.model_copy(update=numbers)
    post.delivery.close()
    post.core = replace(post.core, policy=policy)
    post.delivery = Delivery(post.core, post.line, post.mail, "http://127.0.0.1:8000", SystemClock(), lambda: 1.0)


@pytest.mark.parametrize("then", [time(8, 0), time(13, 0), time(20, 55)])
def test_another_hour_for_all_in_mid_day_says_no_second_digest(post: Post, ann: Bound, then: time) -> None:
    at(post, "2026-03-05 08:30")
    owes(post, ann)
    under_other_numbers(post, digest_at=then)
    at(post, "2026-03-05 09:00", "2026-03-05 13:00", "2026-03-05 20:55")
    assert fates(post) == [PUSHED]
    at(post, "2026-03-06 20:55")
    assert fates(post) == [PUSHED, PUSHED]


def test_a_night_that_begins_earlier_holds_back_what_waits_and_loses_nothing(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.UNREACHED)
    at(post, "2026-03-05 19:58")
    under_other_numbers(post, quiet_from=time(20, 0))
    at(post, "2026-03-05 20:00", "2026-03-05 20:30", "2026-03-06 07:30", "2026-03-06 08:30")
    assert fates(post) == [DROPPED, PUSHED]
    assert len(post.line.said) == 2
    assert spoken_of(post, digests(post)[0]) <= spoken_of(post, digests(post)[1])
    assert ann.line_user == post.line.said[1].to


def test_who_changes_their_hour_twice_a_day_gets_one_digest(post: Post, ann: Bound) -> None:
    chooses(post, ann, time(17))
    at(post, "2026-03-05 08:30", "2026-03-05 11:59")
    assert fates(post) == []
    chooses(post, ann, time(9))
    at(post, "2026-03-05 12:00")
    owes(post, ann)
    chooses(post, ann, time(18))
    at(post, "2026-03-05 17:00", "2026-03-05 18:00", "2026-03-05 20:59")
    assert fates(post) == [PUSHED]
    at(post, "2026-03-06 18:00")
    assert fates(post) == [PUSHED, PUSHED]


def test_an_account_disabled_and_enabled_again_between_two_tries_is_told(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.UNREACHED)
    at(post, "2026-03-05 08:30")
    does(post, lambda ctx: setattr(ctx.session.get_one(Account, ann.account.id), "disabled_at", ctx.now))
    does(post, lambda ctx: setattr(ctx.session.get_one(Account, ann.account.id), "disabled_at", None))
    at(post, "2026-03-05 08:31")
    assert fates(post) == [PUSHED]


@pytest.mark.parametrize(("outcome", "via"), [(Outcome.AMBIGUOUS, [Via.MAIL]), (Outcome.UNREACHED, [Via.PUSH])])
def test_another_phone_while_a_digest_may_be_out_costs_no_second_push(
    post: Post, ann: Bound, outcome: Outcome, via: list[Via]
) -> None:
    """To the old phone it may have come, and be paid for: the new one is told by e-mail."""
    post.line.next.append(outcome)
    at(post, "2026-03-05 08:30")
    does(post, lambda ctx: unbind(ctx, ann.account.id, BindingEnd.REPLACED))
    bind(post.core, ann.account, line_user=OTHER_PHONE)
    at(post, "2026-03-05 08:31", "2026-03-05 09:00")
    assert [(each.via, each.state) for each in digests(post)] == [(each, NoticeState.ACCEPTED) for each in via]
    assert [each.to for each in post.line.said[1:]] == [OTHER_PHONE] * (via == [Via.PUSH])


def test_another_phone_while_a_request_is_under_way_changes_nothing_of_it(post: Post, ann: Bound) -> None:
    def rebind() -> None:
        post.line.meanwhile = lambda: None
        does(post, lambda ctx: unbind(ctx, ann.account.id, BindingEnd.REPLACED))
        bind(post.core, ann.account, line_user=OTHER_PHONE)

    post.line.meanwhile = rebind
    at(post, "2026-03-05 08:30", "2026-03-05 08:31")
    assert fates(post) == [PUSHED]
    assert [each.to for each in post.line.said] == [ann.line_user]


def unfollows(post: Post, bound: Bound, happened_at: datetime) -> None:
    """Let the webhook of an unfollow be handled now, whenever it happened."""

    def handle(ctx: Context) -> None:
        ctx.session.add(
            InboxEvent(
                webhook_event_id=f"unfollow-{happened_at:%H%M%S}",
                person=bound.person,
                kind="unfollow",
                body=ctx.vault.seal("{}"),
                happened_at=happened_at,
                received_at=ctx.now,
                state=EventState.DONE,
                done_at=ctx.now,
            )
        )
        mark_blocked(ctx, bound.person)

    does(post, handle)


def mailed(post: Post) -> int:
    """Look for what did not arrive and send it; return how much there was."""
    found = mail_what_did_not_arrive(post.core, post.clock.now())
    post.run()
    return found


def test_an_unfollow_between_claim_and_post_sends_the_digest_by_mail_once(post: Post, ann: Bound) -> None:
    """LINE answers 200 and delivers nothing."""

    def unfollow() -> None:
        post.line.meanwhile = lambda: None
        unfollows(post, ann, post.clock.now())

    post.line.meanwhile = unfollow
    at(post, "2026-03-05 08:30")
    assert fates(post) == [PUSHED]
    assert (mailed(post), mailed(post)) == (1, 0)
    assert fates(post) == [MAILED]
    assert [len(post.line.said), len(post.mail.said)] == [1, 1]


@pytest.mark.parametrize(("happened", "count"), [("08:29:59", 1), ("08:30:00", 1), ("08:30:01", 0)])
def test_an_unfollow_that_is_heard_of_an_hour_later_counts_from_when_it_happened(
    post: Post, ann: Bound, happened: str, count: int
) -> None:
    at(post, "2026-03-05 08:30")
    post.clock.move(HOUR)
    unfollows(post, ann, datetime.fromisoformat(f"2026-03-05T{happened}+08:00"))
    assert mailed(post) == count
    assert len(post.mail.said) == count


def test_what_was_answered_or_seen_or_came_to_one_who_is_back_is_not_mailed(post: Post, ann: Bound) -> None:
    at(post, "2026-03-05 08:30")
    post.say(ToAccount(ann.account.id), "code", kind=NoticeKind.CODE, answer=said("驗證碼"))
    post.say(ToAccount(ann.account.id), "answer", kind=NoticeKind.ANSWER, answer=said("答覆"))
    post.run()
    unfollows(post, ann, post.clock.now() - HOUR)
    does(post, lambda ctx: mark_unblocked(ctx, ann.person))
    assert mailed(post) == 0
    does(post, lambda ctx: mark_seen(ctx, ann.person))
    does(post, lambda ctx: mark_blocked(ctx, ann.person))
    assert mailed(post) == 0


def test_what_rode_along_to_a_phone_that_had_blocked_us_is_mailed_piece_by_piece(post: Post, ann: Bound) -> None:
    for key in ("one", "two"):
        post.say(ToAccount(ann.account.id), key, answer=said(key))
    post.run()
    unfollows(post, ann, post.clock.now())
    assert mailed(post) == 2
    assert [each.body.decode() for each in post.mail.said] == ["one", "two"]


def amend(post: Post, day: date, status: DayStatus, why: str) -> None:
    with post.core.transaction(system("test"), Door.COMMAND) as ctx:
        apply_amendment(ctx, plan_amendment(ctx, (DayChange(day, status, why),)))


@pytest.mark.usefixtures("ann")
def test_a_day_made_free_and_worked_again_on_the_day_has_one_digest(post: Post) -> None:
    today = date(2026, 3, 5)
    post.clock.at = parse_moment("2026-03-05 06:00")
    amend(post, today, DayStatus.OFF, "颱風停班")
    at(post, "2026-03-05 08:30", "2026-03-05 10:00")
    assert fates(post) == []
    amend(post, today, DayStatus.WORKING, "颱風轉向")
    at(post, "2026-03-05 10:01", "2026-03-05 11:00")
    assert fates(post) == [PUSHED]
    amend(post, today, DayStatus.OFF, "下午停班")
    at(post, "2026-03-05 13:00", "2026-03-06 08:29")
    assert fates(post) == [PUSHED]


def test_who_stands_over_two_schools_gets_one_digest_of_both(post: Post) -> None:
    bureau = a_unit(post.core, "教育局", kind=UnitKind.BUREAU)
    above = a_bound_account(post.core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    schools = [a_unit(post.core, name, parent=bureau) for name in ("甲國民小學", "乙國民小學")]
    late = date(2026, 2, 10)
    duties = {owe(post.core, a_dispatch(post.core, each, dispatched_on=late)).id for each in schools}
    at(post, "2026-03-05 08:30", "2026-03-05 08:31", "2026-03-05 12:00")
    assert [(each.account_id, spoken_of(post, each) >= duties) for each in digests(post)] == [(above.account.id, True)]
    assert len(post.line.said) == 1


def test_a44_the_clock_an_hour_on_while_a_request_is_under_way_pushes_once(post: Post, ann: Bound) -> None:
    """Its lease seems over: whoever steps in uses its key, and the first comes back to nothing of its own."""
    others: list[int] = []

    def step() -> None:
        post.line.meanwhile = lambda: None
        post.clock.move(HOUR)
        other = Delivery(post.core, post.line, post.mail, "http://127.0.0.1:8000", SystemClock(), lambda: 1.0)
        post.line.next.extend([Outcome.ACCEPTED_BEFORE, Outcome.ACCEPTED])
        others.append(other.run())
        other.close()

    post.line.meanwhile = step
    at(post, "2026-03-05 08:30")
    assert others == [1]
    assert [each.state for each in digests(post)] == [NoticeState.ACCEPTED]
    assert len({(each.key, each.body) for each in post.line.said}) == 1
    assert ann.line_user == post.line.said[0].to


def test_a44_the_clock_back_over_midnight_neither_drops_nor_repeats_a_digest(post: Post, ann: Bound) -> None:
    away(post, "2026-03-06")
    at(post, "2026-03-05 20:30", "2026-03-06 07:30", "2026-03-06 08:30")
    assert post.line.said == []
    at(post, "2026-03-06 20:31", "2026-03-06 20:40")
    assert fates(post) == [PUSHED]
    owes(post, ann)
    at(post, "2026-03-09 08:30")
    assert fates(post) == [PUSHED, PUSHED]


def test_a44_the_clock_a_day_on_and_back_while_nothing_could_be_reached_loses_nothing(post: Post, ann: Bound) -> None:
    away(post, "2026-03-05")
    told = spoken_of(post, digests(post)[0])
    at(post, "2026-03-06 07:30")
    owes(post, ann)
    at(post, "2026-03-05 20:30", "2026-03-06 08:30")
    accepted = [each for each in digests(post) if each.state is NoticeState.ACCEPTED]
    assert len(accepted) == len(post.line.said)
    assert set().union(*(spoken_of(post, each) for each in accepted)) >= told


def test_a60_a_backup_taken_while_a_digest_was_on_its_way_pushes_it_under_its_key(post: Post, ann: Bound) -> None:
    """What the backup knows to be on its way went meanwhile: LINE knows the key, and shows nothing a second time."""
    post.clock.at = parse_moment("2026-03-05 08:30")
    at(post, "2026-03-05 08:29")
    post.line.next.append(Outcome.AMBIGUOUS)
    at(post, "2026-03-05 08:30")
    (noted,) = digests(post)
    backup = {column.name: getattr(noted, column.name) for column in NOTICES.c if not column.primary_key}
    at(post, "2026-03-05 08:31")
    assert fates(post) == [PUSHED]
    does(post, lambda ctx: ctx.session.execute(NOTICES.update().values(**backup)))
    post.line.next.append(Outcome.ACCEPTED_BEFORE)
    at(post, "2026-03-05 12:00")
    assert [each.reason for each in digests(post)] == ["accepted_before"]
    assert len({(each.key, each.body) for each in post.line.said}) == 1
    assert ann.line_user == post.line.said[0].to


def test_a_unit_that_is_merged_while_its_digest_waits_is_told_once(post: Post, ann: Bound) -> None:
    """What it owes, and who works there, are another unit's between two tries."""
    other = a_unit(post.core, "合併國民小學")
    post.line.next.append(Outcome.UNREACHED)
    at(post, "2026-03-05 08:30")
    does(post, lambda ctx: setattr(ctx.session.get_one(Account, ann.account.id), "unit_id", other.id))
    does(post, lambda ctx: ctx.session.execute(update(Duty).values(unit_id=other.id)))
    at(post, "2026-03-05 08:31", "2026-03-05 12:00", "2026-03-06 08:30")
    assert fates(post) == [PUSHED]


def test_a50_a_key_is_counted_from_its_first_try_however_often_it_was_tried(post: Post, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id))
    post.line.next.extend([Outcome.AMBIGUOUS] * 3)
    post.run()
    post.run(after=12 * HOUR)
    assert post.run(after=rules.RETRY_KEY_LIFE - 12 * HOUR) == 0
    assert (post.notice().state, post.notice().reason) == (NoticeState.GIVEN_UP, "key_expired")


def test_a50_what_may_be_out_stays_so_when_a_later_try_certainly_is_not(post: Post, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id), urgency=Urgency.ALWAYS)
    post.line.next.extend([Outcome.AMBIGUOUS, Outcome.UNREACHED, Outcome.RATE])
    post.run()
    post.run(after=MINUTE)
    assert post.notice().may_be_out
    post.run(after=MINUTE)
    assert post.notice().may_be_out
    post.run(after=23 * HOUR)
    assert (post.notice().state, len(post.line.said)) == (NoticeState.GIVEN_UP, 3)
