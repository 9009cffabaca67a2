"""How many services are over, without counting them (CLOSE-10, DUTY-2); what goes on is counted, for it is little."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, literal, select, type_coerce

from core.closures.kinds import ClosureBucket
from core.closures.models import ServiceTally
from core.dispatches.models import Opened
from core.tallies import Sums

_CLOSED = type_coerce(literal(ClosureBucket.CLOSED.value), ServiceTally.state.type)


def _bucket(columns: Mapping[str, object]) -> ClosureBucket | None:
    return None if columns["closed_on"] is None else ClosureBucket.CLOSED


SUMS = Sums(
    of=Opened,
    table=ServiceTally,
    state=ServiceTally.state,
    watched=("closed_on",),
    state_of=_bucket,
    really=select(Opened.unit_id, _CLOSED, func.count()).where(Opened.closed_on.is_not(None)).group_by(Opened.unit_id),
)
SUMS.keep()
