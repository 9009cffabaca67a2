"""How many dispatches stand in each state, without counting them (DUTY-2)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from core.dispatches.models import Dispatch, DispatchState, Tally
from core.tallies import Sums


def _state(columns: Mapping[str, object]) -> DispatchState | None:
    state = columns["state"]
    return state if isinstance(state, DispatchState) else None


SUMS = Sums(
    of=Dispatch,
    table=Tally,
    state=Tally.state,
    watched=("state",),
    state_of=_state,
    really=select(Dispatch.unit_id, Dispatch.state, func.count()).group_by(Dispatch.unit_id, Dispatch.state),
)
SUMS.keep()
