"""The rules of the helpdesk: states, waiting times, who is given a request, what came in between (HELP). Pure.

The states of a request, and the edges between them::

    new ──an agent takes or answers it──> open ──answered──> waiting ──who asked writes──> open
     │                                     │ ^                  │
     └───────────── solved, or ended by who asked ──────────────┘
                       solved ──a new message within 7 days──> open   (later: another request)

Waiting times are working time (HELP-1, HELP-6). The clock of the solution stands while it waits for who asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.calendar import WorkCalendar
from core.clock import TICK
from core.helpdesk.hours import WORKING_DAY, after_working, before_working, working_between
from core.helpdesk.models import HelpState
from core.policy import Policy

TEXT_AT_MOST = 5000  # signs; as much as LINE takes in one message
SUBJECT_AT_MOST = 80
SHORTEST_LATE = timedelta(seconds=1)
WARNED_SHARE = 0.75  # HELP-6's plan: at 75 % of the time


class Then(StrEnum):
    """What an agent means a request to be after an answer."""

    WAIT = "wait"
    KEEP = "keep"
    SOLVE = "solve"


STATE_AFTER = {Then.WAIT: HelpState.WAITING, Then.KEEP: HelpState.OPEN, Then.SOLVE: HelpState.SOLVED}


class Alarm(StrEnum):
    """What the desk is told of a request's waiting time."""

    ANSWER_SOON = "answer_soon"
    ANSWER_LATE = "answer_late"
    SOLVE_SOON = "solve_soon"
    SOLVE_LATE = "solve_late"


LATE_ALARMS = frozenset({Alarm.ANSWER_LATE, Alarm.SOLVE_LATE})


@dataclass(frozen=True)
class Clocks:
    """The waiting times of one request: when each is due, and the working time left while the second stands still.

    Less than none is left of what was late already when it came to stand.
    """

    answer_due: datetime | None
    solve_due: datetime | None
    solve_left: timedelta = timedelta()


@dataclass(frozen=True)
class Ring:
    """An alarm and its moment."""

    alarm: Alarm
    at: datetime


def begin(asked_at: datetime, calendar: WorkCalendar, policy: Policy) -> Clocks:
    """Return the clocks of a request that comes in now: first answer and solution, in working time (HELP-6)."""
    return Clocks(
        after_working(asked_at, answer_span(policy), calendar), after_working(asked_at, solve_span(policy), calendar)
    )


def answered(clocks: Clocks) -> Clocks:
    """Return the clocks after the first answer: none is owed any more."""
    return replace(clocks, answer_due=None)


def pause(clocks: Clocks, now: datetime, calendar: WorkCalendar) -> Clocks:
    """Return the clocks while the request waits for who asked; standing ones stay as they are.

    What was late stays late by as much: waiting takes nothing back.
    """
    if clocks.solve_due is None:
        return clocks
    left_now = working_between(now, clocks.solve_due, calendar) - lateness(clocks.solve_due, now, calendar)
    return replace(clocks, solve_due=None, solve_left=left_now)


def resume(clocks: Clocks, now: datetime, calendar: WorkCalendar) -> Clocks:
    """Return the clocks once who asked has written: what was left is left, and what was late is late."""
    if clocks.solve_due is not None:
        return clocks
    was_late = clocks.solve_left < timedelta()
    due = (before_working if was_late else after_working)(now, abs(clocks.solve_left), calendar)
    return replace(clocks, solve_due=due, solve_left=timedelta())


def left(clocks: Clocks, now: datetime, calendar: WorkCalendar) -> timedelta:
    """Return the working time left for the solution; none once it is late."""
    if clocks.solve_due is None:
        return max(clocks.solve_left, timedelta())
    return working_between(now, clocks.solve_due, calendar)


def overdue(clocks: Clocks, now: datetime, calendar: WorkCalendar) -> timedelta:
    """Return the working time that the solution is late; none while it is not."""
    if clocks.solve_due is None:
        return max(-clocks.solve_left, timedelta())
    return lateness(clocks.solve_due, now, calendar)


def lateness(due: datetime, now: datetime, calendar: WorkCalendar) -> timedelta:
    """Return the working time since a deadline that has passed, at least a second; none until then.

    After the hours no working time passes, but what was due at 17:30 and came at 20:00 came late all the same.
    """
    return max(working_between(due, now, calendar), SHORTEST_LATE) if now > due else timedelta()


def answered_in(asked_at: datetime, due: datetime | None, now: datetime, calendar: WorkCalendar) -> timedelta:
    """Return the working time the first answer took: more than it had where it came late, if only after the hours."""
    took = working_between(asked_at, now, calendar)
    if due is None or now <= due:
        return took
    return max(took, working_between(asked_at, due, calendar) + lateness(due, now, calendar))


def next_ring(clocks: Clocks, after: datetime | None, calendar: WorkCalendar, policy: Policy) -> Ring | None:
    """Return the first alarm later than ``after`` (None: the first of all); None when none is left."""
    ahead = [ring for ring in _all_rings(clocks, calendar, policy) if after is None or ring.at > after]
    return min(ahead, key=lambda ring: ring.at, default=None)


def newest_ring(clocks: Clocks, now: datetime, calendar: WorkCalendar, policy: Policy) -> Ring | None:
    """Return the newest alarm that has come by ``now``; None when none has."""
    come = [ring for ring in _all_rings(clocks, calendar, policy) if ring.at <= now]
    return max(come, key=lambda ring: ring.at, default=None)


def answer_span(policy: Policy) -> timedelta:
    """Return the working time until the first answer (HELP-6)."""
    return timedelta(hours=policy.help_answer_hours)


def solve_span(policy: Policy) -> timedelta:
    """Return the working time until the solution: working days of nine hours (HELP-6)."""
    return policy.help_solve_days * WORKING_DAY


def spent(seconds: int | None) -> timedelta:
    """Return the working time a solved request took."""
    return timedelta(seconds=seconds or 0)


def may_reopen(solved_at: datetime, now: datetime, policy: Policy) -> bool:
    """Return whether a new message opens a solved request again: the limit itself is outside (HELP-5)."""
    return now < solved_at + timedelta(days=policy.help_reopen_days)


def talks_until(now: datetime, policy: Policy) -> datetime:
    """Return until when what somebody writes belongs to their request; left alone, the bot answers again (A62)."""
    return now + timedelta(hours=policy.help_talk_hours)


def least_loaded(open_requests: Mapping[int, int], on_duty: Sequence[int]) -> int | None:
    """Return the agent on duty with the fewest unsolved requests; of equals who has been on duty longest."""
    return min(on_duty, key=lambda agent: open_requests.get(agent, 0), default=None)


def _all_rings(clocks: Clocks, calendar: WorkCalendar, policy: Policy) -> tuple[Ring, ...]:
    return (
        *_rings(clocks.answer_due, answer_span(policy), Alarm.ANSWER_SOON, Alarm.ANSWER_LATE, calendar),
        *_rings(clocks.solve_due, solve_span(policy), Alarm.SOLVE_SOON, Alarm.SOLVE_LATE, calendar),
    )


def _rings(due: datetime | None, span: timedelta, soon: Alarm, late: Alarm, calendar: WorkCalendar) -> tuple[Ring, ...]:
    if due is None:
        return ()
    return Ring(soon, before_working(due, span * (1 - WARNED_SHARE), calendar)), Ring(late, due + TICK)
