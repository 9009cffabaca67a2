"""The school's side of a check: drafts, sending one or several, and sending again what was returned (CHK-3 to CHK-11).

Sending refuses without touching the draft. A form with a sign of danger tells the Center whatever becomes of it: where
its rules are broken the refusal is therefore returned, for a raise would undo the telling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select

from core.access import Action, require
from core.births import birth_of
from core.checks import form_rules, rules
from core.checks.following import follow_check
from core.checks.form import CheckForm, to_json
from core.checks.history import locked_check, locked_checks, refuse_checked
from core.checks.kinds import Identity
from core.checks.models import Check, CheckDraft, CheckState, CheckSubmission
from core.checks.refusals import NUMBER_FIELD, Sentence
from core.checks.urgent import CenterTold, report_urgent_check
from core.context import Context
from core.errors import Broken, InvalidInput, RulesBroken
from core.secrets import folded

BATCH_AT_MOST = 100
NAMESAKES_AT_MOST = 50  # submissions looked through for the child's previous one


@dataclass(frozen=True)
class Filled:
    """One check with its own answers; ``confirmed``: the writer has seen that the text is the child's previous one."""

    number: str
    form: CheckForm
    confirmed: bool = False


@dataclass(frozen=True)
class DraftSaved:
    """A draft as it was kept; ``told`` where it has a sign of danger."""

    number: str
    saved_at: datetime
    told: CenterTold | None


@dataclass(frozen=True)
class Submitted:
    """A check that is checked now; ``told`` where it has a sign of danger: the answer says to call 110 or 113."""

    number: str
    has_need: bool
    told: CenterTold | None = None


@dataclass(frozen=True)
class Unconfirmed:
    """Nothing was sent yet: the explanation is the same as this child's previous one (CHK-8)."""

    number: str
    same_as: str
    """The number of the check that has the same text."""
    told: CenterTold | None = None


@dataclass(frozen=True)
class Refused:
    """Nothing was sent: these rules are broken."""

    number: str
    broken: tuple[Broken, ...]
    told: CenterTold | None = None


@dataclass(frozen=True)
class Ready:
    """A row of a batch that could be sent, and was not because of others."""

    number: str
    told: CenterTold | None = None


Outcome = Submitted | Unconfirmed | Refused | Ready


@dataclass(frozen=True)
class Batch:
    """What became of several checks, in their order: all are sent, or none."""

    rows: tuple[Outcome, ...]

    @property
    def is_sent(self) -> bool:
        """Whether all were sent."""
        return all(isinstance(row, Submitted) for row in self.rows)


def save_draft(ctx: Context, number: str, form: CheckForm) -> DraftSaved:
    """Keep a form as far as it is filled in, beside other writers' drafts; raises ``Conflict`` once it was sent."""
    require(ctx.actor, Action.FILL_CHECKS)
    check = locked_check(ctx, number)
    refuse_checked(ctx, check)
    _keep_draft(ctx, check, form)
    ctx.note("save_check_draft", f"check:{check.number}", ("form",))
    return DraftSaved(check.number, ctx.now, _tell(ctx, check, form))


def submit_check(ctx: Context, number: str, form: CheckForm, *, confirmed: bool = False) -> Outcome:
    """Send a check: it is checked, with need or without, and its duty met (CHK-2, CHK-10).

    Raises ``RulesBroken`` with every broken rule (``Refused`` is returned where the form has a sign of danger), and
    ``Conflict`` naming who sent it before. ``Unconfirmed``: ask, and send again with ``confirmed``.
    """
    outcome = submit_checks(ctx, (Filled(number, form, confirmed),)).rows[0]
    if isinstance(outcome, Refused) and outcome.told is None:
        raise RulesBroken(outcome.broken)
    return outcome


def submit_checks(ctx: Context, batch: Sequence[Filled]) -> Batch:
    """Send several checks at once, each with its own answers: all of them, or none (CHK-8).

    What hinders is returned row by row. Raises ``InvalidInput`` for a number given twice or too many rows, ``NotFound``
    and ``Conflict`` as ``submit_check`` does.
    """
    require(ctx.actor, Action.FILL_CHECKS)
    _refuse_list(batch)
    checks = locked_checks(ctx, [each.number for each in batch])
    for check in checks.values():
        refuse_checked(ctx, check)
    hindered = _hindered(ctx, batch, checks)
    told = [_tell(ctx, checks[folded(each.number)], each.form) for each in batch]
    rows = list(zip(batch, hindered, told, strict=True))
    if any(hindered):
        return Batch(tuple(_held_back(each, hindrance, news) for each, hindrance, news in rows))
    return Batch(tuple(_submit(ctx, checks[folded(each.number)], each.form, news) for each, _, news in rows))


@dataclass(frozen=True)
class _Hindrance:
    broken: tuple[Broken, ...] = ()
    same_as: str = ""


