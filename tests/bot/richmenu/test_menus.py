"""What stands in the menus: every word is known, every picture is of its menu, all is within LINE's limits."""

from __future__ import annotations

import struct
import zlib

import pytest

from bot.app import create_app
from bot.channels.json_types import Json, as_object
from bot.channels.limits_richmenu import PICTURE_BYTES, menu_problems, picture_size
from bot.channels.line import LineChannel
from bot.richmenu.drawing import MADE_OF, source_of
from bot.richmenu.layout import WIDTH, Area, as_json, height, places, tabs
from bot.richmenu.menus import MENUS, Menu, Place, Tab
from bot.settings import load_settings
from core.accounts.models import Role
from core.context import Core
from core.menus.models import MenuKind
from core.menus.rules import menu_of
from handlers.chat.finding import Found, find_text
from handlers.chat.router import Gate
from handlers.chat.turn import Dialog

PAGES = [(menu, tab) for menu in MENUS for tab in menu.tabs]
PLACES = [(menu, place) for menu, tab in PAGES for place in tab.places]
by_name = pytest.mark.parametrize(("menu", "tab"), PAGES, ids=[tab.name for _, tab in PAGES])


def test_there_is_a_menu_for_everybody() -> None:
    assert {menu.kind for menu in MENUS} == {menu_of(role) for role in (None, *Role)}
    assert len({tab.name for _, tab in PAGES}) == len(PAGES)


@pytest.mark.parametrize(("menu", "place"), [each for each in PLACES if each[1].says])
def test_every_word_is_known_and_open_to_whom_it_is_shown(menu: Menu, place: Place) -> None:
    found = find_text(place.says, Dialog())
    assert isinstance(found, Found), place.says
    assert menu.kind is not MenuKind.UNBOUND or found.route.gate is Gate.EVERYBODY


def test_every_page_is_one_of_the_desks(core_sqlite: Core) -> None:
    app = create_app(load_settings(secret_key="unused"), core_sqlite, LineChannel("unused"), lambda: None)
    urls = app.url_map.bind("127.0.0.1")
    pages = {place.page for _, place in PLACES if place.page}
    assert {urls.match(page)[0] for page in pages} & {"desk.nowhere"} == set()
    assert len(pages) > 3


@by_name
def test_every_menu_is_within_lines_limits(menu: Menu, tab: Tab) -> None:
    assert menu_problems({**as_json(menu, tab, "https://frontdoor.example.gov.tw/"), "name": tab.name}) == []


@by_name
def test_every_picture_is_of_the_menu_as_it_is(menu: Menu, tab: Tab) -> None:
    assert len(tab.picture) <= PICTURE_BYTES
    assert picture_size(tab.picture) == (WIDTH, height(menu, tab))
    assert f"{MADE_OF}\0{source_of(menu, tab)}".encode() in tab.picture, "python -m bot.richmenu.drawing"


@by_name
def test_the_areas_fill_the_picture_and_do_not_overlap(menu: Menu, tab: Tab) -> None:
    areas = [area for _, area in (*tabs(menu), *places(menu, tab))]
    assert sum(each.width * each.height for each in areas) == WIDTH * height(menu, tab)
    assert not [one for one in areas for other in areas if one is not other and overlap(one, other)]


def overlap(one: Area, other: Area) -> bool:
    across = one.x < other.x + other.width and other.x < one.x + one.width
    return across and one.y < other.y + other.height and other.y < one.y + one.height


@by_name
def test_a_screen_reader_names_every_place(menu: Menu, tab: Tab) -> None:
    actions = [action_of(area) for area in areas_of(as_json(menu, tab, "https://frontdoor.example.gov.tw"))]
    labels = [str(each.get("label", "")) for each in actions]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("menu", [each for each in MENUS if len(each.tabs) > 1], ids=lambda menu: menu.kind.value)
def test_the_tabs_of_a_menu_lead_to_each_other(menu: Menu) -> None:
    for tab in menu.tabs:
        turns = [action_of(area) for area in areas_of(as_json(menu, tab, "")) if action_of(area)["type"] == SWITCH]
        assert [each["richMenuAliasId"] for each in turns] == [each.alias for each in menu.tabs if each is not tab]


SWITCH = "richmenuswitch"


def areas_of(menu: Json) -> list[Json]:
    areas = menu["areas"]
    assert isinstance(areas, list)
    return areas


def action_of(area: Json) -> Json:
    return as_object(area["action"]) or {}


def test_what_is_no_png_has_no_size() -> None:
    header = struct.pack(">IIBBBBB", 800, 250, 8, 2, 0, 0, 0)
    whole = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(header))
    assert picture_size(whole) == (800, 250)
    assert [picture_size(each) for each in (b"", b"\xff\xd8\xff", whole[:20])] == [None] * 3
