"""退件 and 已逾期 are said of checks and of replies: nobody is told half of them."""

from __future__ import annotations

from datetime import date

import pytest

from core.accounts.models import Permission
from core.checks.models import CheckState
from core.clock import FixedClock
from core.context import Core
from core.dispatches.models import DispatchState
from tests.builders import a_check, an_account
from tests.duties import owe
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat


@pytest.fixture
def returned(school: School, clock: FixedClock) -> School:
    """A school to which a reply and a check came back."""
    school.dispatch("WK00001", date(2026, 3, 1), DispatchState.RETURNED)
    check = a_check(school.core, school.unit, number="MS00001", state=CheckState.RETURNED, returned_at=clock.now())
    owe(school.core, check)
    return school


@pytest.mark.usefixtures("returned")
@pytest.mark.parametrize(
    ("text", "mine", "other"),
    [("退件", "MS00001", "另有派案「被退件」1 件"), ("被退件", "WK00001", "另有檢核單「退件」1 件")],
)
def test_a_list_says_what_stands_in_the_other(chat: Chat, text: str, mine: str, other: str) -> None:
    chat.says(text)
    chat.sees(mine, other)


@pytest.mark.parametrize("text", ["退件", "被退件"])
@pytest.mark.parametrize(
    ("permission", "number"), [(Permission.CASEWORKER, "WK00001"), (Permission.MEAL_CHECKS, "MS00001")]
)
def test_whoever_has_to_do_with_one_kind_gets_that_kind(
    core_sqlite: Core, returned: School, permission: Permission, number: str, text: str
) -> None:
    chat = Chat(core_sqlite, an_account(core_sqlite, returned.unit, permissions=(permission,)))
    chat.says(text)
    chat.sees(number)
    chat.sees_no("另有", "沒有權限")


def test_nothing_else_is_not_mentioned(chat: Chat, school: School) -> None:
    school.dispatch("WK00001", date(2026, 1, 5))
    chat.says("已逾期")
    chat.sees("WK00001")
    chat.sees_no("另有")


def checked(school: School, counts: dict[bool | None, int]) -> None:
    for need, count in counts.items():
        for _ in range(count):
            a_check(school.core, school.unit, state=CheckState.CHECKED, has_need=need)


def test_what_is_checked_is_told_by_what_was_found(chat: Chat, school: School) -> None:
    checked(school, {True: 1, False: 2, None: 1})
    chat.says("已檢核")
    chat.sees("已檢核（有需求） 1", "已檢核（無需求） 2", "已檢核（名冊未載需求） 1")
    chat.presses("已檢核（無需求）")
    chat.sees("已檢核（無需求）共 2 件")


def test_the_only_list_of_what_is_checked_is_shown_at_once(chat: Chat, school: School) -> None:
    checked(school, {True: 1})
    chat.says("已檢核")
    chat.sees("已檢核（有需求）共 1 件")


def test_nothing_checked_yet_is_said_of_all_lists(chat: Chat) -> None:
    chat.says("已檢核")
    chat.sees("「已檢核」目前沒有檢核單。")
