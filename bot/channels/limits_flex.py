"""What LINE takes as the contents of a Flex message: bubbles, carousels and the components in them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.channels.json_types import Json, JsonValue, as_list, as_object
from bot.channels.limits_actions import Place, action_problems
from bot.channels.limits_fields import (
    LimitProblem,
    Problems,
    choice_problems,
    count_problems,
    items_of,
    size_problem,
    url_problems,
)

BUBBLE_BYTES = 30 * 1024
CAROUSEL_BYTES = 50 * 1024
CAROUSEL_BUBBLES = 12
BUBBLE_SIZES = ("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
SECTIONS = ("header", "hero", "body", "footer")
HERO = {"box", "image", "video"}
COMPONENTS = {"box", "button", "image", "icon", "text", "span", "separator", "filler", "video"}
IN_BASELINE = {"icon", "text", "filler"}

_SPACES = {"none", "xs", "sm", "md", "lg", "xl", "xxl"}
_TEXT_SIZES = {"xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"}
WORDS: Mapping[str, Mapping[str, set[str]]] = {
    "box": {
        "layout": {"horizontal", "vertical", "baseline"},
        "justifyContent": {
            "flex-start",
            "center",
            "flex-end",
            "space-between",
            "space-around",
            "space-evenly",
        },
        "alignItems": {"flex-start", "center", "flex-end"},
        "position": {"relative", "absolute"},
    },
    "button": {
        "style": {"primary", "secondary", "link"},
        "height": {"sm", "md"},
        "gravity": {"top", "center", "bottom"},
        "adjustMode": {"shrink-to-fit"},
    },
    "text": {
        "align": {"start", "center", "end"},
        "gravity": {"top", "center", "bottom"},
        "weight": {"regular", "bold"},
        "style": {"normal", "italic"},
        "decoration": {"none", "underline", "line-through"},
        "adjustMode": {"shrink-to-fit"},
    },
    "span": {
        "weight": {"regular", "bold"},
        "style": {"normal", "italic"},
        "decoration": {"none", "underline", "line-through"},
    },
    "image": {"align": {"start", "center", "end"}, "aspectMode": {"cover", "fit"}},
}
"""Fields that take one of a few words."""
LENGTHS: Mapping[str, set[str]] = {
    "margin": _SPACES,
    "spacing": _SPACES,
    "paddingAll": _SPACES,
    "paddingTop": _SPACES,
    "paddingBottom": _SPACES,
    "paddingStart": _SPACES,
    "paddingEnd": _SPACES,
    "cornerRadius": _SPACES,
    "borderWidth": {"none", "light", "normal", "medium", "semi-bold", "bold"},
}
"""Fields that take a word, pixels or (padding only) a percentage."""
COLOURS = {"color", "backgroundColor", "borderColor"}
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?")
_PIXELS = re.compile(r"\d+(\.\d+)?px")
_PERCENT = re.compile(r"\d+(\.\d+)?%")


def container_problems(value: JsonValue, path: str) -> Problems:
    """Yield every limit that the contents of a Flex message break."""
    container = as_object(value)
    kind = container.get("type") if container is not None else None
    if container is None or kind not in {"bubble", "carousel"}:
        yield LimitProblem(path, "must be a bubble or a carousel")
    elif kind == "bubble":
        yield from _bubble(container, path)
    else:
        yield from _carousel(container, path)


def _carousel(carousel: Json, path: str) -> Problems:
    yield from count_problems(carousel, path, "contents", 1, CAROUSEL_BUBBLES)
    yield from size_problem(carousel, path, CAROUSEL_BYTES)
    sizes = set()
    for item, where in items_of(carousel, path, "contents"):
        bubble = as_object(item)
        if bubble is None or bubble.get("type") != "bubble":
            yield LimitProblem(where, "must be a bubble")
            continue
        sizes.add(bubble.get("size", "mega"))
        yield from _bubble(bubble, where)
    if len(sizes) > 1:
        yield LimitProblem(path, "all bubbles of a carousel must have the same size")


def _bubble(bubble: Json, path: str) -> Problems:
    yield from size_problem(bubble, path, BUBBLE_BYTES)
    yield from choice_problems(bubble, path, "size", BUBBLE_SIZES)
    yield from choice_problems(bubble, path, "direction", ("ltr", "rtl"))
    if not any(section in bubble for section in SECTIONS):
        yield LimitProblem(path, "at least one block must be specified")
    for section in SECTIONS:
        if section in bubble:
            allowed = HERO if section == "hero" else {"box"}
            yield from _component(bubble[section], f"{path}.{section}", allowed)
    if "action" in bubble:
        yield from action_problems(bubble["action"], f"{path}.action", Place.FLEX)


def _component(value: JsonValue, path: str, allowed: set[str]) -> Problems:
    component = as_object(value)
    kind = component.get("type") if component is not None else None
    if component is None or not isinstance(kind, str) or kind not in allowed:
        yield LimitProblem(path, f"must be one of {', '.join(sorted(allowed))}")
        return
    yield from _looks(component, kind, path)
    yield from _own(component, kind, path)
    if kind == "button" or "action" in component:
        place = Place.FLEX_BUTTON if kind == "button" else Place.FLEX
        yield from action_problems(component.get("action"), f"{path}.action", place)


def _looks(component: Json, kind: str, path: str) -> Problems:
    for field, words in WORDS.get(kind, {}).items():
        yield from choice_problems(component, path, field, words)
    for field, value in component.items():
        if field in COLOURS and not (isinstance(value, str) and _COLOUR.fullmatch(value)):
            yield LimitProblem(f"{path}.{field}", "must be a colour as #RRGGBB or #RRGGBBAA")
        if field in LENGTHS and not _is_length(value, LENGTHS[field], percent=field.startswith("padding")):
            yield LimitProblem(f"{path}.{field}", "must be a size word or pixels")
    is_sized = kind in {"text", "span", "icon"} and "size" in component
    if is_sized and not _is_length(component["size"], _TEXT_SIZES, percent=False):
        yield LimitProblem(f"{path}.size", "must be a size word or pixels")


def _is_length(value: JsonValue, words: set[str], *, percent: bool) -> bool:
    if not isinstance(value, str):
        return False
    return value in words or bool(_PIXELS.fullmatch(value)) or (percent and bool(_PERCENT.fullmatch(value)))


def _own(component: Json, kind: str, path: str) -> Problems:
    if kind == "box":
        yield from _box(component, path)
    elif kind == "text":
        yield from _text(component, path)
    elif kind == "span":
        yield from _words(component, path)
    elif kind in {"image", "icon", "video"}:
        yield from url_problems(component, path, "url")
    if kind == "video":
        yield from url_problems(component, path, "previewUrl")
        yield from _component(component.get("altContent"), f"{path}.altContent", {"box", "image"})


def _box(box: Json, path: str) -> Problems:
    if "layout" not in box:
        yield LimitProblem(f"{path}.layout", "must be specified")
    if as_list(box.get("contents")) is None:
        yield LimitProblem(f"{path}.contents", "must be an array")
    allowed = IN_BASELINE if box.get("layout") == "baseline" else COMPONENTS - {"span", "icon", "video"}
    for item, where in items_of(box, path, "contents"):
        yield from _component(item, where, allowed)


def _text(text: Json, path: str) -> Problems:
    if not as_list(text.get("contents")):
        yield from _words(text, path)
    for item, where in items_of(text, path, "contents"):
        yield from _component(item, where, {"span"})


def _words(component: Json, path: str) -> Problems:
    value = component.get("text")
    if not isinstance(value, str) or not value:
        yield LimitProblem(f"{path}.text", "must be non-empty text")
