"""What goes together in one request and is looked at again: one notice's end is not its neighbours', one push a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.access import system
from core.accounts.links import unbind
from core.accounts.models import Account, BindingEnd
from core.audit import Door
from core.cards import Deck, from_json, said
from core.clock import FixedClock, taipei_date
from core.closures.notices import look_card
from core.context import Core
from core.duties.models import DigestCard, Duty, Ending
from core.duties.riding import CARDS_A_DIGEST, say_with_digest
from core.duties.service import end_duty
from core.language.models import Language
from core.notices.channel import Outcome
from core.notices.merging import MULTICAST_LEAST
from core.notices.models import Notice, NoticeKind, NoticeState, Urgency, Via
from core.notices.service import ToAccount, ToPerson, dismiss, release
from core.quota.door import Consumption
from core.quota.service import keep_reading
from scheduler.reminders import collect_reminders, say_digests
from tests.builders import Bound, a_bound_account, a_dispatch
from tests.duties import owe
from tests.scheduler.mornings import owes
from tests.scheduler.post import Post, a_post

LATER, DAY = timedelta(minutes=5), timedelta(days=1)


@pytest.fixture
def post(core_sqlite: Core, clock: FixedClock) -> Iterator[Post]:
    with a_post(core_sqlite, clock) as office:
        yield office


def end(core: Core, duty: Duty) -> None:
    with core.transaction(system("test"), Door.JOB) as ctx:
        end_duty(ctx, duty.kind, duty.subject_kind, duty.subject_id, Ending.MET)


def close(core: Core, bound: Bound) -> None:
    with core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, bound.account.id).disabled_at = ctx.now


def stands(post: Post, key: str) -> tuple[NoticeState, str]:
    notice: Notice = post.notice(key)
    return notice.state, notice.reason


def two_in_one(post: Post, outcome: Outcome, urgency: Urgency = Urgency.ALWAYS) -> tuple[Duty, Duty]:
    """Try to say two duties to one person in one request."""
    bound = a_bound_account(post.core)
    one, other = (owes(post, bound) for _ in range(2))
    for key, duty in (("one", one), ("other", other)):
        post.say(ToAccount(bound.account.id), key, duties=[duty.id], answer=said(key), urgency=urgency)
    post.line.next.append(outcome)
    post.run()
    assert len(post.line.said) == 1
    return one, other


def to_many(post: Post, outcome: Outcome, count: int = MULTICAST_LEAST) -> list[Bound]:
    """Try to say the same to many in one request."""
    people = [a_bound_account(post.core) for _ in range(count)]
    for number, bound in enumerate(people):
        post.say(ToAccount(bound.account.id), str(number))
    post.line.next.append(outcome)
    post.run()
    assert [each.via for each in post.line.said] == [Via.MULTICAST]
    return people


@pytest.mark.parametrize("outcome", [Outcome.UNREACHED, Outcome.RATE])
def test_a54_what_rode_along_with_a_reminder_that_is_over_is_told_on_its_own(post: Post, outcome: Outcome) -> None:
    one, _ = two_in_one(post, outcome)
    end(post.core, one)
    post.run(after=LATER)
    assert stands(post, "one") == (NoticeState.DROPPED, "duties_ended")
    assert stands(post, "other") == (NoticeState.ACCEPTED, "accepted")
    assert b"one" not in post.line.said[-1].body


@pytest.mark.parametrize("outcome", [Outcome.UNREACHED, Outcome.RATE, Outcome.CLOSED, Outcome.SAME_PERSON])
def test_a54_what_rides_along_is_looked_at_again_where_nothing_is_out(post: Post, outcome: Outcome) -> None:
    _, other = two_in_one(post, outcome)
    end(post.core, other)
    post.run(after=2 * LATER)
    assert stands(post, "one") == (NoticeState.ACCEPTED, "accepted")
    assert stands(post, "other") == (NoticeState.DROPPED, "duties_ended")
    first, second = post.line.said
    assert json.loads(second.body) == ["one"]
    assert second.key != first.key, "another body is another message to LINE"


def test_a54_nothing_of_a_request_that_may_be_out_is_looked_at_again_for_one_that_rides_along(post: Post) -> None:
    _, other = two_in_one(post, Outcome.AMBIGUOUS)
    end(post.core, other)
    post.run(after=LATER)
    assert {stands(post, key)[0] for key in ("one", "other")} == {NoticeState.ACCEPTED}
    assert post.line.said[0] == post.line.said[1]


def test_what_was_together_and_is_not_out_goes_together_with_what_came_meanwhile(post: Post) -> None:
    two_in_one(post, Outcome.UNREACHED)
    to = post.notice("one").account_id
    assert to is not None
    post.say(ToAccount(to), "late", answer=said("late"))
    assert post.run(after=LATER) == 1
    assert json.loads(post.line.said[-1].body) == ["one", "other", "late"]


def test_what_has_no_room_is_not_passed_by_what_would_have(post: Post) -> None:
    """Three, then three more, then one: the one waits for the three before it."""
    to = ToAccount(a_bound_account(post.core).account.id)
    for key, count in (("a", 3), ("b", 3), ("c", 1)):
        post.say(to, key, answer=said(*(f"{key}{each}" for each in range(count))))
    assert post.run() == 2
    assert [json.loads(each.body) for each in post.line.said] == [["a0", "a1", "a2"], ["b0", "b1", "b2", "c0"]]


def test_a56_a_worker_that_is_gone_between_two_tries_leaves_nothing_to_be_said_twice(post: Post) -> None:
    two_in_one(post, Outcome.UNREACHED)
    post.clock.move(LATER)
    post.take(kept=False)
    post.run(after=LATER)
    assert [json.loads(each.body) for each in post.line.said] == [["one", "other"]] * 2


def test_what_rides_along_with_a_reminder_that_is_over_has_been_tried_as_long(post: Post) -> None:
    """After a day in vain it goes by mail, and is not held as too old."""
    one, _ = two_in_one(post, Outcome.UNREACHED)
    end(post.core, one)
    post.line.next.append(Outcome.UNREACHED)
    post.run(after=DAY - timedelta(seconds=1))
    assert stands(post, "other") == (NoticeState.ACCEPTED, "accepted")
    assert post.notice("other").via is Via.MAIL


def test_a54_a_request_that_may_be_out_goes_again_as_it_is_for_what_rides_along(post: Post) -> None:
    one, _ = two_in_one(post, Outcome.AMBIGUOUS)
    end(post.core, one)
    post.run(after=LATER)
    assert {stands(post, key)[0] for key in ("one", "other")} == {NoticeState.ACCEPTED}
    assert post.line.said[0] == post.line.said[1]


def beside(post: Post, kind: NoticeKind, outcome: Outcome) -> Bound:
    """Try to push something of a kind together with a reminder that is about nothing of it."""
    bound = a_bound_account(post.core)
    to = ToPerson(bound.person, bound.binding.line_user, bound.account.id)
    post.say(to if kind is NoticeKind.ANSWER else ToAccount(bound.account.id), "first", kind=kind, answer=said("first"))
    post.say(ToAccount(bound.account.id), "other", answer=said("other"))
    post.line.next.append(outcome)
    post.run()
    assert len(post.line.said) == 1
    return bound


@pytest.mark.parametrize("outcome", [Outcome.AMBIGUOUS, Outcome.UNREACHED])
@pytest.mark.parametrize("kind", [NoticeKind.ANSWER, NoticeKind.CODE])
def test_a27_what_rode_along_with_an_answer_to_a_phone_that_is_theirs_no_more_follows_its_person(
    post: Post, kind: NoticeKind, outcome: Outcome
) -> None:
    bound = beside(post, kind, outcome)
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        unbind(ctx, bound.account.id, BindingEnd.BY_STAFF)
    post.run(after=LATER)
    post.run()
    assert stands(post, "first") == (NoticeState.DROPPED, "unbound")
    other = post.notice("other")
    assert (other.state, other.via) == (NoticeState.ACCEPTED, Via.MAIL)


def test_a54_what_rode_along_with_a_code_that_is_over_goes_again_in_the_same_request(post: Post) -> None:
    beside(post, NoticeKind.CODE, Outcome.AMBIGUOUS)
    post.run(after=timedelta(minutes=16))
    assert stands(post, "other")[0] is NoticeState.ACCEPTED
    assert post.line.said[0] == post.line.said[1]


def test_a54_a_request_that_may_be_out_goes_no_more_when_all_in_it_is_over(post: Post) -> None:
    for each in two_in_one(post, Outcome.AMBIGUOUS):
        end(post.core, each)
    assert post.run(after=LATER) == 0
    assert {stands(post, key) for key in ("one", "other")} == {(NoticeState.DROPPED, "duties_ended")}


def test_a_request_that_goes_again_for_what_rides_along_waits_for_the_morning_as_well(post: Post) -> None:
    one, _ = two_in_one(post, Outcome.AMBIGUOUS, Urgency.AT_ONCE)
    end(post.core, one)
    assert post.run(after=timedelta(hours=11, minutes=30)) == 0
    assert post.run(after=timedelta(hours=10)) == 1
    assert {stands(post, key)[0] for key in ("one", "other")} == {NoticeState.ACCEPTED}


def test_a26_one_account_that_is_closed_takes_nothing_from_the_others(post: Post) -> None:
    people = to_many(post, Outcome.UNREACHED)
    close(post.core, people[0])
    post.run(after=LATER)
    assert stands(post, "0") == (NoticeState.DROPPED, "account_ended")
    assert {stands(post, str(number))[0] for number in range(1, len(people))} == {NoticeState.ACCEPTED}


def test_a26_all_the_others_of_a_request_to_many_go_in_one_again(post: Post) -> None:
    people = to_many(post, Outcome.RATE, MULTICAST_LEAST + 1)
    close(post.core, people[1])
    post.run(after=LATER)
    assert stands(post, "1") == (NoticeState.DROPPED, "account_ended")
    first, second = post.line.said
    assert (second.via, set(first.to.split()) - set(second.to.split())) == (Via.MULTICAST, {people[1].line_user})
    assert second.key != first.key


def test_a26_a_request_to_many_that_may_be_out_is_not_parted(post: Post) -> None:
    people = to_many(post, Outcome.AMBIGUOUS)
    close(post.core, people[0])
    post.run(after=LATER)
    assert {stands(post, str(number))[0] for number in range(len(people))} == {NoticeState.ACCEPTED}
    assert post.line.said[0] == post.line.said[1]


def test_a60_one_of_two_in_a_request_is_sent_after_all_and_the_other_still_waits_for_a_person(post: Post) -> None:
    """Decided in the evening, sent in the morning: what is put off until then is that one alone."""
    two_in_one(post, Outcome.AMBIGUOUS)
    post.run(after=DAY)
    assert {stands(post, key)[0] for key in ("one", "other")} == {NoticeState.GIVEN_UP}
    post.clock.move(timedelta(hours=12))
    with post.core.transaction(system("test"), Door.DESK) as ctx:
        ctx.session.execute(update(Notice).values(urgency=Urgency.AT_ONCE))
        assert release(ctx, [post.notice("one").id]) == 1
    post.run()
    assert [stands(post, key)[0] for key in ("one", "other")] == [NoticeState.CREATED, NoticeState.GIVEN_UP]
    post.run(after=DAY / 2)
    assert [stands(post, key)[0] for key in ("one", "other")] == [NoticeState.ACCEPTED, NoticeState.GIVEN_UP]


def test_a60_a_request_that_is_under_way_is_not_parted_by_who_releases_it_once_more(post: Post) -> None:
    two_in_one(post, Outcome.AMBIGUOUS)
    with post.core.transaction(system("test"), Door.DESK) as ctx:
        assert release(ctx, [post.notice("one").id]) == 0
    post.run(after=LATER)
    assert {stands(post, key)[0] for key in ("one", "other")} == {NoticeState.ACCEPTED}
    assert post.line.said[0] == post.line.said[1]
    assert len(post.line.said) == 2


def test_a60_what_is_dismissed_stays_so_when_what_it_rode_along_with_is_sent_after_all(post: Post) -> None:
    """In the evening, when what is sent is put off until the morning."""
    two_in_one(post, Outcome.AMBIGUOUS)
    post.run(after=DAY)
    post.clock.move(timedelta(hours=12))
    with post.core.transaction(system("test"), Door.DESK) as ctx:
        ctx.session.execute(update(Notice).values(urgency=Urgency.AT_ONCE))
        assert dismiss(ctx, [post.notice("other").id]) == 1
        assert release(ctx, [post.notice("one").id]) == 1
    post.run()
    assert [stands(post, key)[0] for key in ("one", "other")] == [NoticeState.CREATED, NoticeState.DROPPED]
    post.run(after=DAY / 2)
    assert stands(post, "one") == (NoticeState.ACCEPTED, "accepted")
    assert stands(post, "other") == (NoticeState.DROPPED, "dismissed")


def digest(post: Post, bound: Bound, key: str) -> None:
    post.say(
        ToAccount(bound.account.id), key, kind=NoticeKind.DIGEST, urgency=Urgency.ROUTINE, answer=said(f"提醒 {key}")
    )


@pytest.mark.parametrize("outcome", [Outcome.UNREACHED, Outcome.AMBIGUOUS])
def test_a46_a_digest_that_was_not_said_on_its_day_gives_way_to_the_newer_one(post: Post, outcome: Outcome) -> None:
    bound = a_bound_account(post.core)
    digest(post, bound, "old")
    post.line.next.append(outcome)
    post.run()
    post.clock.move(timedelta(hours=22) - LATER)
    digest(post, bound, "new")
    post.run(after=LATER / 2)
    assert stands(post, "old") == (NoticeState.DROPPED, "newer_digest")
    assert stands(post, "new") == (NoticeState.ACCEPTED, "accepted")


@pytest.fixture
def worker(post: Post) -> Bound:
    """Somebody whose unit is to look its cases over, and owes nothing; it is a minute to 08:30 of a Wednesday."""
    post.clock.move(-timedelta(minutes=91))
    bound = a_bound_account(post.core)
    ride(post, bound, "新店國民小學")
    return bound


def ride(post: Post, bound: Bound, unit_name: str) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        say_with_digest(ctx, bound.account.id, look_card(unit_name, 3, {}), None)


def owe_soon(post: Post, bound: Bound) -> Duty:
    with post.core.store.reading() as session:
        unit = session.get_one(Account, bound.account.id).unit
    return owe(post.core, a_dispatch(post.core, unit, dispatched_on=taipei_date(post.clock.now()) - REPLY_TIME))


def pushed(post: Post) -> list[list[str]]:
    """Do what is due a minute later and return what each push so far said."""
    post.clock.move(timedelta(minutes=1))
    _tell(post)
    post.run()
    return [json.loads(each.body) for each in post.line.said if each.via == Via.PUSH]


REPLY_TIME = timedelta(days=9)  # tomorrow is the last day
ENGLISH_LOOK = "Term starts soon. Please review your open cases."
LOOK, DIGEST = "開學前請檢視開案中的個案。", "今天有 1 件待辦要留意。"


@pytest.mark.parametrize(
    ("language", "said_at_once"),
    [
        (Language.CHINESE, [DIGEST, "這是您的待辦，最急的排在最前面。", LOOK]),
        (
            Language.ENGLISH,
            ["1 duty needs your attention today.", "These are your duties, the most pressing first.", ENGLISH_LOOK],
        ),
    ],
)
def test_duty_5_what_rides_with_the_digest_is_in_the_same_push(
    post: Post, worker: Bound, language: Language, said_at_once: list[str]
) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.get_one(Account, worker.account.id).language = language
    owe_soon(post, worker)
    assert pushed(post) == [said_at_once]
    assert pushed(post) == [said_at_once]


def test_duty_5_what_rides_alone_is_that_days_one_push(post: Post, worker: Bound) -> None:
    assert pushed(post) == [[LOOK]]
    owe_soon(post, worker)  # told tomorrow, for today's push is spent
    ride(post, worker, "永平國民小學")
    assert pushed(post) == [[LOOK]]
    post.clock.move(DAY)
    assert [each[0] for each in pushed(post)] == [LOOK, DIGEST]
    assert pushed(post)[-1][-1] == LOOK


def test_what_rides_along_is_said_although_what_was_owed_is_done(post: Post, worker: Bound) -> None:
    duty = owe_soon(post, worker)
    post.clock.move(timedelta(minutes=1))
    _tell(post)
    end(post.core, duty)
    assert pushed(post) == [[LOOK]]


@pytest.mark.usefixtures("worker")
def test_what_rides_goes_by_mail_while_paid_messages_are_spared(post: Post) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        keep_reading(ctx, Consumption(1000, 999))
    assert pushed(post) == []
    assert [each.body.decode() for each in post.mail.said] == [LOOK]


def test_several_units_looks_stand_side_by_side_and_no_more_than_there_is_room_for(post: Post, worker: Bound) -> None:
    for number in range(CARDS_A_DIGEST):
        ride(post, worker, f"第{number}國民小學")
    assert pushed(post) == [[LOOK]]
    post.clock.move(DAY)
    assert pushed(post) == [[LOOK]] * 2
    with post.core.store.reading() as session:
        first, second = (from_json(post.core.vault.open(each)) for each in session.scalars(select(Notice.said)))
    assert [isinstance(each.messages[0], Deck) for each in (first, second)] == [True, False]


@pytest.mark.usefixtures("worker")
def test_what_rides_waits_for_a_working_day_and_the_persons_hour(post: Post) -> None:
    post.clock.at = datetime.fromisoformat("2026-03-08T10:00+08:00")  # a Sunday
    assert pushed(post) == []
    post.clock.at = datetime.fromisoformat("2026-03-09T08:28+08:00")
    assert pushed(post) == []
    assert pushed(post) == [[LOOK]]


@pytest.mark.parametrize("owes", [True, False])
def test_a57_what_cannot_be_read_keeps_nobodys_duties_from_being_said(post: Post, worker: Bound, owes: bool) -> None:
    with post.core.transaction(system("test"), Door.JOB) as ctx:
        ctx.session.execute(update(DigestCard).values(said=ctx.vault.seal("{")))
    if owes:
        owe_soon(post, worker)
    assert [each[0] for each in pushed(post)] == [DIGEST] * owes
    with post.core.store.reading() as session:
        assert session.scalars(select(DigestCard.on_day)).all() == [taipei_date(post.clock.now()) + DAY]


def test_an_account_that_ended_is_told_nothing(post: Post, worker: Bound) -> None:
    close(post.core, worker)
    assert pushed(post) == []
    with post.core.store.reading() as session:
        assert not session.scalars(select(DigestCard)).all()


def _tell(post: Post) -> None:
    collect_reminders(post.core, post.clock.now())
    say_digests(post.core, post.clock.now())


def _digests(post: Post) -> list[Notice]:
    with post.core.store.reading() as session:
        return list(session.scalars(select(Notice).where(Notice.kind == NoticeKind.DIGEST).order_by(Notice.id)))


def test_a_card_for_an_account_that_ended_is_kept_with_the_reason(post: Post, worker: Bound) -> None:
    close(post.core, worker)
    assert pushed(post) == []
    (notice,) = _all(post)
    assert (notice.account_id, notice.state, notice.reason) == (worker.account.id, NoticeState.DROPPED, "account_ended")
    assert not post.mail.said


def _all(post: Post) -> list[Notice]:
    with post.core.store.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


@pytest.mark.parametrize("yesterday", ["cards", "digest", "both"])
@pytest.mark.parametrize("today", ["cards", "digest", "both"])
def test_duty_5_what_was_not_pushed_yesterday_and_what_is_said_today_are_one_push_today(
    post: Post, bound: Bound, yesterday: str, today: str
) -> None:
    """LINE cannot be reached from morning to morning; then yesterday's goes, or today's stands for it."""
    _to_be_said(post, bound, yesterday)
    post.clock.move(timedelta(minutes=6))
    _tell(post)
    assert len(_all(post)) == (2 if yesterday == "both" else 1)
    post.line.next.extend([Outcome.UNREACHED] * 99)
    for _ in range(45):
        post.run(after=timedelta(minutes=31))
    post.line.next.clear()
    before = len(post.line.said)
    _to_be_said(post, bound, today)
    post.clock.move(timedelta(minutes=40))
    _tell(post)
    post.run()
    post.run(after=timedelta(minutes=40))
    assert len(post.line.said) - before <= 1
    assert {each.state for each in _all(post)} <= {NoticeState.ACCEPTED, NoticeState.DROPPED}


def test_duty_5_fridays_digest_that_is_sent_after_all_on_monday_is_that_days_push(post: Post, bound: Bound) -> None:
    post.clock.move(2 * DAY)
    owe_soon(post, bound)
    post.clock.move(timedelta(minutes=1))
    _tell(post)
    post.clock.move(3 * DAY - timedelta(minutes=30))
    owe_soon(post, bound)
    with post.core.transaction(system("test"), Door.DESK) as ctx:
        ctx.session.execute(update(Notice).values(state=NoticeState.HELD))
        assert release(ctx, [each.id for each in _digests(post)]) == 1
    post.run()
    post.clock.move(timedelta(minutes=30))
    _tell(post)
    post.run()
    assert [each.via for each in _digests(post)] == [Via.PUSH, Via.MAIL]


@pytest.fixture
def bound(post: Post) -> Bound:
    """Somebody who owes nothing; it is a minute to half past eight."""
    post.clock.move(-timedelta(minutes=91))
    return a_bound_account(post.core)


def _to_be_said(post: Post, bound: Bound, what: str) -> None:
    """Let a duty be told in the next digest, words of another area ride with it, or both."""
    if what in ("digest", "both"):
        owe_soon(post, bound)
    if what in ("cards", "both"):
        ride(post, bound, "新店國民小學")
