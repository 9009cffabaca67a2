"""The queue of requests at the desk: seen by who decides it, decided once, told to who asked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from core.accounts.models import Account, Role
from core.accounts.requests.models import AccountRequest, RequestState
from core.audit import AuditRow
from core.context import Core
from core.notices.models import Notice, NoticeKind
from tests.handlers.desk.conftest import Place
from tests.handlers.pages.conftest import Browser, forms

Seated = Callable[[Role], Browser]


def state_of(core: Core, number: int) -> RequestState:
    with core.store.reading() as session:
        return session.get_one(AccountRequest, number).state


def sends(browser: Browser, act: str, **typed: str) -> int:
    """Send the form that approves or refuses; return the first answer's status, and follow it."""
    action, fields = next(form for form in forms(browser.text) if form[0].endswith(act))
    browser.page = browser.client.post(action, data=fields | typed)
    status = browser.page.status_code
    if status == 303:
        browser.opens(browser.page.location)
    return status


def leads_on_to(browser: Browser, *paths: str) -> None:
    """The page before the browser leads to each of these beside the menu, and they are there."""
    within = browser.text.partition("<main")[2]
    for path in paths:
        assert f'href="{path}">' in within
        assert browser.opens(path).status_code == 200


def test_the_helpdesk_approves_a_change_of_address(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.HELPDESK)
    browser.opens("/desk/")
    assert "1 件申請等候審核" in browser.text
    browser.opens("/desk/requests")
    assert f"/desk/requests/{place.email_change}" in browser.text
    assert f"/desk/requests/{place.extension}" not in browser.text
    assert "brandnew" not in browser.text
    browser.opens(f"/desk/requests/{place.email_change}")
    for shown in ("AZ1551", "a***@ntpc.gov.tw", "brandnew@ntpc.gov.tw", "使用中"):
        assert shown in browser.text
    assert "asker@" not in browser.text
    assert sends(browser, "/approve") == 303
    assert "已核准，已通知申請人" in browser.text
    assert state_of(core_sqlite, place.email_change) is RequestState.APPROVED
    with core_sqlite.store.reading() as session:
        account = session.scalars(select(Account).where(Account.code == "AZ1551")).one()
        assert core_sqlite.vault.open(account.email) == "brandnew@ntpc.gov.tw"
        told = session.scalars(select(Notice).where(Notice.dedupe_key == f"decided:{place.email_change}")).one()
        assert (told.account_id, told.kind) == (account.id, NoticeKind.ACCOUNT)


def test_an_administrator_sees_what_an_extension_gives_and_refuses_it(
    core_sqlite: Core, place: Place, seated: Seated
) -> None:
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/requests/{place.extension}")
    assert "116/12/31" in browser.text
    assert sends(browser, "/refuse", reason=" ") == 422
    assert "沒有寫理由" in browser.text
    assert sends(browser, "/refuse", reason="請先完成<b>教育訓練</b>") == 303
    browser.opens("/desk/requests?state=refused")
    browser.opens(f"/desk/requests/{place.extension}")
    assert "請先完成&lt;b&gt;教育訓練" in browser.text
    assert forms(browser.text)[2:] == []
    assert state_of(core_sqlite, place.extension) is RequestState.REFUSED


def test_a32_the_second_of_two_learns_who_was_first(core_sqlite: Core, place: Place, seated: Seated) -> None:
    first, second = seated(Role.HELPDESK), seated(Role.HELPDESK)
    for browser in (first, second):
        browser.opens(f"/desk/requests/{place.email_change}")
    assert sends(first, "/approve") == 303
    assert sends(second, "/refuse", reason="請補件") == 409
    assert re.search(r"115/03/04 10:00 已核准（A\w+），這次沒有變更。<", second.text)
    assert "重新整理" not in second.text
    assert ">請補件</textarea>" in second.text
    leads_on_to(second, "/desk/requests", f"/desk/requests/{place.email_change}")
    assert state_of(core_sqlite, place.email_change) is RequestState.APPROVED


@pytest.mark.parametrize(("role", "said"), [(Role.HELPDESK, "變更信箱，審核中"), (Role.ADMIN, "所有種類，審核中")])
def test_a_list_says_which_kinds_it_is_of(seated: Seated, role: Role, said: str) -> None:
    browser = seated(role)
    browser.opens("/desk/requests")
    assert f'<p class="lead">{said}：共 1 件。' in browser.text


def test_lists_by_kind_and_state(place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    browser.opens("/desk/requests?kind=extension&state=filed")
    assert f"/desk/requests/{place.extension}" in browser.text
    browser.opens("/desk/requests?kind=permission")
    assert f"/desk/requests/{place.extension}" not in browser.text
    browser.opens("/desk/requests?state=approved")
    assert "：目前沒有。" in browser.text


@pytest.mark.parametrize("path", ["?kind=x", "?state=x", f"/{2**31}", "/987654", "/x"])
def test_what_nobody_wrote_is_answered_kindly(seated: Seated, path: str) -> None:
    assert seated(Role.ADMIN).opens(f"/desk/requests{path}").status_code == 404


def test_what_another_role_decides_is_as_if_it_did_not_exist(place: Place, seated: Seated) -> None:
    assert seated(Role.ADMIN).opens(f"/desk/requests/{place.email_change}").status_code == 404
    assert seated(Role.HELPDESK).opens(f"/desk/requests/{place.extension}").status_code == 404


def test_ones_own_request_has_no_buttons(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    with core_sqlite.store.transaction() as session:
        admin = session.scalars(select(Account).where(Account.role == Role.ADMIN)).one()
        session.get_one(AccountRequest, place.extension).account_id = admin.id
    browser.opens(f"/desk/requests/{place.extension}")
    assert "您自己的申請" in browser.text
    assert [form for form in forms(browser.text) if "requests" in form[0]] == []


def test_what_is_shown_and_decided_is_in_the_audit(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.HELPDESK)
    browser.opens(f"/desk/requests/{place.email_change}")
    sends(browser, "/approve")
    with core_sqlite.store.reading() as session:
        subject = f"request:{place.email_change}"
        acts = session.scalars(select(AuditRow.act).where(AuditRow.subject == subject).order_by(AuditRow.id)).all()
    assert acts == ["show_request", "request.approved"]
