"""準時率: the share of this month and of the last, of one's own unit, of one unit, or of all that one stands over."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.accounts.models import Permission, Role, Unit, UnitKind
from core.clock import end_of_day
from core.context import Core
from core.duties.models import Ending
from tests.builders import a_dispatch, a_unit, an_account
from tests.duties import a_duty
from tests.handlers.chat.transcript import Chat

THIS, LAST = end_of_day(date(2026, 3, 2)), end_of_day(date(2026, 2, 10))


def done(core: Core, unit: Unit, due_at: datetime, *, is_late: bool = False) -> None:
    ended = datetime.fromisoformat("2026-03-03T10:00+08:00") if is_late else due_at
    a_duty(core, a_dispatch(core, unit), due_at=due_at, arose_at=due_at, ended_at=ended, ending=Ending.MET)


@pytest.fixture
def two(core_sqlite: Core) -> tuple[Unit, Unit]:
    bureau = a_unit(core_sqlite, "教育局", kind=UnitKind.BUREAU)
    one, other = (a_unit(core_sqlite, name, parent=bureau) for name in ("永平國民小學", "秀朗國民小學"))
    done(core_sqlite, one, THIS)
    done(core_sqlite, one, THIS, is_late=True)
    done(core_sqlite, one, LAST)
    a_duty(core_sqlite, a_dispatch(core_sqlite, other), due_at=THIS, arose_at=THIS)
    return one, other


@pytest.mark.parametrize("text", ["準時率", "我的準時率", "這個月準時幾成"])
def test_a_caseworker_sees_the_share_of_their_unit(core_sqlite: Core, two: tuple[Unit, Unit], text: str) -> None:
    chat = Chat(core_sqlite, an_account(core_sqlite, two[0]))
    chat.says(text)
    chat.sees("這個月準時完成 50%", "115/03/01–115/03/04", "已經到期", "2 件", "上個月", "100%（1／1 件）")


def test_a_supervisor_sees_all_units_and_one_that_is_named(core_sqlite: Core, two: tuple[Unit, Unit]) -> None:
    bureau = two[0].parent_id
    with core_sqlite.store.reading() as session:
        over = session.get_one(Unit, bureau)
    supervisor = an_account(core_sqlite, over, role=Role.SUPERVISOR, permissions=(Permission.SUPERVISOR,))
    chat = Chat(core_sqlite, supervisor)
    chat.says("準時率")
    chat.sees("這個月準時完成 33%", "還沒完成")
    chat.says("秀朗最近準時率多少")
    chat.sees("秀朗國民小學", "這個月準時完成 0%", "沒有到期的待辦")
    chat.says("海山國小準時率")
    chat.sees("這個月準時完成 33%")


def test_where_nothing_fell_due_there_is_no_share(chat: Chat) -> None:
    chat.says("準時率")
    chat.sees("這個月還沒有到期的待辦", "沒有到期的待辦")
    chat.sees_no("%")


def test_who_owes_nothing_has_none(core_sqlite: Core) -> None:
    agent = Chat(core_sqlite, an_account(core_sqlite, a_unit(core_sqlite, "社會局"), role=Role.HELPDESK))
    agent.says("準時率")
    agent.sees("沒有權限")
