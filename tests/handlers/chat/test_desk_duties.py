"""待辦 of who answers at the desk: what waits there, and not that all is done while people wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts.models import Role
from core.clock import FixedClock
from core.context import Core
from tests.builders import a_unit, an_account
from tests.duties import a_duty
from tests.handlers.chat.transcript import Chat


@pytest.fixture
def agent(core_sqlite: Core) -> Chat:
    return Chat(core_sqlite, an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.HELPDESK))


def ask(chat: Chat) -> None:
    for text in ("客服", "其他問題", "想請教一件事"):
        chat.says(text)


def test_who_answers_at_the_desk_hears_what_waits_there(agent: Chat, chat: Chat) -> None:
    ask(chat)
    agent.says("待辦")
    agent.sees("客服提問：1 件未解決", "未指派", "到管理台處理")
    agent.sees_no("目前沒有待辦", "已逾期")


def test_what_is_beyond_its_time_is_said_first(agent: Chat, chat: Chat, clock: FixedClock) -> None:
    ask(chat)
    clock.at += timedelta(days=7)
    agent.says("待辦")
    agent.sees("客服提問：1 件未解決", "逾時限 1 件")


def test_what_the_agents_own_account_owes_stands_behind_it(core_sqlite: Core, chat: Chat, clock: FixedClock) -> None:
    account = an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.HELPDESK)
    a_duty(core_sqlite, account, due_at=clock.now() + timedelta(days=10))
    agent = Chat(core_sqlite, account)
    ask(chat)
    agent.says("待辦")
    agent.sees("客服提問：1 件未解決", "1 件待辦，都在期限內", account.code)


def test_an_empty_desk_owes_nothing(agent: Chat) -> None:
    agent.says("待辦")
    agent.sees("目前沒有待辦")


def test_a_caseworker_hears_nothing_of_the_desk(chat: Chat) -> None:
    ask(chat)
    chat.says("待辦")
    chat.sees_no("客服提問")


def test_more_of_what_the_agent_owes_can_be_typed(core_sqlite: Core, chat: Chat, clock: FixedClock) -> None:
    account = an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.HELPDESK)
    others = [an_account(core_sqlite, a_unit(core_sqlite)) for _ in range(12)]
    for days, other in enumerate(others, 10):
        a_duty(core_sqlite, other, due_at=clock.now() + timedelta(days=days), account_id=account.id)
    agent = Chat(core_sqlite, account)
    ask(chat)
    agent.says("待辦")
    agent.sees("12 件待辦", "還有 2 件")
    agent.says("更多")
    agent.sees(others[-1].code)
    agent.sees_no("12 件待辦")
