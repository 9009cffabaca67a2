"""Keys of other systems: made, listed, revoked."""

from __future__ import annotations

from datetime import datetime

import click

from bot.opening import opened
from core.access import system
from core.audit import Door
from core.dates import roc_moment
from core.errors import InvalidInput
from core.machines import queries, service
from core.machines.models import Scope

ACTOR = system("command line")
SCOPES = {each.value: each for each in Scope}


@click.group("api-key")
def api_key() -> None:
    """Make, list and revoke the keys by which other systems ask (/api/v1/docs).

    Example: frontdoor api-key create main-system --scope otp,facts
    """


@api_key.command()
@click.argument("name")
@click.option("--scope", "scopes", required=True, help="Which of otp, notices, facts, duties; commas between.")
def create(name: str, scopes: str) -> None:
    """Make a key and print it: this once, for it is kept nowhere.

    Example: frontdoor api-key create main-system --scope otp,notices,facts,duties
    """
    asked = frozenset(_scope(each.strip()) for each in scopes.split(",") if each.strip())
    with opened() as core, core.transaction(ACTOR, Door.COMMAND) as ctx:
        made = service.create_key(ctx, name, asked)
    click.echo(made.text)


@api_key.command("list")
def list_keys() -> None:
    """List all keys: name, scopes, when made, when last used, whether revoked.

    Example: frontdoor api-key list
    """
    with opened() as core, core.reading(ACTOR, Door.COMMAND) as ctx:
        rows = queries.list_keys(ctx)
    for row in rows:
        state = f"revoked {roc_moment(row.revoked_at)}" if row.revoked_at else "valid"
        scopes = ",".join(sorted(row.scopes))
        click.echo(f"{row.name}\t{scopes}\tmade {roc_moment(row.created_at)}\t{_used(row.last_used_at)}\t{state}")
    click.echo(f"keys: {len(rows)}")


@api_key.command()
@click.argument("name")
def revoke(name: str) -> None:
    """Revoke a key: from now on it opens nothing.

    Example: frontdoor api-key revoke main-system
    """
    with opened() as core, core.transaction(ACTOR, Door.COMMAND) as ctx:
        service.revoke_key(ctx, name)
    click.echo(f"{name}: revoked")


def _scope(written: str) -> Scope:
    if written not in SCOPES:
        raise InvalidInput(f"--scope: there is no scope {written!r}; use {', '.join(SCOPES)}", field="--scope")
    return SCOPES[written]


def _used(at: datetime | None) -> str:
    return f"used {roc_moment(at)}" if at else "never used"
