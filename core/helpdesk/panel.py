"""Beside a conversation: who asks, what they owe, what was last said to them and its fate, what they have asked for.

It is read with the eyes of who asks, so an agent sees no more of a case than they do; the audit names the agent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from core.access import Action, Actor, require
from core.accounts.models import Account, Binding, Role
from core.accounts.queries import actor_of, standing_of
from core.accounts.requests.queries import OwnRequest, own_requests
from core.accounts.rules import Standing
from core.context import Context
from core.dates import roc
from core.duties.queries import OwedRow, owed
from core.duties.unit_figures import late_note
from core.errors import NotFound
from core.helpdesk.models import HelpRequest
from core.helpdesk.queries import NAMELESS
from core.notices.models import Notice, NoticeKind, NoticeState, Via

OWED_SHOWN = 5
NOTICES_SHOWN = 8
REQUESTS_SHOWN = 5


@dataclass(frozen=True)
class SaidRow:
    """Something that was said to them, and its fate."""

    kind: NoticeKind
    via: Via
    state: NoticeState
    reason: str
    at: datetime


@dataclass(frozen=True)
class Panel:
    """What stands beside a conversation; of somebody unbound only the name LINE gives is known."""

    name: str
    said: tuple[SaidRow, ...]
    code: str = ""
    unit_name: str = ""
    role: Role | None = None
    standing: Standing | None = None
    ends_on: date | None = None
    is_bound: bool = False
    is_blocked: bool = False
    owed_total: int = 0
    owed_late: int = 0
    owed: tuple[OwedRow, ...] = ()
    requests: tuple[OwnRequest, ...] = ()

    @property
    def owed_words(self) -> str:
        """What they owe, in words."""
        if not self.owed_total:
            return "目前沒有待辦"
        late = late_note(self.owed_total, self.owed_late)
        return f"{self.owed_total} 件待辦" + (f"，{late}" if late else "")

    @property
    def ends_on_words(self) -> str:
        """When their account ends, in words."""
        return roc(self.ends_on) if self.ends_on else "（未綁定帳號）"


def panel(ctx: Context, number: int) -> Panel:
    """Return what stands beside a request; raises ``NotFound``. The showing is audited."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = ctx.session.get(HelpRequest, number)
    if row is None:
        raise NotFound
    ctx.note("show_panel", f"help:{number}", ("name", "owed", "requests"))
    account = ctx.session.get(Account, row.account_id) if row.account_id else None
    said = _said(ctx, row)
    if account is None:
        return Panel(ctx.vault.open(row.display_name) if row.display_name else NAMELESS, said)
    binding = ctx.session.scalar(select(Binding).where(Binding.account_id == account.id, Binding.ended_at.is_(None)))
    theirs = _with_their_eyes(ctx, account)
    has = owed(theirs, 0, OWED_SHOWN)
    return Panel(
        name=ctx.vault.open(account.name),
        said=said,
        code=account.code,
        unit_name=account.unit.name,
        role=account.role,
        standing=standing_of(account, ctx.today),
        ends_on=account.ends_on,
        is_bound=binding is not None,
        is_blocked=binding is not None and binding.blocked_at is not None,
        owed_total=has.total,
        owed_late=has.late,
        owed=has.rows,
        requests=own_requests(theirs, 0, REQUESTS_SHOWN).rows,
    )


def _with_their_eyes(ctx: Context, account: Account) -> Context:
    """Return surroundings that see what the account sees, under the agent's name; an ended account sees nothing."""
    actor = actor_of(ctx.session, account.id, ctx.today) or Actor(name="", account_id=account.id)
    return ctx.as_actor(replace(actor, name=ctx.actor.name))


def _said(ctx: Context, row: HelpRequest) -> tuple[SaidRow, ...]:
    """Return what was sent to who asks: the bot's answers to what they type only where one did not arrive."""
    theirs = [and_(Notice.person == row.person, Notice.account_id.is_(None))] if row.person else []
    theirs += [Notice.account_id == row.account_id] if row.account_id else []
    if not theirs:
        return ()
    is_talk = and_(Notice.kind == NoticeKind.ANSWER, Notice.state == NoticeState.ACCEPTED)
    asked = select(Notice).where(or_(*theirs), ~is_talk).order_by(Notice.id.desc())
    rows = ctx.session.scalars(asked.limit(NOTICES_SHOWN))
    return tuple(SaidRow(each.kind, each.via, each.state, each.reason, each.created_at) for each in rows)
