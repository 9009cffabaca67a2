"""Who is told of a duty: those who can do it, else who must see to it that somebody can (DUTY-4, DUTY-5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from core.access import Action
from core.accounts.models import Permission
from core.accounts.queries import contacts_of, holders_among, supervisors_of, told_by_unit, told_for
from core.context import Context
from core.duties.plans import DutyKind
from core.duties.queries import CHECK_KINDS

WORK_ON_CHECKS = frozenset({Permission.MEAL_CHECKS})  # DUTY-4
WORK_ON_CASES = frozenset({Permission.CASEWORKER})


class Why(StrEnum):
    """Why somebody is told."""

    OWES = "owes"
    NOBODY = "nobody"
    """Nobody of the unit can be told: the bureau contact is."""
    GOES_UP = "goes_up"
    AUDIT = "audit"
    """The audit of the 1st found it (REC-3)."""
    UNSEEN = "unseen"
    """It is due today, and nobody has seen a notice of it."""


KEPT = frozenset({Why.AUDIT.value, Why.UNSEEN.value})
"""Reasons that stand nowhere but in what was told: they are kept until it is."""


class Owed(Protocol):
    """What of a duty decides who is told of it."""

    @property
    def kind(self) -> DutyKind:
        """What is owed."""

    @property
    def unit_id(self) -> int | None:
        """The unit that owes it."""

    @property
    def account_id(self) -> int | None:
        """The account that owes it, or is named for it."""


@dataclass(frozen=True)
class Told:
    """Some accounts, and why they are told."""

    accounts: tuple[int, ...]
    why: Why


@dataclass
class People:
    """Who is told, unit by unit; a unit is asked for once in a batch.

    Mostly somebody is named who may still do it: then the others of the unit are not asked for, however many they are.
    """

    ctx: Context
    known: dict[tuple[int, frozenset[Permission]], tuple[int, ...]] = field(default_factory=dict)
    contacts: dict[tuple[int, Action], tuple[int, ...]] = field(default_factory=dict)
    supervisors: dict[tuple[int, Action], tuple[int, ...]] = field(default_factory=dict)
    named: dict[frozenset[Permission], dict[int, int]] = field(default_factory=dict)
    """Who is named in the batch and may do it, with their units."""

    def prepare(self, duties: Collection[Owed]) -> None:
        """Ask for all of a batch at once: for those who are named, and for the units of what is left."""
        named, units = _by_permissions(), _by_permissions()
        for duty in duties:
            if duty.unit_id is not None and duty.account_id is not None:
                named[_needed(duty.kind)].add(duty.account_id)
        for permissions, accounts in named.items():
            if accounts:
                self.named[permissions] = holders_among(self.ctx.session, accounts, permissions, self.ctx.today)
        for duty in duties:
            if duty.unit_id is not None and not self._is_named(duty):
                units[_needed(duty.kind)].add(duty.unit_id)
        for permissions, wanted in units.items():
            found = told_by_unit(self.ctx.session, wanted, permissions, self.ctx.today) if wanted else {}
            self.known |= {(unit_id, permissions): accounts for unit_id, accounts in found.items()}

    def of(self, duty: Owed) -> Told:
        """Return who is told: the person named, if they still may do it; else all of the unit who may; else contacts.

        Whoever may do it is active and has an e-mail address, so they can be reached.
        """
        if duty.unit_id is None:
            return Told((duty.account_id,) if duty.account_id else (), Why.OWES)
        if duty.account_id is not None and self._is_named(duty):
            return Told((duty.account_id,), Why.OWES)
        able = self._able(duty.unit_id, duty.kind)
        if duty.account_id in able:
            return Told((duty.account_id,), Why.OWES)
        if able:
            return Told(able, Why.OWES)
        return Told(self._contacts(duty.unit_id, duty.kind), Why.NOBODY)

    def over(self, duty: Owed) -> Told:
        """Return whom a duty goes up to: the supervisors, or the bureau contacts where there is none."""
        if duty.unit_id is None:
            return Told((), Why.GOES_UP)
        above = self._supervisors(duty.unit_id, duty.kind) or self._contacts(duty.unit_id, duty.kind)
        return Told(above, Why.GOES_UP)

    def _is_named(self, duty: Owed) -> bool:
        """Return whether the person named for it is known to be of its unit, and may do it."""
        unit_id = self.named.get(_needed(duty.kind), {}).get(duty.account_id or 0)
        return unit_id is not None and unit_id == duty.unit_id

    def _able(self, unit_id: int, kind: DutyKind) -> tuple[int, ...]:
        permissions = _needed(kind)
        if (unit_id, permissions) not in self.known:
            self.known[unit_id, permissions] = told_for(self.ctx.session, unit_id, permissions, self.ctx.today)
        return self.known[unit_id, permissions]

    def _contacts(self, unit_id: int, kind: DutyKind) -> tuple[int, ...]:
        key = unit_id, _sees(kind)
        if key not in self.contacts:
            self.contacts[key] = contacts_of(self.ctx.session, *key, self.ctx.today)
        return self.contacts[key]

    def _supervisors(self, unit_id: int, kind: DutyKind) -> tuple[int, ...]:
        key = unit_id, _sees(kind)
        if key not in self.supervisors:
            self.supervisors[key] = supervisors_of(self.ctx.session, *key, self.ctx.today)
        return self.supervisors[key]


def _by_permissions() -> dict[frozenset[Permission], set[int]]:
    return {WORK_ON_CHECKS: set(), WORK_ON_CASES: set()}


def _needed(kind: DutyKind) -> frozenset[Permission]:
    return WORK_ON_CHECKS if kind in CHECK_KINDS else WORK_ON_CASES


def _sees(kind: DutyKind) -> Action:
    return Action.SEE_CHECKS if kind in CHECK_KINDS else Action.SEE_DISPATCHES
