"""What is asked about requests: one's own, with state and times (ACC-8), and the queue of who decides them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from core.access import Action, require
from core.accounts.models import Account, Permission, UnitKind
from core.accounts.queries import standing_of
from core.accounts.requests import notices, rules
from core.accounts.requests.asked import asked_from, unit_named
from core.accounts.requests.deciding import may_decide
from core.accounts.requests.models import AccountRequest, RequestKind, RequestState
from core.accounts.rules import Standing
from core.cards import Row
from core.context import Context
from core.errors import NotFound
from core.masking import mask_email
from core.paging import Page, clamped

SHOWN = ("email", "new_email", "name")


@dataclass(frozen=True)
class OwnRequest:
    """A request as its own account sees it; addresses are masked."""

    number: int
    kind: RequestKind
    state: RequestState
    filed_at: datetime
    settled_at: datetime | None
    reason: str
    asked: tuple[Row, ...]


@dataclass(frozen=True)
class QueuedRequest:
    """A request in the queue: nothing personal but the account's code."""

    number: int
    kind: RequestKind
    state: RequestState
    filed_at: datetime
    settled_at: datetime | None
    code: str
    unit_name: str


@dataclass(frozen=True)
class RequestView:
    """A request as who decides it sees it."""

    number: int
    kind: RequestKind
    state: RequestState
    filed_at: datetime
    settled_at: datetime | None
    settled_by: str
    reason: str
    code: str
    name: str
    unit_name: str
    standing: Standing
    ends_on: date
    old_address: str
    """Masked; empty for other kinds."""
    address: str
    """In full: whoever approves must see letter by letter what it is."""
    asked: tuple[Row, ...]
    would_end_on: date | None
    """The last day if an extension were approved today."""
    why: str
    is_open: bool
    is_own: bool


@dataclass(frozen=True)
class Term:
    """An account's term, and whether a longer one may be asked for today (ACC-6)."""

    ends_on: date
    days_left: int
    first_on: date
    """The first day on which an extension may be asked for."""
    may_ask: bool
    pending: int | None
    """The number of the request that waits for its decision."""
    unit: str
    would_end_on: date


@dataclass(frozen=True)
class OwnPermissions:
    """Which permissions an account holds, and which it may ask for."""

    held: tuple[Permission, ...]
    may_ask: tuple[Permission, ...]
    is_school: bool


def own_requests(ctx: Context, start: int = 0, limit: int = 5) -> Page[OwnRequest]:
    """Return one's own requests, newest first (ACC-8)."""
    is_own = AccountRequest.account_id == (ctx.actor.account_id or 0)
    newest = (AccountRequest.filed_at.desc(), AccountRequest.id.desc())
    rows = ctx.session.scalars(
        select(AccountRequest).where(is_own).order_by(*newest).offset(start).limit(clamped(limit))
    )
    return Page(_count(ctx, is_own), tuple(_own(ctx, row) for row in rows), start)


def queued_requests(
    ctx: Context, kind: RequestKind | None, state: RequestState, start: int, limit: int
) -> Page[QueuedRequest]:
    """Return the requests this actor decides, the open ones oldest first, settled ones newest first."""
    require(ctx.actor, Action.DECIDE_REQUESTS)
    kinds = [each for each in kinds_decided(ctx) if kind in (None, each)]
    which = AccountRequest.kind.in_(kinds) & (AccountRequest.state == state)
    is_open = state is RequestState.FILED
    order = (AccountRequest.filed_at, AccountRequest.id)
    rows = ctx.session.scalars(
        select(AccountRequest)
        .where(which)
        .order_by(*(order if is_open else (each.desc() for each in order)))
        .offset(start)
        .limit(clamped(limit))
    )
    return Page(_count(ctx, which), tuple(_queued(row) for row in rows), start)


def kinds_decided(ctx: Context) -> tuple[RequestKind, ...]:
    """Return the kinds of requests this actor decides."""
    return tuple(each for each in RequestKind if may_decide(ctx, each))


