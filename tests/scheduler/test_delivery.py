"""What the outbox holds goes out once, by the right way, with the facts looked at again."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import count
from threading import Event, current_thread
from typing import Any

import pytest

from core import failpoints
from core.accounts import links
from core.accounts.models import BindingEnd
from core.audit import Door
from core.cards import Answer, Card, Code, OpenAccountLink, said
from core.clock import FixedClock
from core.context import Core
from core.duties.models import Ending
from core.notices import rules
from core.notices.channel import Outcome, Sent
from core.notices.claiming import Batch
from core.notices.models import NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount
from core.notices.settling import Tried, settle
from scheduler import delivery
from scheduler.delivery import BATCH
from scheduler.delivery_flight import Flight
from tests.builders import Bound, a_bound_account, a_dispatch, an_account
from tests.duties import a_duty
from tests.scheduler.mornings import owes
from tests.scheduler.post import ACTOR, Post, a_post


@pytest.fixture
def post(core: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core, clock) as office:
        yield office


@pytest.fixture
def ann(core: Core) -> Bound:
    return a_bound_account(core)


def test_a_thing_is_said_once_under_its_key(post: Post, ann: Bound) -> None:
    assert post.say(ToAccount(ann.account.id))
    assert not post.say(ToAccount(ann.account.id))
    assert (post.run(), post.run()) == (1, 0)
    assert [said.via for said in post.line.said] == ["push"]
    assert post.notice().state is NoticeState.ACCEPTED


def test_an_answer_goes_as_a_reply_while_the_token_is_young(post: Post, ann: Bound) -> None:
    post.reply_to(ann)
    post.run(after=timedelta(seconds=49.9))
    assert [(said.via, said.to) for said in post.line.said] == [("reply", "token")]


def test_an_answer_goes_as_a_push_when_the_token_is_old(post: Post, ann: Bound) -> None:
    post.reply_to(ann)
    post.run(after=timedelta(seconds=50))
    assert [(said.via, said.to) for said in post.line.said] == [("push", ann.line_user)]


def test_a_dead_token_is_followed_by_a_push_of_the_same(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.TOKEN_DEAD)
    post.reply_to(ann)
    post.run()
    assert [said.via for said in post.line.said] == ["reply", "push"]
    assert post.line.said[0].body == post.line.said[1].body


def test_a_reply_of_unknown_fate_is_marked_and_not_said_again(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.reply_to(ann)
    post.run()
    post.run(after=timedelta(hours=1))
    assert [said.via for said in post.line.said] == ["reply"]
    assert post.notice().state is NoticeState.AMBIGUOUS


def test_a_push_is_tried_again_with_the_same_bytes_and_key(post: Post, ann: Bound) -> None:
    post.line.next.extend([Outcome.AMBIGUOUS, Outcome.UNREACHED, Outcome.ACCEPTED_BEFORE])
    post.say(ToAccount(ann.account.id))
    for _ in range(3):
        post.run(after=timedelta(minutes=1))
    assert len({(said.key, said.body) for said in post.line.said}) == 1
    assert len(post.line.said) == 3
    assert post.notice().state is NoticeState.ACCEPTED


def test_a_spent_quota_sends_the_same_by_mail(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.QUOTA)
    post.say(ToAccount(ann.account.id))
    post.run()
    assert [said.to for said in post.mail.said] == ["staff1@example.gov.tw"]
    assert post.notice().via is Via.MAIL


@pytest.mark.parametrize("columns", [{"blocked_at": datetime.fromisoformat("2026-03-01T00:00+08:00")}])
def test_somebody_who_blocked_us_is_written_to_by_mail(post: Post, core: Core, columns: dict[str, Any]) -> None:
    blocked = a_bound_account(core, **columns)
    post.say(ToAccount(blocked.account.id))
    post.run()
    assert (len(post.line.said), len(post.mail.said)) == (0, 1)


def test_somebody_without_line_is_written_to_by_mail(post: Post, core: Core) -> None:
    account = an_account(core)
    post.say(ToAccount(account.id))
    post.run()
    assert len(post.mail.said) == 1


def test_a_reminder_of_a_met_duty_is_dropped_with_its_reason(post: Post, core: Core, ann: Bound) -> None:
    dispatch = a_dispatch(core)
    duty = a_duty(core, dispatch, due_at=core.clock.now(), ended_at=core.clock.now(), ending=Ending.MET)
    post.say(ToAccount(ann.account.id), duties=[duty.id])
    post.run()
    assert post.line.said == []
    assert (post.notice().state, post.notice().reason) == (NoticeState.DROPPED, "duties_ended")


def test_a_reminder_to_a_disabled_account_is_dropped(post: Post, core: Core) -> None:
    gone = a_bound_account(core, disabled_at=core.clock.now())
    duty = a_duty(core, a_dispatch(core), due_at=core.clock.now())
    post.say(ToAccount(gone.account.id), duties=[duty.id])
    post.run()
    assert post.line.said == []
    assert post.notice().reason == "account_ended"


def test_nothing_routine_goes_out_in_the_quiet_hours(post: Post, clock: FixedClock, ann: Bound) -> None:
    clock.at = datetime.fromisoformat("2026-03-04T22:00+08:00")
    post.say(ToAccount(ann.account.id), urgency=Urgency.AT_ONCE)
    assert post.run(after=timedelta(hours=9.49)) == 0
    assert post.run(after=timedelta(hours=0.02)) == 1


def test_an_expired_lease_of_a_push_is_taken_over_and_the_old_worker_refused(post: Post, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id))
    stale = post.take()
    assert post.run(after=rules.LEASE - timedelta(microseconds=1)) == 0
    assert post.run(after=timedelta(microseconds=1)) == 1
    with post.core.transaction(ACTOR, Door.JOB) as ctx:
        assert settle(ctx, [Tried(stale, Sent(Outcome.REFUSED))], ctx.now, lambda: 1.0) == {}
    assert post.notice().state is NoticeState.ACCEPTED
    assert str(stale.retry_key) == post.line.said[0].key


def test_an_expired_lease_of_a_reply_that_may_be_out_is_ambiguous(post: Post, ann: Bound) -> None:
    post.reply_to(ann)
    post.take()
    assert post.run(after=rules.LEASE) == 0
    assert post.notice().state is NoticeState.AMBIGUOUS


def test_an_expired_lease_of_a_reply_that_never_left_costs_nothing(post: Post, ann: Bound) -> None:
    post.reply_to(ann)
    post.take(kept=False)
    assert post.run(after=rules.LEASE) == 1
    assert [said.via for said in post.line.said] == ["push"]


def test_a_body_with_a_code_is_never_stored(post: Post, ann: Bound) -> None:
    code = Card(title="驗證碼", preview="您的驗證碼已送達。", blocks=(Code(challenge="challenge"),))
    post.line.next.append(Outcome.AMBIGUOUS)
    post.say(ToAccount(ann.account.id), answer=Answer(messages=(code,)))
    post.run()
    assert post.notice().body is None
    post.run(after=timedelta(seconds=2))
    assert len({(said.key, said.body) for said in post.line.said}) == 1


def test_the_messages_of_one_person_go_out_in_their_order_five_a_request(post: Post, ann: Bound) -> None:
    for number in range(12):
        post.say(ToAccount(ann.account.id), f"key-{number}", answer=said(str(number)))
    assert post.run() == 3
    assert [json.loads(said.body) for said in post.line.said] == [
        ["0", "1", "2", "3", "4"],
        ["5", "6", "7", "8", "9"],
        ["10", "11"],
    ]
    assert {post.notice(f"key-{number}").state for number in range(12)} == {NoticeState.ACCEPTED}


def test_what_rides_along_shares_the_fate_and_the_next_try(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.say(ToAccount(ann.account.id), "one", answer=said("一"))
    post.say(ToAccount(ann.account.id), "two", answer=said("二"))
    post.run()
    assert post.notice("two").state is NoticeState.CREATED
    assert post.notice("two").carried_by == post.notice("one").id
    post.say(ToAccount(ann.account.id), "three", answer=said("三"))
    post.run(after=timedelta(seconds=2))
    assert [json.loads(said.body) for said in post.line.said] == [["一", "二"], ["一", "二"], ["三"]]
    assert len({said.key for said in post.line.said}) == 2
    assert {post.notice(key).state for key in ("one", "two", "three")} == {NoticeState.ACCEPTED}


def test_later_words_wait_for_what_is_soon_tried_again_and_pass_what_fails_long(post: Post, ann: Bound) -> None:
    post.line.next.extend([Outcome.AMBIGUOUS] * 5)
    post.say(ToAccount(ann.account.id), "first", answer=said("一"))
    post.run()
    post.say(ToAccount(ann.account.id), "second", answer=said("二"))
    assert post.run(after=timedelta(seconds=1)) == 0
    for seconds in (2, 4, 8, 16):
        post.run(after=timedelta(seconds=seconds))
    assert post.notice("second").state is NoticeState.ACCEPTED
    assert post.notice("first").state is NoticeState.CREATED


def test_a_code_does_not_wait_behind_a_mornings_digests(post: Post, core: Core, ann: Bound) -> None:
    people = [ann, a_bound_account(core), a_bound_account(core)]
    for urgency, person in zip((Urgency.ROUTINE, Urgency.AT_ONCE, Urgency.ALWAYS), people, strict=True):
        post.say(ToAccount(person.account.id), urgency.value, urgency=urgency, answer=said(urgency.value))
    post.run()
    assert [json.loads(said.body) for said in post.line.said] == [["always"], ["at_once"], ["routine"]]


def test_what_is_urgent_waits_for_nothing_of_the_same_person(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.say(ToAccount(ann.account.id), "routine", urgency=Urgency.ROUTINE)
    post.run()
    post.say(ToAccount(ann.account.id), "always", answer=said("急"))
    assert post.run() == 1
    assert json.loads(post.line.said[-1].body) == ["急"]


def test_a_code_rides_along_with_nothing(post: Post, ann: Bound) -> None:
    code = Card(title="驗證碼", preview="您的驗證碼已送達。", blocks=(Code(challenge="challenge"),))
    post.say(ToAccount(ann.account.id), "before")
    post.say(ToAccount(ann.account.id), "code", answer=Answer(messages=(code,)), kind=NoticeKind.CODE)
    post.say(ToAccount(ann.account.id), "after")
    post.run()
    assert [len(json.loads(said.body)) for said in post.line.said] == [1, 2, 1]
    assert [post.notice(key).carried_by for key in ("before", "code", "after")] == [None, None, None]


def test_what_cannot_be_drawn_goes_by_mail_and_stops_nobody(post: Post, ann: Bound) -> None:
    post.line.undrawable = "odd"
    post.say(ToAccount(ann.account.id), "odd", answer=said("odd"))
    post.say(ToAccount(ann.account.id), "after")
    post.run()
    assert (post.notice("odd").state, post.notice("odd").via) == (NoticeState.ACCEPTED, Via.MAIL)
    assert (post.notice("after").state, post.notice("after").via) == (NoticeState.ACCEPTED, Via.PUSH)


def test_a_batch_of_dropped_notices_does_not_hold_up_what_is_due_behind_it(post: Post, core: Core, ann: Bound) -> None:
    over = a_duty(core, a_dispatch(core), due_at=core.clock.now(), ended_at=core.clock.now(), ending=Ending.MET)
    for number in range(BATCH):
        post.say(ToAccount(ann.account.id), f"over-{number}", duties=[over.id])
    post.say(ToAccount(ann.account.id), "after")
    assert post.run() == 1
    assert post.notice("after").state is NoticeState.ACCEPTED


@pytest.mark.parametrize("fails", [False, True])
def test_a_second_hand_helps_where_a_whole_batch_is_due(
    post: Post, core: Core, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    monkeypatch.setattr(delivery, "BATCH", 1)
    for number in range(3):
        post.say(ToAccount(a_bound_account(core).account.id), str(number))
    came, claim, claims = Event(), post.delivery._claim, count()

    def claims_beside_the_other(flight: Flight, ways: Collection[Via]) -> Batch:
        if current_thread().name.startswith("hand"):
            came.set()
            if fails:
                raise RuntimeError("the other hand")
        elif next(claims):
            assert came.wait(10)
        return claim(flight, ways)

    monkeypatch.setattr(post.delivery, "_claim", claims_beside_the_other)
    with pytest.raises(RuntimeError, match="the other hand") if fails else nullcontext():
        assert post.run() == 3
    assert [post.notice(str(number)).state for number in range(3)] == [NoticeState.ACCEPTED] * 3
    assert len(post.line.said) == 3


def test_a_push_is_repeated_until_just_before_its_key_dies(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.say(ToAccount(ann.account.id))
    post.run()
    post.run(after=timedelta(hours=22, microseconds=-1))
    assert post.notice().state is NoticeState.ACCEPTED


@pytest.mark.parametrize(("urgency", "at_night"), [(Urgency.ROUTINE, 0), (Urgency.AT_ONCE, 0), (Urgency.ALWAYS, 1)])
def test_what_is_late_or_tried_again_respects_the_quiet_hours_too(
    post: Post, clock: FixedClock, ann: Bound, urgency: Urgency, at_night: int
) -> None:
    clock.at = datetime.fromisoformat("2026-03-04T20:59:59+08:00")
    post.line.next.append(Outcome.RATE)
    post.say(ToAccount(ann.account.id), urgency=urgency)
    post.run()
    assert post.run(after=timedelta(seconds=2)) == at_night
    clock.at = datetime.fromisoformat("2026-03-05T07:30+08:00")
    assert post.run() == 1 - at_night
    assert post.notice().state is NoticeState.ACCEPTED


def unbind(core: Core, bound: Bound) -> None:
    with core.transaction(ACTOR, Door.JOB) as ctx:
        links.unbind(ctx, bound.account.id, BindingEnd.BY_STAFF)


def test_a27_an_answer_on_its_way_to_an_unbound_phone_dies(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.UNREACHED)
    post.reply_to(ann, ann.account.id)
    post.run()
    unbind(core, ann)
    post.run(after=timedelta(hours=1))
    assert [said.via for said in post.line.said] == ["reply"]
    assert (post.notice().state, post.notice().reason) == (NoticeState.DROPPED, "unbound")


def test_a27_a_reminder_under_way_leaves_the_lost_phone_and_goes_by_mail(post: Post, core: Core, ann: Bound) -> None:
    duty = owes(post, ann)
    post.line.next.append(Outcome.RATE)
    post.say(ToAccount(ann.account.id), duties=[duty.id])
    post.run()
    unbind(core, ann)
    post.run(after=timedelta(minutes=1))
    assert len(post.line.said) == 1
    assert post.notice().via is Via.MAIL
    assert post.notice().state is NoticeState.ACCEPTED


def test_a26_an_answer_to_an_account_disabled_meanwhile_is_dropped(post: Post, core: Core) -> None:
    gone = a_bound_account(core, disabled_at=core.clock.now())
    post.reply_to(gone, gone.account.id)
    post.run()
    assert post.line.said == []
    assert post.notice().reason == "account_ended"


def test_an_answer_reaches_somebody_whose_unblocking_we_missed(post: Post, core: Core, clock: FixedClock) -> None:
    back = a_bound_account(core, blocked_at=clock.now())
    post.reply_to(back, back.account.id)
    post.run()
    assert [said.via for said in post.line.said] == ["reply"]


def test_an_answer_that_waited_behind_others_until_its_token_is_old_is_pushed(post: Post, ann: Bound) -> None:
    post.line.meanwhile = lambda: post.clock.move(timedelta(seconds=25))
    for number in range(3):
        post.reply_to(ann, key=f"key-{number}")
    post.run()
    assert [said.via for said in post.line.said] == ["reply", "reply", "push"]


def test_what_waited_until_its_lease_is_over_is_left_to_whoever_holds_it(post: Post, ann: Bound) -> None:
    post.line.meanwhile_drawing = lambda: post.clock.move(rules.LEASE)
    post.say(ToAccount(ann.account.id))
    assert post.run() == 1
    assert post.line.said == []
    post.line.meanwhile_drawing = lambda: None
    post.run(after=timedelta(seconds=2))
    assert [said.via for said in post.line.said] == ["push"]
    assert post.notice().state is NoticeState.ACCEPTED


def test_a_slow_mail_server_gets_its_time_before_another_worker_steps_in(post: Post, core: Core) -> None:
    post.say(ToAccount(an_account(core).id))
    post.take()
    assert post.run(after=timedelta(minutes=5, microseconds=-1)) == 0
    assert post.run(after=timedelta(microseconds=1)) == 1


def test_a_notice_that_meets_the_unforeseen_stops_nobody(post: Post, ann: Bound) -> None:
    post.line.broken = "odd"
    post.say(ToAccount(ann.account.id), "odd", answer=said("odd"))
    post.say(ToAccount(ann.account.id), "after")
    post.run()
    assert (post.notice("odd").state, post.notice("odd").reason) == (NoticeState.CREATED, "failed")
    assert post.notice("after").state is NoticeState.ACCEPTED


def a_link() -> Answer:
    return Answer(messages=(Card(title="綁定", preview="請綁定帳號。", actions=(OpenAccountLink(label="綁定"),)),))


def passed(post: Post) -> list[str]:
    """Send what is due, and return the moments that were passed, each once."""
    passed: list[str] = []
    with failpoints.watched(passed.append):
        post.run()
    return list(dict.fromkeys(passed))


AT_ONCE = [each for each in failpoints.DELIVERY if each not in failpoints.ASKING]


def test_every_named_moment_is_passed_in_its_order(post: Post, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id), "at once")
    assert passed(post) == AT_ONCE
    post.say(ToAccount(ann.account.id), "asked", answer=a_link())
    assert passed(post) == list(failpoints.DELIVERY)


@pytest.mark.parametrize(("moment", "may_be_out"), [("delivery.claiming", False), ("delivery.claimed", True)])
def test_what_needs_no_link_token_is_kept_with_its_lease(
    post: Post, ann: Bound, moment: str, *, may_be_out: bool
) -> None:
    post.say(ToAccount(ann.account.id))
    with failpoints.watched(crash_at(moment)), pytest.raises(RuntimeError):
        post.run()
    notice = post.notice()
    assert (notice.state is NoticeState.CLAIMED, notice.may_be_out, notice.body is not None) == (may_be_out,) * 3


@pytest.mark.parametrize("moment", failpoints.ASKING)
def test_a_crash_while_a_link_token_is_asked_for_loses_and_doubles_nothing(post: Post, ann: Bound, moment: str) -> None:
    post.say(ToAccount(ann.account.id), answer=a_link())
    with failpoints.watched(crash_at(moment)):
        assert post.run() == 0
    assert post.run(after=rules.LEASE) == 1
    assert [said.via for said in post.line.said] == ["push"]
    assert post.notice().state is NoticeState.ACCEPTED


@pytest.mark.parametrize("moment", ["delivery.drawn", "delivery.kept"])
def test_a_worker_whose_lease_ended_while_a_link_token_was_asked_for_says_nothing_twice(
    post: Post, ann: Bound, moment: str
) -> None:
    others: list[int] = []

    def meet_another(name: str) -> None:
        if name == moment and not others:
            others.append(0)
            post.clock.move(rules.LEASE)
            others.append(post.delivery.run())

    post.say(ToAccount(ann.account.id), answer=a_link())
    with failpoints.watched(meet_another):
        post.run()
    assert len(others) == 2
    assert [said.via for said in post.line.said] == ["push"]
    assert post.notice().state is NoticeState.ACCEPTED


def crash_at(moment: str) -> Callable[[str], None]:
    def crash(name: str) -> None:
        if name == moment:
            raise RuntimeError(name)

    return crash


@pytest.mark.parametrize("moment", AT_ONCE)
def test_a_crash_at_any_named_moment_loses_and_doubles_nothing(post: Post, ann: Bound, moment: str) -> None:
    post.say(ToAccount(ann.account.id), "one")
    post.say(ToAccount(ann.account.id), "two", answer=said("二"))
    with failpoints.watched(crash_at(moment)), pytest.raises(RuntimeError):
        post.run()
    post.run(after=rules.LEASE)
    assert {post.notice(key).state for key in ("one", "two")} == {NoticeState.ACCEPTED}
    accepted = {said.key: said.body for said in post.line.said}
    assert [json.loads(body) for body in accepted.values()] == [["您好", "二"]]
