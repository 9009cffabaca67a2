"""From where passwords are tried: strangers share one count of an account, whoever it knows has their own (ACC-2, A20).

An account knows a browser in which it was signed in fully, password and code, and the LINE user it is bound to. What it
knows is forgotten when its password changes, when it is disabled or unbound, and after half a year without use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from core.accounts.identity.models import KnownAsker
from core.accounts.models import Account, Binding
from core.clearing import clear_away
from core.context import Context
from core.secrets import new_token

KNOWN_FOR = timedelta(days=180)


@dataclass(frozen=True)
class Asker:
    """From where somebody signs in: what the browser's cookie says, and whose link token opened the page."""

    browser: str = ""
    person: str | None = None
    """The LINE user (its keyed hash); None at a page that was not opened from LINE."""


def known(ctx: Context, account_code: str, asker: Asker) -> KnownAsker | None:
    """Return what an account knows of an asker, locked; None for a stranger. Every code costs the same work (A24)."""
    person = _bound(ctx, account_code, asker.person)
    keys = [_browser_key(ctx, asker.browser), _person_key(ctx, asker.person or "")]
    row = ctx.session.scalar(
        select(KnownAsker)
        .join(Account, Account.id == KnownAsker.account_id)
        .where(Account.code == account_code, KnownAsker.asker_key == keys[person is not None])
        .with_for_update(of=KnownAsker)
        .execution_options(populate_existing=True)
    )
    return row if row is not None or person is None else _added(ctx, person, keys[1])


def remember(ctx: Context, account_id: int, browser: str) -> str:
    """Let an account know a browser that has just proved itself; return the browser's token, new each time (A62).

    Other accounts that knew this browser know it by the new token too. The account's row is locked by the caller.
    """
    clear_away(ctx, KnownAsker.id, KnownAsker.last_seen_at < ctx.now - KNOWN_FOR)
    token = new_token()
    key = _browser_key(ctx, token)
    ctx.session.execute(
        update(KnownAsker).where(KnownAsker.asker_key == _browser_key(ctx, browser)).values(asker_key=key),
        execution_options={"synchronize_session": False},
    )
    seen = (
        update(KnownAsker)
        .where(KnownAsker.account_id == account_id, KnownAsker.asker_key == key)
        .values(last_seen_at=ctx.now, wrong=0, locked_until=None)
        .returning(KnownAsker.id)
    )
    if ctx.session.scalar(seen, execution_options={"synchronize_session": False}) is None:
        _added(ctx, account_id, key)
    return token


def known_as(ctx: Context, account_id: int, asker: Asker) -> str:
    """Return what stays the same of an asker whom an account knows, sign-in after sign-in; "" for a stranger (A20)."""
    bound = ctx.session.scalar(
        select(Binding.person).where(
            Binding.account_id == account_id, Binding.person == asker.person, Binding.ended_at.is_(None)
        )
    )
    row = ctx.session.scalar(
        select(KnownAsker.id).where(
            KnownAsker.account_id == account_id, KnownAsker.asker_key == _browser_key(ctx, asker.browser)
        )
    )
    return bound or ("" if row is None else f"browser:{row}")


def forget(ctx: Context, account_id: int) -> None:
    """Let an account know nobody any more."""
    ctx.session.execute(
        delete(KnownAsker).where(KnownAsker.account_id == account_id),
        execution_options={"synchronize_session": "fetch"},
    )


def _bound(ctx: Context, account_code: str, person: str | None) -> int | None:
    """Return the account of this code if it is bound to this person."""
    return ctx.session.scalar(
        select(Account.id)
        .join(Binding, Binding.account_id == Account.id)
        .where(Account.code == account_code, Binding.person == person, Binding.ended_at.is_(None))
    )


def _added(ctx: Context, account_id: int, key: str) -> KnownAsker:
    row = KnownAsker(account_id=account_id, asker_key=key, last_seen_at=ctx.now, wrong=0)
    ctx.session.add(row)
    ctx.session.flush()
    return row


def _browser_key(ctx: Context, token: str) -> str:
    return ctx.vault.derive("known-browser", token).hex()


def _person_key(ctx: Context, person: str) -> str:
    return ctx.vault.derive("known-person", person).hex()
