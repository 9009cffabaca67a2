"""When a duty is late, how long is left, and at which moments it is told: pure, from the plan and the calendar (DUTY).

A duty's reminders are *stages* on one line of time, strictly increasing: it arises, days or hours before it is due, the
due day, late again and again, and the one moment it goes up. Nothing is remembered but the moment of the last stage
told; what comes next follows from it. After an outage the stages missed are merged into the newest one (A46).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.calendar import WorkCalendar
from core.clock import TICK, end_of_day, start_of_day, taipei_date, taipei_moment
from core.duties.plans import Arises, Late, ReminderPlan

ONE_DAY = timedelta(days=1)
TWELVE_HOURS = timedelta(hours=12)
WEEK = 7


class StageKind(StrEnum):
    """What a stage says. Where two fall on one moment, the later in this order gives its name."""

    BEFORE = "before"
    DUE_DAY = "due_day"
    ARISES = "arises"
    LATE = "late"
    GOES_UP = "goes_up"


_RANK = {kind: rank for rank, kind in enumerate(StageKind)}


@dataclass(frozen=True)
class Stage:
    """One moment at which a duty is told. Routine ones wait for the digest of their day, urgent ones do not."""

    kind: StageKind
    at: datetime
    is_urgent: bool


@dataclass(frozen=True)
class Course:
    """What a duty's stages follow from; ``digest_at`` is Taipei wall time."""

    plan: ReminderPlan
    due_at: datetime
    arose_at: datetime
    calendar: WorkCalendar
    digest_at: time

    @property
    def due_day(self) -> date:
        """The day in Taipei on which it is due."""
        return taipei_date(self.due_at)

    @property
    def counts_hours(self) -> bool:
        """Whether its reminders come by the hour, as those of checks do (CHK-1)."""
        return bool(self.plan.hours_before) or self.plan.late is Late.EVERY_12_HOURS


@dataclass(frozen=True)
class Telling:
    """What is to be told now: the newest stage reached, whether the duty went up on the way, and what comes next."""

    stage: Stage
    is_urgent: bool
    goes_up: bool
    next_at: datetime | None
    merged: tuple[Stage, ...] = ()
    """The stages before the newest one that were reached too, and are not told by themselves."""


@dataclass(frozen=True)
class PutOff:
    """Nothing is told now; ``until`` is when it is looked at again, None: never."""

    until: datetime | None


def is_late(due_at: datetime, now: datetime) -> bool:
    """Return whether an open duty is past due: the due moment itself is still in time (DUTY-1)."""
    return now > due_at


def days_left(due_at: datetime, now: datetime) -> int:
    """Return the whole days in Taipei until the due day: 0 today, 1 tomorrow, negative for days gone."""
    return (taipei_date(due_at) - taipei_date(now)).days


def next_stage(course: Course, after: datetime | None) -> Stage | None:
    """Return the first stage later than ``after`` (None: the first of all), or None when none is left (DUTY-5)."""
    floor = course.arose_at if after is None else max(course.arose_at, after + TICK)
    late = _next_late(course, floor)
    ahead = [stage for stage in (*_fixed(course), *late) if stage.at >= floor]
    if not ahead:
        return None
    at = min(stage.at for stage in ahead)
    together = [stage for stage in ahead if stage.at == at]
    kind = max((stage.kind for stage in together), key=_RANK.__getitem__)
    return Stage(kind, at, any(stage.is_urgent for stage in together))


def stage_now(course: Course, after: datetime | None, now: datetime) -> Telling | None:
    """Return what is to be told at ``now`` of all stages after ``after``, merged into the newest; None: nothing yet.

    A duty that was to be told at once when it arose, and never was, is still told at once while it is in time; else
    the newest stage decides.
    """
    reached: list[Stage] = []
    following = next_stage(course, after)
    while following is not None and following.at <= now:
        reached.append(following)
        following = next_stage(course, following.at)
    if not reached:
        return None
    untold = any(stage.is_urgent and stage.kind is StageKind.ARISES for stage in reached)
    return Telling(
        stage=reached[-1],
        is_urgent=reached[-1].is_urgent or (untold and not is_late(course.due_at, now)),
        goes_up=any(stage.kind is StageKind.GOES_UP for stage in reached),
        next_at=following.at if following else None,
        merged=tuple(reached[:-1]),
    )


def tell_or_wait(course: Course, after: datetime | None, now: datetime, awake_at: datetime) -> Telling | PutOff:
    """Return what is told at ``now``, or until when it waits; ``awake_at`` is when the quiet hours are over.

    What is urgent sleeps here and not in the outbox: in the morning it is told once, as it stands then.
    """
    telling = stage_now(course, after, now)
    if telling is None:  # policy or calendar changed since its moment was reckoned
        following = next_stage(course, after)
        return PutOff(following.at if following else None)
    return PutOff(awake_at) if telling.is_urgent and awake_at > now else telling


def stage_at(course: Course, at: datetime) -> StageKind:
    """Return which stage stands at a moment that was told; what is told late where the plan knows none by now."""
    found = next_stage(course, at - TICK)
    return found.kind if found and found.at == at else StageKind.LATE


