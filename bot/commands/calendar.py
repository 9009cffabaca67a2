"""The working days: a typhoon day, a moved workday, and what they move."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import click

from bot.commands.tables import echo_table
from bot.opening import opened
from core.access import system
from core.actor_words import actor_words
from core.amendments import DayStatus
from core.audit import Door
from core.calendar_changes import (
    AmendmentPlan,
    DayChange,
    PlannedDay,
    VersionRow,
    apply_amendment,
    decisions,
    plan_amendment,
)
from core.clock import TAIPEI, start_of_day, taipei_date
from core.context import Core
from core.dates import parse_date, roc_moment
from core.due_words import roc_day
from core.duties.recomputing import Move
from core.errors import InvalidInput
from core.paging import ROWS_AT_MOST

ACTOR = system("command line")
STATUSES = {each.value: each for each in DayStatus}
A_YEAR = timedelta(days=365)
MOVE_HEADINGS = ("duty", "number", "what", "before", "after")
DECISION_HEADINGS = ("day", "decision", "reason", "before", "decided by", "decided at")


@click.group()
def calendar() -> None:
    """Amend the working days, and see what was decided.

    Example: frontdoor calendar amend 2026-11-25 off --reason "颱風停班" --dry-run
    """


@calendar.command()
@click.argument("day")
@click.argument("status", type=click.Choice([*STATUSES]))
@click.option("--reason", default="", help="Why, in Chinese; people see it. Not needed for published.")
@click.option("--dry-run", is_flag=True, help="Say what would move, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def amend(day: str, status: str, reason: str, *, dry_run: bool, yes: bool) -> None:
    """Make a day worked or off, or as published again: shows what moves, then asks.

    Example: frontdoor calendar amend 115/11/28 working --reason "補行上班"
    """
    change = DayChange(parse_date(day, field="DAY"), STATUSES[status], reason)
    with opened() as core:
        _amend(core, change, dry_run=dry_run, yes=yes)


@calendar.command("list")
@click.option("--from", "first", help="First day, ROC or ISO; default: today.")
@click.option("--to", "last", help="Last day, ROC or ISO; default: a year after the first.")
def list_decisions(first: str | None, last: str | None) -> None:
    """List every decision about the days of a span, who took it and when, and what held before.

    Example: frontdoor calendar list --from 115/01/01 --to 115/12/31
    """
    with opened() as core:
        begin = parse_date(first, field="--from") if first else taipei_date(core.clock.now())
        end = parse_date(last, field="--to") if last else begin + A_YEAR
        rows = [_decision(each) for each in _decisions(core, begin, end)]
    click.echo(f"{roc_day(begin)} to {roc_day(end)}: {len(rows)} decisions")
    echo_table(DECISION_HEADINGS, rows)


def _amend(core: Core, change: DayChange, *, dry_run: bool, yes: bool) -> None:
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        plan = plan_amendment(ctx, (change,))
    if not plan.days:
        click.echo(f"{roc_day(change.day)} is so already: nothing to change.")
        return
    _show(plan)
    if dry_run:
        click.echo("Dry run: nothing was saved.")
        return
    if not yes and not click.confirm("Apply?"):
        click.echo("Nothing was changed.")
        return
    with core.transaction(ACTOR, Door.COMMAND) as ctx:
        moved = apply_amendment(ctx, plan)
    click.echo(f"Applied: {moved} moved.")


def _show(plan: AmendmentPlan) -> None:
    for each in plan.days:
        click.echo(_changed_day(each))
    click.echo(
        f"To be moved: {len(plan.moves)}. What the helpdesk owes in working time moves with the days, nothing else."
    )
    echo_table(MOVE_HEADINGS, [_moved(each) for each in plan.moves])


def _changed_day(each: PlannedDay) -> str:
    reason = f" ({each.reason})" if each.reason else ""
    return f"{roc_day(each.day)}: {_worked(each.was_working)} -> {_worked(each.is_working)}{reason}"


def _worked(is_working: bool) -> str:
    return (DayStatus.WORKING if is_working else DayStatus.OFF).label


def _moved(move: Move) -> tuple[str, ...]:
    return move.kind.label, move.number, move.what.label, _moment(move.before), _moment(move.after)


def _decision(row: VersionRow) -> tuple[str, ...]:
    was = row.was.label + (f"（{row.was_reason}）" if row.was_reason else "")
    return roc_day(row.day), row.status.label, row.reason, was, actor_words(row.decided_by), roc_moment(row.decided_at)


def _decisions(core: Core, begin: date, end: date) -> list[VersionRow]:
    """Return all of them, a page at a time."""
    if end < begin:
        raise InvalidInput("--to is before --from", field="--to")
    found: list[VersionRow] = []
    start: int | None = 0
    with core.reading(ACTOR, Door.COMMAND) as ctx:
        while start is not None:
            page = decisions(ctx, begin, end, start, ROWS_AT_MOST)
            found += page.rows
            start = page.next_start
    return found


def _moment(instant: datetime | None) -> str:
    """Return a day where a reminder waits for its digest, else the minute."""
    if instant is None:
        return "no more reminders"
    day = taipei_date(instant)
    return roc_day(day) + ("" if instant == start_of_day(day) else f" {instant.astimezone(TAIPEI):%H:%M}")
