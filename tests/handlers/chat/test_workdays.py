"""上班日 and what falls due on a day: by the calendar of reminders, and with the numbers of the lists (DUTY-2)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.accounts.models import Role
from core.amendments import CalendarAmendment
from core.audit import AuditRow
from core.buttons import MoreDue
from core.context import Core
from core.duties.overview import ROWS_A_SCREEN
from tests.builders import a_unit, an_account, inside
from tests.handlers.chat.conftest import School
from tests.handlers.chat.transcript import Chat


def decide(core: Core, day: date, reason: str, *, works: bool) -> None:
    with inside(core) as ctx:
        ctx.session.add(
            CalendarAmendment(day=day, is_working=works, reason=reason, decided_by="test", decided_at=ctx.now)
        )


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("下禮拜一要上班嗎", "115/03/09（一）要上班"),
        ("端午節放假嗎", "115/06/19（五）不上班：端午節"),
        ("今天是補班日嗎", "115/03/04（三）要上班"),
        ("這週六要不要上班", "115/03/07（六）不上班"),
        ("下個月有放假嗎", "115/04/03（五）"),
        ("下週要補班嗎", "也不用補班"),
    ],
)
def test_a_day_is_worked_or_not_and_deadlines_do_not_move(stranger: Chat, text: str, seen: str) -> None:
    stranger.says(text)
    stranger.sees(seen, "遇到假日不順延")


def test_the_days_off_around_a_holiday_are_told_with_the_next_working_day(stranger: Chat) -> None:
    stranger.says("清明放假嗎")
    stranger.sees("115/04/03（五）到 115/04/06（一），共 4 天", "115/04/07（二）")


def test_what_was_decided_later_holds(core_sqlite: Core, chat: Chat) -> None:
    decide(core_sqlite, date(2026, 3, 5), "颱風停止上班", works=False)
    decide(core_sqlite, date(2026, 3, 7), "調整上班", works=True)
    chat.says("明天要上班嗎")
    chat.sees("不上班：颱風停止上班", "只有這一天")
    chat.says("那這週六呢")
    chat.sees("115/03/07（六）要補班")


def test_who_asks_of_the_helpdesk_gets_its_hours(chat: Chat) -> None:
    chat.says("客服明天有上班嗎")
    chat.sees("有問題要找誰")


def test_what_falls_due_on_a_day_is_listed_and_what_is_late_is_counted(school: School, chat: Chat) -> None:
    school.dispatch("WK00017", date(2026, 2, 23))
    school.dispatch("WK00018", date(2026, 2, 24))
    school.dispatch("WK00019", date(2026, 2, 1))
    chat.says("明天到期的")
    chat.sees("115/03/05（四）到期的待辦有 1 件", "WK00017", "另有 1 件已逾期")
    chat.sees_no("WK00018", "WK00019")
    chat.says("那後天呢")
    chat.sees("WK00018")
    chat.says("3/9")
    chat.sees("115/03/09（一）沒有待辦到期")
    chat.says("這禮拜有幾件會到期")
    chat.sees("到期的待辦有 2 件", "WK00017", "WK00018")


def test_a_day_off_leads_to_what_falls_due_on_it(school: School, chat: Chat) -> None:
    school.dispatch("WK00017", date(2026, 2, 25))
    chat.says("禮拜六放假嗎")
    chat.presses("當天到期的待辦")
    chat.sees("115/03/07（六）到期的待辦有 1 件", "WK00017")


def test_who_owes_nothing_is_not_led_there(stranger: Chat, core_sqlite: Core) -> None:
    agent = Chat(core_sqlite, an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.HELPDESK))
    for each in (stranger, agent):
        each.says("明天要上班嗎")
        each.sees_no("當天到期的待辦")


@pytest.mark.parametrize("text", ["今天還有什麼沒回", "昨天到期的", "明天開會要報哪幾件逾期"])
def test_all_that_is_owed_is_shown_where_no_day_to_come_is_meant(school: School, chat: Chat, text: str) -> None:
    school.dispatch("WK00017", date(2026, 2, 20))
    chat.says(text)
    chat.sees("件待辦", "WK00017")
    chat.sees_no("到期的待辦有")


def test_the_rest_of_a_long_day_is_a_page_further_and_the_first_one_where_less_is_left(
    school: School, chat: Chat
) -> None:
    for number in range(ROWS_A_SCREEN + 2):
        school.dispatch(f"WK001{number:02}", date(2026, 2, 23))
    chat.says("明天到期的")
    chat.sees("到期的待辦有 12 件", "WK00100", "還有 2 件")
    chat.says("更多")
    chat.sees("WK00110", "WK00111")
    chat.sees_no("WK00109")
    chat.presses_data(MoreDue("2026-03-05", "2026-03-05", 40))
    chat.sees("WK00100")


@pytest.mark.parametrize("days", [("2026-13-05", "2026-03-05"), ("", "")])
def test_a_button_of_days_that_are_none_has_expired(chat: Chat, days: tuple[str, str]) -> None:
    chat.presses_data(MoreDue(*days, 0))
    chat.sees("過期")


def test_showing_what_falls_due_is_noted(school: School, chat: Chat, core_sqlite: Core) -> None:
    school.dispatch("WK00017", date(2026, 2, 23))
    chat.says("明天到期的")
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(AuditRow.act).where(AuditRow.act == "show_duties")).one()


def test_a_number_with_its_sign_alone_is_a_case_and_no_day(school: School, chat: Chat) -> None:
    school.dispatch("WK00017", date(2026, 2, 23))
    chat.says("17號")
    chat.sees("案件 WK00017")
