"""REPLY-13, REPLY-15, REPLY-16: who may receive a dispatch, what of a report may change, handing over, the intake."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Actor
from core.accounts.models import Account, Permission, Unit, UnitKind
from core.accounts.queries import actor_of
from core.audit import Door
from core.clock import FixedClock, end_of_day
from core.context import Core
from core.dispatches import rules
from core.dispatches.handing import hand_over
from core.dispatches.kinds import Urgency
from core.dispatches.models import Case, Dispatch, DispatchBucket, DispatchState, HandOver
from core.dispatches.queries import buckets
from core.duties.models import Duty
from core.errors import Conflict, InvalidInput, NotFound, RulesBroken
from tests.builders import a_unit, an_account
from tests.core.dispatches.replies import put
from tests.databases import Beginnings

TODAY = date(2026, 3, 4)


@pytest.fixture
def city(core: Core, beginnings: Beginnings) -> Mapping[str, Unit]:
    return beginnings.of(core, a_city)


def a_city(core: Core) -> Mapping[str, Unit]:
    education = a_unit(core, "教育局", code="E1", kind=UnitKind.BUREAU)
    social = a_unit(core, "社會局", code="W1", kind=UnitKind.BUREAU)
    return {
        "S1": a_unit(core, code="S1", parent=education),
        "S2": a_unit(core, "海山國民小學", code="S2", parent=education),
        "W1": social,
        "W2": a_unit(core, "板橋社福中心", code="W2", kind=UnitKind.WELFARE_CENTRE, parent=social),
        "W3": a_unit(core, "社工科", code="W3", kind=UnitKind.OTHER, parent=social),
        "E1": education,
        "C1": a_unit(core, "清溪大學", code="C1", kind=UnitKind.COLLEGE),
        "O1": a_unit(core, "基隆國民小學", code="O1", kind=UnitKind.OUTSIDE_SCHOOL),
    }


def refusal(core: Core, **changed: object) -> list[str]:
    with pytest.raises(RulesBroken) as refused:
        put(core, "WK1", **changed)
    return [f"{each.rule} {each.field}" for each in refused.value.broken]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("unit_code", ["C1", "O1"])
def test_colleges_and_schools_of_other_counties_receive_nothing(core: Core, unit_code: str) -> None:
    assert refusal(core, unit_code=unit_code) == ["REPLY-13 單位代碼"]


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("outside", [{"other_county": True}, {"area": "基隆市仁愛區"}, {"area": "台北市 大安區"}])
@pytest.mark.parametrize(("unit_code", "may"), [("W1", True), ("W2", True), ("W3", True), ("S1", False), ("E1", False)])
def test_families_of_other_counties_go_to_social_affairs_only(
    core: Core, outside: dict[str, object], unit_code: str, may: bool
) -> None:
    if may:
        assert put(core, "WK1", unit_code=unit_code, **outside)
    else:
        assert refusal(core, unit_code=unit_code, **outside) == ["REPLY-13 單位代碼"]


@pytest.mark.parametrize(
    ("area", "is_outside"),
    [("永和區", False), ("新北市板橋區", False), ("", False), ("桃園市", True), ("臺中市北區", True)],
)
def test_an_area_that_begins_with_another_county_lies_there(area: str, is_outside: bool) -> None:
    assert rules.is_other_county(area) is is_outside


@pytest.mark.usefixtures("city")
def test_a_reports_text_never_changes_and_its_state_does(core: Core) -> None:
    first = put(core, "WK1", reported_by="派出所", national_id="A199900018")
    changed = {
        "child_name": "王小華",
        "national_id": "A199900027",
        "reported_by": "醫院",
        "received_on": date(2026, 2, 28),
    }
    fields = ["案主姓名", "身分證統號", "通報單位", "受理日期"]
    assert refusal(core, **changed) == [f"REPLY-15 {field}" for field in fields]
    assert put(core, "WK1", reported_by="", state=DispatchState.ANSWERED, area="板橋區") == first
    with core.store.reading() as session:
        assert session.scalars(select(Case)).one().reported_by == "派出所"
        assert session.get_one(Dispatch, first).state is DispatchState.ANSWERED


@pytest.mark.parametrize(
    ("urgency", "until"),
    [
        (Urgency.BY_LAW, datetime(2026, 3, 5, 2, 0, tzinfo=UTC)),
        (Urgency.HIGH_RISK_PARTNER, datetime(2026, 3, 5, 2, 0, tzinfo=UTC)),
        (Urgency.ORDINARY, end_of_day(date(2026, 3, 7))),
    ],
)
def test_the_intake_assigns_in_a_day_or_in_three(urgency: Urgency, until: datetime) -> None:
    assert rules.assign_by(datetime(2026, 3, 4, 2, 0, tzinfo=UTC), urgency) == until


def caseworker(core: Core, unit: Unit) -> tuple[Account, Actor]:
    account = an_account(core, unit, permissions=(Permission.CASEWORKER,))
    with core.store.reading() as session:
        actor = actor_of(session, account.id, TODAY)
    assert actor is not None
    return account, actor


def hand(core: Core, actor: Actor, dispatch_id: int, unit_code: str = "S2", reason: str = "學生就讀海山國小") -> None:
    with core.transaction(actor, Door.DESK) as ctx:
        hand_over(ctx, dispatch_id, unit_code, reason)


def test_a_dispatch_goes_to_the_right_unit_the_same_day_with_its_deadline(core: Core, city: Mapping[str, Unit]) -> None:
    _, mine = caseworker(core, city["S1"])
    _, theirs = caseworker(core, city["S2"])
    number = put(core, "WK1", dispatched_on=TODAY)
    hand(core, mine, number)
    with core.store.reading() as session:
        duty = session.scalars(select(Duty)).one()
        assert (duty.unit_id, duty.due_at) == (city["S2"].id, end_of_day(date(2026, 3, 14)))
        assert session.scalars(select(HandOver.from_unit_id)).one() == city["S1"].id
    for actor, count in ((mine, 0), (theirs, 1)):
        with core.transaction(actor, Door.CHAT) as ctx:
            assert buckets(ctx)[DispatchBucket.WAITING] == count
    with pytest.raises(NotFound):
        hand(core, mine, number)


def test_the_row_of_the_first_unit_makes_no_second_dispatch(core: Core, city: Mapping[str, Unit]) -> None:
    _, mine = caseworker(core, city["S1"])
    number = put(core, "WK1", dispatched_on=TODAY)
    hand(core, mine, number)
    assert put(core, "WK1", dispatched_on=TODAY) == number
    with core.store.reading() as session:
        assert session.scalars(select(Dispatch)).one().unit_id == city["S2"].id


def test_from_the_next_day_on_it_stays(core: Core, city: Mapping[str, Unit], clock: FixedClock) -> None:
    _, mine = caseworker(core, city["S1"])
    number = put(core, "WK1", dispatched_on=TODAY)
    clock.at = end_of_day(TODAY) + timedelta(milliseconds=1)
    with pytest.raises(RulesBroken) as refused:
        hand(core, mine, number, "S1", "。")
    assert [each.field for each in refused.value.broken] == ["移轉單位", "移轉單位", "移轉原因"]
    clock.at = end_of_day(TODAY)
    hand(core, mine, number)


@pytest.mark.parametrize("unit_code", ["C1", "O1"])
def test_it_goes_to_no_unit_that_cannot_receive_it(core: Core, city: Mapping[str, Unit], unit_code: str) -> None:
    _, mine = caseworker(core, city["S1"])
    number = put(core, "WK1", dispatched_on=TODAY)
    with pytest.raises(RulesBroken) as refused:
        hand(core, mine, number, unit_code)
    assert [each.rule for each in refused.value.broken] == ["REPLY-13"]


def test_it_goes_to_no_unknown_unit_none_that_has_it_and_not_when_answered(
    core: Core, city: Mapping[str, Unit]
) -> None:
    _, mine = caseworker(core, city["S1"])
    number = put(core, "WK1", dispatched_on=TODAY)
    with pytest.raises(InvalidInput):
        hand(core, mine, number, "S9")
    put(core, "WK1", dispatched_on=TODAY, unit_code="S2")
    with pytest.raises(RulesBroken, match="當天已經有"):
        hand(core, mine, number)
    put(core, "WK1", dispatched_on=TODAY, state=DispatchState.ANSWERED)
    with pytest.raises(Conflict):
        hand(core, mine, number)
