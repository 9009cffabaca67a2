"""An account as the list of accounts has it. What was decided here stays until the list says something else.

The list comes from the main system, which does not know what was decided here: another address (ACC-7), a later last
day (ACC-6), a permission given or taken (ACC-5, ACC-9). So a list says something of these only where it says otherwise
than it did the last time: brought in once more, it would else undo them all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from core.accounts.models import Account
from core.accounts.service import AccountFacts, Written, held_account, write_account
from core.context import Context
from core.secrets import folded

SEPARATOR = " "


@dataclass(frozen=True)
class _Said:
    """What a list says of what is decided here too."""

    email_key: str
    ends_on: date
    permissions: str


def write_listed_account(ctx: Context, facts: AccountFacts) -> Written:
    """Write an account as a list names it, and keep what the list said; does and raises as ``write_account``."""
    before = held_account(ctx, facts.code)
    said = _said(ctx, facts)
    written = write_account(ctx, facts if before is None else _as_decided(ctx, facts, said, before), before)
    account = written.account
    account.listed_email_key, account.listed_ends_on = said.email_key, said.ends_on
    account.listed_permissions = said.permissions
    return written


def _said(ctx: Context, facts: AccountFacts) -> _Said:
    email_key = ctx.vault.look_up("email", facts.email.strip())
    return _Said(email_key, facts.ends_on, SEPARATOR.join(sorted(each.value for each in facts.permissions)))


def _as_decided(ctx: Context, facts: AccountFacts, said: _Said, before: Account) -> AccountFacts:
    """Return the facts with what the list says no otherwise than before as it stands; permissions are the unit's."""
    stays = before.unit.code == folded(facts.unit_code)
    return replace(
        facts,
        email=ctx.vault.open(before.email) if before.listed_email_key == said.email_key else facts.email,
        ends_on=before.ends_on if before.listed_ends_on == said.ends_on else facts.ends_on,
        permissions=(
            before.permissions if stays and before.listed_permissions == said.permissions else facts.permissions
        ),
    )
