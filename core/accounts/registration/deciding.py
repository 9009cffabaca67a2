"""Deciding a registration: each permission by itself; with one approved the account is opened (ACC-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.access import Action, require
from core.accounts.models import Account, Permission
from core.accounts.registration import notices, rules
from core.accounts.registration.applicant import Applicant, applicant_from
from core.accounts.registration.models import PermissionState, Registration, RegistrationState
from core.accounts.registration.queries import clashes
from core.accounts.registration.refusals import RegistrationRefusal, decided_already
from core.accounts.registration.rules import Verdict
from core.accounts.requests.rules import extended_to
from core.accounts.service import AccountFacts, put_account
from core.context import Context
from core.errors import NotFound, RuleBroken, RulesBroken
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say


@dataclass(frozen=True)
class Decided:
    """A registration that is settled."""

    number: int
    code: str
    state: RegistrationState


def decide_registration(ctx: Context, number: int, verdicts: Mapping[Permission, Verdict]) -> Decided:
    """Approve or refuse each permission asked for; the applicant is told by mail (ACC-5).

    Raises ``RulesBroken`` for what is undecided or lacks a reason, or names an account that stands in the way, and
    ``Conflict`` naming who was first.
    """
    row = _decidable(ctx, number)
    _check(ctx, row, verdicts)
    for each in row.wanted:
        verdict = verdicts[each.permission]
        each.state = PermissionState.APPROVED if verdict.approves else PermissionState.REFUSED
        each.reason = None if verdict.approves else ctx.vault.seal(verdict.reason.strip())
    approved = frozenset(each.permission for each in row.wanted if each.state is PermissionState.APPROVED)
    applicant = applicant_from(ctx.vault.open(row.facts))
    row.state = RegistrationState.OPENED if approved else RegistrationState.REFUSED
    row.account_id = _open_account(ctx, row, applicant, approved) if approved else None
    return _settle(ctx, row, applicant)


def _decidable(ctx: Context, number: int) -> Registration:
    require(ctx.actor, Action.DECIDE_REGISTRATIONS)
    row = ctx.session.scalar(
        select(Registration)
        .where(Registration.id == number)
        .with_for_update(of=Registration)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if row.state is not RegistrationState.FILED:
        raise decided_already(row.id, row.state, row.decided_by, row.decided_at)
    return row


def _check(ctx: Context, row: Registration, verdicts: Mapping[Permission, Verdict]) -> None:
    """Raise all that is wrong with a decision, before anything of it is written."""
    broken = rules.broken_by_verdicts([each.permission for each in row.wanted], verdicts)
    opens = any(verdict.approves for verdict in verdicts.values())
    if not broken and opens:
        broken = clashes(ctx, row)
    if broken:
        raise RulesBroken(broken)


def _open_account(ctx: Context, row: Registration, applicant: Applicant, approved: frozenset[Permission]) -> int:
    """Open the account, from today for as long as an extension gives, and return its id."""
    facts = AccountFacts(
        code=row.code,
        name=applicant.name,
        national_id=applicant.national_id,
        email=applicant.email,
        unit_code=row.unit.code,
        role=row.role,
        title=applicant.title,
        phone=applicant.phone,
        starts_on=ctx.today,
        ends_on=extended_to(ctx.today, ctx.today, ctx.policy.extension_years),
        permissions=approved,
    )
    try:
        with ctx.session.begin_nested():
            put_account(ctx, facts)
    except IntegrityError:  # an import opened the same at this very moment
        raise RuleBroken(RegistrationRefusal.CODE_TAKEN.broken(code=row.code)) from None
    return ctx.session.scalars(select(Account.id).where(Account.code == row.code)).one()


def _settle(ctx: Context, row: Registration, applicant: Applicant) -> Decided:
    row.decided_at, row.decided_by = ctx.now, ctx.actor.name
    ctx.note(f"registration.{row.state}", f"registration:{row.id}", [each.permission.value for each in row.wanted])
    ctx.session.flush()
    told = [
        notices.Decided(each.permission, each.state, ctx.vault.open(each.reason) if each.reason else "")
        for each in row.wanted
    ]
    say(
        ctx,
        to=ToAddress(row.account_id, ctx.vault.seal(applicant.email)),
        answer=notices.decided(row.id, row.state, row.code, told),
        kind=NoticeKind.ACCOUNT,
        key=f"registration-decided:{row.id}",
        urgency=Urgency.ALWAYS,
    )
    return Decided(row.id, row.code, row.state)
