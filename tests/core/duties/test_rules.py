"""The last table of the rule book, row by row: at which moments a duty is told."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import Amendment, WorkCalendar
from core.clock import TAIPEI, TICK, end_of_day, start_of_day, taipei_date
from core.dates import parse_moment
from core.duties.plans import DEFAULT_PLANS, Arises, DutyKind, Late, ReminderPlan
from core.duties.rules import (
    Course,
    PutOff,
    Stage,
    StageKind,
    Telling,
    days_left,
    digest_day,
    is_late,
    look_at,
    next_stage,
    past_stages,
    stage_at,
    stage_now,
    tell_or_wait,
)

DIGEST_AT = time(8, 30)
CALENDAR = WorkCalendar()
SUNDAY = date(2022, 8, 7)


def at(text: str) -> datetime:
    """An ISO minute in Taipei, as an instant."""
    return parse_moment(text)


def a_course(
    kind: DutyKind | ReminderPlan, due_at: datetime, arose_at: datetime, calendar: WorkCalendar = CALENDAR
) -> Course:
    plan = kind if isinstance(kind, ReminderPlan) else DEFAULT_PLANS[kind]
    return Course(plan, due_at, arose_at, calendar, DIGEST_AT)


def stages(course: Course, limit: int = 50) -> list[Stage]:
    found: list[Stage] = []
    while len(found) < limit and (stage := next_stage(course, found[-1].at if found else None)):
        found.append(stage)
    return found


def lines(course: Course, limit: int) -> list[str]:
    return [
        f"{stage.at.astimezone(TAIPEI):%Y-%m-%d %H:%M} {stage.kind}{' urgent' if stage.is_urgent else ''}"
        for stage in stages(course, limit)
    ]


def test_due_moment_itself_is_in_time() -> None:
    due = end_of_day(SUNDAY)
    assert not is_late(due, due - TICK)
    assert not is_late(due, due)
    assert is_late(due, due + TICK)


@pytest.mark.parametrize(
    ("now", "left"),
    [
        ("2022-08-06 23:59", 1),
        ("2022-08-07 00:00", 0),
        ("2022-08-07 23:59", 0),
        ("2022-08-08 00:00", -1),
        ("2022-07-28 12:00", 10),
    ],
)
def test_days_left_are_whole_days_in_taipei(now: str, left: int) -> None:
    assert days_left(end_of_day(SUNDAY), at(now)) == left


@pytest.mark.parametrize(("moment", "day"), [("2026-03-04 08:30", 4), ("2026-03-04 08:31", 5), ("2026-03-04 00:00", 4)])
def test_digest_holds_what_came_up_until_its_time(moment: str, day: int) -> None:
    assert digest_day(at(moment), DIGEST_AT) == date(2026, 3, day)


@pytest.mark.parametrize(
    ("plan", "counts_hours"),
    [
        (ReminderPlan(hours_before=(2,)), True),
        (ReminderPlan(late=Late.EVERY_12_HOURS), True),
        (ReminderPlan(days_before=(1,), late=Late.EVERY_WORKING_DAY), False),
    ],
)
def test_one_reminder_by_the_hour_makes_a_duty_count_hours(plan: ReminderPlan, counts_hours: bool) -> None:
    course = a_course(plan, at("2026-03-07 14:05"), at("2026-03-06 14:05"))
    assert course.counts_hours is counts_hours


def test_check_by_hours_nights_and_holidays_count() -> None:
    course = a_course(DutyKind.CHECK, at("2026-03-07 14:05"), at("2026-03-06 14:05"))
    assert lines(course, 6) == [
        "2026-03-06 14:05 arises urgent",
        "2026-03-07 02:05 before urgent",
        "2026-03-07 10:05 before urgent",
        "2026-03-08 02:05 late urgent",
        "2026-03-08 14:05 goes_up urgent",
        "2026-03-09 02:05 late urgent",
    ]


def test_check_that_came_late_skips_what_lies_before_it() -> None:
    course = a_course(DutyKind.CHECK, at("2026-03-07 14:05"), at("2026-03-07 05:00"))
    assert lines(course, 2) == ["2026-03-07 05:00 arises urgent", "2026-03-07 10:05 before urgent"]


def test_check_that_came_when_its_reminder_was_due_says_both_as_one() -> None:
    course = a_course(DutyKind.CHECK, at("2026-03-07 14:05"), at("2026-03-07 10:05"))
    assert lines(course, 2) == ["2026-03-07 10:05 arises urgent", "2026-03-08 02:05 late urgent"]


def test_reply_due_on_a_sunday() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 09:00"))
    assert lines(course, 8) == [
        "2022-07-28 09:00 arises",
        "2022-08-04 00:00 before",
        "2022-08-05 00:00 before",  # one day before is a Saturday: told on Friday
        "2022-08-07 08:30 due_day urgent",  # no digest on a Sunday
        "2022-08-08 00:00 late",
        "2022-08-09 00:00 late",
        "2022-08-10 00:00 late",
        "2022-08-11 00:00 goes_up",  # three days late are over at the end of the 10th
    ]


def test_reply_due_on_a_working_day_is_told_in_that_days_digest() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(date(2026, 3, 11)), at("2026-03-01 09:00"))
    assert lines(course, 5) == [
        "2026-03-01 09:00 arises",
        "2026-03-06 00:00 before",  # three days before is a Sunday: told on Friday
        "2026-03-10 00:00 before",
        "2026-03-11 00:00 due_day",
        "2026-03-12 00:00 late",
    ]


@pytest.mark.parametrize(
    ("arose", "line"),
    [("2026-03-11 08:30", "2026-03-11 08:30 due_day"), ("2026-03-11 08:31", "2026-03-11 08:31 due_day urgent")],
)
def test_due_today_goes_at_once_where_the_digest_is_over(arose: str, line: str) -> None:
    plan = ReminderPlan(days_before=(0,))
    assert lines(a_course(plan, end_of_day(date(2026, 3, 11)), at(arose)), 5) == [line]


@pytest.mark.parametrize(("arose", "count"), [("2026-03-08 23:59", 1), ("2026-03-09 00:00", 0)])
def test_day_before_is_left_out_only_where_it_is_over(arose: str, count: int) -> None:
    plan = ReminderPlan(days_before=(1,))
    assert len(lines(a_course(plan, end_of_day(date(2026, 3, 9)), at(arose)), 5)) == count


def test_what_arises_in_the_last_moment_of_its_due_day_is_still_told_then() -> None:
    last = end_of_day(date(2026, 3, 11))
    (told,) = stages(a_course(ReminderPlan(days_before=(0,)), last, last))
    assert told == Stage(StageKind.DUE_DAY, last, is_urgent=True)


@pytest.mark.parametrize(
    ("plan", "lines_of_it"),
    [
        (ReminderPlan(late=Late.EVERY_WORKING_DAY), ["2026-03-19 00:00 late", "2026-03-20 00:00 late"]),
        (ReminderPlan(late=Late.WEEKLY), ["2026-03-19 00:00 late", "2026-03-26 00:00 late"]),
    ],
)
def test_what_came_in_late_as_a_day_begins_is_told_on_that_day(plan: ReminderPlan, lines_of_it: list[str]) -> None:
    course = a_course(plan, end_of_day(date(2026, 3, 11)), at("2026-03-19 00:00"))
    assert lines(course, 2) == lines_of_it


@pytest.mark.parametrize(
    ("due", "line"),
    [("2026-03-11 00:00", "2026-03-12 00:00 goes_up"), ("2026-03-11 00:01", "2026-03-13 00:00 goes_up")],
)
def test_what_goes_up_as_a_day_begins_is_in_the_digest_of_that_day(due: str, line: str) -> None:
    plan = ReminderPlan(goes_up_after_hours=24)
    assert lines(a_course(plan, at(due), at("2026-03-04 10:00")), 1) == [line]


def test_reply_over_the_lunar_new_year() -> None:
    """2026-02-14 to 02-22 are off."""
    course = a_course(DutyKind.REPLY, end_of_day(date(2026, 2, 19)), at("2026-02-09 09:00"))
    assert lines(course, 6) == [
        "2026-02-09 09:00 arises",
        "2026-02-13 00:00 before",  # three days and one day before both move to the last working day
        "2026-02-19 08:30 due_day urgent",
        "2026-02-23 00:00 goes_up",  # the first working day is three days late already
        "2026-02-24 00:00 late",
        "2026-02-25 00:00 late",
    ]


def test_late_is_told_on_a_make_up_workday() -> None:
    """2024-02-17, a Saturday, was worked."""
    course = a_course(DutyKind.REPLY, end_of_day(date(2024, 2, 16)), at("2024-02-06 09:00"))
    assert "2024-02-17 00:00 late" in lines(course, 8)


def test_amended_day_off_moves_the_late_stage() -> None:
    typhoon = date(2026, 3, 12)
    calendar = WorkCalendar({typhoon: Amendment(typhoon, is_working=False, reason="颱風停止上班")})
    course = a_course(DutyKind.REPLY, end_of_day(date(2026, 3, 11)), at("2026-03-01 09:00"), calendar)
    assert lines(course, 5)[-1] == "2026-03-13 00:00 late"


@pytest.mark.parametrize("kind", [DutyKind.RETURNED_REPLY, DutyKind.RETURNED_CLOSURE])
def test_returned_form(kind: DutyKind) -> None:
    course = a_course(kind, end_of_day(date(2026, 3, 9)), at("2026-03-06 15:00"))
    assert lines(course, 5) == [
        "2026-03-06 15:00 arises urgent",  # the day before is a Sunday, told on Friday: that is now
        "2026-03-10 00:00 late",
        "2026-03-11 00:00 late",
        "2026-03-12 00:00 late",
        "2026-03-13 00:00 goes_up",
    ]


def test_returned_check_due_to_the_minute_goes_up_with_the_first_digest_after_three_days() -> None:
    course = a_course(DutyKind.RETURNED_CHECK, at("2026-03-03 14:05"), at("2026-03-02 14:05"))
    assert lines(course, 5) == [
        "2026-03-02 14:05 arises urgent",
        "2026-03-04 00:00 late",
        "2026-03-05 00:00 late",
        "2026-03-06 00:00 late",  # 14:05 of this Friday is three days late
        "2026-03-09 00:00 goes_up",
    ]


def test_record_window_is_late_weekly() -> None:
    course = a_course(DutyKind.RECORD_WINDOW, end_of_day(date(2026, 3, 31)), at("2026-03-02 09:00"))
    assert lines(course, 6) == [
        "2026-03-24 00:00 before",
        "2026-03-30 00:00 before",
        "2026-03-31 00:00 due_day",
        "2026-04-01 00:00 late",
        "2026-04-08 00:00 late",
        "2026-04-15 00:00 late",
    ]


def test_closure_in_month() -> None:
    course = a_course(DutyKind.CLOSURE_IN_MONTH, end_of_day(date(2026, 3, 31)), at("2026-03-02 09:00"))
    assert lines(course, 8) == [
        "2026-03-02 09:00 arises urgent",
        "2026-03-24 00:00 before",
        "2026-03-30 00:00 before",
        "2026-03-31 00:00 due_day",
        "2026-04-01 00:00 late",
        "2026-04-02 00:00 late",
        "2026-04-07 00:00 goes_up",  # 4/3 to 4/6 are off
        "2026-04-08 00:00 late",
    ]


def test_follow_to_july() -> None:
    course = a_course(DutyKind.FOLLOW_TO_JULY, end_of_day(date(2026, 7, 31)), at("2026-07-01 00:00"))
    assert lines(course, 6) == [
        "2026-07-01 00:00 arises",
        "2026-07-24 00:00 before",
        "2026-08-03 00:00 late",
        "2026-08-10 00:00 goes_up",  # seven days late are over with Friday; Saturday is off
        "2026-08-17 00:00 late",
        "2026-08-24 00:00 late",
    ]


def test_account_end() -> None:
    course = a_course(DutyKind.ACCOUNT_END, end_of_day(date(2026, 12, 31)), at("2026-01-02 09:00"))
    assert lines(course, 9) == [
        "2026-12-01 00:00 before",
        "2026-12-17 00:00 before",
        "2026-12-24 00:00 before",
        "2026-12-30 00:00 before",
        "2026-12-31 00:00 due_day",
    ]


def test_certificate_end() -> None:
    course = a_course(DutyKind.CERTIFICATE_END, end_of_day(date(2026, 12, 31)), at("2026-01-02 09:00"))
    assert lines(course, 9) == ["2026-12-01 00:00 before", "2026-12-24 00:00 before"]


def test_request_answers_have_no_stage_yet() -> None:
    assert lines(a_course(DutyKind.REQUEST_ANSWER, at("2026-03-04 12:00"), at("2026-03-04 08:30")), 9) == []


def test_reply_that_came_in_long_late_goes_up_at_once() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(date(2025, 3, 11)), at("2026-03-04 10:00"))
    assert lines(course, 2) == ["2026-03-04 10:00 goes_up", "2026-03-05 00:00 late"]


def test_late_stages_years_later_are_found_at_once() -> None:
    course = a_course(DutyKind.RECORD_WINDOW, end_of_day(date(2015, 3, 11)), at("2015-03-04 10:00"))
    stage = next_stage(course, at("2026-03-04 10:00"))
    assert stage is not None
    assert stage.at == start_of_day(date(2026, 3, 5))  # a Thursday, as 2015-03-12 was


def test_nothing_is_told_before_its_moment() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 09:00"))
    assert stage_now(course, None, at("2022-07-28 09:00") - TICK) is None
    telling = stage_now(course, None, at("2022-07-28 09:00"))
    assert telling is not None
    assert telling.stage.kind is StageKind.ARISES
    assert telling.next_at == start_of_day(date(2022, 8, 4))


def test_missed_stages_are_merged_into_the_newest() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 09:00"))
    telling = stage_now(course, at("2022-08-05 00:00"), at("2022-08-08 09:00"))
    assert telling is not None
    assert (telling.stage.kind, telling.is_urgent, telling.goes_up) == (StageKind.LATE, False, False)
    assert telling.next_at == start_of_day(date(2022, 8, 9))


def test_what_was_not_urgent_does_not_become_so_by_merging() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(date(2026, 3, 11)), at("2026-03-01 09:00"))
    telling = stage_now(course, None, at("2026-03-10 09:00"))
    assert telling is not None
    assert (telling.stage.kind, telling.is_urgent) == (StageKind.BEFORE, False)


def test_going_up_is_not_lost_in_the_merging() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 09:00"))
    telling = stage_now(course, at("2022-08-05 00:00"), at("2022-08-15 09:00"))
    assert telling is not None
    assert (telling.stage.kind, telling.goes_up) == (StageKind.LATE, True)


def test_return_never_told_is_told_at_once_while_it_is_in_time() -> None:
    course = a_course(DutyKind.RETURNED_REPLY, end_of_day(date(2026, 3, 5)), at("2026-03-02 15:00"))
    last, first_late = course.due_at, start_of_day(date(2026, 3, 6))
    before, after = stage_now(course, None, last), stage_now(course, None, first_late)
    assert before is not None
    assert after is not None
    assert (before.stage.kind, before.is_urgent) == (StageKind.BEFORE, True)
    assert (after.stage.kind, after.is_urgent) == (StageKind.LATE, False)


def test_merged_are_the_stages_before_the_newest() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 09:00"))
    telling = stage_now(course, at("2022-07-28 09:00"), at("2022-08-05 09:00"))
    assert telling is not None
    assert [each.at for each in telling.merged] == [at("2022-08-04 00:00")]
    following = stage_now(course, at("2022-07-28 09:00"), at("2022-08-08 09:00"))
    assert following is not None
    moments = ("2022-08-04 00:00", "2022-08-05 00:00", "2022-08-07 08:30")
    assert [each.at for each in following.merged] == [at(each) for each in moments]
    alone = stage_now(course, at("2022-07-28 09:00"), at("2022-08-04 09:00"))
    assert alone is not None
    assert alone.merged == ()


@pytest.mark.parametrize(
    ("now", "awake_at", "waits"),
    [
        ("2026-03-06 14:05", "2026-03-06 14:05", False),
        ("2026-03-06 14:05", "2026-03-06 07:30", False),
        ("2026-03-07 02:05", "2026-03-07 07:30", True),
    ],
)
def test_what_is_urgent_waits_while_people_sleep(now: str, awake_at: str, waits: bool) -> None:
    course = a_course(DutyKind.CHECK, at("2026-03-07 14:05"), at("2026-03-06 14:05"))
    found = tell_or_wait(course, None, at(now), at(awake_at))
    assert found == PutOff(at(awake_at)) if waits else isinstance(found, Telling)


def test_what_is_routine_is_gathered_at_night_too() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 22:00"))
    assert isinstance(tell_or_wait(course, None, at("2022-07-28 22:00"), at("2022-07-29 07:30")), Telling)


@pytest.mark.parametrize(("now", "until"), [("2026-03-05 10:00", "2026-03-08 00:00")])
def test_nothing_reached_is_put_off_to_the_next_stage(now: str, until: str) -> None:
    course = a_course(ReminderPlan(days_before=(1,)), at("2026-03-09 12:00"), at("2026-03-04 10:00"))
    worked = Amendment(date(2026, 3, 8), is_working=True, reason="補班")
    moved = replace(course, calendar=WorkCalendar({worked.day: worked}))
    assert tell_or_wait(moved, None, at(now), at(now)) == PutOff(at(until))
    without_plan = replace(course, plan=ReminderPlan())
    assert tell_or_wait(without_plan, None, at(now), at(now)) == PutOff(None)


def test_stage_of_a_moment_told() -> None:
    course = a_course(DutyKind.REPLY, end_of_day(SUNDAY), at("2022-07-28 09:00"))
    assert stage_at(course, at("2022-07-28 09:00")) is StageKind.ARISES
    assert stage_at(course, at("2022-08-11 00:00")) is StageKind.GOES_UP
    for unknown in ("2022-08-11 00:01", "2022-07-29 00:00"):
        assert stage_at(course, at(unknown)) is StageKind.LATE  # the plan knows no such moment


@pytest.mark.parametrize(
    ("kind", "due", "arose", "past"),
    [
        (DutyKind.CHECK, "2026-03-07 14:05", "2026-03-07 02:05", []),
        (DutyKind.CHECK, "2026-03-07 14:05", "2026-03-07 02:06", ["2026-03-07 02:05"]),
        (DutyKind.RETURNED_REPLY, "2026-03-07 23:59", "2026-03-06 23:59", []),
        (DutyKind.RETURNED_REPLY, "2026-03-07 23:59", "2026-03-07 00:00", ["2026-03-06 00:00"]),
        (DutyKind.RETURNED_REPLY, "2026-03-08 23:59", "2026-03-06 00:00", []),
    ],
)
def test_stages_over_when_a_duty_arose_are_past(kind: DutyKind, due: str, arose: str, past: list[str]) -> None:
    found = past_stages(a_course(kind, at(due), at(arose)))
    assert [each.at for each in found] == [at(each) for each in past]
    assert all(each.is_urgent is (kind is DutyKind.CHECK) for each in found)  # by the hour, or for the digest


@pytest.mark.parametrize(
    ("arose", "looked"),
    [("2022-08-06 23:59", "2022-08-07 00:00"), ("2022-08-07 00:00", None), ("2022-08-07 10:00", None)],
)
def test_a_notice_is_looked_for_as_the_due_day_begins(arose: str, looked: str | None) -> None:
    assert look_at(end_of_day(SUNDAY), at(arose)) == (at(looked) if looked else None)


MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2027, 12, 31)).map(lambda naive: naive.replace(tzinfo=TAIPEI))  # noqa: DTZ001 (the zone follows)
PLANS = st.sampled_from(list(DEFAULT_PLANS.values())) | st.builds(
    ReminderPlan,
    arises=st.sampled_from(Arises),
    hours_before=st.lists(st.integers(1, 72), max_size=3, unique=True).map(tuple),
    days_before=st.lists(st.integers(0, 40), max_size=4, unique=True).map(tuple),
    late=st.sampled_from(Late),
    goes_up_after_hours=st.none() | st.integers(1, 200),
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    arose = draw(MOMENTS)
    due = arose + draw(st.timedeltas(timedelta(days=-40), timedelta(days=60)))
    is_day = draw(st.booleans())
    return a_course(draw(PLANS), end_of_day(taipei_date(due)) if is_day else due, arose)


@given(courses())
def test_stages_strictly_increase_and_none_is_before_it_arose(course: Course) -> None:
    found = stages(course, 30)
    assert all(one.at < two.at for one, two in itertools.pairwise(found))
    assert all(stage.at >= course.arose_at for stage in found)


@given(courses())
def test_what_is_late_comes_after_the_due_moment_and_what_is_not_before_its_day_ends(course: Course) -> None:
    for stage in stages(course, 30):
        if stage.kind in (StageKind.LATE, StageKind.GOES_UP):
            assert stage.at > course.due_at
        if stage.kind is StageKind.DUE_DAY:
            assert taipei_date(stage.at) == course.due_day
        if stage.kind is StageKind.BEFORE:
            assert stage.at <= max(end_of_day(course.due_day), course.arose_at)


@given(courses())
def test_kinds_come_in_the_order_of_their_days(course: Course) -> None:
    order = [StageKind.ARISES, StageKind.BEFORE, StageKind.DUE_DAY]
    in_time = [stage for stage in stages(course, 30) if stage.kind in order]
    before_due = [each for each in in_time if each.kind is not StageKind.ARISES and course.arose_at <= course.due_at]
    days = [taipei_date(stage.at) for stage in before_due]
    assert days == sorted(days)


@given(courses())
def test_after_the_last_stage_there_is_none(course: Course) -> None:
    if course.plan.late in (Late.NOT, Late.ON_THE_DAY):
        found = stages(course, 60)
        assert len(found) < 60
        assert next_stage(course, found[-1].at if found else None) is None


@given(courses(), st.timedeltas(timedelta(0), timedelta(days=90)))
def test_being_down_never_changes_what_comes_after(course: Course, down: timedelta) -> None:
    """Whoever looks once after an outage stands where one who looked at every stage stands."""
    now = course.arose_at + down
    telling = stage_now(course, None, now)
    one_by_one = [stage for stage in stages(course, 200) if stage.at <= now]
    assert (telling.stage if telling else None) == (one_by_one[-1] if one_by_one else None)
    following = next_stage(course, now)
    if telling is not None:
        assert telling.next_at == (following.at if following else None)


@given(courses())
def test_routine_late_stages_fall_on_working_days(course: Course) -> None:
    for stage in stages(course, 30):
        if stage.kind is StageKind.LATE and not stage.is_urgent:
            assert course.calendar.is_working_day(taipei_date(stage.at))
            assert stage.at == start_of_day(taipei_date(stage.at))
