"""Keys of other systems: made, revoked, and what happens when one is shown at the door.

A key is shown once, when it is made; kept is its keyed hash. How fast it may call is kept with it in the database, so
that any number of processes count together, and where the database does not answer nobody gets in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action, Actor, Units, require
from core.context import Context
from core.machines import rules
from core.machines.models import BETWEEN, ApiKey, Scope
from core.machines.refusals import Wrong
from core.secrets import new_token

PREFIX = "fd_"
"""What every key begins with, so that one that was published by mistake is found."""


@dataclass(frozen=True)
class NewKey:
    """A key that was just made; ``text`` is nowhere else."""

    name: str
    text: str


@dataclass(frozen=True)
class TooFast:
    """The key calls faster than it may; ``until`` is the first moment at which it will be heard."""

    until: datetime


def create_key(ctx: Context, name: str, scopes: Collection[Scope]) -> NewKey:
    """Make a key for another system; raises ``InvalidInput`` for a name that is none or is in use, or no scope."""
    require(ctx.actor, Action.KEEP_KEYS)
    if not rules.is_name(name):
        raise Wrong.NAME.error("NAME")
    if not scopes:
        raise Wrong.NO_SCOPE.error("--scope")
    if _live(ctx, name) is not None:
        raise Wrong.NAME_USED.error("NAME")
    text = PREFIX + new_token()
    written = BETWEEN.join(sorted(scopes))
    ctx.session.add(ApiKey(name=name, key_hash=_hash(ctx, text), scopes=written, created_at=ctx.now))
    ctx.note("create_key", f"api_key:{name}", ("scopes",))
    return NewKey(name, text)


def revoke_key(ctx: Context, name: str) -> None:
    """Revoke a key: from now on it opens nothing. Raises ``InvalidInput`` where no live key has this name."""
    require(ctx.actor, Action.KEEP_KEYS)
    row = _live(ctx, name)
    if row is None:
        raise Wrong.NOT_THERE.error("NAME")
    row.revoked_at = ctx.now
    ctx.note("revoke_key", f"api_key:{name}")


def enter(ctx: Context, text: str) -> Actor | TooFast | None:
    """Return who shows a key, as it may act now; None for a key that is none, or was revoked.

    The call is counted, and the key's last use noted.
    """
    row = ctx.session.scalar(
        select(ApiKey)
        .where(ApiKey.key_hash == _hash(ctx, text), ApiKey.revoked_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return None
    row.last_used_at = ctx.now
    admitted = rules.admit(row.full_until, ctx.now, ctx.policy)
    if isinstance(admitted, rules.Wait):
        return TooFast(admitted.until)
    row.full_until = admitted.full_until
    return Actor(name=f"api:{row.name}", units=Units(everything=True), key_id=row.id, scopes=row.opens)


def _live(ctx: Context, name: str) -> ApiKey | None:
    return ctx.session.scalar(select(ApiKey).where(ApiKey.name == name, ApiKey.revoked_at.is_(None)))


def _hash(ctx: Context, text: str) -> str:
    return ctx.vault.derive("api-key", text).hex()
