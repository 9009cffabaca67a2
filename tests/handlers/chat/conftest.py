"""A school with a caseworker, another school, and their chats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from core.access import system
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.audit import Door
from core.context import Core
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import DispatchState
from core.dispatches.service import put_dispatch
from tests.builders import a_unit, an_account
from tests.handlers.chat.transcript import Chat


@dataclass
class School:
    """A school of the sample: what the main system knows is put in as an import does it."""

    core: Core
    unit: Unit
    caseworker: Account

    def dispatch(
        self,
        number: str,
        dispatched_on: date,
        state: DispatchState = DispatchState.WAITING,
        child_name: str = "王小明",
    ) -> None:
        with self.core.transaction(system("import"), Door.COMMAND) as ctx:
            put_dispatch(
                ctx,
                DispatchFacts(
                    case_number=number,
                    unit_code=self.unit.code,
                    dispatched_on=dispatched_on,
                    received_on=dispatched_on,
                    child_name=child_name,
                    state=state,
                    needs_assessment=False,
                ),
            )

    def chat(self) -> Chat:
        """Return the caseworker's chat, bound."""
        return Chat(self.core, self.caseworker)


def a_school(core: Core, name: str) -> School:
    unit = a_unit(core, name)
    permissions = (Permission.CASEWORKER, Permission.MEAL_CHECKS)
    return School(core, unit, an_account(core, unit, permissions=permissions))


@pytest.fixture
def school(core_sqlite: Core) -> School:
    return a_school(core_sqlite, "永平國民小學")


@pytest.fixture
def other_school(core_sqlite: Core) -> School:
    return a_school(core_sqlite, "海山國民小學")


@pytest.fixture
def chat(school: School) -> Chat:
    """The chat of a school's caseworker, bound; nothing is owed yet."""
    return school.chat()


@pytest.fixture
def stranger(core_sqlite: Core) -> Chat:
    """The chat of somebody who is bound to nothing."""
    return Chat(core_sqlite)


@pytest.fixture
def bureau(core_sqlite: Core) -> Unit:
    """A bureau over schools."""
    return a_unit(core_sqlite, "教育局", kind=UnitKind.BUREAU)


@pytest.fixture
def supervisor(core_sqlite: Core, bureau: Unit) -> Chat:
    """The chat of a bureau's supervisor."""
    return Chat(
        core_sqlite, an_account(core_sqlite, bureau, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    )
