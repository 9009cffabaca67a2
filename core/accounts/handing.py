"""Change of caseworker: the old one's permissions go, what is open belongs to the unit and passes on (ACC-9).

Duties, dispatches and services that name the old one name the new one. What passes on is shown before it is confirmed.
Sessions and the binding of the old account stay as they are: it is still somebody's account, only without the
permissions.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, select, true, update

from core.access import Action, require
from core.accounts import notices
from core.accounts.care import locked
from core.accounts.models import Account, Permission
from core.accounts.queries import standing_of
from core.accounts.refusals import AccountRefusal
from core.accounts.rules import Standing
from core.accounts.service import take_permission
from core.cards import Answer
from core.context import Context
from core.dispatches.models import Dispatch, DispatchState, Opened
from core.dispatches.rules import OPENS
from core.duties.models import Duty
from core.duties.plans import DutyKind
from core.duties.queries import CASE_KINDS, CHECK_KINDS
from core.duties.service import NewDuty, open_duty
from core.errors import Broken, NotFound, RuleBroken, refuse_if
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAccount, say

KINDS_OF = {Permission.CASEWORKER: CASE_KINDS, Permission.MEAL_CHECKS: CHECK_KINDS}
"""Which duties a permission is for (DUTY-4): who takes them over must hold it."""
UNANSWERED = (DispatchState.WAITING, DispatchState.SUBMITTED, DispatchState.RETURNED)


@dataclass(frozen=True)
class PassingOn:
    """What a change of caseworker does: permissions taken, and what of the unit is open and passes on."""

    old_code: str
    new_code: str
    new_name: str
    unit_name: str
    taken: tuple[Permission, ...]
    open_duties: tuple[tuple[DutyKind, int], ...]
    """How many of each kind the unit owes."""
    named: int
    """How many of them name the old one, and will name the new one."""
    dispatches: int
    """How many dispatches that go on name the old one, and will name the new one."""
    services: int
    """How many families' services name the old one, and will name the new one."""


def passing_on(ctx: Context, old_code: str, new_code: str) -> PassingOn:
    """Return what a change would do; raises ``RuleBroken`` where it cannot be done. The showing is audited."""
    require(ctx.actor, Action.CHANGE_ACCOUNTS)
    old, new = locked(ctx, old_code), _successor(ctx, new_code)
    refuse_if(_broken(ctx, old, new))
    ctx.note("show_account", f"account:{new.id}", ("name",))
    return _counted(ctx, old, new)


def change_caseworker(ctx: Context, old_code: str, new_code: str) -> PassingOn:
    """Take the old one's permissions and pass on what is open, in one step; both are told. Raises as ``passing_on``."""
    require(ctx.actor, Action.CHANGE_ACCOUNTS)
    old, new = locked(ctx, old_code), _successor(ctx, new_code)
    refuse_if(_broken(ctx, old, new))
    done = _counted(ctx, old, new)
    _pass_dispatches(ctx, old, new)
    _pass_duties(ctx, old, new)
    _pass_services(ctx, old, new)
    for permission in done.taken:  # last: what passes on is what these were for
        take_permission(ctx, old.code, permission)
    ctx.note("account.succeeded", f"account:{old.id}", ("permissions", "duties"))
    ctx.note("account.took_over", f"account:{new.id}", ("duties",))
    _tell(ctx, old, notices.handed_over(done.old_code, done.new_code, done.unit_name, ctx.now), "from")
    total = sum(count for _, count in done.open_duties)
    _tell(ctx, new, notices.took_over(done.unit_name, total, done.named, ctx.now), "to")
    return done


def _successor(ctx: Context, code: str) -> Account:
    try:
        return locked(ctx, code)
    except NotFound:
        raise RuleBroken(AccountRefusal.NO_SUCCESSOR.broken()) from None


def _broken(ctx: Context, old: Account, new: Account) -> Broken | None:
    """Return why one account cannot take over from another, or None (ACC-9)."""
    if new.id == old.id:
        return AccountRefusal.SAME.broken()
    if standing_of(new, ctx.today) is not Standing.ACTIVE:
        return AccountRefusal.NO_SUCCESSOR.broken()
    if new.unit_id != old.unit_id:
        return AccountRefusal.OTHER_UNIT.broken(unit=old.unit.name)
    if not old.grants:
        return AccountRefusal.NOTHING.broken()
    lacks = sorted((old.permissions & KINDS_OF.keys()) - new.permissions)
    return AccountRefusal.LACKS.broken(permissions="、".join(each.label for each in lacks)) if lacks else None


