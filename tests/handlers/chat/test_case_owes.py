"""A case's card says first what is owed about it now, where the state of its dispatches does not say so."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.clock import TAIPEI, FixedClock
from core.context import Core
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat
from tests.services import Serving, a_serving_school

LATE_BY_TWO = date(2026, 2, 28)  # due 3/10


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 12, 10, tzinfo=TAIPEI))


def test_a_case_names_an_overdue_record_before_its_state(core_sqlite: Core) -> None:
    serving: Serving = a_serving_school(core_sqlite, date(2026, 2, 5))
    chat = Chat(core_sqlite, serving.caseworker)
    chat.says("案件 WK00017")
    chat.sees("現在該做 工作紀錄，期限 115/03/06（五），已逾期 6 天")
    assert chat.shown.index("現在該做") < chat.shown.index("目前")
    serving.records([date(2026, 2, 10), date(2026, 3, 10)])
    chat.says("案件 WK00017")
    chat.sees_no("現在該做")


def test_what_the_state_says_is_not_said_twice(chat: Chat, school: School) -> None:
    school.dispatch("WK00017", LATE_BY_TWO)
    chat.says("案件 WK00017")
    chat.sees("待回覆，已逾期 2 天")
    chat.sees_no("現在該做")


def test_what_is_far_off_is_not_said(core_sqlite: Core) -> None:
    serving = a_serving_school(core_sqlite, date(2026, 2, 13))  # the first window ends on 3/14, the next on 4/13
    chat = Chat(core_sqlite, serving.caseworker)
    chat.says("案件 WK00017")
    chat.sees("現在該做 工作紀錄，期限 115/03/14（六），剩 2 天")
    serving.records([date(2026, 2, 20)])
    chat.says("案件 WK00017")
    chat.sees_no("現在該做")
