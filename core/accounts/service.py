"""What is done to units and accounts: put from an import, disabled, granted a permission, given a password (ACC)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select

from core import changes
from core.accounts import links, notices, rules, sessions
from core.accounts.certificates import Certificate
from core.accounts.ends import keep_ends
from core.accounts.flaws import Flaw
from core.accounts.models import Account, BindingEnd, Grant, Permission, Role, Unit
from core.accounts.passwords import hashed
from core.accounts.units import known_unit
from core.context import Context
from core.errors import NotFound
from core.imports.results import Put
from core.notices.models import NoticeKind, Urgency
from core.notices.service import ToAddress, say
from core.secrets import Sealed, folded

TITLE_AT_MOST = 60


@dataclass(frozen=True)
class AccountFacts:
    """An account as an import or an administrator names it; both days are included in its term."""

    code: str
    name: str
    national_id: str
    email: str
    unit_code: str
    role: Role
    title: str
    phone: str
    starts_on: date
    ends_on: date
    permissions: frozenset[Permission]
    certificate: Certificate | None = None
    """None: nothing is said of it, and what is stored stays (ACC-11)."""


def put_account(ctx: Context, facts: AccountFacts) -> Put:
    """Add an account or change what differs, and keep the duties of its ends (ACC-6, ACC-11) right; no password.

    Where the mailbox is another, the old one is told, and the next sign-in needs a new code (ACC-7).
    Raises ``InvalidInput`` naming the column: code or national ID wrong (ACC-1), used by another account, unknown unit,
    days reversed, a permission schools may not hold (ACC-4).
    """
    written = write_account(ctx, facts, held_account(ctx, facts.code))
    if written.put is not Put.SAME:
        keep_ends(ctx, written.account)
    return written.put


@dataclass(frozen=True)
class Written:
    """An account as it stands now, and what writing it has done."""

    account: Account
    put: Put


def held_account(ctx: Context, code: str) -> Account | None:
    """Return the account of a code as it is now, locked until the transaction ends; None where there is none."""
    found = select(Account).where(Account.code == folded(code)).with_for_update(of=Account)
    return ctx.session.scalar(found.execution_options(populate_existing=True))


def write_account(ctx: Context, facts: AccountFacts, account: Account | None) -> Written:
    """Do as ``put_account``, to the account that stands, held, or a new one; the duties of its ends are the caller's.

    So a list's are kept together (``keep_ends``).
    """
    facts = _tidied(facts)
    unit = known_unit(ctx, facts.unit_code, Flaw.UNIT_UNKNOWN)
    _check(ctx, facts, unit, account)
    if account is None:
        account = Account(code=facts.code, wrong_passwords=0)
        put, changed = Put.ADDED, _fill(ctx, account, facts, unit)
        ctx.session.add(account)
        ctx.session.flush()
    else:
        put, changed = _change(ctx, account, facts, unit)
    if put is not Put.SAME:
        ctx.note(f"account.{put}", f"account:{account.id}", changed)
    return Written(account, put)


def disable_account(ctx: Context, code: str) -> bool:
    """Close an account at once, with its binding and its duty; False when it was closed before."""
    account = _account(ctx, code)
    if account.disabled_at is not None:
        return False
    account.disabled_at = ctx.now
    links.unbind(ctx, account.id, BindingEnd.ACCOUNT_ENDED)
    sessions.end_all(ctx, account.id)
    keep_ends(ctx, account)
    ctx.note("account.disabled", f"account:{account.id}", ("disabled_at",))
    return True


def grant_permission(ctx: Context, code: str, permission: Permission) -> bool:
    """Give a permission; False when it was held before. Raises ``InvalidInput`` where a school may not hold it."""
    account = _account(ctx, code)
    flaw = rules.flaw_of_permissions(account.unit.kind, (permission,))
    if flaw is not None:
        raise flaw.error()
    if permission in account.permissions:
        return False
    account.grants.append(Grant(permission=permission))
    ctx.note("account.granted", f"account:{account.id}", (permission.value,))
    return True


def take_permission(ctx: Context, code: str, permission: Permission) -> bool:
    """Take a permission away; False when it was not held. Open duties stay with the unit (ACC-9)."""
    account = _account(ctx, code)
    kept = [grant for grant in account.grants if grant.permission is not permission]
    if len(kept) == len(account.grants):
        return False
    account.grants = kept
    ctx.note("account.taken", f"account:{account.id}", (permission.value,))
    return True


def extend_account(ctx: Context, account: Account, ends_on: date) -> None:
    """Give a locked account another last day; the duty of its end moves, and its reminders start over (ACC-6)."""
    account.ends_on = ends_on
    keep_ends(ctx, account)
    ctx.note("account.extended", f"account:{account.id}", ("ends_on",))


def set_password(ctx: Context, account_code: str, password: str) -> None:
    """Set an account's password and open its lock; the owner is told. Raises ``InvalidInput`` for its length."""
    account = _account(ctx, account_code)
    flaw = rules.flaw_of_password(password)
    if flaw is not None:
        raise flaw.error()
    account.password_hash = hashed(ctx.policy, password)
    account.wrong_passwords, account.locked_until = 0, None
    sessions.end_all(ctx, account.id)
    ctx.note("account.password_set", f"account:{account.id}", ("password",))
    say(
        ctx,
        to=ToAddress(account.id, account.email),
        answer=notices.password_was_set(account.code, ctx.now),
        kind=NoticeKind.ACCOUNT,
        key=f"password:{account.id}:{ctx.now.isoformat()}",
        urgency=Urgency.ALWAYS,
    )


