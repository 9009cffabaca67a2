"""From which network strangers try: wrong passwords and codes of one address, over all accounts (A19).

A browser makes itself new with each account it tries; the address it comes from stays. Who is known to an account is
neither counted nor held up here (A20), nor is whoever comes by an address where a proxy may stand for everybody.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network

import structlog
from sqlalchemy import select

from core.context import Context
from core.database import insert_once
from core.otp import rules
from core.otp.models import Tally
from core.otp.rules import Counted

PREFIX_6 = 64  # an IPv6 household or school has so many bits; below them it changes at will
INSIDE = tuple(
    ip_network(each) for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""Addresses of a house's own network: of its people, or of a proxy nobody told us of."""

log = structlog.get_logger(__name__)


def network_of(address: str, *, is_proxy_told: bool) -> str:
    """Return the network that wrong tries of an address are counted by, or "" for this machine and what is none.

    An address inside the house counts only where it is told how many proxies there are: else it may be one.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback or (not is_proxy_told and any(found in each for each in INSIDE)):
        return ""
    return str(ip_network((found, PREFIX_6), strict=False)) if isinstance(found, IPv6Address) else str(found)


def key_of(ctx: Context) -> str | None:
    """Return the key of the tally of where this asker comes from; None where nobody is counted by that."""
    return f"4:{ctx.vault.derive('source', ctx.actor.source).hex()}" if ctx.actor.source else None


def wait_until(ctx: Context) -> datetime | None:
    """Return until when strangers from here must wait; None: they may try."""
    key = key_of(ctx)
    until = ctx.session.scalar(select(Tally.wait_until).where(Tally.key == key)) if key else None
    return until if until is not None and ctx.now < until else None


def after_try(ctx: Context, *, is_right: bool) -> datetime | None:
    """Count a stranger's try that was compared; return until when to wait where others were first to spend the last.

    The tally is locked, so however many try at once, no more of them learn what they tried than may.
    """
    key = key_of(ctx)
    if key is None:
        return None
    new: dict[str, object] = {"key": key, "wrong": 0, "since": ctx.now, "tried_at": ctx.now}
    insert_once(ctx.session, Tally, new, key="key")
    row = ctx.session.scalars(
        select(Tally).where(Tally.key == key).with_for_update().execution_options(populate_existing=True)
    ).one()
    before = Counted(row.wrong, row.since, row.wait_until)
    if before.weighs(ctx.now):
        return before.wait_until
    if not is_right:
        after = rules.after_wrong_of_source(before, ctx.now, ctx.policy)
        row.wrong, row.since, row.wait_until, row.tried_at = after.wrong, after.since, after.wait_until, ctx.now
        tell(ctx, before, after)
    return None


def tell(ctx: Context, before: Counted, after: Counted) -> None:
    """Log and note the moment at which strangers from one network begin to wait."""
    if after.weighs(ctx.now) and not before.weighs(ctx.now):
        log.warning("sign_in.source_waits", wrong=after.wrong)
        ctx.note("sign_in.source_waits", "source:one")
