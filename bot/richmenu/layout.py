"""Where everything in a menu lies, in the pixels of its picture: one reckoning for the picture and for LINE's areas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.json_types import Json
from bot.richmenu.menus import BAR_TEXT, Menu, Place, Tab
from core.language.models import Language
from core.language.service import in_words, menu_words

WIDTH = 2500
STRIP = 230
"""The height of the strip of tabs."""
ROW = 728
COLUMNS = 3


@dataclass(frozen=True)
class Area:
    """A rectangle of the picture."""

    x: int
    y: int
    width: int
    height: int

    def as_json(self) -> Json:
        """Return it as LINE's bounds."""
        return {"x": self.x, "y": self.y, "width": self.width, "height": self.height}


def height(menu: Menu, tab: Tab) -> int:
    """Return the height of a tab's picture."""
    return _strip(menu) + ROW * len(tab.rows)


def places(menu: Menu, tab: Tab) -> Iterator[tuple[Place, Area]]:
    """Yield each place with its area."""
    for number, row in enumerate(tab.rows):
        column = 0
        for place in row:
            left, right = (round(WIDTH * each / COLUMNS) for each in (column, column + place.span))
            yield place, Area(left, _strip(menu) + ROW * number, right - left, ROW)
            column += place.span


def tabs(menu: Menu) -> Iterator[tuple[Tab, Area]]:
    """Yield each tab with its area in the strip; nothing where a menu has only one."""
    if _strip(menu):
        for number, tab in enumerate(menu.tabs):
            left, right = (round(WIDTH * each / len(menu.tabs)) for each in (number, number + 1))
            yield tab, Area(left, 0, right - left, STRIP)


def as_json(menu: Menu, tab: Tab, public_url: str) -> Json:
    """Return a tab as LINE's rich menu object, without its name."""
    others = [(_turning_to(each, menu.language), area) for each, area in tabs(menu) if each is not tab]
    acting = [(_acting(place, menu.label(place), public_url), area) for place, area in places(menu, tab)]
    return {
        "size": {"width": WIDTH, "height": height(menu, tab)},
        "selected": True,
        "chatBarText": menu_words(BAR_TEXT, menu.language),
        "areas": [{"bounds": area.as_json(), "action": action} for action, area in (*others, *acting)],
    }


def _strip(menu: Menu) -> int:
    return STRIP if len(menu.tabs) > 1 else 0


def _turning_to(tab: Tab, language: Language) -> Json:
    return {
        "type": "richmenuswitch",
        "label": in_words(f"切換到「{tab.title}」", language),
        "richMenuAliasId": tab.alias,
        "data": f"tab:{tab.name}",
    }


def _acting(place: Place, label: str, public_url: str) -> Json:
    if place.page:
        return {"type": "uri", "label": label, "uri": public_url.rstrip("/") + place.page}
    return {"type": "message", "label": label, "text": place.says}
