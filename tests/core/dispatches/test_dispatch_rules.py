"""REPLY-1, REPLY-2, REPLY-11, REPLY-13, REPLY-16 and REC-7 as the rule book has them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from core.accounts.models import UnitKind
from core.clock import TICK, end_of_day, start_of_day, taipei_moment
from core.dispatches import rules
from core.dispatches.kinds import Urgency
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, Opening
from core.dispatches.refusals import ReplyRefusal
from core.dispatches.rules import Part, Receiver
from core.duties.plans import DutyKind

DISPATCHED = date(2022, 7, 28)
DUE = end_of_day(date(2022, 8, 7))
LATE = DUE + TICK


def test_reply_is_due_ten_days_after_dispatch_holidays_counted() -> None:
    assert rules.due_on(DISPATCHED) == date(2022, 8, 7)  # a Sunday


def test_waiting_dispatch_owes_the_reply_until_the_end_of_the_day() -> None:
    owing = rules.owed(DispatchState.WAITING, DISPATCHED, None, 3)
    assert owing is not None
    assert (owing.kind, owing.counted_from, owing.due_at) == (DutyKind.REPLY, start_of_day(DISPATCHED), DUE)


@pytest.mark.parametrize(
    ("returned_at", "due"),
    [(time(0, 0), date(2022, 8, 13)), (time(23, 59), date(2022, 8, 13))],
)
def test_returned_reply_is_due_three_days_after_the_day_of_the_return_in_taipei(returned_at: time, due: date) -> None:
    owing = rules.owed(DispatchState.RETURNED, DISPATCHED, taipei_moment(date(2022, 8, 10), returned_at), 3)
    assert owing is not None
    assert (owing.kind, owing.due_at) == (DutyKind.RETURNED_REPLY, end_of_day(due))


@pytest.mark.parametrize("state", [DispatchState.SUBMITTED, DispatchState.ANSWERED, DispatchState.CLOSED])
def test_settled_dispatch_owes_nothing(state: DispatchState) -> None:
    assert rules.owed(state, DISPATCHED, None, 3) is None
    assert rules.owed(state, DISPATCHED, start_of_day(DISPATCHED), 3) is None


def test_returned_dispatch_whose_return_is_not_known_owes_nothing() -> None:
    assert rules.owed(DispatchState.RETURNED, DISPATCHED, None, 3) is None


@pytest.mark.parametrize(
    ("state", "now", "bucket"),
    [
        (DispatchState.WAITING, DUE, DispatchBucket.WAITING),
        (DispatchState.WAITING, LATE, DispatchBucket.LATE),
        (DispatchState.RETURNED, DUE, DispatchBucket.RETURNED),
        (DispatchState.RETURNED, LATE, DispatchBucket.RETURNED_LATE),
        (DispatchState.ANSWERED, LATE, DispatchBucket.ANSWERED),
        (DispatchState.CLOSED, LATE, DispatchBucket.CLOSED),
    ],
)
def test_dispatch_counts_in_one_bucket_and_is_late_one_tick_after_its_due_day(
    state: DispatchState, now: datetime, bucket: DispatchBucket
) -> None:
    assert rules.bucket(state, DUE, now) is bucket


@pytest.mark.parametrize("state", DispatchState)
def test_a_submitted_reply_is_to_be_reviewed_for_its_supervisor_and_answered_for_its_unit(state: DispatchState) -> None:
    is_submitted = state is DispatchState.SUBMITTED
    is_answered = is_submitted or state is DispatchState.ANSWERED
    assert (rules.bucket(state, DUE, DUE, reviews=True) is DispatchBucket.TO_REVIEW) is is_submitted
    assert (rules.bucket(state, DUE, DUE) is DispatchBucket.ANSWERED) is is_answered


@pytest.mark.parametrize("bucket", DispatchBucket)
def test_everything_is_answered_when_all_four_buckets_are_empty(bucket: DispatchBucket) -> None:
    none = dict.fromkeys(DispatchBucket, 0)
    owed = {DispatchBucket.WAITING, DispatchBucket.LATE, DispatchBucket.RETURNED, DispatchBucket.RETURNED_LATE}
    assert rules.everything_answered(none)
    assert rules.everything_answered({})
    assert rules.everything_answered(none | {bucket: 1}) is (bucket not in owed)


@pytest.mark.parametrize("urgency", [Urgency.BY_LAW, Urgency.HIGH_RISK_PARTNER])
def test_an_urgent_report_is_assigned_within_twenty_four_hours(urgency: Urgency) -> None:
    came_at = taipei_moment(DISPATCHED, time(14, 5))
    assert rules.assign_by(came_at, urgency) == came_at + timedelta(hours=24)


@pytest.mark.parametrize("came", [time(0, 0), time(23, 59)])
def test_an_ordinary_report_is_assigned_by_the_end_of_the_third_day(came: time) -> None:
    came_at = taipei_moment(date(2022, 7, 28), came)
    assert rules.assign_by(came_at, Urgency.ORDINARY) == end_of_day(date(2022, 7, 31))


@pytest.mark.parametrize(
    ("today", "can"), [(date(2022, 7, 27), False), (date(2022, 7, 28), True), (date(2022, 7, 29), False)]
)
def test_a_dispatch_is_handed_over_on_its_own_day_only(today: date, *, can: bool) -> None:
    assert rules.can_hand_over_on(DISPATCHED, today) is can


@pytest.mark.parametrize("kind", UnitKind)
@pytest.mark.parametrize("is_social_affairs", [True, False])
def test_no_dispatch_reaches_colleges_and_schools_outside(kind: UnitKind, *, is_social_affairs: bool) -> None:
    out_of_reach = {UnitKind.COLLEGE: ReplyRefusal.COLLEGE, UnitKind.OUTSIDE_SCHOOL: ReplyRefusal.OUTSIDE_SCHOOL}
    refusal = out_of_reach.get(kind)
    found = rules.why_not_receive(Receiver("收件單位", kind, is_social_affairs), other_county=False)
    assert found == (refusal.broken(unit="收件單位") if refusal else None)


@pytest.mark.parametrize("is_social_affairs", [True, False])
def test_a_family_in_another_county_is_for_social_affairs(*, is_social_affairs: bool) -> None:
    found = rules.why_not_receive(Receiver("收件單位", UnitKind.BUREAU, is_social_affairs), other_county=True)
    assert found == (None if is_social_affairs else ReplyRefusal.OTHER_COUNTY.broken(unit="收件單位"))


OPENED = Part(DispatchState.ANSWERED, Opening.NEW)
NOT_OPENED = Part(DispatchState.ANSWERED, Opening.NOT_OPEN)
CLOSED = Part(DispatchState.CLOSED, Opening.NEW)


@pytest.mark.parametrize(
    ("parts", "light"),
    [
        ((Part(DispatchState.WAITING),), CaseLight.R),
        ((Part(DispatchState.RETURNED, Opening.NEW),), CaseLight.R),
        ((OPENED, Part(DispatchState.WAITING)), CaseLight.R),
        ((OPENED, NOT_OPENED), CaseLight.Y),
        ((Part(DispatchState.ANSWERED, Opening.REOPENED), CLOSED), CaseLight.Y),
        ((Part(DispatchState.ANSWERED, Opening.IN_PROGRESS),), CaseLight.Y),
        ((NOT_OPENED, CLOSED), CaseLight.G),
        ((Part(DispatchState.ANSWERED),), CaseLight.G),
    ],
)
def test_case_is_red_while_a_reply_is_owed_yellow_while_a_unit_has_it_open_else_green(
    parts: tuple[Part, ...], light: CaseLight
) -> None:
    assert rules.case_light(parts) is light


@pytest.mark.parametrize(("days", "late"), [((3, 9), False), ((4,), True), ((9, 4), True), ((0,), False)])
def test_a_report_is_assigned_by_its_first_dispatch_within_three_days(days: tuple[int, ...], *, late: bool) -> None:
    received = date(2022, 7, 28)
    found = rules.assignment(received, [received + timedelta(days=day) for day in days])
    assert found == rules.Assignment(received, received + timedelta(days=min(days)), date(2022, 7, 31))
    assert found.is_late is late


def test_a_report_that_was_never_dispatched_was_assigned_by_nobody() -> None:
    assert rules.assignment(date(2022, 7, 28), ()) is None
