"""How long is left of some cases, of the most pressing one, of what is late by days, of checks; why forms came back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core.access import system
from core.accounts.models import Unit
from core.audit import Door
from core.checks.models import CheckState
from core.checks.service import CheckFacts, put_check
from core.clock import TAIPEI, FixedClock
from core.context import Core
from handlers.chat.left import asked_hours, asked_late, asked_left, asked_most_pressing, nearest_day
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

NOW = datetime(2026, 3, 12, 10, tzinfo=TAIPEI)
LATE_BY_THREE, LATE_BY_TWO = date(2026, 2, 27), date(2026, 2, 28)  # due 3/9 and 3/10


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def a_check(core: Core, unit: Unit, assigned_at: datetime, state: CheckState = CheckState.WAITING) -> None:
    """Bring a check in, as an import does."""
    facts = CheckFacts(
        number="M00001", unit_code=unit.code, assigned_at=assigned_at, happened_at=assigned_at, child_name="林小美",
        state=state, already_high_risk=False, chain="統一超商", shop="永平門市", urgent=frozenset(),
    )  # fmt: skip
    with core.transaction(system("import"), Door.COMMAND) as ctx:
        put_check(ctx, facts)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("逾期三天以上的列給我", 3),
        ("逾期超過5天的有哪些", 5),
        ("把逾期十天以上的給我", 10),
        ("只看逾期的", 0),
        ("逾期的給我看", 0),
        ("全部逾期的", 0),
        ("逾期三天會怎樣", None),
        ("為什麼逾期三天", None),
        ("逾期", None),
        ("待辦", None),
    ],
)
def test_by_how_many_days_it_is_late(text: str, days: int | None) -> None:
    assert asked_late(text) == days


@pytest.mark.parametrize("text", ["最久的是哪件", "哪件最急", "手上最趕的是哪一件", "哪一件拖最久"])
def test_the_most_pressing_one_is_asked_for(text: str) -> None:
    assert asked_most_pressing(text)


@pytest.mark.parametrize("text", ["小華跟家豪哪個比較急", "哪一間拖最久", "最急", "等最久的是哪一位"])
def test_what_names_somebody_or_a_unit_is_something_else(text: str) -> None:
    assert asked_most_pressing(text) is None


@pytest.mark.parametrize(
    ("text", "is_so"), [("那張檢核還有幾小時", True), ("檢核單逾期幾小時", False), ("檢核幾小時內要回", True)]
)
def test_how_many_hours_a_check_has(text: str, *, is_so: bool) -> None:
    assert bool(asked_hours(text)) is is_so


def test_numbers_are_asked_for_once_each() -> None:
    assert asked_left("還要做什麼WK00017、WK00018、WK00017") == ("WK00017", "WK00018")
    assert asked_left("還要做什麼") is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2/25", date(2026, 2, 25)),
        ("12/30", date(2025, 12, 30)),
        ("115/04/01", date(2026, 4, 1)),
        ("2/30", None),
    ],
)
def test_a_day_without_a_year_is_the_nearest_one(written: str, day: date | None) -> None:
    assert nearest_day(written, date(2026, 3, 12)) == day


def test_late_by_three_days_is_from_the_third_day_on(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", LATE_BY_THREE)
    school.dispatch("WK00018", LATE_BY_TWO)
    chat.says("逾期三天以上的列給我")
    chat.sees("逾期 3 天以上的待辦有 1 件", "WK00017")
    chat.sees_no("WK00018", "王小明")
    chat.says("逾期兩天以上的有哪些")
    chat.sees("有 2 件，拖最久的在最前面", "WK00018")
    chat.says("逾期四天以上的")
    chat.sees("目前沒有逾期 4 天以上的待辦")


def test_all_that_is_late_is_late_by_now(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", LATE_BY_TWO)
    school.dispatch("WK00018", date(2026, 3, 2))  # due today
    chat.says("只看逾期的")
    chat.sees("已逾期的待辦有 1 件", "WK00017")
    chat.sees_no("WK00018")


def test_more_than_a_screen_is_counted_and_the_longest_comes_first(chat: Chat, school: School) -> None:
    for place in range(11):
        school.dispatch(f"WK000{place + 10}", date(2026, 2, 1) + timedelta(days=place))
    chat.says("只看逾期的")
    chat.sees("有 11 件，先列最久的 10 件", "WK00010")
    chat.sees_no("WK00020")


def test_the_most_pressing_one_is_due_first(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", date(2026, 3, 6))
    school.dispatch("WK00018", LATE_BY_TWO)
    chat.says("最急的是哪件")
    chat.sees("WK00018 派案回覆：期限 115/03/10（二），已逾期 2 天")
    chat.sees_no("WK00017")
    chat.says("待回覆")
    chat.says("哪件比較急")
    chat.sees("WK00017")  # of the list that stands there


def test_who_owes_nothing_is_told_so(chat: Chat) -> None:
    chat.says("最久的是哪件")
    chat.sees("目前沒有待辦")


def test_the_hours_of_a_check_are_told_to_the_hour(chat: Chat, school: School, core_sqlite: Core) -> None:
    a_check(core_sqlite, school.unit, NOW - timedelta(hours=16))
    chat.says("那張檢核還有幾小時")
    chat.sees("M00001", "期限 115/03/12 18:00，剩 8 小時")


def test_without_a_check_the_rule_is_told(chat: Chat, stranger: Chat) -> None:
    for each in (chat, stranger):
        each.says("那張檢核還有幾小時")
        each.sees("CHK-1", "24 小時")


def test_what_arose_or_is_due_on_a_day(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", date(2026, 3, 6))
    school.dispatch("WK00018", LATE_BY_TWO)
    chat.says("3/6 那件")
    chat.sees("WK00017")
    chat.says("3/10 到期的那件")
    chat.sees("WK00018")
    chat.says("3/7那件")
    chat.sees("沒有 3/7 派案或到期的")


def test_a_day_of_the_list_is_the_case_itself(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", LATE_BY_THREE)
    school.dispatch("WK00018", LATE_BY_TWO)
    chat.says("已逾期")
    chat.says("2/28 那件")
    chat.sees("案件 WK00018")


def test_who_had_nothing_returned_is_told_so(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", LATE_BY_TWO)
    chat.says("上次退的原因")
    chat.sees("目前沒有被退件")
    chat.says("退件原因 WK00017")
    chat.sees("這件目前沒有被退件", "案件 WK00017")
