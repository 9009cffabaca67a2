"""What was typed at the desk into a form that is not taken is given back, whatever stood in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from core.accounts.models import Role
from core.clock import FixedClock
from tests.builders import a_national_id
from tests.handlers.desk.agents import Agent, Sits
from tests.handlers.desk.conftest import Place
from tests.handlers.desk.test_requests import sends
from tests.handlers.desk.test_sign_in import csrf
from tests.handlers.pages.conftest import Browser

WORDS = "一大段理由，寫了很久"
OURS = {"Sec-Fetch-Site": "same-origin"}
Seated = Callable[[Role], Browser]


@pytest.fixture
def agent(sits: Sits, place: Place) -> Agent:
    found = sits("王客服")
    found.opens(f"/desk/help/{place.help}")
    return found


def test_a_reason_for_what_another_has_decided_meanwhile(place: Place, seated: Seated) -> None:
    one, other = seated(Role.HELPDESK), seated(Role.HELPDESK)
    for each in (one, other):
        each.opens(f"/desk/requests/{place.email_change}")
    assert sends(one, "/approve") == 303
    assert sends(other, "/refuse", reason=WORDS) >= 400
    assert "您剛才輸入的內容" in other.text
    assert WORDS in other.text


def test_a_note_written_until_the_session_was_over(agent: Agent, place: Place, clock: FixedClock) -> None:
    clock.move(timedelta(minutes=61))
    assert agent.posts(f"{place.help}/note", note=WORDS) == 401
    assert WORDS in agent.text


def test_a_note_sent_from_a_page_that_had_heard_of_the_end_already(
    agent: Agent, place: Place, clock: FixedClock
) -> None:
    clock.move(timedelta(minutes=61))
    assert agent.client.get(f"/desk/help/{place.help}/news").status_code == 401
    assert agent.posts(f"{place.help}/note", note=WORDS) == 401
    assert WORDS in agent.text


@pytest.mark.parametrize(
    ("headers", "is_shown"), [(OURS, True), ({"Sec-Fetch-Site": "cross-site"}, False), ({}, False)]
)
def test_a62_words_in_a_form_without_its_token_are_shown_only_where_it_was_ours(
    agent: Agent, place: Place, headers: dict[str, str], is_shown: bool
) -> None:
    sent = agent.client.post(f"/desk/help/{place.help}/note", data={"note": WORDS}, headers=headers)
    assert sent.status_code == 400
    assert (WORDS in sent.get_data(as_text=True)) is is_shown


def test_a_page_that_was_only_opened_gives_nothing_back(agent: Agent) -> None:
    assert agent.opens("/desk/nowhere").status_code == 404
    assert "您剛才輸入的內容" not in agent.text


@pytest.mark.parametrize("path", ["/desk/bring/dispatch", "/desk/bring/dispatch/put"])
def test_a_dispatch_typed_until_the_session_was_over_with_its_headings_and_without_the_id(
    seated: Seated, clock: FixedClock, path: str
) -> None:
    center, number = seated(Role.CENTER), a_national_id(1)
    center.opens("/desk/bring/dispatch")
    typed = csrf(center) | {"case_number": "WK0077", "child_name": "李小華", "household": "", "national_id": number}
    clock.move(timedelta(minutes=61))
    center.page = center.client.post(path, data=typed)
    assert center.page.status_code == 401
    for line in ("案件編號：WK0077", "案主姓名：李小華"):
        assert line in center.text
    assert number not in center.text
    assert "戶內人口" not in center.text
