"""Opening the case module for one command: the settings read, the schema looked at, the store closed at the end.

What serves for longer (``bot/house.py``) looks at the schema in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import Settings, load_settings, make_core
from core import migrations
from core.context import Core
from core.errors import SetupError


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Core]:
    """Give the case module to a command; raises ``SetupError`` where a key is missing or the schema is too old."""
    core = make_core(settings or load_settings())
    try:
        check_schema(core)
        yield core
    finally:
        core.store.close()


def check_schema(core: Core) -> None:
    """Pass when the database's schema is ours or newer (A61); else raise ``SetupError`` with the command that helps."""
    if not migrations.serves(migrations.current(core.store)):
        raise SetupError("FRONTDOOR_DATABASE_URL: the schema is not the newest; run `frontdoor db upgrade`")
