"""The lists of the desk that can be taken out as files: their headings, and a row as cells, as the screen reads them.

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
from core.checks.queries import CheckRow
from core.checks.queries import in_bucket as checks_in
from core.context import Context
from core.dates import roc, roc_moment
from core.dispatches.models import DispatchBucket
from core.dispatches.queries import DispatchRow
from core.dispatches.queries import in_bucket as dispatches_in
from core.duties.watch import Count, Place, owed_at, watch
from core.errors import NotFound
from core.exports.names import checked_names, served_names
from core.exports.service import Source
from core.exports.sheets import Cell
from core.helpdesk.queries import DeskList, RequestRow, in_list
from core.notices.figures import Fate, NoticeRow, notices_of
from core.paging import Page
from core.watch.due import due_between
from core.watch.helpdesk import asked_among
from core.watch.messages import messages_on
from handlers.desk import texts, views, watch_lists
from handlers.desk.messages import REASONS
from handlers.desk.rows import ListRow, of_check, of_dispatch, of_duty

Row = TypeVar("Row")
Cells = tuple[Cell, ...]
LONGEST = 100  # characters of what is looked for
HEADINGS = ("編號", "對象", "單位", "事項", "期限", "狀態", "接下來")
COUNTS = ("名稱", "待辦", "已逾期")
MESSAGES = ("時間", "帳號", "通知", "方式", "結果", "原因")
HELP = ("編號", "種類", "狀態", "主旨", "提問人", "單位", "承辦客服", "提出時間")


@dataclass(frozen=True)
class Listed:
    """A list that can be taken out, and whether whole names may stand in it."""

    source: Callable[[], Source]
    named: Callable[[Source], Source] | None = None


def listed(name: str) -> Listed:
    """Return the list of a name; raises ``NotFound`` for none of ours."""
    found = _LISTS.get(name)
    if found is None:
        raise NotFound
    return found


def _duties() -> Source:
    place = Place(views.asked_id("unit"), views.asked_id("bureau"))
    late = request.args.get("late") == "1"

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        owed = owed_at(ctx, place, start, limit, late_only=late).owed
        return Page(owed.total, tuple(_cells(of_duty(row)) for row in owed.rows), start)

    return Source("duties", "已逾期待辦清單" if late else "待辦清單", HEADINGS, page)


def _due() -> Source:
    asked = watch_lists.spanned()

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        owed = due_between(ctx, asked.first, asked.last, start, limit)
        return Page(owed.total, tuple(_cells(of_duty(row)) for row in owed.rows), start)

    return Source("due", f"到期待辦清單（{roc(asked.first)} 起）", HEADINGS, page)


def _dispatches() -> Source:
    bucket = _member(views.asked_member(DispatchBucket, "bucket"))

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(dispatches_in(ctx, bucket, start, limit), lambda row: _cells(of_dispatch(row, ctx.now)))

    return Source(f"dispatches:{bucket}", f"派案回覆：{bucket.label}", HEADINGS, page)


def _named_dispatches(source: Source) -> Source:
    bucket = _member(views.asked_member(DispatchBucket, "bucket"))

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        found = dispatches_in(ctx, bucket, start, limit)
        names = served_names(ctx, [row.dispatch_id for row in found.rows])

        def cells(row: DispatchRow) -> Cells:
            shown = of_dispatch(row, ctx.now)
            return _cells(replace(shown, child=names.get(row.dispatch_id, shown.child)))

        return _paged(found, cells)

    return replace(source, page=page, has_names=True)


def _checks() -> Source:
    bucket = _member(views.asked_member(CheckBucket, "bucket"))

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(checks_in(ctx, bucket, start, limit), lambda row: _cells(of_check(row, ctx.now)))

    return Source(f"checks:{bucket}", f"幸福保衛站檢核：{bucket.label}", HEADINGS, page)


def _named_checks(source: Source) -> Source:
    bucket = _member(views.asked_member(CheckBucket, "bucket"))

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        found = checks_in(ctx, bucket, start, limit)
        names = checked_names(ctx, [row.number for row in found.rows])

        def cells(row: CheckRow) -> Cells:
            shown = of_check(row, ctx.now)
            return _cells(replace(shown, child=names.get(row.number, shown.child)))

        return _paged(found, cells)

    return replace(source, page=page, has_names=True)


def _requests() -> Source:
    kind = views.asked_member(RequestKind, "kind")
    state = views.asked_member(RequestState, "state") or RequestState.FILED

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(
            queued_requests(ctx, kind, state, start, limit),
            lambda row: (
                row.number,
                row.kind.label,
                row.state.label,
                row.code,
                row.unit_name,
                roc_moment(row.filed_at),
            ),
        )

    headings = ("編號", "種類", "狀態", "帳號", "單位", "送出時間")
    return Source(f"requests:{state}", f"申請審核：{state.label}", headings, page)


def _registrations() -> Source:
    state = views.asked_member(RegistrationState, "state") or RegistrationState.FILED

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(
            queued_registrations(ctx, state, start, limit),
            lambda row: (
                row.number,
                row.state.label,
                row.code,
                row.unit_name,
                row.role.label,
                roc_moment(row.filed_at),
            ),
        )

    headings = ("編號", "狀態", "帳號", "單位", "角色", "送出時間")
    return Source(f"registrations:{state}", f"帳號申請：{state.label}", headings, page)


def _accounts() -> Source:
    typed = request.args.get("code", "")[:LONGEST].strip()

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(
            search_accounts(ctx, typed, start, limit),
            lambda row: (row.code, row.name, row.unit_name, row.role.label, texts.STANDINGS[row.standing],
                         roc(row.ends_on)),
        )  # fmt: skip

    return Source("accounts", "帳號清單", ("帳號", "姓名", "單位", "角色", "狀態", "到期日期"), page)


def _units() -> Source:
    typed = request.args.get("name", "")[:LONGEST].strip()

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(
            list_units(ctx, typed, start, limit),
            lambda row: (row.code, row.name, row.kind.label, row.over, row.accounts),
        )

    return Source("units", "單位清單", ("代碼", "名稱", "類別", "上級單位", "使用中帳號"), page)


def _bureaus() -> Source:
    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        found = watch(ctx, None, 0, 1).bureaus
        return Page(len(found), tuple(_count(each) for each in found[start : start + limit]), start)

    return Source("bureaus", "各局處待辦與逾期", COUNTS, page)


def _late_units() -> Source:
    bureau = views.asked_id("bureau")

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(watch(ctx, bureau, start, limit).units, _count)

    return Source("late_units", "各單位待辦與逾期", COUNTS, page)


def _messages() -> Source:
    fate, reason = _member(views.asked_member(Fate, "fate")), request.args.get("reason")

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(notices_of(ctx, fate, reason, start, limit), _message)

    return Source(f"messages:{fate}", f"訊息：{fate.label}", MESSAGES, page)


def _day_messages() -> Source:
    day, fate = watch_lists.named_day("day"), watch_lists.named_fate()

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(messages_on(ctx, day, fate, start, limit), _message)

    return Source(f"messages:{day}:{fate}", f"{roc(day)} 的訊息：{fate.label}", MESSAGES, page)


def _help() -> Source:
    which = views.asked_member(DeskList, "list") or DeskList.ALL

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(in_list(ctx, which, start, limit), _request)

    return Source(f"help:{which}", f"客服案件：{which.label}", HELP, page)


def _asked() -> Source:
    wanted = watch_lists.wanted_requests()

    def page(ctx: Context, start: int, limit: int) -> Page[Cells]:
        return _paged(asked_among(ctx, wanted, start, limit), _request)

    return Source("asked", f"最近 {wanted.days} 天的客服案件", HELP, page)


def _paged(page: Page[Row], cells: Callable[[Row], Cells]) -> Page[Cells]:
    return Page(page.total, tuple(cells(row) for row in page.rows), page.start)


def _cells(row: ListRow) -> Cells:
    return row.number, row.child, row.unit_name, row.what, row.due, row.left, row.following


def _count(count: Count) -> Cells:
    return count.name, count.owed, count.late


def _message(row: NoticeRow) -> Cells:
    reason = REASONS.get(row.reason, row.reason)
    return roc_moment(row.at), row.account, row.kind.label, row.via.label, row.state.label, reason


def _request(row: RequestRow) -> Cells:
    asked = roc_moment(row.asked_at)
    return row.number, row.kind.label, row.state.label, row.subject, row.who, row.unit_name, row.agent, asked


def _member(found: Row | None) -> Row:
    if found is None:
        raise NotFound
    return found


_LISTS = {
    "duties": Listed(_duties),
    "due": Listed(_due),
    "dispatches": Listed(_dispatches, _named_dispatches),
    "checks": Listed(_checks, _named_checks),
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
