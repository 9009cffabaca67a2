"""有人在等嗎: what waits at the desk, for who answers there; for all others their own requests, and no one else's."""

from __future__ import annotations

import pytest

from core.accounts.models import Role
from tests.builders import a_unit, an_account
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat

ASKED = ["有人在等嗎", "現在幾個人在排隊", "等最久的是誰", "客服提問", "is anybody waiting"]


@pytest.fixture
def agent(school: School) -> Chat:
    """The chat of somebody who answers at the desk."""
    return Chat(school.core, an_account(school.core, a_unit(school.core, "社會局資訊室"), role=Role.HELPDESK))


@pytest.mark.parametrize("text", ASKED)
def test_an_agent_hears_that_nobody_waits(agent: Chat, text: str) -> None:
    agent.says(text)
    agent.sees("目前沒有人在等", "到管理台看看")


@pytest.mark.parametrize("text", ASKED)
def test_an_agent_hears_how_many_wait_and_what_is_first(agent: Chat, chat: Chat, text: str) -> None:
    chat.says("報修")
    chat.says("列印時畫面是白的")
    agent.says(text)
    agent.sees("1 件未解決", "最先要處理的是提問 1（系統報修）", "到管理台處理")
    agent.sees_no("列印時畫面是白的")


@pytest.mark.parametrize("text", ASKED)
def test_who_does_not_answer_there_sees_their_own_requests_only(chat: Chat, other_school: School, text: str) -> None:
    other = other_school.chat()
    other.says("報修")
    other.says("別人的問題")
    chat.says(text)
    chat.sees("還沒有報修或提問的紀錄")
    chat.sees_no("最先要處理", "別人的問題")
