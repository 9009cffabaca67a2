"""Invented facts for the gallery: what is owed, cases, checks and closings, short ones and the longest there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from core.access import Actor
from core.accounts.above import Colleague
from core.accounts.models import CodeChannel, Permission, Role
from core.accounts.requests.models import RequestKind, RequestState
from core.accounts.requests.queries import OwnPermissions, OwnRequest, Term
from core.calendar import WorkCalendar
from core.cards import Row
from core.checks.models import CheckBucket, CheckState
from core.checks.queries import CheckRow
from core.clock import end_of_day, start_of_day, taipei_moment
from core.closures.earliest import Assessment, Condition
from core.closures.kinds import Ground, Need
from core.closures.queries import ClosingAnswer, ServiceRow
from core.dispatches.models import CaseLight, DispatchBucket, DispatchState, Opening
from core.dispatches.parts import CasePart
from core.dispatches.queries import CaseView, DispatchRow
from core.duties.by_unit import UNITS_A_SCREEN, ByUnit, UnitDuties
from core.duties.counts import KindCount
from core.duties.explain import Working, working
from core.duties.overview import Overview
from core.duties.plans import DutyKind
from core.duties.queries import DutyFacts, Owed, OwedRow
from core.duties.rules import days_left, is_late
from core.duties.watch import Count
from core.errors import Broken
from core.helpdesk.models import HelpKind, HelpState
from core.helpdesk.queries import OwnHelp
from core.otp.models import Challenge, Purpose
from core.paging import Page
from core.records.kinds import EducationLight
from core.records.missing import OpenWindow, OpenWindows
from core.records.queries import ServiceWindows, WindowState
from core.records.rules import Window

TODAY = date(2022, 8, 4)
NOW = taipei_moment(TODAY, time(10))
UNIT, CHILD = "星禾國民小學", "王○明"
LONG_UNIT = "新北市社會局家庭支持與兒童及少年保護服務中心永平國民小學附設幼兒園暨特殊教育資源中心聯合服務據點"
LONG_CHILD = "Alexandria-Josephine Montgomery-Featherstonehaugh○○（阿美族 Panay‧○○）"
_AT_A_SCHOOL = frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})
CASEWORKER = Actor("AB1234", role=Role.CASEWORKER, permissions=_AT_A_SCHOOL)
SUPERVISOR = Actor("AB1235", role=Role.SUPERVISOR, permissions=frozenset(Permission))
HELPDESK = Actor("AB1236", role=Role.HELPDESK)


def owed_row(kind: DutyKind, due_on: date, number: str = "WK00728", child: str = CHILD) -> OwedRow:
    due = end_of_day(due_on)
    return OwedRow(
        duty_id=due_on.toordinal() % 1000,
        kind=kind,
        number=number,
        child=child,
        unit_name=UNIT,
        counted_from=start_of_day(due_on - timedelta(days=10)),
        due_at=due,
        is_late=is_late(due, NOW),
        days_left=days_left(due, NOW),
        remind_at=start_of_day(date(2022, 8, 5)),
    )


ROWS = (
    owed_row(DutyKind.REPLY, date(2022, 8, 1), "WK00701", "林○華"),
    owed_row(DutyKind.RETURNED_REPLY, date(2022, 8, 4), "WK00716", "陳○安"),
    owed_row(DutyKind.REPLY, date(2022, 8, 7)),
    owed_row(DutyKind.RECORD_WINDOW, date(2022, 8, 11), "WK00655", "張○庭"),
    owed_row(DutyKind.ACCOUNT_END, date(2022, 8, 31), "AB1234", ""),
)
OTHERS = {DutyKind.RECORD_WINDOW: 1, DutyKind.ACCOUNT_END: 1}


def owed(*rows: OwedRow, total: int | None = None) -> Owed:
    return Owed(len(rows) if total is None else total, sum(row.is_late for row in rows), rows)


def overview(found: Owed, others: Mapping[DutyKind, int] | None = None) -> Overview:
    """Return the figures that go with these rows, and five replies that are done."""
    replies = [row for row in found.rows if row.kind is DutyKind.REPLY]
    dispatches = dict.fromkeys(DispatchBucket, 0) | {
        DispatchBucket.LATE: sum(row.is_late for row in replies),
        DispatchBucket.RETURNED: sum(row.kind is DutyKind.RETURNED_REPLY for row in found.rows),
        DispatchBucket.WAITING: sum(not row.is_late for row in replies),
        DispatchBucket.ANSWERED: 5,
    }
    return Overview(
        dispatches,
        dict.fromkeys(CheckBucket, 0),
        found,
        kinds={kind: KindCount(count, 0) for kind, count in (others or {}).items()},
    )


def many_duties() -> Overview:
    """Return the first page of 200 duties, and numbers of four places."""
    first = date(2022, 7, 26)
    rows = tuple(owed_row(DutyKind.REPLY, first + timedelta(days=at), f"WK0{2000 + at}") for at in range(10))
    return Overview(dict.fromkeys(DispatchBucket, 1_284), dict.fromkeys(CheckBucket, 86), Owed(200, 8, rows))


def units(how_many: int) -> tuple[Count, ...]:
    """Return so many units, worst first; the third has as long a name as there is."""
    names = ("清溪國民小學", "永平國民小學", LONG_UNIT, "海山國民中學")
    return tuple(
        Count(at, names[at] if at < len(names) else f"第{at}國民小學", max(23 - at, 1), max(7 - 2 * at, 0))
        for at in range(how_many)
    )


def by_unit(how_many: int) -> ByUnit:
    """Return the first page of so many units."""
    every = units(how_many)
    owed = Owed(sum(each.owed for each in every), sum(each.late for each in every), ())
    return ByUnit(owed, Page(how_many, every[:UNITS_A_SCREEN]))


def unit_duties(*rows: OwedRow) -> UnitDuties:
    """Return what a unit owes: these, and eleven more."""
    late = sum(row.is_late for row in rows)
    kinds = {rows[0].kind: KindCount(len(rows) + 11, late)} if rows else {}
    return UnitDuties(1, UNIT, kinds, Owed(len(rows) + 11 if rows else 0, late, rows), 0)


REPLY_WORKING: Working = working(
    DutyFacts(DutyKind.REPLY, start_of_day(date(2022, 7, 28)), end_of_day(date(2022, 8, 7))), WorkCalendar()
)
CHECK_WORKING: Working = working(DutyFacts(DutyKind.CHECK, NOW, NOW + timedelta(hours=24)), WorkCalendar())

DISPATCH = DispatchRow(
    dispatch_id=1,
    number="WK00728",
    child=CHILD,
    served="",
    unit_name=UNIT,
    dispatched_on=date(2022, 7, 28),
    state=DispatchState.WAITING,
    opening=None,
    responsible="陳○君",
    needs_assessment=True,
    duty_id=7,
    due_at=end_of_day(date(2022, 8, 7)),
)
RETURNED = replace(DISPATCH, state=DispatchState.RETURNED, due_at=end_of_day(date(2022, 8, 3)))
OPENED = replace(
    DISPATCH, dispatch_id=2, state=DispatchState.ANSWERED, opening=Opening.NEW, duty_id=None, due_at=None,
    dispatched_on=date(2022, 3, 2),
)  # fmt: skip
CASE = CaseView("WK00728", CHILD, "永和派出所", date(2022, 7, 27), "永和區", CaseLight.R, (DISPATCH, OPENED))


def case_of_long_names() -> CaseView:
    parts = tuple(
        replace(each, child=LONG_CHILD, served=LONG_CHILD, unit_name=LONG_UNIT, responsible=LONG_CHILD)
        for each in (RETURNED, OPENED)
    )
    return CaseView("WK00728", LONG_CHILD, LONG_UNIT, date(2022, 7, 27), "永和區", CaseLight.Y, parts)


CHECK = CheckRow(
    number="MS00001",
    child="林○華",
    unit_name=UNIT,
    shop="統一超商永平門市",
    happened_at=NOW - timedelta(hours=26),
    state=CheckState.WAITING,
    has_need=None,
    already_high_risk=False,
    is_urgent=False,
    duty_id=9,
    due_at=NOW + timedelta(hours=4),
)

_WINDOW_STARTS = [date(2022, month, 5) for month in range(1, 9)]
_WINDOWS = tuple(
    Window(at, first, last - timedelta(days=1)) for at, (first, last) in enumerate(pairwise(_WINDOW_STARTS))
)
_NOT_YET = (
    Condition("CLOSE-2", Need.NO_RISK, is_met=True, met_from=TODAY),
    Condition("CLOSE-2", Need.SIX_MONTHS, is_met=False, met_from=date(2022, 9, 5)),
    Condition("CLOSE-2", Need.STABLE, is_met=True, met_from=TODAY),
    Condition("CLOSE-2", Need.WINDOWS, is_met=False, met_from=TODAY, windows=_WINDOWS[4:6]),
    Condition("CLOSE-6", Need.NO_SIBLING_AT_RISK, is_met=True, met_from=TODAY),
    Condition("CLOSE-5", Need.MONTH_RECORD, is_met=True, met_from=TODAY),
)


def closing(*, is_free: bool) -> ClosingAnswer:
    """Return the answer to a closing question, with what is missing or with nothing."""
    conditions = tuple(replace(each, is_met=True) for each in _NOT_YET) if is_free else _NOT_YET
    states = tuple(
        WindowState(each, has_record=is_free or each.index not in {4, 5}, is_current=False, is_known=True)
        for each in _WINDOWS
    )
    missing = (
        Broken(
            "CLOSE-2", "closing_on", "自最後一次派案起追蹤未滿六個月。", "請於 111/09/05 以後結案，並持續填寫工作紀錄。"
        ),
        Broken("CLOSE-2", "records", "", "請補登這些期間實際提供的服務。"),
    )
    return ClosingAnswer(
        opened_id=3,
        number="WK00655",
        child=CHILD,
        unit_name=UNIT,
        ground=Ground.NO_RISK,
        assumes_no_risk=not is_free,
        state=None,
        assessment=Assessment(conditions, TODAY if is_free else date(2022, 9, 5), None),
        broken=() if is_free else missing,
        windows=ServiceWindows(_WINDOW_STARTS[0], states, EducationLight.G),
        light=EducationLight.G,
        siblings=() if is_free else ("王○華", "王○安"),
    )


def challenge() -> Challenge:
    return Challenge(
        id="c-1", account_id=1, purpose=Purpose.MAIN_SYSTEM, channel=CodeChannel.LINE, sent_at=NOW,
        expires_at=NOW + timedelta(minutes=15),
    )  # fmt: skip


def request(state: RequestState, reason: str = "") -> OwnRequest:
    rows = (Row(label="新信箱", value="n***@ntpc.gov.tw"),)
    return OwnRequest(7, RequestKind.EMAIL, state, NOW - timedelta(days=2), NOW, reason, rows)


def help_request(state: HelpState) -> OwnHelp:
    return OwnHelp(
        12, HelpKind.FAULT, state, "列印時畫面是白的", NOW - timedelta(days=1), NOW, NOW + timedelta(hours=4)
    )


TERM = Term(
    ends_on=date(2022, 12, 31),
    days_left=149,
    first_on=date(2022, 11, 1),
    may_ask=False,
    pending=None,
    unit="教育局/各級學校（永平國民小學）",
    would_end_on=date(2023, 12, 31),
)
SCHOOL = OwnPermissions((Permission.CASEWORKER,), (Permission.MEAL_CHECKS,), is_school=True)
BUREAU = OwnPermissions((), tuple(Permission), is_school=False)
SOON: datetime = NOW + timedelta(hours=4)

CASES_ALIKE = (CasePart("WK00017", CHILD), CasePart("WK10017", "林○華"), CasePart("WK20017", LONG_CHILD))
SERVICES = tuple(
    ServiceRow(at, f"WK0003{at}", child, UNIT, TODAY, TODAY, None, None, None)
    for at, child in enumerate((CHILD, "陳○安", LONG_CHILD))
)
ABOVE = (
    Colleague(Role.SUPERVISOR, "林○如", "督學", "教育局", "(02)2960-3456"),
    Colleague(Role.CONTACT, "陳○安", "", LONG_UNIT, ""),
)


def open_windows() -> OpenWindows:
    """Return three windows without a record: one that is over, one that ends today, and one with time left."""
    ends = (TODAY - timedelta(days=16), TODAY, TODAY + timedelta(days=19))
    rows = (
        OpenWindow(f"WK0073{at}", CHILD, UNIT, last - timedelta(days=29), last, end_of_day(last))
        for at, last in enumerate(ends)
    )
    return OpenWindows(Page(5, tuple(rows)), 1)
