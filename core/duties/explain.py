"""Every deadline explains itself: from which event, by which rule, counting which days, to which moment (DUTY).

The working is read off the duty as it is stored, so it always ends in the moment that holds, whatever the policy is by
now. Which events there are is in ``_BASES``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.calendar import WorkCalendar
from core.clock import end_of_day, start_of_day, taipei_date
from core.context import Context
from core.dates import roc, roc_moment
from core.due_words import roc_day
from core.duties.plans import DutyKind
from core.duties.queries import DutyFacts, facts_of
from core.errors import NotFound
from core.helpdesk.hours import opens_next, working_between
from core.labels import Labelled
from core.records.rules import Window, windows_of

ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
WINDOWS_SHOWN = 6


class EventKind(Labelled):
    """What a deadline is counted from."""

    DISPATCHED = "dispatched", "派案"
    REPLY_RETURNED = "reply_returned", "回覆單退件"
    CHECK_ASSIGNED = "check_assigned", "分派"
    CHECK_RETURNED = "check_returned", "檢核單退件"
    ACCOUNT_ENDS = "account_ends", "帳號到期"
    CERTIFICATE_ENDS = "certificate_ends", "憑證到期"
    LAST_DISPATCHED = "last_dispatched", "最後一次派案"
    LEFT_SCHOOL = "left_school", "離校"
    GRADUATED = "graduated", "應屆畢業"
    CLOSURE_RETURNED = "closure_returned", "結案單退件"
    HELP_ASKED = "help_asked", "提問"


class Counting(Labelled):
    """How it is counted."""

    DAYS = "days", "日數"
    HOURS = "hours", "時數"
    DATE = "date", "指定日期"
    WINDOWS = "windows", "每段期間"
    MONTH_END = "month_end", "當月底"
    JULY = "july", "7 月底"
    WORKING = "working", "上班時間"


@dataclass(frozen=True)
class WorkingStep:
    """One step of the reckoning, as it is read."""

    label: str
    value: str


@dataclass(frozen=True)
class DayOff:
    """A day off inside the span, and why it is one: it is counted all the same."""

    day: date
    why: str


@dataclass(frozen=True)
class Working:
    """How a deadline came about; ``days_off`` are the days off that were counted too."""

    kind: DutyKind
    event: EventKind
    event_at: datetime
    rule: str
    counting: Counting
    steps: tuple[WorkingStep, ...]
    days_off: tuple[DayOff, ...]
    due_at: datetime
    is_ended: bool = False
    """Nothing is owed of it any more."""


@dataclass(frozen=True)
class _Basis:
    event: EventKind
    rule: str
    counting: Counting


_BASES = {
    DutyKind.REPLY: _Basis(EventKind.DISPATCHED, "REPLY-1", Counting.DAYS),
    DutyKind.RETURNED_REPLY: _Basis(EventKind.REPLY_RETURNED, "REPLY-11", Counting.DAYS),
    DutyKind.CHECK: _Basis(EventKind.CHECK_ASSIGNED, "CHK-1", Counting.HOURS),
    DutyKind.RETURNED_CHECK: _Basis(EventKind.CHECK_RETURNED, "CHK-10", Counting.HOURS),
    DutyKind.ACCOUNT_END: _Basis(EventKind.ACCOUNT_ENDS, "ACC-6", Counting.DATE),
    DutyKind.CERTIFICATE_END: _Basis(EventKind.CERTIFICATE_ENDS, "ACC-11", Counting.DATE),
    DutyKind.RECORD_WINDOW: _Basis(EventKind.LAST_DISPATCHED, "REC-1", Counting.WINDOWS),
    DutyKind.RETURNED_CLOSURE: _Basis(EventKind.CLOSURE_RETURNED, "CLOSE-9", Counting.DAYS),
    DutyKind.CLOSURE_IN_MONTH: _Basis(EventKind.LEFT_SCHOOL, "CLOSE-3", Counting.MONTH_END),
    DutyKind.FOLLOW_TO_JULY: _Basis(EventKind.GRADUATED, "CLOSE-4", Counting.JULY),
    DutyKind.REQUEST_ANSWER: _Basis(EventKind.HELP_ASKED, "HELP-6", Counting.WORKING),
    DutyKind.REQUEST_SOLUTION: _Basis(EventKind.HELP_ASKED, "HELP-6", Counting.WORKING),
}


_RUNS_OVER_DAYS_OFF = frozenset({Counting.DAYS, Counting.HOURS})


def explain(ctx: Context, duty_id: int) -> Working:
    """Return the working of one deadline; raises ``NotFound`` when it is not there or not the actor's (ACC-10)."""
    return working(facts_of(ctx, duty_id), ctx.calendar)


def working(facts: DutyFacts, calendar: WorkCalendar) -> Working:
    """Return how a deadline came about; raises ``NotFound`` for a kind that nothing opens yet."""
    basis = _BASES.get(facts.kind)
    if basis is None:
        raise NotFound
    return Working(
        kind=facts.kind,
        event=basis.event,
        event_at=start_of_day(facts.window.dispatched_on) if facts.window else facts.counted_from,
        rule=basis.rule,
        counting=basis.counting,
        steps=_steps(basis, facts, calendar),
        days_off=_days_off(facts, calendar) if basis.counting in _RUNS_OVER_DAYS_OFF else (),
        due_at=facts.due_at,
        is_ended=facts.is_ended,
    )


