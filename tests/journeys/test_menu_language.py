"""The menu under the chat follows the language: who asks for English has an English one within seconds, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.channels.json_types import as_list, as_object
from bot.channels.line_menus import LineMenus
from bot.richmenu.sync import sync
from core.clock import FixedClock
from core.context import Core
from tests.builders import an_account, bind
from tests.journeys.town import Phone, Town, a_town

SECONDS = timedelta(seconds=10)
ANSWERS = {
    "Duties": "No duties now",
    "Find a case": "Please type the case number",
    "Can I close it?": "Please type the number of the case to close",
    "Progress": "Closing: where cases stand",
    "Why this date?": "there is no deadline to explain",
    "Helpdesk": "What is it about?",
}
"""What a caseworker without duties is told at each place."""


@pytest.fixture
def town(core_sqlite: Core, clock: FixedClock) -> Iterator[Town]:
    """A town to whose LINE the menus were brought."""
    with a_town(core_sqlite, clock) as running:
        settings = running.house.settings
        line = LineMenus(settings.line_channel_access_token, settings.line_api_url, settings.line_data_url)
        sync(core_sqlite, line, settings.public_url)
        line.close()
        yield running


def menu_of(phone: Phone) -> str:
    """The name of the menu on a phone, without its sum."""
    menus = phone.town.platform.rich_menus
    return str(menus.menus[menus.shown_to(phone.user)]["name"]).split()[0]


def taps(phone: Phone, label: str) -> Phone:
    """Tap the place of the menu with this label."""
    menus = phone.town.platform.rich_menus
    areas = as_list(menus.menus[menus.shown_to(phone.user)]["areas"]) or []
    actions = [as_object((as_object(each) or {})["action"]) or {} for each in areas]
    phone.town.platform.press(phone.user, next(each for each in actions if each["label"] == label))
    phone.town.settle()
    return phone


def test_the_menu_of_who_is_not_bound_follows_the_language(town: Town) -> None:
    ann = town.phone("Ann")
    assert menu_of(ann) == "frontdoor-unbound"
    ann.says("English").sees("English from now on")
    town.passes(SECONDS)
    assert menu_of(ann) == "frontdoor-unbound-en"
    taps(ann, "Cannot sign in").sees("Five steps")
    ann.says("中文")
    town.passes(SECONDS)
    assert menu_of(ann) == "frontdoor-unbound"


def test_the_menu_of_an_account_follows_binding_tab_and_language(town: Town, core_sqlite: Core) -> None:
    ann = town.phone("Ann")
    bind(core_sqlite, an_account(core_sqlite, name="林志明"), line_user=ann.user.user_id)
    town.passes(SECONDS)
    assert menu_of(ann) == "frontdoor-casework"
    ann.says("設定").says("語言").says("English")
    town.passes(SECONDS)
    assert menu_of(ann) == "frontdoor-casework-en"
    taps(ann, "Switch to “Account”")
    assert menu_of(ann) == "frontdoor-casework-account-en"
    taps(ann, "Settings").sees("Language")
    taps(ann, "Switch to “Work”")
    assert menu_of(ann) == "frontdoor-casework-en"
    ann.says("設定").says("語言").says("中文")
    town.passes(SECONDS)
    assert menu_of(ann) == "frontdoor-casework"


def test_each_place_of_the_english_menu_is_answered_in_english(town: Town, core_sqlite: Core) -> None:
    ann = town.phone("Ann")
    bind(core_sqlite, an_account(core_sqlite), line_user=ann.user.user_id)
    ann.says("English")
    town.passes(SECONDS)
    for label, answer in ANSWERS.items():
        taps(ann.says("Cancel"), label).sees(answer)
