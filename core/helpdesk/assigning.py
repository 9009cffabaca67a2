"""Who works on a request: by hand, or the least loaded of those on duty; and who leads the desk (HELP-6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from core.access import Action, require
from core.accounts.models import Account, Grant, Permission, Role
from core.accounts.queries import is_active
from core.context import Context
from core.database import insert_once
from core.errors import RuleBroken
from core.helpdesk import rules
from core.helpdesk.locking import locked_request
from core.helpdesk.models import HelpRequest, OnDuty
from core.helpdesk.refusals import HelpRefusal
from core.helpdesk.standing import IS_UNSOLVED

AGENTS = frozenset({Role.HELPDESK, Role.ADMIN})
AGENTS_AT_MOST = 200


@dataclass(frozen=True)
class AgentRow:
    """Somebody a request can be given to."""

    account_id: int
    name: str
    is_on_duty: bool
    load: int
    """How many unsolved requests are theirs."""


def assign(ctx: Context, number: int, agent_id: int | None) -> None:
    """Give a request to an agent, or to nobody (None); raises ``RuleBroken`` when it is no agent who may work today."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = locked_request(ctx, number)
    if agent_id is not None and not _is_agent(ctx, agent_id):
        raise RuleBroken(HelpRefusal.NOT_AGENT.broken())
    row.agent_id = agent_id
    ctx.note("help.assigned", f"help:{row.id}", ("agent_id",))
    ctx.session.flush()


def assign_least_loaded(ctx: Context, number: int) -> int | None:
    """Give a request to the agent on duty with the fewest; return who got it, or None when nobody is on duty."""
    require(ctx.actor, Action.ANSWER_HELP)
    row = locked_request(ctx, number)
    give_to_somebody(ctx, row)
    return row.agent_id


def give_to_somebody(ctx: Context, row: HelpRequest) -> None:
    """Give a request to the least loaded agent on duty; with nobody on duty it stays unassigned."""
    on_duty = agents_on_duty(ctx)
    agent = rules.least_loaded(_loads(ctx, on_duty), on_duty)
    if agent is not None:
        row.agent_id = agent
        ctx.note("help.assigned", f"help:{row.id}", ("agent_id",))
    ctx.session.flush()


def set_on_duty(ctx: Context, *, on_duty: bool) -> None:
    """Begin or end taking requests."""
    require(ctx.actor, Action.ANSWER_HELP)
    if on_duty:
        insert_once(ctx.session, OnDuty, {"account_id": ctx.actor.account_id, "since": ctx.now}, key="account_id")
    else:
        ctx.session.execute(delete(OnDuty).where(OnDuty.account_id == ctx.actor.account_id))
    ctx.note("help.on_duty" if on_duty else "help.off_duty", f"account:{ctx.actor.account_id}")


def is_on_duty(ctx: Context) -> bool:
    """Return whether the actor takes requests now."""
    return ctx.session.get(OnDuty, ctx.actor.account_id) is not None


def agents_on_duty(ctx: Context) -> Sequence[int]:
    """Return who takes requests now and may still work, longest on duty first."""
    return ctx.session.scalars(
        select(OnDuty.account_id)
        .join(Account, Account.id == OnDuty.account_id)
        .where(is_active(ctx.today), Account.role.in_(AGENTS))
        .order_by(OnDuty.since, OnDuty.account_id)
        .limit(AGENTS_AT_MOST)
    ).all()


def agents(ctx: Context) -> Sequence[int]:
    """Return everybody of the helpdesk who may work today."""
    return _accounts(ctx, Role.HELPDESK)


def roster(ctx: Context) -> tuple[AgentRow, ...]:
    """Return everybody a request can be given to, who is on duty first."""
    require(ctx.actor, Action.ANSWER_HELP)
    on_duty = set(agents_on_duty(ctx))
    is_agent = (Account.role.in_(AGENTS), is_active(ctx.today))
    found = ctx.session.execute(
        select(Account.id, Account.name).where(*is_agent).order_by(Account.id).limit(AGENTS_AT_MOST)
    ).all()
    loads = _loads(ctx, [row.id for row in found])
    rows = [AgentRow(row.id, ctx.vault.open(row.name), row.id in on_duty, loads.get(row.id, 0)) for row in found]
    return tuple(sorted(rows, key=lambda row: not row.is_on_duty))


def leads(ctx: Context) -> Sequence[int]:
    """Return who leads the desk: the helpdesk's accounts with the supervisor's permission, else the administrators."""
    leading = select(Grant.account_id).where(Grant.permission == Permission.SUPERVISOR)
    found = ctx.session.scalars(
        select(Account.id).where(Account.role == Role.HELPDESK, Account.id.in_(leading), is_active(ctx.today))
    ).all()
    return found or _accounts(ctx, Role.ADMIN)


def _accounts(ctx: Context, role: Role) -> Sequence[int]:
    return ctx.session.scalars(
        select(Account.id).where(Account.role == role, is_active(ctx.today)).order_by(Account.id).limit(AGENTS_AT_MOST)
    ).all()


def _is_agent(ctx: Context, account_id: int) -> bool:
    account = ctx.session.scalar(select(Account).where(Account.id == account_id, is_active(ctx.today)))
    return account is not None and account.role in AGENTS


def _loads(ctx: Context, agent_ids: Collection[int]) -> dict[int, int]:
    rows = ctx.session.execute(
        select(HelpRequest.agent_id, func.count()).where(IS_UNSOLVED).group_by(HelpRequest.agent_id)
    )
    return {agent: count for agent, count in rows if agent is not None and agent in agent_ids}
