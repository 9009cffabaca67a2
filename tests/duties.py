"""Duties with defaults: as bare rows, or as the rules say that they are owed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core.accounts.models import Account
from core.checks import rules as check_rules
from core.checks.models import Check
from core.clock import start_of_day
from core.context import Context, Core
from core.dispatches import rules as dispatch_rules
from core.dispatches.models import Dispatch
from core.duties.models import Duty, SubjectKind
from core.duties.owing import Owing
from core.duties.plans import DutyKind
from core.duties.service import NewDuty, open_duty
from core.policy import Policy
from tests.builders import inside


def a_duty(
    place: Core | Context,
    about: Dispatch | Check | Account,
    *,
    due_at: datetime,
    kind: DutyKind | None = None,
    counted_from: datetime | None = None,
    arose_at: datetime | None = None,
    remind_at: datetime | None = None,
    **columns: Any,
) -> Duty:
    """Store a duty as a row, without asking any rule: for tests of what reads duties."""
    subject_kind, usual_kind = _subject(about)
    owing = {"account_id": about.id} if isinstance(about, Account) else {"unit_id": about.unit_id}
    with inside(place) as ctx:
        duty = Duty(
            kind=kind or usual_kind,
            subject_kind=subject_kind,
            subject_id=about.id,
            counted_from=counted_from or start_of_day(ctx.today),
            arose_at=arose_at or ctx.now,
            due_at=due_at,
            remind_at=remind_at,
            **owing | columns,
        )
        ctx.session.add(duty)
    return duty


def owe(place: Core | Context, about: Dispatch | Check) -> Duty:
    """Open the duty that the rules say is owed for a dispatch or check as it stands, with its reminders."""
    subject_kind, _ = _subject(about)
    with inside(place) as ctx:
        owing = _owing(about, ctx.policy)
        assert owing is not None, f"nothing is owed for what is {about.state.label}"
        named = about.responsible_id if isinstance(about, Dispatch) else None
        duty_id = open_duty(
            ctx,
            NewDuty(owing.kind, subject_kind, about.id, about.unit_id, named, owing.counted_from, owing.due_at),
        )
        return ctx.session.get_one(Duty, duty_id)


def _subject(about: Dispatch | Check | Account) -> tuple[SubjectKind, DutyKind]:
    if isinstance(about, Dispatch):
        return SubjectKind.DISPATCH, DutyKind.REPLY
    if isinstance(about, Check):
        return SubjectKind.CHECK, DutyKind.CHECK
    return SubjectKind.ACCOUNT, DutyKind.ACCOUNT_END


def _owing(about: Dispatch | Check, policy: Policy) -> Owing | None:
    if isinstance(about, Dispatch):
        return dispatch_rules.owed(about.state, about.dispatched_on, about.returned_at, policy.returned_reply_days)
    return check_rules.owed(about.state, about.assigned_at, about.returned_at, policy.returned_check_hours)
