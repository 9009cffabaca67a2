"""Whatever happens between us and LINE: nothing is lost, nothing is said twice, and who cannot be told is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from bot.channels.line import LineChannel, TimeOuts
from bot.simulator.faults import FaultKind
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from core.accounts import links
from core.accounts.models import BindingEnd
from core.audit import Door
from core.cards import Answer, Card, Code, OpenAccountLink, said
from core.clock import FixedClock, SystemClock
from core.context import Core
from core.database import Store
from core.duties.models import Ending
from core.notices import doorways, merging, queries
from core.notices.channel import Outcome, Sent
from core.notices.claiming import claim
from core.notices.models import Doorway, Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import TOLD_WITHIN, ToAccount, dismiss, mark_seen, release, with_unanswered
from core.notices.settling import Tried, keep, settle
from core.policy import Policy
from core.secrets import Sealed, Vault
from scheduler.delivery import Delivery
from tests.builders import Bound, a_bound_account, a_dispatch, an_account
from tests.duties import a_duty
from tests.scheduler.post import ACTOR, WANTED, Post, a_post

NEVER = "http://127.0.0.1:9"
TOKEN = "channel token"
PATIENT = [1, 2, 4, 8]
"""Seconds between tries, the longest that back-off may wait."""


@pytest.fixture
def post(core: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core, clock) as office:
        yield office


@pytest.fixture
def ann(core: Core) -> Bound:
    return a_bound_account(core)


@pytest.fixture
def simulator(clock: FixedClock) -> Iterator[Simulator]:
    platform = Platform(clock, channel_secret="secret", channel_access_token=TOKEN, webhook_url=NEVER, timeout=1)
    with Simulator(platform) as running:
        yield running


LOST_OR_LATE = [
    FaultKind.SERVER_ERROR,
    FaultKind.SERVER_ERROR_AFTER,
    FaultKind.UNAVAILABLE,
    FaultKind.TIMEOUT_BEFORE,
    FaultKind.TIMEOUT_AFTER,
    FaultKind.RESET_BEFORE,
    FaultKind.RESET_AFTER,
    FaultKind.EMPTY_BODY,
    FaultKind.JUNK_BODY,
    FaultKind.RATE,
]


@pytest.mark.parametrize("fault", LOST_OR_LATE)
def test_a47_whatever_breaks_a_push_is_accepted_once_under_one_key(
    core_sqlite: Core, clock: FixedClock, simulator: Simulator, fault: FaultKind
) -> None:
    platform = simulator.platform
    user = platform.add_user("安安")
    bound = a_bound_account(core_sqlite, line_user=user.user_id)
    line = LineChannel(TOKEN, simulator.api_url, time_outs=TimeOuts(connect=1.0, read=0.2))
    with a_post(core_sqlite, clock) as office:
        office.delivery = Delivery(core_sqlite, line, office.mail, NEVER, SystemClock(), pause=lambda _: None)
        platform.set_fault("push", fault.value, times=2)
        office.say(ToAccount(bound.account.id))
        for seconds in PATIENT:
            office.run(after=timedelta(seconds=seconds))
        assert office.notice().state is NoticeState.ACCEPTED
        office.delivery.close()
    line.close()
    assert len(platform.accepted("push")) == 1


def test_a47_a_retry_is_the_same_request_to_the_byte(post: Post, ann: Bound) -> None:
    post.line.next.extend([Outcome.AMBIGUOUS] * 3)
    post.say(ToAccount(ann.account.id))
    for seconds in PATIENT:
        post.run(after=timedelta(seconds=seconds))
    assert len(post.line.said) == 4
    assert len({(each.key, each.body) for each in post.line.said}) == 1


def test_a48_too_fast_slows_the_whole_channel_for_all_workers(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.RATE)
    post.say(ToAccount(ann.account.id))
    post.run()
    with core.store.reading() as session:
        door = session.get_one(Doorway, doorways.LINE)
    assert (door.rate, door.slowed_at is not None) == (core.policy.line_requests_a_second // 2, True)
    post.run(after=timedelta(seconds=2))
    assert post.notice().state is NoticeState.ACCEPTED


def test_a48_a_spent_month_goes_by_mail_and_too_many_to_one_person_go_later(post: Post, core: Core, ann: Bound) -> None:
    ben = a_bound_account(core)
    post.line.next.extend([Outcome.QUOTA, Outcome.SAME_PERSON])
    post.say(ToAccount(ann.account.id), "ann")
    post.say(ToAccount(ben.account.id), "ben")
    post.run()
    assert (post.notice("ann").via, post.notice("ann").state) == (Via.MAIL, NoticeState.ACCEPTED)
    assert post.run(after=timedelta(minutes=10, microseconds=-1)) == 0
    assert post.run(after=timedelta(microseconds=1)) == 1
    assert (post.notice("ben").via, post.notice("ben").state) == (Via.PUSH, NoticeState.ACCEPTED)


def test_a49_who_blocked_us_is_written_to_and_who_cannot_be_written_to_is_listed(
    post: Post, core: Core, ann: Bound
) -> None:
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        links.mark_blocked(ctx, ann.person)
    post.mail.next.append(Outcome.REFUSED)
    post.say(ToAccount(ann.account.id))
    post.run()
    assert [each.via for each in (*post.line.said, *post.mail.said)] == ["mail"]
    with core.transaction(ACTOR, Door.DESK) as ctx:
        (missing,) = queries.unreachable(ctx)
    assert (missing.account, missing.count, missing.since) == (ann.account.code, 1, core.clock.now())
    post.say(ToAccount(ann.account.id), "next")
    post.run(after=timedelta(minutes=1))
    with core.transaction(ACTOR, Door.DESK) as ctx:
        assert queries.unreachable(ctx) == ()


def test_a49_who_blocks_us_after_it_was_written_gets_it_by_mail(post: Post, core: Core, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id))
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        links.mark_blocked(ctx, ann.person)
    post.run()
    assert [each.via for each in (*post.line.said, *post.mail.said)] == ["mail"]


def test_a49_a_person_line_does_not_know_is_written_to(post: Post, ann: Bound) -> None:
    post.line.next.append(Outcome.REFUSED)
    post.say(ToAccount(ann.account.id))
    post.run()
    assert [each.via for each in (*post.line.said, *post.mail.said)] == ["push", "mail"]


def test_a44_a_clock_that_is_set_back_an_hour_lets_no_key_be_used_that_line_has_forgotten(
    post: Post, ann: Bound
) -> None:
    post.say(ToAccount(ann.account.id))
    post.line.next.append(Outcome.AMBIGUOUS)
    post.run()
    post.run(after=timedelta(hours=23))  # by LINE's clock a day has passed
    assert len(post.line.said) == 1
    assert (post.notice().state, post.notice().reason) == (NoticeState.GIVEN_UP, "key_expired")


@pytest.mark.parametrize("outcome", [Outcome.AMBIGUOUS, None])
def test_a50_a_push_that_may_have_been_accepted_is_not_repeated_under_a_dead_key(
    post: Post, ann: Bound, outcome: Outcome | None
) -> None:
    post.say(ToAccount(ann.account.id))
    if outcome is None:  # its worker died
        post.take()
    else:
        post.line.next.append(outcome)
        post.run()
    tried = len(post.line.said)
    post.run(after=timedelta(hours=24))
    assert len(post.line.said) == tried
    assert (post.notice().state, post.notice().reason) == (NoticeState.GIVEN_UP, "key_expired")


def test_a50_a_person_may_let_it_go_after_all(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.say(ToAccount(ann.account.id))
    post.run()
    post.run(after=timedelta(hours=24))
    with core.transaction(ACTOR, Door.DESK) as ctx:
        (parked,) = queries.parked(ctx)
        assert release(ctx, [parked.notice_id]) == 1
        assert release(ctx, [parked.notice_id]) == 0
    post.run()
    assert post.notice().state is NoticeState.ACCEPTED
    assert len({each.key for each in post.line.said}) == 2


def test_a51_a_used_or_expired_reply_token_is_followed_by_a_push_under_its_own_key(post: Post, ann: Bound) -> None:
    post.line.next.extend([Outcome.TOKEN_DEAD, Outcome.AMBIGUOUS])
    post.reply_to(ann)
    post.run()
    post.run(after=timedelta(seconds=2))
    assert [(each.via, bool(each.key)) for each in post.line.said] == [("reply", False), ("push", True), ("push", True)]
    assert post.line.said[1] == post.line.said[2]


def test_an_ambiguous_reply_is_given_with_the_next_answer_once(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.reply_to(ann, ann.account.id)
    post.run()
    for texts in (["上一則回覆可能沒有送到，以下再提供一次：", "您好", "待辦"], ["待辦"]):
        with core.transaction(ACTOR, Door.CHAT) as ctx:
            answer = with_unanswered(ctx, ann.person, ann.account.id, said("待辦"))
        assert [message.preview for message in answer.messages] == texts


@pytest.mark.parametrize(("age", "count"), [(TOLD_WITHIN - timedelta(seconds=1), 3), (TOLD_WITHIN, 1)])
def test_what_was_asked_a_week_ago_is_not_answered_once_more(
    post: Post, core: Core, ann: Bound, age: timedelta, count: int
) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.reply_to(ann, ann.account.id)
    post.run()
    post.clock.move(age)
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        assert len(with_unanswered(ctx, ann.person, ann.account.id, said("待辦")).messages) == count


def test_what_is_asked_again_is_not_answered_twice(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.reply_to(ann, ann.account.id)
    post.run()
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        assert with_unanswered(ctx, ann.person, ann.account.id, said("您好")) == said("您好")


@pytest.mark.parametrize(("count", "expected"), [(3, 5), (4, 5), (5, 5)])
def test_a_missed_answer_takes_no_room_that_the_new_one_needs(
    post: Post, core: Core, ann: Bound, count: int, expected: int
) -> None:
    post.line.next.append(Outcome.AMBIGUOUS)
    post.reply_to(ann, ann.account.id)
    post.run()
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        answer = with_unanswered(ctx, ann.person, ann.account.id, said(*map(str, range(count))))
    assert len(answer.messages) == expected
    assert [message.preview for message in answer.messages[-count:]] == [*map(str, range(count))]


def test_a52_refused_mail_is_told_at_the_next_word(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.QUOTA)
    post.mail.next.append(Outcome.REFUSED)
    post.say(ToAccount(ann.account.id))
    post.run()
    assert post.notice().state is NoticeState.UNREACHABLE
    for count in (2, 1):
        with core.transaction(ACTOR, Door.CHAT) as ctx:
            answer = with_unanswered(ctx, ann.person, ann.account.id, said("待辦"))
        assert len(answer.messages) == count


def test_a52_a_greylisting_server_is_asked_again_and_a_code_no_longer_than_it_works(post: Post, core: Core) -> None:
    account = an_account(core)
    post.mail.next.extend([Outcome.SAME_PERSON, Outcome.SAME_PERSON])
    post.say(ToAccount(account.id), "code", kind=NoticeKind.CODE)
    post.run()
    post.run(after=timedelta(minutes=10))
    assert post.notice("code").state is NoticeState.UNREACHABLE
    post.say(ToAccount(account.id), "other")
    post.mail.next.append(Outcome.SAME_PERSON)
    post.run()
    post.run(after=timedelta(minutes=10))
    assert post.notice("other").state is NoticeState.ACCEPTED


def test_a53_a_refused_token_shuts_the_channel_and_nothing_is_lost(post: Post, core: Core, ann: Bound) -> None:
    people = [ann, *(a_bound_account(core) for _ in range(3))]
    post.line.next.append(Outcome.CLOSED)
    post.say(ToAccount(ann.account.id), "0")
    post.run()
    for number, person in enumerate(people[1:], start=1):
        post.say(ToAccount(person.account.id), str(number))
    with core.transaction(ACTOR, Door.DESK) as ctx:
        assert [shut.name for shut in queries.shut_channels(ctx)] == [doorways.LINE]
    assert post.run(after=timedelta(minutes=5, microseconds=-1)) == 0
    post.line.next.append(Outcome.CLOSED)
    assert post.run(after=timedelta(microseconds=1)) == 1, "one request tries"
    assert post.run(after=timedelta(minutes=5)) == 4
    assert {post.notice(str(number)).state for number in range(4)} == {NoticeState.ACCEPTED}
    with core.transaction(ACTOR, Door.DESK) as ctx:
        assert queries.shut_channels(ctx) == ()


def test_a53_mail_goes_on_while_line_is_shut(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.CLOSED)
    post.say(ToAccount(ann.account.id), "line")
    post.run()
    post.say(ToAccount(an_account(core).id), "mail")
    post.run()
    assert (post.notice("line").state, post.notice("mail").state) == (NoticeState.CREATED, NoticeState.ACCEPTED)


def test_a53_a_refusal_while_a_link_token_is_asked_for_shuts_the_channel_too(
    post: Post, core: Core, ann: Bound
) -> None:
    card = Card(title="綁定", preview="請綁定帳號。", actions=(OpenAccountLink(label="綁定"),))
    post.line.link_refused = Outcome.CLOSED
    post.say(ToAccount(ann.account.id), answer=Answer(messages=(card,)), kind=NoticeKind.BINDING)
    post.run()
    with core.transaction(ACTOR, Door.DESK) as ctx:
        assert [shut.name for shut in queries.shut_channels(ctx)] == [doorways.LINE]
    post.line.link_refused = None
    post.run(after=timedelta(minutes=5))
    assert post.notice().state is NoticeState.ACCEPTED


def test_a54_what_is_obsolete_before_sending_is_dropped_with_the_reason(post: Post, core: Core, ann: Bound) -> None:
    duty = a_duty(core, a_dispatch(core), due_at=core.clock.now(), ended_at=core.clock.now(), ending=Ending.MET)
    post.say(ToAccount(ann.account.id), "met", duties=[duty.id])
    post.say(ToAccount(ann.account.id), "code", kind=NoticeKind.CODE)
    post.say(ToAccount(ann.account.id), "stays")
    post.clock.move(timedelta(minutes=15))
    post.run()
    assert [(post.notice(key).state, post.notice(key).reason) for key in ("met", "code", "stays")] == [
        (NoticeState.DROPPED, "duties_ended"),
        (NoticeState.DROPPED, "expired"),
        (NoticeState.ACCEPTED, "accepted"),
    ]


def test_a56_a_worker_stopped_and_woken_after_its_lease_changes_nothing(post: Post, core: Core, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id))
    stale = post.take(kept=False)
    post.run(after=timedelta(minutes=1))
    with core.transaction(ACTOR, Door.JOB) as ctx:
        assert keep(ctx, [(stale, b"other bytes")]) == set()
    with core.transaction(ACTOR, Door.JOB) as ctx:
        assert settle(ctx, [Tried(stale, Sent(Outcome.REFUSED))], ctx.now, lambda: 1.0) == {}
    assert post.notice().state is NoticeState.ACCEPTED
    assert len(post.line.said) == 1


@pytest.mark.postgres
def test_a56_two_workers_at_once_take_nothing_twice_and_nobody_s_second_before_the_first(
    postgres_store: Store, vault: Vault, clock: FixedClock
) -> None:
    core = Core(postgres_store, vault, Policy(), clock)
    people = [a_bound_account(core) for _ in range(3)]
    with a_post(core, clock) as office:
        for number in range(6):
            code = Card(title="驗證碼", preview=f"{number}", blocks=(Code(challenge=str(uuid4())),))
            office.say(ToAccount(people[number % 3].account.id), str(number), answer=Answer(messages=(code,)))
        with core.transaction(ACTOR, Door.JOB) as first, core.transaction(ACTOR, Door.JOB) as second:
            mine = claim(first, WANTED).claims
            assert claim(second, WANTED).claims == ()
        assert len(mine) == 3
        with core.transaction(ACTOR, Door.JOB) as ctx:
            assert claim(ctx, WANTED).claims == ()
            settle(ctx, [Tried(each, Sent(Outcome.ACCEPTED)) for each in mine], ctx.now, lambda: 1.0)
        assert office.run() == 3
        assert [json.loads(each.body)[0] for each in office.line.said] == ["3", "4", "5"]


@pytest.mark.parametrize("column", [{"said": Sealed(b"altered" * 9)}, {"line_user": Sealed(b"altered" * 9)}])
def test_a57_a_notice_that_cannot_be_read_holds_up_nobody_and_is_given_up(
    post: Post, core: Core, ann: Bound, column: dict[str, Sealed]
) -> None:
    post.say(ToAccount(ann.account.id), "odd")
    post.say(ToAccount(ann.account.id), "after")
    with core.transaction(ACTOR, Door.JOB) as ctx:
        ctx.session.execute(update(Notice).where(Notice.dedupe_key == "odd").values(**column))
    post.run()
    assert post.notice("after").state is NoticeState.ACCEPTED
    assert (post.notice("odd").state, post.notice("odd").reason) == (NoticeState.CREATED, "failed")
    for _ in range(3):
        post.run(after=timedelta(hours=1))
        assert post.notice("odd").state is NoticeState.CREATED
    post.run(after=timedelta(hours=1))
    assert post.notice("odd").state is NoticeState.GIVEN_UP


@pytest.mark.parametrize(
    ("urgency", "kind"), [(Urgency.ROUTINE, NoticeKind.REMINDER), (Urgency.ALWAYS, NoticeKind.ANSWER)]
)
def test_a60_what_a_restored_backup_would_say_again_waits_for_a_person(
    post: Post, core: Core, ann: Bound, urgency: Urgency, kind: NoticeKind
) -> None:
    post.say(ToAccount(ann.account.id), "old", urgency=urgency, kind=kind)
    post.say(ToAccount(ann.account.id), "older", urgency=urgency, kind=kind)
    assert post.run(after=timedelta(hours=24)) == 0
    with core.transaction(ACTOR, Door.DESK) as ctx:
        old, older = queries.parked(ctx)
        assert (old.state, old.reason, old.account) == (NoticeState.HELD, "too_old", ann.account.code)
        assert (release(ctx, [old.notice_id]), dismiss(ctx, [older.notice_id])) == (1, 1)
    assert post.run() == 1
    assert [post.notice(key).state for key in ("old", "older")] == [NoticeState.ACCEPTED, NoticeState.DROPPED]


def test_a60_a_digest_of_a_restored_backup_is_said_neither_late_nor_by_anybodys_decision(
    post: Post, core: Core, ann: Bound
) -> None:
    post.say(ToAccount(ann.account.id), urgency=Urgency.ROUTINE, kind=NoticeKind.DIGEST)
    assert post.run(after=timedelta(hours=24)) == 0
    assert (post.notice().state, post.notice().reason) == (NoticeState.DROPPED, "newer_digest")
    with core.transaction(ACTOR, Door.DESK) as ctx:
        assert queries.parked(ctx) == ()


def test_a60_a_sign_of_danger_goes_at_any_age(post: Post, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id), kind=NoticeKind.URGENT)
    assert post.run(after=timedelta(days=3)) == 1


def test_the_same_text_to_many_is_one_request_and_one_fate(post: Post, core: Core) -> None:
    people = [a_bound_account(core) for _ in range(12)]
    for number, person in enumerate(people):
        post.say(ToAccount(person.account.id), str(number), urgency=Urgency.ROUTINE)
    post.say(ToAccount(people[0].account.id), "own", answer=said("另一則"), urgency=Urgency.ROUTINE)
    post.line.next.extend([Outcome.ACCEPTED, Outcome.AMBIGUOUS])
    post.run()
    post.run(after=timedelta(seconds=2))
    alone, many, again = post.line.said
    assert (alone.via, alone.to, json.loads(alone.body)) == ("push", people[0].line_user, ["您好", "另一則"])
    assert many == again
    assert (many.via, many.to.split()) == ("multicast", [person.line_user for person in people[1:]])
    assert {post.notice(str(number)).state for number in range(12)} == {NoticeState.ACCEPTED}


def test_few_with_the_same_text_are_pushed_to(post: Post, core: Core) -> None:
    for number in range(9):
        post.say(ToAccount(a_bound_account(core).account.id), str(number), urgency=Urgency.ROUTINE)
    assert post.run() == 9
    assert {each.via for each in post.line.said} == {"push"}


def test_a_multicast_takes_as_many_as_line_does(post: Post, core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    assert merging.MULTICAST_MOST == 500
    monkeypatch.setattr(merging, "MULTICAST_MOST", 10)
    for number in range(11):
        post.say(ToAccount(a_bound_account(core).account.id), str(number), urgency=Urgency.ROUTINE)
    assert post.run() == 2
    assert [len(each.to.split()) for each in post.line.said] == [10, 1]


def test_a_refused_multicast_goes_to_each_alone(post: Post, core: Core) -> None:
    people = [a_bound_account(core) for _ in range(10)]
    for number, person in enumerate(people):
        post.say(ToAccount(person.account.id), str(number), urgency=Urgency.ROUTINE)
    post.line.next.append(Outcome.REFUSED)
    post.run()
    assert [each.via for each in post.line.said] == ["multicast"] + ["push"] * 10
    assert {post.notice(str(number)).state for number in range(10)} == {NoticeState.ACCEPTED}


def test_what_line_took_is_seen_once_its_person_writes(post: Post, core: Core, ann: Bound) -> None:
    post.say(ToAccount(ann.account.id), "seen")
    post.run()
    with core.transaction(ACTOR, Door.CHAT) as ctx:
        mark_seen(ctx, ann.person)
    moment = core.clock.now()
    post.say(ToAccount(ann.account.id), "unseen")
    post.run(after=timedelta(minutes=1))
    assert (post.notice("seen").seen_at, post.notice("unseen").seen_at) == (moment, None)


def test_a27_what_was_merged_leaves_a_lost_phone_piece_by_piece(post: Post, core: Core, ann: Bound) -> None:
    post.line.next.append(Outcome.RATE)
    for key in ("one", "two"):
        post.say(ToAccount(ann.account.id), key)
    post.run()
    with core.transaction(ACTOR, Door.JOB) as ctx:
        links.unbind(ctx, ann.account.id, BindingEnd.BY_STAFF)
    post.run(after=timedelta(minutes=1))
    assert len(post.line.said) == 1
    assert {(post.notice(key).via, post.notice(key).state) for key in ("one", "two")} == {
        (Via.MAIL, NoticeState.ACCEPTED)
    }


def test_a_worker_that_dies_before_a_merged_request_left_costs_nothing(post: Post, core: Core, ann: Bound) -> None:
    for key in ("one", "two"):
        post.say(ToAccount(ann.account.id), key)
    post.take(kept=False)
    post.run(after=timedelta(minutes=1))
    assert {post.notice(key).state for key in ("one", "two")} == {NoticeState.ACCEPTED}
    assert sum(len(json.loads(each.body)) for each in post.line.said) == 2
    with core.store.reading() as session:
        assert session.scalars(select(Notice.carried_by).where(Notice.state == NoticeState.CLAIMED)).all() == []
