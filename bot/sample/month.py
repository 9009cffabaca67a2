"""The sample month as a whole: the same rows for the same day and seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from bot.sample.checks import checks
from bot.sample.dispatches import dispatches
from bot.sample.people import accounts
from bot.sample.units import UNITS
from core.accounts.models import Role
from core.accounts.service import AccountFacts
from core.accounts.units import UnitFacts
from core.checks.service import CheckFacts
from core.dispatches.facts import DispatchFacts

SEED = 1130722


@dataclass(frozen=True)
class Person:
    """Somebody to sign in as."""

    account: str
    name: str
    unit_name: str
    role: Role
    title: str
    email: str


@dataclass(frozen=True)
class Sample:
    """All rows of the four lists."""

    today: date
    units: tuple[UnitFacts, ...]
    accounts: tuple[AccountFacts, ...]
    dispatches: tuple[DispatchFacts, ...]
    checks: tuple[CheckFacts, ...]
    returned_before: tuple[DispatchFacts, ...]
    """Dispatches that stood as returned some days ago already."""
    people: tuple[Person, ...]
    """Whom to try: the main caseworker first, then one of each other kind."""

    @property
    def main(self) -> Person:
        """The caseworker the demo is about."""
        return self.people[0]


def sample_month(today: date, seed: int = SEED) -> Sample:
    """Return the sample month as it stands on a day in Taipei."""
    random = Random(seed)  # noqa: S311 (invented data, no secret)
    staff = accounts(today, random)
    of_unit: dict[str, list[str]] = {}
    for each in staff:
        of_unit.setdefault(each.unit_code, []).append(each.name)
    cases = dispatches(today, random, of_unit)
    return Sample(
        today=today,
        units=UNITS,
        accounts=staff,
        dispatches=cases.now,
        checks=checks(today, random),
        returned_before=cases.before,
        people=_people(staff),
    )


def _people(staff: tuple[AccountFacts, ...]) -> tuple[Person, ...]:
    """Return the first account of each kind of unit and role."""
    unit_names = {unit.code: unit.name for unit in UNITS}
    kinds = {unit.code: unit.kind for unit in UNITS}
    first: dict[tuple[object, Role], AccountFacts] = {}
    for each in staff:
        first.setdefault((kinds[each.unit_code], each.role), each)
    return tuple(
        Person(each.code, each.name, unit_names[each.unit_code], each.role, each.title, each.email)
        for each in first.values()
    )
