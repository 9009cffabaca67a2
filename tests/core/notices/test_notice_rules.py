"""When a notice may go out, and what follows from each outcome."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.channels.line import TimeOuts
from core.clock import TAIPEI
from core.notices import rules
from core.notices.channel import Outcome
from core.notices.models import NoticeKind, NoticeState, Urgency, Via, WhyMail
from core.notices.rules import Attempt
from core.policy import Policy

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=TAIPEI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-03-04T20:59:59", "2026-03-04T20:59:59"),
        ("2026-03-04T21:00:00", "2026-03-05T07:30:00"),
        ("2026-03-04T23:59:59", "2026-03-05T07:30:00"),
        ("2026-03-05T00:00:00", "2026-03-05T07:30:00"),
        ("2026-03-05T07:29:59", "2026-03-05T07:30:00"),
        ("2026-03-05T07:30:00", "2026-03-05T07:30:00"),
    ],
)
@pytest.mark.parametrize("urgency", [Urgency.AT_ONCE, Urgency.ROUTINE])
def test_the_quiet_hours_hold_back_all_but_what_always_goes(now: str, goes: str, urgency: Urgency) -> None:
    assert rules.not_before(urgency, at(now), Policy()) == at(goes)
    assert rules.not_before(Urgency.ALWAYS, at(now), Policy()) == at(now)


@pytest.mark.parametrize(
    ("age", "via"),
    [(0, Via.REPLY), (49.999, Via.REPLY), (50, Via.PUSH), (3600, Via.PUSH), (None, Via.PUSH)],
)
def test_a_reply_token_is_trusted_for_fifty_seconds(age: float | None, via: Via) -> None:
    came = None if age is None else NOW - timedelta(seconds=age)
    assert rules.route(came, NOW, Policy()) is via


def an_attempt(via: Via = Via.PUSH, *, tries: int = 1, hours: float = 0, **facts: Any) -> Attempt:
    return Attempt(via, tries, NOW - timedelta(hours=hours), **facts)


C, A, R = NoticeState.CREATED, NoticeState.ACCEPTED, NoticeState.REFUSED
U, G, X = NoticeState.UNREACHABLE, NoticeState.GIVEN_UP, NoticeState.AMBIGUOUS
REPLY, PUSH, MANY, MAIL = Via.REPLY, Via.PUSH, Via.MULTICAST, Via.MAIL
NONE, SOON, CLOSED, PERSON = None, timedelta(seconds=2), timedelta(minutes=5), timedelta(minutes=10)
AT_ONCE = timedelta()

EDGES = [
    # outcome, way, what becomes of it, by which way, after how long, as a message of its own
    *[(Outcome.ACCEPTED, via, A, via, NONE, False) for via in Via],
    *[(Outcome.ACCEPTED_BEFORE, via, A, via, NONE, False) for via in Via],
    (Outcome.TOKEN_DEAD, REPLY, C, PUSH, AT_ONCE, True),
    (Outcome.AMBIGUOUS, REPLY, X, REPLY, NONE, False),
    *[(Outcome.AMBIGUOUS, via, C, via, SOON, False) for via in (PUSH, MANY, MAIL)],
    *[(Outcome.UNREACHED, via, C, via, SOON, False) for via in Via],
    *[(Outcome.RATE, via, C, via, SOON, False) for via in Via],
    *[(Outcome.SAME_PERSON, via, C, via, PERSON, False) for via in Via],
    *[(Outcome.CLOSED, via, C, via, CLOSED, False) for via in Via],
    *[(Outcome.FAILED, via, C, via, SOON, False) for via in Via],
    *[(Outcome.QUOTA, via, C, MAIL, AT_ONCE, True) for via in (REPLY, PUSH, MANY)],
    *[(Outcome.REFUSED, via, C, MAIL, AT_ONCE, True) for via in (REPLY, PUSH)],
    (Outcome.REFUSED, MANY, C, PUSH, AT_ONCE, True),
    (Outcome.REFUSED, MAIL, U, MAIL, NONE, False),
]


@pytest.mark.parametrize(("outcome", "via", "state", "goes_by", "after", "is_new"), EDGES)
def test_every_edge_of_the_machine(
    outcome: Outcome, via: Via, state: NoticeState, goes_by: Via, after: timedelta | None, *, is_new: bool
) -> None:
    following = rules.follow(an_attempt(via), outcome, NOW)
    at = None if after is None else NOW + after
    why = rules.WHY_MAIL[outcome] if goes_by is MAIL and is_new else None
    assert following == rules.Next(state, outcome.value, goes_by, at, is_new=is_new, why_mail=why)


def test_what_line_did_not_take_for_a_day_goes_by_mail_and_says_so() -> None:
    following = rules.follow(an_attempt(PUSH, hours=24), Outcome.UNREACHED, NOW)
    assert (following.via, following.why_mail) == (MAIL, WhyMail.IN_VAIN)


def test_no_outcome_is_left_out() -> None:
    assert {each[0] for each in EDGES} == set(Outcome)
    assert {(each[0], each[1]) for each in EDGES} == {
        (outcome, via)
        for outcome in Outcome
        for via in Via
        if (outcome, via) not in {*[(Outcome.TOKEN_DEAD, way) for way in (PUSH, MANY, MAIL)], (Outcome.QUOTA, MAIL)}
    }


@pytest.mark.parametrize("via", [REPLY, PUSH])
def test_what_line_refuses_for_somebody_without_address_is_refused(via: Via) -> None:
    following = rules.follow(an_attempt(via, has_mail=False), Outcome.REFUSED, NOW)
    assert following == rules.Next(R, "refused", via)


@pytest.mark.parametrize(
    ("via", "may_be_out", "state"),
    [(REPLY, True, X), (REPLY, False, C), (PUSH, True, C), (PUSH, False, C), (MANY, True, C), (MAIL, True, C)],
)
def test_a_lease_that_ran_out_is_taken_over_unless_a_reply_may_be_out(
    via: Via, *, may_be_out: bool, state: NoticeState
) -> None:
    following = rules.follow_expired_lease(via, NOW, may_be_out=may_be_out)
    assert (following.state, following.reason, following.via) == (state, "lease_expired", via)


@pytest.mark.parametrize(("failures", "state"), [(0, C), (3, C), (4, G), (9, G)])
def test_a57_what_fails_here_five_times_is_set_aside(failures: int, state: NoticeState) -> None:
    assert rules.follow(an_attempt(failures=failures), Outcome.FAILED, NOW).state is state


@pytest.mark.parametrize(("failures", "seconds"), [(0, 2), (1, 4), (2, 8), (3, 16), (4, None)])
def test_a57_each_failure_here_is_waited_for_twice_as_long(failures: int, seconds: int | None) -> None:
    following = rules.follow(an_attempt(tries=9, failures=failures), Outcome.FAILED, NOW)
    assert following.at == (None if seconds is None else NOW + timedelta(seconds=seconds))


def test_a57_a_try_that_says_nothing_of_failures_had_none() -> None:
    assert an_attempt() == an_attempt(failures=0)


def test_later_words_of_a_person_pass_what_failed_for_a_minute() -> None:
    waited = [rules.backoff(each) for each in range(1, rules.TRIES_IN_ORDER + 1)]
    assert sum(waited, timedelta()) == timedelta(seconds=62)


@pytest.mark.parametrize(
    ("via", "hours", "may_be_out", "is_dead"),
    [
        (PUSH, 21.99, True, False),
        (PUSH, 22, True, True),
        (MANY, 22, True, True),
        (PUSH, 30, True, True),
        (PUSH, 30, False, False),
        (PUSH, None, True, False),
        (MAIL, 30, True, False),
        (REPLY, 30, True, False),
    ],
)
def test_a_retry_key_is_dead_before_line_forgets_it_if_it_may_have_been_accepted(
    via: Via, hours: float | None, *, may_be_out: bool, is_dead: bool
) -> None:
    first_tried_at = None if hours is None else NOW - timedelta(hours=hours)
    assert rules.has_dead_key(via, first_tried_at, NOW, may_be_out=may_be_out) is is_dead


def test_a_lease_outlives_every_try_to_send() -> None:
    longest = timedelta(seconds=TimeOuts().connect + TimeOuts().read)
    assert longest < rules.lease(PUSH) == rules.lease(REPLY) == rules.lease(MANY) == timedelta(minutes=1)
    assert rules.lease(MAIL) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("outcome", "via", "may_be_out", "hours", "expected"),
    [
        (Outcome.UNREACHED, PUSH, False, 23.49, (C, PUSH)),
        (Outcome.UNREACHED, PUSH, False, 23.5, (C, MAIL)),
        (Outcome.UNREACHED, PUSH, False, 30, (C, MAIL)),
        (Outcome.UNREACHED, PUSH, True, 23.49, (C, PUSH)),
        (Outcome.UNREACHED, PUSH, True, 23.5, (G, PUSH)),
        (Outcome.AMBIGUOUS, PUSH, False, 23.5, (G, PUSH)),
        (Outcome.RATE, MAIL, False, 23.5, (U, MAIL)),
        (Outcome.AMBIGUOUS, MAIL, False, 23.5, (G, MAIL)),
        (Outcome.CLOSED, PUSH, False, 99, (C, PUSH)),
        (Outcome.CLOSED, PUSH, True, 99, (C, PUSH)),
    ],
)
def test_after_a_day_in_vain_it_goes_the_other_way_or_waits_for_a_person(
    outcome: Outcome, via: Via, *, may_be_out: bool, hours: float, expected: tuple[NoticeState, Via]
) -> None:
    following = rules.follow(an_attempt(via, tries=99, hours=hours, may_be_out=may_be_out), outcome, NOW)
    assert (following.state, following.via) == expected


@pytest.mark.parametrize(("seconds", "via"), [(867, PUSH), (868, MAIL)])
def test_a_code_is_not_tried_longer_than_it_works(seconds: float, via: Via) -> None:
    attempt = an_attempt(tries=5, hours=seconds / 3600, life=rules.life(NoticeKind.CODE, Policy()))
    assert rules.backoff(5) == timedelta(seconds=32)
    assert rules.follow(attempt, Outcome.UNREACHED, NOW).via is via


@pytest.mark.parametrize(
    ("kind", "minutes", "is_over"),
    [
        (NoticeKind.CODE, 14.99, False),
        (NoticeKind.CODE, 15, True),
        (NoticeKind.CODE, 16, True),
        (NoticeKind.DIGEST, 99, False),
    ],
)
def test_a_code_that_no_longer_works_is_not_sent(kind: NoticeKind, minutes: float, *, is_over: bool) -> None:
    assert rules.is_over(kind, NOW - timedelta(minutes=minutes), NOW, Policy()) is is_over


@pytest.mark.parametrize(
    ("kind", "urgency", "created", "is_held"),
    [
        (NoticeKind.DIGEST, Urgency.ROUTINE, "2026-03-03T10:00:01", False),
        (NoticeKind.DIGEST, Urgency.ROUTINE, "2026-03-03T10:00:00", True),
        (NoticeKind.ANSWER, Urgency.ALWAYS, "2026-03-03T10:00:00", True),
        (NoticeKind.URGENT, Urgency.ALWAYS, "2026-03-01T10:00:00", False),
    ],
)
def test_a60_what_should_have_gone_a_day_ago_waits_for_a_person(
    kind: NoticeKind, urgency: Urgency, created: str, *, is_held: bool
) -> None:
    assert rules.is_held(kind, urgency, at(created), NOW, Policy()) is is_held


@pytest.mark.parametrize(
    ("created", "now", "is_past"),
    [
        ("2026-03-04T08:30:00", "2026-03-04T23:59:59", False),
        ("2026-03-04T08:30:00", "2026-03-05T00:00:00", True),
        ("2026-03-04T20:55:00", "2026-03-05T07:30:00", True),
        ("2026-03-05T08:30:00", "2026-03-04T23:59:59", False),
    ],
)
def test_a46_what_was_written_before_midnight_is_of_a_past_day(created: str, now: str, *, is_past: bool) -> None:
    assert rules.is_of_a_past_day(at(created), at(now)) is is_past


def test_a60_the_day_begins_after_the_quiet_hours() -> None:
    created, due = at("2026-03-03T21:00:00"), at("2026-03-04T07:30:00")
    late = due + timedelta(hours=24)
    assert not rules.is_held(NoticeKind.DIGEST, Urgency.ROUTINE, created, late - timedelta(seconds=1), Policy())
    assert rules.is_held(NoticeKind.DIGEST, Urgency.ROUTINE, created, late, Policy())
    assert rules.is_held(NoticeKind.DIGEST, Urgency.ROUTINE, created, late + timedelta(hours=1), Policy())


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 2), (1, 2), (2, 4), (5, 32), (10, 1024), (11, 1800), (13, 1800), (1000, 1800)]
)
def test_waiting_doubles_up_to_half_an_hour(tries: int, seconds: int) -> None:
    assert rules.backoff(tries) == timedelta(seconds=seconds)


@pytest.mark.parametrize(("spread", "share"), [(0.0, 0.5), (0.5, 0.75), (1.0, 1.0)])
def test_waiting_is_spread_so_that_what_failed_together_does_not_come_back_together(
    spread: float, share: float
) -> None:
    assert rules.backoff(5, spread) == timedelta(seconds=32) * share
    following = rules.follow(an_attempt(tries=5), Outcome.UNREACHED, NOW, spread)
    assert following.at == NOW + timedelta(seconds=32) * share
