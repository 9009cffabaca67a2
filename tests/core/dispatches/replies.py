"""Dispatches as they come in, for tests of what is done with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from core.access import system
from core.audit import Door
from core.context import Core
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import Case, Dispatch, DispatchState
from core.dispatches.service import put_dispatch

DISPATCHED = date(2026, 3, 1)
FACTS = DispatchFacts("", "S1", DISPATCHED, DISPATCHED, "王小明", DispatchState.WAITING, needs_assessment=False)


def put(core: Core, number: str, **changed: object) -> int:
    """Put a dispatch in and return its id."""
    facts = replace(FACTS, case_number=number, **changed)  # type: ignore[arg-type]  # a test's shorthand
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        put_dispatch(ctx, facts)
        of_it = (Case.number == number, Dispatch.dispatched_on == facts.dispatched_on)
        asked = select(Dispatch.id).join(Case, Case.id == Dispatch.case_id).where(*of_it).order_by(Dispatch.id.desc())
        return ctx.session.scalars(asked).first() or 0
