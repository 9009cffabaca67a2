"""What was done with a closure form: each act is kept, and who comes too late is told who was first (A30, A32)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.access import account_of
from core.closures.kinds import Act
from core.closures.models import Closure, ClosureStep
from core.closures.refusals import closed_elsewhere, done_already
from core.closures.rules import after, broken_by
from core.context import Context
from core.errors import RulesBroken
from core.masking import mask_name


def refuse_act(ctx: Context, closure: Closure, act: Act, reason: str = "") -> None:
    """Pass, or raise: ``Conflict`` with who was first and when, ``RulesBroken`` with all that the act breaks."""
    service = closure.opened
    if after(closure.state, act) is None:
        last = _last(ctx, closure)
        if last is not None:
            raise done_already(mask_name(ctx.vault.open(last.account.name)), last.at, last.act)
    if service.closed_on is not None:
        raise closed_elsewhere(service.closed_on)
    broken = broken_by(closure.state, act, reason=reason, is_own=closure.written_by == ctx.actor.account_id)
    if broken:
        raise RulesBroken(broken)


def add_step(ctx: Context, closure: Closure, act: Act, reason: str = "") -> None:
    """Keep that somebody did something with a form."""
    said = ctx.vault.seal(reason.strip()) if reason else None
    step = ClosureStep(closure_id=closure.id, act=act, account_id=account_of(ctx.actor), at=ctx.now, reason=said)
    ctx.session.add(step)
    ctx.session.flush()


def steps_of(ctx: Context, closure: Closure) -> list[ClosureStep]:
    """Return what was done with a form, in order."""
    asked = select(ClosureStep).where(ClosureStep.closure_id == closure.id).order_by(ClosureStep.id)
    return list(ctx.session.scalars(asked))


def version_of(steps: Sequence[ClosureStep]) -> int:
    """Return what tells a form as it was shown from the same form corrected: its last step; 0: nothing was done yet."""
    return steps[-1].id if steps else 0


def _last(ctx: Context, closure: Closure) -> ClosureStep | None:
    steps = steps_of(ctx, closure)
    return steps[-1] if steps else None
