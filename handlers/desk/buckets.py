"""The list behind each number of 總覽: the rows of one bucket, as many as the number says (DUTY-2)."""

from __future__ import annotations

from typing import TypeVar

from werkzeug.wrappers import Response

from core.checks import queries as checks
from core.checks.models import CheckBucket
from core.context import Context
from core.dispatches import queries as dispatches
from core.dispatches.models import DispatchBucket
from core.errors import NotFound
from core.labels import Labelled
from handlers.desk import views
from handlers.desk.rows import ListRow, of_check, of_dispatch

B = TypeVar("B", bound=Labelled)


def show_dispatches(ctx: Context, bucket: str) -> Response:
    """Show a bucket of dispatches."""
    which = _named(DispatchBucket, bucket)
    page = dispatches.in_bucket(ctx, which, views.start(), views.ROWS)
    return _list("派案回覆", which, tuple(of_dispatch(row, ctx.now) for row in page.rows), page.total)


def show_checks(ctx: Context, bucket: str) -> Response:
    """Show a bucket of meal-station checks."""
    which = _named(CheckBucket, bucket)
    page = checks.in_bucket(ctx, which, views.start(), views.ROWS)
    return _list("幸福保衛站檢核", which, tuple(of_check(row, ctx.now) for row in page.rows), page.total)


def _list(area: str, bucket: Labelled, rows: tuple[ListRow, ...], total: int) -> Response:
    pager = views.pager(total, views.start(), len(rows))
    return views.page("bucket.html", area=area, label=bucket.label, rows=rows, pager=pager)


def _named(buckets: type[B], value: str) -> B:
    found = next((bucket for bucket in buckets if bucket.value == value), None)
    if found is None:
        raise NotFound
    return found
