"""Bringing the menus to LINE: done twice it changes nothing, a changed one is made anew, nobody is left without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bot.channels.line_menus import LineMenus
from bot.cli import frontdoor
from bot.richmenu import sync as syncing
from bot.richmenu.menus import menus
from bot.richmenu.sync import Report, Wanted, sync, wanted_menus
from bot.simulator.platform import Platform
from bot.simulator.server import Simulator
from core.clock import FixedClock
from core.context import Core
from core.language.models import Language
from core.menus.door import MenuDoor
from scheduler.menus import Menus
from tests.bot.simulator.listening import SECRET, TOKEN
from tests.builders import Bound, a_bound_account

URL = "https://frontdoor.example.gov.tw"
TABS = sum(len(each.tabs) for each in menus())


@pytest.fixture
def simulator(clock: FixedClock) -> Iterator[Simulator]:
    platform = Platform(
        clock, channel_secret=SECRET, channel_access_token=TOKEN, webhook_url="http://127.0.0.1:9/nobody"
    )
    with Simulator(platform) as running:
        yield running


@pytest.fixture
def platform(simulator: Simulator) -> Platform:
    return simulator.platform


@pytest.fixture
def line(simulator: Simulator) -> Iterator[LineMenus]:
    menus = LineMenus(TOKEN, simulator.api_url, simulator.api_url + "/")
    yield menus
    menus.close()


@pytest.fixture
def bound(core_sqlite: Core, platform: Platform) -> Bound:
    """A caseworker whose phone the platform knows."""
    return a_bound_account(core_sqlite, line_user=platform.add_user("陳怡君").user_id)


def shown(platform: Platform, bound: Bound) -> object:
    """The name of what a phone shows, as long as it is ours, without its sum."""
    user = platform.world.users[bound.line_user]
    return str(platform.rich_menus.menus[platform.rich_menus.shown_to(user)]["name"]).split()[0]


def test_the_first_time_all_menus_are_made_and_shown(
    core_sqlite: Core, line: LineMenus, platform: Platform, bound: Bound
) -> None:
    assert sync(core_sqlite, line, URL) == Report(kept=0, made=TABS, deleted=0, phones=1, waiting=0)
    standing = platform.rich_menus
    assert standing.pictures.keys() == standing.menus.keys()
    assert set(standing.aliases) == {tab.alias for menu in menus() for tab in menu.tabs}
    assert shown(platform, bound) == "frontdoor-casework"
    assert str(standing.menus[standing.default_id]["name"]).startswith("frontdoor-unbound ")


@pytest.mark.usefixtures("bound")
def test_a_second_time_nothing_is_done(core_sqlite: Core, line: LineMenus, platform: Platform) -> None:
    sync(core_sqlite, line, URL)
    before = (dict(platform.rich_menus.menus), dict(platform.rich_menus.aliases))
    steps: list[str] = []
    assert sync(core_sqlite, line, URL, steps.append) == Report(kept=TABS, made=0, deleted=0, phones=0, waiting=0)
    assert (steps, before) == ([], (platform.rich_menus.menus, platform.rich_menus.aliases))


def test_a_changed_menu_is_made_anew_and_the_old_one_goes(
    core_sqlite: Core, line: LineMenus, platform: Platform, bound: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(core_sqlite, line, URL)
    old = platform.world.users[bound.line_user].rich_menu_id
    monkeypatch.setattr(syncing, "wanted_menus", redrawn)
    assert sync(core_sqlite, line, URL) == Report(kept=TABS - 1, made=1, deleted=1, phones=1, waiting=0)
    assert old not in platform.rich_menus.menus
    assert shown(platform, bound) == "frontdoor-casework"


def redrawn(public_url: str) -> tuple[Wanted, ...]:
    """The menus with another text under the caseworker's first tab."""
    return tuple(
        replace(each, menu={**each.menu, "chatBarText": "功能"}) if each.tab.name == "casework" else each
        for each in wanted_menus(public_url)
    )


def test_what_broke_off_is_made_anew(core_sqlite: Core, line: LineMenus, platform: Platform) -> None:
    line.create(wanted_menus(URL)[0].as_sent)  # and the run ended before its picture
    assert sync(core_sqlite, line, URL) == Report(kept=0, made=TABS, deleted=1, phones=0, waiting=0)
    assert len(platform.rich_menus.menus) == TABS


