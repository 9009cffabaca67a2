"""What the main system's list says again, or says too late, undoes nothing that was done here since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.audit import AuditRow
from core.clock import FixedClock, end_of_day
from core.context import Context, Core
from core.dispatches.models import Dispatch, DispatchState, Opening
from core.dispatches.replying import save_reply, submit_reply
from core.dispatches.reviewing import approve_reply, return_reply
from core.duties.models import Duty
from tests.core.dispatches.replies import put
from tests.core.dispatches.test_replying import OPENING
from tests.core.life.town import SYSTEM, Town, a_town
from tests.databases import Beginnings


@pytest.fixture
def town(core: Core, clock: FixedClock, beginnings: Beginnings) -> Town:
    return replace(beginnings.of(core, begun), core=core, clock=clock)


def begun(core: Core) -> Town:
    assert isinstance(core.clock, FixedClock)
    return a_town(core, core.clock)


def answer(town: Town, dispatch_id: int) -> None:
    assert town.does("s1", lambda ctx: save_reply(ctx, dispatch_id, OPENING)).is_done
    assert town.does("s1", lambda ctx: submit_reply(ctx, dispatch_id)).is_done


def row(core: Core) -> Dispatch:
    with core.store.reading() as session:
        return session.scalars(select(Dispatch)).one()


def owed(core: Core) -> list[datetime]:
    with core.store.reading() as session:
        return list(
            session.scalars(select(Duty.due_at).where(Duty.ended_at.is_(None), Duty.subject_kind == "dispatch"))
        )


def test_a_list_that_still_says_waiting_does_not_undo_an_approval(town: Town, core: Core) -> None:
    dispatch_id = put(core, "WK1")
    answer(town, dispatch_id)
    assert town.does("edu", lambda ctx: approve_reply(ctx, dispatch_id)).is_done
    put(core, "WK1")
    assert (row(core).state, row(core).opening) == (DispatchState.ANSWERED, Opening.NEW)
    assert owed(core) == []


def test_a_list_that_still_says_waiting_does_not_undo_a_return(town: Town, core: Core, clock: FixedClock) -> None:
    dispatch_id = put(core, "WK1")
    answer(town, dispatch_id)
    assert town.does("edu", lambda ctx: return_reply(ctx, dispatch_id, "請補充就學情形")).is_done
    clock.move(timedelta(days=1))
    put(core, "WK1")
    assert row(core).state is DispatchState.RETURNED
    assert owed(core) == [end_of_day(date(2026, 3, 7))]


def test_a_list_that_still_says_returned_does_not_undo_the_correction(town: Town, core: Core) -> None:
    dispatch_id = put(core, "WK1", state=DispatchState.RETURNED)
    answer(town, dispatch_id)
    put(core, "WK1", state=DispatchState.RETURNED)
    assert row(core).state is DispatchState.SUBMITTED
    assert owed(core) == []


def close(ctx: Context) -> None:
    ctx.session.scalars(select(Dispatch)).one().state = DispatchState.CLOSED


def test_a_list_that_lags_behind_does_not_open_what_was_closed_here(town: Town, core: Core) -> None:
    put(core, "WK1")
    town.does(SYSTEM, close)
    put(core, "WK1", state=DispatchState.ANSWERED, opening=Opening.NEW)
    assert row(core).state is DispatchState.CLOSED


@pytest.mark.parametrize("state", [DispatchState.WAITING, DispatchState.RETURNED, DispatchState.CLOSED])
@pytest.mark.usefixtures("town")
def test_what_the_list_says_newly_holds(core: Core, state: DispatchState) -> None:
    put(core, "WK1", state=DispatchState.ANSWERED, opening=Opening.NEW)
    put(core, "WK1", state=state)
    assert row(core).state is state
    put(core, "WK1", state=DispatchState.ANSWERED, opening=Opening.NEW)
    assert row(core).state is DispatchState.ANSWERED


def test_the_same_list_again_writes_nothing_after_a_reply(town: Town, core: Core) -> None:
    dispatch_id = put(core, "WK1")
    answer(town, dispatch_id)
    with core.store.reading() as session:
        before = session.scalars(select(AuditRow.id)).all()
    put(core, "WK1")
    with core.store.reading() as session:
        assert session.scalars(select(AuditRow.id)).all() == before


@pytest.mark.parametrize("state", [DispatchState.ANSWERED, DispatchState.CLOSED])
def test_a_blank_opening_says_nothing_of_what_was_decided_here(town: Town, state: DispatchState) -> None:
    answer(town, put(town.core, "WK1"))
    put(town.core, "WK1", state=state)
    assert (row(town.core).state, row(town.core).opening) == (state, Opening.NEW)


def test_an_opening_that_the_list_names_holds(town: Town) -> None:
    answer(town, put(town.core, "WK1"))
    put(town.core, "WK1", state=DispatchState.ANSWERED, opening=Opening.NOT_OPEN)
    assert row(town.core).opening is Opening.NOT_OPEN


def test_of_what_waits_again_nothing_is_decided(town: Town) -> None:
    put(town.core, "WK1", state=DispatchState.ANSWERED, opening=Opening.NEW)
    put(town.core, "WK1", state=DispatchState.WAITING)
    assert (row(town.core).state, row(town.core).opening) == (DispatchState.WAITING, None)
