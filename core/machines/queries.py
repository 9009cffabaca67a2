"""What is asked about keys of other systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action, require
from core.context import Context
from core.machines.models import ApiKey, Scope

KEYS_AT_MOST = 200


@dataclass(frozen=True)
class KeyRow:
    """A key as it is listed; the key itself is nowhere."""

    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def list_keys(ctx: Context) -> tuple[KeyRow, ...]:
    """Return the keys, newest first, revoked ones among them."""
    require(ctx.actor, Action.KEEP_KEYS)
    rows = ctx.session.scalars(select(ApiKey).order_by(ApiKey.id.desc()).limit(KEYS_AT_MOST))
    return tuple(KeyRow(row.name, row.opens, row.created_at, row.last_used_at, row.revoked_at) for row in rows)
