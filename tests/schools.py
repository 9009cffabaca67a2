"""A school below a bureau, with who works there and who stands over it: what tests of telling begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.context import Core
from tests.builders import a_unit, an_account


@dataclass(frozen=True)
class School:
    """A school below a bureau with contact and supervisor."""

    bureau: Unit
    unit: Unit
    worker: Account
    contact: Account
    supervisor: Account


def a_school(core: Core) -> School:
    """Store a school with one worker, and those over it."""
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    unit = a_unit(core, parent=bureau)
    return School(
        bureau,
        unit,
        a_worker(core, unit),
        an_account(core, bureau, role=Role.CONTACT, permissions=(Permission.CONTACT,)),
        an_account(core, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,)),
    )


def a_worker(core: Core, unit: Unit, **columns: Any) -> Account:
    """Store an account that does cases and meal-station checks; further names go to ``an_account``."""
    return an_account(core, unit, **{"permissions": (Permission.CASEWORKER, Permission.MEAL_CHECKS)} | columns)