def test_menus_of_others_are_left_alone(core_sqlite: Core, line: LineMenus, platform: Platform) -> None:
    line.create({**wanted_menus(URL)[0].menu, "name": "活動選單"})
    line.create({**wanted_menus(URL)[0].menu, "name": "frontdoor-gone 0"})
    sync(core_sqlite, line, URL)
    names = {str(each["name"]).split()[0] for each in platform.rich_menus.menus.values()}
    assert "活動選單" in names
    assert "frontdoor-gone" not in names


def test_an_old_menu_stays_while_a_phone_shows_it(
    core_sqlite: Core, line: LineMenus, platform: Platform, bound: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(core_sqlite, line, URL)
    monkeypatch.setattr(syncing, "wanted_menus", redrawn)
    monkeypatch.setattr(LineMenus, "show", refuse)
    assert sync(core_sqlite, line, URL) == Report(kept=TABS - 1, made=1, deleted=0, phones=0, waiting=1)
    assert shown(platform, bound) == "frontdoor-casework"


def refuse(_: LineMenus, __: str, ___: object) -> None:
    raise ConnectionError("down")


def test_the_jobs_link_and_check_by_the_real_client(
    core_sqlite: Core, line: LineMenus, platform: Platform, bound: Bound
) -> None:
    door: MenuDoor = line
    other = a_bound_account(core_sqlite, line_user=platform.add_user("林志明").user_id)
    sync(core_sqlite, line, URL)  # two people: in one request
    assert (shown(platform, bound), shown(platform, other)) == ("frontdoor-casework", "frontdoor-casework")
    door.take_away([bound.line_user, other.line_user])
    assert [door.shown(each.line_user) for each in (bound, other)] == [None, None]
    assert Menus(door).link(core_sqlite, core_sqlite.clock.now()) == 0
    door.show(platform.rich_menus.default_id, [bound.line_user])
    door.take_away([bound.line_user])
    assert door.shown(bound.line_user) is None


def test_who_reads_english_gets_the_english_menu_and_turns_to_english_tabs(
    core_sqlite: Core, line: LineMenus, platform: Platform
) -> None:
    user = platform.add_user("Ann")
    english = a_bound_account(core_sqlite, line_user=user.user_id, language=Language.ENGLISH)
    sync(core_sqlite, line, URL)
    assert shown(platform, english) == "frontdoor-casework-en"
    turn = {"type": "richmenuswitch", "richMenuAliasId": "frontdoor-casework-account-en", "data": "tab"}
    platform.press(user, turn)
    assert shown(platform, english) == "frontdoor-casework-account-en"


@pytest.mark.parametrize("kind", ["rate", "unauthorized", "server_error", "reset_before", "junk_body"])
def test_whatever_line_does_not_take_is_told_in_one_line(
    line: LineMenus, platform: Platform, bound: Bound, kind: str
) -> None:
    platform.set_fault("rich_menu", kind, 1)
    with pytest.raises(ConnectionError, match=r"^LINE.*GET user") as raised:
        line.shown(bound.line_user)
    assert bound.line_user not in str(raised.value)


@pytest.mark.usefixtures("bound")
def test_the_command_says_what_it_did(core_sqlite: Core, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.opening.make_core", lambda _: core_sqlite)
    settings = {"CHANNEL_ACCESS_TOKEN": TOKEN, "API_URL": simulator.api_url, "DATA_URL": simulator.api_url}
    for name, value in settings.items():
        monkeypatch.setenv(f"FRONTDOOR_LINE_{name}", value)
    first, second = (CliRunner().invoke(frontdoor, ["richmenu", "sync"]) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert first.output.splitlines()[-1] == f"menus: {TABS} made, 0 kept, 0 deleted; phones changed: 1"
    assert second.output == f"menus: 0 made, {TABS} kept, 0 deleted; phones changed: 0\n"


def test_without_a_channel_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_LINE_CHANNEL_ACCESS_TOKEN", "")
    failed = CliRunner().invoke(frontdoor, ["richmenu", "sync"])
    assert "FRONTDOOR_LINE_CHANNEL_ACCESS_TOKEN" in str(failed.exception)
