"""What units serve: work records, pupils who leave, closure forms and their review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import Row

from core.closures.facts import Leaving, Statement
from core.closures.filing import Filing
from core.closures.form import ClosureForm, Summary
from core.closures.kinds import ClosingReason, Destination, Ground, Leave, Remaining
from core.closures.reviewing import approve_closure, return_closure
from core.closures.service import apply_closure, delete_closure, note_leaving, resend_closure
from core.context import Context
from core.dispatches.models import DispatchState
from core.errors import Conflict
from core.records.kinds import Schooling
from core.records.service import add_record
from tests.core.life.cases import Cases
from tests.core.life.staff import PICKS, REVIEWS, WRITES, picked
from tests.core.life.stand import OPENS
from tests.core.life.town import SUPERVISORS, WRITERS
from tests.services import record

SUMMARY = Summary(
    schooling="穩定就學", care="照顧良好", siblings="手足就學穩定", services="個案輔導與早餐券", goals="風險已解除"
)
SERVES = precondition(lambda self: self.rows.services)
CLOSES = precondition(lambda self: self.rows.closures)


def filing(ground: Ground, day: date) -> Filing:
    """Return a closure form that lacks nothing but what must have happened before."""
    stated = Statement(ground=ground, remaining=Remaining.NONE, destination=Destination.STAYS)
    return Filing(ClosureForm(day, frozenset({ClosingReason.FAMILY_IMPROVED}), frozenset(), SUMMARY), stated)


class Services(Cases):
    """What happens to services."""

    @SERVES
    @rule(place=PICKS, who=WRITES, ago=st.sampled_from([0, 1, 29, 30, 31]))
    def write(self, place: int, who: str, ago: int) -> None:
        service = picked(self.rows.services.values(), place)
        who, day = self.somebody(who, self._unit(service)), self.today - timedelta(days=ago)
        done = self.town.does(who, lambda ctx: add_record(ctx, service.id, record(day)))
        can = self.town.may(who, self._unit(service), WRITERS) and service.closed_on is None
        assert done.is_done is (can and day >= service.opened_on)

    @SERVES
    @rule(place=PICKS)
    def write_all(self, place: int) -> None:
        """Fill every gap, and write what was done today: else few runs could close anything."""
        service = picked(self.rows.services.values(), place)
        gaps = [each.first for each in self.rows.windows.values() if self._is_owed(each.id, service.id)]
        for day in (*gaps, self.today):
            act = self._recording(service.id, max(day, service.opened_on))
            done = self.town.does(self.somebody("own", self._unit(service)), act)
            assert done.is_done or isinstance(done.error, Conflict)

    @SERVES
    @rule(
        place=PICKS, who=WRITES, how=st.sampled_from([Leave.TRANSFERRED, Leave.GAVE_UP, None]), ago=st.integers(0, 40)
    )
    def leave(self, place: int, who: str, how: Leave | None, ago: int) -> None:
        service = picked(self.rows.services.values(), place)
        who, leaving = (
            self.somebody(who, self._unit(service)),
            Leaving(how, self.today - timedelta(ago)) if how else None,
        )
        self.is_correction = service.id in self.rows.left_on  # another day may be an earlier one
        done = self.town.does(who, lambda ctx: note_leaving(ctx, service.id, leaving))
        assert done.is_done is (self.town.may(who, self._unit(service), WRITERS) and service.closed_on is None)

    @SERVES
    @rule(place=PICKS, who=WRITES, ground=st.sampled_from(Ground))
    def apply(self, place: int, who: str, ground: Ground) -> None:
        service = picked(self.rows.services.values(), place)
        who, was_sent = self.somebody(who, self._unit(service)), service.id in self.rows.closures
        done = self.town.does(who, lambda ctx: apply_closure(ctx, service.id, filing(ground, self.today)))
        if done.is_done:
            assert self.town.may(who, self._unit(service), WRITERS)
            assert service.closed_on is None
            assert not was_sent
        elif self.town.may(who, self._unit(service), WRITERS):
            assert isinstance(done.error, Conflict) is (was_sent or service.closed_on is not None)

    @SERVES
    @rule(place=PICKS)
    def leave_and_apply(self, place: int) -> None:
        self.leave(place, "own", Leave.TRANSFERRED, 0)
        self.write_all(place)
        self.apply(place, "own", Ground.LEFT)

    @CLOSES
    @rule(place=PICKS, who=REVIEWS, approves=st.booleans())
    def decide(self, place: int, who: str, *, approves: bool) -> None:
        closure = picked(self.rows.closures.values(), place)
        service = self.rows.services[closure.opened_id]
        unit = self._unit(service)
        act = (lambda ctx: approve_closure(ctx, closure.id)) if approves else _returning(closure.id)
        done = self.town.does(self.somebody(who, unit), act)
        if done.is_done:
            assert self.town.may(self.somebody(who, unit), unit, SUPERVISORS)
            assert (closure.state, service.closed_on) == ("applied", None)
        if done.is_done and approves:
            self._closes(service)

    @CLOSES
    @rule(place=PICKS, who=WRITES, deletes=st.booleans())
    def correct(self, place: int, who: str, *, deletes: bool) -> None:
        closure = picked(self.rows.closures.values(), place)
        service = self.rows.services[closure.opened_id]
        unit, form = self._unit(service), filing(Ground.LEFT, self.today)
        act = (lambda ctx: delete_closure(ctx, closure.id)) if deletes else _resending(closure.id, form)
        done = self.town.does(self.somebody(who, unit), act)
        if done.is_done:
            assert self.town.may(self.somebody(who, unit), unit, WRITERS)
            assert (closure.state, service.closed_on) == ("returned", None)

    def _unit(self, service: Row[Any]) -> str:
        return next(code for code, unit_id in self.town.units.items() if unit_id == service.unit_id)

    def _is_owed(self, window_id: int, service_id: int) -> bool:
        owed = {each.subject_id for each in self.rows.duties.values() if each.kind == "record_window"}
        return window_id in owed and self.rows.windows[window_id].opened_id == service_id

    def _recording(self, service_id: int, day: date) -> Callable[[Context], object]:
        return lambda ctx: add_record(ctx, service_id, record(day, Schooling.STABLE))

    def _closes(self, service: Row[Any]) -> None:
        """Say in the model that the answered dispatches behind a service are closed with it."""
        for each in self.parts:
            row = self.rows.dispatches[each.id]
            is_behind = (row.family_id, row.unit_id) == (service.family_id, service.unit_id)
            if is_behind and each.state is DispatchState.ANSWERED and each.opening in OPENS:
                each.state = DispatchState.CLOSED


def _returning(closure_id: int) -> Callable[[Context], object]:
    return lambda ctx: return_closure(ctx, closure_id, "請補充照顧情形")


def _resending(closure_id: int, form: Filing) -> Callable[[Context], object]:
    return lambda ctx: resend_closure(ctx, closure_id, form)