def _refuse_list(batch: Sequence[Filled]) -> None:
    numbers = [folded(each.number) for each in batch]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise InvalidInput(Sentence.TWICE.label.format(number=twice), field=NUMBER_FIELD)
    if not 1 <= len(batch) <= BATCH_AT_MOST:
        raise InvalidInput(Sentence.TOO_MANY.label.format(at_most=BATCH_AT_MOST), field=NUMBER_FIELD)


def _hindered(ctx: Context, batch: Sequence[Filled], checks: Mapping[str, Check]) -> list[_Hindrance | None]:
    """Return what hinders each row; a row is held against those before it, too."""
    found: list[_Hindrance | None] = []
    for place, each in enumerate(batch):
        broken = form_rules.broken_rules(each.form, ctx.now)
        same_as = "" if broken or each.confirmed else _same_text(ctx, each, checks, batch[:place])
        found.append(_Hindrance(broken, same_as) if broken or same_as else None)
    return found


def _same_text(ctx: Context, filled: Filled, checks: Mapping[str, Check], earlier: Sequence[Filled]) -> str:
    """Return the number of the same child's previous check if its explanation is the same, else nothing (CHK-8)."""
    check, text_key = checks[folded(filled.number)], _text_key(ctx, filled.form)
    if text_key is None:
        return ""
    child = _child(ctx, check, _id_key(ctx, filled.form))
    for each in reversed(earlier):
        other = checks[folded(each.number)]
        if rules.same_child(child, _child(ctx, other, _id_key(ctx, each.form))):
            return other.number if _text_key(ctx, each.form) == text_key else ""
    before = _previous(ctx, check, child)
    return before.number if before is not None and before.text_key == text_key else ""


@dataclass(frozen=True)
class _Before:
    number: str
    text_key: str | None


def _previous(ctx: Context, check: Check, child: rules.Child) -> _Before | None:
    """Return the newest submission of another check of the same child in the same unit."""
    sent = CheckSubmission
    by_name = Check.child_name_key == check.child_name_key
    perhaps = or_(by_name, sent.national_id_key == child.id_key) if child.id_key else by_name
    found = ctx.session.execute(
        select(Check, sent.national_id_key, sent.text_key)
        .join(sent, sent.check_id == Check.id)
        .where(Check.id != check.id, Check.unit_id == check.unit_id, perhaps)
        .order_by(sent.id.desc())
        .limit(NAMESAKES_AT_MOST)
    )
    before = (
        (other, text_key) for other, id_key, text_key in found if rules.same_child(child, _child(ctx, other, id_key))
    )
    return next((_Before(other.number, text_key) for other, text_key in before), None)


def _child(ctx: Context, check: Check, id_key: str | None) -> rules.Child:
    return rules.Child(id_key, check.child_name_key, birth_of(ctx.vault, check))


def _held_back(filled: Filled, hindrance: _Hindrance | None, told: CenterTold | None) -> Outcome:
    number = folded(filled.number)
    if hindrance is None:
        return Ready(number, told)
    if hindrance.broken:
        return Refused(number, hindrance.broken, told)
    return Unconfirmed(number, hindrance.same_as, told)


def _submit(ctx: Context, check: Check, form: CheckForm, told: CenterTold | None) -> Submitted:
    check.state, check.has_need, check.returned_at = CheckState.CHECKED, form_rules.finds_need(form), None
    ctx.session.add(
        CheckSubmission(
            check_id=check.id,
            writer=ctx.actor.name,
            form=ctx.vault.seal(to_json(form)),
            national_id_key=_id_key(ctx, form),
            text_key=_text_key(ctx, form),
            sent_at=ctx.now,
        )
    )
    mine = (CheckDraft.check_id == check.id, CheckDraft.writer == ctx.actor.name)
    ctx.session.execute(delete(CheckDraft).where(*mine))
    follow_check(ctx, check)
    ctx.note("submit_check", f"check:{check.number}", ("form", "state", "has_need"))
    ctx.session.flush()
    return Submitted(check.number, check.has_need, told)


def _tell(ctx: Context, check: Check, form: CheckForm) -> CenterTold | None:
    return report_urgent_check(ctx, check, form.urgent) if form.urgent else None


def _id_key(ctx: Context, form: CheckForm) -> str | None:
    if form.identity is not Identity.OWN or not form.national_id:
        return None
    return ctx.vault.look_up("national_id", form.national_id)


def _text_key(ctx: Context, form: CheckForm) -> str | None:
    text = form_rules.explanation_of(form)
    return ctx.vault.look_up("check_text", text) if text else None


def _keep_draft(ctx: Context, check: Check, form: CheckForm) -> None:
    mine = (CheckDraft.check_id == check.id, CheckDraft.writer == ctx.actor.name)
    draft = ctx.session.scalar(select(CheckDraft).where(*mine))
    if draft is None:
        draft = CheckDraft(check_id=check.id, writer=ctx.actor.name)
        ctx.session.add(draft)
    draft.form, draft.saved_at = ctx.vault.seal(to_json(form)), ctx.now
    ctx.session.flush()
