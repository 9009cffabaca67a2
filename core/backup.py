"""Copying the database of SQLite while others write: whole, of one moment, and looked through before it has its name.

PostgreSQL has ``pg_dump`` for this. What a restored copy would say again is held for a person (A60).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from core.database import Store
from core.errors import SetupError

OWNER_ONLY = 0o600
PAGES = 1000  # copied at a time: others write in between


def copy(store: Store, to: Path) -> None:
    """Copy a database to a file that is not there yet; raises ``SetupError`` where it cannot be, or is broken."""
    if not store.is_sqlite:
        raise SetupError("FRONTDOOR_DATABASE_URL is PostgreSQL's: use pg_dump --format=custom --file FILE DATABASE")
    if to.exists():
        raise SetupError(f"{to} exists already; nothing was written")
    if not to.parent.is_dir():
        raise SetupError(f"there is no folder {to.parent}; make it first")
    source, new = Path(str(store.url.database)), to.with_name(f"{to.name}.part")
    if not source.exists():
        raise SetupError(f"FRONTDOOR_DATABASE_URL: there is no database at {source}")
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY))
    try:
        if flaw := _copied(source, new):
            raise SetupError(f"the copy is not whole ({flaw}); look at the disk of the database")
        new.rename(to)
    finally:
        new.unlink(missing_ok=True)


def _copied(source: Path, new: Path) -> str:
    """Copy, and return what is wrong with the copy; "" if nothing is."""
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(new)) as theirs:
        try:
            ours.backup(theirs, pages=PAGES)
            found = str(theirs.execute("PRAGMA integrity_check").fetchone()[0])
        except sqlite3.DatabaseError as error:
            return str(error)
    return "" if found == "ok" else " ".join(found.split())
