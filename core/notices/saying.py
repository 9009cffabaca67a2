"""Saying something to many people at once: their rows in the outbox, written by statements that are built once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table

from core.context import Context
from core.many import inserting
from core.notices.models import NOTICES, NoticeDuty, NoticeKind, Urgency
from core.notices.service import Words, columns

EMPTY: dict[str, object] = {column.name: None for column in NOTICES.c if not column.primary_key}


@dataclass(frozen=True)
class Saying:
    """What is said to one person: ``reach`` are the columns that say how.

    ``duties`` is what it speaks of, with the reason of telling where that cannot be asked anew.
    """

    key: str
    words: Words
    reach: dict[str, object]
    duties: Mapping[int, str | None]


def say_each(ctx: Context, kind: NoticeKind, urgency: Urgency, sayings: Sequence[Saying]) -> Mapping[object, int]:
    """Queue what is said to each, once for each key, as ``service.say`` does; return what is new, by its key."""
    if not sayings:
        return {}
    rows = [EMPTY | each.reach | columns(ctx, each.words, kind=kind, key=each.key, urgency=urgency) for each in sayings]
    ids = _SAY.insert_telling(ctx.session, rows, "dedupe_key")
    spoken_of = [
        {"notice_id": ids[each.key], "duty_id": duty, "why": why}
        for each in sayings
        if each.key in ids
        for duty, why in sorted(each.duties.items())
    ]
    _SPEAKS_OF.run(ctx.session, spoken_of)
    return ids


_SAY = inserting(NOTICES, EMPTY, key=("dedupe_key",))
_SPEAKS_OF = inserting(cast("Table", NoticeDuty.__table__), ("notice_id", "duty_id", "why"))