def _steps(basis: _Basis, facts: DutyFacts, calendar: WorkCalendar) -> tuple[WorkingStep, ...]:  # noqa: PLR0911 (one a way of counting)
    match basis.counting:
        case Counting.HOURS:
            return _by_hours(basis, facts)
        case Counting.DAYS:
            return _by_days(basis, facts)
        case Counting.WINDOWS:
            return _by_windows(basis, facts)
        case Counting.MONTH_END:
            return _to_month_end(basis, facts)
        case Counting.JULY:
            return _to_july(facts)
        case Counting.DATE:
            return _to_date(basis, facts)
        case Counting.WORKING:
            return _by_working_time(basis, facts, calendar)


def _by_days(basis: _Basis, facts: DutyFacts) -> tuple[WorkingStep, ...]:
    """Return the steps of a count that starts the day after the event."""
    begun, due = taipei_date(facts.counted_from), taipei_date(facts.due_at)
    return (
        WorkingStep(f"{basis.event.label}日（不算）", roc_day(begun)),
        WorkingStep("第 1 天", roc_day(begun + ONE_DAY)),
        WorkingStep(f"第 {(due - begun).days} 天", roc_day(due)),
        _last_moment(facts),
    )


def _by_hours(basis: _Basis, facts: DutyFacts) -> tuple[WorkingStep, ...]:
    """Return the steps of a count by the hour, to the minute."""
    hours = (facts.due_at - facts.counted_from) // ONE_HOUR
    return (
        WorkingStep(f"{basis.event.label}時間", roc_moment(facts.counted_from)),
        WorkingStep("往後算", f"{hours} 小時"),
        _last_moment(facts),
    )


def _to_date(basis: _Basis, facts: DutyFacts) -> tuple[WorkingStep, ...]:
    """Return the steps of a date that is simply given."""
    return (
        WorkingStep(f"{basis.event.label}日", roc_day(taipei_date(facts.due_at))),
        WorkingStep("到期當天", "仍可使用"),
        _last_moment(facts),
    )


def _by_working_time(basis: _Basis, facts: DutyFacts, calendar: WorkCalendar) -> tuple[WorkingStep, ...]:
    """Return the steps of a count in the helpdesk's hours on working days (HELP-1)."""
    hours, rest = divmod(working_between(facts.counted_from, facts.due_at, calendar), ONE_HOUR)
    minutes = rest // timedelta(minutes=1)
    return (
        WorkingStep(f"{basis.event.label}時間", roc_moment(facts.counted_from)),
        WorkingStep("開始計時", roc_moment(opens_next(facts.counted_from, calendar))),
        WorkingStep("只算上班時間", f"{hours} 小時" + (f" {minutes} 分鐘" if minutes else "")),
        _last_moment(facts),
    )


def _by_windows(basis: _Basis, facts: DutyFacts) -> tuple[WorkingStep, ...]:
    """Return the windows from the dispatch on, each with its first and last day, up to the one that is owed."""
    if facts.window is None:
        raise NotFound
    windows = windows_of([facts.window.dispatched_on], facts.window.policy)
    shown = range(max(0, facts.window.place + 1 - WINDOWS_SHOWN), facts.window.place + 1)
    earlier = (WorkingStep("更早的期間", f"共 {shown.start} 段"),) if shown.start else ()
    return (
        WorkingStep(f"{basis.event.label}日（算第 1 天）", roc_day(facts.window.dispatched_on)),
        WorkingStep("每段期間", facts.window.policy.label),
        *earlier,
        *(_window_step(windows.window(place)) for place in shown),
        WorkingStep("這段期間的最後一天", roc_day(taipei_date(facts.due_at))),
        _last_moment(facts),
    )


def _window_step(window: Window) -> WorkingStep:
    return WorkingStep(f"第 {window.index + 1} 段", f"{roc(window.first)} 至 {roc(window.last)}")


def _to_month_end(basis: _Basis, facts: DutyFacts) -> tuple[WorkingStep, ...]:
    """Return the steps from the day a pupil left to the end of that month."""
    return (
        WorkingStep(f"{basis.event.label}日", roc_day(taipei_date(facts.counted_from))),
        WorkingStep("應在當月申請結案", roc_day(taipei_date(facts.due_at))),
        _last_moment(facts),
    )


def _to_july(facts: DutyFacts) -> tuple[WorkingStep, ...]:
    """Return the steps from 1 July to the 31st of the year of graduation."""
    return (
        WorkingStep("畢業當年 7 月起", roc_day(taipei_date(facts.counted_from))),
        WorkingStep("追蹤並登打紀錄至", roc_day(taipei_date(facts.due_at))),
        _last_moment(facts),
    )


def _last_moment(facts: DutyFacts) -> WorkingStep:
    is_whole_day = facts.due_at == end_of_day(taipei_date(facts.due_at))
    ends = "當天 24:00" if is_whole_day else roc_moment(facts.due_at)
    return WorkingStep("最後時刻", ends)


def _days_off(facts: DutyFacts, calendar: WorkCalendar) -> tuple[DayOff, ...]:
    """Return the days off that the count runs over: after the event's first instant, up to the due day."""
    begun, due = taipei_date(facts.counted_from), taipei_date(facts.due_at)
    first = begun + ONE_DAY if start_of_day(begun) == facts.counted_from else begun
    days = (first + ONE_DAY * each for each in range((due - first).days + 1))
    return tuple(DayOff(day, why) for day in days if (why := calendar.why_not(day)) is not None)
