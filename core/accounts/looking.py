"""Accounts and units as those see them who look after them: found by code, name or unit, with all that stands there.

It shows no case data. What is shown of a person is audited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from core.access import Action, require
from core.accounts import queries
from core.accounts.finding import AccountView, find_account
from core.accounts.models import Account, Binding, Role, Unit, UnitKind, WebSession
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.rules import SESSION_IDLE, Standing
from core.context import Context
from core.errors import NotFound
from core.masking import mask_name
from core.otp.models import WrongCodes
from core.paging import Page, clamped
from core.secrets import folded

REQUESTS_SHOWN = 10


@dataclass(frozen=True)
class FoundAccount:
    """An account in a list; the name is masked."""

    code: str
    name: str
    unit_name: str
    role: Role
    standing: Standing
    ends_on: date


@dataclass(frozen=True)
class ItsRequest:
    """A request of an account, as a line."""

    number: int
    kind: RequestKind
    state: RequestState
    filed_at: datetime


@dataclass(frozen=True)
class CodesState:
    """How wrong one-time passwords stand for an account (OTP-6)."""

    in_a_row: int
    wait_until: datetime | None
    is_closed: bool


@dataclass(frozen=True)
class AccountFile:
    """Everything that is known of an account at the desk."""

    view: AccountView
    unit_id: int
    bound_at: datetime | None
    sessions: int
    """Browsers signed in now."""
    codes: CodesState
    certificate_ends_on: date | None
    disabled_at: datetime | None
    disabled_why: str
    requests: tuple[ItsRequest, ...]
    is_own: bool


@dataclass(frozen=True)
class UnitLine:
    """A unit in a list."""

    id: int
    code: str
    name: str
    kind: UnitKind
    over: str
    """The name of the unit above it; empty for one at the top."""
    accounts: int
    """How many of its accounts may be used today."""


def account_file(ctx: Context, code: str) -> AccountFile:
    """Return an account with all that stands of it; raises ``NotAllowed`` or ``NotFound``. The showing is audited."""
    view = find_account(ctx, code)
    account = ctx.session.scalars(select(Account).where(Account.code == view.code)).one()
    live = WebSession.account_id == account.id, WebSession.ended_at.is_(None)
    return AccountFile(
        view=view,
        unit_id=account.unit_id,
        bound_at=ctx.session.scalar(
            select(Binding.bound_at).where(Binding.account_id == account.id, Binding.ended_at.is_(None))
        ),
        sessions=ctx.session.scalar(
            select(func.count()).select_from(WebSession).where(*live, WebSession.last_used_at > ctx.now - SESSION_IDLE)
        )
        or 0,
        codes=_codes(ctx, account.id),
        certificate_ends_on=account.certificate_ends_on,
        disabled_at=account.disabled_at,
        disabled_why=ctx.vault.open(account.disabled_why) if account.disabled_why else "",
        requests=_requests(ctx, account.id),
        is_own=account.id == ctx.actor.account_id,
    )


def search_accounts(ctx: Context, typed: str, start: int, limit: int) -> Page[FoundAccount]:
    """Return the accounts of a whole name, or of a unit by its code or how its name begins; of nothing typed none."""
    require(ctx.actor, Action.SEE_ACCOUNTS)
    wanted = typed.strip()
    if not wanted:
        return Page(0, ())
    units = select(Unit.id).where(
        (Unit.code == folded(wanted)) | (Unit.code == wanted) | Unit.name.startswith(wanted, autoescape=True)
    )
    return _listed(
        ctx,
        (Account.name_key == ctx.vault.look_up("name", wanted)) | Account.unit_id.in_(units),
        start,
        limit,
    )


def accounts_of_unit(ctx: Context, unit_id: int, start: int, limit: int) -> Page[FoundAccount]:
    """Return the accounts of a unit; raises ``NotAllowed``."""
    require(ctx.actor, Action.SEE_ACCOUNTS)
    return _listed(ctx, Account.unit_id == unit_id, start, limit)


def list_units(ctx: Context, typed: str, start: int, limit: int) -> Page[UnitLine]:
    """Return the units whose code or name holds what was typed, all where nothing was; by name."""
    require(ctx.actor, Action.SEE_ACCOUNTS)
    wanted = typed.strip()
    which = Unit.name.contains(wanted, autoescape=True) | (Unit.code == wanted) | (Unit.code == folded(wanted))
    return _units(ctx, which, start, limit)


def unit_of(ctx: Context, unit_id: int) -> UnitLine:
    """Return one unit; raises ``NotAllowed`` or ``NotFound``."""
    require(ctx.actor, Action.SEE_ACCOUNTS)
    found = _units(ctx, Unit.id == unit_id, 0, 1).rows
    if not found:
        raise NotFound
    return found[0]


def units_below(ctx: Context, unit_id: int, limit: int) -> Page[UnitLine]:
    """Return the first units right below one, by name."""
    require(ctx.actor, Action.SEE_ACCOUNTS)
    return _units(ctx, Unit.parent_id == unit_id, 0, limit)


def _listed(ctx: Context, which: ColumnElement[bool], start: int, limit: int) -> Page[FoundAccount]:
    total = ctx.session.scalar(select(func.count()).select_from(Account).where(which)) or 0
    listed = select(Account).where(which).order_by(Account.code).offset(start).limit(clamped(limit))
    rows = ctx.session.scalars(listed).all()
    ctx.note_rows("list_accounts", "accounts", [row.id for row in rows], ("name",))
    return Page(total, tuple(_found(ctx, row) for row in rows), start)


def _found(ctx: Context, row: Account) -> FoundAccount:
    name = mask_name(ctx.vault.open(row.name))
    return FoundAccount(row.code, name, row.unit.name, row.role, queries.standing_of(row, ctx.today), row.ends_on)


def _units(ctx: Context, which: ColumnElement[bool], start: int, limit: int) -> Page[UnitLine]:
    total = ctx.session.scalar(select(func.count()).select_from(Unit).where(which)) or 0
    rows = ctx.session.scalars(
        select(Unit).where(which).order_by(Unit.name, Unit.id).offset(start).limit(clamped(limit))
    )
    units = rows.all()
    names = _names(ctx, {each.parent_id for each in units if each.parent_id})
    counts = _counts(ctx, [each.id for each in units])
    return Page(
        total,
        tuple(
            UnitLine(each.id, each.code, each.name, each.kind, names.get(each.parent_id, ""), counts.get(each.id, 0))
            for each in units
        ),
        start,
    )


def _names(ctx: Context, ids: set[int]) -> dict[int | None, str]:
    return {row.id: row.name for row in ctx.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(ids)))}


def _counts(ctx: Context, ids: list[int]) -> dict[int, int]:
    rows = ctx.session.execute(
        select(Account.unit_id, func.count())
        .where(Account.unit_id.in_(ids), queries.is_active(ctx.today))
        .group_by(Account.unit_id)
    )
    return {row[0]: row[1] for row in rows}


def _codes(ctx: Context, account_id: int) -> CodesState:
    row = ctx.session.get(WrongCodes, account_id, populate_existing=True)
    if row is None:
        return CodesState(0, None, is_closed=False)
    waits = row.wait_until if row.wait_until and row.wait_until > ctx.now else None
    return CodesState(row.in_a_row, waits, is_closed=row.closed_at is not None)


def _requests(ctx: Context, account_id: int) -> tuple[ItsRequest, ...]:
    rows = ctx.session.execute(
        select(AccountRequest.id, AccountRequest.kind, AccountRequest.state, AccountRequest.filed_at)
        .where(AccountRequest.account_id == account_id)
        .order_by(AccountRequest.filed_at.desc(), AccountRequest.id.desc())
        .limit(REQUESTS_SHOWN)
    )
    return tuple(ItsRequest(row.id, row.kind, row.state, row.filed_at) for row in rows)
