"""誰是窗口, 督導是誰: who stands over one's unit, masked, with the telephone."""

from __future__ import annotations

import pytest

from core.accounts.models import Permission, Role, UnitKind
from core.context import Core
from tests.builders import a_unit, an_account
from tests.handlers.chat.transcript import Chat


@pytest.fixture
def chat(core_sqlite: Core) -> Chat:
    """The chat of a caseworker whose school stands under a bureau with a supervisor and a contact."""
    bureau = a_unit(core_sqlite, "教育局", kind=UnitKind.BUREAU)
    school = a_unit(core_sqlite, "永平國民小學", parent=bureau)
    an_account(core_sqlite, bureau, name="林美如", role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    an_account(core_sqlite, bureau, name="陳大文", role=Role.CONTACT, permissions=(Permission.CONTACT,))
    return Chat(core_sqlite, an_account(core_sqlite, school, permissions=(Permission.CASEWORKER,)))


@pytest.mark.parametrize("text", ["誰是窗口", "督導是誰？", "我們局裡的窗口是哪位", "who is my supervisor"])
def test_supervisor_and_contact_are_named_masked(chat: Chat, text: str) -> None:
    chat.says(text)
    chat.sees("督導", "林○如", "窗口", "陳○文", "教育局")
    chat.sees_no("林美如", "陳大文")


def test_who_is_not_on_the_list_is_said_too(core_sqlite: Core) -> None:
    bureau = a_unit(core_sqlite, "教育局", kind=UnitKind.BUREAU)
    an_account(core_sqlite, bureau, name="林美如", role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    school = a_unit(core_sqlite, "永平國民小學", parent=bureau)
    chat = Chat(core_sqlite, an_account(core_sqlite, school, permissions=(Permission.CASEWORKER,)))
    chat.says("誰是窗口")
    chat.sees("督導 林○如", "窗口 名單上沒有")


def test_where_nobody_is_known_it_is_said_whom_to_ask(core_sqlite: Core) -> None:
    alone = Chat(core_sqlite, an_account(core_sqlite, permissions=(Permission.CASEWORKER,)))
    alone.says("誰是窗口")
    alone.sees("查不到貴單位的督導與窗口", "聯絡電話")
    alone.presses("聯絡電話")
    alone.sees("3718")


def test_a_stranger_is_told_how_to_bind(stranger: Chat) -> None:
    stranger.says("督導是誰")
    stranger.sees("綁定")