def _tidied(facts: AccountFacts) -> AccountFacts:
    return replace(
        facts,
        code=folded(facts.code),
        name=facts.name.strip(),
        national_id=folded(facts.national_id),
        email=facts.email.strip(),
        title=facts.title.strip(),
        phone=facts.phone.strip(),
    )


def _check(ctx: Context, facts: AccountFacts, unit: Unit, account: Account | None) -> None:
    own = account.id if account else None
    flaw = (
        rules.flaw_of_identity(facts.code, facts.national_id)
        or _flaw_of_form(facts)
        or rules.flaw_of_term(facts.starts_on, facts.ends_on)
        or rules.flaw_of_permissions(unit.kind, facts.permissions)
        or _flaw_of_uniqueness(ctx, facts, own)
    )
    if flaw is not None:
        raise flaw.error()


def _flaw_of_form(facts: AccountFacts) -> Flaw | None:
    if not 0 < len(facts.name) <= rules.NAME_AT_MOST:
        return Flaw.NAME
    if not rules.is_email(facts.email):
        return Flaw.EMAIL
    return Flaw.TITLE if len(facts.title) > TITLE_AT_MOST else None


def _flaw_of_uniqueness(ctx: Context, facts: AccountFacts, own: int | None) -> Flaw | None:
    id_key, email_key = (
        ctx.vault.look_up(*each) for each in (("national_id", facts.national_id), ("email", facts.email))
    )
    same = or_(Account.national_id_key == id_key, Account.email_key == email_key)
    held = ctx.session.scalars(select(Account.national_id_key).where(same, Account.id != (own or 0))).all()
    if id_key in held:
        return Flaw.NATIONAL_ID_USED
    return Flaw.EMAIL_USED if held else None


def _change(ctx: Context, account: Account, facts: AccountFacts, unit: Unit) -> tuple[Put, tuple[str, ...]]:
    """Change what differs, and say which columns did; a mailbox that gives way is told (ACC-7)."""
    old, old_key = account.email, account.email_key
    changed = _fill(ctx, account, facts, unit)
    if account.email_key != old_key:
        _address_gave_way(ctx, account, old)
    return Put.CHANGED if changed else Put.SAME, changed


def _address_gave_way(ctx: Context, account: Account, old: Sealed) -> None:
    """End what hangs on the old mailbox, sessions and codes under way, and tell it (ACC-7, A25)."""
    sessions.end_all(ctx, account.id)
    say(
        ctx,
        to=ToAddress(account.id, old),
        answer=notices.address_gave_way(account.code, ctx.now, ctx.vault.open(account.email)),
        kind=NoticeKind.ACCOUNT,
        key=f"email-replaced:{account.id}:{ctx.now.isoformat()}",
        urgency=Urgency.ALWAYS,
    )


def _fill(ctx: Context, account: Account, facts: AccountFacts, unit: Unit) -> tuple[str, ...]:
    """Write what differs; return the names of the columns."""
    told = {"name": facts.name, "national_id": facts.national_id, "email": facts.email}
    plain: dict[str, object] = {
        "unit_id": unit.id,
        "role": facts.role,
        "title": facts.title,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        **{f"{name}_key": ctx.vault.look_up(name, text) for name, text in told.items()},
    }
    if facts.certificate is not None:
        plain["certificate_ends_on"] = facts.certificate.ends_on
    changed = changes.apply(account, ctx.vault, plain, told | {"phone": facts.phone})
    return (*changed, *_fill_grants(account, facts.permissions))


def _fill_grants(account: Account, permissions: Collection[Permission]) -> list[str]:
    held = account.permissions
    if held == set(permissions):
        return []
    account.grants = [grant for grant in account.grants if grant.permission in permissions]
    account.grants += [Grant(permission=each) for each in sorted(set(permissions) - held)]
    return ["permissions"]


def _account(ctx: Context, code: str) -> Account:
    account = ctx.session.scalar(select(Account).where(Account.code == folded(code)).with_for_update(of=Account))
    if account is None:
        raise NotFound(Flaw.ACCOUNT_UNKNOWN.text)
    return account
