"""Taking a list out as a file: limited, with a reason, marked, audited, and told of when it is much (A64)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select

from core.access import account_of
from core.accounts.models import Account
from core.clock import start_of_day
from core.context import Context
from core.errors import RulesBroken
from core.exports import rules
from core.exports.models import Export
from core.exports.notices import marks
from core.exports.rules import Taken
from core.exports.sheets import Cell, Sheet, workbook
from core.paging import ROWS_AT_MOST, Page

WHAT_AT_MOST = 60
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Source:
    """A list that can be taken out: its name for the register, its title, its headings, and its rows a page at a time.

    ``page`` asks the same question as the screen that shows the list, for the same actor: what it may not show it does
    not give, and what it gives is audited there too.
    """

    what: str
    title: str
    headings: tuple[str, ...]
    page: Callable[[Context, int, int], Page[tuple[Cell, ...]]]
    has_names: bool = False


@dataclass(frozen=True)
class File:
    """A list as a file."""

    number: int
    """In the register."""
    content: bytes
    rows: int
    at: datetime


def export(ctx: Context, source: Source, reason: str) -> File:
    """Take a list out, whole; raises ``RulesBroken`` without a reason, for too many rows or too many files a day."""
    account_id = _locked_account(ctx)
    total = source.page(ctx, 0, 1).total
    today = _taken_today(ctx, account_id)
    broken = rules.broken_by(reason, total, today, ctx.policy)
    if broken:
        raise RulesBroken(broken)
    found = _all_rows(ctx, source)
    row = Export(
        account_id=account_id,
        at=ctx.now,
        what=source.what[:WHAT_AT_MOST],
        rows=len(found),
        reason=ctx.vault.seal(reason.strip()),
        has_names=source.has_names,
        is_large=rules.is_large(len(found), today, ctx.policy),
    )
    ctx.session.add(row)
    ctx.session.flush()
    _tell(ctx, row)
    return File(row.id, _content(ctx, source, row, found), row.rows, ctx.now)


def counted(ctx: Context, source: Source) -> int:
    """Return how many rows a list has, for who is about to take it out."""
    return source.page(ctx, 0, 1).total


def _locked_account(ctx: Context) -> int:
    """Return who asks; their row is locked, so that two files at once are counted one after the other."""
    account_id = account_of(ctx.actor)
    ctx.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    return account_id


def _taken_today(ctx: Context, account_id: int) -> Taken:
    found = ctx.session.execute(
        select(func.count(), func.coalesce(func.sum(Export.rows), 0)).where(
            Export.account_id == account_id, Export.at >= start_of_day(ctx.today)
        )
    ).one()
    return Taken(found[0], found[1])


def _all_rows(ctx: Context, source: Source) -> tuple[tuple[Cell, ...], ...]:
    """Return all rows, page after page; never more than may be taken out, whatever comes in meanwhile."""
    found: list[tuple[Cell, ...]] = []
    while len(found) < ctx.policy.export_rows_at_most:
        page = source.page(ctx, len(found), ROWS_AT_MOST)
        found += page.rows
        if not page.rows or len(found) >= page.total:
            break
    return tuple(found[: ctx.policy.export_rows_at_most])


def _tell(ctx: Context, row: Export) -> None:
    ctx.note("list_exported", f"export:{row.id}", ("names",) if row.has_names else ("masked",))
    if row.is_large:
        ctx.note("export_alarm", f"export:{row.id}")
        log.warning("export.large", export=row.id, rows=row.rows, names=row.has_names)


def _content(ctx: Context, source: Source, row: Export, found: tuple[tuple[Cell, ...], ...]) -> bytes:
    told = marks(ctx.actor.name, row, ctx.vault.open(row.reason))
    return workbook(Sheet(source.title, told, source.headings, found), ctx.actor.name, ctx.now)
