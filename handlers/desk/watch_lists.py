"""The lists behind the numbers of 統計, as long as the numbers say (DUTY-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import request
from werkzeug.wrappers import Response

from core.context import Context
from core.duties.plans import DutyKind
from core.errors import NotFound
from core.helpdesk.models import HelpKind
from core.notices.figures import Fate
from core.watch.due import due_between
from core.watch.helpdesk import Clock, Outcome, Wanted, asked_among
from core.watch.kept import Wanted as LateWanted
from core.watch.kept import late_among
from core.watch.messages import SETTLED, messages_on
from handlers.desk import views
from handlers.desk.messages import REASONS
from handlers.desk.rows import of_duty, of_late
from handlers.desk.watch import asked_days

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)  # no instant of ours lies outside


@dataclass(frozen=True)
class AskedDays:
    """The days an address names, both among them; no last one: from the first on."""

    first: date
    last: date | None


def show_due(ctx: Context) -> Response:
    """Show what falls due within the days that the address names."""
    asked = spanned()
    found = due_between(ctx, asked.first, asked.last, views.start(), views.ROWS)
    return views.page(
        "watch_due.html",
        asked=asked,
        rows=tuple(of_duty(row) for row in found.rows),
        pager=views.pager(found.total, views.start(), len(found.rows)),
    )


def show_late(ctx: Context) -> Response:
    """Show what fell due within the days that the address names and was not done in time."""
    wanted = wanted_late()
    found = late_among(ctx, wanted, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("watch_late.html", wanted=wanted, rows=tuple(of_late(row) for row in found.rows), pager=pager)


def show_asked(ctx: Context) -> Response:
    """Show the helpdesk's requests behind a number."""
    wanted = wanted_requests()
    found = asked_among(ctx, wanted, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("watch_asked.html", wanted=wanted, rows=found.rows, pager=pager)


def show_messages(ctx: Context) -> Response:
    """Show the notices of a day that met a fate."""
    day, fate = named_day("day"), named_fate()
    found = messages_on(ctx, day, fate, views.start(), views.ROWS)
    pager = views.pager(found.total, views.start(), len(found.rows))
    return views.page("watch_messages.html", day=day, fate=fate, rows=found.rows, words=REASONS, pager=pager)


def spanned() -> AskedDays:
    """Return the days an address names; raises ``NotFound`` for what is none."""
    return AskedDays(named_day("first"), named_day("last") if request.args.get("last") else None)


def wanted_late() -> LateWanted:
    """Return the days and the kind an address names; raises ``NotFound`` for what names none."""
    return LateWanted(named_day("first"), named_day("last"), views.asked_member(DutyKind, "kind"))


def wanted_requests() -> Wanted:
    """Return which requests an address names; raises ``NotFound`` for what names none."""
    kind = views.asked_member(HelpKind, "kind")
    return Wanted(asked_days(), kind, views.asked_member(Clock, "clock"), views.asked_member(Outcome, "outcome"))


def named_fate() -> Fate:
    """Return the fate an address names; raises ``NotFound`` for one that no day has."""
    fate = views.asked_member(Fate, "fate")
    if fate not in SETTLED:
        raise NotFound
    return fate


def named_day(name: str) -> date:
    """Return the day an address names, as 2026-03-04; raises ``NotFound`` for what is none."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError as error:
        raise NotFound from error
    if not FIRST <= day <= LAST:
        raise NotFound
    return day
