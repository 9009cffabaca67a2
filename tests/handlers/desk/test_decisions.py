"""What leads to a light and to a check's bucket, at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.accounts.models import Role
from tests.handlers.desk.conftest import Place
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
