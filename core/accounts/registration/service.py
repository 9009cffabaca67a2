"""Filing a registration: a proved mailbox, and everything that is wrong with the form at once (ACC-5).

Whether a code, a national ID or an address has an account already is not told here (A24): the administrator sees it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.accounts.models import Permission, Role, Unit
from core.accounts.registration import notices, rules
from core.accounts.registration.applicant import Applicant
from core.accounts.registration.models import (
    MailboxCode,
    PermissionState,
    Registration,
    RegistrationState,
    WantedPermission,
)
from core.accounts.registration.proving import proved_mailbox
from core.accounts.registration.queries import unit_typed
from core.accounts.registration.refusals import pending, proof_over
from core.context import Context
from core.errors import RuleBroken, RulesBroken
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.secrets import folded


@dataclass(frozen=True)
class Form:
    """A registration as it was typed."""

    code: str
    national_id: str
    name: str
    title: str
    phone: str
    unit: str
    """A unit's code, or its whole name."""
    role: Role | None
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Filed:
    """A registration waits for its decision."""

    number: int
    filed_at: datetime


def file_registration(ctx: Context, form: Form, challenge: str, asker: str) -> Filed:
    """Ask for an account (ACC-5); the applicant gets a receipt by mail.

    Raises ``Expired`` when the mailbox is not proved (any more), ``RulesBroken`` with all that is wrong, ``RuleBroken``
    while an earlier registration of the mailbox waits.
    """
    mailbox = proved_mailbox(ctx, challenge, asker)
    if mailbox is None:
        raise proof_over()
    unit = unit_typed(ctx, form.unit)
    typed = _read(form, unit, mailbox.city_account or "")
    broken = rules.broken_rules(typed)
    if broken or unit is None or typed.role is None:
        raise RulesBroken(broken)
    _refuse_second(ctx, mailbox)
    row = _stored(ctx, mailbox, typed, unit, typed.role)
    mailbox.voided_at = ctx.now
    ctx.note("registration.filed", f"registration:{row.id}", ("code", "name", "national_id", "email", "phone"))
    say(
        ctx,
        to=ToAddress(None, mailbox.address),
        answer=notices.received(row.id, row.code, unit.name, sorted(typed.permissions), ctx.now),
        kind=NoticeKind.ACCOUNT,
        key=f"registration:{row.id}",
        urgency=Urgency.ALWAYS,
    )
    return Filed(row.id, row.filed_at)


def _read(form: Form, unit: Unit | None, city_account: str) -> rules.Typed:
    return rules.Typed(
        code=folded(form.code),
        national_id=folded(form.national_id),
        name=" ".join(form.name.split()),
        title=" ".join(form.title.split()),
        phone=rules.read_phone(form.phone),
        unit_kind=unit.kind if unit else None,
        role=form.role,
        permissions=form.permissions,
        city_account=city_account,
    )


def _refuse_second(ctx: Context, mailbox: MailboxCode) -> None:
    is_open = Registration.email_key == mailbox.email_key, Registration.state == RegistrationState.FILED
    first = ctx.session.execute(select(Registration.id, Registration.filed_at).where(*is_open)).one_or_none()
    if first is not None:
        raise RuleBroken(pending(first.id, first.filed_at))


def _stored(ctx: Context, mailbox: MailboxCode, typed: rules.Typed, unit: Unit, role: Role) -> Registration:
    email = ctx.vault.open(mailbox.address)
    applicant = Applicant(typed.name, typed.national_id, email, typed.title, typed.phone)
    row = Registration(
        code=typed.code,
        unit=unit,
        role=role,
        proof=mailbox.proof,
        facts=ctx.vault.seal(applicant.to_json()),
        email_key=mailbox.email_key,
        national_id_key=ctx.vault.look_up("national_id", typed.national_id),
        filed_at=ctx.now,
        state=RegistrationState.FILED,
        decided_by="",
        wanted=[WantedPermission(permission=each, state=PermissionState.FILED) for each in sorted(typed.permissions)],
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(row)
    except IntegrityError:  # the same mailbox filed at this very moment, from another browser
        _refuse_second(ctx, mailbox)
        raise
    return row
