"""Searching sealed texts: each piece of two characters is kept as a keyed hash, so that the database holds no words.

A search asks for entries that have all pieces of what is typed, then opens the few that do and looks for the text
itself. The same on SQLite and PostgreSQL; their own full-text search would need the texts readable.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.context import Context
from core.database import is_sqlite
from core.helpdesk.models import HelpEntry, HelpWord
from core.secrets import folded

PIECES_AT_MOST = 2000  # of one entry; a flood of signs costs no more
ASKED_AT_MOST = 40
WORD_LENGTH = 24
LEAST_ASKED = 2


def index_entry(ctx: Context, entry_id: int, text: str) -> None:
    """Keep the pieces of an entry's text."""
    values = [{"word": word, "entry_id": entry_id} for word in _hashed(ctx, _pieces(text, PIECES_AT_MOST))]
    if values:
        insert = sqlite.insert(HelpWord) if is_sqlite(ctx.session) else postgresql.insert(HelpWord)
        ctx.session.execute(insert.values(values).on_conflict_do_nothing())


def entries_with(ctx: Context, asked: str) -> Select[int] | None:
    """Return the query of entries that have all pieces of what is asked for; None when that is less than two signs."""
    words = _hashed(ctx, _pieces(asked, ASKED_AT_MOST))
    if not words:
        return None
    return (
        select(HelpWord.entry_id)
        .where(HelpWord.word.in_(words))
        .group_by(HelpWord.entry_id)
        .having(func.count() == len(words))
    )


def says(ctx: Context, entry: HelpEntry, asked: str) -> bool:
    """Return whether an entry's text holds what is asked for."""
    return entry.text is not None and folded(asked) in folded(ctx.vault.open(entry.text))


def _pieces(text: str, most: int) -> list[str]:
    plain = folded(text)
    return sorted({plain[at : at + LEAST_ASKED] for at in range(len(plain) - 1)})[:most]


def _hashed(ctx: Context, pieces: Iterable[str]) -> list[str]:
    return [ctx.vault.look_up("help_word", piece)[:WORD_LENGTH] for piece in pieces]
