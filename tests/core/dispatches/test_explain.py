"""The workings of a dispatch's bucket, of the true opening and of a case's light, and who may see them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.access import Action, Actor, Units
from core.accounts.models import Permission, Role, Unit
from core.audit import Door
from core.clock import TICK, FixedClock, end_of_day
from core.context import Core
from core.dates import parse_moment, roc
from core.dispatches import rules
from core.dispatches.explain import (
    NAMED_AT_MOST,
    BucketFacts,
    NamedPart,
    bucket_working,
    explain_bucket,
    explain_light,
    explain_opening,
    light_working,
    opening_working,
)
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, Opening
from core.dispatches.notices import case_answer
from core.dispatches.queries import case_of
from core.dispatches.reply_form import OpenedBefore
from core.dispatches.rules import Part
from core.errors import NotAllowed, NotFound
from core.explaining import Decision
from tests.builders import a_case, a_dispatch, a_unit
from tests.duties import owe

DISPATCHED = date(2026, 2, 22)  # its reply is due on the day the clock stands at
DUE = end_of_day(date(2026, 3, 4))
WAITING = BucketFacts(DispatchState.WAITING, DISPATCHED, None, DUE)
OWES, OPEN = Part(DispatchState.WAITING), Part(DispatchState.ANSWERED, Opening.NEW)
NOT_OPEN, CLOSED = Part(DispatchState.ANSWERED, Opening.NOT_OPEN), Part(DispatchState.CLOSED, Opening.NEW)


def steps(found: Decision) -> dict[str, str]:
    return {step.label: step.value for step in found.steps}


def test_a_bucket_is_reached_from_dispatch_deadline_and_state() -> None:
    found = bucket_working(WAITING, DUE)
    assert [(step.label, step.value, step.rule) for step in found.steps] == [
        ("派案日", "115/02/22（日）", "REPLY-1"),
        ("回覆期限", "115/03/04（三）", "REPLY-1"),
        ("目前", "待回覆", "REPLY-11"),
        ("在 115/03/04 23:59", "期限內", "DUTY-1"),
    ]
    assert (found.rule, found.result) == ("REPLY-2", "待回覆")


def test_a_bucket_turns_late_one_tick_after_the_deadline() -> None:
    found = bucket_working(WAITING, DUE + TICK)
    assert (steps(found)["在 115/03/05 00:00"], found.result) == ("已逾期", "已逾期")


def test_a_return_is_a_step_with_its_own_deadline() -> None:
    returned = replace(WAITING, state=DispatchState.RETURNED, returned_at=parse_moment("2026-03-01 14:05"))
    found = bucket_working(returned, DUE + TICK)
    assert steps(found)["退件時間"] == "115/03/01 14:05"
    assert steps(found)["更正期限"] == "115/03/04 23:59"
    assert found.result == "逾期退件"


def test_what_waits_for_the_supervisor_is_to_be_reviewed_for_them() -> None:
    sent = BucketFacts(DispatchState.SUBMITTED, DISPATCHED, None, None)
    assert bucket_working(sent, DUE).result == "已回覆"
    assert bucket_working(replace(sent, reviews=True), DUE).result == "待審核"


@pytest.mark.parametrize(
    ("before", "serves", "closed", "true"),
    [
        (OpenedBefore(), "否", "否", Opening.NEW),
        (OpenedBefore(open_since=DISPATCHED), "是，115/02/22 開案", "否", Opening.IN_PROGRESS),
        (OpenedBefore(closed_on=DISPATCHED), "否", "是，115/02/22 結案", Opening.REOPENED),
        (OpenedBefore(DISPATCHED, date(2025, 1, 31)), "是，115/02/22 開案", "是，114/01/31 結案", Opening.IN_PROGRESS),
    ],
)
def test_the_true_opening_follows_from_the_units_history(
    before: OpenedBefore, serves: str, closed: str, true: Opening
) -> None:
    found = opening_working(before)
    assert (found.rule, found.result) == ("REPLY-6", true.label)
    assert (steps(found)["貴單位目前服務這個家庭"], steps(found)["貴單位曾服務並結案"]) == (serves, closed)
    refused = {"處理中個案", "新接案", "重新開案"} - {true.label}
    assert set(steps(found)["不能選"].split("、")) == refused


def test_of_a_light_others_are_counted_and_not_named() -> None:
    mine = NamedPart(NOT_OPEN, DISPATCHED, "永平國民小學")
    found = light_working((mine, NamedPart(OWES, DISPATCHED), NamedPart(OPEN, DISPATCHED), NamedPart(OPEN, DISPATCHED)))
    assert [(step.label, step.value) for step in found.steps] == [
        ("永平國民小學（115/02/22 派案）", "已回覆，未開案"),
        ("其餘派案", "尚未回覆 1 件、開案服務中 2 件"),
        ("尚未回覆", "1 件"),
        ("開案服務中", "2 件"),
    ]
    assert {step.rule for step in found.steps} == {"REC-7"}
    assert found.result == CaseLight.R.label


def test_a_unit_is_named_once_however_often_the_case_came_to_it() -> None:
    earlier = DISPATCHED - timedelta(days=40)
    mine = [NamedPart(OWES, DISPATCHED, "甲校"), NamedPart(OPEN, DISPATCHED, "乙校"), NamedPart(OPEN, earlier, "甲校")]
    labels = [step.label for step in light_working(mine).steps[:3]]
    assert labels == [f"甲校（{roc(DISPATCHED)} 派案）", f"{roc(earlier)} 派案", f"乙校（{roc(DISPATCHED)} 派案）"]


@pytest.mark.parametrize(
    ("parts", "light"),
    [((OPEN, CLOSED), CaseLight.Y), ((NOT_OPEN, CLOSED), CaseLight.G), ((OPEN, OWES), CaseLight.R)],
)
def test_a_light_is_what_the_rule_says(parts: tuple[Part, ...], light: CaseLight) -> None:
    assert light_working([NamedPart(part, DISPATCHED, "甲校") for part in parts]).result == light.label


@pytest.mark.parametrize(("day", "standing"), [(25, "期限內"), (26, "逾期")])
def test_a_light_tells_how_the_report_was_assigned(day: int, standing: str) -> None:
    assigned = rules.assignment(DISPATCHED, (date(2026, 3, 9), date(2026, 2, day)))
    found = light_working([NamedPart(OPEN, DISPATCHED, "甲校")], assigned)
    assert steps(found)["派案期限（一般案件，受理後 3 日）"].startswith("115/02/25")
    assert steps(found)["首次派案"].endswith(standing)
    assert found.rules == ("REPLY-16", "REC-7")


def test_the_center_sees_how_the_intake_kept_its_clock_and_no_school_does(core: Core) -> None:
    school, case = a_unit(core), a_case(core, received_on=date(2026, 2, 18))
    a_dispatch(core, school, case=case, dispatched_on=DISPATCHED)
    a_dispatch(core, school, case=case, dispatched_on=date(2026, 3, 1))
    city = frozenset({Permission.CITY})
    center = Actor(name="center", role=Role.CENTER, permissions=city, units=Units(everything=True))
    for actor, is_told in ((center, True), (a_caseworker(school), False)):
        with core.transaction(actor, Door.CHAT) as ctx:
            shown = str(case_answer(case_of(ctx, case.number), ctx.now))
        assert ("115/02/22，逾期（一般案件到 115/02/21）" in shown) is is_told


@pytest.mark.parametrize("more", [0, 1])
def test_of_many_parts_the_newest_are_named_and_all_counted(more: int) -> None:
    parts = [NamedPart(CLOSED, DISPATCHED, f"第 {number} 校") for number in range(NAMED_AT_MOST + more)]
    found = light_working(parts)
    assert sum(step.label.startswith("第") for step in found.steps) == NAMED_AT_MOST
    assert steps(found).get("其餘派案") == ("已結案 1 件" if more else None)


def a_caseworker(unit: Unit) -> Actor:
    permissions = frozenset({Permission.CASEWORKER})
    return Actor("AB1234", 1, unit.id, Role.CASEWORKER, permissions, Units(ids=frozenset({unit.id})))


def test_what_is_explained_is_what_is_shown_and_nobody_elses(core: Core, clock: FixedClock) -> None:
    mine, other = a_unit(core), a_unit(core, "秀朗國民小學")
    case = a_case(core)
    own = owe(core, a_dispatch(core, mine, case=case, dispatched_on=DISPATCHED))
    theirs = owe(core, a_dispatch(core, other, case=case, dispatched_on=DISPATCHED))
    clock.move(DUE + TICK - clock.now())
    with core.transaction(a_caseworker(mine), Door.CHAT) as ctx:
        assert explain_bucket(ctx, own.id).result == DispatchBucket.LATE.label
        assert explain_opening(ctx, own.id).result == Opening.NEW.label
        light = explain_light(ctx, case.number.lower())
        assert light.result == case_of(ctx, case.number).light.label
        assert (light.steps[3].label.startswith(mine.name), steps(light)["其餘派案"]) == (True, "尚未回覆 1 件")
        assert other.name not in str(light)
        for missing in (theirs.id, 987654):
            with pytest.raises(NotFound):
                explain_bucket(ctx, missing)
            with pytest.raises(NotFound):
                explain_opening(ctx, missing)
        with pytest.raises(NotFound):
            explain_light(ctx, "WK99999")
    with core.transaction(a_caseworker(a_unit(core, "復興國民小學")), Door.CHAT) as ctx, pytest.raises(NotFound):
        explain_light(ctx, case.number)


def test_who_may_not_see_dispatches_is_refused(core: Core) -> None:
    unit = a_unit(core)
    row = owe(core, a_dispatch(core, unit))
    nobody = Actor("AB1234", 1, unit.id, Role.CASEWORKER, frozenset(), Units(ids=frozenset({unit.id})))
    assert not nobody.may(Action.SEE_DISPATCHES)
    with core.transaction(nobody, Door.CHAT) as ctx:
        with pytest.raises(NotAllowed):
            explain_bucket(ctx, row.id)
        with pytest.raises(NotAllowed):
            explain_light(ctx, "WK00017")
