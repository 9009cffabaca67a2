"""Sessions of a browser at the desk: begun by a full sign-in, over after sixty minutes without use (ACC-3).

The browser holds a random token, the database its keyed hash. Who acts is loaded anew at each request, so that an
account disabled or changed in mid-session is refused at once (A26).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from core.access import Actor
from core.accounts import queries
from core.accounts.identity import askers
from core.accounts.models import WebSession
from core.accounts.rules import SESSION_IDLE
from core.context import Context
from core.otp.sending import void_codes
from core.secrets import new_token


@dataclass(frozen=True)
class Session:
    """Somebody signed in: who acts, as they are now, and when the session ends unless it is used again."""

    account_id: int
    actor: Actor
    ends_at: datetime


def begin(ctx: Context, account_id: int) -> str:
    """Begin a session for an account that has just proved itself; return its token, new each time (A62)."""
    token = new_token()
    ctx.session.add(
        WebSession(token_key=_key(ctx, token), account_id=account_id, started_at=ctx.now, last_used_at=ctx.now)
    )
    ctx.note("session.begun", f"account:{account_id}")
    return token


def resume(ctx: Context, token: str) -> Session | None:
    """Return the session of a token, without counting it as used; None when it is over or the account is not active."""
    row = ctx.session.execute(
        select(WebSession.account_id, WebSession.last_used_at).where(_is_live(ctx, token))
    ).one_or_none()
    return None if row is None else _session(ctx, row.account_id, row.last_used_at)


def renew(ctx: Context, token: str) -> Session | None:
    """Use a session: its sixty minutes begin anew. None as for ``resume``."""
    account_id = ctx.session.scalar(
        update(WebSession).where(_is_live(ctx, token)).values(last_used_at=ctx.now).returning(WebSession.account_id),
        execution_options={"synchronize_session": False},
    )
    return None if account_id is None else _session(ctx, account_id, ctx.now)


def owner(ctx: Context, token: str) -> int | None:
    """Return whose session a token is or was; None once it is forgotten."""
    return ctx.session.scalar(select(WebSession.account_id).where(WebSession.token_key == _key(ctx, token)))


def end(ctx: Context, token: str) -> None:
    """End a session (sign-out); one that is over already stays as it is."""
    account_id = _end(ctx, _is_live(ctx, token))
    if account_id:
        ctx.note("session.ended", f"account:{account_id[0]}")


def end_all(ctx: Context, account_id: int) -> None:
    """End all sessions of an account: its password changed, it was disabled, or its phone was unbound (A27).

    The browsers it was used in are strangers again, too, and codes under way are void: one that lies on a lost phone,
    or follows a password that holds no more, would begin a session after all. They go first, as a sign-in locks them.
    """
    void_codes(ctx, account_id)
    askers.forget(ctx, account_id)
    if _end(ctx, and_(WebSession.account_id == account_id, WebSession.ended_at.is_(None))):
        ctx.note("session.all_ended", f"account:{account_id}")


def _session(ctx: Context, account_id: int, last_used_at: datetime) -> Session | None:
    actor = queries.actor_of(ctx.session, account_id, ctx.today)
    return None if actor is None else Session(account_id, actor, last_used_at + SESSION_IDLE)


def _end(ctx: Context, which: ColumnElement[bool]) -> list[int]:
    ended = ctx.session.scalars(
        update(WebSession).where(which).values(ended_at=ctx.now).returning(WebSession.account_id),
        execution_options={"synchronize_session": False},
    )
    return list(ended)


def _is_live(ctx: Context, token: str) -> ColumnElement[bool]:
    return and_(
        WebSession.token_key == _key(ctx, token),
        WebSession.ended_at.is_(None),
        WebSession.last_used_at > ctx.now - SESSION_IDLE,
    )


def _key(ctx: Context, token: str) -> str:
    return ctx.vault.derive("web-session", token).hex()
