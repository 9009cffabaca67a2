"""Putting dispatches in: the same again changes nothing, and duties follow the states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Role
from core.audit import AuditRow, Door
from core.clock import FixedClock, end_of_day, start_of_day
from core.context import Core
from core.dispatches.facts import DispatchFacts
from core.dispatches.models import Case, Dispatch, DispatchState, Opening
from core.dispatches.service import put_dispatch, put_dispatches
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.errors import InvalidInput, NotAllowed
from core.imports.results import Put
from tests.builders import a_unit, an_account

DISPATCHED = date(2026, 3, 1)
FACTS = DispatchFacts(
    case_number="WK00017",
    unit_code="S1",
    dispatched_on=DISPATCHED,
    received_on=DISPATCHED,
    child_name="王小明",
    state=DispatchState.WAITING,
    needs_assessment=False,
    reported_by="派出所",
    household=("王小明", "王大明"),
)


@pytest.fixture(autouse=True)
def school(core: Core) -> int:
    return a_unit(core, code="S1").id


def put(core: Core, **changed: object) -> Put:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return put_dispatch(ctx, replace(FACTS, **changed))  # type: ignore[arg-type]  # a test's shorthand


def duties(core: Core) -> dict[DutyKind, Duty]:
    with core.store.reading() as session:
        return {duty.kind: duty for duty in session.scalars(select(Duty).order_by(Duty.id))}


def test_new_waiting_dispatch_opens_the_reply(core: Core, school: int) -> None:
    assert put(core) is Put.ADDED
    reply = duties(core)[DutyKind.REPLY]
    assert (reply.unit_id, reply.account_id, reply.ended_at) == (school, None, None)
    assert (reply.counted_from, reply.due_at) == (start_of_day(DISPATCHED), end_of_day(date(2026, 3, 11)))


def test_the_same_again_changes_nothing_and_writes_no_audit(core: Core) -> None:
    put(core)
    with core.store.reading() as session:
        before = list(session.scalars(select(AuditRow.id)))
    assert put(core) is Put.SAME
    with core.store.reading() as session:
        assert list(session.scalars(select(AuditRow.id))) == before


@pytest.mark.parametrize("state", [DispatchState.ANSWERED, DispatchState.CLOSED])
def test_settled_dispatch_meets_the_reply(core: Core, state: DispatchState) -> None:
    put(core)
    assert put(core, state=state, opening=Opening.NEW) is Put.CHANGED
    assert duties(core)[DutyKind.REPLY].ending is Ending.MET


def test_dispatch_that_comes_in_settled_owes_nothing(core: Core) -> None:
    put(core, state=DispatchState.ANSWERED)
    assert duties(core) == {}


def test_returned_reply_is_owed_from_the_day_it_is_first_seen_as_returned(core: Core, clock: FixedClock) -> None:
    put(core)
    put(core, state=DispatchState.RETURNED)
    clock.move(timedelta(days=1))
    assert put(core, state=DispatchState.RETURNED) is Put.SAME
    found = duties(core)
    assert found[DutyKind.REPLY].ending is Ending.MET
    assert found[DutyKind.RETURNED_REPLY].due_at == end_of_day(date(2026, 3, 7))


def test_reply_returned_once_more_is_counted_anew(core: Core, clock: FixedClock) -> None:
    put(core, state=DispatchState.RETURNED)
    clock.move(timedelta(days=1))
    put(core, state=DispatchState.ANSWERED)
    assert duties(core)[DutyKind.RETURNED_REPLY].ending is Ending.MET
    clock.move(timedelta(days=1))
    put(core, state=DispatchState.RETURNED)
    assert duties(core)[DutyKind.RETURNED_REPLY].due_at == end_of_day(date(2026, 3, 9))


def test_dispatch_that_waits_again_owes_the_reply_again_and_no_correction(core: Core) -> None:
    put(core, state=DispatchState.RETURNED)
    put(core)
    found = duties(core)
    assert found[DutyKind.RETURNED_REPLY].ending is Ending.VOID
    assert found[DutyKind.REPLY].ended_at is None


def test_changed_row_names_the_fields_in_the_audit_and_not_their_values(core: Core) -> None:
    put(core)
    put(core, area="永和區", household=("王小明", "王大明", "王小華"))
    with core.store.reading() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert last is not None
    assert (last.act, last.fields) == ("put_dispatch", "household,area")


def responsible_ids(core: Core) -> list[int | None]:
    with core.store.reading() as session:
        return list(session.scalars(select(Dispatch.responsible_id)))


def test_responsible_person_is_the_units_account_of_that_name(core: Core) -> None:
    school = a_unit(core, code="S2")
    account = an_account(core, school, name="陳怡君")
    an_account(core, a_unit(core), name="陳怡君")
    put(core, unit_code="S2", responsible="陳怡君")
    assert responsible_ids(core) == [account.id]
    assert duties(core)[DutyKind.REPLY].account_id == account.id


@pytest.mark.parametrize("namesakes", [0, 2])
def test_nobody_is_named_where_no_or_several_accounts_have_that_name(core: Core, namesakes: int) -> None:
    school = a_unit(core, code="S2")
    for _ in range(namesakes):
        an_account(core, school, name="陳怡君")
    put(core, unit_code="S2", responsible="陳怡君")
    assert responsible_ids(core) == [None]


@pytest.mark.parametrize(("ends_on", "is_named"), [(date(2026, 3, 4), True), (date(2026, 3, 3), False)])
def test_account_that_has_ended_is_not_named(core: Core, ends_on: date, is_named: bool) -> None:
    school = a_unit(core, code="S2")
    account = an_account(core, school, name="陳怡君", ends_on=ends_on)
    put(core, unit_code="S2", responsible="陳怡君")
    assert responsible_ids(core) == [account.id if is_named else None]


def test_case_dispatched_to_two_units_and_again_is_one_case(core: Core) -> None:
    a_unit(core, code="S2")
    put(core)
    put(core, unit_code="S2")
    put(core, dispatched_on=DISPATCHED + timedelta(days=1), case_number="wk00017")
    with core.store.reading() as session:
        assert len(list(session.scalars(select(Case.id)))) == 1
        assert len(list(session.scalars(select(Dispatch.id)))) == 3


def test_unknown_unit_is_refused_by_its_column(core: Core) -> None:
    with pytest.raises(InvalidInput) as refused:
        put(core, unit_code="S9")
    assert refused.value.field == "單位代碼"


def test_many_come_back_in_their_order(core: Core) -> None:
    put(core)
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        done = put_dispatches(ctx, [FACTS, replace(FACTS, case_number="WK2"), replace(FACTS, area="永和區")])
    assert done == (Put.SAME, Put.ADDED, Put.CHANGED)


def test_caseworker_may_not_put_dispatches_in(core: Core) -> None:
    actor = Actor("AB1234", role=Role.CASEWORKER)
    with pytest.raises(NotAllowed), core.transaction(actor, Door.CHAT) as ctx:
        put_dispatch(ctx, FACTS)
