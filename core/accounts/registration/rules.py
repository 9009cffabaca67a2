"""The rules of registration: which mailbox proves somebody, what must be right of a person, what each decision needs.

Pure: what was typed in, every broken rule at once out (ACC-1, ACC-4, ACC-5).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.accounts.models import Permission, Role, UnitKind
from core.accounts.registration.models import ProofKind
from core.accounts.registration.refusals import RegistrationRefusal, not_government
from core.accounts.requests.rules import PUNYCODE, REASON_AT_MOST
from core.accounts.rules import (
    CODE_DIGITS,
    INTRANET_ONLY,
    NAME_AT_MOST,
    flaw_of_permissions,
    is_account_code,
    is_email,
    is_national_id,
)
from core.errors import Broken
from core.policy import Policy
from core.wording import characters, is_blank

PROOF_LIVES = timedelta(minutes=30)  # from the right code to the form; exclusive
TITLE_AT_MOST = 60
PHONE_DIGITS = range(8, 16)  # with extension
ROLES = (Role.CASEWORKER, Role.CONTACT, Role.SUPERVISOR, Role.CENTER)
"""What may be asked for here; helpdesk and administrators are made by an administrator."""

_PHONE = re.compile(r"[0-9+()#\- ]{8,30}", re.ASCII)


@dataclass(frozen=True)
class Typed:
    """What somebody typed of themselves, folded and trimmed; None where nothing that is known was chosen."""

    code: str
    national_id: str
    name: str
    title: str
    phone: str
    unit_kind: UnitKind | None
    role: Role | None
    permissions: frozenset[Permission]
    city_account: str = ""
    """The account that signed on with the city; empty: a mailbox of the city is the proof."""


@dataclass(frozen=True)
class Verdict:
    """What an administrator chose for one permission; None: nothing was chosen."""

    approves: bool | None
    reason: str = ""


def broken_by_mailbox(address: str, proof: ProofKind, hosts: Sequence[str]) -> Broken | None:
    """Return why an address cannot prove somebody, or None (ACC-5).

    Who signed on with the city may name any plain address; for anybody else the code in a mailbox of one of ``hosts``,
    or of a host below it, is the proof that they work for the city.
    """
    host = address.rpartition("@")[2].lower()
    if not address.isascii() or any(part.startswith(PUNYCODE) for part in host.split(".")):
        return RegistrationRefusal.FOREIGN.broken()
    if not is_email(address):
        return RegistrationRefusal.NO_ADDRESS.broken()
    if proof is ProofKind.MAILBOX and not any(f".{host}".endswith(f".{each}") for each in hosts):
        return not_government(hosts)
    return None


def broken_rules(typed: Typed) -> tuple[Broken, ...]:
    """Return everything that is wrong with what somebody typed, in the form's order (ACC-1, ACC-4, ACC-5)."""
    return (*_identity(typed), *_person(typed), *_place(typed), *_permissions(typed))


def broken_permission(kind: UnitKind, permission: Permission) -> Broken | None:
    """Return why people of such a unit cannot ask for a permission here, or None (ACC-4)."""
    if flaw_of_permissions(kind, (permission,)) is not None:
        return RegistrationRefusal.SCHOOL.broken(permission=permission.label)
    if permission in INTRANET_ONLY:
        return RegistrationRefusal.INTRANET.broken(permission=permission.label)
    return None


def may_be(role: Role, kind: UnitKind) -> bool:
    """Return whether people of such a unit may have a role (reading): schools have caseworkers only."""
    if kind is UnitKind.SCHOOL:
        return role is Role.CASEWORKER
    return role is not Role.CENTER or kind is UnitKind.CENTER


def broken_by_verdicts(wanted: Collection[Permission], verdicts: Mapping[Permission, Verdict]) -> tuple[Broken, ...]:
    """Return what is wrong with a decision: each permission is decided, each refusal has its reason (ACC-5)."""
    broken = (_broken_verdict(each, verdicts.get(each, Verdict(None))) for each in wanted)
    return tuple(each for each in broken if each is not None)


def is_proved(proved_at: datetime | None, now: datetime) -> bool:
    """Return whether a mailbox is still proved; half an hour after the right code it is not."""
    return proved_at is not None and now < proved_at + PROOF_LIVES


def is_crowded(sent_in_an_hour: int, policy: Policy) -> bool:
    """Return whether no more codes go out to mailboxes of nobody within this hour, whoever asks."""
    return sent_in_an_hour >= policy.registration_codes_an_hour


def read_phone(typed: str) -> str:
    """Return a telephone number as it is kept: half width, one blank at most between its parts."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def _identity(typed: Typed) -> Iterator[Broken]:
    has_code, has_id = is_account_code(typed.code), is_national_id(typed.national_id)
    if not has_code:
        yield RegistrationRefusal.CODE_FORM.broken()
    elif typed.city_account and typed.code != typed.city_account:
        yield RegistrationRefusal.OTHER_ACCOUNT.broken(code=typed.city_account)
    if not has_id:
        yield RegistrationRefusal.NATIONAL_ID.broken()
    if has_code and has_id and typed.code[-CODE_DIGITS:] != typed.national_id[-CODE_DIGITS:]:
        yield RegistrationRefusal.CODE_DIGITS.broken()


def _person(typed: Typed) -> Iterator[Broken]:
    if is_blank(typed.name) or characters(typed.name) > NAME_AT_MOST:
        yield RegistrationRefusal.NAME.broken(at_most=str(NAME_AT_MOST))
    if is_blank(typed.title) or characters(typed.title) > TITLE_AT_MOST:
        yield RegistrationRefusal.TITLE.broken(at_most=str(TITLE_AT_MOST))
    digits = sum(each.isdecimal() for each in typed.phone)
    if _PHONE.fullmatch(typed.phone) is None or digits not in PHONE_DIGITS:
        yield RegistrationRefusal.PHONE.broken()


def _place(typed: Typed) -> Iterator[Broken]:
    if typed.unit_kind is None:
        yield RegistrationRefusal.UNIT.broken()
    if typed.role not in ROLES:
        yield RegistrationRefusal.ROLE.broken()
    elif typed.unit_kind is not None and not may_be(typed.role, typed.unit_kind):
        yield RegistrationRefusal.ROLE_OF_UNIT.broken(unit_kind=typed.unit_kind.label, role=typed.role.label)


def _permissions(typed: Typed) -> Iterator[Broken]:
    if not typed.permissions:
        yield RegistrationRefusal.NO_PERMISSION.broken()
    for permission in sorted(typed.permissions):
        broken = broken_permission(typed.unit_kind or UnitKind.OTHER, permission)
        if broken is not None:
            yield broken


def _broken_verdict(permission: Permission, verdict: Verdict) -> Broken | None:
    named = permission.value
    if verdict.approves is None:
        return RegistrationRefusal.UNDECIDED.broken(permission=named)
    if verdict.approves:
        return None
    if is_blank(verdict.reason):
        return RegistrationRefusal.NO_REASON.broken(permission=named)
    if characters(verdict.reason) > REASON_AT_MOST:
        return RegistrationRefusal.LONG_REASON.broken(permission=named, at_most=str(REASON_AT_MOST))
    return None
