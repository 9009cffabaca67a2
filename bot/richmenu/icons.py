"""The signs in the menus, drawn by lines on a field of 100 by 100, so that they are ours and sharp at any size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import cos, pi, sin
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

STROKE = 8
Point = tuple[float, float]


@dataclass(frozen=True)
class Pen:
    """Draws on a square of a picture: its upper left corner and side in pixels, and the colour."""

    draw: ImageDraw
    left: float
    top: float
    side: float
    colour: str

    @property
    def _width(self) -> int:
        return round(STROKE * self.side / 100)

    def _at(self, point: Point) -> Point:
        return self.left + point[0] * self.side / 100, self.top + point[1] * self.side / 100

    def line(self, *points: Point) -> None:
        """Draw a line through points, with round ends and corners."""
        spots = [self._at(each) for each in points]
        self.draw.line(spots, fill=self.colour, width=self._width, joint="curve")
        for each in (points[0], points[-1]):
            self.dot(each, STROKE / 2)

    def closed(self, *points: Point) -> None:
        """Draw a line through points and back."""
        self.line(*points, points[0])

    def dot(self, centre: Point, radius: float) -> None:
        """Fill a circle."""
        self.draw.ellipse(self._around(centre, radius), fill=self.colour)

    def ring(self, centre: Point, radius: float) -> None:
        """Draw a circle."""
        self.draw.ellipse(self._around(centre, radius + STROKE / 2), outline=self.colour, width=self._width)

    def arc(self, centre: Point, radius: float, start: float, end: float) -> None:
        """Draw a part of a circle; angles in degrees, clockwise from the right."""
        self.draw.arc(self._around(centre, radius + STROKE / 2), start, end, fill=self.colour, width=self._width)

    def box(self, corner: Point, opposite: Point, radius: float = 8) -> None:
        """Draw a rectangle with round corners."""
        (left, top), (right, bottom) = self._at(corner), self._at(opposite)
        self.draw.rounded_rectangle(
            (left, top, right, bottom), radius * self.side / 100, outline=self.colour, width=self._width
        )

    def _around(self, centre: Point, radius: float) -> tuple[float, float, float, float]:
        x, y = centre
        return *self._at((x - radius, y - radius)), *self._at((x + radius, y + radius))


def _list(pen: Pen) -> None:
    for height in (24, 50, 76):
        pen.dot((16, height), 7)
        pen.line((36, height), (88, height))


def _search(pen: Pen) -> None:
    pen.ring((43, 43), 27)
    pen.line((64, 64), (87, 87))


def _check(pen: Pen) -> None:
    pen.ring((50, 50), 38)
    pen.line((32, 52), (45, 65), (69, 38))


def _bars(pen: Pen) -> None:
    pen.line((12, 88), (88, 88))
    for place, height in ((26, 60), (50, 38), (74, 16)):
        pen.line((place, 74), (place, height))


def _question(pen: Pen) -> None:
    pen.ring((50, 50), 38)
    pen.arc((50, 41), 12, 180, 450)
    pen.line((50, 54), (50, 60))
    pen.dot((50, 73), 5)


def _headset(pen: Pen) -> None:
    pen.arc((50, 50), 34, 180, 360)
    pen.box((10, 50), (28, 78))
    pen.box((72, 50), (90, 78))
    pen.line((82, 78), (78, 90), (58, 91))


def _grid(pen: Pen) -> None:
    for left in (14, 56):
        for top in (14, 56):
            pen.box((left, top), (left + 30, top + 30))


def _clock(pen: Pen) -> None:
    pen.ring((50, 50), 38)
    pen.line((50, 28), (50, 52), (66, 62))


def _screen(pen: Pen) -> None:
    pen.box((10, 16), (90, 70))
    pen.line((50, 70), (50, 86))
    pen.line((32, 88), (68, 88))


def _key(pen: Pen) -> None:
    pen.ring((30, 62), 19)
    pen.line((44, 48), (84, 12))
    pen.line((66, 29), (80, 43))


def _paper(pen: Pen) -> None:
    pen.box((20, 10), (80, 90))
    for height in (32, 50):
        pen.line((36, height), (64, height))
    pen.line((36, 68), (50, 68))


def _calendar(pen: Pen) -> None:
    pen.box((12, 20), (88, 88))
    pen.line((12, 42), (88, 42))
    pen.line((32, 10), (32, 26))
    pen.line((68, 10), (68, 26))
    pen.line((38, 66), (62, 66))
    pen.line((50, 54), (50, 78))


def _mail(pen: Pen) -> None:
    pen.box((10, 22), (90, 80))
    pen.line((14, 28), (50, 56), (86, 28))


def _gear(pen: Pen) -> None:
    pen.ring((50, 50), 15)
    pen.ring((50, 50), 29)
    for eighth in range(8):
        angle = eighth * pi / 4
        inner, outer = ((50 + far * cos(angle), 50 + far * sin(angle)) for far in (31, 42))
        pen.line(inner, outer)


def _link(pen: Pen) -> None:
    pen.box((6, 34), (56, 66), 16)
    pen.box((44, 34), (94, 66), 16)


def _person(pen: Pen) -> None:
    pen.ring((42, 30), 17)
    pen.arc((42, 90), 34, 180, 360)
    pen.line((72, 52), (94, 52))
    pen.line((83, 41), (83, 63))


def _lock(pen: Pen) -> None:
    pen.box((18, 44), (82, 90))
    pen.arc((50, 44), 22, 180, 360)
    pen.line((50, 62), (50, 72))


def _chat(pen: Pen) -> None:
    pen.closed((12, 18), (88, 18), (88, 68), (48, 68), (30, 86), (30, 68), (12, 68))
    for place in (34, 50, 66):
        pen.dot((place, 43), 4.5)


class Icon(Enum):
    """Every sign there is, by the function that draws it."""

    LIST = (_list,)
    SEARCH = (_search,)
    CHECK = (_check,)
    BARS = (_bars,)
    QUESTION = (_question,)
    HEADSET = (_headset,)
    GRID = (_grid,)
    CLOCK = (_clock,)
    SCREEN = (_screen,)
    KEY = (_key,)
    PAPER = (_paper,)
    CALENDAR = (_calendar,)
    MAIL = (_mail,)
    GEAR = (_gear,)
    LINK = (_link,)
    PERSON = (_person,)
    LOCK = (_lock,)
    CHAT = (_chat,)

    def drawn(self, pen: Pen) -> None:
        """Draw the sign."""
        strokes: Sequence[Callable[[Pen], None]] = self.value
        for stroke in strokes:
            stroke(pen)

    def __repr__(self) -> str:
        return self.name
