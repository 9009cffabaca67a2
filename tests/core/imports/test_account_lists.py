"""The list of accounts once more: what was decided here stays until the list says something else (ACC-5 to ACC-9)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from core.access import system
from core.accounts.models import Account, Permission
from core.accounts.service import extend_account, grant_permission, take_permission
from core.audit import Door
from core.context import Context, Core
from core.imports.results import Report
from core.imports.service import Kind
from tests.builders import a_national_id
from tests.core.imports.test_import import ACCOUNT, ID, UNIT, Desk

OLD, NEW = ACCOUNT["電子郵件"], "yi-chun@school.example"
OTHER_ID = a_national_id(3)
OTHER = ACCOUNT | {"帳號": f"CD{OTHER_ID[-4:]}", "身分證字號": OTHER_ID, "電子郵件": "lin@school.example"}
EXTENDED = date(2027, 12, 31)
SAME, CHANGED = Report(added=0, changed=0, same=1), Report(added=0, changed=1, same=0)


@pytest.fixture
def town(core_sqlite: Core, tmp_path: Path) -> Desk:
    desk = Desk(core_sqlite, tmp_path)
    desk.imports(Kind.UNITS, UNIT)
    desk.imports(Kind.ACCOUNTS, ACCOUNT)
    return desk


def the_account(ctx: Context, code: str = ACCOUNT["帳號"]) -> Account:
    return ctx.session.scalars(select(Account).where(Account.code == code)).one()


def decide_here(core: Core, *, address: str = NEW) -> None:
    """Give the account another address, a later last day and one permission for another, as requests do."""
    with core.transaction(system("tests"), Door.COMMAND) as ctx:
        account = the_account(ctx)
        account.email, account.email_key = ctx.vault.seal(address), ctx.vault.look_up("email", address)
        extend_account(ctx, account, EXTENDED)
        take_permission(ctx, account.code, Permission.MEAL_CHECKS)


def standing(core: Core) -> tuple[str, date, frozenset[Permission]]:
    with core.reading(system("tests"), Door.COMMAND) as ctx:
        account = the_account(ctx)
        return ctx.vault.open(account.email), account.ends_on, account.permissions


DECIDED = (NEW, EXTENDED, frozenset({Permission.CASEWORKER}))


def test_the_same_list_once_more_undoes_nothing_that_was_decided_here(town: Desk) -> None:
    decide_here(town.core)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT, dry_run=True) == SAME
    assert town.imports(Kind.ACCOUNTS, ACCOUNT) == SAME
    assert standing(town.core) == DECIDED


def test_a_row_that_changed_changes_what_it_names_and_nothing_else(town: Desk) -> None:
    decide_here(town.core)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT | {"職稱": "輔導主任"}) == CHANGED
    assert standing(town.core) == DECIDED
    moved = ACCOUNT | {"職稱": "輔導主任", "電子郵件": "chen.new@school.example"}
    assert town.imports(Kind.ACCOUNTS, moved) == CHANGED
    assert standing(town.core) == ("chen.new@school.example", *DECIDED[1:])
    assert town.imports(Kind.ACCOUNTS, moved | {"到期日期": "116/06/30"}) == CHANGED
    assert standing(town.core) == ("chen.new@school.example", date(2027, 6, 30), DECIDED[2])
    assert town.imports(Kind.ACCOUNTS, moved | {"到期日期": "116/06/30", "權限": "2462"}) == CHANGED
    assert standing(town.core)[2] == frozenset({Permission.MEAL_CHECKS})


def test_what_the_list_took_over_by_itself_is_the_same(town: Desk) -> None:
    decide_here(town.core)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT | {"電子郵件": NEW, "到期日期": "116/12/31", "權限": "90097"}) == SAME
    assert standing(town.core) == DECIDED


def test_whose_unit_changes_holds_what_the_list_says(town: Desk) -> None:
    town.imports(Kind.UNITS, UNIT, {"單位代碼": "W1", "單位名稱": "永和社福中心", "上級代碼": "", "類別": "社福中心"})
    at_centre = ACCOUNT | {"單位代碼": "W1"}
    town.imports(Kind.ACCOUNTS, at_centre)
    with town.core.transaction(system("tests"), Door.COMMAND) as ctx:
        grant_permission(ctx, ACCOUNT["帳號"], Permission.SUPERVISOR)
    assert town.imports(Kind.ACCOUNTS, at_centre) == SAME
    assert Permission.SUPERVISOR in standing(town.core)[2]
    assert town.imports(Kind.ACCOUNTS, ACCOUNT) == CHANGED
    assert standing(town.core)[2] == frozenset({Permission.CASEWORKER, Permission.MEAL_CHECKS})


def test_an_address_that_was_given_up_here_and_is_anothers_now_holds_up_no_list(town: Desk) -> None:
    town.imports(Kind.ACCOUNTS, ACCOUNT, OTHER)
    decide_here(town.core)
    with town.core.transaction(system("tests"), Door.COMMAND) as ctx:
        other = the_account(ctx, OTHER["帳號"])
        other.email, other.email_key = ctx.vault.seal(OLD), ctx.vault.look_up("email", OLD)
    assert town.imports(Kind.ACCOUNTS, ACCOUNT, OTHER) == Report(added=0, changed=0, same=2)
    assert standing(town.core) == DECIDED
    assert town.is_refused(Kind.ACCOUNTS, OTHER | {"電子郵件": NEW}) == [(2, "電子郵件")]


def test_an_id_of_another_account_is_refused_all_the_same(town: Desk) -> None:
    assert town.is_refused(Kind.ACCOUNTS, OTHER | {"帳號": f"CD{ID[-4:]}", "身分證字號": ID}) == [(2, "身分證字號")]
