"""待辦 of who stands over several units: by unit, worst first; a unit by tapping or typing it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.accounts.models import Unit
from core.buttons import MoreUnits, ShowUnit
from core.context import Core
from core.duties.by_unit import UNITS_A_SCREEN
from tests.builders import a_dispatch, a_unit
from tests.duties import a_duty
from tests.handlers.chat.transcript import Chat

LATE, NEW = date(2026, 1, 5), date(2026, 3, 1)
HIGHEST = 2**31 - 1


def owes(core: Core, bureau: Unit, name: str, *, late: int = 0, in_time: int = 0) -> Unit:
    unit, now = a_unit(core, name, parent=bureau), core.clock.now()
    for place, due in enumerate([now - timedelta(days=1)] * late + [now + timedelta(days=5)] * in_time):
        a_duty(core, a_dispatch(core, unit, number=f"WK{unit.id:03}{place:02}"), due_at=due)
    return unit


@pytest.fixture
def two(core_sqlite: Core, bureau: Unit) -> tuple[Unit, Unit]:
    return (
        owes(core_sqlite, bureau, "清溪國民小學", in_time=3),
        owes(core_sqlite, bureau, "永平國民小學", late=1, in_time=1),
    )


@pytest.mark.usefixtures("two")
def test_duties_open_by_unit_worst_first(supervisor: Chat) -> None:
    supervisor.says("待辦")
    supervisor.sees("5 件待辦，1 件已逾期", "有待辦的單位共 2 個", "永平國民小學", "其中 1 件已逾期", "清溪國民小學")
    assert supervisor.shown.index("永平國民小學") < supervisor.shown.index("清溪國民小學")
    supervisor.sees_no("WK")


@pytest.mark.usefixtures("two")
def test_a_tapped_unit_shows_as_many_duties_as_its_number_said(supervisor: Chat) -> None:
    supervisor.says("待辦")
    supervisor.presses("清溪國民小學")
    supervisor.sees("3 件待辦，都在期限內", "清溪國民小學", "派案回覆")
    assert supervisor.shown.count("看案件") == 3
    supervisor.presses("各單位")
    supervisor.sees("有待辦的單位共 2 個")


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "typed", ["永平國民小學", "永平國小", "永平", "永平國小待辦", "待辦 永平國小", "永平國小還有什麼沒回？"]
)
def test_a_unit_is_shown_by_its_name(supervisor: Chat, typed: str) -> None:
    supervisor.says(typed)
    supervisor.sees("2 件待辦，1 件已逾期", "永平國民小學")


@pytest.mark.usefixtures("two")
def test_of_several_names_it_is_asked_which(supervisor: Chat) -> None:
    supervisor.says("國小")
    supervisor.sees("要看哪個單位？", "永平國民小學", "其中 1 件已逾期", "清溪國民小學")
    supervisor.presses("清溪國民小學")
    supervisor.sees("3 件待辦")


@pytest.mark.usefixtures("two")
def test_a_unit_that_owes_nothing_says_so(core_sqlite: Core, bureau: Unit, supervisor: Chat) -> None:
    a_unit(core_sqlite, "海山國民小學", parent=bureau)
    supervisor.says("海山國小")
    supervisor.sees("目前沒有待辦", "海山國民小學")


@pytest.mark.usefixtures("two")
def test_everything_can_still_be_seen_one_by_one(supervisor: Chat) -> None:
    supervisor.says("待辦")
    supervisor.presses("逐件看")
    supervisor.sees("派案回覆", "單位", "WK")
    assert supervisor.shown.count("看案件") == 5


def test_a_single_unit_is_shown_at_once(core_sqlite: Core, bureau: Unit, supervisor: Chat) -> None:
    owes(core_sqlite, bureau, "永平國民小學", late=1)
    supervisor.says("待辦")
    supervisor.sees("1 件待辦，已逾期", "看案件")


def test_many_units_and_many_duties_come_a_page_at_a_time(core_sqlite: Core, bureau: Unit, supervisor: Chat) -> None:
    owes(core_sqlite, bureau, "永平國民小學", late=UNITS_A_SCREEN + 1)
    for number in range(UNITS_A_SCREEN):
        owes(core_sqlite, bureau, f"海山第{number}國民小學", in_time=1)
    supervisor.says("待辦")
    supervisor.sees("有待辦的單位共 11 個，這是第 1 到 10 個。", "還有 1 個單位")
    supervisor.says("更多")
    supervisor.sees("這是第 11 到 11 個。", "海山第9國民小學")
    supervisor.says("永平國小")
    supervisor.says("更多")
    assert supervisor.shown.count("看案件") == 1


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("button", [MoreUnits(UNITS_A_SCREEN), MoreUnits(HIGHEST)])
def test_more_of_a_list_of_units_that_has_become_short_begins_anew(supervisor: Chat, button: MoreUnits) -> None:
    supervisor.presses_data(button)
    supervisor.sees("有待辦的單位共 2 個。")


def test_a_page_of_a_unit_that_has_become_short_begins_anew(supervisor: Chat, two: tuple[Unit, Unit]) -> None:
    supervisor.presses_data(ShowUnit(two[0].id, HIGHEST))
    supervisor.sees("3 件待辦", "看案件")


def test_a28_another_bureaus_unit_equals_one_that_is_not_there(core_sqlite: Core, supervisor: Chat) -> None:
    other = a_unit(core_sqlite, "三重社會福利服務中心")
    supervisor.presses_data(ShowUnit(other.id, 0))
    theirs = supervisor.shown
    supervisor.presses_data(ShowUnit(HIGHEST, 0))
    assert supervisor.shown == theirs
    supervisor.sees("查無資料")


@pytest.mark.usefixtures("two")
def test_a_caseworker_types_a_units_name_in_vain(chat: Chat) -> None:
    chat.says("永平國民小學")
    chat.sees_no("件待辦")
    chat.presses_data(MoreUnits(0))
    chat.sees("沒有待辦")
