"""When a notice may go out, and what follows from each outcome."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.channels.line import TimeOuts
from core.clock import TAIPEI
from core.notices import rules
from core.notices.channel import Outcome
from core.notices.models import NoticeState, Urgency, Via
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


def an_attempt(via: Via = Via.PUSH, *, tries: int = 1, hours: float = 0, has_mail: bool = True) -> Attempt:
    return Attempt(via, tries, NOW - timedelta(hours=hours), has_mail)


SETTLED = {Outcome.ACCEPTED: NoticeState.ACCEPTED, Outcome.ACCEPTED_BEFORE: NoticeState.ACCEPTED,
           Outcome.REFUSED: NoticeState.REFUSED}  # fmt: skip


@pytest.mark.parametrize("via", list(Via))
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_of_every_way_leads_somewhere(via: Via, outcome: Outcome) -> None:
    following = rules.follow(an_attempt(via), outcome, NOW)
    assert following.reason
    assert (following.at is not None) == (following.state is NoticeState.CREATED)
    if outcome in SETTLED:
        assert following.state is SETTLED[outcome]


def test_a_dead_reply_token_is_followed_by_a_push_at_once() -> None:
    assert rules.follow(an_attempt(Via.REPLY), Outcome.TOKEN_DEAD, NOW) == rules.Next(
        NoticeState.CREATED, "token_dead", Via.PUSH, NOW
    )


def test_a_reply_of_unknown_fate_is_never_followed_by_a_push() -> None:
    following = rules.follow(an_attempt(Via.REPLY), Outcome.AMBIGUOUS, NOW)
    assert following == rules.Next(NoticeState.AMBIGUOUS, "ambiguous", Via.REPLY)
    assert rules.follow_expired_lease(Via.REPLY, NOW).state is NoticeState.AMBIGUOUS


@pytest.mark.parametrize("via", [Via.PUSH, Via.MAIL])
def test_a_push_or_mail_of_unknown_fate_is_sent_again_the_same_way(via: Via) -> None:
    following = rules.follow(an_attempt(via), Outcome.AMBIGUOUS, NOW)
    assert (following.state, following.via, following.at) == (NoticeState.CREATED, via, NOW + timedelta(seconds=2))
    assert rules.follow_expired_lease(via, NOW) == rules.Next(NoticeState.CREATED, "lease_expired", via, NOW)


@pytest.mark.parametrize(("outcome", "minutes"), [(Outcome.CLOSED, 5), (Outcome.SAME_PERSON, 10)])
def test_a_closed_channel_and_a_busy_person_are_waited_for(outcome: Outcome, minutes: int) -> None:
    following = rules.follow(an_attempt(tries=99), outcome, NOW)
    assert following == rules.Next(NoticeState.CREATED, outcome.value, Via.PUSH, NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("via", "hours", "is_dead"),
    [
        (Via.PUSH, 23.99, False),
        (Via.PUSH, 24, True),
        (Via.PUSH, 30, True),
        (Via.PUSH, None, False),
        (Via.MAIL, 30, False),
        (Via.REPLY, 30, False),
    ],
)
def test_a_retry_key_is_dead_after_a_day_and_only_pushes_have_one(via: Via, hours: float | None, is_dead: bool) -> None:
    first_tried_at = None if hours is None else NOW - timedelta(hours=hours)
    assert rules.has_dead_key(via, first_tried_at, NOW) is is_dead


def test_a_lease_outlives_every_try_to_send() -> None:
    longest = timedelta(seconds=TimeOuts().connect + TimeOuts().read)
    assert longest < rules.lease(Via.PUSH) == rules.lease(Via.REPLY) == timedelta(minutes=1)
    assert rules.lease(Via.MAIL) == timedelta(minutes=5)


def test_a_spent_quota_goes_by_mail_where_there_is_an_address() -> None:
    assert rules.follow(an_attempt(), Outcome.QUOTA, NOW).via is Via.MAIL
    assert rules.follow(an_attempt(has_mail=False), Outcome.QUOTA, NOW).state is NoticeState.GIVEN_UP


@pytest.mark.parametrize(
    ("hours", "state"),
    [(23.49, NoticeState.CREATED), (23.5, NoticeState.GIVEN_UP), (30, NoticeState.GIVEN_UP)],
)
def test_no_push_is_tried_when_its_retry_key_would_be_a_day_old(hours: float, state: NoticeState) -> None:
    assert rules.follow(an_attempt(tries=99, hours=hours), Outcome.UNREACHED, NOW).state is state


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 2), (1, 2), (2, 4), (5, 32), (10, 1024), (11, 1800), (13, 1800), (1000, 1800)]
)
def test_waiting_doubles_up_to_half_an_hour(tries: int, seconds: int) -> None:
    assert rules.backoff(tries) == timedelta(seconds=seconds)
