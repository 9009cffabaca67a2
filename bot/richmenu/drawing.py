"""Drawing the menus' pictures, when they are made: the finished ones lie in ``pictures/`` and are what is sent.

``python -m bot.richmenu.drawing`` draws all anew; it needs the font of Debian's fonts-noto-cjk. Each picture carries
what it was drawn from, so that a menu changed without its picture is noticed. With a file's name behind it, a sheet
of the menus in the languages other than Chinese is drawn into that file, for the README.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from bot.render.tones import BRAND, PAPER, QUIET, TEXT, THIN, WHITE
from bot.richmenu.icons import Pen
from bot.richmenu.layout import WIDTH, Area, height, places, tabs
from bot.richmenu.menus import PICTURES, Menu, Place, Tab, menus
from core.language.models import Language
from core.menus.models import MenuKind

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-{}.ttc"
TAIWAN = 3  # the face with the forms of characters as they are written in Taiwan
FINE = 2  # drawn so many times larger, then made small: smooth edges
COLOURS = 128
MADE_OF = "made of"
GAP, CORNER = 22, 44
SIGN, SIGN_FIELD = 190, 300
TITLE, CAPTION, TAB_TITLE = 120, 76, 104
MARGIN = 48
"""Left and right of a text on its card."""
PALE = "#E6EEF8"
PALE_ON_BRAND = "#D7E5F7"
SHEET_WIDTH, SHEET_COLUMNS, SHEET_GAP = 480, 5, 16


def source_of(menu: Menu, tab: Tab) -> str:
    """Return a short sum of all that stands in a tab's picture."""
    titles = [each.title for each in menu.tabs]
    return hashlib.sha256(repr((titles, tab)).encode()).hexdigest()[:16]


def draw(menu: Menu, tab: Tab) -> Image.Image:
    """Draw one tab."""
    size = WIDTH, height(menu, tab)
    picture = Image.new("RGB", (size[0] * FINE, size[1] * FINE), PAPER)
    canvas = _Canvas(ImageDraw.Draw(picture), *_sizes(menu))
    for each, area in tabs(menu):
        canvas.tab(each, area, is_shown=each is tab)
    for place, area in places(menu, tab):
        canvas.place(place, area, is_first=place is tab.rows[0][0])
    return picture.resize(size, Image.Resampling.LANCZOS).quantize(COLOURS, dither=Image.Dither.NONE)


def draw_all() -> None:
    """Draw every tab of every menu into the folder they are sent from."""
    for menu in menus():
        for tab in menu.tabs:
            made_of = PngInfo()
            made_of.add_text(MADE_OF, source_of(menu, tab))
            draw(menu, tab).save(PICTURES / f"{tab.name}.png", optimize=True, pnginfo=made_of)


def sheet(drawn: Iterable[Path]) -> Image.Image:
    """Return small pictures of menus side by side."""
    small = [Image.open(each).convert("RGB") for each in drawn]
    for each in small:
        each.thumbnail((SHEET_WIDTH, SHEET_WIDTH), Image.Resampling.LANCZOS)
    rows = -(-len(small) // SHEET_COLUMNS)
    step = SHEET_WIDTH + SHEET_GAP, max(each.height for each in small) + SHEET_GAP
    whole = Image.new("RGB", (step[0] * SHEET_COLUMNS - SHEET_GAP, step[1] * rows - SHEET_GAP), WHITE)
    for number, each in enumerate(small):
        row, column = divmod(number, SHEET_COLUMNS)
        whole.paste(each, (column * step[0], row * step[1]))
    return whole.quantize(COLOURS, dither=Image.Dither.NONE)


def _sheets_pictures() -> list[Path]:
    """Return the pictures of a sheet: the account's tab, which is the same in every kind, stands in it once."""
    others = [menu for menu in menus() if menu.language is not Language.CHINESE]
    tabs_shown = [tab for menu in others for tab in (menu.tabs if menu.kind is MenuKind.CASEWORK else menu.tabs[:1])]
    return [PICTURES / f"{tab.name}.png" for tab in tabs_shown]


def _sizes(menu: Menu) -> tuple[int, int]:
    """Return how large titles and captions are: alike in all tabs, and so that the longest fits its card."""
    rooms = [(each, area.width - 2 * (GAP + MARGIN)) for tab in menu.tabs for each, area in places(menu, tab)]
    titles = (_fitting(place.title, TITLE, "Bold", room) for place, room in rooms)
    return min(titles), min(_fitting(place.caption, CAPTION, "Regular", room) for place, room in rooms)


def _fitting(text: str, size: int, weight: str, room: int) -> int:
    return min(size, int(size * room * FINE / _font(weight, size).getlength(text)))


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT.format(weight), size * FINE, index=TAIWAN)


@dataclass(frozen=True)
class _Canvas:
    """Draws on the large picture by the measures of the small one; titles and captions are of one size each."""

    draw: ImageDraw.ImageDraw
    title: int
    caption: int

    def tab(self, tab: Tab, area: Area, *, is_shown: bool) -> None:
        """Draw one tab of the strip: the shown one is light, has a bar, and no other looks like it."""
        self._fill(area, PAPER if is_shown else BRAND)
        if is_shown:
            bar = Area(area.x + area.width // 2 - 170, area.height - 34, 340, 14)
            self._fill(bar, BRAND, corner=7)
        ink = BRAND if is_shown else WHITE
        self._text(tab.title, (area.x + area.width / 2, area.height / 2 - 8), TAB_TITLE, ink, weight="Bold")

    def place(self, place: Place, area: Area, *, is_first: bool) -> None:
        """Draw one place: a sign, its title and its caption on a card; what is used most is dark."""
        card = Area(area.x + GAP, area.y + GAP, area.width - 2 * GAP, area.height - 2 * GAP)
        self._fill(card, BRAND if is_first else WHITE, corner=CORNER, edge=None if is_first else THIN)
        middle, top = area.x + area.width / 2, area.y + 90
        self._disc((middle, top + SIGN_FIELD / 2), WHITE if is_first else PALE)
        left, above = middle - SIGN / 2, top + (SIGN_FIELD - SIGN) / 2
        place.icon.drawn(Pen(self.draw, left * FINE, above * FINE, SIGN * FINE, BRAND))
        self._text(place.title, (middle, top + 385), self.title, WHITE if is_first else TEXT, weight="Bold")
        self._text(place.caption, (middle, top + 505), self.caption, PALE_ON_BRAND if is_first else QUIET)

    def _fill(self, area: Area, colour: str, *, corner: int = 0, edge: str | None = None) -> None:
        ends = area.x, area.y, area.x + area.width - 1, area.y + area.height - 1
        spots = tuple(each * FINE for each in ends)
        self.draw.rounded_rectangle(spots, corner * FINE, fill=colour, outline=edge, width=3 * FINE)

    def _disc(self, centre: tuple[float, float], colour: str) -> None:
        x, y, radius = centre[0] * FINE, centre[1] * FINE, SIGN_FIELD * FINE / 2
        self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def _text(self, text: str, middle: tuple[float, float], size: int, colour: str, *, weight: str = "Regular") -> None:
        self.draw.text((middle[0] * FINE, middle[1] * FINE), text, colour, _font(weight, size), anchor="mm")


if __name__ == "__main__":
    draw_all()
    for each in sys.argv[1:]:
        sheet(_sheets_pictures()).save(each, optimize=True)
