"""A school with its writer and its supervisor, and what they do with checks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Unit
from core.audit import Door
from core.checks.filled import FilledCheck, filled_check
from core.checks.form import CheckForm
from core.checks.models import Check, CheckState
from core.checks.review import Returned, return_check
from core.checks.service import CheckFacts, put_check
from core.checks.submission import (
    Batch,
    Filled,
    Outcome,
    save_draft,
    submit_check,
    submit_checks,
)
from core.context import Core
from core.duties.models import Duty
from core.duties.plans import DutyKind
from tests.builders import a_check, a_unit
from tests.core.checks.forms import FORM_A, reviews, writes
from tests.duties import owe


class School:
    """A school with its writer and supervisor, and what they do."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.unit: Unit = a_unit(core)
        self.writer = writes(self.unit.id)
        self.supervisor = reviews(self.unit.id)

    def check(self, child: str = "林小華", born_on: datetime | None = None) -> str:
        check = a_check(self.core, self.unit, child=child, born_on=born_on.date() if born_on else None)
        owe(self.core, check)
        return check.number

    def saves(self, number: str, form: CheckForm, writer: Actor | None = None) -> None:
        with self.core.transaction(writer or self.writer, Door.DESK) as ctx:
            save_draft(ctx, number, form)

    def sends(
        self, number: str, form: CheckForm = FORM_A, *, confirmed: bool = False, writer: Actor | None = None
    ) -> Outcome:
        with self.core.transaction(writer or self.writer, Door.DESK) as ctx:
            return submit_check(ctx, number, form, confirmed=confirmed)

    def sends_all(self, *batch: Filled) -> Batch:
        with self.core.transaction(self.writer, Door.DESK) as ctx:
            return submit_checks(ctx, batch)

    def returns(self, number: str, reason: str = "請補充案家用餐情形。", reviewer: Actor | None = None) -> Returned:
        with self.core.transaction(reviewer or self.supervisor, Door.DESK) as ctx:
            return return_check(ctx, number, reason)

    def sees(self, number: str, actor: Actor | None = None) -> FilledCheck:
        with self.core.transaction(actor or self.writer, Door.DESK) as ctx:
            return filled_check(ctx, number)

    def row(self, number: str) -> Check:
        with self.core.store.reading() as session:
            return session.scalars(select(Check).where(Check.number == number)).one()

    def duties(self, number: str) -> dict[DutyKind, Duty]:
        with self.core.store.reading() as session:
            about = select(Check.id).where(Check.number == number).scalar_subquery()
            return {
                duty.kind: duty
                for duty in session.scalars(select(Duty).where(Duty.subject_id == about).order_by(Duty.id))
            }

    def lists(self, number: str, state: CheckState) -> None:
        """The main system's list comes in."""
        row = self.row(number)
        facts = CheckFacts(
            number, self.unit.code, row.assigned_at, row.happened_at, "林小華", state, already_high_risk=False
        )
        with self.core.transaction(system("import"), Door.COMMAND) as ctx:
            put_check(ctx, facts)
