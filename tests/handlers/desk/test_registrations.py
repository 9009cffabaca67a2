"""帳號申請 at the desk: each permission decided by itself, and what is in the way shown (ACC-5)."""

from __future__ import annotations

from collections.abc import Callable

from core.accounts.models import Role
from core.accounts.registration.models import RegistrationState
from core.context import Core
from tests.builders import an_account
from tests.core.accounts.registration.registering import ID, MAILBOX, registration
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_requests import leads_on_to, sends
from tests.handlers.pages.conftest import Browser

Seated = Callable[[Role], Browser]


def state_of(core: Core, place: Place) -> RegistrationState:
    return registration(core, place.registration).state


def test_an_administrator_opens_an_account(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    browser.opens("/desk/")
    assert "1 件帳號申請等候審核" in browser.text
    browser.opens("/desk/registrations")
    assert "林書豪" not in browser.text
    browser.opens(f"/desk/registrations/{place.registration}")
    for shown in ("林書豪", MAILBOX, f"{ID[:2]}****{ID[-4:]}", "公務信箱的驗證碼", "清溪國小"):
        assert shown in browser.text
    assert ID not in browser.text
    assert sends(browser, "/decide", p90097="approve") == 303
    assert "已開通，已寄信通知申請人" in browser.text
    assert state_of(core_sqlite, place) is RegistrationState.OPENED
    browser.opens("/desk/registrations?state=opened")
    assert f"/desk/registrations/{place.registration}" in browser.text
    browser.opens(f"/desk/registrations/{place.registration}")
    assert "送出決定" not in browser.text


def test_what_is_undecided_or_without_a_reason_comes_again(core_sqlite: Core, place: Place, seated: Seated) -> None:
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/registrations/{place.registration}")
    assert sends(browser, "/decide", p90097="") == 422
    assert "還沒有決定" in browser.text
    browser.opens(f"/desk/registrations/{place.registration}")
    assert sends(browser, "/decide", p90097="refuse", why90097=" ") == 422
    assert 'value="refuse" checked' in browser.text
    assert sends(browser, "/decide", p90097="refuse", why90097="不是本校承辦<b>") == 303
    browser.opens(f"/desk/registrations/{place.registration}")
    assert "不是本校承辦&lt;b&gt;" in browser.text
    assert state_of(core_sqlite, place) is RegistrationState.REFUSED


def test_what_is_in_the_way_is_shown_and_stops_an_approval(core_sqlite: Core, place: Place, seated: Seated) -> None:
    other = an_account(core_sqlite, place.school, national_id=ID, code="QQ0001")
    browser = seated(Role.ADMIN)
    browser.opens(f"/desk/registrations/{place.registration}")
    assert other.code in browser.text
    assert sends(browser, "/decide", p90097="approve") == 422
    assert "請他用原帳號" in browser.text
    assert state_of(core_sqlite, place) is RegistrationState.FILED


def test_a32_the_second_of_two_learns_who_was_first(place: Place, seated: Seated) -> None:
    first, second = seated(Role.ADMIN), seated(Role.ADMIN)
    for browser in (first, second):
        browser.opens(f"/desk/registrations/{place.registration}")
    assert sends(first, "/decide", p90097="approve") == 303
    assert sends(second, "/decide", p90097="refuse", why90097="晚了") == 409
    assert "已開通（A" in second.text
    leads_on_to(second, "/desk/registrations", f"/desk/registrations/{place.registration}")
