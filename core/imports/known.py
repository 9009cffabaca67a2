"""Looking many rows up at once: a query a few hundred rows, not one a cell."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import Unit
from core.errors import InvalidInput
from core.many import in_batches

UNIT_CODE = "單位代碼"


def unit_ids(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of these units by code; raises ``InvalidInput`` naming the first that does not exist."""
    wanted = sorted(set(codes))
    found: dict[str, int] = {}
    for batch in in_batches(wanted):
        rows = session.execute(select(Unit.code, Unit.id).where(Unit.code.in_(batch)))
        found.update((row.code, row.id) for row in rows)
    for code in wanted:
        if code not in found:
            raise InvalidInput(f"查無單位代碼「{code}」。請先匯入單位，或更正代碼。", field=UNIT_CODE)
    return found
