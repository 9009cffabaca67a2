"""What is asked about accounts: who acts, who is bound, how one is reached, who is told (ACC-10, DUTY-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, and_, bindparam, exists, select
from sqlalchemy.orm import Session

from core.access import NEEDS_PERMISSION, NEEDS_ROLE, Action, Actor
from core.accounts import rules
from core.accounts.models import Account, Binding, Grant, Permission, Role, Unit
from core.accounts.seen_units import tops_of, units_of_each, units_of_one, upwards
from core.among import among, among_these
from core.language.models import Language
from core.secrets import Sealed

TOLD_AT_MOST = 200  # people of one unit; a bound, so that no unit can make a job's list endless


@dataclass(frozen=True)
class BoundAccount:
    """The account behind a LINE user, as it is now."""

    account_id: int
    code: str
    name: Sealed
    unit_name: str
    role: Role
    actor: Actor
    language: Language | None = None
    """What it asked to be spoken to in; None: it asked for none."""


@dataclass(frozen=True)
class Reach:
    """How an account is reached: by LINE where ``person`` is set and has not blocked us, else by e-mail."""

    person: str | None
    line_user: Sealed | None
    blocked: bool
    email: Sealed
    language: Language = Language.CHINESE


@dataclass(frozen=True)
class KnownAccount:
    """What pages and codes need to know of an account."""

    account_id: int
    code: str
    email: Sealed
    standing: rules.Standing
    has_password: bool


def standing_of(account: Account, today: date) -> rules.Standing:
    """Return whether an account may be used today."""
    disabled = account.disabled_at is not None
    return rules.standing(account.starts_on, account.ends_on, disabled=disabled, today=today)


def actor_of(session: Session, account_id: int, today: date) -> Actor | None:
    """Return the account as it may act today, or None when it is disabled, not begun, ended or unknown (A26)."""
    account = session.get(Account, account_id)
    if account is None or standing_of(account, today) is not rules.Standing.ACTIVE:
        return None
    return _actor(session, account)


def actors_of(session: Session, account_ids: Collection[int], today: date) -> dict[int, Actor]:
    """Return the same for many accounts at once: an entry for each that may act today."""
    rows = session.execute(_ACTORS, {"ids": account_ids, "today": today}).all()  # one for each of its permissions
    granted: dict[int, set[Permission]] = defaultdict(set)
    for row in rows:
        granted[row.id] |= {row.permission} if row.permission is not None else set()
    stands = {row.id: row for row in rows}.values()
    seen = units_of_each(session, {(row.role, row.unit_id) for row in stands})
    return {
        row.id: Actor(row.code, row.id, row.unit_id, row.role, frozenset(granted[row.id]), seen[row.role, row.unit_id])
        for row in stands
    }


def bound_account(session: Session, person: str, today: date) -> BoundAccount | None:
    """Return the account a LINE user is bound to, if it may be used today; ``person`` is the keyed hash."""
    rows = session.execute(_BOUND, {"person": person, "today": today}).all()  # one for each of its permissions
    if not rows:
        return None
    account_id, code, name, role, unit_id, unit_name, language, _ = rows[0]
    permissions = frozenset(row.permission for row in rows if row.permission is not None)
    actor = Actor(code, account_id, unit_id, role, permissions, units_of_one(session, role, unit_id))
    return BoundAccount(account_id, code, name, unit_name, role, actor, language)


def reach_of(session: Session, account_id: int) -> Reach | None:
    """Return how an account is reached, or None when there is no such account."""
    row = session.execute(_REACH, {"account_id": account_id}).one_or_none()
    if row is None:
        return None
    return Reach(row.person, row.line_user, row.blocked_at is not None, row.email, row.language or Language.CHINESE)


def reaches_of(session: Session, account_ids: Collection[int], today: date) -> dict[int, tuple[Reach, bool]]:
    """Return how each of many accounts is reached, and whether it may be used today."""
    rows = session.execute(_REACHES, {"ids": account_ids, "today": today})
    return {
        account_id: (Reach(person, user, blocked is not None, email, language or Language.CHINESE), bool(active))
        for account_id, active, person, user, blocked, email, language in rows.all()
    }


def language_of(session: Session, account_id: int) -> Language | None:
    """Return in which language an account asked to be spoken to; None: it asked for none."""
    return session.scalar(_LANGUAGE, {"account_id": account_id})


def known_account(session: Session, code: str, today: date) -> KnownAccount | None:
    """Return the account of a code, or None; the caller tells nobody which (A24)."""
    account = session.scalar(select(Account).where(Account.code == code))
    return None if account is None else _known(account, today)


def known_by_id(session: Session, account_id: int, today: date) -> KnownAccount | None:
    """Return the account of an id, or None."""
    account = session.get(Account, account_id)
    return None if account is None else _known(account, today)


def told_for(session: Session, unit_id: int, permissions: frozenset[Permission], today: date) -> tuple[int, ...]:
    """Return the accounts of a unit that may be used today, hold one of the permissions and see its duties (DUTY-4)."""
    return told_by_unit(session, (unit_id,), permissions, today)[unit_id]


def holders_among(
    session: Session, account_ids: Collection[int], permissions: frozenset[Permission], today: date
) -> dict[int, int]:
    """Return which of these accounts may be used today and hold one of the permissions, each with its unit."""
    rows = session.execute(
        select(Account.id, Account.unit_id).where(among_these(Account.id, account_ids), *_able(permissions, today))
    )
    return {row.id: row.unit_id for row in rows}


def told_by_unit(
    session: Session, unit_ids: Collection[int], permissions: frozenset[Permission], today: date
) -> dict[int, tuple[int, ...]]:
    """Return the same for many units at once: an entry for each of them, empty where nobody may."""
    rows = session.execute(
        select(Account.unit_id, Account.id)
        .where(among_these(Account.unit_id, unit_ids), *_able(permissions, today))
        .order_by(Account.id)
    )
    found: dict[int, list[int]] = {unit_id: [] for unit_id in unit_ids}
    for row in rows:
        found[row.unit_id].append(row.id)
    return {unit_id: tuple(accounts[:TOLD_AT_MOST]) for unit_id, accounts in found.items()}


def contacts_of(session: Session, unit_id: int, sees: Action, today: date) -> tuple[int, ...]:
    """Return the bureau contacts of a unit who may see this of it: the nearest upwards, or else any in its bureau.

    One whose permissions were taken is passed by: what goes to them would reach nobody (DUTY-4).
    """
    return _nearest_of(session, unit_id, Role.CONTACT, sees, today)


def supervisors_of(session: Session, unit_id: int, sees: Action, today: date) -> tuple[int, ...]:
    """Return the supervisors of a unit, by the same rule."""
    return _nearest_of(session, unit_id, Role.SUPERVISOR, sees, today)


def is_active(today: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition that an account may be used on a day: the same as ``rules.standing``."""
    return and_(Account.disabled_at.is_(None), Account.starts_on <= today, Account.ends_on >= today)


