"""The columns of the lists that can be taken out: each heading with what stands under it, once for all lists alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.accounts.looking import FoundAccount, UnitLine
from core.accounts.registration.queries import QueuedRegistration
from core.accounts.requests.queries import QueuedRequest
from core.context import Context
from core.dates import roc, roc_moment
from core.duties.watch import Count
from core.exports.service import Source
from core.exports.sheets import Cell
from core.helpdesk.queries import RequestRow
from core.notices.figures import NoticeRow
from core.paging import Page
from handlers.desk import texts
from handlers.desk.messages import REASONS
from handlers.desk.rows import ListRow

Row = TypeVar("Row")
Other = TypeVar("Other")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A heading, and how a row's cell under it is read."""

    heading: str
    cell: Callable[[Row], Cell]


DUTIES = (
    Column[ListRow]("編號", lambda row: row.number),
    Column[ListRow]("對象", lambda row: row.child),
    Column[ListRow]("單位", lambda row: row.unit_name),
    Column[ListRow]("事項", lambda row: row.what),
    Column[ListRow]("期限", lambda row: row.due),
    Column[ListRow]("狀態", lambda row: row.left),
    Column[ListRow]("接下來", lambda row: row.following),
)
COUNTS = (
    Column[Count]("名稱", lambda row: row.name),
    Column[Count]("待辦", lambda row: row.owed),
    Column[Count]("已逾期", lambda row: row.late),
)
MESSAGES = (
    Column[NoticeRow]("時間", lambda row: roc_moment(row.at)),
    Column[NoticeRow]("帳號", lambda row: row.account),
    Column[NoticeRow]("通知", lambda row: row.kind.label),
    Column[NoticeRow]("方式", lambda row: row.way),
    Column[NoticeRow]("結果", lambda row: row.state.label),
    Column[NoticeRow]("原因", lambda row: REASONS.get(row.reason, row.reason)),
)
HELP = (
    Column[RequestRow]("編號", lambda row: row.number),
    Column[RequestRow]("種類", lambda row: row.kind.label),
    Column[RequestRow]("狀態", lambda row: row.state.label),
    Column[RequestRow]("主旨", lambda row: row.subject),
    Column[RequestRow]("提問人", lambda row: row.who),
    Column[RequestRow]("單位", lambda row: row.unit_name),
    Column[RequestRow]("承辦客服", lambda row: row.agent),
    Column[RequestRow]("提出時間", lambda row: roc_moment(row.asked_at)),
)
REQUESTS = (
    Column[QueuedRequest]("編號", lambda row: row.number),
    Column[QueuedRequest]("種類", lambda row: row.kind.label),
    Column[QueuedRequest]("狀態", lambda row: row.state.label),
    Column[QueuedRequest]("帳號", lambda row: row.code),
    Column[QueuedRequest]("單位", lambda row: row.unit_name),
    Column[QueuedRequest]("送出時間", lambda row: roc_moment(row.filed_at)),
)
REGISTRATIONS = (
    Column[QueuedRegistration]("編號", lambda row: row.number),
    Column[QueuedRegistration]("狀態", lambda row: row.state.label),
    Column[QueuedRegistration]("帳號", lambda row: row.code),
    Column[QueuedRegistration]("單位", lambda row: row.unit_name),
    Column[QueuedRegistration]("角色", lambda row: row.role.label),
    Column[QueuedRegistration]("送出時間", lambda row: roc_moment(row.filed_at)),
)
ACCOUNTS = (
    Column[FoundAccount]("帳號", lambda row: row.code),
    Column[FoundAccount]("姓名", lambda row: row.name),
    Column[FoundAccount]("單位", lambda row: row.unit_name),
    Column[FoundAccount]("角色", lambda row: row.role.label),
    Column[FoundAccount]("狀態", lambda row: texts.STANDINGS[row.standing]),
    Column[FoundAccount]("到期日期", lambda row: roc(row.ends_on)),
)
UNITS = (
    Column[UnitLine]("代碼", lambda row: row.code),
    Column[UnitLine]("名稱", lambda row: row.name),
    Column[UnitLine]("類別", lambda row: row.kind.label),
    Column[UnitLine]("上級單位", lambda row: row.over),
    Column[UnitLine]("使用中帳號", lambda row: row.accounts),
)


def source(
    what: str, title: str, columns: tuple[Column[Row], ...], ask: Callable[[Context, int, int], Page[Row]]
) -> Source:
    """Return a list as it is taken out: what ``ask`` gives a page at a time, under these columns."""

    def page(ctx: Context, start: int, limit: int) -> Page[tuple[Cell, ...]]:
        return each(ask(ctx, start, limit), lambda row: tuple(column.cell(row) for column in columns))

    return Source(what, title, tuple(column.heading for column in columns), page)


def each(page: Page[Row], made: Callable[[Row], Other]) -> Page[Other]:
    """Return a page with something made of each of its rows."""
    return Page(page.total, tuple(made(row) for row in page.rows), page.start)
