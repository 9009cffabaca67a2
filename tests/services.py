"""Services with defaults: a unit that has a family open, its people, and work records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from core.access import Actor
from core.accounts.models import Account, Permission, Role, Unit, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import taipei_date
from core.context import Context, Core
from core.dispatches.models import Case, DispatchState, Family, Opened, Opening
from core.records.following import follow_windows
from core.records.form import RecordForm
from core.records.kinds import Schooling, Service, Way
from core.records.service import add_record
from tests.builders import a_case, a_dispatch, a_unit, an_account, inside

RIGHT = RecordForm(
    way=Way.HOME_VISIT,
    served="王小明",
    services=frozenset({Service.COUNSELLING}),
    schooling=Schooling.STABLE,
)

BEGUN, ENDING = date(2015, 1, 1), date(2035, 12, 31)
"""Accounts here may be used whatever year a test stands in."""


@dataclass(frozen=True)
class Serving:
    """A school with a caseworker, the supervisor over it, and a family it serves."""

    core: Core
    bureau: Unit
    unit: Unit
    caseworker: Account
    supervisor: Account
    service: Opened

    @contextmanager
    def acting(self, account: Account | None = None) -> Iterator[Context]:
        """Give a transaction in which an account acts; the caseworker, if none is named."""
        with acting(self.core, account or self.caseworker) as ctx:
            yield ctx

    def records(self, days: Iterable[date], schooling: Schooling = Schooling.STABLE) -> None:
        """Let the caseworker write a record for each of these days."""
        with self.acting() as ctx:
            for day in days:
                add_record(ctx, self.service.id, record(day, schooling))


@contextmanager
def acting(core: Core, account: Account) -> Iterator[Context]:
    """Give a transaction in which an account acts."""
    with core.transaction(named(core, account), Door.DESK) as ctx:
        yield ctx


def record(day: date | None, schooling: Schooling = Schooling.STABLE) -> RecordForm:
    """Return a right record of a day."""
    return replace(RIGHT, served_on=day, schooling=schooling)


def named(core: Core, account: Account) -> Actor:
    """Return an account as it may act now."""
    with core.store.reading() as session:
        actor = actor_of(session, account.id, taipei_date(core.clock.now()))
    assert actor is not None, "the account may not act today"
    return actor


def a_serving_school(core: Core, dispatched_on: date, number: str = "WK00017") -> Serving:
    """Store a bureau, a school of it, their people, and a family that the school has open since a dispatch."""
    bureau = a_unit(core, "教育局", kind=UnitKind.BUREAU)
    supervisor = a_supervisor(core, bureau)
    unit = a_unit(core, "永平國民小學", parent=bureau)
    caseworker = an_account(core, unit, starts_on=BEGUN, ends_on=ENDING)
    case = a_case(core, number=number, received_on=dispatched_on)
    return Serving(core, bureau, unit, caseworker, supervisor, a_service(core, unit, case, dispatched_on))


def a_supervisor(core: Core, bureau: Unit) -> Account:
    """Store a supervisor of a bureau."""
    return an_account(
        core,
        bureau,
        role=Role.SUPERVISOR,
        permissions=(Permission.SUPERVISOR,),
        name="林督導",
        title="督導",
        starts_on=BEGUN,
        ends_on=ENDING,
    )


def a_service(place: Core | Context, unit: Unit, case: Case, dispatched_on: date) -> Opened:
    """Store that a unit has a case open: its answered dispatch, the family, and what the windows owe."""
    with inside(place) as ctx:
        stored = ctx.session.get_one(Case, case.id)
        if stored.family_id is None:
            family = Family(index_child=stored.child_name, named_after=stored.number)
            ctx.session.add(family)
            ctx.session.flush()
            stored.family_id = family.id
        dispatch = a_dispatch(
            ctx, unit, case=stored, dispatched_on=dispatched_on, state=DispatchState.ANSWERED, opening=Opening.NEW
        )
        service = Opened(
            family_id=stored.family_id,
            unit_id=unit.id,
            case_id=dispatch.case_id,
            opened_as=Opening.NEW,
            opened_on=dispatched_on,
            served=stored.child_name,
            last_dispatched_on=dispatched_on,
        )
        ctx.session.add(service)
        ctx.session.flush()
        follow_windows(ctx, service)
    return service
