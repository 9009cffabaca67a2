"""What a mail about a request leads to: its page, for who has no chat with us (HELP-2, HELP-5).

The address is signed with the server's key, so whoever has the mail has the page: it ends some months after the request
was solved. The page shows how the requests of that mailbox stand, and no word that was written in them; it takes more
words, and a rating. Opening it changes nothing, since mail filters open links too.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from core.context import Context
from core.errors import NotFound, RuleBroken
from core.helpdesk.entries import Written
from core.helpdesk.hours import ONE_HOUR
from core.helpdesk.locking import locked_request
from core.helpdesk.models import HelpEntry, HelpRequest, HelpState, Side
from core.helpdesk.queries import OwnHelp, own_row
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.rules import may_reopen
from core.helpdesk.service import Asked, check_text, expected, rate_row, reopen_by_asker, write_into
from core.secrets import Vault

OTHERS_AT_MOST = 10


@dataclass(frozen=True)
class Followed:
    """A request as its page shows it to who asked."""

    request: OwnHelp
    rating: int | None
    may_write: bool
    """Whether more words are taken: those to one solved within the last days open it again."""
    others: tuple[OwnHelp, ...]
    """Further requests of the same mailbox, newest first."""


def follow_path(vault: Vault, number: int) -> str:
    """Return the path of a request's page."""
    return f"/p/help/{number}/{_signature(vault, number)}"


def followed(ctx: Context, number: int, signature: str) -> Followed:
    """Return a request for its page; raises ``NotFound`` for an address that was not signed here, or has ended."""
    _check_signature(ctx, number, signature)
    row = ctx.session.get(HelpRequest, number)
    if row is None:
        raise NotFound
    _check_end(ctx, row)
    return Followed(own_row(ctx, row), row.rating, _may_write(ctx, row), tuple(_others(ctx, row)))


def write_more(ctx: Context, number: int, signature: str, text: str) -> Asked:
    """Add words to a request; one that was solved opens again. Return until when an answer can be expected.

    Raises ``NotFound``; ``RuleBroken`` for a blank or endless text, too many within an hour, one solved too long ago.
    """
    _check_signature(ctx, number, signature)
    row, written = locked_request(ctx, number), Written(text)
    _check_end(ctx, row)
    check_text(written)
    if _lately(ctx, number) >= ctx.policy.help_more_an_hour:
        raise RuleBroken(HelpRefusal.TOO_MANY.broken())
    if row.state is HelpState.SOLVED:
        reopen_by_asker(ctx, row)
    write_into(ctx, row, written)
    ctx.note("help.written", f"help:{row.id}", ("text",))
    ctx.session.flush()
    return Asked(row.id, row.kind, expected(ctx, row) or ctx.now)


def rate_followed(ctx: Context, number: int, signature: str, *, helped: bool) -> None:
    """Keep whether it helped; raises ``NotFound``, and ``RuleBroken`` before it is solved."""
    _check_signature(ctx, number, signature)
    row = locked_request(ctx, number)
    _check_end(ctx, row)
    rate_row(ctx, row, helped=helped)


def _signature(vault: Vault, number: int) -> str:
    return vault.derive("help-page", str(number)).hex()


def _check_signature(ctx: Context, number: int, signature: str) -> None:
    if not hmac.compare_digest(signature.encode(), _signature(ctx.vault, number).encode()):
        raise NotFound


def _check_end(ctx: Context, row: HelpRequest) -> None:
    if row.solved_at is not None and ctx.now >= row.solved_at + timedelta(days=ctx.policy.help_page_days):
        raise NotFound


def _may_write(ctx: Context, row: HelpRequest) -> bool:
    return row.solved_at is None or may_reopen(row.solved_at, ctx.now, ctx.policy)


def _lately(ctx: Context, number: int) -> int:
    theirs = (HelpEntry.request_id == number, HelpEntry.side == Side.USER, HelpEntry.at > ctx.now - ONE_HOUR)
    return ctx.session.scalar(select(func.count()).select_from(HelpEntry).where(*theirs)) or 0


def _others(ctx: Context, row: HelpRequest) -> Sequence[OwnHelp]:
    if row.email_key is None:
        return ()
    same = (HelpRequest.email_key == row.email_key, HelpRequest.id != row.id)
    rows = ctx.session.scalars(select(HelpRequest).where(*same).order_by(HelpRequest.id.desc()).limit(OTHERS_AT_MOST))
    return [own_row(ctx, each) for each in rows]
