"""What was typed on a phone page into a form that is not taken is given back; an ID or a password never is."""

from __future__ import annotations

from datetime import timedelta

from core.clock import FixedClock
from core.context import Core
from tests.builders import a_unit
from tests.handlers.pages.conftest import Browser
from tests.handlers.pages.test_registration import FILLED, proves
from tests.handlers.pages.test_registration import sends as registers

WORDS = "存檔後畫面是白的，已試過重新開機"


def test_a_request_whose_token_another_page_has_ended(browser: Browser) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    sent = browser.client.post("/p/help", data={"name": "林書豪", "kind": "fault", "text": WORDS}, headers=ours)
    assert sent.status_code == 400
    assert f"林書豪\n{WORDS}" in sent.get_data(as_text=True)


def test_a_registration_written_until_its_proof_was_over(
    core_sqlite: Core, browser: Browser, clock: FixedClock
) -> None:
    a_unit(core_sqlite, "永平國民小學", code="S01")
    proves(core_sqlite, browser)
    clock.move(timedelta(minutes=31))
    assert registers(browser, **FILLED) == 401
    assert "輔導主任" in browser.text
    assert FILLED["national_id"] not in browser.text


def test_more_words_on_a_page_whose_address_is_not_known(browser: Browser) -> None:
    browser.opens("/p/help")
    sent = browser.client.post("/p/help/1/wrong", data={"csrf_token": token(browser), "text": WORDS})
    assert sent.status_code == 410
    assert WORDS in sent.get_data(as_text=True)


def test_a_password_is_never_given_back(browser: Browser) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    sent = browser.client.post("/link", data={"account": "AB1234", "password": "Correct-Horse"}, headers=ours)
    assert sent.status_code == 400
    assert "Correct-Horse" not in sent.get_data(as_text=True)
    assert "您剛才輸入的內容" not in sent.get_data(as_text=True)


def token(browser: Browser) -> str:
    return browser.text.partition('name="csrf_token" value="')[2].partition('"')[0]