def _counted(ctx: Context, old: Account, new: Account) -> PassingOn:
    rows = ctx.session.execute(
        select(Duty.kind, func.count()).where(_of_unit(old)).group_by(Duty.kind).order_by(Duty.kind)
    ).all()
    named = select(func.count()).select_from(Duty).where(_of_unit(old), Duty.account_id == old.id)
    dispatches = select(func.count()).select_from(Dispatch).where(_going_on(old, new))
    services = select(func.count()).select_from(Opened).where(_serving(old, new))
    return PassingOn(
        old_code=old.code,
        new_code=new.code,
        new_name=ctx.vault.open(new.name),
        unit_name=old.unit.name,
        taken=tuple(sorted(old.permissions)),
        open_duties=tuple((row[0], row[1]) for row in rows),
        named=ctx.session.scalar(named) or 0,
        dispatches=ctx.session.scalar(dispatches) or 0,
        services=ctx.session.scalar(services) or 0,
    )


def _pass_dispatches(ctx: Context, old: Account, new: Account) -> None:
    """Let the dispatches that go on and name the old one name the new one; the same list again does not undo it."""
    held = select(Dispatch).where(_going_on(old, new)).order_by(Dispatch.id).with_for_update(of=Dispatch)
    rows = ctx.session.scalars(held.execution_options(populate_existing=True)).all()
    for row in rows:
        row.responsible, row.responsible_id = new.name, new.id
        row.listed_responsible_key = row.listed_responsible_key or old.name_key
    ctx.note_rows("pass_dispatch", "dispatch", [row.id for row in rows], ("responsible",))


def _pass_duties(ctx: Context, old: Account, new: Account) -> None:
    """Let what names the old one name the new one: it arises anew, and the new one is told (DUTY-4)."""
    for duty in ctx.session.scalars(select(Duty).where(_of_unit(old), Duty.account_id == old.id)).all():
        open_duty(
            ctx,
            NewDuty(
                kind=duty.kind,
                subject_kind=duty.subject_kind,
                subject_id=duty.subject_id,
                unit_id=duty.unit_id,
                account_id=new.id,
                counted_from=duty.counted_from,
                due_at=duty.due_at,
            ),
        )


def _pass_services(ctx: Context, old: Account, new: Account) -> None:
    ctx.session.execute(
        update(Opened).where(_serving(old, new)).values(responsible=new.name, responsible_id=new.id),
        execution_options={"synchronize_session": False},
    )


def _of_unit(old: Account) -> ColumnElement[bool]:
    """Return the condition of the open duties of a unit that the old one's permissions were for."""
    kinds = [kind for permission in sorted(old.permissions) for kind in KINDS_OF.get(permission, ())]
    return Duty.ended_at.is_(None) & (Duty.unit_id == old.unit_id) & Duty.kind.in_(kinds)


def _going_on(old: Account, new: Account) -> ColumnElement[bool]:
    """Return the condition of the dispatches of the old one that are not over: a reply is awaited, or a family served.

    Of what is over it stays told who did it.
    """
    is_served = (Dispatch.state == DispatchState.ANSWERED) & Dispatch.opening.in_(OPENS)
    goes_on = Dispatch.state.in_(UNANSWERED) | is_served
    return (Dispatch.unit_id == old.unit_id) & (Dispatch.responsible_id == old.id) & goes_on & _takes_cases(new)


def _serving(old: Account, new: Account) -> ColumnElement[bool]:
    goes_on = Opened.closed_on.is_(None)
    return (Opened.unit_id == old.unit_id) & (Opened.responsible_id == old.id) & goes_on & _takes_cases(new)


def _takes_cases(new: Account) -> ColumnElement[bool]:
    """Return whether the new one may be responsible for cases, as a condition (DUTY-4)."""
    return true() if Permission.CASEWORKER in new.permissions else false()


def _tell(ctx: Context, account: Account, answer: Answer, side: str) -> None:
    key = f"handed-over:{side}:{account.id}:{ctx.now.isoformat()}"
    say(ctx, to=ToAccount(account.id), answer=answer, kind=NoticeKind.ACCOUNT, key=key, urgency=Urgency.AT_ONCE)
