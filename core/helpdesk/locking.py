"""Taking a request to change it: its row is locked until the transaction ends."""

from __future__ import annotations

from sqlalchemy import select

from core.context import Context
from core.errors import NotFound
from core.helpdesk.models import HelpRequest


def locked_request(ctx: Context, number: int) -> HelpRequest:
    """Return a request, locked and as it is now; raises ``NotFound``."""
    row = ctx.session.scalar(
        select(HelpRequest).where(HelpRequest.id == number).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row
