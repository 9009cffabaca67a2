"""What is known of pupils, and what is put right: graduation, corrected records, drafts, a calendar that changes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from core.amendments import DayStatus
from core.calendar_changes import DayChange, apply_amendment, plan_amendment
from core.closures.service import note_graduation
from core.records.form import RecordForm
from core.records.queries import record_draft
from core.records.service import correct_record, save_record_draft
from tests.core.life.services import SERVES, Services
from tests.core.life.staff import PICKS, WRITES, picked
from tests.core.life.stand import stand
from tests.core.life.town import SYSTEM, WRITERS
from tests.services import record

GRADUATION = date(2026, 6, 20)


class Pupils(Services):
    """What happens around services."""

    @SERVES
    @rule(place=PICKS, who=WRITES, on=st.sampled_from([GRADUATION, GRADUATION, None]))
    def graduate(self, place: int, who: str, on: date | None) -> None:
        service = picked(self.rows.services.values(), place)
        who = self.somebody(who, self._unit(service))
        self.is_correction = True  # what was known before may have owed later
        done = self.town.does(who, lambda ctx: note_graduation(ctx, service.id, on))
        assert done.is_done is (self.town.may(who, self._unit(service), WRITERS) and service.closed_on is None)

    @rule()
    def july_comes(self) -> None:
        """Go on to the first July, once: else few runs see graduates owe anything."""
        now = self.town.clock.now()
        july = now.replace(month=7, day=2)
        self.time_goes_on(max(1, (july - now) // timedelta(hours=1)))

    @precondition(lambda self: self.rows.records)
    @rule(place=PICKS, who=WRITES, ago=st.sampled_from([0, 1, 30, 400]))
    def correct_record(self, place: int, who: str, ago: int) -> None:
        """Say that a service was given on another day: the window it leaves is owed again."""
        written = picked(self.rows.records.values(), place)
        service = self.rows.services[written.opened_id]
        who, day = self.somebody(who, self._unit(service)), self.today - timedelta(days=ago)
        self.is_correction = True
        done = self.town.does(who, lambda ctx: correct_record(ctx, written.id, record(day)))
        can = self.town.may(who, self._unit(service), WRITERS) and service.closed_on is None
        assert done.is_done is (can and day >= service.opened_on)

    @SERVES
    @rule(place=PICKS, who=WRITES, form=st.sampled_from([RecordForm(), RecordForm(note="待補"), record(GRADUATION)]))
    def draft_record(self, place: int, who: str, form: RecordForm) -> None:
        """A draft may lack everything, is its writer's alone, and changes nothing that is owed."""
        service = picked(self.rows.services.values(), place)
        who = self.somebody(who, self._unit(service))
        done = self.town.does(who, lambda ctx: save_record_draft(ctx, service.id, form))
        assert done.is_done is (self.town.may(who, self._unit(service), WRITERS) and service.closed_on is None)
        if done.is_done:
            assert self.town.does(who, lambda ctx: record_draft(ctx, service.id)).value == form
        with self.town.core.store.reading() as session:
            assert stand(session) == self.rows

    @rule(ahead=st.integers(0, 12), status=st.sampled_from(DayStatus))
    def amend_the_calendar(self, ahead: int, status: DayStatus) -> None:
        """A typhoon day moves reminders; no deadline of these rules counts working days, so none moves (A45)."""
        change = DayChange(self.today + timedelta(days=ahead), status, "颱風停班")
        done = self.town.does(SYSTEM, lambda ctx: apply_amendment(ctx, plan_amendment(ctx, (change,))))
        assert done.is_done, done
        with self.town.core.store.reading() as session:
            assert stand(session) == self.rows
