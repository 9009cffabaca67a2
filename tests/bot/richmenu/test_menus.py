"""What stands in the menus: every word is known, every picture is of its menu, all is within LINE's limits."""

from __future__ import annotations

import json
import re
import struct
import zlib

import pytest

from bot.app import create_app
from bot.channels.json_types import Json, as_object
from bot.channels.limits_richmenu import PICTURE_BYTES, menu_problems, picture_size
from bot.channels.line import LineChannel
from bot.richmenu.drawing import MADE_OF, source_of
from bot.richmenu.icons import Icon
from bot.richmenu.layout import WIDTH, Area, as_json, height, places, tabs
from bot.richmenu.menus import Menu, Place, Tab, menus
from bot.settings import load_settings
from core.accounts.models import Role
from core.context import Core
from core.language.models import Language
from core.menus.models import MenuKind
from core.menus.rules import menu_of
from handlers.chat.finding import Found, find_text
from handlers.chat.router import Gate
from handlers.chat.turn import Dialog

MENUS = menus()
PAGES = [(menu, tab) for menu in MENUS for tab in menu.tabs]
PLACES = [(menu, place) for menu, tab in PAGES for place in tab.places]
HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff01-\uff65]")
by_name = pytest.mark.parametrize(("menu", "tab"), PAGES, ids=[tab.name for _, tab in PAGES])


def test_there_is_a_menu_for_everybody() -> None:
    kinds = {menu_of(role) for role in (None, *Role)}
    assert {(menu.kind, menu.language) for menu in MENUS} == {(kind, each) for kind in kinds for each in Language}
    assert len({tab.name for _, tab in PAGES}) == len(PAGES)


def test_in_another_language_it_is_the_same_menu() -> None:
    chinese, english = ([menu for menu in MENUS if menu.language is each] for each in Language)
    for one, other in zip(chinese, english, strict=True):
        assert one.kind is other.kind
        for tab, same in zip(one.tabs, other.tabs, strict=True):
            assert [layout(each) for each in tab.rows] == [layout(each) for each in same.rows]
            words = [(found(each), found(mine)) for each, mine in zip(tab.places, same.places, strict=True)]
            assert [theirs for theirs, _ in words] == [mine for _, mine in words]


def layout(row: tuple[Place, ...]) -> list[tuple[str, str, int]]:
    return [(each.icon.name, each.page, each.span) for each in row]


def found(place: Place) -> object:
    """The route that a place's word leads to, with what was read in it."""
    return find_text(place.says, Dialog()) if place.says else None


@by_name
def test_nothing_in_a_menu_is_left_in_chinese_to_who_reads_english(menu: Menu, tab: Tab) -> None:
    said = json.dumps(as_json(menu, tab, ""), ensure_ascii=False) + repr(tab)
    assert (HAN.search(said) is None) is (menu.language is Language.ENGLISH)


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


@pytest.mark.parametrize("menu", [each for each in MENUS if len(each.tabs) > 1], ids=lambda menu: menu.tabs[0].name)
def test_the_tabs_of_a_menu_lead_to_each_other_in_its_language(menu: Menu) -> None:
    for tab in menu.tabs:
        turns = [action_of(area) for area in areas_of(as_json(menu, tab, "")) if action_of(area)["type"] == SWITCH]
        assert [each["richMenuAliasId"] for each in turns] == [each.alias for each in menu.tabs if each is not tab]


@pytest.mark.parametrize(
    ("caption", "label"), [("Send it again", "Code, Send it again"), ("Send it at once!", "Code")], ids=len
)
def test_a_label_says_the_caption_too_where_line_has_room(caption: str, label: str) -> None:
    menu = Menu(MenuKind.CASEWORK, (), Language.ENGLISH)
    assert menu.label(Place("Code", caption, Icon.KEY)) == label


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
