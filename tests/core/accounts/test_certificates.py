"""The end of a certificate: what the main site's list says, told 30 and 7 days before (ACC-11)."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.access import Actor, system
from core.accounts.certificates import Certificate
from core.accounts.models import Account
from core.accounts.service import AccountFacts, disable_account, put_account
from core.audit import Door
from core.clock import FixedClock, end_of_day
from core.context import Core
from core.duties.explain import explain
from core.duties.models import Duty, Ending
from core.duties.plans import DutyKind
from core.duties.queries import owed
from core.imports.results import ImportRefused, Put
from core.imports.service import Kind, import_file
from tests.builders import a_national_id, a_unit
from tests.core.accounts.test_account_service import facts
from tests.services import named

ENDS = date(2026, 6, 30)
ROW = {
    "帳號": f"AB{a_national_id(1)[-4:]}",
    "姓名": "陳怡君",
    "身分證字號": a_national_id(1),
    "電子郵件": "staff1@example.gov.tw",
    "單位代碼": "S1",
    "角色": "承辦人",
    "職稱": "",
    "聯絡電話": "",
    "啟用日期": "115/01/01",
    "到期日期": "115/12/31",
    "權限": "90097",
}
ENDING = "憑證到期日"


def said(ends_on: date | None) -> AccountFacts:
    return replace(facts(), certificate=Certificate(ends_on))


def put(core: Core, given: AccountFacts) -> Put:
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        return put_account(ctx, given)


def duties(core: Core) -> list[Duty]:
    with core.store.reading() as session:
        return list(session.scalars(select(Duty).where(Duty.kind == DutyKind.CERTIFICATE_END).order_by(Duty.id)))


def the_account(core: Core) -> Account:
    with core.store.reading() as session:
        return session.scalars(select(Account)).one()


@pytest.fixture(autouse=True)
def unit(core_sqlite: Core) -> None:
    a_unit(core_sqlite, code="S1")


def test_its_end_is_a_duty_of_the_account(core_sqlite: Core) -> None:
    put(core_sqlite, said(ENDS))
    (duty,) = duties(core_sqlite)
    assert duty.due_at == end_of_day(ENDS)
    assert (duty.unit_id, duty.account_id) == (None, the_account(core_sqlite).id)


def test_a_new_end_moves_it_and_none_ends_it(core_sqlite: Core) -> None:
    put(core_sqlite, said(ENDS))
    assert put(core_sqlite, said(ENDS)) is Put.SAME
    assert put(core_sqlite, said(ENDS + timedelta(days=1))) is Put.CHANGED
    assert [duty.due_at for duty in duties(core_sqlite)] == [end_of_day(ENDS + timedelta(days=1))]
    assert put(core_sqlite, said(None)) is Put.CHANGED
    assert [duty.ending for duty in duties(core_sqlite)] == [Ending.VOID]


def test_a_list_that_does_not_speak_of_it_changes_nothing(core_sqlite: Core) -> None:
    put(core_sqlite, said(ENDS))
    assert put(core_sqlite, facts()) is Put.SAME
    assert the_account(core_sqlite).certificate_ends_on == ENDS


def test_it_is_void_with_the_account(core_sqlite: Core) -> None:
    put(core_sqlite, said(ENDS))
    with core_sqlite.transaction(system("tests"), Door.COMMAND) as ctx:
        disable_account(ctx, the_account(core_sqlite).code)
    assert [duty.ending for duty in duties(core_sqlite)] == [Ending.VOID]


@pytest.mark.parametrize(("days_before", "is_listed"), [(31, False), (30, True), (0, True)])
def test_it_is_listed_from_its_first_reminder_on(
    core_sqlite: Core, clock: FixedClock, days_before: int, is_listed: bool
) -> None:
    put(core_sqlite, said(ENDS))
    clock.at = end_of_day(ENDS - timedelta(days=days_before))
    actor = named(core_sqlite, the_account(core_sqlite))
    with core_sqlite.transaction(actor, Door.CHAT) as ctx:
        kinds = [row.kind for row in owed(ctx, 0, 10).rows]
    assert (DutyKind.CERTIFICATE_END in kinds) is is_listed


def test_its_deadline_explains_itself(core_sqlite: Core) -> None:
    put(core_sqlite, said(ENDS))
    actor: Actor = named(core_sqlite, the_account(core_sqlite))
    with core_sqlite.transaction(actor, Door.CHAT) as ctx:
        assert explain(ctx, duties(core_sqlite)[0].id).rule == "ACC-11"


def imports(core: Core, path: Path, row: dict[str, str]) -> date | None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([row.keys(), row.values()])
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        import_file(ctx, Kind.ACCOUNTS, path)
    return the_account(core).certificate_ends_on


def test_the_column_of_a_list_is_optional(core_sqlite: Core, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    assert imports(core_sqlite, path, ROW) is None
    assert imports(core_sqlite, path, ROW | {ENDING: "115/06/30"}) == ENDS
    assert imports(core_sqlite, path, ROW) == ENDS
    with pytest.raises(ImportRefused):
        imports(core_sqlite, path, ROW | {ENDING: "不知道"})
    assert imports(core_sqlite, path, ROW | {ENDING: ""}) is None
