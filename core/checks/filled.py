"""What is asked about one check: its form as far as it is filled in, why it was returned, how it came to its bucket.

What is shown here is personal data in the open, for whoever fills the form in or reviews it; every showing is audited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.access import Action, require
from core.checks import rules
from core.checks.explain import Event, working
from core.checks.form import CheckForm, from_json
from core.checks.history import last_return, last_sent, seen_check
from core.checks.kinds import Act, FormOrigin
from core.checks.models import Check, CheckDraft, CheckReturn, CheckState, CheckSubmission
from core.context import Context
from core.explaining import Decision

EVENTS_AT_MOST = 50


@dataclass(frozen=True)
class ReturnNote:
    """Why a check is to be corrected, who says so, and since when; ``by`` is empty where only the list says so."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class FilledCheck:
    """A check with its answers; ``writer`` and ``written_at`` say whose they are."""

    number: str
    child: str
    """In full: the school has to know whom it is about."""
    unit_name: str
    shop: str
    happened_at: datetime
    state: CheckState
    already_high_risk: bool
    is_urgent: bool
    form: CheckForm
    origin: FormOrigin
    writer: str = ""
    written_at: datetime | None = None
    returned: ReturnNote | None = None


@dataclass(frozen=True)
class _Answers:
    form: CheckForm
    origin: FormOrigin
    writer: str = ""
    written_at: datetime | None = None


def filled_check(ctx: Context, number: str) -> FilledCheck:
    """Return a check with its answers: one's own draft, else a colleague's, else what was sent, else an empty form.

    Drafts are shown to those who may fill in the form, and only where nothing was sent since. Raises ``NotFound``.
    """
    require(ctx.actor, Action.SEE_CHECKS)
    check = seen_check(ctx, number)
    answers = _answers(ctx, check)
    ctx.note("show_check", f"check:{check.number}", ("child_name", "form"))
    return FilledCheck(
        number=check.number,
        child=ctx.vault.open(check.child_name),
        unit_name=check.unit.name,
        shop=f"{check.chain}{check.shop}",
        happened_at=check.happened_at,
        state=check.state,
        already_high_risk=check.already_high_risk,
        is_urgent=check.is_urgent,
        form=answers.form,
        origin=answers.origin,
        writer=answers.writer,
        written_at=answers.written_at,
        returned=_return_note(ctx, check),
    )


def explain_check(ctx: Context, number: str) -> Decision:
    """Return how a check came to the bucket it counts in, step by step (CHK-2); raises ``NotFound``."""
    require(ctx.actor, Action.SEE_CHECKS)
    check = seen_check(ctx, number)
    ctx.note("explain_check", f"check:{check.number}")
    due = None
    if check.state is CheckState.WAITING:
        due = rules.due_at(check.assigned_at)
    elif check.returned_at is not None:
        due = rules.returned_due_at(check.returned_at, ctx.policy.returned_check_hours)
    sent = last_sent(ctx, check) if check.state is CheckState.CHECKED and check.has_need is not None else None
    need = from_json(ctx.vault.open(sent.form)).need if sent else None
    bucket = rules.bucket(check.state, check.has_need, due, ctx.now)
    return working(bucket, check.assigned_at, _events(ctx, check), due, need)


def _answers(ctx: Context, check: Check) -> _Answers:
    sent = last_sent(ctx, check)
    if ctx.actor.may(Action.FILL_CHECKS) and check.state is not CheckState.CHECKED:
        draft = _draft(ctx, check, sent.sent_at if sent else None)
        if draft is not None:
            return _Answers(_form(ctx, draft), FormOrigin.DRAFT, draft.writer, draft.saved_at)
    if sent is not None:
        return _Answers(_form(ctx, sent), FormOrigin.SENT, sent.writer, sent.sent_at)
    return _Answers(CheckForm(), FormOrigin.EMPTY)


def _draft(ctx: Context, check: Check, since: datetime | None) -> CheckDraft | None:
    row = CheckDraft
    newest_first = (
        select(row).where(row.check_id == check.id).order_by((row.writer != ctx.actor.name), row.saved_at.desc())
    )
    if since is not None:
        newest_first = newest_first.where(row.saved_at >= since)
    return ctx.session.scalar(newest_first.limit(1))


def _form(ctx: Context, row: CheckDraft | CheckSubmission) -> CheckForm:
    return from_json(ctx.vault.open(row.form))


def _return_note(ctx: Context, check: Check) -> ReturnNote | None:
    if check.state is not CheckState.RETURNED or check.returned_at is None:
        return None
    row = last_return(ctx, check)
    if row is None or row.returned_at != check.returned_at:
        return ReturnNote("", "", check.returned_at)
    return ReturnNote(ctx.vault.open(row.reason), row.reviewer, row.returned_at)


def _events(ctx: Context, check: Check) -> Sequence[Event]:
    sent = select(CheckSubmission).where(CheckSubmission.check_id == check.id).order_by(CheckSubmission.id.desc())
    returned = select(CheckReturn).where(CheckReturn.check_id == check.id).order_by(CheckReturn.id.desc())
    found = [
        *(Event(Act.SUBMIT, row.sent_at, row.writer) for row in ctx.session.scalars(sent.limit(EVENTS_AT_MOST))),
        *(
            Event(Act.RETURN, row.returned_at, row.reviewer)
            for row in ctx.session.scalars(returned.limit(EVENTS_AT_MOST))
        ),
    ]
    return sorted(found, key=lambda event: event.at)
