"""What LINE takes as a rich menu: the object, its picture and its alias, as tables like those of messages.

Asked by whoever sends a menu and by the simulator, like ``limits.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.json_types import Json, JsonValue, as_object
from bot.channels.limits_actions import Place, action_problems
from bot.channels.limits_fields import Count, LimitProblem, Problems, TextLimit, count_problems, items_of, text_problems

WIDTHS = range(800, 2501)
HEIGHT_LEAST = 250
RATIO_LEAST = 1.45
AREAS_MOST = 20
NAME_MOST = 300
BAR_TEXT_MOST = 14
PICTURE_BYTES = 1024 * 1024
ALIAS = re.compile(r"[a-z0-9_-]{1,32}")
SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""The kinds of pictures, and how their files begin."""
_TEXTS = (TextLimit("name", NAME_MOST, Count.GRAPHEMES), TextLimit("chatBarText", BAR_TEXT_MOST, Count.GRAPHEMES))


def menu_problems(menu: Json) -> list[LimitProblem]:
    """Return every limit that a rich menu object breaks."""
    return list(_menu(menu))


def picture_size(picture: bytes) -> tuple[int, int] | None:
    """Return the width and height that a PNG says it has; None: it is none."""
    begins = SIGNATURES["image/png"] + b"\x00\x00\x00\x0dIHDR"
    if not picture.startswith(begins) or len(picture) < len(begins) + 8:
        return None
    sides = (picture[len(begins) + each : len(begins) + each + 4] for each in (0, 4))
    width, height = (int.from_bytes(each, "big") for each in sides)
    return width, height


def _menu(menu: Json) -> Problems:
    size = _sides(menu.get("size"), ("width", "height"))
    if size is None or not _is_size(*size):
        yield LimitProblem("size", "must be 800-2500 wide, at least 250 high, at least 1.45 times as wide as high")
    yield from text_problems(menu, "richmenu", _TEXTS)
    if not isinstance(menu.get("selected"), bool):
        yield LimitProblem("selected", "must be specified")
    yield from count_problems(menu, "richmenu", "areas", 0, AREAS_MOST)
    for item, where in items_of(menu, "richmenu", "areas"):
        yield from _area(item, where, size)


def _area(value: JsonValue, path: str, size: Sequence[int] | None) -> Problems:
    area = as_object(value)
    bounds = _sides(area.get("bounds") if area else None, ("x", "y", "width", "height"))
    if area is None or bounds is None:
        yield LimitProblem(f"{path}.bounds", "must have x, y, width and height")
        return
    if size and not _lies_in(bounds, size):
        yield LimitProblem(f"{path}.bounds", "must lie in the picture")
    yield from action_problems(area.get("action"), f"{path}.action", Place.RICH_MENU)


def _lies_in(bounds: Sequence[int], size: Sequence[int]) -> bool:
    left, top, width, height = bounds
    return min(left, top) >= 0 and min(width, height) >= 1 and left + width <= size[0] and top + height <= size[1]


def _sides(value: JsonValue, names: Sequence[str]) -> tuple[int, ...] | None:
    """Return whole numbers by name from an object; None where one is missing or none."""
    owner = as_object(value) or {}
    found = [owner.get(name) for name in names]
    whole = tuple(each for each in found if isinstance(each, int) and not isinstance(each, bool))
    return whole if len(whole) == len(names) else None


def _is_size(width: int, height: int) -> bool:
    return width in WIDTHS and height >= HEIGHT_LEAST and width / height >= RATIO_LEAST
