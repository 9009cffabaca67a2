"""工作紀錄: the windows of one's open cases that still want a record, a page at a time; to others the rule."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.accounts.models import Permission
from core.clock import TAIPEI, FixedClock
from core.context import Core
from core.records.missing import open_windows_of
from tests.builders import a_case, a_unit, an_account
from tests.handlers.chat.transcript import Chat
from tests.services import Serving, a_service, a_serving_school

DISPATCHED = date(2026, 1, 5)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 4, 20, 12, tzinfo=TAIPEI))


@pytest.fixture
def serving(core_sqlite: Core) -> Serving:
    return a_serving_school(core_sqlite, DISPATCHED)


@pytest.fixture
def chat(serving: Serving) -> Chat:
    return Chat(serving.core, serving.caseworker)


@pytest.mark.parametrize("text", ["工作紀錄", "還缺哪些工作紀錄", "我的工作記錄有漏嗎", "which records are missing"])
def test_the_windows_without_a_record_are_listed_oldest_first(chat: Chat, serving: Serving, text: str) -> None:
    serving.records([date(2026, 2, 10)])
    chat.says(text)
    chat.sees("有 2 段期間缺工作紀錄", "另有 1 段期間還在期限內")
    chat.sees("115/01/05–115/02/03", "已逾期", "115/04/05–115/05/04")
    chat.sees_no("115/02/04–115/03/05", "王小明")
    assert chat.shown.index("115/01/05") < chat.shown.index("115/03/06–115/04/04") < chat.shown.index("115/04/05–")


def test_the_rule_stands_behind_the_list(chat: Chat) -> None:
    chat.says("工作紀錄")
    chat.presses("多久要寫一筆")
    chat.sees("REC-1")


def test_what_is_only_running_is_not_missing(chat: Chat, serving: Serving) -> None:
    serving.records([date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)])
    chat.says("工作紀錄")
    chat.sees("工作紀錄沒有缺漏；有 1 段期間還沒寫")
    serving.records([date(2026, 4, 10)])
    chat.says("工作紀錄")
    chat.sees("每段期間都有工作紀錄")


def test_only_what_is_over_is_said_when_nothing_runs(serving: Serving, chat: Chat) -> None:
    serving.records([date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 10)])
    chat.says("工作紀錄")
    chat.sees("有 1 段期間缺工作紀錄，請補登當時提供的服務。")
    chat.sees_no("另有")


def test_a_long_list_goes_on_page_by_page(chat: Chat, serving: Serving) -> None:
    for number in range(3):
        a_service(serving.core, serving.unit, a_case(serving.core, number=f"WK1{number:04}"), DISPATCHED)
    chat.says("工作紀錄")
    chat.sees("還有 6 件")
    chat.says("更多")
    chat.sees("115/04/05–115/05/04")
    chat.says("更多")
    chat.sees("已經是最後一頁")


def test_the_list_is_as_long_as_what_is_owed_and_another_schools_is_not_in_it(serving: Serving, chat: Chat) -> None:
    other = a_unit(serving.core, "海山國民小學")
    a_service(serving.core, other, a_case(serving.core, number="WK00099"), DISPATCHED)
    with serving.acting() as ctx:
        assert open_windows_of(ctx).page.total == 4
    chat.says("工作紀錄")
    chat.sees_no("WK00099")


def test_who_has_no_cases_reads_the_rule(core_sqlite: Core, stranger: Chat) -> None:
    checker = Chat(core_sqlite, an_account(core_sqlite, permissions=(Permission.MEAL_CHECKS,)))
    for each in (stranger, checker):
        each.says("工作紀錄")
        each.sees("工作紀錄多久要一筆", "REC-1")
