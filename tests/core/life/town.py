"""Bureaus with schools, a welfare centre, and the Center: staff whom the tests of this folder drive at random."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from core.access import Actor, system
from core.accounts.models import Account, Permission, Role, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock, taipei_date
from core.context import Context, Core
from core.errors import Broken, Conflict, FrontdoorError, NotAllowed, NotFound, RulesBroken
from tests.builders import a_unit, an_account
from tests.services import BEGUN, ENDING

CASEWORK = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})
OVER = frozenset({Permission.SUPERVISOR, Permission.MEAL_CHECKS})
RULE = re.compile(r"(ACC|CHK|REPLY|REC|CLOSE)-\d+")
SYSTEM = "list"
"""Who imports and runs the jobs."""

OWN = {"S1": "s1", "S2": "s2", "W1": "w1"}
"""Each unit's caseworker."""
REVIEWER = {"S1": "edu", "S2": "edu", "W1": "social"}
SCOPES: Mapping[str, frozenset[str]] = {
    "s1": frozenset({"S1"}),
    "s2": frozenset({"S2"}),
    "w1": frozenset({"W1"}),
    "head": frozenset({"S1", "S2"}),
    "edu": frozenset({"S1", "S2"}),
    "social": frozenset({"W1"}),
    "center": frozenset({"S1", "S2", "W1"}),
}
"""Which of the units that receive dispatches each of the staff sees (ACC-10)."""
STAFF = tuple(SCOPES)
WRITERS = frozenset({"s1", "s2", "w1", "head"})
SUPERVISORS = frozenset({"edu", "head", "social"})


@dataclass(frozen=True)
class Outcome:
    """What an act gave, or why it was refused."""

    value: object = None
    error: FrontdoorError | None = None

    @property
    def is_done(self) -> bool:
        return self.error is None

    @property
    def broken(self) -> tuple[Broken, ...]:
        return self.error.broken if isinstance(self.error, RulesBroken) else ()


@dataclass(frozen=True)
class Town:
    """The core, its clock, its staff and its units."""

    core: Core
    clock: FixedClock
    actors: Mapping[str, Actor]
    units: Mapping[str, int]

    @property
    def today(self) -> date:
        return taipei_date(self.clock.now())

    def does(self, who: str, act: Callable[[Context], object]) -> Outcome:
        """Let one of the staff act; a refusal must say what and why."""
        try:
            with self.core.transaction(self.actors[who], Door.DESK) as ctx:
                return Outcome(act(ctx))
        except FrontdoorError as refused:
            assert_explained(refused)
            return Outcome(error=refused)

    def may(self, who: str, unit: str, among: frozenset[str]) -> bool:
        """Return whether somebody is one of those who may do something, and sees a unit."""
        return who in among and unit in SCOPES[who]


def assert_explained(refused: FrontdoorError) -> None:
    """Every broken rule carries its number, what is wrong and what to do; nothing else is a bare error (issue 3)."""
    if isinstance(refused, RulesBroken):
        assert refused.broken
        for each in refused.broken:
            assert RULE.fullmatch(each.rule), each
            assert all((each.what, each.remedy, each.field)), each
    else:
        assert isinstance(refused, (NotFound, NotAllowed, Conflict)), repr(refused)
        assert str(refused)


def a_town(core: Core, clock: FixedClock) -> Town:
    """Store the units and their people."""
    accounts: dict[str, Account] = {}
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        education = a_unit(ctx, "教育局", code="E1", kind=UnitKind.BUREAU)
        social = a_unit(ctx, "社會局", code="D1", kind=UnitKind.BUREAU)
        units = {
            "S1": a_unit(ctx, code="S1", parent=education),
            "S2": a_unit(ctx, "海山國民小學", code="S2", parent=education),
            "W1": a_unit(ctx, "永和社福中心", code="W1", kind=UnitKind.WELFARE_CENTRE, parent=social),
        }
        people = [(who, units[unit], Role.CASEWORKER, CASEWORK) for unit, who in OWN.items()]
        people += [
            ("head", units["S1"], Role.SUPERVISOR, CASEWORK | OVER),
            ("edu", education, Role.SUPERVISOR, OVER),
            ("social", social, Role.SUPERVISOR, OVER),
            ("center", a_unit(ctx, "中心", code="C1", kind=UnitKind.CENTER), Role.CENTER, frozenset({Permission.CITY})),
        ]
        for who, unit, role, permissions in people:
            accounts[who] = an_account(
                ctx, unit, name=f"人員{who}", role=role, permissions=permissions, starts_on=BEGUN, ends_on=ENDING
            )
    actors = {SYSTEM: system("list")}
    with core.store.reading() as session:
        for who, account in accounts.items():
            actor = actor_of(session, account.id, taipei_date(clock.now()))
            assert actor is not None
            actors[who] = actor
    return Town(core, clock, actors, {code: unit.id for code, unit in units.items()})
