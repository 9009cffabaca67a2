"""帳號 and 單位 at the desk: found, shown, disabled, unbound, handed over, and what the trail tells (ACC-6, ACC-9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.accounts.models import Account, Binding, Grant, Role
from core.context import Core
from core.otp.models import WrongCodes
from tests.builders import a_dispatch, a_unit, an_account, bind
from tests.duties import owe
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_requests import sends
from tests.handlers.pages.conftest import Browser, forms

Seated = Callable[[Role], Browser]


def actions(browser: Browser) -> list[str]:
    return [action.rpartition("/")[2] for action, _ in forms(browser.text)]


def stored(core: Core, code: str) -> Account:
    with core.store.reading() as session:
        return session.scalars(select(Account).where(Account.code == code)).one()


def test_an_administrator_disables_with_a_reason(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/accounts/{place.asker.code}")
    assert sends(browser, "/disable", reason=" ") == 422
    assert "沒有寫停用的理由" in browser.text
    assert sends(browser, "/disable", reason="離職<b>") == 303
    for shown in ("已停用帳號 AZ1551", "離職&lt;b&gt;", "已停用"):
        assert shown in browser.text
    assert "disable" not in actions(browser)
    assert stored(core_sqlite, "AZ1551").disabled_at


def test_the_helpdesk_unbinds_a_lost_phone_and_opens_codes(core_sqlite: Core, place: Place, seated: Seated) -> None:
    bind(core_sqlite, place.asker)
    with core_sqlite.store.transaction() as session:
        session.add(WrongCodes(account_id=place.asker.id, in_a_row=100, closed_at=core_sqlite.clock.now()))
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/accounts/AZ1551")
    for shown in ("115/03/04 10:00", "錯太多次", "a***@ntpc.gov.tw"):
        assert shown in browser.text
    assert {"disable", "audit"}.isdisjoint(actions(browser))
    assert "更換承辦人" not in browser.text
    assert sends(browser, "/unbind") == 303
    assert "已解除 AZ1551 的 LINE 綁定" in browser.text
    assert sends(browser, "/unbind") == 303
    assert "沒有綁定 LINE" in browser.text
    assert sends(browser, "/reopen") == 303
    assert "已開通 AZ1551 的驗證碼" in browser.text
    with core_sqlite.store.reading() as session:
        assert all(session.scalars(select(Binding.ended_at)))


def test_an_account_of_ones_own_has_no_button_that_disables(core_sqlite: Core, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    with core_sqlite.store.reading() as session:
        code = session.scalars(select(Account.code).where(Account.role == Role.ADMIN)).one()
    browser.opens(f"/desk/accounts/{code}")
    assert "disable" not in actions(browser)


@pytest.mark.parametrize(("title", "shown"), [("", "承辦人"), ("承辦人", "承辦人"), ("社工師", "承辦人（社工師）")])
def test_a_title_that_says_what_the_role_says_is_not_said_twice(
    core_sqlite: Core, place: Place, seated: Seated, title: str, shown: str
) -> None:
    code = an_account(core_sqlite, place.school, title=title).code
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/accounts/{code}")
    assert f"<dt>角色</dt><dd>{shown}</dd>" in browser.text


def test_accounts_are_found_by_unit_and_name_with_names_masked(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.HELPDESK)
    other = an_account(core_sqlite, place.other_centre, name="司馬小明")
    browser.opens("/desk/accounts?code=清溪")
    assert "/desk/accounts/AZ1551" in browser.text
    assert other.code not in browser.text
    browser.opens("/desk/accounts?code=司馬小明")
    assert f"/desk/accounts/{other.code}" in browser.text
    assert "司○○明" in browser.text


def test_who_takes_over_is_shown_what_passes_on_before_it_is_confirmed(
    core_sqlite: Core, place: Place, seated: Seated
) -> None:
    owe(core_sqlite, a_dispatch(core_sqlite, place.school, responsible=place.asker))
    browser = seated(Role.ADMIN)
    browser.opens("/desk/accounts/AZ1551/successor")
    assert "確認更換承辦人" not in browser.text
    browser.opens(f"/desk/accounts/AZ1551/successor?to={place.successor.code.lower()}")
    for shown in ("90097 各局處社工", "派案回覆 2 件", "待辦 1 件", place.successor.code):
        assert shown in browser.text
    assert sends(browser, "/successor") == 303
    assert "已更換承辦人" in browser.text
    with core_sqlite.store.reading() as session:
        assert session.scalars(select(Grant).where(Grant.account_id == place.asker.id)).all() == []
    assert browser.opens(f"/desk/accounts/AZ1551/successor?to={place.successor.code}").status_code == 409


@pytest.mark.parametrize(("to", "words"), [("ZZ0000", "沒有這個帳號"), ("AZ1551", "同一個帳號")])
def test_who_cannot_take_over_is_said_beside_the_field(place: Place, seated: Seated, to: str, words: str) -> None:
    browser = seated(Role.ADMIN)
    assert browser.opens(f"/desk/accounts/{place.asker.code}/successor?to={to}").status_code == 422
    assert words in browser.text
    assert f'value="{to}"' in browser.text


def test_the_trail_is_paged_and_says_who_did_what(place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    for _ in range(21):
        browser.opens(f"/desk/accounts/{place.asker.code}")
    browser.opens("/desk/accounts/AZ1551/audit")
    for shown in ("查看帳號", ">帳號</td>", "姓名、電子郵件", "管理台", 'rel="next"'):
        assert shown in browser.text
    browser.opens("/desk/accounts/AZ1551/audit")
    assert "查看稽核軌跡" in browser.text


def test_units_are_found_and_lead_to_their_people(place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    browser.opens("/desk/units?name=清溪")
    assert f"/desk/units/{place.school.id}" in browser.text
    assert place.other_centre.name not in browser.text
    browser.opens(f"/desk/units/{place.bureau.id}")
    assert "清溪國小" in browser.text
    browser.opens(f"/desk/units/{place.school.id}")
    assert "/desk/accounts/AZ1551" in browser.text
    browser.opens("/desk/units?name=沒有的")
    assert "找不到符合的單位" in browser.text


def test_a_unit_without_accounts_says_so(core_sqlite: Core, seated: Seated) -> None:
    empty = a_unit(core_sqlite, "新埔國小")
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/units/{empty.id}")
    assert "還沒有帳號" in browser.text


@pytest.mark.parametrize(
    "path",
    [
        "units/987654",
        f"units/{2**31}",
        "accounts/ZZ0000",
        "accounts/ZZ0000/audit",
        "accounts/ZZ0000/successor",
        "registrations/987654",
        "registrations?state=x",
    ],
)
def test_what_nobody_wrote_is_answered_kindly(seated: Seated, path: str) -> None:
    assert seated(Role.ADMIN).opens(f"/desk/{path}").status_code == 404
