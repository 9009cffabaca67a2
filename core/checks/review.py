"""The supervisor's side of a check: sending it back with a reason (CHK-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.access import Action, require
from core.checks import rules
from core.checks.following import follow_check
from core.checks.history import last_sent, locked_check, refuse_returned
from core.checks.models import CheckReturn, CheckState, CheckSubmission
from core.checks.refusals import changed_meanwhile
from core.context import Context
from core.errors import RulesBroken


@dataclass(frozen=True)
class Returned:
    """A check that is to be corrected and sent again, and until when."""

    number: str
    due_at: datetime


def return_check(ctx: Context, number: str, reason: str, seen: int | None = None) -> Returned:
    """Send a check back to its school, which is told by its new duty (CHK-10).

    ``seen`` is the version that was shown (``version_of``); another one is not returned.
    Raises ``Conflict`` naming who returned it before, ``RulesBroken``: not sent yet, no reason, one's own form.
    """
    require(ctx.actor, Action.RETURN_CHECKS)
    check = locked_check(ctx, number)
    refuse_returned(ctx, check)
    sent = last_sent(ctx, check)
    is_own = sent is not None and sent.writer == ctx.actor.name
    if seen is not None and version_of(sent) != seen:
        raise changed_meanwhile(check.number)
    broken = rules.broken_by_return(check.state, reason, is_own=is_own)
    if broken:
        raise RulesBroken(broken)
    check.state, check.has_need, check.returned_at = CheckState.RETURNED, None, ctx.now
    row = CheckReturn(
        check_id=check.id, reviewer=ctx.actor.name, reason=ctx.vault.seal(reason.strip()), returned_at=ctx.now
    )
    ctx.session.add(row)
    follow_check(ctx, check)
    ctx.note("return_check", f"check:{check.number}", ("state", "reason"))
    ctx.session.flush()
    return Returned(check.number, rules.returned_due_at(ctx.now, ctx.policy.returned_check_hours))


def version_of(sent: CheckSubmission | None) -> int:
    """Return what tells a form from a corrected one, which is another row; 0: none was sent here."""
    return sent.id if sent is not None else 0
