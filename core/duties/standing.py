"""Duties as they stand now, for what speaks of them: whether each is open, since when it is as it is, and whose."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import String, bindparam, case, null, select, type_coerce
from sqlalchemy.orm import Session

from core.access import Actor
from core.among import among
from core.database import UtcDateTime
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.queries import kinds_seen


class Standing(NamedTuple):
    """One duty as it stands now: the columns of ``_STANDINGS``, in their order."""

    id: int
    kind: str
    unit_id: int | None
    account_id: int | None
    is_open: bool
    arose_at: datetime | None
    """When it arose as it is, if after the moment that was asked for: a duty that is moved arises anew."""


def sees_all(actor: Actor, duties: Iterable[Standing]) -> bool:
    """Return whether an actor sees each of these duties, as the lists have it (``queries.is_open_to``, ACC-10).

    Of a kind that only a newer version knows it is not known here who sees it: such a one is hidden from nobody.
    """
    hidden = _hidden_from(actor)
    return all(
        each.account_id == actor.account_id
        if each.unit_id is None
        else actor.units.holds(each.unit_id) and each.kind not in hidden
        for each in duties
    )


def standings_of(session: Session, duty_ids: Collection[int], since: datetime) -> dict[int, Standing]:
    """Return these duties as they stand at this moment, and which of them arose since another: asked before sending."""
    asked = {"ids": list(duty_ids), "since": since}
    rows = session.connection().execute(_STANDINGS, asked).all() if duty_ids else ()
    return {row[0]: Standing._make(row) for row in rows}


@lru_cache(maxsize=1024)  # a batch asks it for each person
def _hidden_from(actor: Actor) -> frozenset[str]:
    return frozenset(DutyKind) - kinds_seen(actor)


_AROSE = case((Duty.arose_at > bindparam("since", type_=UtcDateTime()), Duty.arose_at), else_=null())
_STANDINGS = select(
    Duty.id, type_coerce(Duty.kind, String()), Duty.unit_id, Duty.account_id, Duty.ended_at.is_(None), _AROSE
).where(among(Duty.id, "ids"))
"""Asked for every batch that is sent: built once, and of few values that Python must look at."""
