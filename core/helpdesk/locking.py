"""Taking a request to change it: its row is locked until the transaction ends, and its state is one we know."""

from __future__ import annotations

from sqlalchemy import select

from core.context import Context
from core.errors import Conflict, NotFound
from core.helpdesk.models import HelpRequest, HelpState
from core.helpdesk.refusals import NEWER_STATE


def locked_request(ctx: Context, number: int) -> HelpRequest:
    """Return a request, locked and as it is now; raises ``NotFound``."""
    row = ctx.session.scalar(
        select(HelpRequest).where(HelpRequest.id == number).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def refuse_newer(row: HelpRequest) -> None:
    """Pass where the state is known here, else raise ``Conflict``: a newer version's is not overwritten (A61)."""
    if row.state not in tuple(HelpState):
        raise Conflict(NEWER_STATE)
