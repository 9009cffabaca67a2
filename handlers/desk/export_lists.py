"""The lists of the desk that can be taken out as files, by the name in the address.

Each asks the same question as its page, with what the address says of it, so a file is as long as the number (DUTY-2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from flask import request

from core.accounts.looking import list_units, search_accounts
from core.accounts.registration.models import RegistrationState
from core.accounts.registration.queries import queued_registrations
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.queries import queued_requests
from core.checks.models import CheckBucket
from core.checks.queries import in_bucket as checks_in
from core.context import Context
from core.dates import roc
from core.dispatches.models import DispatchBucket
from core.dispatches.queries import in_bucket as dispatches_in
from core.duties.queries import Owed
from core.duties.watch import Count, owed_at, watch
from core.errors import NotFound
from core.exports.names import checked_names, served_names
from core.exports.service import Source
from core.helpdesk.queries import DeskList, in_list
from core.notices.figures import Fate, notices_of
from core.paging import Page
from core.watch.due import due_between
from core.watch.helpdesk import asked_among
from core.watch.kept import late_among
from core.watch.messages import messages_on
from handlers.desk import export_columns as columns
from handlers.desk import views, watch_lists
from handlers.desk.duties import asked_place
from handlers.desk.export_columns import each, source
from handlers.desk.rows import ListRow, of_check, of_dispatch, of_duty, of_late

Member = TypeVar("Member")
LONGEST = 100  # characters of what is looked for


@dataclass(frozen=True)
class Listed:
    """A list that can be taken out, and the same with whole names, where they may stand in it."""

    source: Callable[[], Source]
    named: Callable[[], Source] | None = None


def listed(name: str) -> Listed:
    """Return the list of a name; raises ``NotFound`` for none of ours."""
    found = _LISTS.get(name)
    if found is None:
        raise NotFound
    return found


def _duties() -> Source:
    place = asked_place()
    late = request.args.get("late") == "1"
    title = "已逾期待辦清單" if late else "待辦清單"

    def ask(ctx: Context, start: int, limit: int) -> Page[ListRow]:
        return _owed(owed_at(ctx, place, start, limit, late_only=late).owed, start)

    return source("duties", title, columns.DUTIES, ask)


def _due() -> Source:
    asked = watch_lists.spanned()

    def ask(ctx: Context, start: int, limit: int) -> Page[ListRow]:
        return _owed(due_between(ctx, asked.first, asked.last, start, limit), start)

    return source("due", f"到期待辦清單（{roc(asked.first)} 起）", columns.DUTIES, ask)


def _kept() -> Source:
    wanted = watch_lists.wanted_late()
    kind = wanted.kind.label if wanted.kind else "待辦"
    return source(
        "kept",
        f"沒有準時完成的{kind}（{roc(wanted.first)}–{roc(wanted.last)} 到期）",
        columns.DUTIES,
        lambda ctx, start, limit: each(late_among(ctx, wanted, start, limit), of_late),
    )


def _dispatches(*, names: bool = False) -> Source:
    bucket = _member(views.asked_member(DispatchBucket, "bucket"))

    def ask(ctx: Context, start: int, limit: int) -> Page[ListRow]:
        found = dispatches_in(ctx, bucket, start, limit)
        whole = served_names(ctx, [row.dispatch_id for row in found.rows]) if names else {}
        return each(found, lambda row: _named(of_dispatch(row, ctx.now), whole.get(row.dispatch_id)))

    made = source(f"dispatches:{bucket}", f"派案回覆：{bucket.label}", columns.DUTIES, ask)
    return replace(made, has_names=names)


def _checks(*, names: bool = False) -> Source:
    bucket = _member(views.asked_member(CheckBucket, "bucket"))

    def ask(ctx: Context, start: int, limit: int) -> Page[ListRow]:
        found = checks_in(ctx, bucket, start, limit)
        whole = checked_names(ctx, [row.number for row in found.rows]) if names else {}
        return each(found, lambda row: _named(of_check(row, ctx.now), whole.get(row.number)))

    made = source(f"checks:{bucket}", f"幸福保衛站檢核：{bucket.label}", columns.DUTIES, ask)
    return replace(made, has_names=names)


def _requests() -> Source:
    kind = views.asked_member(RequestKind, "kind")
    state = views.asked_member(RequestState, "state") or RequestState.FILED
    return source(
        f"requests:{state}",
        f"申請審核：{state.label}",
        columns.REQUESTS,
        lambda ctx, start, limit: queued_requests(ctx, kind, state, start, limit),
    )


def _registrations() -> Source:
    state = views.asked_member(RegistrationState, "state") or RegistrationState.FILED
    return source(
        f"registrations:{state}",
        f"帳號申請：{state.label}",
        columns.REGISTRATIONS,
        lambda ctx, start, limit: queued_registrations(ctx, state, start, limit),
    )


def _accounts() -> Source:
    typed = request.args.get("code", "")[:LONGEST].strip()
    return source(
        "accounts",
        "帳號清單",
        columns.ACCOUNTS,
        lambda ctx, start, limit: search_accounts(ctx, typed, start, limit),
    )


def _units() -> Source:
    typed = request.args.get("name", "")[:LONGEST].strip()
    return source(
        "units",
        "單位清單",
        columns.UNITS,
        lambda ctx, start, limit: list_units(ctx, typed, start, limit),
    )


def _bureaus() -> Source:
    def ask(ctx: Context, start: int, limit: int) -> Page[Count]:
        found = watch(ctx, None, 0, 1).bureaus
        return Page(len(found), tuple(found[start : start + limit]), start)

    return source("bureaus", "各局處待辦與逾期", columns.COUNTS, ask)


def _late_units() -> Source:
    bureau = views.asked_id("bureau")
    return source(
        "late_units",
        "各單位待辦與逾期",
        columns.COUNTS,
        lambda ctx, start, limit: watch(ctx, bureau, start, limit).units,
    )


def _messages() -> Source:
    fate, reason = _member(views.asked_member(Fate, "fate")), request.args.get("reason")
    return source(
        f"messages:{fate}",
        f"訊息：{fate.label}",
        columns.MESSAGES,
        lambda ctx, start, limit: notices_of(ctx, fate, reason, start, limit),
    )


def _day_messages() -> Source:
    day, fate = watch_lists.named_day("day"), watch_lists.named_fate()
    return source(
        f"messages:{day}:{fate}",
        f"{roc(day)} 的訊息：{fate.label}",
        columns.MESSAGES,
        lambda ctx, start, limit: messages_on(ctx, day, fate, start, limit),
    )


def _help() -> Source:
    which = views.asked_member(DeskList, "list") or DeskList.UNSOLVED
    return source(
        f"help:{which}",
        f"客服提問：{which.label}",
        columns.HELP,
        lambda ctx, start, limit: in_list(ctx, which, start, limit),
    )


def _asked() -> Source:
    wanted = watch_lists.wanted_requests()
    return source(
        "asked",
        f"最近 {wanted.days} 天的客服提問",
        columns.HELP,
        lambda ctx, start, limit: asked_among(ctx, wanted, start, limit),
    )


def _owed(owed: Owed, start: int) -> Page[ListRow]:
    return Page(owed.total, tuple(of_duty(row) for row in owed.rows), start)


def _named(row: ListRow, name: str | None) -> ListRow:
    return row if name is None else replace(row, child=name)


def _member(found: Member | None) -> Member:
    if found is None:
        raise NotFound
    return found


_LISTS = {
    "duties": Listed(_duties),
    "due": Listed(_due),
    "kept": Listed(_kept),
    "dispatches": Listed(_dispatches, lambda: _dispatches(names=True)),
    "checks": Listed(_checks, lambda: _checks(names=True)),
    "requests": Listed(_requests),
    "registrations": Listed(_registrations),
    "accounts": Listed(_accounts),
    "units": Listed(_units),
    "bureaus": Listed(_bureaus),
    "late_units": Listed(_late_units),
    "messages": Listed(_messages),
    "day_messages": Listed(_day_messages),
    "help": Listed(_help),
    "asked": Listed(_asked),
}