def request_of(ctx: Context, number: int) -> RequestView:
    """Return one request this actor decides; raises ``NotFound`` for any other. The showing is audited."""
    require(ctx.actor, Action.DECIDE_REQUESTS)
    row = ctx.session.get(AccountRequest, number)
    if row is None or not may_decide(ctx, row.kind):
        raise NotFound
    ctx.note("show_request", f"request:{row.id}", SHOWN)
    return _view(ctx, row)


def own_term(ctx: Context) -> Term:
    """Return one's own term and whether it can be extended now (ACC-6); raises ``NotFound`` for who has no account."""
    account = ctx.session.get(Account, ctx.actor.account_id) if ctx.actor.account_id else None
    if account is None:
        raise NotFound
    early = rules.too_early(account.ends_on, ctx.today, ctx.policy.extension_days_before)
    pending = ctx.session.scalar(
        select(AccountRequest.id).where(
            AccountRequest.account_id == account.id,
            AccountRequest.kind == RequestKind.EXTENSION,
            AccountRequest.state == RequestState.FILED,
        )
    )
    return Term(
        ends_on=account.ends_on,
        days_left=(account.ends_on - ctx.today).days,
        first_on=early.first_on if early else ctx.today,
        may_ask=early is None and pending is None,
        pending=pending,
        unit=unit_named(account.unit.name, is_school=account.unit.kind is UnitKind.SCHOOL),
        would_end_on=rules.extended_to(account.ends_on, ctx.today, ctx.policy.extension_years),
    )


def own_permissions(ctx: Context) -> OwnPermissions:
    """Return which permissions one holds and may ask for (ACC-4); raises ``NotFound`` for who has no account."""
    account = ctx.session.get(Account, ctx.actor.account_id) if ctx.actor.account_id else None
    if account is None:
        raise NotFound
    held = tuple(sorted(account.permissions))
    may = (each for each in Permission if rules.broken_by_permission(account.unit.kind, held, each) is None)
    return OwnPermissions(held, tuple(may), is_school=account.unit.kind is UnitKind.SCHOOL)


def own_address(ctx: Context) -> str:
    """Return one's own registered address, masked; raises ``NotFound`` for who has no account."""
    account = ctx.session.get(Account, ctx.actor.account_id) if ctx.actor.account_id else None
    if account is None:
        raise NotFound
    return mask_email(ctx.vault.open(account.email))


def _own(ctx: Context, row: AccountRequest) -> OwnRequest:
    rows = notices.what_asked(row.kind, asked_from(ctx.vault.open(row.asked)))
    return OwnRequest(row.id, row.kind, row.state, row.filed_at, _settled_at(row), _reason(ctx, row), rows)


def _queued(row: AccountRequest) -> QueuedRequest:
    account = row.account
    return QueuedRequest(row.id, row.kind, row.state, row.filed_at, _settled_at(row), account.code, account.unit.name)


def _view(ctx: Context, row: AccountRequest) -> RequestView:
    account, asked = row.account, asked_from(ctx.vault.open(row.asked))
    is_open = row.state is RequestState.FILED
    asks_longer = is_open and row.kind is RequestKind.EXTENSION
    years = ctx.policy.extension_years
    return RequestView(
        number=row.id,
        kind=row.kind,
        state=row.state,
        filed_at=row.filed_at,
        settled_at=_settled_at(row),
        settled_by=row.decided_by,
        reason=_reason(ctx, row),
        code=account.code,
        name=ctx.vault.open(account.name),
        unit_name=account.unit.name,
        standing=standing_of(account, ctx.today),
        ends_on=account.ends_on,
        old_address=mask_email(asked.old_address) if asked.old_address else "",
        address=asked.address,
        asked=notices.what_asked(row.kind, asked) if row.kind is not RequestKind.EMAIL else (),
        would_end_on=rules.extended_to(account.ends_on, ctx.today, years) if asks_longer else None,
        why=asked.why,
        is_open=is_open,
        is_own=row.account_id == ctx.actor.account_id,
    )


def _settled_at(row: AccountRequest) -> datetime | None:
    return row.stopped_at or row.decided_at


def _reason(ctx: Context, row: AccountRequest) -> str:
    return ctx.vault.open(row.reason) if row.reason else ""


def _count(ctx: Context, which: ColumnElement[bool]) -> int:
    return ctx.session.scalar(select(func.count()).select_from(AccountRequest).where(which)) or 0
