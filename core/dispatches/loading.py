"""A dispatch and its forms, loaded for whoever is to change them: behind the gate, and locked."""

from __future__ import annotations

from sqlalchemy import select

from core.access import Action, require
from core.accounts.models import Account
from core.context import Context
from core.dispatches.models import Assessment, Dispatch, FormState, Reply
from core.dispatches.refusals import SOMEBODY
from core.errors import NotFound
from core.masking import mask_name


def locked(ctx: Context, dispatch_id: int, action: Action) -> Dispatch:
    """Return a dispatch as it is now, and keep others from it until the transaction ends.

    Raises ``NotAllowed`` without the permission, ``NotFound`` for another unit's.
    """
    require(ctx.actor, action)
    asked = select(Dispatch).where(Dispatch.id == dispatch_id).with_for_update(of=Dispatch)
    row = ctx.session.scalar(asked.execution_options(populate_existing=True))
    if row is None:
        raise NotFound
    require(ctx.actor, action, row.unit_id)
    return row


def assessment_of(ctx: Context, dispatch_id: int) -> Assessment | None:
    """Return the assessment of a dispatch, draft or submitted."""
    return ctx.session.scalar(select(Assessment).where(Assessment.dispatch_id == dispatch_id))


def reply_in(ctx: Context, dispatch_id: int, *states: FormState) -> Reply | None:
    """Return the newest reply to a dispatch that stands in one of these states."""
    asked = select(Reply).where(Reply.dispatch_id == dispatch_id, Reply.state.in_(states))
    return ctx.session.scalar(asked.order_by(Reply.id.desc()).limit(1))


def who(ctx: Context, account_id: int | None) -> str:
    """Return an account's masked name."""
    account = ctx.session.get(Account, account_id) if account_id is not None else None
    return mask_name(ctx.vault.open(account.name)) if account else SOMEBODY
