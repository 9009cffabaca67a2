"""Why forms were returned, for whoever owes the corrected ones: one question a kind, however many forms.

Whoever asks has asked for the duty, the case or the check before, and notes there that the reason was shown. Reasons
are words of a supervisor about a family: they are opened only for who may see names, and names and IDs stay masked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select

from core.access import Action
from core.checks.models import Check, CheckReturn
from core.closures.kinds import Act, ClosureState
from core.closures.models import Closure, ClosureStep
from core.context import Context
from core.database import SealedText
from core.dispatches.models import Case, Dispatch, FormState, Opened, Reply
from core.duties.plans import DutyKind
from core.masking import mask_in

SHORT = 60  # characters of a reason beside others; the whole one stands at the case

_AMONG: BindParameter[int] = bindparam("ids", expanding=True)
_LAST_STEPS = (
    select(func.max(ClosureStep.id))
    .join(Closure, Closure.id == ClosureStep.closure_id)
    .where(Closure.opened_id.in_(_AMONG), ClosureStep.act == Act.RETURN)
    .group_by(ClosureStep.closure_id)
)
_BECAUSE: dict[DutyKind, Select[*tuple[Any, ...]]] = {
    DutyKind.RETURNED_REPLY: select(
        Dispatch.id, Reply.reason, func.coalesce(Dispatch.served, Case.child_name, type_=SealedText())
    )
    .join(Reply, Reply.dispatch_id == Dispatch.id)
    .join(Case, Case.id == Dispatch.case_id)
    .where(Dispatch.id.in_(_AMONG), Reply.state == FormState.RETURNED, Reply.decided_at == Dispatch.returned_at),
    DutyKind.RETURNED_CHECK: select(Check.id, CheckReturn.reason, Check.child_name)
    .join(CheckReturn, CheckReturn.check_id == Check.id)
    .where(Check.id.in_(_AMONG), CheckReturn.returned_at == Check.returned_at),
    DutyKind.RETURNED_CLOSURE: select(Opened.id, ClosureStep.reason, Opened.served)
    .join(Closure, Closure.opened_id == Opened.id)
    .join(ClosureStep, ClosureStep.closure_id == Closure.id)
    .where(Closure.state == ClosureState.RETURNED, ClosureStep.id.in_(_LAST_STEPS)),
}
"""What was returned here and stands so: a return that the main system alone knows has no reason here."""
KINDS = frozenset(_BECAUSE)


def returned_because(ctx: Context, kind: DutyKind, subjects: Collection[int]) -> Mapping[int, str]:
    """Return why each of these was returned, by what its duty is about (dispatch, check, service); whole, masked.

    Those without a reason here are left out, and all of them for who may not see names.
    """
    if not subjects or not ctx.actor.may(Action.SEE_NAMES):
        return {}
    found = ctx.session.execute(_BECAUSE[kind], {"ids": list(subjects)})
    return {
        subject: mask_in(ctx.vault.open(reason), (ctx.vault.open(child),))
        for subject, reason, child in found
        if reason is not None
    }


def shortened(reason: str) -> str:
    """Return a reason as it stands beside others: in one line, its beginning where it is long."""
    line = " ".join(reason.split())
    return line if len(line) <= SHORT else f"{line[:SHORT]}…"
