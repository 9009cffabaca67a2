"""What leads to a light and to a check's bucket, at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from core.accounts.models import Role
from core.context import Core
from tests.builders import a_check, a_dispatch
from tests.duties import owe
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.reviewed import a_sender
from tests.handlers.desk.test_requests import sends
from tests.handlers.pages.conftest import Browser

Seated = Callable[[Role], Browser]


def test_a_working_leads_to_the_light_of_its_case(place: Place, seated: Seated) -> None:
    browser, number = seated(Role.CASEWORKER), place.late_case
    browser.opens(f"/desk/duties/{place.late.id}")
    assert f'href="/desk/cases/{number}/light"' in browser.text
    browser.opens(f"/desk/cases/{number}/light")
    for piece in ("案件燈號的判斷", number, place.school.name, "尚未回覆", "REC-7"):
        assert piece in browser.text


def test_a_working_leads_to_the_bucket_of_its_check(place: Place, seated: Seated) -> None:
    browser, number = seated(Role.SUPERVISOR), place.check_number
    browser.opens(f"/desk/duties/{place.check.id}")
    assert f'href="/desk/checks/{number}/why"' in browser.text
    browser.opens(f"/desk/checks/{number}/why")
    for piece in ("檢核單的歸類", number, "待檢核", "CHK-1", "CHK-2"):
        assert piece in browser.text


@pytest.mark.parametrize("path", ["cases/WK99999/light", "cases/%00/light", f"cases/{'9' * 3000}/light",
                                  "checks/K9999/why", "checks/%00/why"])  # fmt: skip
def test_what_is_not_there_is_answered_kindly(seated: Seated, path: str) -> None:
    browser = seated(Role.CASEWORKER)
    assert browser.opens(f"/desk/{path}").status_code == 404
    assert "回到總覽" in browser.text


def test_anothers_light_equals_one_that_is_not_there(place: Place, seated: Seated) -> None:
    browser = seated(Role.CASEWORKER)
    assert browser.opens(f"/desk/cases/{place.others_case}/light").status_code == 404


def test_a_number_with_slashes_leads_where_any_other_does(place: Place, seated: Seated, core_sqlite: Core) -> None:
    duty = owe(core_sqlite, a_dispatch(core_sqlite, place.school, number="新北/115/7"))
    browser = seated(Role.SUPERVISOR)
    browser.opens(f"/desk/duties/{duty.id}")
    (link,) = re.findall(r'href="(/desk/cases/[^"]+/light)"', browser.text)
    assert "新北/115/7" in browser.opens(link).get_data(as_text=True)
    a_check(core_sqlite, place.school, number="新北/115/8")
    for path in ("checks/新北/115/8/why", "checks/新北%2F115%2F8/why"):
        assert browser.opens(f"/desk/{path}").status_code == 200
        assert "新北/115/8" in browser.text
    a_sender(core_sqlite, place).checks("新北/115/8")
    assert browser.opens("/desk/reviews/checks/新北/115/8").status_code == 200
    assert sends(browser, "/return", reason="請補充案家用餐情形") == 303