def _known(account: Account, today: date) -> KnownAccount:
    has_password = account.password_hash is not None
    return KnownAccount(account.id, account.code, account.email, standing_of(account, today), has_password)


def _actor(session: Session, account: Account) -> Actor:
    return Actor(
        name=account.code,
        account_id=account.id,
        unit_id=account.unit_id,
        role=account.role,
        permissions=account.permissions,
        units=units_of_one(session, account.role, account.unit_id),
    )


def _able(permissions: frozenset[Permission], today: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that somebody may work today, holds one of these and sees the duties of units at all.

    A permission that stayed with somebody who is of the helpdesk now opens no unit to them.
    """
    holds = exists().where(Grant.account_id == Account.id, Grant.permission.in_(permissions))
    return holds, Account.role.in_(NEEDS_ROLE[Action.SEE_DUTIES]), is_active(today)


def _nearest_of(session: Session, unit_id: int, role: Role, sees: Action, today: date) -> tuple[int, ...]:
    unit = session.get(Unit, unit_id)
    if unit is None:
        return ()
    rows = session.execute(
        select(Account.id, Account.unit_id)
        .join(Account.unit)
        .where(
            Account.role == role,
            *_able(NEEDS_PERMISSION[sees], today),
            Unit.path.startswith(tops_of(session, {unit_id})[unit_id], autoescape=True),
        )
        .order_by(Account.id)
        .limit(TOLD_AT_MOST)
    )
    return rules.nearest([(row.id, row.unit_id) for row in rows], upwards(unit.path))


_TODAY = bindparam("today", type_=Date())
_BOUND = (  # made once: every answer asks it, before and after
    select(
        Account.id,
        Account.code,
        Account.name,
        Account.role,
        Account.unit_id,
        Unit.name,
        Account.language,
        Grant.permission,
    )
    .join(Binding, Binding.account_id == Account.id)
    .join(Unit, Unit.id == Account.unit_id)
    .outerjoin(Grant, Grant.account_id == Account.id)
    .where(Binding.person == bindparam("person"), Binding.ended_at.is_(None), is_active(_TODAY))
)
_ACTORS = (
    select(Account.id, Account.code, Account.unit_id, Account.role, Grant.permission)
    .outerjoin(Grant, Grant.account_id == Account.id)
    .where(among(Account.id, "ids"), is_active(_TODAY))
    .order_by(Account.id)
)
"""Asked for every batch of digests, and before they are sent: built once."""
_ACCOUNT = Account.id == bindparam("account_id")
_REACH = (
    select(Account.email, Binding.person, Binding.line_user, Binding.blocked_at, Account.language)
    .outerjoin(Binding, and_(Binding.account_id == Account.id, Binding.ended_at.is_(None)))
    .where(_ACCOUNT)
)
_LANGUAGE = select(Account.language).where(_ACCOUNT)
"""Asked for each notice that is written: built once."""
_REACHES = (
    select(
        Account.id,
        is_active(_TODAY),
        Binding.person,
        Binding.line_user,
        Binding.blocked_at,
        Account.email,
        Account.language,
    )
    .outerjoin(Binding, and_(Binding.account_id == Account.id, Binding.ended_at.is_(None)))
    .where(among(Account.id, "ids"))
)
"""Asked for every batch that is sent: built once."""
