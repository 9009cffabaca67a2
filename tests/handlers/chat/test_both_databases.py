"""The same conversation on each kind of database, with what only one of them might refuse."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from core.audit import AuditRow, verify
from core.buttons import ExplainDuty, MoreDuties, ShowCase
from core.context import Core
from tests.handlers.chat.conftest import a_school
from tests.handlers.chat.transcript import Chat


def test_a_conversation_from_unbound_to_unbound(core: Core) -> None:
    school = a_school(core, "永平國民小學")
    school.dispatch("WK00017", date(2026, 3, 1))
    stranger = Chat(core)
    stranger.follows()
    stranger.says("案件 WK00017")
    stranger.sees("請先綁定帳號")
    chat = school.chat()
    chat.says("待辦")
    chat.sees("115/03/11")
    chat.presses("怎麼算的")
    chat.sees("REPLY-1")
    chat.says("解除綁定")
    chat.presses("確定解除")
    chat.says("待辦")
    chat.sees("請先綁定帳號")


def test_a_refusal_undoes_its_handler_and_the_turn_goes_on(core: Core) -> None:
    chat = a_school(core, "永平國民小學").chat()
    for button in (ExplainDuty(2**31 - 1), ShowCase("WK\u202e"), ShowCase("x" * 280)):
        chat.presses_data(button)
    chat.presses_data("1|case|\x00")
    chat.presses_data(MoreDuties(2**31 - 1))
    chat.says("案件 WK99999")
    chat.sees("查無資料")
    with core.store.reading() as session:
        assert verify(session, core.vault) is None
        refused = select(AuditRow.subject).where(AuditRow.act == "refused").order_by(AuditRow.id)
        subjects = session.scalars(refused).all()
    assert subjects[0] == "duties.explained 1|why|2147483647"
    assert subjects[-1] == "cases.case WK99999"
    assert max(map(len, subjects)) <= 120
