"""Rows with defaults: a test names only what matters to it.

Each builder takes a ``Core`` (and opens its own transaction) or a ``Context`` (and uses the one under way), and
returns the stored row. Numbers, codes and national IDs count up from what the database holds, so a test's data does
not depend on the tests before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from core.access import system
from core.accounts.models import Account, Binding, CodeChannel, Grant, Permission, Role, Unit, UnitKind
from core.audit import Door
from core.births import sealed_day
from core.checks.models import Check, CheckState
from core.context import Context, Core
from core.database import Base
from core.dispatches.models import Case, Dispatch, DispatchState, Opening

ID_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)
A_IS = (1, 0)  # the letter A of a national ID counts as 10
FIRST_DAY = date(2026, 1, 1)
LAST_DAY = date(2026, 12, 31)


@dataclass(frozen=True)
class Bound:
    """An account and the LINE user bound to it."""

    account: Account
    binding: Binding
    line_user: str
    """The LINE user id in the open."""

    @property
    def person(self) -> str:
        """The keyed hash of the LINE user id."""
        return self.binding.person


def a_unit(
    place: Core | Context,
    name: str = "永平國民小學",
    *,
    code: str | None = None,
    kind: UnitKind = UnitKind.SCHOOL,
    parent: Unit | None = None,
) -> Unit:
    """Store a unit below ``parent``, or at the root."""
    with inside(place) as ctx:
        number = _next(ctx, Unit)
        unit = Unit(code=code or f"U{number:03}", name=name, kind=kind, parent_id=parent and parent.id, path="")
        ctx.session.add(unit)
        ctx.session.flush()
        unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def an_account(
    place: Core | Context,
    unit: Unit | None = None,
    *,
    name: str = "陳怡君",
    role: Role = Role.CASEWORKER,
    permissions: Iterable[Permission] = (Permission.CASEWORKER,),
    code: str | None = None,
    national_id: str | None = None,
    email: str | None = None,
    starts_on: date = FIRST_DAY,
    ends_on: date = LAST_DAY,
    **columns: Any,
) -> Account:
    """Store an account of ``unit`` (a new one if none is given); its code ends as its national ID does (ACC-1)."""
    with inside(place) as ctx:
        number = _next(ctx, Account)
        national_id = national_id or a_national_id(number)
        email = email or f"staff{number}@example.gov.tw"
        account = Account(
            code=code or f"A{chr(ord('B') + number // 1000)}{national_id[-4:]}",
            unit_id=(unit or a_unit(ctx)).id,
            role=role,
            name=ctx.vault.seal(name),
            name_key=ctx.vault.look_up("name", name),
            national_id=ctx.vault.seal(national_id),
            national_id_key=ctx.vault.look_up("national_id", national_id),
            email=ctx.vault.seal(email),
            email_key=ctx.vault.look_up("email", email),
            starts_on=starts_on,
            ends_on=ends_on,
            grants=[Grant(permission=each) for each in permissions],
            **{"title": "社工", "code_channel": CodeChannel.MAIL} | columns,
        )
        ctx.session.add(account)
    return account


def a_bound_account(
    place: Core | Context,
    unit: Unit | None = None,
    *,
    line_user: str | None = None,
    blocked_at: datetime | None = None,
    **account: Any,
) -> Bound:
    """Store an account bound to a LINE user; further names go to ``an_account``."""
    with inside(place) as ctx:
        owner = an_account(ctx, unit, **account)
        ctx.session.flush()
        return bind(ctx, owner, line_user=line_user, blocked_at=blocked_at)


def bind(
    place: Core | Context, account: Account, *, line_user: str | None = None, blocked_at: datetime | None = None
) -> Bound:
    """Bind an account that is there to a LINE user."""
    with inside(place) as ctx:
        line_user = line_user or f"U{account.id:032x}"
        binding = Binding(
            account_id=account.id,
            person=ctx.vault.look_up("line_user", line_user),
            line_user=ctx.vault.seal(line_user),
            bound_at=ctx.now,
            blocked_at=blocked_at,
        )
        ctx.session.add(binding)
    return Bound(account, binding, line_user)


def a_case(
    place: Core | Context,
    *,
    child: str = "王小明",
    number: str | None = None,
    received_on: date | None = None,
    national_id: str | None = None,
    household: str | None = None,
    area: str = "永和區",
    reported_by: str = "永和派出所",
) -> Case:
    """Store a report."""
    with inside(place) as ctx:
        case = Case(
            number=number or f"A1150300{_next(ctx, Case):04}",
            reported_by=reported_by,
            received_on=received_on or ctx.today,
            child_name=ctx.vault.seal(child),
            child_name_key=ctx.vault.look_up("name", child),
            national_id=national_id and ctx.vault.seal(national_id),
            national_id_key=national_id and ctx.vault.look_up("national_id", national_id),
            household=household and ctx.vault.seal(household),
            area=area,
        )
        ctx.session.add(case)
    return case


def a_dispatch(
    place: Core | Context,
    unit: Unit | None = None,
    *,
    case: Case | None = None,
    dispatched_on: date | None = None,
    state: DispatchState = DispatchState.WAITING,
    opening: Opening | None = None,
    responsible: Account | None = None,
    needs_assessment: bool = False,
    served: str | None = None,
    returned_at: datetime | None = None,
    **of_case: Any,
) -> Dispatch:
    """Store a dispatch of ``case`` (a new one if none is given, to which further names go); it opens no duty."""
    with inside(place) as ctx:
        case = case or a_case(ctx, **of_case)
        unit = unit or a_unit(ctx)
        ctx.session.flush()
        dispatch = Dispatch(
            case_id=case.id,
            unit_id=unit.id,
            dispatched_on=dispatched_on or ctx.today,
            responsible=responsible and responsible.name,
            responsible_id=responsible and responsible.id,
            opening=opening,
            state=state,
            needs_assessment=needs_assessment,
            served=served and ctx.vault.seal(served),
            returned_at=returned_at,
        )
        ctx.session.add(dispatch)
        ctx.session.flush()
        ctx.session.refresh(dispatch)
    return dispatch


def a_check(
    place: Core | Context,
    unit: Unit | None = None,
    *,
    child: str = "林小華",
    number: str | None = None,
    assigned_at: datetime | None = None,
    happened_at: datetime | None = None,
    state: CheckState = CheckState.WAITING,
    has_need: bool | None = None,
    returned_at: datetime | None = None,
    born_on: date | None = None,
    already_high_risk: bool = False,
) -> Check:
    """Store a meal-station check, assigned now, of a meal an hour before; it opens no duty."""
    with inside(place) as ctx:
        unit = unit or a_unit(ctx)
        assigned_at = assigned_at or ctx.now
        check = Check(
            number=number or f"M1150300{_next(ctx, Check):04}",
            unit_id=unit.id,
            assigned_at=assigned_at,
            chain="統一超商",
            shop="永平門市",
            area="永和區",
            happened_at=happened_at or assigned_at - timedelta(hours=1),
            child_name=ctx.vault.seal(child),
            child_name_key=ctx.vault.look_up("name", child),
            birth_date=sealed_day(ctx.vault, born_on) if born_on else None,
            state=state,
            has_need=has_need,
            returned_at=returned_at,
            already_high_risk=already_high_risk,
        )
        ctx.session.add(check)
        ctx.session.flush()
        ctx.session.refresh(check)
    return check


def a_national_id(number: int) -> str:
    """Return the ``number``-th of a series of invented national IDs; A1999 and a right check digit mark them all."""
    body = f"A1999{number:04}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """Return the last digit of a national ID that begins with ``body`` (A and eight digits)."""
    digits = (*A_IS, *map(int, body[1:]))
    return str(-sum(weight * digit for weight, digit in zip(ID_WEIGHTS, digits, strict=True)) % 10)


@contextmanager
def inside(place: Core | Context) -> Iterator[Context]:
    """Give the context under way, or one of a transaction of its own."""
    if isinstance(place, Context):
        yield place
        place.session.flush()
        return
    with place.transaction(system("tests"), Door.COMMAND) as ctx:
        yield ctx


def _next(ctx: Context, table: type[Base]) -> int:
    return (ctx.session.scalar(_how_many(table)) or 0) + 1


@cache
def _how_many(table: type[Base]) -> Select[int]:
    return select(func.count()).select_from(table)
