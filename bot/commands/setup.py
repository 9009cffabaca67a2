"""Making an installation: keys and schema."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bot.opening import opened
from bot.settings import load_settings
from core import migrations
from core.backup import copy
from core.database import Store
from core.errors import SetupError
from core.resealing import count_left, reseal
from core.secrets import new_key, new_token

OWNER_ONLY = 0o600


@click.command()
@click.option("--file", "path", type=click.Path(path_type=Path), default=Path(".env"), help="Where the keys go.")
def init(path: Path) -> None:
    """Make the keys and write them to .env (never over an existing file).

    Example: frontdoor init
    """
    if path.exists():
        raise SetupError(f"{path} exists already; keys in it may be in use, so nothing was written")
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"FRONTDOOR_SECRET_KEY={new_token()}\nFRONTDOOR_DATA_KEY={new_key()}\n")
    click.echo(f"Keys written to {path}. Keep a copy: without them the personal data cannot be read.")


@click.group()
def db() -> None:
    """Look after the database.

    Example: frontdoor db upgrade
    """


@db.command()
def upgrade() -> None:
    """Bring the schema to the newest version.

    Example: frontdoor db upgrade
    """
    store = Store(load_settings().database_url)
    migrations.upgrade(store)
    click.echo(f"Schema is at {migrations.current(store)}.")
    store.close()


@db.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def backup(path: Path) -> None:
    """Copy the SQLite database to PATH while it is in use; never over an existing file.

    The copy is as of one moment, and looked through before it gets its name. The keys in .env are not in it: keep
    them apart. PostgreSQL has its own command for this. How a backup is put back stands in docs/restore.md.

    Example: frontdoor db backup /backups/frontdoor-2026-11-22.db
    """
    store = Store(load_settings().database_url)
    try:
        copy(store, path)
    finally:
        store.close()
    click.echo(f"Backup written to {path}. Keep the keys of .env elsewhere: without them it cannot be read.")


@db.command("reseal")
def reseal_all() -> None:
    """Seal anew with the first key of FRONTDOOR_DATA_KEY what the others sealed, so that these can go.

    While everything runs; interrupted, it goes on where it was when called again. Which key goes where, and when,
    stands in docs/restore.md.

    Example: frontdoor db reseal
    """
    with opened() as core:
        for batch in reseal(core):
            click.echo(f"{batch.table}: {batch.rows} rows sealed anew")
        with core.store.reading() as session:
            left = count_left(session, core.vault)
    if left:
        raise SetupError(
            f"{left} rows are still sealed with another key than the first: somebody held them, so call this again; "
            "or their key is not in FRONTDOOR_DATA_KEY, so put it behind the first"
        )
    click.echo("All is sealed with the first key: the others can be taken out of FRONTDOOR_DATA_KEY.")
