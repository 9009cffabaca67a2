"""Saying something to many people at once: their rows in the outbox, written by statements that are built once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from core.context import Context
from core.database import is_sqlite
from core.many import inserting
from core.notices.models import NOTICES, NoticeDuty, NoticeKind, Urgency
from core.notices.service import Words, columns

NOWHERE: dict[str, object] = {"person": None, "line_user": None, "address": None}


@dataclass(frozen=True)
class Saying:
    """What is said to one person: ``reach`` are the columns that say how, ``duties`` what it speaks of."""

    key: str
    words: Words
    reach: Mapping[str, object]
    duties: Collection[int]


def say_each(ctx: Context, kind: NoticeKind, urgency: Urgency, sayings: Sequence[Saying]) -> int:
    """Queue what is said to each, once for each key, as ``service.say`` does; return how many were not said before."""
    if not sayings:
        return 0
    rows = [
        NOWHERE | dict(each.reach) | columns(ctx, each.words, kind=kind, key=each.key, urgency=urgency)
        for each in sayings
    ]
    connection = ctx.session.connection()
    written = connection.execute(_once(ctx), rows)
    ids = {row.dedupe_key: row.id for row in written.all()}
    spoken_of = [
        {"notice_id": ids[each.key], "duty_id": duty}
        for each in sayings
        if each.key in ids
        for duty in sorted(set(each.duties))
    ]
    _SPEAKS_OF.run(ctx.session, spoken_of)
    return len(ids)


def _once(ctx: Context) -> Executable:
    return _ON_SQLITE if is_sqlite(ctx.session) else _ON_POSTGRESQL


_KEY = ["dedupe_key"]
_WRITTEN = (NOTICES.c.id, NOTICES.c.dedupe_key)
_ON_SQLITE = sqlite.insert(NOTICES).on_conflict_do_nothing(index_elements=_KEY).returning(*_WRITTEN)
_ON_POSTGRESQL = postgresql.insert(NOTICES).on_conflict_do_nothing(index_elements=_KEY).returning(*_WRITTEN)
_SPEAKS_OF = inserting(cast("Table", NoticeDuty.__table__), ("notice_id", "duty_id"))
