"""One history a family: joined by national ID, found by any member, seen by every unit that serves it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.models import Unit
from core.accounts.queries import actor_of
from core.audit import AuditRow, Door
from core.context import Core
from core.dispatches.families import know_member
from core.dispatches.finding import FamilyRow, find_families
from core.dispatches.history import History, history
from core.dispatches.models import Case, DispatchState, Family, Member, Opened, Opening
from core.errors import InvalidInput, NotFound
from core.records.kinds import EntryKind
from tests.builders import a_national_id, a_unit, an_account
from tests.core.dispatches.replies import put

TODAY = date(2026, 3, 4)
ONE, OTHER = a_national_id(1), a_national_id(2)


@pytest.fixture
def schools(core: Core) -> tuple[Unit, Unit]:
    return a_unit(core, code="S1"), a_unit(core, "海山國民小學", code="S2")


def actor(core: Core, unit: Unit) -> Actor:
    account = an_account(core, unit)
    with core.store.reading() as session:
        found = actor_of(session, account.id, TODAY)
    assert found is not None
    return found


def families(core: Core) -> dict[str, int | None]:
    with core.store.reading() as session:
        return {row.number: row.family_id for row in session.execute(select(Case.number, Case.family_id))}


def find(core: Core, who: Actor, text: str) -> tuple[FamilyRow, ...]:
    with core.transaction(who, Door.CHAT) as ctx:
        page = find_families(ctx, text)
        assert page.total == len(page.rows)
        return page.rows


def shown(core: Core, who: Actor, family_id: int) -> History:
    with core.transaction(who, Door.DESK) as ctx:
        return history(ctx, family_id)


@pytest.mark.usefixtures("schools")
def test_reports_of_one_child_are_one_family_named_after_the_first(core: Core) -> None:
    put(core, "WK2", national_id=ONE, received_on=date(2026, 2, 20))
    put(core, "WK1", national_id=ONE, received_on=date(2026, 2, 10), child_name="王曉明")
    put(core, "WK3", national_id=ONE, received_on=date(2026, 2, 28))
    assert len(set(families(core).values())) == 1
    with core.store.reading() as session:
        assert session.scalars(select(Family.named_after)).all() == ["WK1"]
        assert len(session.scalars(select(Member)).all()) == 1


@pytest.mark.usefixtures("schools")
def test_a_name_alone_joins_nothing(core: Core) -> None:
    put(core, "WK1", household=("王小明", "王大明"))
    put(core, "WK2", household=("王小明", "王大明"))
    assert len(set(families(core).values())) == 2


def test_siblings_join_when_the_sibling_is_known_by_id(core: Core, schools: tuple[Unit, Unit]) -> None:
    put(core, "WK1", national_id=ONE, household=("王小明", "王小華"))
    mine = actor(core, schools[0])
    with core.transaction(mine, Door.DESK) as ctx:
        know_member(ctx, "wk1", "王小華", OTHER.lower())
    put(core, "WK2", national_id=OTHER, child_name="王小華")
    assert len(set(families(core).values())) == 1
    with core.store.reading() as session:
        assert len(session.scalars(select(Member)).all()) == 2


def test_the_day_of_birth_of_a_person_is_stored_sealed(core: Core, schools: tuple[Unit, Unit]) -> None:
    put(core, "WK1", household=("王小華",))
    with core.transaction(actor(core, schools[0]), Door.DESK) as ctx:
        know_member(ctx, "WK1", "王小華", OTHER, date(2012, 5, 1))
    with core.store.reading() as session:
        known = session.scalars(select(Member).where(Member.national_id.is_not(None))).one()
    assert known.birth_date is not None
    assert (core.vault.open(known.birth_date), known.born_on) == ("2012-05-01", None)


def test_two_families_become_one_and_the_older_service_goes_on(core: Core, schools: tuple[Unit, Unit]) -> None:
    opened = {"state": DispatchState.ANSWERED, "opening": Opening.NEW}
    put(core, "WK2", national_id=OTHER, child_name="王小華", received_on=date(2026, 2, 2), **opened)
    put(core, "WK1", national_id=ONE, received_on=date(2026, 2, 1), dispatched_on=date(2026, 2, 5), **opened)
    with core.transaction(actor(core, schools[0]), Door.DESK) as ctx:
        know_member(ctx, "WK1", "王小華", OTHER)
    assert len(set(families(core).values())) == 1
    with core.store.reading() as session:
        services = session.scalars(select(Opened).order_by(Opened.last_dispatched_on)).all()
        assert {each.family_id for each in services} == {families(core)["WK1"]}
        assert [each.closed_on for each in services].count(None) == 1
    assert find(core, system("tests"), "王小華")[0].number == "WK1"


def test_a_family_is_found_by_any_member_and_by_id(core: Core, schools: tuple[Unit, Unit]) -> None:
    put(core, "WK1", national_id=ONE, household=("王小明", "王臺生"))
    mine = actor(core, schools[0])
    for text in ("王小明", " 王小明 ", "王臺生", "王台生", ONE, ONE.lower()):
        rows = find(core, mine, text)
        assert [(row.number, row.child, row.cases) for row in rows] == [("WK1", "王○明", ("WK1",))]
    for text in ("王小", "王", OTHER, "王小明明"):
        assert find(core, mine, text) == ()


def test_another_units_family_is_neither_found_nor_shown(core: Core, schools: tuple[Unit, Unit]) -> None:
    put(core, "WK1", national_id=ONE)
    family_id = families(core)["WK1"] or 0
    stranger = actor(core, schools[1])
    assert find(core, stranger, "王小明") == ()
    with pytest.raises(NotFound):
        shown(core, stranger, family_id)
    with pytest.raises(NotFound), core.transaction(stranger, Door.DESK) as ctx:
        know_member(ctx, "WK1", "王小華", OTHER)


def test_who_serves_a_family_sees_what_all_units_did(core: Core, schools: tuple[Unit, Unit]) -> None:
    put(core, "WK1", national_id=ONE, received_on=date(2026, 2, 20), reported_by="派出所")
    put(core, "WK2", national_id=ONE, unit_code="S2", received_on=date(2026, 2, 27))
    found = shown(core, actor(core, schools[0]), families(core)["WK1"] or 0)
    assert (found.child, found.number) == ("王○明", "WK1")
    assert [(each.kind, each.number) for each in found.entries.rows] == [
        (EntryKind.REPORT, "WK1"),
        (EntryKind.REPORT, "WK2"),
        (EntryKind.DISPATCH, "WK1"),
        (EntryKind.DISPATCH, "WK2"),
    ]
    assert {each.unit_name for each in found.entries.rows} >= {schools[0].name, schools[1].name}


def test_looking_is_in_the_audit_without_the_name(core: Core, schools: tuple[Unit, Unit]) -> None:
    put(core, "WK1", national_id=ONE)
    (family,) = find(core, actor(core, schools[0]), "王小明")
    find(core, actor(core, schools[0]), "林小華")
    with core.store.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.act == "find_families").order_by(AuditRow.id)).all()
    assert [row.subject for row in rows] == [f"families:{family.family_id}", "families:none"]
    assert "王" not in rows[0].subject + rows[0].fields


@pytest.mark.parametrize(("name", "national_id"), [("王小華", "A123456780"), ("　", OTHER), ("王" * 61, OTHER)])
def test_a_member_has_a_name_and_a_right_id(
    core: Core, schools: tuple[Unit, Unit], name: str, national_id: str
) -> None:
    put(core, "WK1")
    with pytest.raises(InvalidInput), core.transaction(actor(core, schools[0]), Door.DESK) as ctx:
        know_member(ctx, "WK1", name, national_id)


@pytest.mark.usefixtures("schools")
def test_a_report_that_names_its_id_later_finds_its_family(core: Core) -> None:
    put(core, "WK1", national_id=ONE, received_on=date(2026, 2, 1))
    put(core, "WK2")
    put(core, "WK2", national_id=ONE)
    assert len(set(families(core).values())) == 1


@pytest.mark.usefixtures("schools")
def test_closing_ends_the_service_and_an_older_dispatch_does_not(core: Core) -> None:
    opened = {"national_id": ONE, "opening": Opening.NEW}
    put(core, "WK1", state=DispatchState.ANSWERED, dispatched_on=date(2026, 3, 3), **opened)
    put(core, "WK1", state=DispatchState.CLOSED, dispatched_on=date(2026, 3, 1), **opened)
    with core.store.reading() as session:
        assert [each.closed_on for each in session.scalars(select(Opened))] == [None]
    put(core, "WK1", state=DispatchState.CLOSED, dispatched_on=date(2026, 3, 3), **opened)
    with core.store.reading() as session:
        assert [each.closed_on for each in session.scalars(select(Opened))] == [TODAY]
