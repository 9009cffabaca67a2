"""Filling the tables a city would have: many rows at once, without asking any rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import insert, select, text

from core.accounts.models import Permission, UnitKind
from core.checks.models import CheckState
from core.clock import FixedClock, end_of_day, start_of_day
from core.context import Core
from core.database import Base, Store
from core.dispatches.models import Case, DispatchState, Family, Opening
from core.duties.models import Duty, Ending, SubjectKind
from core.duties.plans import DutyKind
from core.policy import Policy
from core.secrets import Vault, new_key, new_token
from tests.builders import a_case, a_unit, an_account

Rows = Iterator[dict[str, object]]
CHUNK = 10_000
NOW = datetime.fromisoformat("2026-03-04T10:00+08:00")
TODAY = NOW.date()
UNITS = 100
LONG_AGO = date(1990, 1, 1)


def a_core(store: Store) -> Core:
    """Return a core that stands on a working morning."""
    return Core(store, Vault(new_token(), [new_key()]), Policy(), FixedClock(NOW))


def a_city(core: Core) -> tuple[list[int], int]:
    """Store a bureau with its units, a caseworker each, and one case; return the units' ids and the case's."""
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    units = [a_unit(core, f"第 {number} 國民小學", parent=bureau) for number in range(UNITS)]
    for unit in units:
        an_account(core, unit, permissions=(Permission.CASEWORKER,))
    return [unit.id for unit in units], a_case(core).id


def fill(core: Core, table: type[Base], rows: Rows) -> None:
    """Insert many rows, some thousands at a time, and let the database count them."""
    while chunk := list(islice(rows, CHUNK)):
        with core.store.transaction() as session:
            session.execute(insert(table), chunk)
    with core.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE" if core.store.is_sqlite else "VACUUM ANALYZE"))


def duties(units: list[int], count: int, first: int, remind_at: datetime, kind: DutyKind) -> Rows:
    """Yield open duties spread over the units, all to be told at one moment."""
    for number in range(first, first + count):
        yield {
            "kind": kind,
            "subject_kind": SubjectKind.DISPATCH,
            "subject_id": number,
            "unit_id": units[number % len(units)],
            "counted_from": start_of_day(TODAY - timedelta(days=9)),
            "arose_at": NOW - timedelta(days=9),
            "due_at": end_of_day(TODAY + timedelta(days=1)),
            "remind_at": remind_at,
        }


def fill_ended(core: Core, units: list[int], count: int) -> None:
    """Insert duties that were met long ago, what was owed for settled dispatches: some, and then copies of these."""
    met = {"remind_at": None, "ended_at": NOW, "ending": Ending.MET}
    fill(core, Duty, (row | met for row in duties(units, CHUNK, 0, NOW, DutyKind.REPLY)))
    columns = [column for column in Duty.__table__.columns if not column.primary_key]
    copies = insert(Duty).from_select(columns, select(*columns).where(Duty.ended_at.is_not(None)).limit(CHUNK))
    for _ in range(count // CHUNK - 1):
        with core.store.transaction() as session:
            session.execute(copies)


def dispatches(units: list[int], case_id: int, count: int, states: tuple[DispatchState, ...]) -> Rows:
    """Yield settled dispatches of one case, each of another unit and day, in each state alike."""
    for number in range(count):
        yield {
            "case_id": case_id,
            "unit_id": units[number % len(units)],
            "dispatched_on": LONG_AGO + timedelta(days=number // len(units)),
            "state": states[number // len(units) % len(states)],
            "needs_assessment": False,
        }


def checks(core: Core, units: list[int], count: int) -> Rows:
    """Yield checks that were checked, with need and without alike."""
    name = core.vault.seal("林小華")
    for number in range(count):
        yield {
            "number": f"B{number}",
            "unit_id": units[number % len(units)],
            "assigned_at": NOW,
            "chain": "統一超商",
            "shop": "永平門市",
            "area": "永和區",
            "happened_at": NOW,
            "child_name": name,
            "child_name_key": "",
            "state": CheckState.CHECKED,
            "has_need": number // len(units) % 2 == 0,
            "already_high_risk": False,
        }


def closed_services(core: Core, units: list[int], case_id: int, count: int) -> Rows:
    """Yield services of one family that are over, each closed on another day."""
    family_id = a_family(core, case_id)
    name = core.vault.seal("王小明")
    for number in range(count):
        day = LONG_AGO + timedelta(days=number // len(units))
        yield {
            "family_id": family_id,
            "unit_id": units[number % len(units)],
            "case_id": case_id,
            "opened_as": Opening.NEW,
            "opened_on": day,
            "served": name,
            "last_dispatched_on": day,
            "closed_on": day,
        }


def a_family(core: Core, case_id: int) -> int:
    """Store a case's family and return its id."""
    with core.store.transaction() as session:
        case = session.get_one(Case, case_id)
        family = Family(index_child=case.child_name, named_after=case.number)
        session.add(family)
        session.flush()
        case.family_id = family.id
        return family.id
