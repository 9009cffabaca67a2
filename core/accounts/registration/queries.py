"""What is asked about registrations: the queue of administrators, one with what stands in its way, the units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.access import Action, require
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.registration import rules
from core.accounts.registration.applicant import applicant_from
from core.accounts.registration.models import PermissionState, ProofKind, Registration, RegistrationState
from core.accounts.registration.refusals import RegistrationRefusal
from core.context import Context
from core.errors import Broken, NotFound
from core.masking import mask_national_id
from core.paging import Page, clamped
from core.secrets import folded

UNITS_AT_MOST = 3000  # all there are, with room to grow
SHOWN = ("name", "national_id", "email", "title", "phone")


@dataclass(frozen=True)
class UnitChoice:
    """A unit somebody may choose."""

    code: str
    name: str
    kind: UnitKind


@dataclass(frozen=True)
class QueuedRegistration:
    """A registration in the queue: nothing personal but the code asked for."""

    number: int
    code: str
    unit_name: str
    role: Role
    state: RegistrationState
    filed_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True)
class WantedView:
    """A permission as who decides it sees it."""

    permission: Permission
    state: PermissionState
    reason: str


@dataclass(frozen=True)
class RegistrationView:
    """A registration as who decides it sees it; the national ID is masked, its check was the form's."""

    number: int
    code: str
    name: str
    national_id: str
    email: str
    title: str
    phone: str
    unit_name: str
    unit_kind: UnitKind
    role: Role
    proof: ProofKind
    state: RegistrationState
    filed_at: datetime
    decided_at: datetime | None
    decided_by: str
    wanted: tuple[WantedView, ...]
    clashes: tuple[Broken, ...]
    """Why it cannot be approved as it stands."""

    @property
    def is_open(self) -> bool:
        """Whether it waits for its decision."""
        return self.state is RegistrationState.FILED


def queued_registrations(ctx: Context, state: RegistrationState, start: int, limit: int) -> Page[QueuedRegistration]:
    """Return the registrations of a state, open ones oldest first, decided ones newest first; or ``NotAllowed``."""
    require(ctx.actor, Action.DECIDE_REGISTRATIONS)
    which = Registration.state == state
    order = (Registration.filed_at, Registration.id)
    rows = ctx.session.scalars(
        select(Registration)
        .where(which)
        .order_by(*(order if state is RegistrationState.FILED else (each.desc() for each in order)))
        .offset(start)
        .limit(clamped(limit))
    )
    total = ctx.session.scalar(select(func.count()).select_from(Registration).where(which)) or 0
    return Page(total, tuple(_queued(row) for row in rows), start)


def registration_of(ctx: Context, number: int) -> RegistrationView:
    """Return one registration; raises ``NotAllowed`` or ``NotFound``. The showing is audited."""
    require(ctx.actor, Action.DECIDE_REGISTRATIONS)
    row = ctx.session.get(Registration, number)
    if row is None:
        raise NotFound
    ctx.note("show_registration", f"registration:{row.id}", SHOWN)
    return _view(ctx, row)


def clashes(ctx: Context, row: Registration) -> tuple[Broken, ...]:
    """Return which accounts stand in the way of opening one for this registration (ACC-1, ACC-7)."""
    held = {
        RegistrationRefusal.CODE_TAKEN: Account.code == row.code,
        RegistrationRefusal.ID_TAKEN: Account.national_id_key == row.national_id_key,
        RegistrationRefusal.EMAIL_TAKEN: Account.email_key == row.email_key,
    }
    found = ((refusal, ctx.session.scalar(select(Account.code).where(same))) for refusal, same in held.items())
    return tuple(refusal.broken(code=code) for refusal, code in found if code is not None)


def registrable_units(ctx: Context) -> tuple[UnitChoice, ...]:
    """Return the units one may belong to, by name: their names are no secret."""
    rows = ctx.session.execute(select(Unit.code, Unit.name, Unit.kind).order_by(Unit.name).limit(UNITS_AT_MOST))
    return tuple(UnitChoice(row.code, row.name, row.kind) for row in rows)


def unit_typed(ctx: Context, typed: str) -> Unit | None:
    """Return the unit of a code or of a whole name as typed; None when there is none, or more than one."""
    wanted = typed.strip()
    found = ctx.session.scalars(
        select(Unit).where((Unit.code == folded(wanted)) | (Unit.code == wanted) | (Unit.name == wanted)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def role_choices() -> tuple[Role, ...]:
    """Return the roles one may ask for."""
    return rules.ROLES


def _queued(row: Registration) -> QueuedRegistration:
    return QueuedRegistration(row.id, row.code, row.unit.name, row.role, row.state, row.filed_at, row.decided_at)


def _view(ctx: Context, row: Registration) -> RegistrationView:
    applicant = applicant_from(ctx.vault.open(row.facts))
    return RegistrationView(
        number=row.id,
        code=row.code,
        name=applicant.name,
        national_id=mask_national_id(applicant.national_id),
        email=applicant.email,
        title=applicant.title,
        phone=applicant.phone,
        unit_name=row.unit.name,
        unit_kind=row.unit.kind,
        role=row.role,
        proof=row.proof,
        state=row.state,
        filed_at=row.filed_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        wanted=tuple(
            WantedView(each.permission, each.state, ctx.vault.open(each.reason) if each.reason else "")
            for each in row.wanted
        ),
        clashes=clashes(ctx, row) if row.state is RegistrationState.FILED else (),
    )