def past_stages(course: Course) -> tuple[Stage, ...]:
    """Return the stages before the due moment that were over when the duty arose: nobody can be told of these."""
    hours = (course.due_at - timedelta(hours=each) for each in course.plan.hours_before)
    days = (start_of_day(course.due_day - each * ONE_DAY) for each in course.plan.days_before if each)
    found = [Stage(StageKind.BEFORE, at, is_urgent=True) for at in hours if at < course.arose_at]
    today = start_of_day(taipei_date(course.arose_at))
    found += [Stage(StageKind.BEFORE, at, is_urgent=False) for at in days if at < today]
    return tuple(sorted(found, key=lambda each: each.at))


def look_at(due_at: datetime, arose_at: datetime) -> datetime | None:
    """Return when it is looked whether a notice of a duty was seen: as its due day begins, if it arose before it."""
    begins = start_of_day(taipei_date(due_at))
    return begins if arose_at < begins else None


def digest_day(at: datetime, digest_at: time) -> date:
    """Return the first day whose digest can hold what came up at a moment: that day's until it is said, then the next.

    Whether the day is worked is not asked: a digest waits for a working day anyway.
    """
    day = taipei_date(at)
    return day if at <= taipei_moment(day, digest_at) else day + ONE_DAY


def ahead_of_digest(due_at: datetime, at: datetime, own: time, house: time) -> datetime | None:
    """Return when something told in its due day is said by itself, because the person's digest comes too late (DUTY-5).

    ``own`` and ``house`` are when the digest is said to this person, and to who chose no time; ``at`` is the moment of
    the stage. None: it is not of its due day, or that day's digest tells it by the time of the house.
    """
    day = taipei_date(at)
    is_in_digest = own <= house and digest_day(at, own) == day
    return None if is_in_digest or day != taipei_date(due_at) else taipei_moment(day, house)


def _fixed(course: Course) -> Iterator[Stage]:
    """Yield the stages that come once, in no order; days before the duty arose are left out."""
    if course.plan.arises is not Arises.NOT:
        yield Stage(StageKind.ARISES, course.arose_at, course.plan.arises is Arises.AT_ONCE)
    for hours in course.plan.hours_before:
        yield Stage(StageKind.BEFORE, course.due_at - timedelta(hours=hours), is_urgent=True)
    for days in course.plan.days_before:
        if days:
            yield from _days_before(course, days)
    if 0 in course.plan.days_before or course.plan.late is Late.ON_THE_DAY:
        yield from _due_day(course)
    yield from _goes_up(course)


def _days_before(course: Course, days: int) -> Iterator[Stage]:
    """Yield the stage so many days before the due day; from a day off it moves to the last working day before."""
    day = course.due_day - days * ONE_DAY
    if day < taipei_date(course.arose_at):
        return
    told_on = day if course.calendar.is_working_day(day) else course.calendar.add_working_days(day, -1)
    yield Stage(StageKind.BEFORE, max(start_of_day(told_on), course.arose_at), is_urgent=False)


def _due_day(course: Course) -> Iterator[Stage]:
    """Yield the stage of the due day: in its digest, or at once where no digest comes before the day is over."""
    digest = taipei_moment(course.due_day, course.digest_at)
    has_digest = course.calendar.is_working_day(course.due_day) and course.arose_at <= digest
    at = max(start_of_day(course.due_day) if has_digest else digest, course.arose_at)
    if at <= end_of_day(course.due_day):
        yield Stage(StageKind.DUE_DAY, at, is_urgent=not has_digest)


def _goes_up(course: Course) -> Iterator[Stage]:
    """Yield the moment the supervisor is told: by the hour, or with the first digest after so many hours late."""
    if course.plan.goes_up_after_hours is None:
        return
    at = course.due_at + timedelta(hours=course.plan.goes_up_after_hours)
    if not course.counts_hours:
        at = start_of_day(course.calendar.next_working_day(_first_day_from(at)))
    yield Stage(StageKind.GOES_UP, max(at, course.arose_at), is_urgent=course.counts_hours)


def _next_late(course: Course, floor: datetime) -> Iterator[Stage]:
    """Yield the first late stage at or after ``floor``, if the plan has any.

    By the half-day: 12 hours late, 24, 36. By working days: each that begins after it was due. Weekly: the day after
    the due day and every seventh on, moved to the next working day.
    """
    match course.plan.late:
        case Late.EVERY_12_HOURS:
            times = max(1, -(-(floor - course.due_at) // TWELVE_HOURS))
            yield Stage(StageKind.LATE, course.due_at + times * TWELVE_HOURS, is_urgent=True)
        case Late.EVERY_WORKING_DAY:
            day = max(course.due_day + ONE_DAY, _first_day_from(floor))
            yield _late_on(course, day)
        case Late.WEEKLY:
            yield _next_weekly(course, floor)
        case Late.NOT | Late.ON_THE_DAY:
            return


def _next_weekly(course: Course, floor: datetime) -> Stage:
    first = course.due_day + ONE_DAY
    weeks = max(0, (taipei_date(floor) - first).days // WEEK - 2)  # a long holiday moves a day by two weeks at most
    stage = _late_on(course, first + weeks * WEEK * ONE_DAY)
    while stage.at < floor:
        weeks += 1
        stage = _late_on(course, first + weeks * WEEK * ONE_DAY)
    return stage


def _late_on(course: Course, day: date) -> Stage:
    return Stage(StageKind.LATE, start_of_day(course.calendar.next_working_day(day)), is_urgent=False)


def _first_day_from(moment: datetime) -> date:
    """Return the first day that begins at or after a moment."""
    day = taipei_date(moment)
    return day if start_of_day(day) == moment else day + ONE_DAY
